package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// way is how somebody writes a complete address: a template for each kind of dwelling, alternatives apart by |, "" for those that nobody writes so. Letters
// stand for the pieces:
//
//	S s  province, without 省          T t O  town, without its kind, as an office (街道办事处)     G   the compound's street and number
//	J j  prefecture, without 市        C c K  community, without its kind, as its committee         P p L   compound or named building, with 小区 added, floor
//	X x  county, without 市            V      the village with the community above it               B U R   building, unit, room: numbers alone
//	D d  the village alone, without 村 E      the same, its committee                                 b u r   the same with zeros in front
//	W    the house's street            N n    the house's number, with zeros in front               M       the room of a house that has rooms
//
// A way that leaves something away is given only houses that what is left still tells from every other house of the register (housing.unlike), so that a
// careful reader who knows the county finds exactly one.
type way struct {
	name                          string
	keeps                         keeps
	flat, homestead, street, hall string
	room                          string // M, and what follows a house with rooms whose template has no M
	numerals                      numerals
	then                          func(text string, r *rand.Rand) string
}

type numerals uint8

const (
	arabic numerals = iota
	chinese
)

const everything = keepsTown | keepsCommunity | keepsGate | keepsPlace | keepsUnit

// ways are those of people, clerks, couriers, police lists, property companies and spreadsheets.
var ways = []way{
	{name: "complete, as the county writes it, or without 室", keeps: everything,
		flat: "SJXTCGPB号楼U单元R室|SJXTCGPB号楼U单元R", homestead: "SJXTVN号", street: "SJXTCWN号", hall: "SJXTCGPR室", room: "R室|R"},
	{name: "police list: no prefecture, no community, the room a 号", keeps: keepsTown | keepsGate | keepsPlace | keepsUnit,
		flat: "SXTGPB号楼U单元R号", homestead: "SXTDN号", street: "SXTWN号", hall: "SXTGPR号", room: "R室"},
	{name: "parcel: levels apart by spaces", keeps: keepsTown | keepsPlace | keepsUnit,
		flat: "S J X T GPB号楼U单元R|S J X T PB号楼U单元R室|s jX T P B号楼U单元R室", homestead: "S J X T DN号", street: "S J X T WN号", hall: "S J X T PR", room: "R室|R| R"},
	{name: "compound and three numbers: 3-2-501", keeps: keepsPlace | keepsUnit,
		flat: "PB-U-R", homestead: "DN|dN|dN号", street: "WN|WN号", hall: "PR", room: "-R"},
	{name: "community, hash: 3#2-501", keeps: keepsCommunity | keepsPlace | keepsUnit,
		flat: "CPB#U-R|CPB#楼U单元R|CPB#-U-R|CPB＃U单元R", homestead: "VN#", street: "CWN#", hall: "CPR#", room: "-R"},
	{name: "town without its kind, 栋", keeps: keepsTown | keepsPlace | keepsUnit,
		flat: "tPB栋U单元R|xtPB栋U单元R室", homestead: "tDN号|xtDN号", street: "tWN号", hall: "tPR", room: "R|R室"},
	{name: "deed: street and number, 幢", keeps: keepsGate | keepsPlace | keepsUnit,
		flat: "XGPB幢U单元R室|XGPB幢U单元R|XTGPB幢U单元R室", homestead: "XTDN号|XDN号", street: "XWN号", hall: "XGPR室", room: "R室|R号"},
	{name: "full-width figures", keeps: keepsPlace | keepsUnit,
		flat: "XTPB号楼U单元R室|TPB-U-R|PB号楼U单元R", homestead: "TDN号|DN号", street: "TWN号|WN号", hall: "TPR室", room: "R室|R", then: widened},
	{name: "Chinese numerals", keeps: keepsCommunity | keepsPlace | keepsUnit,
		flat: "TCPB号楼U单元R室|CPB号楼U单元R|CPB栋U单元R室", homestead: "TVN号|VN号", street: "CWN号", room: "R室", numerals: chinese},
	{name: "columns of a sheet joined by , ， / 、 ; tab", keeps: keepsTown | keepsCommunity | keepsPlace | keepsUnit,
		flat: "T,C,P,B号楼,U单元,R|X,T,C,G,P,B号楼,U单元,R室|T,C,P,B,U,R", homestead: "T,V,N号|X,T,V,N", street: "T,C,WN号|T,C,W,N号", hall: "T,C,G,P,R", room: ",R|,R室", then: separated},
	{name: "property company: no unit", keeps: keepsPlace, flat: "pB号楼R|PB-R|PB号楼R室|PB栋R"},
	{name: "brackets", keeps: keepsTown | keepsPlace | keepsUnit,
		flat:      "XTP(G)B号楼U单元R室|XTC（P）B号楼U单元R|TP【C】B号楼U单元R室|TG（P）B号楼U单元R",
		homestead: "T（V）N号|D(T)N号|XTV（N号）", street: "WN号M（T）|T（C）WN号|TWN号M（C）", hall: "TP（G）R|TG（P）R室", room: "R室|R"},
	{name: "words left in front and behind", keeps: keepsTown | keepsPlace | keepsUnit,
		flat: "XTPB号楼U单元R室|TCPB号楼U单元R", homestead: "XTDN号|TVN号", street: "XTWN号|TCWN号", hall: "XTPR室", room: "R室|R", then: leftover},
	{name: "the floor told as well", keeps: keepsTown | keepsPlace | keepsUnit,
		flat: "TPB号楼U单元L楼R|TCPB号楼U单元L层R室|TPB号楼U单元L楼R室", homestead: "TDN号", street: "TWN号", hall: "TPL楼R", room: "L楼R|L层R室"},
	{name: "community as 居委会, 村委会; town as 办事处", keeps: keepsCommunity | keepsPlace | keepsUnit,
		flat: "TKPB号楼U单元R室|XTKPB号楼U单元R|OKPB号楼U单元R室|OCPB号楼U单元R", homestead: "TEN号|XTEN号", street: "TKWN号|OCWN号", hall: "TKPR室", room: "R室"},
	{name: "export with zeros in front: 03栋02单元0501", keeps: keepsTown | keepsPlace | keepsUnit,
		flat: "XTPb栋u单元r|XTPb号楼u单元r室|TPb-u-r", homestead: "XTDn号|TDn号", street: "TWn号", hall: "XTPr", room: "r室|r"},
	{name: "the street's number alone; 自然村", keeps: keepsTown | keepsGate | keepsUnit,
		flat: "XTGB号楼U单元R室|TGB号楼U单元R|XTGB-U-R", homestead: "Td自然村N号|XTd自然村N号", street: "TWN号", hall: "TGR室", room: "R室|R"},
	{name: "other separators: 3/2/501, 3.2.501, 3—2—501", keeps: keepsPlace | keepsUnit,
		flat: "P-B号楼-U单元-R室|PB—U—R|PB.U.R|P B U R|PB/U/R|P B-U-R|P，B号楼U单元R|P B号楼 U单元 R室", homestead: "D N|D-N号|D，N号|D N号", street: "W N|W N号", hall: "P-R|P R", room: "-R| R"},
	{name: "spoken: 3楼2单元501, 501户", keeps: keepsCommunity | keepsPlace | keepsUnit,
		flat: "CPB楼U单元R|CPB号楼U单元R户|cPB号楼U单元R|CPB号U单元R|CPB号楼U单元R房", homestead: "VN户|VN号院|V第N号", street: "CWN号|cWN号", hall: "CPR房", room: "R|R室"},
	{name: "province, prefecture and county in short", keeps: keepsTown | keepsCommunity | keepsPlace | keepsUnit,
		flat: "sjxTCPB号楼U单元R|sxtcPB-U-R|sjxtcGPB号楼U单元R室|xTCPB号楼U单元R", homestead: "sjxTVN号|sxtVN号|xTVN号", street: "sjxTCWN号|xtcWN号", hall: "sjxTCPR室", room: "R室|R"},
}

// suits says whether somebody who writes so would write this house, and a careful reader would find it.
func (w *way) suits(h *housing, d *dwelling) bool {
	switch {
	case w.templates(d) == "", w.room == "" && d.room != "" && (d.kind == homestead || d.kind == onStreet):
		return false
	case d.kind == flat && w.keeps&keepsPlace == 0 && d.gate == "": // nothing would say which compound
		return false
	case d.street == shopfronts && w.keeps&keepsCommunity == 0: // the village's; nobody leaves the village away
		return false
	case w.keeps&keepsUnit == 0 && endsInNumeral(d.place): // 盛世嘉园四1-801 may be building 4 of 盛世嘉园, too
		return false
	case w.numerals == chinese && (d.kind == inHall || strings.Contains(d.gate, "-") || d.room != "" && d.kind != flat || endsInNumeral(d.place) || endsInNumeral(d.street)): // 阳光新村五 三号楼 isn't written together
		return false
	}
	return h.unlike(d, w.keeps)
}

func (w *way) templates(d *dwelling) string {
	return [...]string{flat: w.flat, homestead: w.homestead, onStreet: w.street, inHall: w.hall}[d.kind]
}

// write writes the house's address.
func (w *way) write(h *housing, d *dwelling, r *rand.Rand) string {
	template := oneOf(r, w.templates(d))
	if d.room != "" && (d.kind == homestead || d.kind == onStreet) {
		if room := oneOf(r, w.room); strings.Contains(template, "M") {
			template = strings.Replace(template, "M", room, 1)
		} else {
			template += room
		}
	}
	template = strings.ReplaceAll(template, "M", "")
	text := strings.NewReplacer(h.pieces(d, w.numerals, r)...).Replace(template)
	if w.then != nil {
		text = w.then(text, r)
	}
	return text
}

func oneOf(r *rand.Rand, alternatives string) string {
	return pick(r, strings.Split(alternatives, "|"))
}

// pieces are what the letters of a template stand for.
func (h *housing) pieces(d *dwelling, n numerals, r *rand.Rand) []string {
	village, inside, seat := d.community, "", committee(d.community, r)
	if d.kind == homestead && d.place != "" {
		village, inside, seat = d.place, d.community, seat+d.place
	}
	number, count := func(s string) string { return s }, func(s string) string { return s }
	if n == chinese {
		number, count = func(s string) string { return spelled(s, r) }, counted
		if r.IntN(3) == 0 {
			number = func(s string) string { return s } // 三号楼二单元501
		}
	}
	gate := d.gate
	if d.kind != flat && n == chinese {
		if gate = counted(d.gate); len(d.gate) > 2 && r.IntN(3) == 0 { // 一八六号, but no 一六号
			gate = spelled(d.gate, r)
		}
	}
	compound := d.street + d.gate
	if d.gate != "" {
		compound += "号"
	}
	return []string{
		"S", d.province, "s", stem(d.province), "J", d.prefecture, "j", stem(d.prefecture), "X", d.county, "x", stem(d.county),
		"T", d.town, "t", h.brief(d.town), "O", office(d.town), "C", d.community, "c", h.brief(d.community), "K", committee(d.community, r),
		"V", inside + village, "D", village, "d", h.brief(village), "E", seat,
		"G", compound, "P", d.place, "p", asCompound(d.place), "L", fmt.Sprint(d.floor), "W", d.street,
		"B", count(d.building), "U", count(d.unit), "R", number(d.room), "N", gate, "b", padded(d.building, 2), "u", padded(d.unit, 2), "r", padded(d.room, 4), "n", padded(d.gate, 4),
	}
}
