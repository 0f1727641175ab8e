package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// fifthHand are the ways of a fifth author, who knew the register's houses and nothing of what is asked or of the other ways. Each is taken from a paper or a
// system in which a household's address really ends up, with what that paper or system does to it.
var fifthHand = []otherWay{
	{"燃气户址 gas company's account", keepsTown | keepsPlace | keepsUnit, fifthGasAccount},
	{"警情地址 police call log", keepsTown | keepsGate | keepsPlace | keepsUnit, fifthCallLog},
	{"银行客户资料 bank's customer file", keepsTown | keepsGate | keepsPlace | keepsUnit, fifthBankFile},
	{"群接龙 neighbours' group order", keepsPlace | keepsUnit, fifthGroupOrder},
	{"地图选点 point picked on a map", keepsTown | keepsGate | keepsPlace | keepsUnit, fifthMapPick},
	{"用电地址 power company's account", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fifthPowerAccount},
	{"裁判文书 court's paper", keepsTown | keepsGate | keepsPlace | keepsUnit, fifthCourtPaper},
	{"老人手写 elder's handwriting", keepsTown | keepsPlace | keepsUnit, fifthElder},
	{"外籍登记 foreigner's form", keepsTown | keepsGate | keepsPlace | keepsUnit, fifthForeigner},
	{"网店导出 web shop's export", keepsTown | keepsPlace | keepsUnit, fifthShopExport},
	{"排查名单 epidemic contact list", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fifthContactList},
	{"身份证扫描 scan of an identity card", keepsGate | keepsUnit, fifthCardScan},
	{"问卷导出 form's fields", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fifthFormFields},
	{"装机工单 telecom's installation order", keepsTown | keepsPlace | keepsUnit, fifthInstallation},
}

// fifthGasAccount fills numbers up with noughts, as the billing system sorts by the text.
func fifthGasAccount(_ *housing, d *dwelling, _ *rand.Rand) string {
	room := fifthUpTo("", fifthPadded(d.room, 4), "户")
	switch d.kind {
	case flat:
		return d.town + d.place + fifthPadded(d.building, 2) + "幢" + fifthPadded(d.unit, 2) + "单元" + room
	case homestead:
		return d.town + fifthVillage(d) + fifthPadded(d.gate, 3) + "号" + room
	case onStreet:
		return d.town + fifthStreet(d) + fifthPadded(d.gate, 3) + "号" + room
	}
	return d.town + d.place + room
}

// fifthCallLog is what the officer at the telephone types: where a patrol has to go, down to which side of the door.
func fifthCallLog(_ *housing, d *dwelling, r *rand.Rand) string {
	room := fifthUpTo("", d.room, "室")
	switch d.kind {
	case flat:
		inside := d.building + "号楼" + d.unit + "单元" + fifthStorey(d, "楼") + room
		at := fifthPick(r, "家中", "门口", "")
		if d.street == "" || r.IntN(2) == 0 {
			return d.county + d.town + d.street + fifthUpTo("", d.gate, "号") + d.place + inside + at
		}
		return d.county + d.town + d.place + "（" + d.street + d.gate + "号）" + inside + at
	case homestead:
		return d.county + d.town + fifthVillage(d) + d.gate + "号" + room + fifthPick(r, "家中", "院内", "")
	case onStreet:
		return d.county + d.town + fifthStreet(d) + d.gate + "号" + room + fifthPick(r, "店内", "门前", "")
	}
	return d.county + d.town + d.street + fifthUpTo("", d.gate, "号") + d.place + room + fifthPick(r, "店内", "门前", "")
}

// fifthBankFile has nothing but characters of full width, as the bank's old core keeps a field of text.
func fifthBankFile(_ *housing, d *dwelling, r *rand.Rand) string {
	head := d.province + d.prefecture + d.county + d.town + " "
	room := fifthUpTo("", d.room, "室")
	switch d.kind {
	case flat:
		inside := d.building + "号楼" + d.unit + "单元" + room
		if r.IntN(2) == 0 {
			inside = d.building + "-" + d.unit + "-" + d.room
		}
		return fifthWide(head + d.street + fifthUpTo("", d.gate, "号") + d.place + " " + inside)
	case homestead:
		return fifthWide(head + fifthVillage(d) + d.gate + "号" + room)
	case onStreet:
		return fifthWide(head + fifthStreet(d) + d.gate + "号" + room)
	}
	return fifthWide(head + d.street + fifthUpTo("", d.gate, "号") + d.place + " " + room)
}

// fifthGroupOrder is a line of a list to which neighbours add themselves in a chat: everybody there knows the town.
func fifthGroupOrder(h *housing, d *dwelling, r *rand.Rand) string {
	line := strconv.Itoa(1+r.IntN(40)) + fifthPick(r, ". ", "、")
	switch {
	case d.kind == flat:
		return line + d.place + fifthPick(r, d.building+"-"+d.unit+"-"+d.room, d.building+"号楼"+d.unit+"单元"+d.room, d.building+"#"+d.unit+"单元"+d.room)
	case d.kind == homestead:
		return line + h.brief(fifthVillage(d)) + d.gate + "号" + fifthUpTo("", d.room, "室")
	case d.kind == onStreet && d.street != shopfronts:
		return line + d.street + d.gate + "号" + d.room
	}
	return ""
}

// fifthMapPick is what an application makes of a tap on its map, the place with its address in brackets, and of the door that the customer then types.
func fifthMapPick(_ *housing, d *dwelling, r *rand.Rand) string {
	above := d.province + d.prefecture + d.county + d.town
	if d.kind == flat || d.kind == inHall {
		above += d.street + fifthUpTo("", d.gate, "号")
	}
	in := fifthPick(r, "("+above+")", "（"+above+"）")
	switch d.kind {
	case flat:
		return d.place + d.building + "号楼" + in + fifthPick(r, d.unit+"单元"+d.room, d.unit+"单元"+d.room+"室", d.unit+"-"+d.room)
	case homestead:
		return fifthVillage(d) + in + d.gate + "号" + fifthUpTo("", d.room, "室")
	case onStreet:
		return fifthStreet(d) + d.gate + "号" + in + d.room
	}
	return d.place + in + d.room
}

// fifthPowerAccount names offices where others name the ground: the account's address was once typed from a list of those.
func fifthPowerAccount(_ *housing, d *dwelling, _ *rand.Rand) string {
	town := d.town
	if strings.HasSuffix(town, "街道") {
		town += "办事处"
	}
	community := d.community + "居委会"
	if name, found := strings.CutSuffix(d.community, "村"); found {
		community = name + "村委会"
	}
	head := d.province + d.prefecture + d.county + town + community
	room := fifthUpTo("", d.room, "室")
	switch d.kind {
	case flat:
		return head + d.place + d.building + "栋" + d.unit + "单元" + room
	case homestead:
		return head + d.place + d.gate + "号" + room
	case onStreet:
		return head + d.street + d.gate + "号" + room
	}
	return head + d.place + room
}

// fifthCourtPaper says of a party where they live or trade, in the middle of a sentence. Courts pass over the prefecture.
func fifthCourtPaper(_ *housing, d *dwelling, r *rand.Rand) string {
	head, end := d.province+d.county+d.town, fifthPick(r, "", "。")
	room := fifthUpTo("", d.room, "室")
	switch d.kind {
	case flat:
		return "住" + head + d.street + fifthUpTo("", d.gate, "号") + d.place + d.building + "号楼" + d.unit + "单元" + room + end
	case homestead:
		return "住" + head + fifthVillage(d) + d.gate + "号" + room + end
	case onStreet:
		return "住所地" + head + fifthStreet(d) + d.gate + "号" + room + end
	}
	return "住所地" + head + d.street + fifthUpTo("", d.gate, "号") + d.place + room + end
}

// fifthElder writes numbers in characters, and may still call a village the brigade that it was.
func fifthElder(h *housing, d *dwelling, r *rand.Rand) string {
	nought := fifthPick(r, "〇", "零")
	room := fifthDigits(d.room, nought)
	switch {
	case d.kind == flat:
		storey := fifthPick(r, "", fifthCount(strconv.Itoa(d.floor))+"楼")
		return h.brief(d.town) + d.place + fifthCount(d.building) + "号楼" + fifthCount(d.unit) + "单元" + storey + room
	case d.kind == homestead:
		village := fifthVillage(d)
		if name, found := strings.CutSuffix(village, "村"); found && r.IntN(3) == 0 {
			village = name + "大队"
		}
		return d.town + village + fifthCount(d.gate) + "号" + fifthUpTo("", room, "室")
	case d.kind == onStreet && d.street != shopfronts:
		return h.brief(d.town) + d.street + fifthCount(d.gate) + "号" + room
	}
	return ""
}

// fifthForeigner goes from the small to the large, in English but for the names, which were copied from the landlord's contract.
func fifthForeigner(_ *housing, d *dwelling, r *rand.Rand) string {
	tail := []string{d.town, fifthPick(r, d.county, fifthRoman(d.county)+", "+fifthRoman(d.province), fifthRoman(d.county)+", "+fifthRoman(d.province)+", China")}
	var parts words
	switch {
	case d.kind == flat:
		parts.add(true, fifthPick(r, "Room ", "Apt ")+d.room, "Unit "+d.unit, fifthPick(r, "Building ", "Bldg ")+d.building, d.place, fifthUpTo("No. ", d.gate, " "+d.street))
	case d.kind == homestead:
		parts.add(true, fifthUpTo("Room ", d.room, ""), "No. "+d.gate, fifthVillage(d))
	case d.kind == onStreet && d.street != shopfronts:
		parts.add(true, fifthUpTo("Room ", d.room, ""), "No. "+d.gate+" "+d.street)
	case d.kind == inHall:
		parts.add(true, fifthUpTo("Shop ", d.room, ""), d.place, fifthUpTo("No. ", d.gate, " "+d.street))
	default:
		return ""
	}
	return strings.Join(append(parts, tail...), ", ")
}

// fifthShopExport puts the boxes that were chosen before the line that was typed, and many a buyer types what they had chosen once more. The shop adds the
// postcode, noughts where it has none.
func fifthShopExport(_ *housing, d *dwelling, r *rand.Rand) string {
	head := strings.Join([]string{d.province, d.prefecture, d.county, d.town}, " ") + " "
	again := fifthPick(r, "", d.town, d.county+d.town, d.province+d.prefecture+d.county+d.town)
	post := fifthPick(r, "", "(000000)", " (273500)")
	room := fifthUpTo("", d.room, "室")
	switch d.kind {
	case flat:
		return head + again + d.place + fifthPick(r, d.building+"号楼"+d.unit+"单元"+d.room, d.building+"-"+d.unit+"-"+d.room) + post
	case homestead:
		return head + again + fifthVillage(d) + d.gate + "号" + room + post
	case onStreet:
		return head + again + fifthStreet(d) + d.gate + "号" + room + post
	}
	return head + again + d.place + room + post
}

// fifthContactList says in brackets what sort of a house the team will stand before.
func fifthContactList(_ *housing, d *dwelling, r *rand.Rand) string {
	head := fifthPick(r, "", "现住址：") + d.town + d.community
	room := fifthUpTo("", d.room, "室")
	switch d.kind {
	case flat:
		return head + d.place + d.building + "号楼" + d.unit + "单元" + room + fifthUpTo("（", fifthStorey(d, "层"), "）")
	case homestead:
		return head + d.place + d.gate + "号" + room + "（自建房）"
	case onStreet:
		return head + d.street + d.gate + "号" + room + "（门面房）"
	}
	return head + d.place + room + "（商铺）"
}

// fifthCardScan is read off a card, which says the gate and not the compound, has no town where that is a 街道 of the county's seat, and breaks its lines.
func fifthCardScan(_ *housing, d *dwelling, r *rand.Rand) string {
	head, gap := d.province+d.county, fifthPick(r, "\n", " ")
	if d.kind == homestead || !strings.HasSuffix(d.town, "街道") {
		head += d.town
	}
	switch {
	case d.kind == flat && d.gate != "":
		return fifthWrapped(head+d.street+d.gate+"号"+d.building+"号楼"+d.unit+"单元"+d.room+fifthPick(r, "号", "室"), gap)
	case d.kind == homestead:
		return fifthWrapped(head+fifthVillage(d)+d.gate+"号"+fifthUpTo("", d.room, "室"), gap)
	case d.kind == onStreet && d.street != shopfronts:
		return fifthWrapped(head+d.street+d.gate+"号"+fifthUpTo("", d.room, "室"), gap)
	}
	return ""
}

// fifthFormFields are the answers of a form on the web in one cell, each behind its question. Some type what the number counts, some don't.
func fifthFormFields(_ *housing, d *dwelling, r *rand.Rand) string {
	counted := r.IntN(2) == 0
	field := func(name, number, counts string) string {
		if !counted {
			counts = ""
		}
		return fifthUpTo(name+"：", fifthUpTo("", number, counts), "")
	}
	fields := words{"镇街：" + d.town, "村居：" + d.community}
	road := fifthUpTo("道路：", d.street, "")
	room := field("房号", d.room, "室")
	switch {
	case d.kind == flat:
		fields.add(true, "小区："+d.place, field("楼号", d.building, "号楼"), field("单元", d.unit, "单元"), room)
	case d.kind == homestead:
		fields.add(true, fifthUpTo("自然村：", d.place, ""), field("门牌", d.gate, "号"), room)
	case d.kind == onStreet && d.street == shopfronts:
		fields.add(true, "门牌："+d.street+d.gate+"号", room)
	case d.kind == onStreet:
		fields.add(true, road, field("门牌", d.gate, "号"), room)
	default:
		fields.add(true, "楼宇："+d.place, room)
	}
	return strings.Join(fields, "；")
}

// fifthInstallation walks down the levels under which a telecom keeps its lines, storeys among them.
func fifthInstallation(_ *housing, d *dwelling, r *rand.Rand) string {
	path := words{d.county, d.town}
	storey := fifthStorey(d, fifthPick(r, "F", "层"))
	switch d.kind {
	case flat:
		path.add(true, d.place, d.building+"号楼", d.unit+"单元", storey, d.room)
	case homestead:
		path.add(true, fifthVillage(d), d.gate+"号", d.room)
	case onStreet:
		path.add(d.street == shopfronts, d.community)
		path.add(true, d.street, d.gate+"号", storey, d.room)
	default:
		path.add(true, d.place, storey, d.room)
	}
	return strings.Join(path, fifthPick(r, "/", "|"))
}

// fifthVillage is the village that a homestead is numbered in: one inside its community, or the community itself.
func fifthVillage(d *dwelling) string {
	if d.place != "" {
		return d.place
	}
	return d.community
}

// fifthStreet is a house's street. Shops without one say nothing without their community.
func fifthStreet(d *dwelling) string {
	if d.street == shopfronts {
		return d.community + d.street
	}
	return d.street
}

// fifthStorey is the floor of a room.
func fifthStorey(d *dwelling, mark string) string {
	if d.floor < 1 || d.room == "" {
		return ""
	}
	return strconv.Itoa(d.floor) + mark
}

// fifthUpTo puts something around what there is.
func fifthUpTo(before, s, behind string) string {
	if s == "" {
		return ""
	}
	return before + s + behind
}

func fifthPick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// fifthPadded fills a number up to so many digits, of 6-3 the first part.
func fifthPadded(number string, digits int) string {
	first, rest, found := strings.Cut(number, "-")
	n, err := strconv.Atoi(first)
	if err != nil {
		return number
	}
	if found {
		rest = "-" + rest
	}
	return fmt.Sprintf("%0*d", digits, n) + rest
}

// fifthWide makes what is printable in ASCII as wide as a Chinese character.
func fifthWide(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '　'
		case '!' <= c && c <= '~':
			return c - '!' + '！'
		}
		return c
	}, s)
}

var fifthSigns = []rune("零一二三四五六七八九")

// fifthDigits says a number digit by digit.
func fifthDigits(number, nought string) string {
	var b strings.Builder
	for _, c := range number {
		switch {
		case c == '0':
			b.WriteString(nought)
		case '1' <= c && c <= '9':
			b.WriteRune(fifthSigns[c-'0'])
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// fifthCount says a number below a thousand as one counts, and the two of 6-3 each for itself.
func fifthCount(number string) string {
	if first, rest, found := strings.Cut(number, "-"); found {
		return fifthCount(first) + "-" + fifthCount(rest)
	}
	n, err := strconv.Atoi(number)
	if err != nil || n >= 1000 {
		return fifthDigits(number, "零")
	}
	sign := func(k int) string { return string(fifthSigns[k]) }
	switch {
	case n < 10:
		return sign(n)
	case n < 20:
		return strings.TrimSuffix("十"+sign(n-10), "零")
	case n < 100:
		return strings.TrimSuffix(sign(n/10)+"十"+sign(n%10), "零")
	case n%100 == 0:
		return sign(n/100) + "百"
	case n%100 < 10:
		return sign(n/100) + "百零" + sign(n%100)
	}
	return sign(n/100) + "百" + strings.TrimSuffix(sign(n%100/10)+"十"+sign(n%10), "零")
}

// fifthRoman is a name above the towns as a foreigner knows it.
func fifthRoman(name string) string {
	if roman, known := map[string]string{"山东省": "Shandong", "邹城市": "Zoucheng"}[name]; known {
		return roman
	}
	return name
}

// fifthWrapped breaks a line after eleven characters, as a card does: a digit is half as wide as a character, and a number stays in one piece.
func fifthWrapped(s, gap string) string {
	const line = 22
	var b strings.Builder
	at := 0
	for s != "" {
		piece := s[:len(s)-len(strings.TrimLeft(s, "0123456789-"))]
		wide := len(piece)
		if piece == "" {
			piece, wide = string([]rune(s)[:1]), 2
		}
		if at+wide > line {
			b.WriteString(gap)
			at = 0
		}
		b.WriteString(piece)
		at += wide
		s = s[len(piece):]
	}
	return b.String()
}
