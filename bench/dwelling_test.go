package bench

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// dwelling is a house of the register with the words of its standard address taken apart. Four kinds of it stand in a county: a flat of a compound, a
// homestead that is numbered in its village, a house that is numbered along its street, and a room of a building that goes by a name.
type dwelling struct {
	id                                                   int64
	code                                                 string // of its community
	province, prefecture, county, town, community, whole string
	street, gate                                         string // 双桥里二十六, 447 or 6-3; of the compound, or of the house itself
	place                                                string // compound, village inside its community, or named building
	building, unit, room                                 string // numbers alone; building and unit of flats
	floor                                                int
	kind                                                 dwellingKind
}

type dwellingKind uint8

const (
	flat dwellingKind = iota
	homestead
	onStreet
	inHall
)

// shopfronts is what shops along a street without a number are numbered under, in their community.
const shopfronts = "沿街商铺"

// housing is all dwellings of a county and which of their names would be taken for another's without their kind.
type housing struct {
	all   []dwelling
	named map[string]map[string]bool  // names of divisions and places by their short forms
	kept  map[keeps]map[string]int    // how many houses are written alike by those who keep so much
	meant map[keeps]map[string]string // the place that they write so, "several" when there are more
}

func readHousing(ctx context.Context, tx pgx.Tx, county int32) (*housing, error) {
	names := map[string]string{}
	rows, err := tx.Query(ctx, `SELECT code, name FROM division WHERE county = $1`, county)
	if err != nil {
		return nil, err
	}
	var code, name string
	if _, err := pgx.ForEachRow(rows, []any{&code, &name}, func() error { names[code] = name; return nil }); err != nil {
		return nil, err
	}
	h := &housing{named: map[string]map[string]bool{}, kept: map[keeps]map[string]int{}, meant: map[keeps]map[string]string{}}
	rows, err = tx.Query(ctx, `SELECT id, lpad((ground / 1000)::text, 12, '0'), place, number, unit, coalesce(floor, 0), room, address FROM house WHERE county = $1 ORDER BY id`, county)
	if err != nil {
		return nil, err
	}
	var d dwelling
	var place, number, unit string
	_, err = pgx.ForEachRow(rows, []any{&d.id, &d.code, &place, &number, &unit, &d.floor, &d.room, &d.whole}, func() error {
		d := d
		d.town, d.community, d.county = names[d.code[:9]], names[d.code], names[d.code[:6]]
		if d.takeApart(place, number, unit) {
			h.all = append(h.all, d)
		}
		return nil
	})
	for _, name := range names {
		h.note(name)
	}
	for i := range h.all {
		h.note(h.all[i].place)
	}
	return h, err
}

// takeApart reads the standard address along the register's columns. It says false of an address that isn't made of them.
func (d *dwelling) takeApart(place, number, unit string) bool {
	above, rest, found := strings.Cut(d.whole, d.county)
	if !found {
		return false
	}
	d.province, d.prefecture, found = strings.Cut(above, "省")
	if d.province += "省"; !found {
		return false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, d.town), d.community)
	if d.room != "" {
		rest = strings.TrimSuffix(rest, d.room+"室")
	}
	rest = strings.TrimSuffix(rest, unit)
	before, behind, named := strings.Cut(rest, place)
	switch {
	case unit != "" && named && place != "":
		d.kind, d.place, d.building, d.unit = flat, place, strings.TrimSuffix(number, "号楼"), strings.TrimSuffix(unit, "单元")
		d.street, d.gate = splitNumber(before)
		return behind == number && isCount(d.building) && isCount(d.unit)
	case place != "" && named && before == "" && isNumber(behind): // a village inside its community
		d.kind, d.place = homestead, place
		_, d.gate = splitNumber(behind)
	case number != "" && !strings.HasSuffix(number, "号") && strings.HasSuffix(rest, number):
		d.kind, d.place = inHall, number
		d.street, d.gate = splitNumber(strings.TrimSuffix(rest, number))
	default:
		d.kind = onStreet
		if d.street, d.gate = splitNumber(rest); d.street == "" {
			d.kind = homestead
		}
	}
	return d.gate != "" || d.kind == inHall
}

// splitNumber parts a street from the number behind it, without 号.
func splitNumber(s string) (street, number string) {
	at := strings.IndexAny(s, "0123456789")
	if at < 0 {
		return s, ""
	}
	return s[:at], strings.TrimSuffix(s[at:], "号")
}

func isCount(s string) bool { _, err := strconv.Atoi(s); return err == nil }

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// brief is a name without its kind, as long as that says anything and is nobody else's name in the county.
func (h *housing) brief(name string) string {
	short := stem(name)
	if utf8.RuneCountInString(short) < 2 || len(h.named[short]) > 1 {
		return name
	}
	return short
}

func stem(name string) string {
	for _, kind := range []string{"街道", "社区", "镇", "乡", "村", "省", "市"} {
		if short, found := strings.CutSuffix(name, kind); found {
			return short
		}
	}
	return name
}

func (h *housing) note(name string) {
	short := stem(name)
	if h.named[short] == nil {
		h.named[short] = map[string]bool{}
	}
	h.named[short][name] = true
}

// keeps is what somebody's way to write addresses leaves in them, besides building, room and number.
type keeps uint8

const (
	keepsTown keeps = 1 << iota
	keepsCommunity
	keepsGate  // the compound's street and number
	keepsPlace // the compound's name
	keepsUnit
)

// unlike says that what somebody who keeps so much writes of a house names one place of the county (its compound, village or street), and no other house
// there would be written as this one is. That a number is found in one of two places of a name doesn't count: who knows the county would ask. Names count
// without their kinds, as somebody may leave those away; a house of its village or street keeps these in any case.
func (h *housing) unlike(d *dwelling, k keeps) bool {
	if d.gate == "" { // what others keep can't be seen to be missing
		k &^= keepsGate
	}
	if h.kept[k] == nil {
		h.kept[k], h.meant[k] = map[string]int{}, map[string]string{}
		for i := range h.all {
			o := &h.all[i]
			where := o.where(k)
			h.kept[k][where+o.inside(k)]++
			if one, there := h.meant[k][where]; !there {
				h.meant[k][where] = o.spot()
			} else if one != o.spot() {
				h.meant[k][where] = "several"
			}
		}
	}
	return h.kept[k][d.where(k)+d.inside(k)] == 1 && h.meant[k][d.where(k)] != "several"
}

// spot is what a house's place is told apart by: a street runs through its town.
func (d *dwelling) spot() string {
	switch {
	case d.kind == homestead || d.street == shopfronts:
		return d.code + d.place
	case d.kind == onStreet:
		return d.code[:9] + d.street
	}
	return d.code + d.place + d.street + d.gate
}

// where is what is kept of a house's place.
func (d *dwelling) where(k keeps) string {
	var w words
	w.add(k&keepsTown != 0, stem(d.town))
	w.add(k&keepsCommunity != 0 || d.kind == homestead && d.place == "", stem(d.community))
	switch d.kind {
	case homestead:
		w.add(true, stem(d.place))
	case onStreet:
		w.add(true, d.street)
	default:
		w.add(k&keepsGate != 0, d.street, d.gate)
		w.add(k&keepsPlace != 0, d.place)
	}
	return strings.Join(w, "-")
}

// inside is what is kept of a house inside its place.
func (d *dwelling) inside(k keeps) string {
	var w words
	w.add(d.kind == homestead || d.kind == onStreet, d.gate)
	w.add(true, d.building)
	w.add(k&keepsUnit != 0, d.unit)
	w.add(true, d.room)
	return "-" + strings.Join(w, "-")
}

type words []string

func (w *words) add(wanted bool, parts ...string) {
	for _, p := range parts {
		if wanted && p != "" {
			*w = append(*w, p)
		}
	}
}

// otherWay is a hand in which an author writes dwellings who hasn't read the grammar. What it writes beyond its keeps isn't promised: keeps are the least of all
// kinds of dwellings.
type otherWay struct {
	name  string
	keeps keeps
	write func(h *housing, d *dwelling, r *rand.Rand) string // "" where nobody writes that kind of dwelling so
}
