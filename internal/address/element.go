package address

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// unit is what stands behind a number.
type unit uint8

const (
	bare         unit = iota
	unitPhase         // 期
	unitZone          // 区
	unitGroup         // 组、队
	unitRow           // 排
	unitBuilding      // 号楼、栋、幢
	unitTower         // 座: a building, or an entrance of one
	unitStorey        // 楼: a building, or a floor
	unitMark          // 号: of a street, of a building, of a room
	unitHash          // #
	unitYard          // 号院、弄
	unitEntrance      // 单元、门
	unitFloor         // 层
	unitRoom          // 室、户、房
)

// unitWords are tried in this order: the longest first.
var unitWords = []struct {
	word string
	unit unit
}{
	{"村民小组", unitGroup}, {"生产队", unitGroup}, {"村民组", unitGroup},
	{"门牌号", unitMark}, {"门牌", unitMark}, {"楼栋号", unitBuilding}, {"单元号", unitEntrance}, {"房间号", unitRoom},
	{"号商铺", unitMark}, {"号店铺", unitMark}, {"号公寓楼", unitBuilding}, {"号高层", unitBuilding}, {"号小高层", unitBuilding}, {"号洋房", unitBuilding}, {"号别墅", unitBuilding}, {"号住宅楼", unitBuilding}, {"号居民楼", unitBuilding}, {"号宿舍楼", unitBuilding}, {"号单元", unitEntrance}, {"楼栋", unitBuilding}, {"楼幢", unitBuilding}, {"楼层", unitFloor}, {"房号", unitRoom}, {"室号", unitRoom}, {"单元门", unitEntrance},
	{"单元楼", unitEntrance}, {"号大院", unitYard}, {"号房间", unitRoom}, {"号楼栋", unitBuilding},
	{"号楼", unitBuilding}, {"号栋", unitBuilding}, {"号幢", unitBuilding}, {"号座", unitTower}, {"号院", unitYard}, {"号弄", unitYard}, {"号门", unitEntrance},
	{"号室", unitRoom}, {"号房", unitRoom}, {"号户", unitRoom}, {"号铺", unitRoom}, {"号层", unitFloor}, {"号组", unitGroup}, {"号排", unitRow},
	{"#楼", unitBuilding}, {"#栋", unitBuilding}, {"#幢", unitBuilding}, {"#座", unitTower}, {"#室", unitRoom}, {"#单元", unitEntrance}, {"#院", unitYard}, {"栋楼", unitBuilding},
	{"幢楼", unitBuilding}, {"座楼", unitBuilding}, {"单元", unitEntrance}, {"门洞", unitEntrance}, {"门栋", unitEntrance}, {"层楼", unitFloor}, {"房间", unitRoom}, {"小组", unitGroup}, {"小队", unitGroup},
	{"期", unitPhase}, {"区", unitZone}, {"组", unitGroup}, {"队", unitGroup}, {"排", unitRow}, {"栋", unitBuilding}, {"幢", unitBuilding}, {"座", unitTower},
	{"楼", unitStorey}, {"号", unitMark}, {"#", unitHash}, {"院", unitYard}, {"弄", unitYard}, {"门", unitEntrance}, {"梯", unitEntrance}, {"单", unitEntrance},
	{"层", unitFloor}, {"室", unitRoom}, {"户", unitRoom}, {"房", unitRoom},
}

// unitsOf has, for the first character of each unit, the places of those that begin so.
var unitsOf = func() map[rune][]int {
	m := map[rune][]int{}
	for i, u := range unitWords {
		r, _ := utf8.DecodeRuneInString(u.word)
		m[r] = append(m[r], i)
	}
	return m
}()

// notUnits are words that begin like a unit and are none: 3门市部, 10号线.
var notUnits = lexiconOf("门市", "门口", "门前", "门外", "门旁", "门面", "门卫", "号线", "号桥", "号井", "室外", "楼下", "楼上", "期间", "区间", "院校", "房东", "队长", "组长", "户主", "楼长", "号码", "门铃", "门禁", "门岗", "门房", "楼道", "房主", "室友", "户籍")

// element is one numbered piece of an address: 3号楼, 2单元, 501, 东户.
type element struct {
	num      string // normal form
	unit     unit
	from, to int  // glyphs
	dashed   bool // a dash stands before it
	section  string
	also     unit // what a letter behind the number may stand for: 5F, 2U
}

const (
	stems      = "甲乙丙丁戊己庚辛壬癸"
	directions = "东西南北中"
)

func has(set string, r rune) bool { return strings.ContainsRune(set, r) }

// mostElements is more numbers than any address has in a row.
const mostElements = 10

// readElements reads as many elements as follow one another from p on, and gives where they end.
func readElements(gs []glyph, p int) ([]element, int) {
	var out []element
	for p < len(gs) && len(out) < mostElements {
		q, lead := p, false
		if gs[q].r == dash {
			q++
			lead = true
		}
		if len(out) > 0 {
			q = between(gs, q)
		}
		e, ok := readElement(gs, q)
		if !ok {
			break
		}
		e.dashed = lead && len(out) > 0
		out, p = append(out, e), e.to
	}
	return out, p
}

// within says where the next number is, in what the one before counts.
var within = lexiconOf("里", "内")

// fronts are what a number's rooms look out on, or what the house is: 66号临街301室.
var fronts = lexiconOf("临街楼", "临街", "沿街楼", "沿街", "门面房", "门面", "门头房", "商铺", "店铺", "铺面", "底商", "住宅", "公寓", "民房", "平房", "自建房", "自建楼", "楼房", "居民楼", "住宅楼", "宿舍楼", "家属楼", "办公楼", "综合楼")

// endFloors are floors that have no number.
var endFloors = lexiconOf("顶层", "顶楼", "最顶层", "最高层", "最上层", "底层", "最底层")

// climbs stand before a floor: 上十二楼.
var climbs = lexiconOf("上到", "上", "爬到", "爬", "住在", "住", "到", "去", "坐电梯到", "坐电梯上", "坐电梯", "乘电梯到", "乘电梯上", "电梯到", "电梯上", "走到", "楼层是", "楼层", "楼层在")

// upTo is the length of what stands before a floor at p, 0 where no floor follows.
func upTo(gs []glyph, p int) int {
	n := wordAt(gs, p, climbs)
	if n == 0 || p+n == len(gs) {
		return 0
	}
	if e, ok := readElement(gs, p+n); ok && (e.unit == unitStorey || e.unit == unitFloor) {
		return n
	}
	return 0
}

// between is the end of the words between two numbers that say nothing: 12号院内3号楼, 三号楼的那个二单元.
func between(gs []glyph, p int) int {
	for range 3 {
		n := max(wordAt(gs, p, fillers), wordAt(gs, p, particles), wordAt(gs, p, within), wordAt(gs, p, endFloors), wordAt(gs, p, fronts), upTo(gs, p))
		if p += n; n == 0 || p == len(gs) {
			break
		}
	}
	return p
}

func readElement(gs []glyph, p int) (element, bool) {
	num, q, needs, ok := readNumber(gs, p)
	if !ok {
		return element{}, false
	}
	e := element{num: num, from: p, to: q}
	if q < len(gs) && (!apart(gs, q) || bracketed(gs, q)) && !numbers(gs, q) {
		e.unit, e.to = readUnit(gs, q)
	}
	if needs && !needed(num, e.unit) && starts(gs, q, "单元") == 0 {
		return element{}, false
	}
	if e.unit == unitMark || e.unit == unitHash {
		e.num, e.to = readSuffix(gs, e.num, e.to)
	}
	switch e.unit {
	case bare:
		e.also = letterUnit(num)
	case unitPhase:
		e.section = e.num + "期"
	case unitZone:
		e.section = e.num + "区"
	case unitGroup:
		e.section = e.num + "组"
	case unitRow:
		e.section = e.num + "排"
	}
	return e, true
}

// letterUnit is the unit that the letter at the end of a number is short for, if it is: F, and U for 单元.
func letterUnit(num string) unit {
	switch n := len(num) - 1; {
	case n < 1 || !digit(rune(num[0])) || !digit(rune(num[n-1])):
	case num[n] == 'F':
		return unitFloor
	case num[n] == 'U':
		return unitEntrance
	}
	return bare
}

// apart says whether what begins at p is a piece of its own: behind a separator, in another field, within a bracket or behind one.
func apart(gs []glyph, p int) bool {
	return p > 0 && (gs[p].sep != 0 || gs[p].field || gs[p].inside != gs[p-1].inside)
}

// numbers says whether the hash at p is in front of a number of its own: #3 #2 #501.
func numbers(gs []glyph, p int) bool {
	return gs[p].r == '#' && gs[p].gap && p+1 < len(gs) && digit(gs[p+1].r) && !gs[p+1].gap
}

// bracketed says whether brackets hold a unit that begins at p, and nothing else: 3（栋）.
func bracketed(gs []glyph, p int) bool {
	if !gs[p].inside || gs[p-1].inside || gs[p].sep != 0 || gs[p].field {
		return false
	}
	_, end := readUnit(gs, p)
	return end > p && (end == len(gs) || !gs[end].inside || gs[end].gap)
}

// needed says whether a sign that is no digit may be the number of such a unit: 甲单元, A座, 东户, 北区, but not 东门 or 甲号.
func needed(num string, u unit) bool {
	r := []rune(num)[0]
	switch u {
	case bare, unitMark, unitHash, unitGroup, unitRow, unitFloor:
		return false
	case unitEntrance, unitYard:
		return !has(directions, r)
	case unitPhase:
		return letter(r)
	}
	return true
}

// readNumber reads 12, 甲12, 12甲, A3, 501A, 西12, 12之1, 12附1; and signs alone (A, 甲, 东), which need a unit.
func readNumber(gs []glyph, p int) (num string, end int, needs, ok bool) {
	q := p
	at := func(i int) rune {
		if i < len(gs) && (i == p || !gs[i].gap) {
			return gs[i].r
		}
		return 0
	}
	if (at(q) == '第' || at(q) == '#') && digit(at(q+1)) {
		q++
	}
	var before, after string
	start := q
	if has(stems, at(q)) && at(q) != 0 {
		if !digit(at(q + 1)) {
			return string(at(q)), q + 1, true, true
		}
		after = string(at(q))
		q++
	}
	for at(q) != 0 && has(directions, at(q)) && q-start < 2 {
		before += string(at(q))
		q++
	}
	if before == "" {
		for letter(at(q)) && q-start < 3 {
			before += string(at(q))
			q++
		}
		if letter(at(q)) {
			return "", p, false, false // a word
		}
	}
	d := q
	for digit(at(q)) {
		q++
	}
	switch n := q - d; {
	case n == 0 && before != "":
		return before, q, true, len([]rune(before)) < 3
	case n == 0 || n > 6:
		return "", p, false, false
	}
	digits := strings.TrimLeft(keyOf(gs[d:q]), "0")
	if digits == "" {
		digits = "0"
	}
	switch r := at(q); {
	case r != 0 && has(stems, r) && after == "":
		after = string(r)
		q++
	case letter(r) && !letter(at(q+1)) && before == "":
		after = string(r)
		q++
	}
	if q == len(gs) || gs[q].r != dash {
		if more, to := readSub(gs, q); to > q {
			after, q = after+more, to
		}
	}
	return before + digits + after, q, false, true
}

// readSub reads 之1 and 附1 as -1.
func readSub(gs []glyph, p int) (string, int) {
	if p+1 >= len(gs) || !has("之附副", gs[p].r) || !digit(gs[p+1].r) || gs[p].field || gs[p+1].field {
		return "", p
	}
	q := p + 1
	for q < len(gs) && digit(gs[q].r) && !(gs[q].gap && q > p+1) {
		q++
	}
	return "-" + strings.TrimLeft(keyOf(gs[p+1:q]), "0"), q
}

// readSuffix reads what may stand behind 12号: 之1, 附1号, 甲.
func readSuffix(gs []glyph, num string, p int) (string, int) {
	if more, to := readSub(gs, p); to > p {
		if to < len(gs) && gs[to].r == '号' && !apart(gs, to) {
			if u, _ := readUnit(gs, to); u == unitMark {
				to++
			}
		}
		return num + more, to
	}
	if p < len(gs) && has(stems, gs[p].r) && !gs[p].gap {
		if u, to := readUnit(gs, p+1); to == p+1 && (p+1 == len(gs) || !digit(gs[p+1].r) || gs[p+1].gap) && u == bare {
			return num + string(gs[p].r), p + 1
		}
	}
	return num, p
}

func readUnit(gs []glyph, p int) (unit, int) {
	if p == len(gs) || !isUnit(gs, p) {
		return bare, p
	}
	for _, i := range unitsOf[gs[p].r] {
		u := &unitWords[i]
		n := starts(gs, p, u.word)
		if n == 0 || u.word == "单" && (p+1 == len(gs) || !digit(gs[p+1].r)) || (u.word == "区" || u.word == "院") && p+1 < len(gs) && has("县委校长", gs[p+1].r) && !gs[p+1].gap {
			continue
		}
		if n > 1 && has("号#", gs[p].r) && !isUnit(gs, p+1) { // 45号房东
			continue
		}
		return u.unit, p + n
	}
	return bare, p
}

// isUnit says whether what stands at p can be a unit, and isn't a word that begins like one.
func isUnit(gs []glyph, p int) bool {
	for _, w := range notUnits[gs[p].r] {
		if n := starts(gs, p, w); n > 0 && !slices.ContainsFunc(gs[p+1:p+n], func(g glyph) bool { return g.gap }) { // 1号楼 长乐小区
			return false
		}
	}
	return true
}

// starts is the number of characters of the word when it stands at p, 0 when it doesn't. No word goes over the edge of a bracket, or a separator.
func starts(gs []glyph, p int, word string) int {
	n := 0
	for _, r := range word {
		if p+n >= len(gs) || gs[p+n].r != r || n > 0 && (gs[p+n].inside != gs[p].inside || gs[p+n].sep != 0) {
			return 0
		}
		n++
	}
	return n
}
