package bench

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jingwei/internal/address"
)

// spot is a compound or village whose name somebody gets wrong.
type spot struct {
	name     string
	home     *dwelling // one of its houses
	compound int64     // in the gazetteer; 0 for a village that is the community
	shared   bool      // other places of the county have the name, too
}

// slip is a mistake at a place of a name.
type slip struct {
	name string
	make func(r *rand.Rand, name []rune, at int) ([]rune, bool)
}

var slips = []slip{
	{"another of the same sound", func(r *rand.Rand, name []rune, at int) ([]rune, bool) {
		return exchanged(name, at, soundsLike(r, name[at]))
	}},
	{"another, a common one", func(r *rand.Rand, name []rune, at int) ([]rune, bool) {
		return exchanged(name, at, common[r.IntN(len(common))])
	}},
	{"missing", func(_ *rand.Rand, name []rune, at int) ([]rune, bool) {
		return slices.Delete(slices.Clone(name), at, at+1), len(name) > 1
	}},
	{"doubled", func(_ *rand.Rand, name []rune, at int) ([]rune, bool) {
		return slices.Insert(slices.Clone(name), at, name[at]), true
	}},
}

func exchanged(name []rune, at int, by rune) ([]rune, bool) {
	out := slices.Clone(name)
	out[at] = by
	return out, by != 0 && by != name[at]
}

var common = []rune("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指")

// sounds are characters that a keyboard for pinyin gives for the same letters, with or without the tone.
var sounds = strings.Fields(`阳杨羊洋扬 光广逛 城成程诚承 花华画话 园源圆元员苑院 家佳加嘉 和合河核何 新心欣馨鑫 村存 小晓肖 区曲取 世市是事士 纪记季寄 国果过 际记季济 名明鸣铭 府付富福 福富服扶 翠脆 海嗨 棠堂唐塘糖
	东冬董 西夕希喜 南难男 北背贝 昌常长畅 盛圣胜省 龙隆笼 泉全权 玉雨语宇御 金今津锦 锦金进近 水税睡 泰太态 瑞锐 景井警静 天田添甜 悦月越乐 朗郎浪 润闰 湾弯万 凤风丰峰 栖七期齐 万湾晚 宏红洪鸿 丽利力立 仁人任 兴星姓行 祥翔详
	安按岸 康抗 桥乔侨 银印引 座坐做 文闻问 明名鸣 珠朱猪 富付府 贵桂柜 学雪 翰汉韩 林临琳 供公宫 电店殿 机鸡基 械谢 厂场长 宿速 舍设社 庄装妆 山衫闪 石时十实 王旺望汪 孙笋 李里理 张章掌 刘留柳流 前钱浅 后候厚 大打达 牛妞 马码妈
	羊杨阳 高搞糕 沟够购 岭领零 河和合 楼搂 店电垫 寨债 营英迎 坡破 崖牙 峪玉预 桃逃陶 柳刘留 白百摆 黄皇荒 青清轻 红洪宏 朱珠竹 周州洲 吴无五 郑正政 宋送松 郭过锅 孟梦 颜言严 孔空 田天甜`)

func soundsLike(r *rand.Rand, c rune) rune {
	var all []rune
	for _, group := range sounds {
		if signs := []rune(group); signs[0] == c {
			all = append(all, signs[1:]...)
		}
	}
	if len(all) == 0 {
		return 0
	}
	return all[r.IntN(len(all))]
}

func slipsTable() *table {
	t := tableAt(63, "Names with a slip in them", "slip", "names", "typed alone: among the first five", "compounds", "villages", "where somebody could tell", "behind their town",
		"in an address", "address: place", "house", "wrong house")
	t.say("The names of all compounds and villages of the demo county, one character of each wrong, missing or doubled at a random place. They are typed **alone** (those that no " +
		"other place has), **behind their town** (and community, where others of the town have the name), and **in an address**, behind these and in front of a house's number. Of two " +
		"characters one of which is wrong many names can be made: **where somebody could tell** leaves out what lies one slip away from more than five names. The last three columns " +
		"say what the best answer to that address is: in the right compound or village, taken without asking for the right house, and for a wrong one.")
	return t
}

// spots are all compounds and villages with houses.
func (h *housing) spots(g *address.Gazetteer) (out []spot, unknown int) {
	seen, names := map[string]bool{}, map[string]int{}
	for i := range h.all {
		d := &h.all[i]
		s := spot{name: d.place, home: d}
		if d.kind == homestead && d.place == "" {
			s.name = d.community
		} else if d.kind != flat && d.kind != homestead {
			continue
		}
		if seen[d.spot()] {
			continue
		}
		seen[d.spot()] = true
		a := g.Match(d.whole, address.Options{})
		if s.name != d.community {
			s.compound = a.Best.Compound
		}
		if a.Best.House != d.id || s.compound == 0 && s.name != d.community {
			unknown++
			continue
		}
		names[s.name]++
		out = append(out, s)
	}
	for i := range out {
		out[i].shared = names[out[i].name] > 1
	}
	return out, unknown
}

// leads says whether a candidate is the place, or something in it.
func (s *spot) leads(c *address.Candidate) bool {
	if s.compound != 0 {
		return c.Compound == s.compound
	}
	return c.Division == s.home.code && c.Compound == 0 && c.Street == 0
}

// found is how often of how many times.
type found struct{ times, asked int }

func (f *found) count(yes bool) {
	f.asked++
	if yes {
		f.times++
	}
}

func (f *found) share() string { return share(f.times, f.asked) }

// slipped is how often a place was found for one kind of slip.
type slipped struct {
	alone, compounds, villages, told, behind, within, matched found
	houses                                                    [outcomes]int
}

// measureSlips asks for names with a slip in them.
func measureSlips(b *testing.B, g *address.Gazetteer, homes *housing, out *bufio.Writer) {
	b.Helper()
	r := rand.New(rand.NewPCG(6, 2))
	all, unknown := homes.spots(g)
	names, exist := homes.placeNames(), map[string]bool{}
	for _, n := range names {
		exist[n], exist[stem(n)] = true, true
	}
	asking, total, others := &slipping{g: g, out: out}, slipped{}, 0
	for i := range slips {
		kind := &slips[i]
		var n slipped
		for i := range all {
			s := &all[i]
			switch written, ok := kind.spoil(r, s.name); {
			case !ok:
			case exist[written]:
				others++
			default:
				told := near(written, names) <= 5
				asking.ask(&n, s, written, told)
			}
		}
		n.row(b, kind.name)
		total.add(&n)
	}
	total.row(b, "**all**")
	slices.Sort(asking.took)
	slipsTable().remark("%d compounds and villages. %d names that became another's by the slip are left out, and so are %d places whose own standard address leads nowhere. A suggestion takes "+
		"%s ms (p50), %s ms (p95).", len(all), others, unknown, milliseconds(percentile(asking.took, .5)), milliseconds(percentile(asking.took, .95)))
}

// spoil makes the slip at a random place of a name that it can be made at, the kind of a division left as it is.
func (k *slip) spoil(r *rand.Rand, name string) (string, bool) {
	body := stem(name)
	signs := []rune(body)
	for _, at := range r.Perm(len(signs)) {
		if written, ok := k.make(r, signs, at); ok && string(written) != body {
			return string(written) + name[len(body):], true
		}
	}
	return "", false
}

// slipping asks a gazetteer.
type slipping struct {
	g    *address.Gazetteer
	out  *bufio.Writer
	took []time.Duration // to suggest
}

// ask types a name in three ways, and asks for an address with it.
func (x *slipping) ask(n *slipped, s *spot, written string, told bool) {
	if !s.shared {
		yes := x.suggested(s, written, told)
		n.alone.count(yes)
		if s.home.kind == homestead {
			n.villages.count(yes)
		} else {
			n.compounds.count(yes)
		}
		if told {
			n.told.count(yes)
		}
	}
	d := s.home
	above := d.town
	if s.shared && s.name != d.community {
		above += d.community
	}
	text := above + written + s.door()
	n.behind.count(x.suggested(s, above+written, told))
	n.within.count(x.suggested(s, text, told))
	a := x.g.Match(text, address.Options{})
	got := outcomeOf(a, d.id)
	n.matched.count(s.leads(&a.Best))
	n.houses[got]++
	if got == wrongHouse {
		fmt.Fprintf(x.out, "SLIP TO A WRONG HOUSE\ttold %t\t%q\t%s\t%.2f\t%s\n", told, text, d.whole, a.Best.Sure, a.Best.Label)
	}
}

// door is what stands behind the place in its house's address.
func (s *spot) door() string {
	d := s.home
	switch {
	case d.kind == flat:
		return d.building + "号楼" + d.unit + "单元" + d.room
	case d.room != "":
		return d.gate + "号" + d.room + "室"
	}
	return d.gate + "号"
}

// suggested says whether the place is among the first five.
func (x *slipping) suggested(s *spot, text string, told bool) bool {
	began := time.Now()
	all := x.g.Suggest(text, address.Options{Most: 5})
	x.took = append(x.took, time.Since(began))
	for i := range all {
		if s.leads(&all[i]) {
			return true
		}
	}
	fmt.Fprintf(x.out, "NOT AMONG FIVE\ttold %t\t%q\t%s %s\t%s\n", told, text, s.home.community, s.name, labels(all))
	return false
}

func labels(all []address.Candidate) string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = fmt.Sprintf("%s %.2f", c.Label, c.Sure)
	}
	return strings.Join(out, "; ")
}

func (n *slipped) add(m *slipped) {
	for i, f := range m.all() {
		n.all()[i].times, n.all()[i].asked = n.all()[i].times+f.times, n.all()[i].asked+f.asked
	}
	for i, k := range m.houses {
		n.houses[i] += k
	}
}

func (n *slipped) all() []*found {
	return []*found{&n.alone, &n.compounds, &n.villages, &n.told, &n.behind, &n.within, &n.matched}
}

func (n *slipped) row(b *testing.B, name string) {
	b.Helper()
	slipsTable().row(b, name, fmt.Sprint(n.behind.asked), n.alone.share()+fmt.Sprintf(" of %d", n.alone.asked), n.compounds.share(), n.villages.share(),
		n.told.share()+fmt.Sprintf(" of %d", n.told.asked), n.behind.share(), n.within.share(), n.matched.share(), share(n.houses[right], sum(n.houses)), share(n.houses[wrongHouse], sum(n.houses)))
}

// placeNames are all names of the county that a text could mean: of divisions, compounds, buildings and streets.
func (h *housing) placeNames() (out []string) {
	seen := map[string]bool{}
	for i := range h.all {
		d := &h.all[i]
		for _, n := range []string{d.town, d.community, d.place, d.street} {
			if n != "" && !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// near is how many names are one slip away from what was written.
func near(written string, names []string) (n int) {
	w := []rune(written)
	for _, name := range names {
		if oneSlip(w, []rune(name)) {
			n++
		}
	}
	return n
}

// oneSlip says whether one character more, less or another makes one of the other.
func oneSlip(a, b []rune) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a) > len(b)+1 {
		return false
	}
	at := 0
	for at < len(b) && a[at] == b[at] {
		at++
	}
	if len(a) == len(b) {
		return at == len(a) || slices.Equal(a[at+1:], b[at+1:])
	}
	return slices.Equal(a[at+1:], b[at:])
}
