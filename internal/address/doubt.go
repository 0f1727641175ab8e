package address

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A text may name a house to its last number and still not say that somebody lives there: he has moved, never lived there, or lives beside it; another lives
// there; or the number is a bridge's. Nobody should be tied to that house without being asked.

// takenBack are what people say of an address that isn't theirs, or no longer.
var takenBack = lexiconOf("不是", "并非", "不对", "错误", "有误", "写错", "填错", "登错", "报错", "地址错", "更正为", "应为", "改为", "改成", "变更为",
	"不住", "没住", "没有住", "未住", "不再住", "除外", "以外", "已拆", "拆除", "非本人", "搬走", "搬离", "搬到", "搬去", "搬往", "搬至", "已搬", "迁往", "迁至", "迁出", "迁到",
	"原住", "曾住", "曾经住", "曾居住", "原居住", "原地址", "原址", "旧址", "旧地址", "老地址", "旧住址", "老住址", "前住址", "以前住", "之前住", "过去住", "从前住", "曾用", "旧门牌", "老门牌", "原门牌", "新门牌", "原为")

// kin are whom somebody else's address is told of: 赵甲之母，住大李村45号. Who lives with them lives there as well.
var kin = lexiconOf("父亲", "母亲", "父母", "爸爸", "妈妈", "儿子", "女儿", "丈夫", "妻子", "爱人", "哥哥", "弟弟", "姐姐", "妹妹", "爷爷", "奶奶", "岳父", "岳母", "公公", "婆婆", "亲戚", "亲属", "房东", "朋友", "同事", "邻居", "娘家", "婆家",
	"之父", "之母", "之子", "之女", "之妻", "之夫", "其父", "其母", "其子", "其女", "其妻", "其夫")

var (
	registered = lexiconOf("户籍", "户口", "籍贯", "原籍")
	living     = lexiconOf("现住", "现居", "现在住", "居住", "实际住", "租住", "借住", "寄住", "暂住", "常住", "住址")
	lodging    = lexiconOf("现住", "现居", "现在住", "现在居住", "实际居住", "实际住", "居住在", "租住", "借住", "寄住", "暂住")
	// surveyed stand behind such a word where no address does.
	surveyed = lexiconOf("人", "户", "状态", "情况", "类型", "性质", "时间", "证", "此", "这", "该", "本", "内", "于此", "在此", "在内", "在这")
)

var (
	// besideNumbers stand right behind a number, and say that another place is meant than the one it counts, or more than one.
	besideNumbers = lexiconOf("对门", "邻居", "的邻居", "的对门", "的隔壁", "的楼上", "的楼下", "东邻", "西邻", "南邻", "北邻", "楼上", "上面", "下面", "正上方", "正下方", "左右", "上下", "背后", "背面", "中间", "之间", "隔1", "隔2", "隔几",
		"下1家", "前1家", "后1家", "上1家", "下1户", "前1户", "后1户", "上1户", "往里", "往外", "再往", "再向", "过去", "拐角", "东数", "西数", "南数", "北数", "前数", "后数", "那1排", "那排", "那1条", "那条", "那栋", "南走", "北走", "东走", "西走", "以前", "以后", "之前", "之后",
		"等1", "等2", "等3", "等4", "等5", "等几", "等户", "等处", "等地", "多号", "几号", "余号", "迁来", "转入", "地下室", "储藏", "储物", "车库", "车位", "车棚", "阁楼")
	// atTheEnd do so where nothing else follows.
	atTheEnd = lexiconOf("东", "西", "南", "北", "东面", "西面", "南面", "北面", "东头", "西头", "南头", "北头", "起", "止", "为止", "开始", "多", "等", "等人", "路", "线", "地", "田", "厂", "站")
	// alone do so as a piece of their own.
	alone = lexiconOf("对门", "邻居", "楼上", "楼上邻居", "楼下邻居", "隔壁邻居", "对门邻居", "东邻", "西邻", "南邻", "北邻", "错了", "错", "原", "旧", "作废", "已作废", "停用")
	// things have numbers as houses have.
	things = lexiconOf("桥", "井", "机井", "电线杆", "线杆", "杆", "路灯", "灯杆", "大棚", "棚", "坟", "墓", "地块", "渠", "塘", "闸", "泵", "台区", "变压器", "配电", "水表", "电表", "气表", "表箱", "仓库", "公交", "文件", "令", "胡同", "巷", "街")
)

// distances are how far it is from the place named to the one meant.
var distances = lexiconOf("米", "公里", "里地", "步", "KM")

// doubter reads a text for what speaks against taking it at its word.
type doubter struct {
	g      *Gazetteer
	gs     []glyph
	named  []hit
	looked bool
}

// doubted says whether a text, whose words lead to a house, takes it back, or tells of somebody or something else.
func (g *Gazetteer) doubted(text string, gs []glyph, at Candidate) bool {
	d := doubter{g: g, gs: gs}
	return illegible(text) || d.denied() || d.twoHomes() || d.kinsfolk() || d.elsewhere() || d.otherKind(at) || d.abroad(at)
}

// names are those in the text. Few texts need them.
func (d *doubter) names() []hit {
	if !d.looked {
		d.named, d.looked = d.g.names.hits(d.gs), true
	}
	return d.named
}

// free says whether no name has any of some characters: 原址路 is a street.
func (d *doubter) free(from, to int) bool {
	return !slices.ContainsFunc(d.names(), func(h hit) bool { return h.from < to && from < h.to })
}

func (d *doubter) says(i int, words lexicon) int {
	if n := wordAt(d.gs, i, words); n > 0 && d.free(i, i+n) {
		return n
	}
	return 0
}

// edge says whether a piece begins at i, or ended before it.
func (d *doubter) edge(i int) bool {
	return i == 0 || i == len(d.gs) || d.gs[i].gap || d.gs[i].inside != d.gs[i-1].inside
}

// clause is where the clause begins that i is in.
func (d *doubter) clause(i int) int {
	for i > 0 && d.gs[i].sep == 0 && d.gs[i].inside == d.gs[i-1].inside {
		i--
	}
	return i
}

// firstFigure is where the first figure of a text stands, its length where none does.
func (d *doubter) firstFigure() int {
	if i := slices.IndexFunc(d.gs, func(g glyph) bool { return digit(g.r) }); i >= 0 {
		return i
	}
	return len(d.gs)
}

func (d *doubter) denied() bool {
	if len(d.gs) > 0 && d.gs[0].r == '非' && d.free(0, 1) {
		return true
	}
	for i := range d.gs {
		if d.says(i, takenBack) > 0 {
			return true
		}
	}
	return false
}

// twoHomes says whether somebody is registered at one address and lives at another, or lives elsewhere than the text began with.
func (d *doubter) twoHomes() bool {
	home, seat := -1, -1
	figures := d.firstFigure()
	for i := range d.gs {
		if n := d.says(i, registered); n > 0 && home < 0 && wordAt(d.gs, i+n, surveyed) == 0 {
			home = i
		}
		n := d.says(i, living)
		if n == 0 && d.gs[i].r == '住' && d.edge(i) && (i+1 == len(d.gs) || !has("宅户院房", d.gs[i+1].r)) {
			n = 1
		}
		if n > 0 && seat < 0 && wordAt(d.gs, i+n, surveyed) == 0 {
			seat = i
		}
		n = d.says(i, lodging)
		if q := i + n; n > 0 && i > figures && q < len(d.gs) && !digit(d.gs[q].r) && wordAt(d.gs, q, surveyed) == 0 && (!d.edge(q) || d.gs[q].colon) {
			return true
		}
	}
	if home < 0 || seat < 0 {
		return false
	}
	from, to := min(home, seat), max(home, seat)
	return d.gs[to].sep != 0 && d.gs[to].sep != '、' || slices.ContainsFunc(d.gs[from:to], func(g glyph) bool { return digit(g.r) })
}

// kinsfolk says whether a text begins with somebody by another, and that he lives where it tells.
func (d *doubter) kinsfolk() bool {
	for i := range d.gs {
		n := d.says(i, kin)
		if n == 0 || slices.ContainsFunc(d.gs[d.clause(i):i], func(g glyph) bool { return has("系是随跟和与同", g.r) }) {
			continue
		}
		first := len(d.gs)
		for _, h := range d.names() {
			first = min(first, h.from)
		}
		return i < first && (d.gs[i+n-1].r == '家' || i+n < first && d.gs[i+n].r == '家' || slices.ContainsFunc(d.gs[i:first], func(g glyph) bool { return g.r == '住' }))
	}
	return false
}

// elsewhere says whether something stands behind a number by which not what it counts is meant.
func (d *doubter) elsewhere() bool {
	gs := d.gs
	for i := d.firstFigure() + 1; i < len(gs); i++ {
		if d.edge(i) {
			n := wordAt(gs, i, alone)
			if n == 0 && gs[i-1].r == '号' && has(directions, gs[i].r) { // 501室（西） is a room's side
				n = 1
			}
			if n > 0 && d.edge(i+n) && d.free(i, i+n) {
				return true
			}
			continue
		}
		if digit(gs[i-1].r) && d.says(i, distances) > 0 && wordAt(gs, d.clause(i), nearby) == 0 {
			return true
		}
		marked := has("号室户", gs[i-1].r) && i > 1 && digit(gs[i-2].r)
		if !marked && !digit(gs[i-1].r) {
			continue
		}
		if d.says(i, besideNumbers) > 0 || marked && d.says(i, things) > 0 {
			return true
		}
		if n := wordAt(gs, i, atTheEnd); n > 0 && d.edge(i+n) && d.free(i, i+n) {
			return true
		}
	}
	return false
}

// otherKind says whether a village's house is called a building or a shop: the village may have those besides, with numbers of their own.
func (d *doubter) otherKind(at Candidate) bool {
	if at.Compound != 0 || at.Street != 0 || at.Entrance != 0 || at.Level != House {
		return false
	}
	for i := range d.gs {
		for _, kind := range [...]string{"号楼", "号商铺", "号店铺", "号门市", "号门面", "号沿街"} {
			if i > 0 && digit(d.gs[i-1].r) && starts(d.gs, i, kind) > 0 {
				return !strings.Contains(at.Label, kind)
			}
		}
	}
	return false
}

// abroad says whether a division is named behind the numbers that the place doesn't lie in, and the gazetteer hasn't: 大李村45号（望云镇）.
func (d *doubter) abroad(at Candidate) bool {
	gs := d.gs
	from := d.firstFigure()
	for i := from + 1; i < len(gs); i++ {
		if d.edge(i) {
			from = i
			continue
		}
		k, end := kindAt(gs, i)
		if k < 0 || kindWords[k].level > Town || kindWords[k].level == Nothing || kindWords[k].weak || kindWords[k].word == "区" || !d.edge(from) {
			continue
		}
		if !d.g.above && (kindWords[k].level < County || kindWords[k].word == "市") || has("超门夜菜集楼股城都本我老家全外乡村", gs[i-1].r) || end < len(gs) && gs[end].colon || !d.free(i, end) {
			continue
		}
		if !d.edge(end) && !slices.ContainsFunc(d.names(), func(h hit) bool { return h.from == end }) {
			continue
		}
		start := from
		for _, h := range d.names() {
			if h.from >= from && h.to < i {
				start = max(start, h.to)
			}
		}
		if !d.g.nearlyIn(keyOf(gs[start:end]), at.Division) {
			return true
		}
	}
	return false
}

// nearlyIn says whether a division, or one that it lies in, is called so, but for one slip.
func (g *Gazetteer) nearlyIn(name, code string) bool {
	return slices.ContainsFunc(g.divisions, func(e division) bool {
		return strings.HasPrefix(code, e.code) && slices.ContainsFunc(variants(e.name, divisionLevel(e.code)), func(v variant) bool {
			return difference([]rune(name), []rune(key(v.text))).forgivable()
		})
	})
}

// illegible says whether a figure may be missing among those that are left: 4□号, ?45号.
func illegible(text string) bool {
	written := []rune(text)
	at := func(i int) rune {
		if i < 0 || i >= len(written) {
			return 0
		}
		return unwide(written[i])
	}
	for i := range written {
		switch at(i) {
		case '□', '■', '▢', '▇', '█', utf8.RuneError:
			if digit(at(i-1)) || digit(at(i+1)) {
				return true
			}
		case '?':
			if digit(at(i+1)) || digit(at(i-1)) && at(i+1) == '号' {
				return true
			}
		}
	}
	return false
}

// unwide is a sign of full width as one of half.
func unwide(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFEE0
	}
	return r
}
