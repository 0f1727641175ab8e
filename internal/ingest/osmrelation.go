package ingest

import (
	"context"
	"fmt"
	"slices"

	"jingwei/internal/planar"
)

// relationRound reads the member ways and the nodes of as many relations as may be held, and hands them on.
func (o *osmReading) relationRound(ctx context.Context) error {
	wanted := map[int64][2]int{} // way → its stretch of refs
	n := 0
	for n < len(o.relations) && len(wanted) < maxHeldMembers {
		for _, m := range o.relations[n].members {
			wanted[m.ref] = [2]int{}
		}
		n++
	}
	err := o.file.scan(ctx, osmVisitor{way: func(id int64, _ tags, refs []int64) error {
		if at, ok := wanted[id]; ok && at[1] == 0 {
			from := len(o.refs)
			o.refs = append(o.refs, refs...)
			wanted[id] = [2]int{from, len(o.refs)}
		}
		return nil
	}}, o.tell("features"))
	if err != nil {
		return err
	}
	if err := o.fetch(ctx); err != nil {
		return err
	}
	for _, rel := range o.relations[:n] {
		if err := o.emitRelation(ctx, rel, wanted); err != nil {
			return err
		}
	}
	o.relations, o.refs = o.relations[n:], o.refs[:0]
	return nil
}

// emitRelation joins a multipolygon's ways into rings, gives each hole to its shell, and hands it on.
func (o *osmReading) emitRelation(ctx context.Context, rel heldRelation, ways map[int64][2]int) error {
	rec := record{id: fmt.Sprintf("relation/%d", rel.id), known: true, osm: true, tags: rel.tags}
	var outer, inner [][]int64
	absent := 0
	for _, m := range rel.members {
		refs := o.refs[ways[m.ref][0]:ways[m.ref][1]]
		if len(refs) < 2 {
			absent++
			continue
		}
		if m.role == "inner" {
			inner = append(inner, refs)
		} else {
			outer = append(outer, refs)
		}
		o.addEntrances(&rec, refs)
	}
	shells, openShells := o.rings(outer)
	holes, openHoles := o.rings(inner)
	if len(shells) == 0 {
		return o.r.take(ctx, &rec, refuse(kindIncomplete, fmt.Sprintf("关系不完整：缺 %d 个成员，没有闭合的外环", absent),
			fmt.Sprintf("the relation is incomplete: %d members are missing, and no outer ring closes", absent)))
	}
	if absent+openShells+openHoles > 0 {
		rec.notes = append(rec.notes, mended(kindIncomplete, fmt.Sprintf("关系不完整：缺 %d 个成员，%d 个外环、%d 个内环不闭合", absent, openShells, openHoles),
			fmt.Sprintf("the relation is incomplete: %d members are missing, %d outer and %d inner rings don't close", absent, openShells, openHoles),
			"取能闭合的部分", "the rings that close were taken"))
	}
	rec.geometry.areas = withHoles(shells, holes)
	return o.r.take(ctx, &rec, nil)
}

// rings joins ways end to end by their nodes, and counts the chains that don't close or lack a node.
func (o *osmReading) rings(ways [][]int64) (rings []planar.Ring, open int) {
	ends := map[int64][]int{} // node → the ways that begin or end there
	used := make([]bool, len(ways))
	for i, w := range ways {
		ends[w[0]] = append(ends[w[0]], i)
		ends[w[len(w)-1]] = append(ends[w[len(w)-1]], i)
	}
	for i, w := range ways {
		if used[i] {
			continue
		}
		used[i] = true
		chain := slices.Clone(w)
		for chain[0] != chain[len(chain)-1] {
			last := chain[len(chain)-1]
			next := slices.IndexFunc(ends[last], func(j int) bool { return !used[j] })
			if next < 0 {
				break
			}
			j := ends[last][next]
			used[j] = true
			more := ways[j]
			if more[0] != last {
				more = slices.Clone(more)
				slices.Reverse(more)
			}
			chain = append(chain, more[1:]...)
		}
		points, missing := o.nodes.longestRun(chain)
		if chain[0] != chain[len(chain)-1] || missing > 0 || len(points) < 4 {
			open++
			continue
		}
		rings = append(rings, planar.Ring(points))
	}
	return rings, open
}

// withHoles gives each hole to the smallest shell that holds it; one that lies in none becomes a part of its
// own, and the even-odd rule then decides. Rings turn the way theirs should: in OSM they may run either way.
func withHoles(shells, holes []planar.Ring) [][]planar.Ring {
	areas := make([][]planar.Ring, len(shells))
	for i, s := range shells {
		turn(s, true)
		areas[i] = []planar.Ring{s}
	}
	for _, h := range holes {
		best := -1
		for i, s := range shells {
			if ringInside(h, s) && (best < 0 || s.Area2() < shells[best].Area2()) {
				best = i
			}
		}
		turn(h, best < 0)
		if best < 0 {
			areas = append(areas, []planar.Ring{h})
		} else {
			areas[best] = append(areas[best], h)
		}
	}
	return areas
}

func turn(r planar.Ring, counterClockwise bool) {
	if r.Area2() > 0 != counterClockwise {
		r.Reverse()
	}
}
