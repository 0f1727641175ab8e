package address

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// handCases are addresses as people, forms and machines write them: by principle, the text and the house's label.
func TestHands(t *testing.T) {
	const pearl, village, shop = "钟山街道文昌社区文昌路8号明珠小区3号楼2单元501室", "清泗镇大李村45号", "钟山街道文昌社区文昌路66号301室"
	g := small(t)
	askHands(t, g, []handCase{
		{"traditional", "鐘山街道文昌社區文昌路8號明珠小區3號樓2單元501室", pearl},
		{"traditional", "泗濱市清泗鎮大李邨45號", village},
		{"financial", "明珠小区叁栋贰单元伍佰零壹室", pearl},
		{"financial", "明珠小區參號樓貳單元伍零壹室", pearl},
		{"financial", "文昌路陆拾陆号叁零壹", shop},
		{"financial", "清泗镇大李村肆拾伍号", village},
		{"two hands", "北关社区锦园小区二壹号楼贰单元伍零壹室", "钟山街道北关社区锦园小区二1号楼2单元501室"},
		{"spoken digits", "明珠小区三号楼二单元五零幺", pearl},
		{"spoken dashes", "明珠小区三杠二杠五零一", pearl},
		{"signs for figures", "明珠小区⒊-②-５0１", pearl},
		{"signs for figures", "明珠小区3️⃣号楼2️⃣单元5O1", pearl},
		{"zero width", "明珠\u200b小区3\u200d号楼\ufeff2单元501", pearl},
		{"separators", "钟山街道_明珠小区_3_2_501", pearl},
		{"separators", "钟山街道>明珠小区>3号楼>2单元>501", pearl},
		{"separators", "钟山街道·明珠小区·3号楼\n2单元\n501室", pearl},
		{"separators", "【钟山街道】【明珠小区】【3号楼】【2单元】【501室】", pearl},
		{"separators", "「钟山街道」「明珠小区」「3栋」「2」「501」", pearl},
		{"letters", "明珠小区3#/2U/501", pearl},
		{"letters", "明珠小区3号楼2单元5F501", pearl},
		{"letters", "明珠小区_3_2u_5f_501", pearl},
		{"hash in front", "明珠小区#3-2-501", pearl},
		{"labels", "县（市、区）：泗滨市；乡镇/街道：钟山街道；小区名称：明珠小区；楼栋号：3；单元号：2；房间号：501", pearl},
		{"labels", "区县=泗滨市|街镇=清泗镇|行政村=大李村|门牌号码=45", village},
		{"labels", "所属街道: 钟山街道, 道路: 文昌路, 门牌: 66, 室: 301", shop},
		{"labels", "小区：明珠小区\n幢：三\n单元：二\n室号：五〇一", pearl},
		{"labels", "楼栋：3号楼，单元：2单元，房号：501室，小区：明珠小区，街道：钟山街道", pearl},
		{"labels", "镇街:钟山街道小区:明珠小区 楼号:3单元:2房号:501", ""},
		{"labels", "户主：赵甲；小区：明珠小区；楼栋：3；单元：2；房号：501；面积：90", pearl},
		{"labels", `{"town":"钟山街道","compound":"明珠小区","building":"3","unit":"2","room":"501"}`, pearl},
		{"labels without colons", "钟山街道明珠小区楼号3单元号2房号501", pearl},
		{"labels without colons", "Room 501, Unit 2, Building 3, 明珠小区, 钟山街道", pearl},
		{"labels without colons", "钟山街道，明珠小区，楼号3，单元2，房间501", pearl},
		{"labels without colons", "No.45, 大李村, 清泗镇", village},
		{"hash in front", "明珠小区 #3 #2 #501", pearl},
		{"any order", "文昌社区，301室，钟山街道，文昌路66号", shop},
		{"spoken", "喂你好，我现在在钟山街道文昌社区明珠小区这个三号楼，然后是二单元的五零幺，快点来", pearl},
		{"labels without colons", "文昌路No.66 Room 301", shop},
		{"announced", "烦请师傅送至：明珠小区3-2-501", pearl},
		{"announced", "我的收货地址是：钟山街道明珠小区3-2-501", pearl},
		{"announced by a name", "刘家庄：大李村45号", ""},
		{"announced by a name", "刘庄子：大李村45号", ""},
		{"smallest first", "501室2单元3号楼明珠小区文昌路8号文昌社区钟山街道泗滨市", pearl},
		{"smallest first", "501-2-3，明珠小区，钟山街道", pearl},
		{"smallest first", "五〇一，二单元，三号楼，明珠小区", pearl},
		{"smallest first", "45号 大李村 清泗镇 泗滨市", village},
		{"smallest first", "301, 文昌路66号, 钟山街道", shop},
		{"any order", "2单元，钟山街道，501室，明珠小区，泗滨市，3号楼", pearl},
		{"any order", "明珠小区501室3号楼2单元", pearl},
		{"any order", "明珠小区，钟山街道，3号楼2单元501室", pearl},
		{"any order", "明珠小区（钟山街道文昌路8号）501室（3号楼2单元）", pearl},
		{"repeated", "3号楼2单元501室 明珠小区3号楼2单元501室", pearl},
		{"repeated", "明珠小区 3号楼 3号楼2单元 2单元501室", pearl},
		{"spoken", "我家就在钟山街道的明珠小区啊，是三号楼二单元五零一，对", pearl},
		{"spoken", "嗯我住的是文昌社区那个明珠小区的三号楼的二单元的五〇一", pearl},
		{"spoken", "俺家在清泗镇的那个大李村，四十五号", village},
		{"spoken together", "北关社区锦园小区二二号楼一单元五零一", "钟山街道北关社区锦园小区二2号楼1单元501室"},
		{"spoken together", "锦园小区二十二号楼一单元五零一", ""}, // 22, as it is written
		{"no filler in a name", "美的明珠小区3-2-501", ""},
		{"phases", "北关社区锦园小区二期1号楼2单元501", "钟山街道北关社区锦园小区二1号楼2单元501室"},
		{"phases", "锦园小区（2期）1-2-501", "钟山街道北关社区锦园小区二1号楼2单元501室"},
		{"phases", "东方红一3-2-501", "钟山街道北关社区东方红一区3号楼2单元501室"},
		{"strangers", "赵甲乙 13900000000 钟山街道明珠小区3-2-501", pearl},
		{"strangers", "13900000000，赵甲乙，钟山街道明珠小区3-2-501", pearl},
		{"strangers", "2026-11-30 14:20 钟山街道明珠小区3-2-501", pearl},
		{"strangers", "2026年11月30日14时20分，明珠小区3-2-501", pearl},
		{"strangers", "看庄 13900000000 明珠小区3-2-501", ""},
		{"strangers", "赵甲乙，明珠小区3-2-501", ""},
		{"layout", "明珠小区3号楼2单元501（3室2厅）", pearl},
		{"said again", "明珠小区3号楼2单元501室（3-2-501）", pearl},
		{"ways in", "明珠小区东门进3号楼里面的2单元501", pearl},
		{"tags", "<镇街>钟山街道</镇街><小区>明珠小区</小区><楼>3</楼><单元>2</单元><室>501</室>", pearl},
		{"header", "小区\t楼栋\t单元\t房号\n明珠小区\t3\t2\t501", pearl},
		{"labels in brackets", "明珠小区3（栋）2（单元）501（室）", pearl},
		{"labels as units", "明珠小区3楼栋2单元号501房号", pearl},
		{"remarks", "大李村45号，门口有树", village},
		{"remarks", "明珠小区3号楼2单元501，对面是超市", pearl},
		{"remarks", "明珠小区3号楼2单元501对面", ""},
		{"remarks", "明珠小区3号楼2单元501，对面", ""},
		{"remarks", "明珠小区3号楼2单元501，门铃坏了请敲门", pearl},
		{"remarks", "明珠小区3号楼2单元501（门口有狗，到了打电话13900000000）", pearl},
		{"remarks", "明珠小区3号楼2单元501室。麻烦放门口鞋柜，谢谢", pearl},
		{"another's numbers", "明珠小区，幸福小区3号楼2单元501室", ""},
		{"another's numbers", "大李村45号，王家大院，2单元301", ""},
		{"another's numbers", "小李村301号，文昌路66号", ""},
		{"another's numbers", "明珠东门3-2-501，文昌社区", ""},
		{"two of a level", "3号楼2单元501室，明珠小区5号楼1单元301", ""},
		{"two of a level", "大李村45号，大李村46号", ""},
		{"two of a level", "大李村45号，清泗镇大李村46号", ""},
		{"remarks", "3. 大李村45号，房子后面", ""},
		{"remarks", "大李村45号，从文昌路进，房子后面", ""},
		{"a list's number", "序号：3，大李村45号", village},
		{"an empty field", "明珠小区（号）3号楼2单元501室", pearl},
		{"remarks", "大李村45号，往里走", ""},
		{"remarks", "幸福小区对面，明珠小区3-2-501", pearl},
		{"remarks", "大李村45号，院子后面", ""},
		{"remarks", "搬到大李村45号，从明珠小区3-2-501走", ""},
		{"no list's number", "501. 大李村45号", ""},
		{"no list's number", "2. 501，明珠小区3号楼", ""},
		{"no list's number", "1号楼：明珠小区2单元501", "钟山街道文昌社区文昌路8号明珠小区1号楼2单元501室"},
		{"no list's number", "3-2-501，明珠小区", pearl},
		{"two rooms", "明珠小区3号楼2单元501室、502室", ""},
		{"beside", "3号楼2单元501室隔壁的明珠小区", ""},
		{"a list's number", "501、明珠小区3号楼2单元", ""},
		{"a list's number", "14. 明珠小区 3号楼2单元5楼501", pearl},
		{"a list's number", "14．明珠小区3-2-501", pearl},
		{"a list's number", "16、明珠小区3-2-501", pearl},
		{"a list's number", "7、大李村45号", village},
		{"a list's number", "十二、大李村45号", village},
		{"a list's number", "3)文昌路66号301", shop},
		{"a list's number", "（3）大李村 45号", village},
		{"a list's number", "（一）明珠小区3-2-501", pearl},
		{"a list's number", "[8] 明珠小区3-2-501", pearl},
		{"a list's number", "①明珠小区3-2-501", pearl},
		{"a list's number", "⑿ 大李村45号", village},
		{"a list's number", "2️⃣大李村45号", village},
		{"a list's number", "第3户：明珠小区3-2-501", pearl},
		{"a list's number", "第十二家 大李村45号", village},
		{"a list's number", "No.5: 明珠小区3-2-501", pearl},
		{"a list's number", "#3 明珠小区3-2-501", pearl},
		{"a list's number", "序号12：大李村45号", village},
		{"a list's number", "3\t大李村45号", village},
		{"a list's number", "a) 大李村45号", village},
		{"a list's number", "101. 明珠小区3-2-501", pearl},
		{"a list's number", "（2）3号楼2单元501室，明珠小区", pearl},
		{"• in front", "• 明珠小区3-2-501", pearl},
		{"no list's number", "101. 大李村45号", ""},   // its room, perhaps
		{"no list's number", "3、2单元501，明珠小区", ""}, // building 3, perhaps
		{"no list's number", "3，明珠小区7号楼501", ""},
		{"remarks", "大李村45号，放门口", village},
		{"remarks", "大李村45号，那家的后面", ""},
		{"no list's number", "#9 文昌路明珠小区3-2-501", ""},
		{"no list's number", "45、大李村", ""},
		{"no list's number", "12、大李村47号", ""},
		{"ways in", "钟山 明珠小区 3号楼 2单元 5楼 501，从文昌路8号门进", pearl},
		{"ways in", "明珠小区3-2-501，从重庆路12号门进", pearl},
		{"ways in", "明珠小区3-2-501 从北门进", pearl},
		{"ways in", "明珠小区3-2-501，从朝阳街88号门进", pearl},
		{"ways in", "明珠小区3-2-501，从朝阳街往东走", ""},
		{"ways in", "明珠小区3-2-501（由文昌路进）", pearl},
		{"ways in", "走东门，明珠小区3-2-501", pearl},
		{"ways in", "明珠小区3-2-501，请走2号门", pearl},
		{"ways in", "从文昌路进，大李村45号，到了打电话", village},
		{"ways in", "明珠小区7号楼501，从2单元进", ""}, // it has one
		{"ways in", "大李村45号，从门口往东走", ""},
		{"ways in", "从大李村45号走", ""},
		{"remarks", "大李村45号，村委会对面", village},
		{"remarks", "大李村45号，靠近文昌路", village},
		{"remarks", "幸福超市旁边，明珠小区3-2-501", pearl},
		{"remarks", "明珠小区3-2-501，在幸福小区对面", pearl},
		{"remarks", "文昌路66号301室（离火车站不远）", shop},
		{"remarks", "大李村45号，紧邻小学", village},
		{"remarks", "大李村45号，他家隔壁", ""},
		{"remarks", "大李村45号，房子后面", ""},
		{"remarks", "大李村45号，马路对面", ""},
		{"remarks", "大李村45号，46号对面", ""},
		{"remarks", "明珠小区3-2-501，明珠小区对面", ""},
		{"remarks", "幸福超市旁边，明珠小区", ""},
		{"remarks", "大李村45号对面，小李村", ""},
		{"remarks", "大李村45号，小李村3号", ""},
		{"remarks", "明珠小区3-2-501，1楼有人接，带上工具", pearl},
		{"remarks", "明珠小区3-2-501，在3号楼下等", pearl},
		{"remarks", "请于明天下午3点来，大李村45号", village},
		{"remarks", "大李村45号，晚上8点以后在家", village},
		{"remarks", "明珠小区7号楼501，2单元有人等", ""},
		{"a floor in words", "泗滨钟山街道，明珠小区，三号楼二单元，上五楼，五零一", pearl},
		{"a floor in words", "明珠小区三号楼二单元，住五层，五零一", pearl},
		{"a floor in words", "明珠小区三号楼二单元，在5楼，501", pearl},
		{"a floor in words", "明珠小区三号楼二单元，五楼的五零一", pearl},
		{"a floor in words", "明珠小区三号楼，二单元坐电梯到五楼，五零一", pearl},
		{"a floor in words", "明珠小区12号楼2单元，顶层，1201", "钟山街道文昌社区文昌路8号明珠小区12号楼2单元1201室"},
		{"a floor in words", "明珠小区三号楼二单元，上四楼，五零一", ""},
		{"English", "Rm 501, Unit 2, Bldg 3, 明珠小区, No.8 文昌路, 钟山街道, 泗滨市", pearl},
		{"English", "Room 501, Unit 2, Building 3, 明珠小区, 8 文昌路, 钟山街道", pearl},
		{"English", "Apt. 501, Entrance 2, Blk 3, 明珠小区, 文昌路 Road, 钟山街道 Subdistrict, China", pearl},
		{"English", "Flat 501, Gate 2, Tower 3, 明珠小区", pearl},
		{"English", "钟山街道, 明珠小区, Bldg. 3, Unit 2, 5th Floor, Room 501", pearl},
		{"English", "明珠小区 3 Building 2 Unit 501 Room", pearl},
		{"English", "R501, U2, B3, 明珠小区, 钟山街道", pearl},
		{"English", "明珠小区 B3-U2-R501", pearl},
		{"English", "Rm 301, No.66 文昌路, 文昌社区, 钟山街道", shop},
		{"English", "No. 45 大李村 Village, 清泗镇 Town, 泗滨市 City", village},
		{"English", "Nr 45 大李村, 清泗镇", village},
		{"English", "Rm 501, Unit 2, Bldg 4, 明珠小区, No.8 文昌路", ""},
		{"broken lines", "文昌路66\n号301\n室", shop},
		{"broken lines", "明珠小区3号楼2单\n元501室", pearl},
		{"remarks between", "文昌路66号(泗滨市钟山街道)301", shop},
		{"remarks between", "文昌路66号（钟山街道文昌社区）301", shop},
		{"remarks between", "明珠小区3（钟山街道文昌路8号）2-501", pearl},
		{"remarks between", "文昌路66号（清泗镇）301", ""},
		{"remarks between", "锦园小区二（北关社区）2号楼1单元501", "钟山街道北关社区锦园小区二2号楼1单元501室"},
		{"remarks between", "文昌路66号（二楼）301", ""},
	})
}

// handCase is a text, what about it is tried, and the label of the house that it has to lead to for sure; "" where it has to ask back.
type handCase struct{ what, text, want string }

func askHands(t *testing.T, g *Gazetteer, cases []handCase) {
	t.Helper()
	for _, c := range cases {
		a := g.Match(c.text, Options{})
		got := ""
		if a.Whole && !a.Near && a.Best.House != 0 && a.Best.Sure >= .9 {
			got = a.Best.Label
		}
		if got != c.want {
			t.Errorf("%s: %s: %q, want %q; %s sure %.2f whole %v, others %q", c.what, c.text, got, c.want, a.Best.Label, a.Best.Sure, a.Whole, labels(a.Others))
		}
	}
}

// traditionalOf are the ways in which a character is written elsewhere.
var traditionalOf = func() map[rune][]rune {
	m := map[rune][]rune{}
	for _, pair := range strings.Fields(traditional) {
		two := []rune(pair)
		m[two[1]] = append(m[two[1]], two[0])
	}
	return m
}()

// scribe is somebody who writes addresses: his digits, his characters, what he puts between levels.
type scribe struct {
	digits, between int
	old             bool
}

var betweens = []string{"，", " ", "、", "|", "；", "/", "\n", "_", ", ", "→", " - ", "　", "。"}

const digitHands = 5

// number writes a number: counted is whether it may be said with tens and hundreds.
func (s scribe) number(n string, counted bool) string {
	switch s.digits {
	case 1:
		return wide(n)
	case 2, 3:
		text := hanDigits(n)
		if counted {
			text = hanNumber(atoi(n))
		}
		if s.digits == 2 {
			return text
		}
		return strings.NewReplacer("一", "壹", "二", "贰", "三", "叁", "四", "肆", "五", "伍", "六", "陆", "七", "柒", "八", "捌", "九", "玖", "十", "拾", "百", "佰", "千", "仟", "〇", "零").Replace(text)
	case 4:
		return strings.NewReplacer("一", "幺").Replace(hanDigits(n))
	}
	return n
}

// characters writes a text in old characters, if he does.
func (s scribe) characters(text string, r *rand.Rand) string {
	if !s.old {
		return text
	}
	return strings.Map(func(c rune) rune {
		if all := traditionalOf[c]; len(all) > 0 {
			return all[r.IntN(len(all))]
		}
		return c
	}, text)
}

// levels are those of a house's address, each as a piece of its own.
func (s scribe) levels(w *world, h home, upper []bool) (out []string) {
	pick := func(i int, text string) {
		if upper[i] {
			out = append(out, text)
		}
	}
	pick(0, w.county)
	pick(1, h.town)
	if h.village {
		return append(out, h.community, s.number(h.number, true)+"号")
	}
	pick(2, h.community)
	pick(3, h.street+s.number(h.number, true)+"号")
	return append(out, h.compound+h.section, s.number(h.building, true)+"号楼", s.number(h.entrance, true)+"单元", s.number(h.room, false)+"室")
}

// However somebody writes figures and characters, whatever he puts between the levels, and in whatever order they come: it is the same house.
func TestAnyHandLeadsToTheSameHouse(t *testing.T) {
	w := invent(21, 20000, 150)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := w.homes[rapid.IntRange(0, len(w.homes)-1).Draw(t, "house")]
		s := scribe{rapid.IntRange(0, digitHands-1).Draw(t, "digits"), rapid.IntRange(0, len(betweens)-1).Draw(t, "between"), rapid.Bool().Draw(t, "old")}
		levels := s.levels(w, h, rapid.SliceOfN(rapid.Bool(), 4, 4).Draw(t, "upper levels"))
		switch rapid.IntRange(0, 2).Draw(t, "order") {
		case 1:
			slices.Reverse(levels)
		case 2:
			levels = rapid.Permutation(levels).Draw(t, "permutation")
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "characters"), 1))
		text := s.characters(strings.Join(levels, betweens[s.between]), r)
		a := g.Match(text, Options{})
		if a.Best.House != h.id || !a.Whole || a.Best.Sure < .9 {
			t.Fatalf("%s: %s sure %.2f whole %v, want %+v", text, a.Best.Label, a.Best.Sure, a.Whole, h)
		}
	})
}

// form writes levels as fields with labels.
func form(levels []string, numbered int, r *rand.Rand) string {
	colon, between := []string{"：", ":", "=", ": "}[r.IntN(4)], []string{"；", "\n", "|", ", "}[r.IntN(4)]
	out := make([]string, len(levels))
	for i, l := range levels {
		label := []string{"所属区域", "乡镇（街道）", "小区名称", "详细地址"}[r.IntN(4)]
		if k := i - (len(levels) - numbered); k >= 0 && numbered == 3 {
			label = [][]string{{"楼栋", "幢号"}, {"单元", "单元号"}, {"房号", "室号"}}[k][r.IntN(2)]
			l = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(l, "号楼"), "单元"), "室")
		} else if k >= 0 {
			label, l = "门牌号", strings.TrimSuffix(l, "号")
		}
		out[i] = label + colon + l
	}
	return strings.Join(out, between)
}

// A form's labels say what its numbers count, whatever the hand they are filled in with.
func TestLabelsOfFormsSayNothingElse(t *testing.T) {
	w := invent(22, 20000, 150)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := w.homes[rapid.IntRange(0, len(w.homes)-1).Draw(t, "house")]
		s := scribe{digits: rapid.IntRange(0, digitHands-1).Draw(t, "digits"), old: rapid.Bool().Draw(t, "old")}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "labels"), 1))
		numbered := 3
		if h.village {
			numbered = 1
		}
		text := s.characters(form(s.levels(w, h, rapid.SliceOfN(rapid.Bool(), 4, 4).Draw(t, "upper levels")), numbered, r), r)
		a := g.Match(text, Options{})
		if a.Best.House != h.id || !a.Whole || a.Best.Sure < .9 {
			t.Fatalf("%s: %s sure %.2f whole %v, want %+v", text, a.Best.Label, a.Best.Sure, a.Whole, h)
		}
		covered(t, text, a.Read)
	})
}

// Where many places have the same name, no order, hand or label makes another house a sure answer; nor does a number that isn't the house's.
func TestAnyHandIsCareful(t *testing.T) {
	w := inventNames(23, 60000, 900, false)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(24, 6))
	careful(t, g, func(a Answer) bool { return a.Whole && a.Best.House != 0 && a.Best.Sure >= .9 }, func() (string, int64, any) {
		h := w.homes[r.IntN(len(w.homes))]
		s := scribe{digits: r.IntN(digitHands), between: r.IntN(len(betweens)), old: r.IntN(3) == 0}
		said := h
		other := r.IntN(4) == 0
		if other && h.village {
			said.number = "998"
		} else if other {
			said.room = []string{"9901", h.room + "1"}[r.IntN(2)]
		}
		levels := s.levels(w, said, []bool{r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0})
		numbered := 3
		if h.village {
			numbered = 1
		}
		text := form(levels, numbered, r)
		if r.IntN(3) > 0 {
			r.Shuffle(len(levels), func(i, j int) { levels[i], levels[j] = levels[j], levels[i] })
			text = strings.Join(levels, betweens[s.between])
		}
		if other {
			return s.characters(text, r), 0, said
		}
		return s.characters(text, r), h.id, said
	})
}

// careful asks many texts and says of each answer whether it is the right house, none for sure, or another; none may be another. ask gives a text, the house
// that is right, 0 where no sure answer is, and what was meant.
func careful(t *testing.T, g *Gazetteer, sure func(Answer) bool, ask func() (text string, right int64, meant any)) {
	t.Helper()
	right, above, wrongs, n := 0, 0, 0, 20000
	for range n {
		text, house, meant := ask()
		switch a := g.Match(text, Options{}); {
		case !sure(a):
			above++
		case a.Best.House == house:
			right++
		default:
			if wrongs++; wrongs < 12 {
				t.Logf("%s: %s sure %.2f, want %+v", text, a.Best.Label, a.Best.Sure, meant)
			}
		}
	}
	t.Logf("of %d addresses %d lead to their house, %d ask back, %d lead to another", n, right, above, wrongs)
	if wrongs > 0 {
		t.Errorf("%d of %d lead to another house", wrongs, n)
	}
}

// What is simplified stays so, and is one character for one.
func TestSimplified(t *testing.T) {
	for _, pair := range strings.Fields(traditional) {
		two := []rune(pair)
		if len(two) != 2 || simplified(two[0]) != two[1] || simplified(two[1]) != two[1] {
			t.Errorf("%s: %c is %c, and that %c", pair, two[0], simplified(two[0]), simplified(simplified(two[0])))
		}
	}
	if got := string(simplified('乾')) + string(simplified('明')) + string(simplified('é')); got != "乾明é" || utf8.RuneCountInString(got) != 3 {
		t.Errorf("乾明é is %s", got)
	}
}
