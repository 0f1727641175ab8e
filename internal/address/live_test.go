package address

import (
	"sync"
	"testing"
)

// Who asks while another gazetteer is put in its place gets one picture or the other: both ids of an answer are of the same.
func TestLiveIsReplacedAtOnce(t *testing.T) {
	build := func(base int64) *Gazetteer {
		g, err := New(Input{Divisions: []DivisionEntry{{Code: "379983001001", Name: "文昌社区"}}, Compounds: []CompoundEntry{{ID: base, Name: "明珠小区", Community: "379983001001"}},
			Buildings: []BuildingEntry{{ID: base + 1, Compound: base, Name: "3号楼"}}, Houses: []HouseEntry{{ID: base + 2, Building: base + 1, Room: "501"}}})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	var live Live
	if live.Now() != nil {
		t.Fatal("there is a gazetteer before one was put in")
	}
	pictures := []*Gazetteer{build(100), build(200)}
	live.Put(pictures[0])
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 500 {
				g := live.Now()
				a := g.Match("明珠小区3-501", Options{}).Best
				s := g.Suggest("mzxq", Options{})
				if a.House != a.Compound+2 || len(s) != 1 || s[0].Compound != a.Compound {
					t.Errorf("%+v and %+v are of two pictures", a, s)
					return
				}
			}
		})
	}
	for i := range 500 {
		live.Put(pictures[i%2])
	}
	wg.Wait()
}

// What refers to something that isn't there is refused by name.
func TestInputIsChecked(t *testing.T) {
	d := []DivisionEntry{{Code: "379983001001", Name: "文昌社区"}}
	for _, c := range []struct {
		in   Input
		want string
	}{
		{Input{Divisions: []DivisionEntry{{Code: "37998", Name: "泗滨市"}}}, `address: division "37998" (泗滨市): a code has 2, 4, 6, 9 or 12 digits`},
		{Input{Streets: []StreetEntry{{ID: 1, Name: "文昌路", Division: "379983"}}}, "address: street 1 (文昌路): division 379983 isn't in the gazetteer"},
		{Input{Divisions: d, Compounds: []CompoundEntry{{ID: 2, Name: "明珠小区", Community: "379983001001", Street: 9}}}, "address: compound 2 (明珠小区): street 9 isn't in the gazetteer"},
		{Input{Divisions: d, Buildings: []BuildingEntry{{ID: 3, Compound: 7, Name: "3号楼"}}}, "address: building 3 (3号楼): compound 7 isn't in the gazetteer"},
		{Input{Entrances: []EntranceEntry{{ID: 4, Building: 8, Name: "1单元"}}}, "address: entrance 4 (1单元): building 8 isn't in the gazetteer"},
		{Input{Divisions: d, Buildings: []BuildingEntry{{ID: 3, Community: "379983001001", Number: "3号"}}, Houses: []HouseEntry{{ID: 5, Building: 3, Entrance: 6, Room: "501"}}},
			"address: house 5 (501): entrance 6 isn't one of building 3"},
	} {
		if _, err := New(c.in); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
