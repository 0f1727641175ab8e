package ingest

import (
	"context"
	"fmt"

	"jingwei/internal/ground"
)

// entrance stages a point with entrance=* and a ref.
func (r *reading) entrance(ctx context.Context, source string, rec *record) error {
	n, _ := headcount(rec)
	e, ok := entranceOf(rec.tags)
	if !ok && n > 0 && len(rec.geometry.points) > 0 {
		e, ok = countedEntrance(rec)
	}
	if !ok || !r.takes(Buildings) || len(rec.geometry.points) == 0 {
		return r.point(source, rec, n)
	}
	r.report.Read++
	e.At = rec.geometry.points[0]
	e.People = r.people(rec)
	counties := r.index.point(e.At)
	if len(counties) == 0 {
		r.report.Outside++
		r.away(ofEntrances, source, e.People)
		return nil
	}
	for i := range rec.notes {
		r.repaired(source, &rec.notes[i])
	}
	r.report.count(ofEntrances, stored(e.People))
	return r.stage.entrance(ctx, stagedEntrance{counties: counties, source: source, building: cut(rec.tags.get("building"), maxName), e: e})
}

// point passes over what isn't an entrance, unless it is a building of people without an outline.
func (r *reading) point(source string, rec *record, people int) error {
	if people > 0 && r.counts() && holder(rec) == ofBuildings {
		r.report.Read++
		r.turnDown(source, rec, refuse(kindNoPolygon, fmt.Sprintf("楼栋（登记 %d 人）没有轮廓；请给出其轮廓多边形", people),
			fmt.Sprintf("a building with %d residents has no outline; give its polygon", people)))
		return nil
	}
	r.noHome(source, rec)
	r.report.Unused++
	return nil
}

// countedEntrance takes a door of any kind, or one without a ref, as an entrance: whoever counts people behind it
// means one that they live behind.
func countedEntrance(rec *record) (e ground.Entrance, ok bool) {
	if rec.tags.get("entrance") == "" {
		return e, false
	}
	e = ground.Entrance{Ref: cut(printable(refOf(rec.tags)), 40), People: -1}
	if e.Ref == "" {
		e.Ref = cut(printable(rec.id), 40)
		rec.notes = append(rec.notes, mended(kindNoRef, "单元有居民而没有单元号（ref）", "it has residents and no ref", "以编号代替", "its id serves as one"))
	}
	return e, true
}

// entranceOf reads the tags of a stair. Exits, garages and goods entrances have nobody living behind them.
func entranceOf(t tags) (ground.Entrance, bool) {
	switch t.get("entrance") {
	case "", "no", "exit", "emergency", "garage", "service", "shop":
		return ground.Entrance{}, false
	}
	ref := refOf(t)
	return ground.Entrance{Ref: cut(printable(ref), 40), People: -1}, ref != ""
}

func refOf(t tags) string {
	if ref := t.get("ref"); ref != "" {
		return ref
	}
	return t.get("addr:unit")
}
