package address

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// small is a gazetteer with the names that the tests speak of.
func small(t testing.TB) *Gazetteer {
	t.Helper()
	in := Input{
		Divisions: []DivisionEntry{{Code: "379983", Name: "泗滨市"}, {Code: "379983001", Name: "钟山街道"}, {Code: "379983002", Name: "清泗镇"},
			{Code: "379983001001", Name: "文昌社区"}, {Code: "379983001002", Name: "北关社区居委会"}, {Code: "379983002201", Name: "大李村村民委员会"}, {Code: "379983002202", Name: "小李村"}, {Code: "379983002203", Name: "前孟庄村"}},
		Streets: []StreetEntry{{ID: 1, Name: "重庆路", Division: "379983001"}, {ID: 2, Name: "文昌路", Division: "379983"}, {ID: 3, Name: "前街", Division: "379983002201"}, {ID: 4, Name: "朝阳街", Division: "379983001"}},
		Compounds: []CompoundEntry{{ID: 11, Name: "长乐小区", Community: "379983001001", Street: 1, Number: "12号"}, {ID: 12, Name: "明珠小区", Community: "379983001001", Street: 2, Number: "8号"},
			{ID: 13, Name: "明珠花园", Community: "379983001002", Street: 2, Number: "88弄"}, {ID: 14, Name: "幸福小区", Community: "379983001001"}, {ID: 15, Name: "幸福小区", Community: "379983001002"},
			{ID: 16, Name: "重庆路长乐", Community: "379983001002"}, {ID: 17, Name: "东方红一区", Community: "379983001002"}, {ID: 18, Name: "东方红二区", Community: "379983001002"},
			{ID: 19, Name: "锦园小区", Community: "379983001002"}, {ID: 20, Name: "锦园小区二", Community: "379983001002"},
			{ID: 21, Name: "荷小区", Community: "379983001002"}, {ID: 22, Name: "万和尚新村", Community: "379983001002"}, {ID: 23, Name: "万和新新村", Community: "379983001002"}},
	}
	var id int64 = 100
	for _, c := range in.Compounds {
		for _, b := range []string{"1号楼", "2号楼", "3号楼", "12号楼", "甲5号楼"} {
			id++
			bld := id
			in.Buildings = append(in.Buildings, BuildingEntry{ID: bld, Compound: c.ID, Name: b})
			for _, e := range []string{"1单元", "2单元"} {
				id++
				door := id
				in.Entrances = append(in.Entrances, EntranceEntry{ID: door, Building: bld, Name: e})
				for _, room := range []string{"101", "102", "501", "502", "1201"} {
					id++
					in.Houses = append(in.Houses, HouseEntry{ID: id, Building: bld, Entrance: door, Room: room})
				}
			}
		}
	}
	for i, n := range []string{"45号", "45号附1", "46号"} {
		in.Buildings = append(in.Buildings, BuildingEntry{ID: int64(9001 + i), Community: "379983002201", Number: n})
		in.Houses = append(in.Houses, HouseEntry{ID: int64(9101 + i), Building: int64(9001 + i)})
	}
	in.Buildings = append(in.Buildings, BuildingEntry{ID: 9020, Community: "379983002203", Number: "45号"}, BuildingEntry{ID: 9021, Compound: 12, Name: "7号楼"})
	in.Entrances = append(in.Entrances, EntranceEntry{ID: 9030, Building: 9021, Name: "1单元"})
	in.Houses = append(in.Houses, HouseEntry{ID: 9120, Building: 9020}, HouseEntry{ID: 9121, Building: 9021, Entrance: 9030, Room: "501"})
	in.Buildings = append(in.Buildings, BuildingEntry{ID: 9010, Street: 3, Number: "7号", Community: "379983002201"}, BuildingEntry{ID: 9011, Compound: 12, Name: "综合楼"},
		BuildingEntry{ID: 9012, Street: 2, Number: "66号", Community: "379983001001"})
	in.Houses = append(in.Houses, HouseEntry{ID: 9110, Building: 9010}, HouseEntry{ID: 9111, Building: 9011, Room: "201"}, HouseEntry{ID: 9112, Building: 9012, Room: "301"})
	g, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func labels(list []Candidate) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.Label
	}
	return out
}

func TestSuggest(t *testing.T) {
	g := small(t)
	for _, c := range []struct{ typed, view, first string }{
		{"明珠小", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"mingzhuxiao", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"mzxq", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"明zhuxq", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"minzuxq", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"珠花", "", "钟山街道北关社区文昌路88弄明珠花园"},
		{"zhuhuay", "", "钟山街道北关社区文昌路88弄明珠花园"},
		{"明猪小区", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"名珠小", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"明明珠小区", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"cqlcl", "", "钟山街道北关社区重庆路长乐"},
		{"chqlchl", "", "钟山街道北关社区重庆路长乐"},
		{"zqlzl", "", "钟山街道北关社区重庆路长乐"},
		{"wclmzxq", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"文昌路明珠", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"文昌明珠小", "", "钟山街道文昌社区文昌路8号明珠小区"},
		{"钟山街道明珠花", "", "钟山街道北关社区文昌路88弄明珠花园"},
		{"幸福", "379983001002", "钟山街道北关社区幸福小区"},
		{"幸福", "379983001001", "钟山街道文昌社区幸福小区"},
		{"dfhyq", "", "钟山街道北关社区东方红一区"},
		{"东方红2", "", "钟山街道北关社区东方红二区"},
		{"明珠小区3", "", "钟山街道文昌社区文昌路8号明珠小区3号楼"},
		{"明珠小区3-2-50", "", "钟山街道文昌社区文昌路8号明珠小区3号楼2单元501室"},
		{"mzxq3-2-502", "", "钟山街道文昌社区文昌路8号明珠小区3号楼2单元502室"},
		{"明珠小区12号楼1单", "", "钟山街道文昌社区文昌路8号明珠小区12号楼1单元"},
		{"大李村4", "", "清泗镇大李村45号"},
		{"dlc46", "", "清泗镇大李村46号"},
		{"文昌路66", "", "钟山街道文昌社区文昌路66号"},
		{"综合楼", "", "钟山街道文昌社区文昌路8号明珠小区综合楼"},
	} {
		got := labels(g.Suggest(c.typed, Options{View: c.view}))
		if len(got) == 0 || got[0] != c.first {
			t.Errorf("%s: %q, want %s first", c.typed, got, c.first)
		}
	}
	if got := g.Suggest("明珠小区3-", Options{}); len(got) < 3 || got[0].Level != Building || got[1].Level != Entrance {
		t.Errorf("明珠小区3-: %q, want the building and its entrances", labels(got))
	}
	for _, typed := range []string{"cqlclxq", "zqlzlxq", "zqlclxq", "重庆路长乐小"} { // the compound on the street, and the one with the street in its name
		if got := labels(g.Suggest(typed, Options{})); !slices.Contains(got, "钟山街道文昌社区重庆路12号长乐小区") || !slices.Contains(got, "钟山街道北关社区重庆路长乐") {
			t.Errorf("%s: %q, want both", typed, got)
		}
	}
	if got := g.Suggest("东方红三区", Options{}); slices.ContainsFunc(got, func(c Candidate) bool {
		return strings.Contains(c.Label, "东方红")
	}) {
		t.Errorf("东方红三区: %q, a number was forgiven", labels(got))
	}
	for _, nothing := range []string{"", " ", "xyz", "饕餮", "-", "３", "\xff\xfe"} {
		if got := g.Suggest(nothing, Options{}); len(got) != 0 {
			t.Errorf("%q: %q, want nothing", nothing, labels(got))
		}
	}
}

// A name with one character wrong, missing or doubled brings its compound among the first five.
func TestOneWrongCharacterIsForgiven(t *testing.T) {
	w := invent(3, 60000, 9000)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(4, 6))
	var common []rune
	for _, list := range [][]string{firstWords, streetWords, surnames} {
		common = append(common, []rune(strings.Join(list, ""))...)
	}
	kinds := []string{"wrong", "missing", "doubled"}
	var good, all [3]int
	for range 3000 {
		c := w.in.Compounds[r.IntN(len(w.in.Compounds))]
		name := []rune(c.Name)
		i, kind := r.IntN(len(name)), r.IntN(3)
		switch kind {
		case 0:
			for was := name[i]; name[i] == was; {
				name[i] = common[r.IntN(len(common))]
			}
		case 1:
			name = slices.Delete(name, i, i+1)
		case 2:
			name = slices.Insert(name, i, name[i])
		}
		all[kind]++
		if slices.ContainsFunc(g.Suggest(string(name), Options{Most: 5}), func(s Candidate) bool { return s.Compound == c.ID && s.Level == Compound }) {
			good[kind]++
		} else if all[kind]-good[kind] < 6 {
			t.Logf("%s for %s: %q", string(name), c.Name, labels(g.Suggest(string(name), Options{Most: 5})))
		}
	}
	t.Logf("%d compounds", len(w.in.Compounds))
	for k := range kinds {
		t.Logf("one character %s: %d of %d among the first five", kinds[k], good[k], all[k])
		if float64(good[k]) < .95*float64(all[k]) {
			t.Errorf("one character %s: %d of %d among the first five, want 95 %%", kinds[k], good[k], all[k])
		}
	}
}
