package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"jingwei/internal/facility"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// osmDoor is a node with entrance=*, to be found again on the outline of its building.
type osmDoor struct {
	record
	e     ground.Entrance
	taken bool // by a building; a wall between two has its people once
}

// keepNode holds the doors for the ways that they are on, and hands on what else people are counted at.
func (o *osmReading) keepNode(ctx context.Context, id int64, at planar.Point, t tags) error {
	rec := record{id: fmt.Sprintf("node/%d", id), known: true, osm: true, tags: slices.Clone(t)}
	people, _ := headcount(&rec)
	e, ok := entranceOf(t)
	if !ok && people > 0 {
		e, ok = countedEntrance(&rec)
	}
	switch {
	case ok:
		rec.geometry.points = []planar.Point{at}
		o.doors[id] = &osmDoor{record: rec, e: e}
	case people > 0, facility.Of(t.get) != "" && o.r.takes(Facilities):
		return o.point(ctx, &rec, at)
	default:
		o.r.report.Unused++
	}
	return nil
}

// point hands on a node by itself.
func (o *osmReading) point(ctx context.Context, rec *record, at planar.Point) error {
	if o.move != nil {
		moved, bad := o.move(at.Degrees())
		if bad != nil {
			return o.r.take(ctx, rec, bad)
		}
		at = moved
	}
	rec.geometry.points = []planar.Point{at}
	return o.r.take(ctx, rec, nil)
}

// addEntrances gives a building the doors on its outline, one of each ref, and every one behind which people are counted.
func (o *osmReading) addEntrances(rec *record, refs []int64) {
	if m, ok := meaningOf(rec.tags, true); !ok || m.layer != Buildings {
		return
	}
	for i, id := range refs {
		door := o.doors[id]
		if door == nil || slices.Contains(refs[:i], id) {
			continue
		}
		at, there := o.nodes.get(id)
		if !there {
			continue
		}
		e := door.e
		e.At = at
		if !door.taken {
			door.taken, e.People = true, o.r.people(&door.record)
			rec.notes = append(rec.notes, door.notes...)
		}
		same := func(f ground.Entrance) bool { return f.Ref == e.Ref }
		if e.People > 0 || !slices.ContainsFunc(rec.entrances, same) {
			rec.entrances = append(rec.entrances, e)
		}
	}
}

// looseDoors hands on the doors with people that are on no building's outline.
func (o *osmReading) looseDoors(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(o.doors)) {
		door := o.doors[id]
		if n, _ := headcount(&door.record); door.taken || n <= 0 || !o.r.counts() {
			continue
		}
		door.notes = nil // take finds them again
		if err := o.point(ctx, &door.record, door.geometry.points[0]); err != nil {
			return err
		}
	}
	return nil
}
