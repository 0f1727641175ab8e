package ingest

import (
	"context"
	"fmt"
	"os"
	"slices"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// osmKinds is a set of kinds of elements.
type osmKinds uint8

const (
	osmNodes osmKinds = 1 << iota
	osmWays
	osmRelations
)

// osmMember is a member of a relation.
type osmMember struct {
	way  bool
	ref  int64
	role string
}

// osmVisitor is called for each element of the kinds it has a function for, in the file's order. Slices are
// valid during the call only.
type osmVisitor struct {
	place    func(id int64, p planar.Point)               // every node
	node     func(id int64, p planar.Point, t tags) error // nodes with tags
	way      func(id int64, t tags, refs []int64) error   //
	relation func(id int64, t tags, members []osmMember) error
}

func (v osmVisitor) wants() (k osmKinds) {
	if v.place != nil || v.node != nil {
		k |= osmNodes
	}
	if v.way != nil {
		k |= osmWays
	}
	if v.relation != nil {
		k |= osmRelations
	}
	return k
}

// osmFile is a file of OSM elements that can be read any number of times. The first pass reads all of it,
// whatever the visitor wants, so that a file that is cut off shows before anything of it is stored.
type osmFile interface {
	scan(ctx context.Context, v osmVisitor, tell func(done int64)) error
}

// maxRefs bounds the node references held at a time: 16 bytes each and as much again while sorting. A file
// with more is read in more rounds, in the same memory.
// Variables, so that a test can have many rounds.
var (
	maxRefs        = 4 << 20
	maxHeldWays    = 300_000
	maxHeldMembers = 200_000
)

// osmReading turns an OSM file into records in rounds: hold some ways, fetch the nodes they refer to in a
// pass over the nodes, hand them on, forget them.
type osmReading struct {
	file osmFile
	r    *reading
	move placer // nil where positions are WGS 84 already
	tell func(step string) func(done int64)

	doors     map[int64]*osmDoor // nodes with entrance=*
	relations []heldRelation
	within    map[outline]bool // the outlines of relations of use

	ways  []heldWay
	refs  []int64 // of all held ways
	nodes nodePlaces
}

// outline is a way and what a relation says that it bounds.
type outline struct {
	way   int64
	layer Layer
}

type heldWay struct {
	id       int64
	tags     tags
	from, to int // in refs
}

type heldRelation struct {
	id      int64
	tags    tags
	members []osmMember
}

func (g *groundImport) osm(ctx context.Context, path string, kind format, r *reading) error {
	o := osmReading{r: r, doors: map[int64]*osmDoor{}, within: map[outline]bool{}}
	if kind == formatPBF {
		o.file = &pbfFile{path: path}
	} else {
		o.file = &xmlFile{path: path}
	}
	if g.CRS == crs.GCJ02 || g.CRS == crs.BD09 {
		o.move = g.place
	}
	total := int64(0)
	if st, err := os.Stat(path); err == nil {
		total = st.Size()
	}
	o.tell = func(step string) func(int64) {
		return func(done int64) {
			g.tell(Progress{File: path, Step: step, Done: done, Total: total, Features: r.report.Read})
		}
	}
	return brokenFile(path, o.run(ctx))
}

func (o *osmReading) run(ctx context.Context) error {
	err := o.file.scan(ctx, osmVisitor{node: func(id int64, at planar.Point, t tags) error { return o.keepNode(ctx, id, at, t) }, relation: o.keepRelation}, o.tell("scan"))
	if err != nil {
		return err
	}
	err = o.file.scan(ctx, osmVisitor{way: func(id int64, t tags, refs []int64) error { return o.keepWay(ctx, id, t, refs) }}, o.tell("features"))
	if err == nil {
		err = o.flushWays(ctx)
	}
	for err == nil && len(o.relations) > 0 {
		err = o.relationRound(ctx)
	}
	if err == nil {
		err = o.looseDoors(ctx)
	}
	return err
}

func (o *osmReading) keepRelation(id int64, t tags, members []osmMember) error {
	m, ok := o.r.meaning(t, true)
	if t.get("type") != "multipolygon" || !ok || !m.area {
		o.r.report.Unused++
		return nil
	}
	rel := heldRelation{id: id, tags: slices.Clone(t)}
	for _, member := range members {
		if member.way {
			rel.members = append(rel.members, member)
			if member.role != "inner" {
				o.within[outline{member.ref, m.layer}] = true
			}
		}
	}
	o.relations = append(o.relations, rel)
	return nil
}

func (o *osmReading) keepWay(ctx context.Context, id int64, t tags, refs []int64) error {
	closed := len(refs) >= 4 && refs[0] == refs[len(refs)-1]
	m, ok := o.r.meaning(t, closed)
	if !ok && !closed {
		if m, ok = o.r.meaning(t, true); ok {
			ok = m.area
		}
	}
	if !ok {
		if len(t) > 0 {
			o.r.report.Unused++
		}
		return nil
	}
	if m.area && o.within[outline{id, m.layer}] {
		n, _ := headcount(&record{tags: t})
		o.r.report.count(ofBuildings, twice(n))
		o.r.repaired(fmt.Sprintf("way/%d", id), &note{kindInRelation, "it is the outline of a relation that says the same", "它是另一个关系的轮廓，关系已说明同一事物",
			"the relation was kept", "保留关系"})
		return nil
	}
	from := len(o.refs)
	o.refs = append(o.refs, refs...)
	o.ways = append(o.ways, heldWay{id, slices.Clone(t), from, len(o.refs)})
	if len(o.refs) >= maxRefs || len(o.ways) >= maxHeldWays {
		return o.flushWays(ctx)
	}
	return nil
}

// flushWays fetches the nodes of the held ways and hands the ways on.
func (o *osmReading) flushWays(ctx context.Context) error {
	if len(o.ways) == 0 {
		return nil
	}
	if err := o.fetch(ctx); err != nil {
		return err
	}
	for _, w := range o.ways {
		if err := o.emitWay(ctx, w); err != nil {
			return err
		}
	}
	clear(o.ways)
	o.ways, o.refs = o.ways[:0], o.refs[:0]
	return nil
}

// fetch reads the places of all nodes in refs.
func (o *osmReading) fetch(ctx context.Context) error {
	o.nodes.want(o.refs)
	if err := o.file.scan(ctx, osmVisitor{place: o.nodes.set}, o.tell("nodes")); err != nil {
		return err
	}
	o.nodes.move(o.move)
	return nil
}

func (o *osmReading) emitWay(ctx context.Context, w heldWay) error {
	refs := o.refs[w.from:w.to]
	rec := record{id: fmt.Sprintf("way/%d", w.id), known: true, osm: true, tags: w.tags}
	points, missing := o.nodes.longestRun(refs)
	o.addEntrances(&rec, refs)
	if missing > 0 {
		closed := len(refs) >= 4 && refs[0] == refs[len(refs)-1]
		if m, _ := o.r.meaning(w.tags, closed); m.area {
			return o.r.take(ctx, &rec, refuse(kindCutOff, fmt.Sprintf("%d 个节点中缺 %d 个（数据边缘），轮廓无法闭合", len(refs), missing),
				fmt.Sprintf("%d of its %d nodes are missing (the extract's edge): its outline can't be closed", missing, len(refs))))
		}
		if len(points) < 2 {
			return o.r.take(ctx, &rec, refuse(kindCutOff, fmt.Sprintf("%d 个节点中缺 %d 个（数据边缘），剩下不成线", len(refs), missing),
				fmt.Sprintf("%d of its %d nodes are missing (the extract's edge): what is left is no line", missing, len(refs))))
		}
		rec.notes = append(rec.notes, mended(kindCutOff, fmt.Sprintf("%d 个节点中缺 %d 个（数据边缘）", len(refs), missing),
			fmt.Sprintf("%d of its %d nodes are missing (the extract's edge)", missing, len(refs)),
			"保留最长的连续一段", "the longest run that is there was kept"))
	}
	rec.geometry.lines = [][]planar.Point{points}
	return o.r.take(ctx, &rec, nil)
}

// nodePlaces holds the places of the nodes that are wanted, in two flat arrays sorted by id.
type nodePlaces struct {
	ids    []int64
	points []planar.Point
	there  []bool
	cursor int // nodes come by rising id, mostly: the search goes on from the last one
}

func (n *nodePlaces) want(refs []int64) {
	n.ids = append(n.ids[:0], refs...)
	slices.Sort(n.ids)
	n.ids = slices.Compact(n.ids)
	n.points = slices.Grow(n.points[:0], len(n.ids))[:len(n.ids)]
	n.there = slices.Grow(n.there[:0], len(n.ids))[:len(n.ids)]
	clear(n.there)
	n.cursor = 0
}

func (n *nodePlaces) set(id int64, p planar.Point) {
	i := n.cursor
	if i > 0 && n.ids[i-1] >= id {
		i, _ = slices.BinarySearch(n.ids, id)
	}
	for i < len(n.ids) && n.ids[i] < id {
		i++
	}
	n.cursor = i
	if i < len(n.ids) && n.ids[i] == id && !n.there[i] {
		n.points[i], n.there[i] = p, true
	}
}

// move converts all places from another coordinate system; what can't be converted is missing.
func (n *nodePlaces) move(place placer) {
	if place == nil {
		return
	}
	for i, p := range n.points {
		if n.there[i] {
			moved, bad := place(p.Degrees())
			n.points[i], n.there[i] = moved, bad == nil
		}
	}
}

func (n *nodePlaces) get(id int64) (planar.Point, bool) {
	i, ok := slices.BinarySearch(n.ids, id)
	if !ok || !n.there[i] {
		return planar.Point{}, false
	}
	return n.points[i], true
}

// longestRun gives the longest stretch of refs whose nodes are all there, and how many aren't.
func (n *nodePlaces) longestRun(refs []int64) (best []planar.Point, missing int) {
	var run []planar.Point
	for _, id := range refs {
		p, ok := n.get(id)
		if !ok {
			missing++
			run = nil
			continue
		}
		run = append(run, p)
		if len(run) > len(best) {
			best = run
		}
	}
	return best, missing
}
