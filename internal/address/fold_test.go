package address

import "testing"

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"明珠小区 ３号楼，２ 单元", "明珠小区3号楼2单元"},
		{"3-2-501", "3-2-501"}, {"3 2 501", "3-2-501"}, {"3/2/501", "3-2-501"}, {"3 — 2 ~ 501", "3-2-501"}, {"3号楼-2单元-501", "3号楼2单元501"},
		{"a座", "A座"}, {"三號樓", "3号楼"}, {"⼩区", "小区"}, {"②号楼", "2号楼"}, {"Ⅱ期", "2期"}, {"№12", "#12"},
		{"十", "10"}, {"十二", "12"}, {"二十", "20"}, {"二十一", "21"}, {"一百零三", "103"}, {"一百一十", "110"}, {"一百一", "110"}, {"一百二十五", "125"}, {"二百", "200"}, {"一千二百零一", "1201"}, {"一千零一", "1001"},
		{"五〇一", "501"}, {"五零一", "501"}, {"五○一", "501"}, {"伍零壹", "501"}, {"一二〇三", "1203"}, {"贰拾壹", "21"},
		{"十十", "十十"}, {"一十百", "1十百"}, {"十一六号楼", "11-6号楼"}, {"二十一十二号", "21-12号"}, {"百货街", "百货街"}, {"千泉街道", "千泉街道"}, {"三里营", "3里营"},
		{"3一2一501", "3-2-501"}, {"一3号楼", "1-3号楼"}, {"3一号楼", "3-1号楼"}, {"1甲-1号", "1甲-1号"},
		{"\xff3\xfe", "3"}, {"", ""},
	} {
		if got := key(c.in); got != c.want {
			t.Errorf("%q is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestNumbersOfTheRegister(t *testing.T) {
	for in, want := range map[string]string{"3号楼": "3", "03号楼": "3", "A座": "A", "甲5号楼": "5甲", "5号楼甲": "5号楼甲", "12号附1": "12-1", "12号附1号": "12-1", "12号之1": "12-1", "12-1号": "12-1", "88弄": "88", "2单元": "2",
		"501室": "501", "501": "501", "综合楼": "综合楼", "西南12": "西南12", "十二号楼": "12", "北楼": "北", "": ""} {
		if got := numberKey(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{"501": "501", "2单元501室": "501", "5层东户": "5东", "5楼1号": "501", "5层1号": "501", "东户": "东", "501A": "501A"} {
		if got := roomKey(in); got != want {
			t.Errorf("room %s is %s, want %s", in, got, want)
		}
	}
}

// What couldn't be read isn't what stands beside it.
func TestFoldedIllegible(t *testing.T) {
	for _, two := range [][2]string{{"大李村□45号", "大李村45号"}, {"大李村□45号", "大李村4□5号"}, {"大李村4?号", "大李村4号"}, {"□45号，大李村", "45号，大李村"}} {
		if Folded(two[0]) == Folded(two[1]) {
			t.Errorf("%s and %s are both %s", two[0], two[1], Folded(two[0]))
		}
	}
	if a, b := Folded("大李村 □45号"), Folded("大李村□４５號"); a != b || a != "大李村□45号" {
		t.Errorf("%q, %q", a, b)
	}
	in := Input{Divisions: []DivisionEntry{{Code: "379983", Name: "泗滨市"}, {Code: "379983002", Name: "清泗镇"}, {Code: "379983002201", Name: "大李村"}},
		Buildings: []BuildingEntry{{ID: 1, Community: "379983002201", Number: "45号"}, {ID: 2, Community: "379983002201", Number: "145号"}},
		Houses:    []HouseEntry{{ID: 11, Building: 1}, {ID: 12, Building: 2}},
		Aliases:   []Alias{{Text: "大李村□45号", Of: Ref{Level: House, ID: 12}}}}
	g, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	if a := g.Match("大李村45号", Options{}); a.Best.House != 11 {
		t.Errorf("大李村45号 is %+v", a.Best)
	}
}
