package address

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	g := small(t).With([]Alias{{"老粮站后院二排三号", Ref{Level: House, ID: 9110}}, {"粮食局家属院", Ref{Level: Compound, ID: 12}}, {"红楼", Ref{Level: Building, ID: 9012}}})
	const pearl = "钟山街道文昌社区文昌路8号明珠小区"
	for _, c := range []struct {
		text  string
		level Level
		label string // what Best has to be
		least float64
		most  float64
	}{
		{"山东省泗滨市钟山街道文昌社区文昌路8号明珠小区3号楼2单元501室", House, pearl + "3号楼2单元501室", .95, 1},
		{"明珠小区3号楼二单元五〇一", House, pearl + "3号楼2单元501室", .95, 1},
		{"明珠花园3-2-501", House, "钟山街道北关社区文昌路88弄明珠花园3号楼2单元501室", .95, 1},
		{"明珠小区3号楼2单元5层501", House, pearl + "3号楼2单元501室", .9, 1},
		{"明珠小区3号楼2单元5层1号", House, pearl + "3号楼2单元501室", .8, 1},
		{"明珠小区3号楼2单元0501", House, pearl + "3号楼2单元501室", .9, 1},
		{"明珠小区12号楼2单元12层1201", House, pearl + "12号楼2单元1201室", .9, 1},
		{"明珠小区3号楼2单元4层501", Entrance, pearl + "3号楼2单元", 0, .95},
		{"明珠小区3号楼2单元5楼东户", Entrance, pearl + "3号楼2单元", 0, .95},
		{"明珠小区3号楼2单元503", Entrance, pearl + "3号楼2单元", 0, .95},
		{"明珠小区3号楼2单元", Entrance, pearl + "3号楼2单元", .95, 1},
		{"明珠小区3号楼501", Building, pearl + "3号楼", .9, 1}, // in both entrances
		{"明珠小区3号楼9单元501", Building, pearl + "3号楼", 0, .95},
		{"明珠小区4号楼1单元101", Compound, pearl, 0, .95},
		{"明珠小区5号楼1单元101", Compound, pearl, 0, .95}, // 甲5 is not 5
		{"明珠小区甲5号楼1-101", House, pearl + "甲5号楼1单元101室", .9, 1},
		{"明珠小区5甲号楼1-101", House, pearl + "甲5号楼1单元101室", .9, 1},
		{"明珠小区综合楼201", House, pearl + "综合楼201室", .9, 1},
		{"明珠3-2-501", Street, "文昌路", 0, .95}, // 小区 or 花园
		{"文昌社区明珠3-2-501", House, pearl + "3号楼2单元501室", .8, .95},
		{"幸福小区3-2-501", Town, "钟山街道", 0, 1},
		{"北关社区幸福小区3-2-501", House, "钟山街道北关社区幸福小区3号楼2单元501室", .95, 1},
		{"北关居委会幸福小区3-2-501", House, "钟山街道北关社区幸福小区3号楼2单元501室", .95, 1},
		{"明朱小区3-2-501", House, pearl + "3号楼2单元501室", .6, .9},
		{"明明珠小区3-2-501", House, pearl + "3号楼2单元501室", .6, .9},
		{"明玉小区3-2-501", Nothing, "", 0, 1}, // perhaps, perhaps another
		{"文昌社区明玉小区3-2-501", House, pearl + "3号楼2单元501室", .6, .9},
		{"新明珠小区3-2-501", Nothing, "", 0, 1},
		{"恒大明珠小区3-2-501", Nothing, "", 0, 1},
		{"碧桂明珠小区3-2-501", Nothing, "", 0, 1},
		{"大李村45号王家大院2单元301", Community, "清泗镇大李村", 0, 1}, // of something behind 45 that isn't known
		{"清泗镇明珠小区3-2-501", Town, "清泗镇", 0, 1},           // it is in another town
		{"钟山街办明珠小区3-2-501", House, pearl + "3号楼2单元501室", .95, 1},
		{"中山街道明珠小区3-2-501", House, pearl + "3号楼2单元501室", .8, .97}, // the street misspelt
		{"任城区明珠小区3-2-501", Nothing, "", 0, 1},
		{"明珠小区北区3-2-501", Compound, pearl, 0, .95},
		{"明珠小区门前的3号楼", Compound, pearl, 0, .95},
		{"大李村45号", House, "清泗镇大李村45号", .95, 1},
		{"大李村村民委员会四十五号", House, "清泗镇大李村45号", .95, 1},
		{"大李村三组45号", House, "清泗镇大李村45号", .95, 1},
		{"大李村45号附1号", House, "清泗镇大李村45号附1", .95, 1},
		{"大李村45号之1", House, "清泗镇大李村45号附1", .95, 1},
		{"大李村45-1号", House, "清泗镇大李村45号附1", .95, 1},
		{"大李村450号", Community, "清泗镇大李村", 0, .95},
		{"小李村45号", Community, "清泗镇小李村", 0, .95},
		{"李村45号", Nothing, "", 0, 1},
		{"东李村45号", Nothing, "", 0, 1},
		{"大李村前街7号", House, "清泗镇大李村前街7号", .95, 1},
		{"文昌路8号3号楼2单元501", House, pearl + "3号楼2单元501室", .9, 1},
		{"文昌路８８弄３号楼２单元５０１室", House, "钟山街道北关社区文昌路88弄明珠花园3号楼2单元501室", .9, 1},
		{"文昌路66号301室", House, "钟山街道文昌社区文昌路66号301室", .95, 1},
		{"文昌路66号", Building, "钟山街道文昌社区文昌路66号", .95, 1},
		{"文昌路67号", Street, "文昌路", 0, .95},
		{"东方红一区3-2-501", House, "钟山街道北关社区东方红一区3号楼2单元501室", .95, 1},
		{"东方红1区3-2-501", House, "钟山街道北关社区东方红一区3号楼2单元501室", .95, 1},
		{"东方红三区3-2-501", Nothing, "", 0, 1},
		{"粮食局家属院3-2-501", House, pearl + "3号楼2单元501室", .9, 1},
		{"老粮站后院，2排3号", House, "清泗镇大李村前街7号", .95, 1},
		{"钟山街道红楼", Building, "钟山街道文昌社区文昌路66号", .95, 1},
		{"张三，住明珠小区3-2-501，13900000000", House, pearl + "3号楼2单元501室", .7, 1},
		{"锦园小区2-1-501", House, "钟山街道北关社区锦园小区2号楼1单元501室", .8, 1},
		{"锦园小区二1号楼2单元501", House, "钟山街道北关社区锦园小区二1号楼2单元501室", .9, 1},
		{"锦园小区二 1-2-501", House, "钟山街道北关社区锦园小区二1号楼2单元501室", .9, 1},
		{"锦园小区二号楼1单元501", House, "钟山街道北关社区锦园小区2号楼1单元501室", .9, 1},
		{"3号楼2单元501室，明珠小区", House, pearl + "3号楼2单元501室", .9, 1},
		{"3-2-501 钟山街道明珠小区", House, pearl + "3号楼2单元501室", .9, 1},
		{"273500山东省泗滨市钟山街道明珠小区叁号楼贰单元伍零壹", House, pearl + "3号楼2单元501室", .9, 1},
		{"山东济宁泗滨钟山文昌明珠小区3-2-501", House, pearl + "3号楼2单元501室", .8, 1},
		{"明珠小區03號樓02單元0501室", House, pearl + "3号楼2单元501室", .9, 1},
		{"明珠⼩区3.2.501", House, pearl + "3号楼2单元501室", .9, 1},
		{"明珠小区3#2#501", House, pearl + "3号楼2单元501室", .7, 1},
		{"明珠小区3-2-5-501", House, pearl + "3号楼2单元501室", .8, 1},
		{"明珠小区3楼2单元501", House, pearl + "3号楼2单元501室", .9, 1},
		{"明珠小区3号楼2单元501室（3-2-501）", House, pearl + "3号楼2单元501室", .8, 1},
		{"明珠小区3栋/2单元/五百零一室", House, pearl + "3号楼2单元501室", .9, 1},
		{"大李村45户", House, "清泗镇大李村45号", .7, 1},
		{"文昌路8号院3号楼2单元501", House, pearl + "3号楼2单元501室", .9, 1},
		{"文昌路8号明珠小区第3栋第2单元第5层501室", House, pearl + "3号楼2单元501室", .9, 1},
		{"清泗镇前孟庄村45号", House, "清泗镇前孟庄村45号", .95, 1},
		{"清泗镇后孟庄村45号", Town, "清泗镇", 0, 1}, // the other half of the village
		{"清泗镇前梦庄村45号", House, "清泗镇前孟庄村45号", .6, .9},
		{"北关社区荷小区3-2-501", House, "钟山街道北关社区荷小区3号楼2单元501室", .95, 1},
		{"北关社区丁小区3-2-501", Community, "钟山街道北关社区", 0, 1},
		{"明珠花苑3-2-501", Nothing, "", 0, 1},
		{"北关社区明珠花苑3-2-501", House, "钟山街道北关社区文昌路88弄明珠花园3号楼2单元501室", .6, .9},
		{"万和新村3-2-501", Nothing, "", 0, 1}, // 万和尚新村 or 万和新新村
		{"明珠小区7号楼501", House, pearl + "7号楼1单元501室", .95, 1},
		{"明珠小区7-501", House, pearl + "7号楼1单元501室", .95, 1},
		{"明珠小区7-5-501", Building, pearl + "7号楼", 0, .95}, // entrance 5 isn't floor 5
		{"泗滨市", County, "泗滨市", .95, 1},
		{"清泗镇", Town, "清泗镇", .95, 1},
		{"", Nothing, "", 0, 0},
		{"今天下雨", Nothing, "", 0, 0},
	} {
		a := g.Match(c.text, Options{})
		if a.Best.Level != c.level || a.Best.Label != c.label || a.Best.Sure < c.least || a.Best.Sure > c.most {
			t.Errorf("%s: %s %s sure %.2f, want %s %s %.2f to %.2f; others %q", c.text, a.Best.Level, a.Best.Label, a.Best.Sure, c.level, c.label, c.least, c.most, labels(a.Others))
		}
	}
}

// Runner-ups: what equals, in the order of the division in view, and what only one thing speaks against.
func TestMatchNamesRunnerUps(t *testing.T) {
	g := small(t)
	for _, c := range []struct{ text, view, want string }{
		{"幸福小区3-2-501", "379983001002", "钟山街道北关社区幸福小区3号楼2单元501室 钟山街道文昌社区幸福小区3号楼2单元501室"},
		{"幸福小区3-2-501", "379983001001", "钟山街道文昌社区幸福小区3号楼2单元501室 钟山街道北关社区幸福小区3号楼2单元501室"},
		{"清泗镇明珠小区3-2-501", "", "钟山街道文昌社区文昌路8号明珠小区3号楼2单元501室"},
		{"恒大明珠小区3-2-501", "", "钟山街道文昌社区文昌路8号明珠小区3号楼2单元501室"},
	} {
		a := g.Match(c.text, Options{View: c.view})
		if got := strings.Join(labels(a.Others), " "); !strings.HasPrefix(got, c.want) || a.Best.Level == House {
			t.Errorf("%s in %s: %s and %s, want %s", c.text, c.view, a.Best.Label, got, c.want)
		}
	}
	if a := g.Match("幸福小区3-2-501", Options{Within: "379983001002"}); a.Best.Label != "钟山街道北关社区幸福小区3号楼2单元501室" {
		t.Errorf("within one community: %+v", a.Best)
	}
	if a := g.Match("明珠小区3号楼对面", Options{}); !a.Near || a.Best.Level != Building {
		t.Errorf("对面: %+v, want the building and that it is near", a)
	}
}

// writer writes a house's address in one of its forms, which it draws. Writers are by different authors; those of another one add their own
// to writers from a file of theirs (func init), and need to know nothing but home (world_test.go).
type writer func(h home, county string, r *rand.Rand) string

var writers = map[string]writer{"own": func(h home, county string, r *rand.Rand) string {
	return (&world{county: county}).written(h, r.IntN(48))
}}

// Addresses of houses in all forms lead to the house, and next to never to another.
func TestWrittenAddressesFindTheirHouse(t *testing.T) {
	w := invent(1, 40000, 300)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range writers {
		r := rand.New(rand.NewPCG(2, 6))
		right, wrongs, failed, n := 0, 0, 0, 10000
		for range n {
			h := w.homes[r.IntN(len(w.homes))]
			text := write(h, w.county, r)
			a := g.Match(text, Options{})
			if a.Best.House == h.id {
				right++
				continue
			}
			if a.Best.Level == House {
				wrongs++
			}
			if failed++; failed <= 20 {
				t.Logf("%s: %s %s sure %.2f; want %+v", text, a.Best.Level, a.Best.Label, a.Best.Sure, h)
			}
		}
		t.Logf("by %s: of %d addresses %d lead to their house, %d to another", name, n, right, wrongs)
		if float64(right) < .995*float64(n) || float64(wrongs) > .001*float64(n) {
			t.Errorf("by %s: %d of %d right, %d wrong; want 99.5 %% and 0.1 %%", name, right, n, wrongs)
		}
	}
}

// Where many places have the same name, and names are misspelt, the answer is the house or something above it; another house only where
// the text, as it is written, says that other house.
func TestMatchIsCarefulAmongEquals(t *testing.T) {
	w := inventNames(12, 60000, 900, false)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(13, 6))
	named := map[string]bool{}
	for _, h := range w.homes {
		named[h.compound], named[h.community] = true, true
	}
	var common []rune
	for _, list := range [][]string{firstWords, streetWords, surnames} {
		common = append(common, []rune(strings.Join(list, ""))...)
	}
	for _, slips := range []bool{false, true} {
		right, above, wrongs := 0, 0, 0
		for i := range 10000 {
			h := w.homes[r.IntN(len(w.homes))]
			said := h
			if slips {
				said.compound, said.community = misspelt(r, h.compound, common), misspelt(r, h.community, common)
				if named[said.compound] || named[said.community] {
					continue // says another place
				}
			}
			text := w.written(said, i)
			switch a := g.Match(text, Options{}); {
			case a.Best.House == h.id:
				right++
			case a.Best.Level == House:
				if wrongs++; wrongs < 12 {
					t.Logf("%s: %s sure %.2f, want %s %s", text, a.Best.Label, a.Best.Sure, h.town, h.community+h.compound)
				}
			default:
				above++
			}
		}
		n := right + above + wrongs
		t.Logf("misspelt %v: of %d addresses %d lead to their house, %d to something above it, %d to another", slips, n, right, above, wrongs)
		if float64(wrongs) > .001*float64(n) {
			t.Errorf("misspelt %v: %d of %d lead to another house", slips, wrongs, n)
		}
	}
}

// misspelt has one character wrong, missing or doubled.
func misspelt(r *rand.Rand, name string, common []rune) string {
	runes := []rune(name)
	if len(runes) == 0 {
		return name
	}
	i := r.IntN(len(runes))
	switch r.IntN(3) {
	case 0:
		for was := runes[i]; runes[i] == was; {
			runes[i] = common[r.IntN(len(common))]
		}
	case 1:
		runes = slices.Delete(runes, i, i+1)
	default:
		runes = slices.Insert(runes, i, runes[i])
	}
	return string(runes)
}
