package ingest

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/facility"
	"jingwei/internal/planar"
)

// poleStep is how exactly the point inside an area is looked for, in lattice steps: about a metre.
const poleStep = 100

// meaning is meaningOf for this reading: a closed outline that says nothing about the ground may still be that of a
// facility, and where only facilities are wanted that is all it can be. ok is false for what isn't of use.
func (r *reading) meaning(t tags, closed bool) (m meaning, ok bool) {
	if m, ok = meaningOf(t, closed); ok && r.takes(m.layer) {
		return m, true
	}
	if kind := facility.Of(t.get); kind != "" && closed && r.takes(Facilities) {
		return meaning{layer: Facilities, kind: string(kind), area: true}, true
	}
	return m, false
}

// nameKind adds to a record that was said to be a facility the kind that a column of another source gives it. A word
// that is no kind is a finding: whoever said that the file holds facilities wants to know which of them are missing.
func (r *reading) nameKind(rec *record) *note {
	if r.layer != Facilities || rec.osm || facility.Of(rec.tags.get) != "" {
		return nil
	}
	word := rec.tags.column(classColumns)
	kind := facility.Parse(word)
	if kind != "" {
		rec.tags = append(rec.tags, tagOf(kind))
		return nil
	}
	what, whatZH := "it doesn't say what kind of facility it is", "没有说明是哪种设施"
	if word != "" {
		what, whatZH = fmt.Sprintf("%.40q is no kind of facility that is known", word), fmt.Sprintf("设施类型 %.40q 不认识", word)
	}
	zh, en := facility.Names()
	return refuse(kindFacility, whatZH+"；可用 "+zh+"（"+en+"）", what+"; use one of "+en)
}

// tagOf says a kind as a tag that facility.Of reads back.
func tagOf(k facility.Kind) tag {
	switch k {
	case facility.Camera:
		return tag{"man_made", "surveillance"}
	case facility.Hydrant:
		return tag{"emergency", "fire_hydrant"}
	case facility.Care:
		return tag{"amenity", "nursing_home"}
	}
	return tag{"amenity", string(k)}
}

// facility stages a point that is one. ok is false when it isn't.
func (r *reading) facility(ctx context.Context, source string, rec *record) (ok bool, err error) {
	kind := facility.Of(rec.tags.get)
	if kind == "" || len(rec.geometry.points) == 0 || !r.takes(Facilities) {
		return false, nil
	}
	if n, _ := headcount(rec); rec.tags.get("entrance") != "" || n > 0 && holder(rec) == ofBuildings {
		return false, nil // whoever counts people there means a building or a stair of one
	}
	r.report.Read++
	r.noHome(source, rec)
	for i, at := range rec.geometry.points { // of several points each is a place, as each line of several is one
		f := feature{source: source, layer: Facilities, kind: string(kind), at: at}
		if i > 0 {
			f.source = fmt.Sprintf("%s#%d", source, i+1)
		}
		r.describe(&f, rec)
		if err := r.keep(ctx, &f, rec); err != nil {
			return true, err
		}
	}
	return true, nil
}

// serves stages the facility that an area is besides being ground or a building: a school's grounds are both.
func (r *reading) serves(ctx context.Context, f *feature, rec *record) error {
	kind := facility.Of(rec.tags.get)
	if kind == "" || !r.takes(Facilities) {
		return nil
	}
	place := feature{source: f.source, layer: Facilities, kind: string(kind), name: f.name, people: -1, at: inside(f.parts)}
	counties := place.counties(r.index)
	if len(counties) == 0 {
		return nil
	}
	r.report.county(counties...)
	return r.stage.add(ctx, &place, counties)
}

func inside(parts []planar.Polygon) planar.Point {
	return planar.PoleOfInaccessibility(parts, poleStep)
}

// forgetFacilities takes away the facilities of sources that came again as ground or a building alone.
func (r *reading) forgetFacilities(ctx context.Context) error {
	if !r.takes(Facilities) {
		return nil
	}
	var again []string
	for _, t := range mergeTables {
		if t.table != "facility" && r.stage.flushed[t.stage] {
			again = append(again, "SELECT county, source FROM "+t.stage)
		}
	}
	if len(again) == 0 {
		return nil
	}
	rows, err := r.stage.tx.Query(ctx, `
		DELETE FROM facility f USING (`+strings.Join(again, " UNION ")+`) s
		WHERE f.county = s.county AND f.source = s.source
			AND NOT EXISTS (SELECT FROM stage_facility n WHERE n.county = f.county AND n.source = f.source)
		RETURNING ST_X(f.geom), ST_Y(f.geom)`)
	if err != nil {
		return err
	}
	gone := 0
	var x, y float64
	_, err = pgx.ForEachRow(rows, []any{&x, &y}, func() error {
		gone++
		r.touched = append(r.touched, [4]float64{x, y, x, y})
		return nil
	})
	if gone > 0 {
		r.report.tally("facility", Tally{Changed: gone})
	}
	return err
}
