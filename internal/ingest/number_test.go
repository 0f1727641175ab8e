package ingest

import "testing"

func TestParseLevels(t *testing.T) {
	for _, c := range []struct {
		in        string
		levels    float64
		ok, exact bool
	}{
		{"6", 6, true, true}, {" 18 ", 18, true, true}, {"6.5", 6.5, true, true}, {"0", 0, true, true},
		{"6层", 6, true, false}, {"6 层", 6, true, false}, {"６", 6, true, true}, {"地上6层", 6, true, false},
		{"5-6", 5.5, true, false}, {"5~6层", 5.5, true, false}, {"3;4", 3.5, true, false},
		{"-1", 0, true, false}, {"六层", 6, true, false}, {"十二", 12, true, false}, {"二十一层", 21, true, false},
		{"6F", 6, true, false},
		{"", 0, false, false}, {"NaN", 0, false, false}, {"+Inf", 0, false, false}, {"1e9", 0, false, false},
		{"多层", 0, false, false}, {"6-5", 0, false, false}, {"yes", 0, false, false}, {"六七", 0, false, false},
		{"B1", 0, false, false}, {"201", 0, false, false},
	} {
		levels, ok, exact := parseLevels(c.in)
		if levels != c.levels || ok != c.ok || exact != c.exact {
			t.Errorf("parseLevels(%q) = %v, %v, %v; want %v, %v, %v", c.in, levels, ok, exact, c.levels, c.ok, c.exact)
		}
	}
}

func TestParsePeople(t *testing.T) {
	for in, want := range map[string]int{"12": 12, "12人": 12, "12.0": 12, "0": 0, "-1": -1, "": -1, "12.5": 13, "0.4": 0, "1e3": 1000, "-0.2": -1, "1e9": -1, "0x10": -1, "100001": -1, "100.00000000000001": 100,
		"很多": -1, "１２": 12, "9999999999": -1, "NaN": -1} {
		if got, ok, _ := parsePeople(in); got != want || ok != (want >= 0) {
			t.Errorf("parsePeople(%q) = %d, %v; want %d", in, got, ok, want)
		}
	}
}

func FuzzParseLevels(f *testing.F) {
	for _, s := range []string{"6", "5-6", "六层", "-1", "６", "1e3", "十十"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if levels, ok, _ := parseLevels(s); !(levels >= 0 && levels <= maxLevels) || !ok && levels != 0 {
			t.Fatalf("parseLevels(%q) = %v, %v", s, levels, ok)
		}
		if people, ok, _ := parsePeople(s); ok != (people >= 0) || people > maxPeople {
			t.Fatalf("parsePeople(%q) = %v, %v", s, people, ok)
		}
	})
}
