package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// sixthHand is how a sixth author would have people and offices of the county write. Each writes for somebody who must find the door: a courier, a doctor, a
// fitter, a court's messenger.
var sixthHand = []otherWay{
	{"a bank's core system, which knows only wide signs", keepsTown | keepsGate | keepsPlace | keepsUnit, sixthBank},
	{"a telephone company's levels with strokes between", keepsTown | keepsCommunity | keepsGate | keepsPlace | keepsUnit, sixthTelephone},
	{"a buyer who chose the town in a list and types it again", keepsTown | keepsPlace | keepsUnit, sixthBuyer},
	{"an identity card, without prefecture and compound", keepsGate | keepsUnit, sixthCard},
	{"a title deed", keepsTown | keepsPlace | keepsUnit, sixthDeed},
	{"a heating company's list of arrears", keepsCommunity | keepsPlace | keepsUnit, sixthHeating},
	{"a clinic's vaccination register, with a help in brackets", keepsCommunity | keepsGate | keepsPlace | keepsUnit, sixthClinic},
	{"a retired teacher's envelope", keepsTown | keepsGate | keepsPlace | keepsUnit, sixthEnvelope},
	{"a school's sign-up form as it is exported", keepsTown | keepsCommunity | keepsPlace | keepsUnit, sixthForm},
	{"a meal ordered to a place of the map", keepsGate | keepsPlace | keepsUnit, sixthMeal},
	{"a business licence of a trader at home", keepsTown | keepsGate | keepsPlace | keepsUnit, sixthLicence},
	{"an electricity company's meters, filled up with noughts", keepsTown | keepsCommunity | keepsPlace | keepsUnit, sixthMeter},
}

func sixthBank(_ *housing, d *dwelling, _ *rand.Rand) string {
	text := sixthJoin(d.province, d.prefecture, d.county, d.town, sixthHouse(d), sixthPlace(d), sixthStairs(d, "号楼", "单元"), sixthWith(d.room, "室"))
	return strings.Map(func(c rune) rune {
		if c > ' ' && c <= '~' {
			return c - '!' + '！'
		}
		return c
	}, text)
}

func sixthTelephone(_ *housing, d *dwelling, _ *rand.Rand) string {
	var levels words
	levels.add(true, d.province, d.prefecture, d.county, d.town, d.community)
	levels.add(d.kind == homestead, d.place)
	levels.add(true, d.street, sixthWith(d.gate, "号"), sixthPlace(d), sixthWith(d.building, "号楼"), sixthWith(d.unit, "单元"))
	levels.add(true, sixthStorey(d, "层"), sixthWith(d.room, "室"))
	return strings.Join(levels, "/")
}

// sixthBuyer has the shop's list in front, and behind it what was typed, which may begin anew.
func sixthBuyer(h *housing, d *dwelling, r *rand.Rand) string {
	typed := sixthPick(r, "", d.county+d.town, h.brief(d.province)+h.brief(d.county)+h.brief(d.town))
	door := sixthJoin(typed, sixthHouse(d), sixthPlace(d), d.room)
	if d.kind == flat {
		door = typed + d.place + sixthPick(r, sixthDashes(d), sixthJoin(sixthStairs(d, "号楼", "单元"), d.room))
	}
	return strings.Join([]string{d.province, d.prefecture, d.county, d.town, door}, " ")
}

// sixthCard names the town where there is country around it: in the seat the streets are enough.
func sixthCard(_ *housing, d *dwelling, r *rand.Rand) string {
	town, house, room := d.town, sixthHouse(d), sixthWith(d.room, "号")
	if d.kind != homestead && strings.HasSuffix(town, "街道") {
		town = ""
	}
	if d.kind == flat {
		return sixthJoin(d.province, d.county, town, house+sixthPick(r, "", "院"), sixthStairs(d, "号楼", "单元"), room)
	}
	return sixthJoin(d.province, d.county, town, house, sixthPlace(d), room)
}

func sixthDeed(_ *housing, d *dwelling, r *rand.Rand) string {
	head, storey, room := d.county+d.town, sixthStorey(d, "层"), sixthWith(d.room, "号")
	switch d.kind {
	case flat:
		return sixthJoin(head, sixthPick(r, "", sixthHouse(d)), d.place, sixthStairs(d, "幢", "单元"), sixthPick(r, "", storey), room)
	case homestead:
		return sixthJoin(head, d.community, d.place, sixthWith(d.gate, "号"), room)
	}
	return sixthJoin(head, sixthHouse(d), sixthPlace(d), storey, room)
}

// sixthHeating knows pipes: they run to compounds and big houses, not to villages and shops.
func sixthHeating(_ *housing, d *dwelling, r *rand.Rand) string {
	switch d.kind {
	case flat:
		return sixthPick(r, d.community+" "+d.place+" "+strings.Replace(sixthDashes(d), "-", "#-", 1), d.community+d.place+d.building+"#楼"+d.unit+"单元"+d.room)
	case inHall:
		return sixthJoin(d.community, d.street, sixthWith(d.gate, "号"), d.place+" "+d.room)
	}
	return ""
}

func sixthClinic(_ *housing, d *dwelling, _ *rand.Rand) string {
	committee, road := sixthCommittee(d.community, "居委会", "委会"), sixthJoin(d.street, sixthWith(d.gate, "号"))
	switch {
	case d.kind == homestead:
		return sixthJoin(committee, d.place, road, d.room) + "（" + d.town + "）"
	case d.kind == onStreet && d.street == shopfronts:
		return sixthJoin(committee, road, d.room) + "（" + d.town + "）"
	case d.kind == onStreet:
		return sixthJoin(road, d.room) + "（" + committee + "）"
	case road == "":
		return sixthJoin(committee, d.place, d.room) + "（" + d.town + "）"
	}
	return sixthJoin(committee, d.place, sixthStairs(d, "号楼", "单元"), d.room) + "（" + road + "）"
}

// sixthEnvelope writes numbers out, but not behind a name that ends in one: 双桥里二十六四百四十七号 nobody could read.
func sixthEnvelope(_ *housing, d *dwelling, _ *rand.Rand) string {
	var b strings.Builder
	if d.county == "邹城市" {
		b.WriteString("273500 ")
	}
	b.WriteString(d.province + d.county + d.town + sixthGround(d))
	number := func(n, kind string, say func(int) string) {
		count, err := strconv.Atoi(n)
		switch {
		case n == "":
		case err != nil || n[0] == '0' || strings.ContainsAny(sixthLast(b.String()), "〇零一二三四五六七八九十百千"):
			b.WriteString(n + kind)
		default:
			b.WriteString(say(count) + kind)
		}
	}
	number(d.gate, "号", sixthSaid)
	b.WriteString(sixthPlace(d))
	number(d.building, "号楼", sixthSaid)
	number(d.unit, "单元", sixthSaid)
	number(d.room, "室", sixthSpelt)
	return b.String()
}

// sixthForm is a questionnaire's answers with its questions. Some answer with the bare number, some repeat what was asked.
func sixthForm(_ *housing, d *dwelling, r *rand.Rand) string {
	var answers words
	asked := func(question, answer, kind string) {
		answers.add(answer != "", question+"："+sixthWith(answer, kind))
	}
	kinds := [4]string{"号", "号楼", "单元", "室"}
	if r.IntN(2) == 0 {
		kinds = [4]string{}
	}
	asked("镇街", d.town, "")
	asked("村居", d.community, "")
	switch d.kind {
	case flat:
		asked("小区", d.place, "")
	case homestead:
		asked("自然村", d.place, "")
		asked("门牌号", d.gate, kinds[0])
	default:
		asked("路名", d.street, "")
		asked("门牌号", d.gate, kinds[0])
		asked("楼名", d.place, "")
	}
	asked("楼号", d.building, kinds[1])
	asked("单元", d.unit, kinds[2])
	asked("房号", d.room, kinds[3])
	return strings.Join(answers, "，")
}

// sixthMeal begins with what the map calls the place and says in brackets where that is, as the map does; the door is typed behind it.
func sixthMeal(_ *housing, d *dwelling, r *rand.Rand) string {
	switch d.kind {
	case flat:
		door := sixthPick(r, sixthStairs(d, "号楼", "单元")+sixthWith(d.room, "室"), sixthStairs(d, "栋", "单元")+sixthStorey(d, "楼")+d.room)
		return d.place + "（" + sixthHouse(d) + "）" + door
	case homestead:
		return sixthJoin(sixthGround(d)+"（"+d.town+"）", sixthWith(d.gate, "号"), d.room)
	case onStreet:
		return sixthHouse(d) + "（" + d.town + "）" + d.room
	}
	return d.place + "（" + sixthHouse(d) + "）" + sixthStorey(d, "楼") + d.room
}

// sixthLicence ends with the office's remark, if it made one.
func sixthLicence(_ *housing, d *dwelling, r *rand.Rand) string {
	head, remark := d.province+d.prefecture+d.county+d.town, sixthPick(r, "", "（住所自主申报）")
	switch d.kind {
	case flat:
		door := sixthPick(r, sixthStairs(d, "号楼", "单元"), d.building+"号楼"+d.unit+"-") + d.room + "室"
		return sixthJoin(head, sixthHouse(d), d.place, door) + remark
	case homestead:
		return sixthJoin(head, d.community, d.place, sixthWith(d.gate, "号"), sixthWith(d.room, "室")) + remark
	}
	return sixthJoin(head, sixthHouse(d), sixthPlace(d), sixthWith(d.room, "室")) + remark
}

// sixthMeter has fields of fixed widths, and of a compound only the street where its cable lies.
func sixthMeter(_ *housing, d *dwelling, _ *rand.Rand) string {
	town := d.town
	if strings.HasSuffix(town, "街道") {
		town += "办事处"
	}
	head, gate, room := d.county+town+sixthCommittee(d.community, "居民委员会", "村民委员会"), sixthWith(sixthFilled(d.gate, 3), "号"), sixthFilled(d.room, 4)
	switch d.kind {
	case flat:
		return sixthJoin(head, d.street, d.place, sixthFilled(d.building, 2)+"栋", sixthFilled(d.unit, 2)+"单元", room)
	case homestead:
		return sixthJoin(head, d.place, gate, room)
	}
	return sixthJoin(head, d.street, gate, d.place, room)
}

// sixthGround is the least that a number must stand behind: its village or street, or the community where there is neither or every community has one of
// that name.
func sixthGround(d *dwelling) string {
	switch {
	case d.kind == homestead && d.place != "":
		return d.place
	case d.street == shopfronts:
		return d.community + d.street
	case d.street != "":
		return d.street
	}
	return d.community
}

func sixthHouse(d *dwelling) string { return sixthJoin(sixthGround(d), sixthWith(d.gate, "号")) }

// sixthPlace is the name behind the number, which a homestead's village isn't.
func sixthPlace(d *dwelling) string {
	if d.kind == homestead {
		return ""
	}
	return d.place
}

func sixthStairs(d *dwelling, building, unit string) string {
	return sixthWith(d.building, building) + sixthWith(d.unit, unit)
}

func sixthDashes(d *dwelling) string {
	var w words
	w.add(true, d.building, d.unit, d.room)
	return strings.Join(w, "-")
}

// sixthStorey is said only where the room's number agrees.
func sixthStorey(d *dwelling, kind string) string {
	if floor := strconv.Itoa(d.floor); d.floor > 0 && len(d.room) == len(floor)+2 && strings.HasPrefix(d.room, floor) {
		return floor + kind
	}
	return ""
}

// sixthCommittee is what a community is called after those who run it.
func sixthCommittee(name, town, village string) string {
	switch {
	case strings.HasSuffix(name, "社区"):
		return name + town
	case strings.HasSuffix(name, "村"):
		return name + village
	}
	return name
}

func sixthWith(s, kind string) string {
	if s == "" {
		return ""
	}
	return s + kind
}

func sixthFilled(n string, width int) string {
	if count, err := strconv.Atoi(n); err == nil {
		return fmt.Sprintf("%0*d", width, count)
	}
	return n
}

func sixthPick(r *rand.Rand, choices ...string) string { return choices[r.IntN(len(choices))] }

// sixthJoin leaves a space where two numbers would run into one.
func sixthJoin(parts ...string) string {
	var text string
	for _, p := range parts {
		if isNumber(p) && isNumber(sixthLast(text)) {
			text += " "
		}
		text += p
	}
	return text
}

func sixthLast(s string) string {
	signs := []rune(s)
	return string(signs[max(0, len(signs)-1):])
}

var sixthDigits = []rune("〇一二三四五六七八九")

// sixthSpelt says a number sign by sign, as rooms are.
func sixthSpelt(n int) string {
	return strings.Map(func(c rune) rune { return sixthDigits[c-'0'] }, strconv.Itoa(n))
}

// sixthSaid says a number as it is counted, as far as anybody does.
func sixthSaid(n int) string {
	one := string(sixthDigits[n%10])
	if n%10 == 0 {
		one = ""
	}
	switch {
	case n == 0 || n > 999:
		return sixthSpelt(n)
	case n < 10:
		return one
	case n < 20:
		return "十" + one
	case n < 100:
		return string(sixthDigits[n/10]) + "十" + one
	case n%100 == 0:
		return string(sixthDigits[n/100]) + "百"
	case n%100 < 10:
		return string(sixthDigits[n/100]) + "百零" + one
	}
	return string(sixthDigits[n/100]) + "百" + string(sixthDigits[n/10%10]) + "十" + one
}
