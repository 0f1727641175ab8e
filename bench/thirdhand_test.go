package bench

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// thirdHand are twelve more ways to write a dwelling, which nothing was mended with. Their author hadn't read the grammar that reads them, nor the other
// ways that it was mended with: only what is known of a dwelling and what the county's addresses look like. What tells them apart is what somebody writes an
// address for, not what they put between its parts.
var thirdHand = []otherWay{
	{"a clerk's one column", keepsTown | keepsCommunity | keepsPlace | keepsUnit, thirdClerk},
	{"a bank's full-width form", keepsTown | keepsGate | keepsPlace | keepsUnit, thirdBank},
	{"a school's numbered lines", keepsPlace | keepsUnit, thirdSchool},
	{"an ambulance call", keepsTown | keepsGate | keepsPlace | keepsUnit, thirdCall},
	{"a deed", keepsGate | keepsUnit, thirdDeed},
	{"an insurer's labels", keepsTown | keepsGate | keepsPlace | keepsUnit, thirdInsurer},
	{"a committee's list", keepsTown | keepsCommunity | keepsPlace | keepsUnit, thirdCommittee},
	{"a gas meter", keepsTown | keepsPlace | keepsUnit, thirdGas},
	{"a court's party", keepsTown | keepsGate | keepsPlace | keepsUnit, thirdCourt},
	{"a courier's note", keepsTown | keepsPlace | keepsUnit, thirdCourier},
	{"a grandmother's note", keepsTown | keepsPlace | keepsUnit, thirdGrandmother},
	{"an English order", keepsTown | keepsGate | keepsPlace | keepsUnit, thirdEnglish},
}

// thirdClerk writes a column for all, filled by a formula out of others that are padded so that they sort: 钢山街道文昌社区阳光小区03号楼02单元0502.
func thirdClerk(_ *housing, d *dwelling, _ *rand.Rand) string {
	to := d.town + d.community
	switch d.kind {
	case flat:
		return to + d.place + thirdPadded(d.building, 2) + "号楼" + thirdPadded(d.unit, 2) + "单元" + thirdPadded(d.room, 4)
	case homestead:
		return to + d.place + thirdPadded(d.gate, 3) + "号" + thirdPadded(d.room, 4)
	case onStreet:
		return to + d.street + thirdPadded(d.gate, 3) + "号" + thirdPadded(d.room, 4)
	}
	if d.gate == "" {
		to += d.street
	}
	return to + d.place + thirdPadded(d.room, 4)
}

// thirdBank is how a card is sent: the system keeps no narrow characters.
func thirdBank(_ *housing, d *dwelling, _ *rand.Rand) string {
	if thirdFront(d) {
		return ""
	}
	return thirdWide(d.province + d.prefecture + d.county + d.town + thirdDoor(d, "号楼") + thirdBehind(d.room, "室"))
}

// thirdSchool is one of the lines that parents write one below the other in their class's chat.
func thirdSchool(_ *housing, d *dwelling, r *rand.Rand) string {
	line := strconv.Itoa(1+r.IntN(48)) + []string{". ", "、", "．"}[r.IntN(3)]
	switch {
	case d.kind == flat:
		return line + d.place + " " + d.building + "号楼" + d.unit + "单元" + thirdFloor(d, "楼") + d.room
	case d.kind == homestead && d.place != "":
		return line + d.place + " " + d.gate + "号" + thirdBehind(d.room, "室")
	case d.kind == homestead:
		return line + d.community + " " + d.gate + "号" + thirdBehind(d.room, "室")
	case d.kind == onStreet && !thirdFront(d):
		return line + d.street + d.gate + "号" + thirdBehind(d.room, "室")
	}
	return ""
}

// thirdCall is typed while somebody speaks: where to, and then where to drive in.
func thirdCall(h *housing, d *dwelling, r *rand.Rand) string {
	to := h.brief(d.town) + " "
	waits := []string{"，路口有人接", "，门口有人等", "，到了打电话"}[r.IntN(3)]
	switch {
	case d.kind == flat:
		return to + d.place + " " + d.building + "号楼 " + d.unit + "单元 " + thirdFloor(d, "楼 ") + d.room + "，从" + d.street + d.gate + "号门进"
	case d.kind == homestead:
		return to + d.community + d.place + " " + d.gate + "号" + thirdFloor(d, "楼") + d.room + waits
	case thirdFront(d):
		return ""
	case d.kind == onStreet:
		return to + d.street + " " + d.gate + "号" + thirdFloor(d, "楼") + d.room + waits
	case d.gate != "":
		return to + d.place + " " + thirdFloor(d, "楼 ") + d.room + "，从" + d.street + d.gate + "号门进"
	}
	return to + d.community + d.street + d.place + " " + thirdFloor(d, "楼 ") + d.room + waits
}

// thirdDeed is where a property is situated: a compound's name is no part of it, and a room has a 号 as a house does.
func thirdDeed(_ *housing, d *dwelling, _ *rand.Rand) string {
	switch {
	case d.kind == flat:
		return d.county + d.street + d.gate + "号" + d.building + "幢" + d.unit + "单元" + d.room + "号"
	case d.kind == homestead:
		return d.county + d.town + d.community + d.place + d.gate + "号" + thirdBehind(d.room, "号")
	case d.kind == onStreet && !thirdFront(d):
		return d.county + d.street + d.gate + "号" + thirdBehind(d.room, "号")
	case d.kind == inHall && d.gate != "":
		return d.county + d.street + d.gate + "号" + d.place + thirdBehind(d.room, "号")
	}
	return ""
}

// thirdInsurer prints the fields of its form with their labels, and the county's postcode.
func thirdInsurer(_ *housing, d *dwelling, _ *rand.Rand) string {
	if thirdFront(d) || d.kind == inHall && d.gate == "" {
		return ""
	}
	var fields []string
	add := func(label, value string) {
		if value != "" {
			fields = append(fields, label+":"+value)
		}
	}
	fields = append(fields, d.province+d.prefecture+d.county+d.town)
	switch d.kind {
	case homestead:
		label := "村"
		if strings.HasSuffix(d.community, "社区") {
			label = "社区"
		}
		add(label, d.community)
		add("自然村", d.place)
		add("门牌", d.gate)
	default:
		add("道路", d.street)
		add("门牌", d.gate)
		add(map[dwellingKind]string{flat: "小区", inHall: "建筑"}[d.kind], d.place)
		add("楼号", d.building)
		add("单元", d.unit)
	}
	add("室号", d.room)
	add("邮编", "273500")
	return strings.Join(fields, " ")
}

// thirdCommittee is on the list of who gets an allowance: a village or community is written as the committee that pays.
func thirdCommittee(_ *housing, d *dwelling, _ *rand.Rand) string {
	if d.kind == inHall || thirdFront(d) {
		return ""
	}
	committee := d.community
	switch {
	case strings.HasSuffix(committee, "村"):
		committee += "民委员会"
	case strings.HasSuffix(committee, "社区"):
		committee += "居委会"
	}
	to := d.town + committee
	switch d.kind {
	case flat:
		return to + d.place + d.building + "号楼" + d.unit + "单元" + d.room
	case homestead:
		return to + d.place + d.gate + "号" + thirdBehind(d.room, "室")
	}
	return to + d.street + d.gate + "号" + thirdBehind(d.room, "室")
}

// thirdGas says where a meter hangs, too.
func thirdGas(h *housing, d *dwelling, _ *rand.Rand) string {
	to := h.brief(d.town) + "-"
	switch {
	case d.kind == flat:
		return to + d.place + "-" + d.building + "#-" + d.unit + "单元-" + d.room + "(厨房)"
	case d.kind == homestead:
		return to + d.community + d.place + d.gate + "号" + thirdBehind(d.room, "室") + "(院墙外)"
	case d.kind == onStreet && !thirdFront(d):
		return to + d.street + d.gate + "号" + thirdBehind(d.room, "室") + "(院墙外)"
	}
	return ""
}

// thirdCourt is where a party lives, in a sentence: the compound first, its street in brackets.
func thirdCourt(_ *housing, d *dwelling, r *rand.Rand) string {
	to := []string{"住", "现住", "现住"}[r.IntN(3)] + d.county + d.town
	switch {
	case thirdFront(d):
		return ""
	case d.kind == flat:
		return to + d.place + "（" + d.street + d.gate + "号）" + d.building + "号楼" + d.unit + "单元" + d.room + "室。"
	}
	return to + thirdDoor(d, "号楼") + thirdBehind(d.room, "室") + "。"
}

// thirdCourier leaves away what who delivers there doesn't need, and says where to leave the parcel.
func thirdCourier(h *housing, d *dwelling, r *rand.Rand) string {
	to := h.brief(d.town)
	leave := []string{" 放门口", "(放门口)", " 送货上门", ""}[r.IntN(4)]
	switch {
	case d.kind == flat:
		return to + d.place + d.building + "-" + d.unit + "-" + d.room + leave
	case d.kind == homestead && d.place != "":
		return to + h.brief(d.place) + d.gate + "号" + thirdDash(d.room) + leave
	case d.kind == homestead:
		return to + h.brief(d.community) + d.gate + "号" + thirdDash(d.room) + leave
	case d.kind == onStreet && !thirdFront(d):
		return to + d.street + d.gate + "号" + thirdDash(d.room) + leave
	case d.kind == inHall:
		return to + d.place + d.room + leave
	}
	return ""
}

// thirdGrandmother wrote it by hand, with numbers as she says them; a grandchild typed it.
func thirdGrandmother(_ *housing, d *dwelling, _ *rand.Rand) string {
	to := stem(d.county) + d.town
	switch {
	case d.kind == flat:
		up := ""
		if d.floor > 0 {
			up = "，上" + thirdCounted(strconv.Itoa(d.floor)) + "楼"
		}
		return to + "，" + d.place + "，" + thirdCounted(d.building) + "号楼" + thirdCounted(d.unit) + "单元" + up + "，" + thirdSpelt(d.room)
	case d.kind == homestead:
		return to + d.community + d.place + "，门牌" + thirdCounted(d.gate) + "号" + thirdBehind(thirdSpelt(d.room), "室")
	case d.kind == onStreet && !thirdFront(d):
		return to + d.street + "，门牌" + thirdCounted(d.gate) + "号" + thirdBehind(thirdSpelt(d.room), "室")
	}
	return ""
}

// thirdEnglish is from who learnt to order things abroad: the smallest first.
func thirdEnglish(_ *housing, d *dwelling, _ *rand.Rand) string {
	var w words
	w.add(d.room != "", "Rm "+d.room)
	switch {
	case d.kind == flat:
		w.add(true, "Unit "+d.unit, "Bldg "+d.building, d.place, "No."+d.gate+" "+d.street)
	case d.kind == homestead && d.place != "":
		w.add(true, "No."+d.gate+" "+d.place, d.community)
	case d.kind == homestead:
		w.add(true, "No."+d.gate+" "+d.community)
	case d.kind == onStreet && !thirdFront(d):
		w.add(true, "No."+d.gate+" "+d.street)
	case d.kind == inHall && d.gate != "":
		w.add(true, d.place, "No."+d.gate+" "+d.street)
	default:
		return ""
	}
	w.add(true, d.town, d.county)
	return strings.Join(w, ", ")
}

// thirdDoor is a house inside its town, as far as to its room.
func thirdDoor(d *dwelling, building string) string {
	switch {
	case d.kind == flat:
		return d.street + d.gate + "号" + d.place + d.building + building + d.unit + "单元"
	case d.kind == homestead:
		return d.community + d.place + d.gate + "号"
	case d.kind == onStreet:
		return d.street + d.gate + "号"
	case d.gate != "":
		return d.street + d.gate + "号" + d.place
	}
	return d.community + d.street + d.place
}

// thirdFront is a shop that is numbered in its community alone: who doesn't write the community doesn't write it.
func thirdFront(d *dwelling) bool {
	return d.kind == onStreet && strings.HasSuffix(d.street, shopfronts)
}

func thirdBehind(s, kind string) string {
	if s == "" {
		return ""
	}
	return s + kind
}

func thirdDash(room string) string {
	if room == "" {
		return ""
	}
	return "-" + room
}

// thirdFloor is the floor of what has a room.
func thirdFloor(d *dwelling, kind string) string {
	if d.floor == 0 || d.room == "" {
		return ""
	}
	return strconv.Itoa(d.floor) + kind
}

// thirdPadded fills up a number, or the first of 12-1, with noughts.
func thirdPadded(s string, digits int) string {
	first, _, _ := strings.Cut(s, "-")
	if s == "" || !isCount(first) {
		return s
	}
	return strings.Repeat("0", max(0, digits-len(first))) + s
}

func thirdWide(s string) string {
	return strings.Map(func(c rune) rune {
		if c > ' ' && c <= '~' {
			return c + '！' - '!'
		}
		return c
	}, s)
}

const thirdDigits = "零一二三四五六七八九"

// thirdSpelt says digit by digit.
func thirdSpelt(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return []rune(thirdDigits)[c-'0']
		}
		return c
	}, s)
}

// thirdCounted says a number below ten thousand: 110 is 一百一十. What isn't one stays.
func thirdCounted(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n <= 0 || n > 9999 {
		return s
	}
	if n >= 10 && n < 20 {
		return strings.TrimPrefix(thirdCount(n), "一")
	}
	return thirdCount(n)
}

func thirdCount(n int) string {
	text, skipped := "", false
	for i, size := range []int{1000, 100, 10, 1} {
		digit := n / size % 10
		if digit == 0 {
			skipped = text != ""
			continue
		}
		if skipped {
			text += "零"
		}
		text, skipped = text+thirdSpelt(strconv.Itoa(digit))+[]string{"千", "百", "十", ""}[i], false
	}
	return text
}

func TestThirdHand(t *testing.T) {
	h := &housing{named: map[string]map[string]bool{}}
	for _, name := range []string{"试泉街道", "试河镇", "无名社区", "无名村", "试岭村", "大试村"} {
		h.note(name)
	}
	town := dwelling{province: "山东省", prefecture: "济宁市", county: "邹城市", town: "试泉街道", community: "无名社区"}
	village := town
	village.town, village.community = "试河镇", "试岭村"
	tall, low := town, town
	tall.kind, tall.street, tall.gate, tall.place, tall.building, tall.unit, tall.floor, tall.room = flat, "试验路", "8", "试验花园", "3", "2", 15, "1502"
	low.kind, low.street, low.gate, low.place, low.building, low.unit, low.floor, low.room = flat, "双试里二十六", "6-3", "试点小区", "12", "1", 5, "502"
	home, inner := village, village
	home.kind, home.gate = homestead, "110"
	inner.kind, inner.community, inner.place, inner.gate, inner.floor, inner.room = homestead, "无名社区", "大试村", "12-1", 1, "101"
	twin := village // its name without 村 is a community's too
	twin.kind, twin.community, twin.gate = homestead, "无名村", "20"
	yard, front, hall := town, village, town
	yard.kind, yard.street, yard.gate = onStreet, "试验巷", "105"
	front.kind, front.street, front.gate = onStreet, shopfronts, "4"
	hall.kind, hall.street, hall.gate, hall.place, hall.floor, hall.room = inHall, "试验路", "20", "试验市场", 2, "203"
	dwellings := []*dwelling{&tall, &low, &home, &inner, &yard, &front, &hall, &twin}
	want := map[string][]string{
		"a clerk's one column": {
			"试泉街道无名社区试验花园03号楼02单元1502",
			"试泉街道无名社区试点小区12号楼01单元0502",
			"试河镇试岭村110号",
			"试河镇无名社区大试村012-1号0101",
			"试泉街道无名社区试验巷105号",
			"试河镇试岭村沿街商铺004号",
			"试泉街道无名社区试验市场0203",
			"试河镇无名村020号",
		},
		"a bank's full-width form": {
			"山东省济宁市邹城市试泉街道试验路８号试验花园３号楼２单元１５０２室",
			"山东省济宁市邹城市试泉街道双试里二十六６－３号试点小区１２号楼１单元５０２室",
			"山东省济宁市邹城市试河镇试岭村１１０号",
			"山东省济宁市邹城市试河镇无名社区大试村１２－１号１０１室",
			"山东省济宁市邹城市试泉街道试验巷１０５号",
			"",
			"山东省济宁市邹城市试泉街道试验路２０号试验市场２０３室",
			"山东省济宁市邹城市试河镇无名村２０号",
		},
		"a school's numbered lines": {
			"14．试验花园 3号楼2单元15楼1502",
			"8．试点小区 12号楼1单元5楼502",
			"25．试岭村 110号",
			"14、大试村 12-1号101室",
			"43．试验巷105号",
			"",
			"",
			"41. 无名村 20号",
		},
		"an ambulance call": {
			"试泉 试验花园 3号楼 2单元 15楼 1502，从试验路8号门进",
			"试泉 试点小区 12号楼 1单元 5楼 502，从双试里二十六6-3号门进",
			"试河 试岭村 110号，门口有人等",
			"试河 无名社区大试村 12-1号1楼101，路口有人接",
			"试泉 试验巷 105号，到了打电话",
			"",
			"试泉 试验市场 2楼 203，从试验路20号门进",
			"试河 无名村 20号，到了打电话",
		},
		"a deed": {
			"邹城市试验路8号3幢2单元1502号",
			"邹城市双试里二十六6-3号12幢1单元502号",
			"邹城市试河镇试岭村110号",
			"邹城市试河镇无名社区大试村12-1号101号",
			"邹城市试验巷105号",
			"",
			"邹城市试验路20号试验市场203号",
			"邹城市试河镇无名村20号",
		},
		"an insurer's labels": {
			"山东省济宁市邹城市试泉街道 道路:试验路 门牌:8 小区:试验花园 楼号:3 单元:2 室号:1502 邮编:273500",
			"山东省济宁市邹城市试泉街道 道路:双试里二十六 门牌:6-3 小区:试点小区 楼号:12 单元:1 室号:502 邮编:273500",
			"山东省济宁市邹城市试河镇 村:试岭村 门牌:110 邮编:273500",
			"山东省济宁市邹城市试河镇 社区:无名社区 自然村:大试村 门牌:12-1 室号:101 邮编:273500",
			"山东省济宁市邹城市试泉街道 道路:试验巷 门牌:105 邮编:273500",
			"",
			"山东省济宁市邹城市试泉街道 道路:试验路 门牌:20 建筑:试验市场 室号:203 邮编:273500",
			"山东省济宁市邹城市试河镇 村:无名村 门牌:20 邮编:273500",
		},
		"a committee's list": {
			"试泉街道无名社区居委会试验花园3号楼2单元1502",
			"试泉街道无名社区居委会试点小区12号楼1单元502",
			"试河镇试岭村民委员会110号",
			"试河镇无名社区居委会大试村12-1号101室",
			"试泉街道无名社区居委会试验巷105号",
			"",
			"",
			"试河镇无名村民委员会20号",
		},
		"a gas meter": {
			"试泉-试验花园-3#-2单元-1502(厨房)",
			"试泉-试点小区-12#-1单元-502(厨房)",
			"试河-试岭村110号(院墙外)",
			"试河-无名社区大试村12-1号101室(院墙外)",
			"试泉-试验巷105号(院墙外)",
			"",
			"",
			"试河-无名村20号(院墙外)",
		},
		"a court's party": {
			"住邹城市试泉街道试验花园（试验路8号）3号楼2单元1502室。",
			"住邹城市试泉街道试点小区（双试里二十六6-3号）12号楼1单元502室。",
			"现住邹城市试河镇试岭村110号。",
			"住邹城市试河镇无名社区大试村12-1号101室。",
			"现住邹城市试泉街道试验巷105号。",
			"",
			"现住邹城市试泉街道试验路20号试验市场203室。",
			"现住邹城市试河镇无名村20号。",
		},
		"a courier's note": {
			"试泉试验花园3-2-1502",
			"试泉试点小区12-1-502 放门口",
			"试河试岭110号(放门口)",
			"试河大试12-1号-101(放门口)",
			"试泉试验巷105号 送货上门",
			"",
			"试泉试验市场203 送货上门",
			"试河无名村20号 送货上门",
		},
		"a grandmother's note": {
			"邹城试泉街道，试验花园，三号楼二单元，上十五楼，一五零二",
			"邹城试泉街道，试点小区，十二号楼一单元，上五楼，五零二",
			"邹城试河镇试岭村，门牌一百一十号",
			"邹城试河镇无名社区大试村，门牌12-1号一零一室",
			"邹城试泉街道试验巷，门牌一百零五号",
			"",
			"",
			"邹城试河镇无名村，门牌二十号",
		},
		"an English order": {
			"Rm 1502, Unit 2, Bldg 3, 试验花园, No.8 试验路, 试泉街道, 邹城市",
			"Rm 502, Unit 1, Bldg 12, 试点小区, No.6-3 双试里二十六, 试泉街道, 邹城市",
			"No.110 试岭村, 试河镇, 邹城市",
			"Rm 101, No.12-1 大试村, 无名社区, 试河镇, 邹城市",
			"No.105 试验巷, 试泉街道, 邹城市",
			"",
			"Rm 203, 试验市场, No.20 试验路, 试泉街道, 邹城市",
			"No.20 无名村, 试河镇, 邹城市",
		},
	}
	for _, w := range thirdHand {
		texts := want[w.name]
		if len(texts) != len(dwellings) {
			t.Errorf("%s: %d texts are expected of %d dwellings", w.name, len(texts), len(dwellings))
		}
		for i, d := range dwellings {
			got := w.write(h, d, rand.New(rand.NewPCG(3, uint64(i))))
			if i >= len(texts) || got != texts[i] {
				t.Errorf("%s of dwelling %d: %q", w.name, i, got)
			}
		}
	}
}
