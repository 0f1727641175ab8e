package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// The held-out ways to write an address. Their author hadn't read the grammar that is measured with them, nor its tests, and had not seen the other ways,
// only what is known of a dwelling (dwelling_test.go) and how the invented county names things. They are for measuring: who mends the grammar by what
// they show has to write new ones, or what is measured next is how well the grammar knows its own examination.
//
// Each is somebody who writes addresses down: who has printed columns, a habit, a keyboard or a telephone in the way. None is a riddle. Somebody who
// knows the county finds the house by what is written, if the way's keeps are enough to tell it from all others; notes beside the address say nothing
// of where it is. What a way writes beyond its keeps is not promised: keeps are the least of all kinds of dwellings.

// heldOut are twenty of them.
var heldOut = []otherWay{
	{"快递面单 courier's label", keepsTown | keepsPlace | keepsUnit, courierLabel},
	{"外卖地址 delivery of meals", keepsGate | keepsPlace | keepsUnit, mealAddress},
	{"物业房号 property company's sheet", keepsPlace | keepsUnit, propertySheet},
	{"户籍底册 police household list", keepsTown | keepsCommunity | keepsGate | keepsUnit, householdList},
	{"入院登记 hospital's form", keepsTown | keepsPlace | keepsUnit, hospitalForm},
	{"语音转写 dictated note", keepsTown | keepsPlace | keepsUnit, dictated},
	{"村级花名册 village cadre's list", keepsTown | keepsCommunity, villageRoll},
	{"入学报名表 school enrolment", keepsTown | keepsCommunity | keepsPlace | keepsUnit, enrolment},
	{"水电费单 utility bill", keepsTown | keepsGate | keepsPlace | keepsUnit, utilityBill},
	{"微信消息 resident's message", keepsPlace | keepsUnit, chatMessage},
	{"消防巡查 fire inspection's log", keepsCommunity | keepsPlace | keepsUnit, fireLog},
	{"房屋契约 deed", keepsTown | keepsCommunity | keepsGate | keepsPlace | keepsUnit, deed},
	{"繁体家书 traditional characters", keepsTown | keepsCommunity | keepsPlace | keepsUnit, traditionalLetter},
	{"接警单 dispatcher's slip", keepsCommunity | keepsPlace | keepsUnit, dispatchSlip},
	{"由小到大 smallest first", keepsTown | keepsGate | keepsPlace | keepsUnit, smallestFirst},
	{"邮政编码 postcode, no unit", keepsTown | keepsGate | keepsPlace, withPostcode},
	{"系统导出 labelled fields", keepsTown | keepsCommunity | keepsPlace | keepsUnit, labelledExport},
	{"表格拼接 columns run together", keepsTown | keepsCommunity | keepsGate | keepsPlace | keepsUnit, joinedColumns},
	{"扫描识别 scanned, spaces anywhere", keepsTown | keepsPlace | keepsUnit, scanned},
	{"网格员速记 grid worker's shorthand", keepsCommunity | keepsPlace | keepsUnit, gridNote},
}

// 收货地址：山东省 济宁市 邹城市 钢山街道 西苑嘉园二8号楼1单元3003室（放门口鞋柜）
func courierLabel(_ *housing, d *dwelling, r *rand.Rand) string {
	s := plainSigns
	if odds(r, 3) {
		s.room = ""
	}
	note := anyOf(r, "", "（放门口鞋柜）", "(门口右手)", "，电话请打两遍", " 到了先打电话", "【勿放快递柜】")
	return anyOf(r, "收货地址：", "收件地址: ", "") + "山东省 济宁市 " + d.county + " " + d.town + " " + spotName(d, s) + insideOf(d, s) + note
}

// 西苑嘉园二(邹城市锦江街195号) 8#1单元3003
func mealAddress(_ *housing, d *dwelling, r *rand.Rand) string {
	s := signs{gate: "号", building: anyOf(r, "#", "号楼", "栋"), unit: "单元", room: anyOf(r, "", "室")}
	space, on := anyOf(r, " ", "  ", ""), gateName(d)
	switch {
	case d.kind == homestead:
		return strings.TrimSpace(innermost(d) + "(" + d.county + d.town + ") " + d.gate + "号" + space + insideOf(d, s))
	case d.kind == onStreet:
		return strings.TrimSpace(spotName(d, s)+space+insideOf(d, s)) + "(" + d.county + d.town + ")"
	case on == "":
		on = d.town
	}
	return d.place + "(" + d.county + on + ")" + space + insideOf(d, s)
}

// 08-01-3003 西苑嘉园二
func propertySheet(_ *housing, d *dwelling, r *rand.Rand) string {
	dash, form := hyphen(r), anyOf(r, "%s", "%02s")
	switch d.kind {
	case flat:
		return fmt.Sprintf(form, d.building) + dash + fmt.Sprintf(form, d.unit) + dash + d.room + anyOf(r, " ", "\t", "，") + d.place
	case inHall:
		return d.room + "铺" + anyOf(r, " ", "\t", "，") + d.place
	}
	return ""
}

// 山东省邹城市钢山街道办事处泰和社区居委会锦江街195号院8号楼1单元3003室
func householdList(_ *housing, d *dwelling, r *rand.Rand) string {
	s := plainSigns
	if d.kind == flat {
		if d.street == "" { // a compound is known by its gate here
			return ""
		}
		s.gate, s.building = "号院", anyOf(r, "号楼", "幢")
	}
	town := d.town
	if strings.HasSuffix(town, "街道") {
		town += "办事处"
	}
	committee := d.community + anyOf(r, "居委会", "居民委员会")
	if village, found := strings.CutSuffix(d.community, "村"); found {
		committee = anyOf(r, d.community+"委会", d.community+"民委员会", d.community+"村委会")
		if numeralLast(village) {
			committee = d.community + "村民委员会"
		}
	}
	from := anyOf(r, "山东省", "济宁市", "") + d.county + town + committee
	if d.kind == homestead {
		return from + d.place + d.gate + s.gate + insideOf(d, s)
	}
	return from + d.street + gateOf(d, s) + insideOf(d, s)
}

// 住址:山东邹城钢山西苑嘉园二8号楼1单元30楼3003
func hospitalForm(h *housing, d *dwelling, r *rand.Rand) string {
	s := signs{gate: "号", building: "号楼", unit: "单元"}
	if d.floor > 0 && d.room != "" {
		s.before = fmt.Sprintf("%d%s", d.floor, anyOf(r, "楼", "层"))
	}
	from := anyOf(r, "住址:", "现住", "") + anyOf(r, "山东邹城", "济宁邹城", "邹城") + h.brief(d.town)
	if d.kind == homestead && d.place == "" {
		if d.room == "" {
			s.gate = anyOf(r, "号", "")
		}
		return from + shortVillage(h, d) + gateOf(d, s) + insideOf(d, s)
	}
	return from + spotName(d, s) + insideOf(d, s)
}

// 我家在钢山街道，西苑嘉园二，八号楼一单元三零零三
func dictated(_ *housing, d *dwelling, r *rand.Rand) string {
	one := anyOf(r, "一", "幺")
	s := signs{gate: "号", building: "号楼", unit: "单元", count: saidCount, digits: func(n string) string { return saidDigits(n, one) }}
	text := anyOf(r, "我家在", "我住", "地址是", "就是") + anyOf(r, d.county, "") + d.town + anyOf(r, "，", "的", "那个")
	switch {
	case d.kind == flat:
		return text + d.place + "，" + insideOf(d, s) + anyOf(r, "", "，对", "。")
	case d.kind == inHall:
		return text + d.place + "，" + insideOf(d, s)
	case d.kind == onStreet && d.street != shopfronts, d.place != "": // 东高庄村二 has a number 11, and 东高庄村 a number 21
		return text + d.street + d.place + "，" + gateOf(d, s) + insideOf(d, s)
	}
	return text + spotName(d, s) + insideOf(d, s) + anyOf(r, "", "。")
}

// 太平镇—西纪沟3村—100号院—101
func villageRoll(_ *housing, d *dwelling, r *rand.Rand) string {
	if d.kind != homestead {
		return ""
	}
	parts := words{d.town, plainVillage(d.community)}
	parts.add(true, d.place, d.gate+anyOf(r, "号院", "号", "#"), d.room)
	return strings.Join(parts, anyOf(r, "-", "—", "/", "、", " "))
}

// three lines of a form: 家庭住址：邹城市钢山街道 / 泰和社区天和御景小区 / 8号楼1单元3003室
func enrolment(_ *housing, d *dwelling, r *rand.Rand) string {
	line, s := anyOf(r, "\n", "\r\n", " \n"), plainSigns
	from := anyOf(r, "家庭住址：", "现居住地：\n", "") + d.county + d.town + line + d.community
	switch d.kind {
	case homestead:
		return from + d.place + line + d.gate + "号" + insideOf(d, s)
	case onStreet:
		return from + d.street + line + d.gate + "号" + insideOf(d, s)
	case flat:
		return from + sayingKind(d.place) + line + insideOf(d, s)
	}
	return from + line + d.place + insideOf(d, s)
}

// 用电地址：邹城市钢山街道锦江街１９５号西苑嘉园二０８幢０１单元３００３
func utilityBill(_ *housing, d *dwelling, r *rand.Rand) string {
	s := signs{gate: "号", building: "幢", unit: "单元", count: paddedTo(2), digits: asItIs}
	text := d.town
	switch d.kind {
	case homestead:
		text += innermost(d) + paddedTo(3)(d.gate) + "号"
	case onStreet:
		text += onItsStreet(d) + d.gate + "号"
	default:
		text += gateName(d) + d.place
	}
	return anyOf(r, "用电地址：", "用水地址:", "") + d.county + fullWidth(text+insideOf(d, s))
}

// 西苑嘉园二期8号楼一单元3003，麻烦师傅了
func chatMessage(_ *housing, d *dwelling, r *rand.Rand) string {
	s := signs{gate: "号", building: anyOf(r, "号楼", "栋", "号"), unit: "单元", room: anyOf(r, "", "室")}
	note := anyOf(r, "", "，麻烦师傅了", "，在家", "～", "，门口停着三轮车", "（门铃坏了请敲门）")
	if d.kind == flat {
		unit := d.unit
		if odds(r, 2) {
			unit = saidCount(d.unit)
		}
		return asPhase(d.place, odds(r, 2)) + d.building + s.building + unit + s.unit + d.room + s.room + note
	}
	return spotName(d, s) + insideOf(d, s) + note
}

// 泰和社区/西苑嘉园二/8#楼/1u/30f/3003
func fireLog(_ *housing, d *dwelling, r *rand.Rand) string {
	parts := words{d.community}
	switch d.kind {
	case homestead:
		parts.add(true, d.place, d.gate+"#")
	case onStreet:
		parts.add(true, d.street+d.gate+"#")
	case flat:
		parts.add(true, d.place, d.building+"#楼", d.unit+anyOf(r, "u", "U", "单元"))
	default:
		parts.add(true, d.place)
	}
	if d.room != "" {
		if d.floor > 0 {
			parts.add(true, fmt.Sprintf("%d%s", d.floor, anyOf(r, "f", "F")))
		}
		parts.add(true, d.room)
	}
	return strings.Join(parts, anyOf(r, "/", "_", " ", "|"))
}

// 坐落：山东省邹城市钢山街道泰和社区锦江街195号西苑嘉园二捌号楼壹单元叁拾层3003号
func deed(_ *housing, d *dwelling, r *rand.Rand) string {
	s := signs{gate: "号", building: anyOf(r, "号楼", "幢"), unit: "单元", room: anyOf(r, "号", "室"), count: formalCount, digits: asItIs}
	text := anyOf(r, "坐落：", "房屋坐落于", "座落:") + "山东省" + d.county + d.town + d.community
	if d.floor > 0 && d.room != "" {
		s.before = formalCount(fmt.Sprint(d.floor)) + "层"
	}
	switch d.kind {
	case homestead:
		return text + d.place + gateOf(d, s) + insideOf(d, s)
	case onStreet:
		return text + d.street + gateOf(d, s) + insideOf(d, s)
	}
	return text + gateName(d) + d.place + insideOf(d, s)
}

// 山東省鄒城市鋼山街道泰和社區西苑嘉園二8號樓1單元3003室
func traditionalLetter(_ *housing, d *dwelling, r *rand.Rand) string {
	s, text := plainSigns, "山东省"+anyOf(r, "济宁市", "")+d.county+d.town+d.community
	switch d.kind {
	case homestead:
		text += d.place + d.gate + "号"
	case onStreet:
		text += d.street + d.gate + "号"
	default:
		text += d.place
	}
	return traditional.Replace(text + insideOf(d, s))
}

// 泰和 西苑嘉园二8~1~3003
func dispatchSlip(h *housing, d *dwelling, r *rand.Rand) string {
	from, dash := shortVillage(h, d), hyphen(r)
	if d.kind == homestead && d.place == "" {
		from += d.gate
		if d.room == "" {
			return from + anyOf(r, "号", "")
		}
		return from + anyOf(r, "-", "—", "号") + d.room
	}
	from += anyOf(r, " ", "")
	switch d.kind {
	case flat:
		return from + d.place + d.building + dash + d.unit + dash + d.room
	case inHall:
		return from + d.place + anyOf(r, " ", "") + d.room
	case homestead:
		return from + d.place + d.gate + "号" + d.room
	}
	if d.room == "" || strings.Contains(d.gate, "-") {
		return from + d.street + d.gate + "号" + d.room
	}
	return from + d.street + d.gate + anyOf(r, "-", "—", "/") + d.room
}

// 3003室, 1单元, 8号楼, 西苑嘉园二, 锦江街195号, 钢山街道, 邹城市, 山东省
func smallestFirst(_ *housing, d *dwelling, r *rand.Rand) string {
	var parts words
	if d.room != "" {
		parts.add(true, d.room+anyOf(r, "室", ""))
	}
	switch d.kind {
	case homestead:
		parts.add(true, d.gate+"号", d.place, d.community)
	case onStreet:
		parts.add(true, onItsStreet(d)+d.gate+"号")
	case flat:
		parts.add(true, d.unit+"单元", d.building+"号楼")
		fallthrough
	default:
		parts.add(true, d.place, gateName(d))
	}
	parts.add(true, d.town, d.county, "济宁市", "山东省")
	return strings.Join(parts, anyOf(r, ", ", "，", " "))
}

// 273500 山东省邹城市钢山街道锦江街195号西苑嘉园二8号楼3003室
func withPostcode(_ *housing, d *dwelling, r *rand.Rand) string {
	text := anyOf(r, "273500 ", "（273500）", "邮编273500，") + "山东省" + d.county + d.town
	switch d.kind {
	case homestead, onStreet:
		return text + spotName(d, plainSigns) + insideOf(d, plainSigns)
	case flat:
		return text + gateName(d) + d.place + d.building + "号楼" + d.room + "室"
	}
	return text + gateName(d) + d.place + d.room + "室"
}

// 县市区:邹城市;镇街:钢山街道;社区:泰和社区;小区:西苑嘉园二;楼栋:8;单元:1;房号:3003
func labelledExport(_ *housing, d *dwelling, r *rand.Rand) string {
	is := anyOf(r, ":", "：", "=")
	parts := words{"县市区" + is + d.county, "镇街" + is + d.town, "村居" + is + d.community}
	field := func(label, value string) {
		if value != "" {
			parts = append(parts, label+is+value)
		}
	}
	switch d.kind {
	case homestead:
		field("自然村", d.place)
		field("门牌号", d.gate)
	case onStreet:
		field("街路巷", d.street)
		field("门牌号", d.gate)
	case flat:
		field("小区", d.place)
		field("楼栋", d.building)
		field("单元", d.unit)
	default:
		field("建筑物", d.place)
	}
	field("房号", d.room)
	return strings.Join(parts, anyOf(r, ";", "；", "|", ", "))
}

// 邹城市邹城市钢山街道钢山街道泰和社区锦江街195号西苑嘉园二西苑嘉园二8号楼1单元3003室
func joinedColumns(_ *housing, d *dwelling, r *rand.Rand) string {
	again := func(s string) string { return s + anyOf(r, "", s) }
	text := anyOf(r, "", "山东省济宁市") + d.county + d.county + again(d.town) + again(d.community)
	switch d.kind {
	case homestead:
		return text + again(d.place) + d.gate + "号" + insideOf(d, plainSigns)
	case onStreet:
		return text + again(d.street) + d.gate + "号" + insideOf(d, plainSigns)
	}
	return text + gateName(d) + again(d.place) + insideOf(d, plainSigns)
}

// 邹城 市钢山街道西苑 嘉园二 8 号楼1 单元3003室
func scanned(_ *housing, d *dwelling, r *rand.Rand) string {
	text := []rune(anyOf(r, "山东省", "") + d.county + d.town + spotName(d, plainSigns) + insideOf(d, plainSigns))
	var out strings.Builder
	for i, c := range text {
		if i > 0 && (c > 0x7f || text[i-1] > 0x7f) && odds(r, 5) { // never inside a number
			out.WriteString(anyOf(r, " ", " ", "\u3000"))
		}
		out.WriteRune(c)
	}
	return out.String()
}

// 【泰和】西苑嘉园二8座1门3003户
func gridNote(h *housing, d *dwelling, r *rand.Rand) string {
	s := signs{gate: "号", building: anyOf(r, "座", "栋", "号楼"), unit: "门", room: anyOf(r, "户", "")}
	if d.kind == homestead && d.place == "" {
		return "【" + d.community + "】" + d.gate + "号" + insideOf(d, s)
	}
	from := "【" + shortVillage(h, d) + "】"
	switch d.kind {
	case homestead:
		return from + d.place + d.gate + "号" + insideOf(d, s)
	case onStreet:
		return from + d.street + d.gate + "号" + insideOf(d, s)
	}
	return from + d.place + insideOf(d, s)
}
