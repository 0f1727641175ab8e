package address

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Forms and exports write an address as fields: 镇街：千泉街道；小区：明珠小区；楼栋：3；单元：2；房号：501. A label says nothing of where, but for what its number counts; so
// fields leaves labels out and gives bare numbers the unit that theirs say: 千泉街道 明珠小区 3栋 2单元 501室.

// labelAtom is a word that labels are made of. unit is what a bare number behind the label counts, asBefore what the word before it says.
type labelAtom struct{ word, unit string }

const asBefore = "="

// labelAtoms are all of them, by their first characters, the longest first: a label is one or more in a row (所属街道/镇名称, 楼栋（幢）号), with a colon behind it.
var labelAtoms = func() map[rune][]labelAtom {
	m := map[rune][]labelAtom{}
	for _, kind := range []struct{ unit, words string }{
		{"", "省份 省 自治区 直辖市 地级市 地市 城市 市州 市 州 盟 县级 县 旗 区 城区 镇 乡 街道办事处 街道办 办事处 街道 街 街巷 街路巷 路 道路 道 巷 弄 胡同 村 行政村 自然村 村庄 居 社区 居委会 村委会 居委 村委 小区 区域 院落 院 楼盘 建筑物 网格 片区 辖区"},
		{"", "家庭 住宅 住房 房屋 房产 住所 居所 居住地 居住 户籍地 户籍 户口 所在地 所在 所属 所辖 地址 住址 地点 位置 坐落 座落 门址 详址 现 常 暂 实际 详细 具体 完整 标准 收货 收件 寄件 送货 配送 派送 取件 联系 通讯 通信 邮寄 单位 报警 案发 事发 服务 安装 用电 用水 用气 信息"},
		{"", "级 名称 名 全称 简称 及 与 和 或 的 您 你 我 请 ADDRESS ADDR PROVINCE CITY COUNTY DISTRICT TOWN STREET ROAD VILLAGE COMMUNITY COMPOUND ESTATE NAME"},
		{"栋", "楼栋 楼幢 楼宇 楼座 楼号 栋 幢 号楼 座 BUILDING BLDG BLOCK"},
		{"楼", "楼"},
		{"单元", "单元 门洞 梯 UNIT ENTRANCE"},
		{"层", "楼层 层 层数 FLOOR FL"},
		{"室", "室 房间 房 户室 门室 房室 户 ROOM RM APT"},
		{"号", "门牌 门号 门楼牌 楼门牌 院号"},
		{"组", "村民小组 村民组 小组 组"},
		{"期", "期"},
		{asBefore, "号码 号 编号 序号 牌 码 代码 NO"},
	} {
		for _, w := range strings.Fields(kind.words) {
			r, _ := utf8.DecodeRuneInString(w)
			m[r] = append(m[r], labelAtom{w, kind.unit})
		}
	}
	for _, list := range m {
		slices.SortStableFunc(list, func(a, b labelAtom) int { return cmp.Compare(len(b.word), len(a.word)) })
	}
	return m
}()

// asides are labels of what is no part of an address: who lives there, how large it is.
var asides = lexiconOf("户主姓名", "户主", "姓名", "联系人姓名", "联系人", "收件人", "收货人", "寄件人", "报警人", "报修人", "申请人", "登记人", "承租人", "产权人", "权利人", "当事人", "负责人", "经办人", "业主", "住户", "租客", "房东", "性别", "年龄", "民族",
	"建筑面积", "面积", "备注", "说明", "用途", "时间", "日期", "状态", "类型", "类别", "人数", "邮编", "邮政编码")

// loneLabels need no colon in front of a number.
var loneLabels = []labelAtom{{"楼栋号", "栋"}, {"楼号", "栋"}, {"栋号", "栋"}, {"幢号", "栋"}, {"单元号", "单元"}, {"楼层号", "层"}, {"房间号", "室"}, {"房号", "室"}, {"室号", "室"}, {"户室号", "室"}, {"门牌号码", "号"}, {"门牌号", "号"},
	{"单元", "单元"}, {"房间", "室"}, {"门牌", "号"}, {"楼栋", "栋"}, {"楼层", "层"}}

// pieceLabels are labels only where they begin a piece and a number is all the rest of it: ，楼3，单元2，.
var pieceLabels = []labelAtom{{"楼", "栋"}, {"栋", "栋"}, {"幢", "栋"}, {"座", "栋"}, {"室", "室"}, {"房", "室"}, {"户", "室"}}

// label is one that stands at a place in a text.
type label struct {
	end  int    // where what it is the label of begins
	unit string // what that counts, if it is a bare number
}

// fields leaves the labels out. dropped has them. announces says of the characters in front of a colon whether they may only announce what is behind it
// (烦请送至：), whatever the words are.
func fields(gs []glyph, announces func([]glyph) bool) (out, dropped []glyph) {
	if !slices.ContainsFunc(gs, func(g glyph) bool { return g.sep != 0 }) && !labelled(gs) {
		return gs, nil
	}
	for i := 0; i < len(gs); {
		l, ok := labelAt(gs, i)
		if end := announced(gs, i); !ok && end > i && announces(gs[i:end]) {
			l, ok = label{end: end}, true
		}
		if !ok {
			if dropped != nil {
				out = append(out, gs[i])
			}
			i++
			continue
		}
		if dropped == nil {
			out = append(make([]glyph, 0, len(gs)+8), gs[:i]...)
		}
		gs[i].field = true
		dropped = append(dropped, gs[i:l.end]...)
		if i = l.end; i == len(gs) {
			break
		}
		gs[i].field, gs[i].gap, gs[i].sep = true, true, ','
		if end := bareValue(gs, i); end > i && l.unit != "" {
			out, i = append(append(out, gs[i:end]...), unitGlyphs(l.unit, gs[end-1])...), end
			if i < len(gs) {
				gs[i].gap, gs[i].field = true, true
			}
		}
	}
	if dropped == nil {
		return gs, nil
	}
	return out, dropped
}

// unitGlyphs are those of a unit that nobody wrote behind a number.
func unitGlyphs(unit string, last glyph) (out []glyph) {
	for _, r := range unit {
		out = append(out, glyph{r: r, from: last.to, to: last.to, inside: last.inside})
	}
	return out
}

// labelAt is the label that stands at i.
func labelAt(gs []glyph, i int) (label, bool) {
	if end := latinKindAt(gs, i); end > i {
		return label{end: end}, true
	}
	if i > 0 && !gs[i].gap {
		return loneAt(gs, i)
	}
	if end := asideAt(gs, i); end > i {
		return label{end: end}, true
	}
	if end, unit, ok := atomsAt(gs, i, i, ""); ok {
		return label{end, unit}, true
	}
	return loneAt(gs, i)
}

// longestLabel is how many characters a label has at most.
const longestLabel = 16

// atomsAt goes over atoms from i on, up to a colon.
func atomsAt(gs []glyph, from, i int, unit string) (end int, last string, ok bool) {
	switch {
	case i == len(gs) || i-from > longestLabel:
		return i, "", false
	case i > from && (gs[i].colon || gs[i].sep != 0 && (from == 0 || gs[from].sep != 0)): // a label alone between separators needs no colon
		return i, unit, true
	case i > from && gs[i].sep != 0 && gs[i].sep != '、':
		return i, "", false
	}
	for _, a := range labelAtoms[gs[i].r] {
		if n := spelt(gs, i, a.word); n > 0 {
			u := a.unit
			if u == asBefore {
				u = unit
			}
			if end, last, ok := atomsAt(gs, from, i+n, u); ok {
				return end, last, true
			}
		}
	}
	return i, "", false
}

// spelt is the number of characters of a word that stands at i, without a separator or a colon in it.
func spelt(gs []glyph, i int, word string) int {
	n := 0
	for _, r := range word {
		if i+n >= len(gs) || gs[i+n].r != r || n > 0 && (gs[i+n].colon || gs[i+n].sep != 0) {
			return 0
		}
		n++
	}
	return n
}

// loneAt is a label in front of a number that needs no colon: 楼号3, ROOM 501.
func loneAt(gs []glyph, i int) (label, bool) {
	if i == 0 || gs[i].field || gs[i].sep != 0 {
		return loneWord(gs, i)
	}
	before := gs[i-1].r
	if counts(before) && !(letter(gs[i].r) && gs[i].gap) || has(stems, before) || has(directions, before) {
		return label{}, false
	}
	l, ok := loneWord(gs, i)
	return l, ok && (gs[i].gap || !isUnitAt(gs, i))
}

// isUnitAt says whether the label at i may be a unit as well: 单元, but not 单元号.
func isUnitAt(gs []glyph, i int) bool {
	u, end := readUnit(gs, i)
	return u != bare && (end == len(gs) || counts(gs[end].r))
}

// longestField is how far one looks behind a word for the number that it is the label of.
const longestField = 64

func loneWord(gs []glyph, i int) (label, bool) {
	gs = gs[:min(len(gs), i+longestField)]
	if i > 0 && gs[i].sep != 0 && i+1 < len(gs) && !gs[i+1].gap {
		k := slices.IndexFunc(pieceLabels, func(a labelAtom) bool { return spelt(gs, i, a.word) == 1 })
		if k >= 0 && bareValue(gs, i+1) > i+1 {
			return label{i + 1, pieceLabels[k].unit}, true
		}
	}
	list := loneLabels
	if letter(gs[i].r) {
		list = latinUnits
	}
	for _, a := range list {
		n := spelt(gs, i, a.word)
		if n > 0 && letter(gs[i].r) && i+n+2 < len(gs) && gs[i+n].gap { // ROOM NO. 501
			n += spelt(gs, i+n, "NO")
		}
		if n == 0 || i+n == len(gs) || letter(gs[i].r) && letter(gs[i+n].r) {
			continue
		}
		if num, _, needs, ok := readNumber(gs, i+n); ok && (!needs || a.unit == "栋" && letter(gs[i].r) && len(num) == 1) { // TOWER A
			return label{i + n, a.unit}, true
		}
	}
	return label{}, false
}

// labelled says whether there may be a label without a colon.
func labelled(gs []glyph) bool {
	for i := 1; i < len(gs); i++ {
		switch r, before := gs[i].r, gs[i-1].r; {
		case (r == '号' || r == '码') && !counts(before), letter(r) && letter(before), digit(r) && has("元间牌栋层", before):
			return true
		}
	}
	return false
}

// longestAside is how much of what is behind the label of something else is left out with it.
const longestAside = 12

// asideAt is the end of a label of something else and of what is behind it.
func asideAt(gs []glyph, i int) int {
	n := 0
	for _, w := range asides[gs[i].r] {
		n = max(n, spelt(gs, i, w))
	}
	p := i + n
	if n == 0 || p >= len(gs) || !gs[p].colon {
		return i
	}
	for at := p; p < len(gs) && (p == at || gs[p].sep == 0); p++ {
		if e, ok := readElement(gs, p); p-at > longestAside || ok && e.unit >= unitBuilding {
			return i
		}
		if p > at {
			if _, _, ok := atomsAt(gs, p, p, ""); ok && gs[p].gap {
				return p
			}
		}
	}
	return p
}

// announced is where the next colon stands, when a piece begins at i, the colon is near, and no number in front of it. It is i where none is.
func announced(gs []glyph, i int) int {
	if i > 0 && gs[i].sep == 0 {
		return i
	}
	for p := i; p < min(len(gs), i+12) && !counts(gs[p].r); p++ {
		switch {
		case p > i && gs[p].colon:
			return p
		case p > i && i > 0 && gs[p].sep != 0:
			return i
		}
	}
	return i
}

// likeName says whether a word that ends names is among characters: 刘庄子：看庄村3号 isn't in 看庄村, perhaps.
func likeName(gs []glyph) bool {
	for i := range gs {
		if k, _ := kindAt(gs, i); k >= 0 && kindWords[k].level >= Town {
			return true
		}
	}
	return false
}

// endsLikeName says whether characters end with a word that ends names.
func endsLikeName(gs []glyph) bool {
	for i := range gs {
		if _, end := kindAt(gs, i); end == len(gs) {
			return true
		}
	}
	return false
}

// bareValue is the end of a number that is all of a field, and has no unit of its own.
func bareValue(gs []glyph, i int) int {
	_, end, _, ok := readNumber(gs, i)
	switch {
	case !ok:
		return i
	case end == len(gs):
		return end
	}
	if _, _, label := atomsAt(gs, end, end, ""); label {
		return end
	}
	if _, lone := loneWord(gs, end); lone {
		return end
	}
	if gs[end].gap && gs[end].sep == 0 && len(gs) > end+2 && onlyDigits(gs[end:end+3]) { // UNIT 2-501
		return end
	}
	if u, _ := readUnit(gs, end); u == bare && gs[end].gap && (gs[end].sep != 0 || !counts(gs[end].r)) || gs[end].sep != 0 {
		return end
	}
	return i
}
