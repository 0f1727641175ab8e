package address

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// kind words end a name and say what it names, the longest first where one ends another.
var kindWords = []struct {
	word  string
	level Level
	weak  bool // common at the end of other names too: only where the name ends anyway
}{
	{"特别行政区", Province, false}, {"自治区", Province, false}, {"省", Province, false},
	{"自治州", Prefecture, false}, {"自治县", County, false}, {"自治旗", County, false},
	{"街道办事处", Town, false}, {"镇人民政府", Town, false}, {"乡人民政府", Town, false}, {"街道办", Town, false}, {"办事处", Town, false}, {"街办", Town, false}, {"街道", Town, false},
	{"民族乡", Town, false}, {"苏木", Town, false}, {"镇", Town, false}, {"乡", Town, false},
	{"社区居民委员会", Community, false}, {"社区居委会", Community, false}, {"居民委员会", Community, false}, {"村民委员会", Community, false}, {"社区村委会", Community, false},
	{"居委会", Community, false}, {"村委会", Community, false}, {"家委会", Community, false}, {"社区", Community, false}, {"行政村", Community, false}, {"自然村", Community, false},
	{"家属大院", Compound, false}, {"家属小区", Compound, false}, {"家属院", Compound, false}, {"家属楼", Compound, true}, {"宿舍区", Compound, false}, {"宿舍楼", Compound, true}, {"宿舍院", Compound, false},
	{"宿舍", Compound, false}, {"生活区", Compound, false}, {"住宅区", Compound, false}, {"住宅小区", Compound, false}, {"别墅区", Compound, false}, {"小区", Compound, false}, {"新村", Compound, false},
	{"花园", Compound, false}, {"家园", Compound, false}, {"嘉园", Compound, false}, {"佳园", Compound, false}, {"花苑", Compound, false}, {"雅苑", Compound, false}, {"新苑", Compound, false}, {"公寓", Compound, false},
	{"公馆", Compound, false}, {"山庄", Compound, true}, {"庄园", Compound, false}, {"名城", Compound, false}, {"新城", Compound, true}, {"华府", Compound, false}, {"首府", Compound, false}, {"悦府", Compound, false}, {"豪庭", Compound, false},
	{"大厦", Compound, false}, {"广场", Compound, true}, {"国际", Compound, true}, {"御景", Compound, true}, {"苑", Compound, true}, {"园", Compound, true}, {"府", Compound, true}, {"湾", Compound, true}, {"城", Compound, true},
	{"里", Compound, true}, {"坊", Compound, true}, {"居", Compound, true}, {"轩", Compound, true}, {"庭", Compound, true}, {"阁", Compound, true}, {"郡", Compound, true}, {"墅", Compound, true}, {"邸", Compound, true},
	{"大院", Compound, true}, {"厂", Compound, true}, {"院", Compound, true}, {"庄", Compound, true}, {"公司", Compound, true}, {"小学", Compound, true}, {"中学", Compound, true}, {"医院", Compound, true},
	{"大道", Street, false}, {"大街", Street, false}, {"胡同", Street, false}, {"公路", Street, false}, {"马路", Street, false}, {"路", Street, false}, {"街", Street, false}, {"巷", Street, false},
	{"国道", Street, false}, {"省道", Street, false}, {"县道", Street, false}, {"乡道", Street, false}, {"环线", Street, false}, {"弄", Street, true}, {"道", Street, true}, {"条", Street, true},
	{"村", Community, false}, {"嘎查", Community, false},
	{"开发区", Nothing, false}, {"高新区", Nothing, false}, {"工业园区", Nothing, false}, {"工业区", Nothing, false}, {"工业园", Nothing, false}, {"产业园", Nothing, false}, {"园区", Nothing, false}, {"新区", Nothing, false},
	{"地区", Prefecture, false}, {"市", County, false}, {"县", County, false}, {"旗", County, false}, {"区", County, false},
}

// longKinds has, for the first character of each kind word, the words that begin so, the longest first.
var longKinds = func() map[rune][]int {
	m := map[rune][]int{}
	for i, k := range kindWords {
		r := []rune(k.word)
		list := m[r[0]]
		at := len(list)
		for at > 0 && len(kindWords[list[at-1]].word) < len(k.word) {
			at--
		}
		list = append(list, 0)
		copy(list[at+1:], list[at:])
		list[at] = i
		m[r[0]] = list
	}
	return m
}()

// kindAt is the longest kind word that stands at p.
func kindAt(gs []glyph, p int) (index, end int) {
	for _, i := range longKinds[gs[p].r] {
		if n := starts(gs, p, kindWords[i].word); n > 0 {
			return i, p + n
		}
	}
	return -1, p
}

// fillers say nothing about where.
var fillers = lexiconOf("家庭住址", "家庭地址", "住所地", "住所", "户籍地", "户口所在地", "经常居住地", "经常居所地", "经营场所", "注册地址", "注册地", "办公地址", "送达地址", "安装地址", "装机地址", "用电地址", "用水地址", "用气地址", "工作地址", "租房地址", "户籍地址", "户籍所在地", "居住地址", "现居住地址", "现居住地", "现住地址", "现住址", "居住地", "收货地址", "详细地址", "联系地址", "通讯地址", "通信地址",
	"身份证地址", "事发地点", "事发地", "所在地址", "具体地址", "房屋地址", "住址", "地址", "地点", "位于", "家住在", "家住", "现住在", "现住", "居住在", "住在", "坐落于", "坐落", "座落于", "我住", "我家在", "送到", "中国", "中华人民共和国",
	"房屋坐落于", "房屋座落于", "房屋坐落", "房屋座落", "座落", "本人住在", "本人住", "我们家在", "我们家", "我家住在", "我家", "俺家在", "俺家", "家在", "住的是", "居住于", "就是", "就在", "那个", "这个", "那边", "这边", "那里", "这里",
	"我是", "我在", "我们", "咱们", "我这里", "我这边", "您好", "你好", "师傅", "麻烦您", "麻烦你", "麻烦", "现在", "居民", "村民", "那儿", "这儿", "一带", "具体是", "具体在", "具体", "应该是", "好像是", "也就是", "属于", "归", "原来是", "然后是", "然后", "再就是",
	"下面", "下属", "所属", "辖内", "其它区", "其他区", "市辖区", "请送到", "请送至", "麻烦送到", "送至", "寄到", "寄往", "寄至", "派送至", "配送至", "辖区内", "辖区", "境内", "里边", "里头",
	"门牌号码", "门牌号", "门牌", "房号", "楼号", "单元号", "室号", "院内", "内", "里面", "处")

// ways are how one goes in: they say nothing between a name and its numbers.
var ways = lexiconOf("小区内", "小区里", "小区里面", "东门", "西门", "南门", "北门", "正门", "侧门", "大门", "东门进", "西门进", "南门进", "北门进", "大门进", "进门", "东侧门", "西侧门", "院里", "村东", "村西", "村南", "村北", "村中", "村里", "村内", "村东头", "村西头", "村南头", "村北头", "东头", "西头", "南头", "北头", "庄东头", "庄西头", "里", "住宅", "住宅楼", "居民楼", "高层", "小高层", "多层", "洋房")

// particles are what speech leaves between names. None begins a name.
var particles = lexiconOf("的", "在", "是", "啊", "呀", "哎", "诶", "欸", "唉", "嗯", "呃", "哦", "噢", "吧", "呢", "哈", "咱", "俺", "我", "你", "他", "她", "喂")

// fillerAt is the end of what says nothing at p, p itself where something does. What stands in front of all and ends with 住 or 址 says who it is about, or
// since when (暂住, 张三现住, 租住在), whatever the words are. A single character (内) says nothing only behind a number, or a name with its kind.
func fillerAt(gs []glyph, p int) int {
	n := max(wordAt(gs, p, fillers), wordAt(gs, p, particles))
	if n == 1 && wordAt(gs, p, particles) == 0 && !(p > 0 && (digit(gs[p-1].r) || has("号院弄#区村", gs[p-1].r))) {
		n = 0
	}
	switch {
	case n == 0 && foreign(gs, p) > 0:
		n = foreign(gs, p)
	case p == 0:
		n = max(n, introduction(gs))
	case gs[p].r == '中': // 中国 is in front of all, or part of a name
		n = 0
	}
	return p + n
}

// foreign is the length of a word of letters that stands apart from all else, and from numbers: a name told once more (Mingzhu, Shandong).
func foreign(gs []glyph, p int) int {
	if !letter(gs[p].r) || p > 0 && !gs[p].gap {
		return 0
	}
	end := latinWord(gs, p)
	if end-p < 3 || end < len(gs) && (!gs[end].gap || digit(gs[end].r)) || latinUnit(gs, p, end) != "" {
		return 0
	}
	return end - p
}

// introduction is how many characters in front of a text end with 住 or 址, and 在 or 于 behind it.
func introduction(gs []glyph) int {
	for i := range min(len(gs), 6) {
		switch r := gs[i].r; {
		case counts(r) || i > 0 && gs[i].gap && r != '住':
			return 0
		case r == '址', r == '住' && (i+1 == len(gs) || !has("宅户院房", gs[i+1].r)):
			for i++; i < len(gs) && has("在于", gs[i].r); i++ {
			}
			return i
		}
	}
	return 0
}

// relations say that the place meant is beside the one named.
var relations = lexiconOf("斜对面", "正对面", "对面", "对过", "旁边", "旁", "附近", "周边", "隔壁", "东侧", "西侧", "南侧", "北侧", "东边", "西边", "南边", "北边", "以东", "以西", "以南", "以北", "东南角", "西南角",
	"东北角", "西北角", "路东", "路西", "路南", "路北", "后面", "前面", "后边", "前边", "门前", "屋后", "房后", "楼后", "楼前", "路口", "交叉口", "交汇处", "交界处", "东行", "西行", "南行", "北行", "往东", "往西", "往南", "往北", "向东", "向西", "向南", "向北",
	"东门外", "西门外", "南门外", "北门外", "门口", "大门口", "楼下", "附近处")

// phoneWords introduce a number that is none of an address.
var phoneWords = lexiconOf("联系电话", "手机号码", "手机号", "手机", "电话号码", "电话", "联系方式", "邮政编码", "邮编", "身份证号码", "身份证号", "身份证", "TEL")

// lexicon is a list of words by their first characters, the longest first.
type lexicon map[rune][]string

func lexiconOf(words ...string) lexicon {
	l := lexicon{}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		l[r] = append(l[r], w)
	}
	for _, list := range l {
		slices.SortStableFunc(list, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	return l
}

// wordAt is the longest word of a list that stands at p.
func wordAt(gs []glyph, p int, words lexicon) int {
	if p >= len(gs) {
		return 0
	}
	for _, w := range words[gs[p].r] {
		if n := starts(gs, p, w); n > 0 {
			return n
		}
	}
	return 0
}

// longNumber is the end of seven digits and more, dashes between them allowed (0537-5212345): nobody's house. A postcode behind its word
// is shorter.
func longNumber(gs []glyph, p int) int {
	if !digit(gs[p].r) || p > 0 && digit(gs[p-1].r) && !gs[p].gap {
		return p
	}
	q, run, longest, first := p, 0, 0, 0
	for ; q < len(gs) && (q == p || !gs[q].field) && (digit(gs[q].r) || gs[q].r == dash && q+1 < len(gs) && digit(gs[q+1].r)); q++ {
		if gs[q].r == dash {
			run = 0
			if first == 0 {
				first = q - p
			}
			if longest == 0 && q-p != 3 && q-p != 4 || gs[p].r != '0' && longest < 7 && gs[p].r != '1' {
				return p
			}
			continue
		}
		if run++; run > longest {
			longest = run
		}
	}
	mobile := gs[p].r == '1' && (first == 0 || first == 3) && q-p >= 11 && q-p <= 13
	if longest >= 7 || mobile && q-p == 13 {
		if q < len(gs) && gs[q].r == 'X' {
			q++
		}
		return q
	}
	return p
}
