package bench

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fourthHand are twelve hands of a county's offices and companies, each with its habits in the address column. Their author had read neither the grammar
// nor any of the other ways, only what a dwelling is made of and what an official address of an invented county looks like.
var fourthHand = []otherWay{
	{"police", keepsGate | keepsUnit, fourthPolice},
	{"housing bureau", keepsTown | keepsGate | keepsPlace | keepsUnit, fourthBureau},
	{"electricity", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fourthMeter},
	{"courier", keepsTown | keepsGate | keepsPlace | keepsUnit, fourthParcel},
	{"school", keepsTown | keepsPlace | keepsUnit, fourthPupil},
	{"hospital", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fourthPatient},
	{"property company", keepsPlace | keepsUnit, fourthOwner},
	{"voters", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fourthVoter},
	{"resettlement", keepsTown | keepsCommunity | keepsGate | keepsPlace | keepsUnit, fourthExport},
	{"pension", keepsTown | keepsCommunity | keepsGate | keepsPlace | keepsUnit, fourthPension},
	{"civil affairs", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fourthElder},
	{"medical insurance", keepsTown | keepsCommunity | keepsPlace | keepsUnit, fourthInsured},
}

// fourthPostcode is the county's, that a registry desk adds to every address.
const fourthPostcode = "273500"

// fourthPolice writes as household booklets do: no prefecture, no street office, a compound by its street and number, and 号 for a room too.
func fourthPolice(_ *housing, d *dwelling, _ *rand.Rand) string {
	lead := d.province + d.county
	if !strings.HasSuffix(d.town, "街道") {
		lead += d.town
	}
	switch {
	case d.kind == flat && d.gate != "":
		return lead + fourthDoor(d) + d.building + "号楼" + d.unit + "单元" + d.room + "号"
	case d.kind == homestead:
		return lead + d.community + d.place + fourthDoor(d) + fourthSet("", d.room, "室")
	case d.kind == onStreet && !fourthFront(d):
		return lead + fourthDoor(d) + fourthSet("", d.room, "室")
	}
	return ""
}

// fourthBureau writes where a property lies: the number of its street counts, the name of a compound stands in brackets, and every room has its floor.
func fourthBureau(_ *housing, d *dwelling, _ *rand.Rand) string {
	lead, room := d.county+d.town, ""
	if d.room != "" {
		room = fourthFloor(d, "层") + d.room
	}
	name := d.place
	if d.gate != "" {
		name = fourthSet("（", d.place, "）")
	}
	switch {
	case d.kind == flat:
		return lead + fourthDoor(d) + name + d.building + "幢" + d.unit + "单元" + room
	case d.kind == homestead:
		return lead + d.community + d.place + fourthDoor(d) + room
	case d.kind == inHall:
		return lead + fourthDoor(d) + name + room
	case !fourthFront(d):
		return lead + fourthDoor(d) + room
	}
	return ""
}

// fourthMeter writes as the customer files of a grid company do: offices and committees by their full names, no street of a compound, numbers filled up
// with zeros to the width of their field.
func fourthMeter(_ *housing, d *dwelling, _ *rand.Rand) string {
	lead := d.province + d.prefecture + d.county + fourthOffice(d.town, "街道办事处") + fourthCommittee(d.community)
	room := fourthPad(d.room, 4)
	switch d.kind {
	case flat:
		return lead + d.place + fourthPad(d.building, 3) + "栋" + fourthPad(d.unit, 2) + "单元" + room
	case inHall:
		return lead + d.place + room
	case homestead:
		return lead + d.place + fourthPad(d.gate, 3) + "号" + room
	}
	return lead + d.street + fourthPad(d.gate, 3) + "号" + room
}

// fourthParcel writes a label: the region from the menu, blanks between, then what the driver looks for, and at times what to do there.
func fourthParcel(_ *housing, d *dwelling, r *rand.Rand) string {
	if fourthFront(d) {
		return ""
	}
	lead := strings.Join([]string{d.province, d.prefecture, d.county, d.town, ""}, " ")
	remark := fourthPick(r, "", " 放门口", "（送货上门）")
	switch d.kind {
	case flat:
		return lead + d.place + fourthSet("(", fourthDoor(d), ")") + d.building + "号楼" + d.unit + "单元" + d.room + remark
	case inHall:
		return lead + d.place + fourthSet("(", fourthDoor(d), ")") + d.room + remark
	case homestead:
		return lead + d.community + d.place + fourthDoor(d) + fourthSet("", d.room, "室") + remark
	}
	return lead + fourthDoor(d) + fourthSet("", d.room, "室") + remark
}

// fourthPupil writes as parents fill in a school's form: small numbers in Chinese, 小区 behind a compound's name whether it has it or not.
func fourthPupil(_ *housing, d *dwelling, r *rand.Rand) string {
	if fourthFront(d) {
		return ""
	}
	lead := d.county + d.town
	room := fourthSet("", fourthPick(r, d.room, fourthSpelt(d.room)), "室")
	switch d.kind {
	case flat:
		name := fourthEstate(d.place)
		return lead + name + fourthSmall(name, d.building) + "号楼" + fourthSmall("", d.unit) + "单元" + room
	case inHall:
		return lead + fourthSet(d.street, fourthSmall(d.street, d.gate), "号") + d.place + room
	case homestead:
		name := d.community + d.place
		return lead + name + fourthSmall(name, d.gate) + "号" + room
	}
	return lead + d.street + fourthSmall(d.street, d.gate) + "号" + room
}

// fourthPatient writes as a registry desk types: names above the town without their kinds, dashes, and the postcode.
func fourthPatient(_ *housing, d *dwelling, _ *rand.Rand) string {
	lead := fourthBare(d.province) + fourthBare(d.prefecture) + fourthBare(d.county) + d.town + d.community
	tail := " 邮编" + fourthPostcode
	switch d.kind {
	case flat:
		return lead + d.place + d.building + "-" + d.unit + "-" + d.room + tail
	case inHall:
		return lead + fourthDoor(d) + d.place + d.room + tail
	case homestead:
		return lead + d.place + fourthDoor(d) + fourthSet("-", d.room, "") + tail
	}
	return lead + fourthDoor(d) + fourthSet("-", d.room, "") + tail
}

// fourthOwner writes as a company that looks after compounds does: theirs by name alone, and whether who lives there owns it.
func fourthOwner(_ *housing, d *dwelling, r *rand.Rand) string {
	who := fourthPick(r, "（业主）", "（租户）")
	switch d.kind {
	case flat:
		return d.county + d.place + d.building + "#楼" + d.unit + "单元" + d.room + "户" + who
	case inHall:
		return d.county + d.place + fourthSet("", d.room, "铺") + who
	}
	return ""
}

// fourthVoter writes as lists of voters and of party members do: 办事处 for a street office, 居 for a residents' committee, 楼 for a building, and a
// village inside its community without its kind.
func fourthVoter(h *housing, d *dwelling, _ *rand.Rand) string {
	community := d.community
	if short := h.brief(community); strings.HasSuffix(community, "社区") && short != community {
		community = short + "居"
	}
	lead := d.county + fourthOffice(d.town, "办事处") + community
	switch {
	case d.kind == flat:
		return lead + d.place + d.building + "楼" + d.unit + "单元" + d.room
	case d.kind == inHall:
		return lead + fourthDoor(d) + d.place + d.room
	case d.kind == homestead:
		return lead + h.brief(d.place) + fourthDoor(d) + d.room
	case fourthFront(d):
		return lead + strings.TrimSuffix(d.street, "商铺") + d.gate + "号商铺" + fourthSet("-", d.room, "")
	}
	return lead + fourthDoor(d) + d.room
}

// fourthExport writes as a system for resettlement hands its fields out: slashes between, and nothing where a field is empty.
func fourthExport(_ *housing, d *dwelling, _ *rand.Rand) string {
	gate, number := fourthSet("", d.gate, "号"), fourthSet("", d.building, "号楼")
	if d.kind == homestead {
		gate, number = "", gate
	}
	fields := []string{d.province, d.prefecture, d.county, d.town, d.community, d.street, gate, d.place, number, fourthSet("", d.unit, "单元"), fourthSet("", d.room, "室")}
	return strings.TrimRight(strings.Join(fields, "/"), "/")
}

// fourthPension writes with figures as wide as characters, and some clerks part the house from its community by a wide blank.
func fourthPension(_ *housing, d *dwelling, r *rand.Rand) string {
	lead := d.province + d.county + d.town + d.community + fourthPick(r, "", "　")
	room := fourthSet("", d.room, "室")
	switch d.kind {
	case flat:
		return fourthWide(lead + fourthDoor(d) + d.place + d.building + "号楼" + d.unit + "单元" + room)
	case inHall:
		return fourthWide(lead + fourthDoor(d) + d.place + room)
	}
	return fourthWide(lead + d.place + fourthDoor(d) + room)
}

// fourthElder writes as those who visit the old do: from the town on, a village inside its community in brackets, the floor to climb to, and who else
// lives there. Nobody lives in a shop.
func fourthElder(_ *housing, d *dwelling, r *rand.Rand) string {
	if d.kind == inHall || fourthFront(d) {
		return ""
	}
	lead := d.town + d.community
	remark := fourthPick(r, "", "（独居）", "（与子女同住）")
	switch d.kind {
	case flat:
		return lead + d.place + d.building + "号楼" + d.unit + "单元" + fourthFloor(d, "楼") + d.room + remark
	case homestead:
		lead += fourthSet("（", d.place, "）")
	}
	return lead + fourthDoor(d) + fourthSet("院", d.room, "") + remark
}

// fourthInsured writes as an application does that puts a region from its menu before what somebody typed, who began with the region as well.
func fourthInsured(_ *housing, d *dwelling, r *rand.Rand) string {
	lead := d.province + d.prefecture + d.county + d.town + fourthPick(r, d.province+d.county, d.county, "") + d.town + d.community
	room := fourthSet("", d.room, "室")
	switch d.kind {
	case flat:
		return lead + d.place + d.building + "号楼" + d.unit + "单元" + room
	case inHall:
		return lead + fourthDoor(d) + d.place + room
	case homestead:
		return lead + d.place + fourthDoor(d) + room
	}
	return lead + fourthDoor(d) + room
}

func fourthPick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// fourthSet is a word with what belongs around it, nothing when there is none.
func fourthSet(before, word, behind string) string {
	if word == "" {
		return ""
	}
	return before + word + behind
}

// fourthDoor is the street with its number, and a homestead's number alone.
func fourthDoor(d *dwelling) string { return fourthSet(d.street, d.gate, "号") }

// fourthFront tells the shops that no street numbers; in a village inside its community they bear its name.
func fourthFront(d *dwelling) bool { return strings.HasSuffix(d.street, shopfronts) }

func fourthFloor(d *dwelling, kind string) string {
	if d.floor == 0 {
		return ""
	}
	return strconv.Itoa(d.floor) + kind
}

// fourthOffice names a street by its office; a town keeps its name.
func fourthOffice(town, office string) string {
	if short, found := strings.CutSuffix(town, "街道"); found {
		return short + office
	}
	return town
}

func fourthCommittee(community string) string {
	switch {
	case strings.HasSuffix(community, "社区"):
		return community + "居委会"
	case strings.HasSuffix(community, "村"):
		return community + "委会"
	}
	return community
}

// fourthPad fills a number up with zeros: of 6-3 the first.
func fourthPad(number string, width int) string {
	first, _, _ := strings.Cut(number, "-")
	if first == "" {
		return number
	}
	return strings.Repeat("0", max(0, width-len(first))) + number
}

// fourthBare is the name of a province, prefecture or county without its kind, as long as that leaves a name.
func fourthBare(name string) string {
	for _, kind := range []string{"省", "市", "县"} {
		if short, found := strings.CutSuffix(name, kind); found && utf8.RuneCountInString(short) > 1 {
			return short
		}
	}
	return name
}

// fourthEstate is a compound as people speak of it, unless its name says already what it is, or has a number behind it.
func fourthEstate(name string) string {
	for _, kind := range []string{"小区", "新村", "家属院", "宿舍"} {
		if strings.HasSuffix(name, kind) {
			return name
		}
	}
	if fourthCounts(name) {
		return name
	}
	return name + "小区"
}

// fourthCounts says that a name ends in a Chinese number, so that another behind it couldn't be told from it.
func fourthCounts(name string) bool {
	last, _ := utf8.DecodeLastRuneInString(name)
	return strings.ContainsRune("零〇一二三四五六七八九十百千", last)
}

// fourthSmall writes a number below a hundred in Chinese, where the name before it lets that be read.
func fourthSmall(before, number string) string {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 99 || fourthCounts(before) {
		return number
	}
	tens, ones := "", ""
	if n > 9 {
		tens = "十"
	}
	if n > 19 {
		tens = fourthSpelt(strconv.Itoa(n/10)) + tens
	}
	if n%10 > 0 {
		ones = fourthSpelt(strconv.Itoa(n % 10))
	}
	return tens + ones
}

// fourthSpelt writes figures one by one: 一五〇二.
func fourthSpelt(figures string) string {
	return strings.NewReplacer("0", "〇", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九").Replace(figures)
}

// fourthWide makes figures and dashes as wide as characters.
func fourthWide(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '-' {
			return c - '!' + '！'
		}
		return c
	}, text)
}
