package address

import (
	"slices"
)

// Remarks are pieces of a text that say how one gets in, what an address is beside, who lives there, or what who comes there does.

// clauses are what separators and the edges of brackets cut a text into. Who says how to get in needn't write a comma before it.
func clauses(gs []glyph) (out []stretch) {
	from := 0
	for i := 1; i <= len(gs); i++ {
		if i < len(gs) && gs[i].sep == 0 && gs[i].inside == gs[i-1].inside && !(has("从由", gs[i].r) && (gs[i].gap || digit(gs[i-1].r) || has("室户", gs[i-1].r))) {
			continue
		}
		out, from = append(out, stretch{from, i}), i
	}
	return out
}

var (
	// asking is what stands in front of how to get in.
	asking = lexiconOf("请", "麻烦", "记得", "要", "可以", "可", "只能", "需要", "需", "得", "都", "车", "来的时候", "然后")
	// wayStarts begin how one gets in, wayEnds end it.
	wayStarts = lexiconOf("从", "由", "走", "经过", "经由", "经", "自", "沿着", "沿")
	wayEnds   = lexiconOf("进", "进去", "进来", "进入", "进门", "进院", "进小区", "入", "入内", "走", "过", "上楼", "进出", "出入")
	// nearby begin what an address is beside.
	nearby = lexiconOf("靠近", "近", "挨着", "挨近", "紧邻", "紧挨着", "紧挨", "紧靠", "邻近", "临近", "毗邻", "离", "距离", "距")
	// landmarks are what people say that an address is beside, besides places with a name.
	landmarks = lexiconOf("超市", "学校", "小学", "中学", "医院", "银行", "酒店", "宾馆", "饭店", "公园", "广场", "市场", "商场", "车站", "加油站", "卫生室", "卫生院", "幼儿园", "药店", "药房", "村委会", "居委会", "村委", "居委", "派出所", "政府",
		"邮局", "诊所", "网吧", "大桥", "小桥", "火车站", "汽车站", "公交站", "菜市场", "小卖部", "便利店", "理发店", "快递点", "健身房", "服务站", "变电站", "水库", "大酒店", "售楼处", "物业", "供销社", "信用社", "农商行", "教堂", "停车场")
	// pointers point at the place itself, and not at another that it is beside.
	pointers = "这那该此本他她它我你其咱俺"
	// doings are what somebody does who comes, waits or brings something. No place is called so.
	doings = lexiconOf("有人", "等着", "等我", "等你", "来接", "去接", "接应", "接1下", "接车", "说1下", "说下", "记1下", "等1下", "派个人", "派人", "派车", "来人", "来个人", "快来", "救人", "帮忙", "着火", "起火", "摔倒", "晕倒", "打架", "吵架", "漏水", "停电", "打电话", "电话联系", "联系我", "敲门", "放门口", "放在", "下楼", "上楼", "送货", "取件", "以后", "以前", "之后", "之前", "点钟", "点来", "点到", "点半", "点前", "点后", "上午", "下午",
		"晚上", "早上", "中午", "今天", "明天", "后天", "周末", "周一", "周二", "带上", "带着", "带好", "带点", "请带", "要带", "自带", "停车", "开门", "有狗", "没电梯", "无电梯", "有电梯", "坐电梯", "按铃", "按门铃", "签收", "请勿", "谢谢", "记得", "下等", "口等", "厅等", "里等", "门铃", "在家", "不在家", "急用", "尽快", "快点")
)

// selves are what an address itself has: who says that something is beside one speaks of a place beside the address.
var selves = lexiconOf("房子", "院子", "院墙", "房屋", "家", "家里", "屋", "大门", "院", "楼", "门", "墙", "马路", "路", "胡同", "巷子", "它", "那儿", "这里", "那里")

// yonder says whether a text goes on with a clause that leads away from its address: 45号，房子后面; 45号，往东走.
func yonder(gs []glyph) bool {
	if !slices.ContainsFunc(gs, func(g glyph) bool { return g.sep != 0 || g.inside }) {
		return false
	}
	for i, s := range clauses(gs) {
		if i == 0 {
			continue
		}
		for p := s.from; p < s.to; p++ {
			if has("往向朝", gs[p].r) && p+1 < s.to && (has(directions, gs[p+1].r) || has("前后里", gs[p+1].r)) {
				return true
			}
		}
		c := gs[s.from:s.to]
		n := endsWith(c, relations)
		if n == 0 || wordAt(c, len(c)-n, thresholds) == n {
			continue
		}
		q := 0
		for q < len(c) && (has(pointers, c[q].r) || has("在的", c[q].r)) {
			q++
		}
		w := wordAt(c, q, selves)
		if q+w+n >= len(c) || w > 0 && q+w+1+n == len(c) && c[q+w].r == '的' {
			return true
		}
	}
	return false
}

// thresholds are where people wait, and parcels are left.
var thresholds = lexiconOf("门口", "大门口", "路口", "楼下", "门前", "楼前")

// remark says whether a piece of a text is a sentence of its own: how one gets in, what the address is beside, or what who comes there does.
func (g *Gazetteer) remark(gs []glyph) bool {
	for {
		n := max(wordAt(gs, 0, asking), wordAt(gs, 0, fillers), wordAt(gs, 0, particles))
		if n == 0 || n == len(gs) || wordAt(gs, 0, wayStarts) > n || g.begun(gs) {
			break
		}
		gs = gs[n:]
	}
	var named []hit
	for i := range gs {
		if !has("往向朝", gs[i].r) {
			continue
		}
		if named == nil {
			named = g.names.hits(gs)
		}
		if !slices.ContainsFunc(named, func(h hit) bool { return h.from <= i && i < h.to }) { // 朝阳街 leads nowhere
			return false
		}
	}
	return len(gs) > 2 && (g.wayIn(gs) || g.beside(gs) || g.doing(gs))
}

// begun says whether a name begins a piece.
func (g *Gazetteer) begun(gs []glyph) bool {
	return slices.ContainsFunc(g.names.hits(gs), func(h hit) bool { return h.from == 0 })
}

// wayIn says whether a piece says how one gets in: 从文昌路8号门进, 走南门.
func (g *Gazetteer) wayIn(gs []glyph) bool {
	n := wordAt(gs, 0, wayStarts)
	ends := endsWith(gs, wayEnds)
	switch {
	case n+ends == 0, relates(gs, "门口", "大门口", "路口"):
		return false
	case n > 0 && ends > 0:
		return n+ends < len(gs)
	case n > 0:
		return gs[0].r == '走' && has("门口路街道巷桥", gs[len(gs)-1].r)
	}
	return ends > 0 && gs[len(gs)-ends].r == '进'
}

// endsWith is the number of characters of the word that ends glyphs.
func endsWith(gs []glyph, words lexicon) int {
	for i := range gs {
		if n := wordAt(gs, i, words); n > 0 && i+n == len(gs) {
			return n
		}
	}
	return 0
}

// relates says whether a word for beside is among glyphs, other than some.
func relates(gs []glyph, but ...string) bool {
	for i := range gs {
		if n := wordAt(gs, i, relations); n > 0 && !slices.Contains(but, keyOf(gs[i:i+n])) {
			return true
		}
	}
	return false
}

// beside says whether a piece says what an address is beside: 幸福小区对面, 靠近文昌路. Without a place that it is beside (对面, 房子后面) it speaks of the address.
func (g *Gazetteer) beside(gs []glyph) bool {
	if n := wordAt(gs, 0, nearby); n > 0 {
		gs = gs[n:]
		for _, far := range [...]string{"不远", "很近", "较近"} {
			if i := len(gs) - len([]rune(far)); i > 0 && starts(gs, i, far) > 0 {
				gs = gs[:i]
			}
		}
		if n := endsWith(gs, relations); n > 0 {
			gs = gs[:len(gs)-n]
		}
		return g.landmark(gs)
	}
	n := endsWith(gs, relations)
	return n > 0 && g.landmark(gs[:len(gs)-n])
}

// landmark says whether glyphs are a place that has a name, or one of a kind that people say where something is by.
func (g *Gazetteer) landmark(gs []glyph) bool {
	if n := len(gs); n > 2 && gs[n-1].r == '的' {
		gs = gs[:n-1]
	}
	if len(gs) < 2 || relates(gs) || slices.ContainsFunc(gs, func(x glyph) bool { return has(pointers, x.r) }) {
		return false
	}
	if endsWith(gs, landmarks) > 0 {
		return true
	}
	for _, h := range g.names.hits(gs) {
		if h.to == len(gs) && h.to-h.from > 2 {
			return true
		}
	}
	for i := 2; i < len(gs); i++ {
		if k, end := kindAt(gs, i); k >= 0 && end == len(gs) && !kindWords[k].weak {
			return true
		}
	}
	return false
}

// doing says whether a piece is about what somebody does, and names no place.
func (g *Gazetteer) doing(gs []glyph) bool {
	some := false
	for i := range gs {
		some = some || wordAt(gs, i, doings) > 0
		if k, _ := kindAt(gs, i); i > 0 && k >= 0 && !kindWords[k].weak && !has("在到去", gs[i-1].r) {
			return false
		}
	}
	return some && len(g.names.hits(gs)) == 0 && !relates(gs, "门口", "大门口", "路口", "楼下", "门前")
}

// apartLevels says whether two units are never those of one number: 2单元 says nothing of 2号楼.
func apartLevels(a, b unit) bool {
	building := func(u unit) bool { return u == unitBuilding || u == unitTower }
	below := func(u unit) bool { return u == unitEntrance || u == unitFloor || u == unitRoom }
	return building(a) && below(b) || building(b) && below(a)
}

// nearName says whether a text says of a name that something is near it, and nothing else of it: 靠近文昌社区.
func (g *Gazetteer) nearName(gs []glyph) bool {
	var named []hit
	looked := false
	for i := range gs {
		n := wordAt(gs, i, nearby)
		if n == 0 || i+n == len(gs) {
			continue
		}
		if !looked {
			named, looked = g.names.hits(gs), true
		}
		if slices.ContainsFunc(named, func(h hit) bool { return h.from == i+n }) && !slices.ContainsFunc(named, func(h hit) bool { return h.from <= i && h.to > i }) {
			return true
		}
	}
	return false
}

// lives are how a sentence goes on to where somebody lives, whatever it said about him before.
var lives = lexiconOf("住", "现住", "现居住", "家住", "户籍地", "户籍所在地", "户籍", "住所地", "经常居住地", "住址", "现住址", "地址", "家庭住址", "暂住")

// whose is how many characters in front say who it is that lives somewhere, and name no place: 赵甲，男，1950年1月1日出生，住大李村45号.
func (g *Gazetteer) whose(gs []glyph) int {
	for i := 2; i < len(gs); i++ {
		if gs[i].sep == 0 || wordAt(gs, i, lives) == 0 {
			continue
		}
		if likeName(gs[:i]) || len(g.names.hits(gs[:i])) > 0 || relates(gs[:i]) {
			return 0
		}
		return i
	}
	return 0
}

var (
	ands      = lexiconOf("与", "和", "及", "交")
	crossings = lexiconOf("交叉口", "交汇处", "交会处", "交界处", "十字路口", "丁字路口", "路口", "交口", "交叉路口", "口")
	corners   = lexiconOf("东北角", "东南角", "西北角", "西南角", "东北", "东南", "西北", "西南", "东侧", "西侧", "南侧", "北侧", "路东", "路西", "路南", "路北", "东", "西", "南", "北", "旁边", "旁", "附近", "处")
)

// crossing is where a text says at which corner of streets something is, in front of its name: 文昌路与重庆路交叉口东北角明珠小区.
func (g *Gazetteer) crossing(gs []glyph) stretch {
	named := g.names.hits(gs)
	at := func(p int, street bool) int { // the end of a name at p
		k := slices.IndexFunc(named, func(h hit) bool {
			return h.from == p && slices.ContainsFunc(h.rows, func(r int32) bool { return (g.names.rows[r].place.kind() == placeStreet) == street })
		})
		if k < 0 {
			return p
		}
		return named[k].to
	}
	for _, h := range named {
		p := at(h.from, true)
		if p == h.from {
			continue
		}
		if n := wordAt(gs, p, ands); n > 0 && at(p+n, true) > p+n {
			p = at(p+n, true)
		}
		n := wordAt(gs, p, crossings)
		if n == 0 {
			continue
		}
		p += n
		p += wordAt(gs, p, corners)
		p += wordAt(gs, p, particles)
		if p < len(gs) && at(p, false) > p {
			return stretch{h.from, p}
		}
	}
	return stretch{}
}
