package address

import "testing"

// roads is a county whose streets run through several communities, with streets, compounds, villages and shopfronts that have the same name in two towns.
func roads(t testing.TB) *Gazetteer {
	t.Helper()
	in := Input{
		Divisions: []DivisionEntry{{Code: "37", Name: "山东省"}, {Code: "3799", Name: "泗滨市"}, {Code: "379984", Name: "云泗市"},
			{Code: "379984001", Name: "望云街道"}, {Code: "379984001001", Name: "东岭社区"}, {Code: "379984001002", Name: "三里桥社区"}, {Code: "379984001201", Name: "石坡村"},
			{Code: "379984101", Name: "柳泉镇"}, {Code: "379984101201", Name: "大柳村"}, {Code: "379984101202", Name: "柳泉村"}, {Code: "379984101203", Name: "西柳泉村"}, {Code: "379984101204", Name: "镇后村"}},
		Streets: []StreetEntry{{ID: 1, Name: "建设路", Division: "379984001"}, {ID: 2, Name: "建设路", Division: "379984101"}, {ID: 3, Name: "沿街门店", Division: "379984101"},
			{ID: 4, Name: "茶坊街", Division: "379984001"}, {ID: 5, Name: "北环路", Division: "379984001"}, {ID: 6, Name: "北环路", Division: "379984101"}, {ID: 7, Name: "古塔街十六", Division: "379984001"}},
		Compounds: []CompoundEntry{{ID: 11, Name: "海棠小区", Community: "379984001002", Street: 7, Number: "265号"}, {ID: 12, Name: "后柳村", Community: "379984101201"},
			{ID: 13, Name: "泰和小区", Community: "379984001001", Street: 5, Number: "14号"}, {ID: 14, Name: "泰和小区", Community: "379984101202", Street: 6, Number: "146号"}, {ID: 15, Name: "泰和小区", Community: "379984001201", Street: 5}},
	}
	id := int64(100)
	build := func(b BuildingEntry, entrance string, rooms ...string) {
		id++
		b.ID = id
		in.Buildings = append(in.Buildings, b)
		way := int64(0)
		if entrance != "" {
			id++
			way = id
			in.Entrances = append(in.Entrances, EntranceEntry{ID: way, Building: b.ID, Name: entrance})
		}
		for _, room := range rooms {
			id++
			in.Houses = append(in.Houses, HouseEntry{ID: id, Building: b.ID, Entrance: way, Room: room})
		}
	}
	for _, c := range []int64{11, 13, 14, 15} {
		build(BuildingEntry{Compound: c, Name: "3号楼"}, "1单元", "101", "601")
		build(BuildingEntry{Compound: c, Name: "9号楼"}, "1单元", "101", "601")
	}
	build(BuildingEntry{Compound: 12, Name: "47号"}, "", "")
	build(BuildingEntry{Street: 1, Number: "61号", Community: "379984001001"}, "", "")
	build(BuildingEntry{Street: 1, Number: "370-5号", Community: "379984001002"}, "", "103")
	build(BuildingEntry{Street: 2, Number: "61号", Community: "379984101201"}, "", "")
	build(BuildingEntry{Street: 4, Number: "1-1号", Community: "379984001001"}, "", "")
	build(BuildingEntry{Street: 4, Number: "86号", Name: "金鼎商厦", Community: "379984001001"}, "", "105", "106")
	build(BuildingEntry{Street: 4, Number: "90号", Community: "379984001001"}, "", "102")
	build(BuildingEntry{Street: 4, Number: "90号", Name: "银河商厦", Community: "379984001001"}, "", "102")
	for _, village := range []string{"379984101201", "379984101202", "379984101203"} {
		build(BuildingEntry{Street: 3, Number: "3号", Community: village}, "", "101", "102")
	}
	for _, village := range []string{"379984001201", "379984101201", "379984101202", "379984101203", "379984101204"} {
		build(BuildingEntry{Community: village, Number: "22号"}, "", "")
		build(BuildingEntry{Community: village, Number: "59号"}, "", "101", "102")
	}
	g, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A caller that ties without asking gets the house, or nothing.
func TestWhatStandsAroundAName(t *testing.T) {
	g := roads(t)
	for _, c := range []struct{ text, house string }{
		// a street's house is in the community named, and among streets of one name that tells which
		{"山东省泗滨市云泗市望云街道三里桥社区建设路370-5号103", "望云街道三里桥社区建设路370-5号103室"},
		{"云泗市柳泉镇大柳村建设路61号", "柳泉镇大柳村建设路61号"},
		{"大柳村建设路61#", "柳泉镇大柳村建设路61号"},
		{"云泗望云东岭建设路61号", "望云街道东岭社区建设路61号"},
		{"柳泉镇大柳村村民委员会建设路61号", "柳泉镇大柳村建设路61号"},
		{"望云街道东岭社区居民委员会建设路61号", "望云街道东岭社区建设路61号"},
		{"建设路61号", ""},
		{"望云街道三里桥社区建设路61号", ""}, // it is in the other one
		{"建设路61号（柳泉镇）", "柳泉镇大柳村建设路61号"},
		{"建设路370-5号103（三里桥社区）", "望云街道三里桥社区建设路370-5号103室"},
		{"望云街道建设路61号（三里桥社区）", ""},
		// what is counted within a village by the same name as in others
		{"柳泉镇西柳泉村沿街门店3号102", "柳泉镇西柳泉村沿街门店3号102室"},
		{"柳泉村沿街门店3#-102", "柳泉镇柳泉村沿街门店3号102室"},
		{"柳泉镇沿街门店3号102", ""},
		// natural villages
		{"柳泉镇大柳自然村22号", "柳泉镇大柳村22号"},
		{"望云街道东岭自然村22号", ""},
		{"柳泉镇后柳自然村47号", "柳泉镇大柳村后柳村47号"},
		{"柳泉镇后柳村自然村47号", "柳泉镇大柳村后柳村47号"},
		// a village's houses are counted by 号院 and 户 as well, a street's by 1-1
		{"石坡村22号院", "望云街道石坡村22号"},
		{"石坡村22户", "望云街道石坡村22号"},
		{"石坡村59户102室", "望云街道石坡村59号102室"},
		{"石坡村59号院102", "望云街道石坡村59号102室"},
		{"后柳村47户", "柳泉镇大柳村后柳村47号"},
		{"茶坊街1-1", "望云街道东岭社区茶坊街1-1号"},
		// brackets
		{"望云街道海棠小区(古塔街十六265号)9号楼1单元601室", "望云街道三里桥社区古塔街十六265号海棠小区9号楼1单元601室"},
		{"海棠小区【三里桥社区】9号楼1单元601室", "望云街道三里桥社区古塔街十六265号海棠小区9号楼1单元601室"},
		{"海棠小区（东岭社区）9号楼1单元601室", ""}, // it is in the other one
		{"海棠小区（新）9号楼1单元601室", ""},
		{"石坡村22号 （房东）", "望云街道石坡村22号"},
		{"大柳村建设路61号（房屋）", "柳泉镇大柳村建设路61号"},
		{"大柳村建设路61号房东", "柳泉镇大柳村建设路61号"},
		{"石坡村22号（租给别人）", "望云街道石坡村22号"},
		// what is said in front
		{"暂住石坡村22号", "望云街道石坡村22号"},
		{"现租住在石坡村22号", "望云街道石坡村22号"},
		// named buildings, with and without the street's number
		{"茶坊街86号金鼎商厦106号", "望云街道东岭社区茶坊街86号金鼎商厦106室"},
		{"望云街道金鼎商厦106", "望云街道东岭社区茶坊街86号金鼎商厦106室"},
		{"金鼎商厦106#", "望云街道东岭社区茶坊街86号金鼎商厦106室"},
		{"茶坊街86号106", "望云街道东岭社区茶坊街86号金鼎商厦106室"},
		{"茶坊街90号102", "望云街道东岭社区茶坊街90号102室"}, // the other would have been named
		{"茶坊街90号银河商厦102", "望云街道东岭社区茶坊街90号银河商厦102室"},
		// street, number and name tell only together
		{"云泗市北环路146号泰和小区3幢1单元101室", "柳泉镇柳泉村北环路146号泰和小区3号楼1单元101室"},
		{"云泗市北环路14号泰和小区3幢1单元101室", "望云街道东岭社区北环路14号泰和小区3号楼1单元101室"},
		{"泰和小区3幢1单元101室", ""},
		{"古塔街十六300号海棠小区9号楼1单元601室", ""}, // perhaps another, that isn't known
		{"望云街道古塔街十六300号海棠小区9号楼1单元601室", "望云街道三里桥社区古塔街十六265号海棠小区9号楼1单元601室"},
		// numbers in English, and in a list
		{"Rm 102, No.59 石坡村, 望云街道, 云泗市", "望云街道石坡村59号102室"},
		{"No.59 石坡村 102", "望云街道石坡村59号102室"},
		{"Rm 106, 金鼎商厦, No.86 茶坊街, 望云街道", "望云街道东岭社区茶坊街86号金鼎商厦106室"},
		{"Rm 103, No.370-5 建设路, 三里桥社区, 望云街道", "望云街道三里桥社区建设路370-5号103室"},
		{"Rm 101, Unit 1, Bldg 3, 泰和小区, No.146 北环路, 云泗市", "柳泉镇柳泉村北环路146号泰和小区3号楼1单元101室"},
		{"Rm 101, Unit 1, Bldg 3, 泰和小区, 云泗市", ""},
		{"3. 石坡村 59号102室", "望云街道石坡村59号102室"},
		{"7、三里桥社区海棠小区9号楼1单元601", "望云街道三里桥社区古塔街十六265号海棠小区9号楼1单元601室"},
		{"三、望云街道石坡村22号", "望云街道石坡村22号"},
		{"3、22号，石坡村", ""},
		{"望云 海棠小区 9号楼 1单元 6楼 601，从古塔街十六265号门进", "望云街道三里桥社区古塔街十六265号海棠小区9号楼1单元601室"},
		{"望云 金鼎商厦 1楼 106，从茶坊街86号门进", "望云街道东岭社区茶坊街86号金鼎商厦106室"},
		{"泰和小区3幢1单元101室，从文昌路5号门进", ""}, // in which
		{"望云街道石坡村22号，柳泉镇大柳村对面", "望云街道石坡村22号"},
		// a short name whose end the next one could take
		{"云泗柳泉镇后村22号", "柳泉镇镇后村22号"},
		// nothing in front of a name is dropped as if it were understood
		{"柳泉镇柳泉村22号", "柳泉镇柳泉村22号"},
		{"柳泉镇内柳泉村22号", ""},
		{"柳泉镇西柳泉村22号", "柳泉镇西柳泉村22号"},
		{"柳泉镇孙柳泉村22号", ""},
		{"柳泉镇，孙，柳泉村22号", ""},
		{"柳泉镇3柳泉村22号", ""},
		{"柳泉镇中国柳泉村22号", ""},
	} {
		a := g.Match(c.text, Options{})
		got := ""
		if a.Whole && a.Best.House != 0 && a.Best.Sure >= .9 {
			got = a.Best.Label
		}
		if got != c.house {
			t.Errorf("%s: %q, want %q; it is %s %s sure %.2f whole %t, others %q", c.text, got, c.house, a.Best.Level, a.Best.Label, a.Best.Sure, a.Whole, labels(a.Others))
		}
	}
}
