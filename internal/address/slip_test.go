package address

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// villages is a gazetteer of one town with these villages, each with a house 1号, and these compounds with buildings 1 to 3 in a community.
func villages(t *testing.T, names []string, compounds ...string) *Gazetteer {
	t.Helper()
	in := Input{Divisions: []DivisionEntry{{Code: "379983", Name: "泗滨市"}, {Code: "379983001", Name: "清泗镇"}, {Code: "379983002", Name: "钟山街道"}, {Code: "379983002001", Name: "文昌社区"}}}
	for i, name := range names {
		code := "3799830012" + string(rune('0'+i/10)) + string(rune('0'+i%10))
		in.Divisions = append(in.Divisions, DivisionEntry{Code: code, Name: name})
		in.Buildings = append(in.Buildings, BuildingEntry{ID: int64(i + 1), Community: code, Number: "1号"})
		in.Houses = append(in.Houses, HouseEntry{ID: int64(i + 1), Building: int64(i + 1)})
	}
	for i, name := range compounds {
		c := int64(i + 1)
		in.Compounds = append(in.Compounds, CompoundEntry{ID: c, Name: name, Community: "379983002001"})
		for k, b := range []string{"1号楼", "2号楼", "3号楼"} {
			id := 1000 + 10*c + int64(k)
			in.Buildings = append(in.Buildings, BuildingEntry{ID: id, Compound: c, Name: b})
			for e, way := range []string{"1单元", "2单元", "3单元"} {
				door := 10*id + int64(e)
				in.Entrances = append(in.Entrances, EntranceEntry{ID: door, Building: id, Name: way})
				in.Houses = append(in.Houses, HouseEntry{ID: door, Building: id, Entrance: door, Room: "101"})
			}
		}
	}
	g, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// begins fails where what is suggested doesn't begin so.
func begins(t *testing.T, g *Gazetteer, typed string, o Options, first ...string) {
	t.Helper()
	got := labels(g.Suggest(typed, o))
	if len(got) < len(first) || !slices.Equal(got[:len(first)], first) {
		t.Errorf("%s: %q, want %q first", typed, got, first)
	}
}

// A slip is forgiven behind the town, the community, the street and its number; and in front of the numbers of a house.
func TestASlipIsForgivenInAnAddress(t *testing.T) {
	g := small(t)
	for typed, first := range map[string]string{
		"钟山街道明猪小区":                "钟山街道文昌社区文昌路8号明珠小区",
		"泗滨市钟山街道文昌社区明小区":          "钟山街道文昌社区文昌路8号明珠小区",
		"文昌路8号明明珠小区":              "钟山街道文昌社区文昌路8号明珠小区",
		"钟山街道北关社区明猪花园":            "钟山街道北关社区文昌路88弄明珠花园",
		"明猪小区3":                   "钟山街道文昌社区文昌路8号明珠小区3号楼",
		"明猪小区3号楼2单":               "钟山街道文昌社区文昌路8号明珠小区3号楼2单元",
		"钟山街道文昌路8号明猪小区3-2-502":    "钟山街道文昌社区文昌路8号明珠小区3号楼2单元502室",
		"钟山街道文昌社区明珠珠小区12号楼1单元101": "钟山街道文昌社区文昌路8号明珠小区12号楼1单元101室",
		"清泗镇大理村":                  "清泗镇大李村",
		"大理村45号":                  "清泗镇大李村45号",
		"清泗镇大理村46":                "清泗镇大李村46号",
		"清泗镇前庄村45号":               "清泗镇前孟庄村45号",
		"钟山街道mpxq":                "钟山街道文昌社区文昌路8号明珠小区",
	} {
		begins(t, g, typed, Options{}, first)
	}
	for _, typed := range []string{"明珠小区99号楼", "钟山街道明珠小区99号楼", "明猪小区99号楼", "钟山街道明猪小区99号楼"} { // a building that isn't there: the compound at least
		begins(t, g, typed, Options{}, "钟山街道文昌社区文昌路8号明珠小区")
	}
	if got := g.Suggest("清泗镇明猪小区", Options{Within: "379983002"}); len(got) != 0 {
		t.Errorf("%q, outside the division asked for", labels(got))
	}
}

// Most names with a slip bring their place among the first five behind their town, and its house in an address.
func TestSlipsInAddressesOfACounty(t *testing.T) {
	w := invent(3, 60000, 9000)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	good, all := 0, 0
	for range 1500 {
		h := w.homes[r.IntN(len(w.homes))]
		name := []rune(h.compound)
		numbers := h.section + h.building + "号楼" + h.entrance + "单元" + h.room
		if h.village {
			name, numbers = []rune(h.community), h.number+"号"
		}
		switch i := r.IntN(len(name) - 1); r.IntN(3) {
		case 0:
			name[i] = '龘'
		case 1:
			name = slices.Delete(name, i, i+1)
		case 2:
			name = slices.Insert(name, i, name[i])
		}
		if _, exists := g.names.exact[string(name)]; exists {
			continue
		}
		all++
		if slices.ContainsFunc(g.Suggest(h.town+string(name)+numbers, Options{Most: 5}), func(c Candidate) bool { return c.House == h.id }) {
			good++
		} else if all-good < 6 {
			t.Logf("%s: %q", h.town+string(name)+numbers, labels(g.Suggest(h.town+string(name)+numbers, Options{Most: 5})))
		}
	}
	if float64(good) < .97*float64(all) {
		t.Errorf("%d of %d houses among the first five, want 97 %%", good, all)
	}
}

// A numeral at the end belongs to the name first, and one compound's buildings don't fill the list.
func TestANumeralAtTheEndOfANameWithASlip(t *testing.T) {
	g := villages(t, nil, "锦园小区", "锦园小区二", "锦元小区", "泰和家园", "泰和嘉园二", "泰和嘉园三", "东方红一区")
	for typed, first := range map[string][]string{
		"锦员小区二":     {"钟山街道文昌社区锦园小区二", "钟山街道文昌社区锦园小区2号楼", "钟山街道文昌社区锦元小区2号楼"},
		"锦园小区二":     {"钟山街道文昌社区锦园小区二"},
		"锦小区二":      {"钟山街道文昌社区锦园小区二"},
		"锦园小区二二":    {"钟山街道文昌社区锦园小区二"},
		"锦员小区二3号楼":  {"钟山街道文昌社区锦园小区二3号楼"},
		"泰和家园二":     {"钟山街道文昌社区泰和家园2号楼", "钟山街道文昌社区泰和嘉园二"},
		"钟山街道泰和家园三": {"钟山街道文昌社区泰和家园3号楼", "钟山街道文昌社区泰和嘉园三"},
		"东方红的区":     {"钟山街道文昌社区东方红一区"},
		"东方红区":      {"钟山街道文昌社区东方红一区"},
	} {
		begins(t, g, typed, Options{}, first...)
	}
	for _, typed := range []string{"东方红二区", "钟山街道东方红二区", "钟山街道东方红二区1号楼", "泰和嘉园四"} { // another number is another place
		for _, c := range g.Suggest(typed, Options{}) {
			if c.Level == Compound && c.Compound >= 5 || c.Compound == 7 {
				t.Errorf("%s: %s, a number was forgiven", typed, c.Label)
			}
		}
	}
}

// What sounds like a numeral is a character like any other.
func TestANumeralTypedForACharacter(t *testing.T) {
	g := villages(t, []string{"大王村", "大李村", "白石铺村", "十里铺村", "大石二村"}, "凤栖湾", "石榴园")
	for typed, first := range map[string]string{
		"白十铺村": "清泗镇白石铺村", "清泗镇白十铺村1号": "清泗镇白石铺村1号", "十栖湾": "钟山街道文昌社区凤栖湾", "十榴园": "钟山街道文昌社区石榴园", "石里铺村": "清泗镇十里铺村", "大十二村": "清泗镇大石二村",
		"大石二二村": "清泗镇大石二村", "大石村": "清泗镇大石二村",
	} {
		begins(t, g, typed, Options{}, first)
	}
}

// What only one name in many can be meant by comes first: a doubled character, the same sound, then one missing, then any other; among equals
// what is in view.
func TestTheOrderOfSlips(t *testing.T) {
	g := villages(t, []string{"王庄村", "李庄村", "赵庄村", "孙庄村", "周庄村", "吴庄村", "郑庄村", "杨庄村", "阳家庄村", "孔家岭村"})
	begins(t, g, "洋庄村", Options{}, "清泗镇杨庄村")
	begins(t, g, "阳庄村", Options{}, "清泗镇杨庄村", "清泗镇阳家庄村")
	begins(t, g, "赵赵庄村", Options{}, "清泗镇赵庄村")
	begins(t, g, "庄郑村", Options{}, "清泗镇郑庄村")
	begins(t, g, "龘庄村", Options{View: "379983001203"}, "清泗镇孙庄村")
	begins(t, g, "龘庄村", Options{View: "379983001206"}, "清泗镇郑庄村")
}
