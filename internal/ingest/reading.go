package ingest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jingwei/internal/planar"
)

// maxName is the most characters of a name or an address that are kept.
const maxName = 200

// reading is one file on its way into the stage: what its records mean, where they lie, what was mended.
type reading struct {
	file   string            // as reports name it
	files  map[string]string // by source, where the features come from several
	prefix string            // of sources without an id of OpenStreetMap: the file's base name
	layer  Layer
	index  *countyIndex
	stage  *stage
	report *Report
	turns  turnLog
	unique bool // the format gives every feature an id of its own: one that comes twice is the same feature

	homeless, abroad strays // with people, but no homes; outside of all divisions
	fractions        strays // with a number of people that isn't whole

	touched [][4]float64 // where rows were added or changed: west, south, east, north
}

// take turns one record into rows. Its errors are the database's; what is wrong with the record is reported.
func (r *reading) take(ctx context.Context, rec *record, bad *note) error {
	source := r.source(rec)
	if bad != nil {
		if rec != nil {
			rec.tags = readColumns(rec.tags, r.layer, &rec.geometry)
		}
		if rec != nil && !r.wanted(rec) {
			r.noHome(source, rec)
			r.report.Unused++
			return nil
		}
		r.report.Read++
		r.turnDown(source, rec, bad)
		return nil
	}
	g := &rec.geometry
	rec.tags = readColumns(rec.tags, r.layer, g)
	if unknown := r.nameKind(rec); unknown != nil {
		r.report.Read++
		r.turnDown(source, rec, unknown)
		return nil
	}
	if len(g.lines) == 0 && len(g.areas) == 0 {
		if done, err := r.facility(ctx, source, rec); done || err != nil {
			return err
		}
		return r.entrance(ctx, source, rec)
	}
	closed := g.closed()
	m, ok := r.meaning(rec.tags, closed)
	if !ok && !closed {
		if open, isArea := r.meaning(rec.tags, true); isArea && open.area {
			r.report.Read++
			r.turnDown(source, rec, refuse(kindOpen, "轮廓没有闭合", "its outline isn't closed"))
			return nil
		}
	}
	if !ok || m.layer != Buildings {
		r.noHome(source, rec)
	}
	if !ok {
		r.report.Unused++
		return nil
	}
	r.report.Read++
	if g.mixed {
		rec.notes = append(rec.notes, mended(kindCollection, "几何是几何集合", "its geometry is a GeometryCollection",
			"取其中合用的部分", "the parts that fit were taken"))
	}
	f := feature{source: source, layer: m.layer, kind: m.kind, class: cut(m.class, 60), barrier: m.barrier}
	r.describe(&f, rec)
	if m.area {
		return r.area(ctx, f, rec)
	}
	return r.lines(ctx, f, rec)
}

func (r *reading) takes(l Layer) bool { return r.layer == "" || r.layer == l }

// wanted says whether a record without a usable geometry would have been of use, its columns read.
func (r *reading) wanted(rec *record) bool {
	if r.layer == Facilities && !rec.osm {
		return true // whoever says that the file holds facilities wants to know which of them are missing
	}
	_, ok := r.meaning(rec.tags, true)
	return ok || rec.tags.get("entrance") != "" || len(rec.tags) == 0
}

func (r *reading) source(rec *record) string {
	if rec == nil {
		return r.prefix
	}
	if rec.known {
		return rec.id
	}
	return r.prefix + "/" + rec.id
}

func (g *geometry) closed() bool {
	if len(g.areas) > 0 {
		return true
	}
	for _, l := range g.lines {
		if len(l) >= 4 && l[0] == l[len(l)-1] {
			return true
		}
	}
	return false
}

// describe reads what isn't geometry: the name, and of a building its levels, address and residents.
func (r *reading) describe(f *feature, rec *record) {
	f.people = -1
	f.name = r.text(rec, "name")
	if f.name == "" {
		f.name = r.text(rec, "name:zh")
	}
	if f.layer != Buildings {
		return
	}
	f.address = cut(printable(addressOf(rec.tags)), maxName)
	if s := rec.tags.get("building:levels"); s != "" {
		levels, ok, exact := parseLevels(s)
		f.levels = float64(float32(levels)) // as the column keeps it
		switch {
		case !ok:
			rec.notes = append(rec.notes, mended(kindLevels, fmt.Sprintf("层数 %.20q 读不懂", s),
				fmt.Sprintf("levels %.20q can't be read", s), "当作未知", "taken as not known"))
		case !exact:
			rec.notes = append(rec.notes, mended(kindLevels, fmt.Sprintf("层数写作 %.20q", s), fmt.Sprintf("levels are written %.20q", s),
				"读作 "+number(levels, "未知"), "read as "+number(levels, "not known")))
		}
	}
	f.people = r.people(rec)
}

func number(v float64, none string) string {
	if v == 0 {
		return none
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

func (r *reading) people(rec *record) int {
	s := rec.tags.get("residents")
	if s == "" {
		return -1
	}
	n, ok, exact := parsePeople(s)
	if ok && !exact {
		r.fractions.see(r.source(rec), n)
	}
	if !ok {
		r.report.count(holder(rec), Census{Uncounted: 1})
		rec.notes = append(rec.notes, mended(kindResidents, fmt.Sprintf("人数 %.20q 读不懂", s),
			fmt.Sprintf("residents %.20q can't be read", s), "当作未知；请更正后重新导入", "taken as not known; correct it and import again"))
	}
	return n
}

func (r *reading) text(rec *record, key string) string {
	s := rec.tags.get(key)
	if utf8.RuneCountInString(s) > maxName {
		rec.notes = append(rec.notes, mended(kindLongName, fmt.Sprintf("%s 超过 %d 个字", key, maxName),
			fmt.Sprintf("its %s has more than %d characters", key, maxName), "截短", "cut off there"))
	}
	return cut(printable(s), maxName)
}

// printable drops what a name on a map or in a terminal must not hold: control characters, and marks that turn the direction of the
// writing round for all that follows. What separates words becomes a space.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// cut shortens a text to n characters and drops what no column can hold.
func cut(s string, n int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// area makes the one row of an area or a building.
func (r *reading) area(ctx context.Context, f feature, rec *record) error {
	areas := rec.geometry.areas
	for _, l := range rec.geometry.lines {
		if len(l) >= 4 && l[0] == l[len(l)-1] {
			areas = append(areas, []planar.Ring{l})
		}
	}
	if n := tooWide(rec); n != nil {
		r.turnDown(f.source, rec, n)
		return nil
	}
	parts, did := makeArea(areas)
	if len(parts) == 0 {
		r.turnDown(f.source, rec, refuse(kindNoExtent, "环少于三个不同的点或没有面积", "its ring has fewer than three distinct points, or no area"))
		return nil
	}
	if !rec.osm { // a way has no inside: either direction is right
		r.turns.see(f.source, did)
	}
	rec.notes = append(rec.notes, did.notes()...)
	f.parts = parts
	if f.layer == Buildings {
		if m := footprint(parts); m > maxFootprint {
			r.turnDown(f.source, rec, refuse(kindTooBig, fmt.Sprintf("楼栋占地 %.0f 平方米，不可能是一栋楼；可能是地块或区划的边界", m),
				fmt.Sprintf("a footprint of %.0f m² can't be one building's; it may be the border of an estate or a division", m)))
			return nil
		}
		f.entrances, f.whole = rec.entrances, rec.osm
		f.sortEntrances()
	}
	if f.layer == Facilities {
		f.at = inside(parts)
		return r.keep(ctx, &f, rec)
	}
	if err := r.keep(ctx, &f, rec); err != nil {
		return err
	}
	return r.serves(ctx, &f, rec)
}

// lines makes a row for each line; the second and further parts get the source's id with #2, #3 …
func (r *reading) lines(ctx context.Context, f feature, rec *record) error {
	lines := rec.geometry.lines
	for _, rings := range rec.geometry.areas {
		for _, ring := range rings {
			lines = append(lines, ring)
		}
	}
	if n := tooWide(rec); n != nil {
		r.turnDown(f.source, rec, n)
		return nil
	}
	source, found := f.source, 0
	for _, l := range lines {
		if f.line = cleanLine(l); f.line == nil {
			continue
		}
		if found++; found > 1 {
			f.source = fmt.Sprintf("%s#%d", source, found)
		}
		row := f
		if err := r.keep(ctx, &row, rec); err != nil {
			return err
		}
		rec.notes = nil
	}
	if found == 0 {
		r.refused(source, refuse(kindNoExtent, "线少于两个不同的点", "its line has fewer than two distinct points"))
	}
	return nil
}

// keep stages a row under every county it touches, and reports what was mended of it.
func (r *reading) keep(ctx context.Context, f *feature, rec *record) error {
	counties := f.counties(r.index)
	if len(counties) == 0 {
		r.report.Outside++
		r.away(ofBuildings, f.source, f.people)
		for _, e := range f.entrances {
			r.away(ofEntrances, f.source, e.People)
		}
		return nil
	}
	if f.layer == Buildings {
		r.report.count(ofBuildings, stored(f.people))
	}
	for _, e := range f.entrances {
		r.report.count(ofEntrances, stored(e.People))
	}
	for i := range rec.notes {
		r.repaired(f.source, &rec.notes[i])
	}
	r.report.county(counties...)
	return r.stage.add(ctx, f, counties)
}
