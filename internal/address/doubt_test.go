package address

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// What a text says against its own address, or of another: whoever reads it asks back.
var doubts = []string{
	"%s，已搬走", "%s（已搬走）", "%s已搬走", "%s，搬到外地", "%s，不住这", "%s（错误）", "%s，错了", "%s不对", "%s，更正为别处", "%s除外", "%s（已拆除）",
	"原住%s", "曾住%s", "以前住在%s", "原住址：%s", "旧地址：%s", "老地址：%s", "不住%s", "没有住在%s", "%s（旧址）", "%s（原）",
	"赵甲之母，住%s", "赵甲，其子赵乙，住%s", "赵甲的邻居，住%s", "父母住%s", "婆家：%s",
	"户籍地%s，现住外地", "户籍地址：%s；现住址：", "%s，现住别处", "赵甲，住外地，户籍地%s",
	"%s（对门）", "%s，楼上", "%s对门", "%s的邻居", "%s隔一家", "%s往里", "%s下一户", "%s那排", "%s中间", "%s左右", "%s拐角", "%s等3户", "%s为止", "%s几号",
	"%s储藏室", "%s车库", "%sA", "%s（A）", "%s附9", "%s-A", "%s，仰月镇", "%s（文沂县望云镇）",
}

func TestWhatSpeaksAgainstAnAddressAsksBack(t *testing.T) {
	g := small(t)
	for _, house := range []string{"大李村46号", "清泗镇大李村46号", "明珠小区3号楼2单元501", "明珠小区3号楼2单元501室", "文昌路66号301"} {
		if !certain(g.Match(house, Options{})) {
			t.Fatalf("%s asks back", house)
		}
		for _, d := range doubts {
			text := fmt.Sprintf(d, house)
			if a := g.Match(text, Options{}); certain(a) {
				t.Errorf("%s: %s sure %.2f", text, a.Best.Label, a.Best.Sure)
			}
		}
	}
}

// Numbers of other things than houses, figures that can't be read, and lists.
func TestWhatCountsSomethingElseIsNoHouse(t *testing.T) {
	g := small(t)
	for _, text := range []string{
		"大李村45号桥", "大李村45号机井", "大李村45号电线杆", "大李村45号路灯", "大李村45号大棚", "大李村45号地", "大李村45号胡同", "大李村45路", "大李村45号线", "大李村45号文件",
		"大李村45亩", "大李村45米", "大李村45元", "大李村45斤", "大李村45天", "大李村45分", "大李村45年", "大李村45号楼", "大李村45号商铺", "大李村45号门市", "大李村45多号",
		"大李村□45号", "大李村45□号", "大李村?45号", "大李村45？号", "第45户：大李村", "序号45：大李村", "大李村45号东", "大李村45号（北）", "大李村45号南50米", "大李村45号50米", "明珠小区3号楼2单元501至502",
	} {
		if a := g.Match(text, Options{}); certain(a) {
			t.Errorf("%s: %s sure %.2f", text, a.Best.Label, a.Best.Sure)
		}
	}
}

// Two houses in one text, and what a place is beside.
func TestTwoHousesAskBack(t *testing.T) {
	g := small(t)
	for _, text := range []string{
		"大李村45号，前街7号", "大李村45号前街7号", "大李村45号（前街7号）", "前街7号大李村45号", "大李村（前街7号）45号", "大李村（前街）45号",
		"明珠小区3号楼2单元501（实为502）", "明珠小区3号楼2单元501（今502）", "明珠小区3号楼2单元501实际是502", "明珠小区3号楼2单元501，找502", "明珠小区3号楼2单元501，没人放502",
		"明珠小区3号楼2单元501，从2号楼进", "大李村45号东数第二家", "幸福小区1-2-501，靠近文昌社区", "非北关社区幸福小区1-2-501",
	} {
		if a := g.Match(text, Options{}); certain(a) {
			t.Errorf("%s: %s sure %.2f", text, a.Best.Label, a.Best.Sure)
		}
	}
}

// What sounds like it, and speaks of the house itself.
func TestWhatSpeaksForAnAddressIsNoDoubt(t *testing.T) {
	g := small(t)
	for _, text := range []string{
		"赵甲，系被告赵乙之子，住大李村45号", "赵甲随儿子，住大李村45号", "户籍地（居住地）：大李村45号", "户籍所在地、经常居住地：大李村45号", "大李村45号（现住）", "大李村45号，现住3人", "大李村45号，户籍人口3人，常住人口2人",
		"大李村45号，不在家", "大李村45号，2020年迁入", "大李村45号起火了", "大李村45号，等我一下", "大李村45号，邻居赵甲代收", "大李村45号，门口有路灯", "大李村45号（城区）", "大李村45号，超市对面", "大李村45号，离村口50米", "大李村45号2楼",
		"大李村45号附1", "大李村45号（附1）", "明珠小区3号楼2单元501室（西）", "明珠小区3号楼2单元501（89平方米）", "大李村45号，清泗镇", "大李村前街7号", "明珠小区3-2-501，靠近文昌社区", "明珠小区3-2-501，尾号1234", "大李村45号（泗滨市清泗镇）",
	} {
		if a := g.Match(text, Options{}); !certain(a) {
			t.Errorf("%s asks back: %s sure %.2f whole %v near %v", text, a.Best.Label, a.Best.Sure, a.Whole, a.Near)
		}
	}
}

// Whatever is said besides an address, what speaks against it is heard.
func TestDoubtIsHeardAmongRemarks(t *testing.T) {
	w := inventNames(28, 60000, 900, false)
	g, err := New(w.in)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(29, 6))
	careful(t, g, certain, func() (string, int64, any) {
		h, o := w.homes[r.IntN(len(w.homes))], w.homes[r.IntN(len(w.homes))]
		text := fmt.Sprintf(doubts[r.IntN(len(doubts))], plainly(h, 2+r.IntN(2)))
		if h.village {
			text = fmt.Sprintf(doubts[r.IntN(len(doubts))], plainly(h, 0))
		}
		front, back := r.IntN(len(inFront)), r.IntN(len(behind))
		return besides(text, []string{o.community, o.compound, o.street}[r.IntN(3)], front, back, 1+r.IntN(60)), 0, h
	})
}

// Time grows with a text, not with its square: 40,000 characters took minutes once.
func TestLongTextsTakeNoLonger(t *testing.T) {
	g := small(t)
	for _, piece := range []string{",楼1", ",1", "A ", "Rm ", "靠近", "大李村45号，", "（1）", "与文昌路"} {
		text := strings.Repeat(piece, 40000/len([]rune(piece)))
		from := time.Now()
		g.Match(text, Options{})
		if d := time.Since(from); d > 3*time.Second {
			t.Errorf("%q and so on: %v", piece, d)
		}
	}
}

// posts are what stands in front of addresses and behind them on lists, parcels and forms; %s is another place, %d a number.
var (
	postsInFront = []string{"", "", "273500 ", "第%d网格 ", "2026年3月5日 ", "赵甲，男，1950年1月1日出生，住", "赵甲 13900000000 ", "%d. 赵甲 ", "地址：", "%s与%s交叉口", "%s口", "（%s）", "从%s进，", "%s对面，", "89平米，"}
	postsBehind  = []string{"", "", " 273500", "（%d/11层）", "，3人", "，第%d网格", "（89平方米）", "，2026年3月5日", " Mingzhu", "，赵女士 13900000000", "（%s）", "，%s旁边", "，靠近%s", "，%d号", "，%d室", "、%d", "（%d）", "，送到%s", "，原%s", "%s"}
)

// said writes an address with its parts as somebody may: with the street's side, what it lies in between brackets, in whatever company.
func said(h, o home, r *rand.Rand) string {
	text := plainly(h, r.IntN(4))
	if !h.village && r.IntN(2) == 0 {
		side := []string{"", "北侧", "（中段）", "路东", "上"}[r.IntN(5)]
		bracket := []string{"", "（" + h.town + "）", "（" + h.community + "）", "（" + o.town + "）", "（" + o.street + "）"}[r.IntN(5)]
		text = h.town + h.street + side + h.number + "号" + bracket + h.compound + h.section + h.building + "号楼" + h.entrance + "单元" + h.room
		if r.IntN(3) == 0 {
			text = h.street + side + h.number + "号" + bracket + h.building + "-" + h.entrance + "-" + h.room
		}
	}
	fill := func(f string) string {
		for strings.Contains(f, "%s") {
			f = strings.Replace(f, "%s", []string{o.community, o.compound, o.street, o.town, plainly(o, 2)}[r.IntN(5)], 1)
		}
		return strings.ReplaceAll(f, "%d", fmt.Sprint(1+r.IntN(60)))
	}
	text = fill(postsInFront[r.IntN(len(postsInFront))]) + text
	for range 1 + r.IntN(2) {
		text += fill(postsBehind[r.IntN(len(postsBehind))])
	}
	return text
}

// In whatever company an address is, no other house is a sure answer, where many places have one name, nor is one where the number isn't any house's.
func TestNoCompanyMakesAnotherHouse(t *testing.T) {
	for seed := range uint64(3) {
		w := inventNames(30+seed, 60000, 900, false)
		g, err := New(w.in)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(40+seed, 6))
		careful(t, g, certain, func() (string, int64, any) {
			h, o := w.homes[r.IntN(len(w.homes))], w.homes[r.IntN(len(w.homes))]
			if r.IntN(4) > 0 {
				return said(h, o, r), h.id, [2]home{h, o}
			}
			none := h
			if none.number = "998"; !h.village {
				none.number, none.room = h.number, "9901"
			}
			return said(none, o, r), 0, [2]home{none, o}
		})
	}
}
