package ground

import (
	"errors"
	"fmt"
	"slices"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// finish puts the communities together, measures everything, and proves that it is a partition.
func (m *making) finish() (*Ground, error) {
	g := &Ground{}
	first := make([]int32, len(m.done)) // index of each community's first block
	for i, c := range m.done {
		first[i] = int32(len(g.Blocks))
		for k := range c.blocks {
			c.blocks[k].Shape = c.plane.shape(c.blocks[k].Polygon)
		}
		g.Blocks = append(g.Blocks, c.blocks...)
	}
	reshaped, err := m.reshapeStanding()
	if err != nil {
		return nil, err
	}
	g.Reshaped = reshaped
	m.borders(g, first)
	for i, c := range m.done {
		report := c.finishReport()
		g.Territories = append(g.Territories, MadeTerritory{
			Code: c.territory.Code, Community: c.territory.Community, Border: c.outer, Report: report,
		})
		if report.Stopped != nil {
			g.Report.Stopped++
			g.Territories[i].Border = m.county.borders[m.wanted[i]]
		}
		g.Report.People += report.Residents
	}
	g.Report.Blocks = len(g.Blocks)
	g.Report.Overlaps, g.Report.Gaps, g.Report.Hairlines = m.found.overlaps, m.found.gaps, m.found.hairlines
	for _, b := range m.outside {
		g.Report.Outside = append(g.Report.Outside, m.in.Features.Buildings[b].Source)
	}
	return g, m.prove(g)
}

func (c *community) finishReport() TerritoryReport {
	r := c.report
	if r.Stopped != nil {
		return r
	}
	r.Blocks = len(c.blocks)
	for i := range c.blocks {
		r.Residents += c.blocks[i].Residents
		r.Area += c.blocks[i].Shape.Area
	}
	return r
}

// reshapeStanding gives the live blocks of neighbours, and their territories, the vertices that were put
// onto their borders. Its fault is a Conflict: the neighbour has to be drawn together with what was asked for.
func (m *making) reshapeStanding() ([]Reshaped, error) {
	blocks := map[int64][]int{}
	for i := range m.in.Standing {
		blocks[m.in.Standing[i].Community] = append(blocks[m.in.Standing[i].Community], i)
	}
	var out []Reshaped
	for i := range m.county.territories {
		t := &m.county.territories[i]
		if !m.county.standing[i] {
			continue
		}
		own := newSeam([][]planar.Polygon{t.Polygons})
		if err := own.note(m.county.borders[i]); err != nil {
			return nil, standingFault(t, err)
		}
		own.close()
		missing := own.missing(t.Polygons)
		if len(missing) == 0 {
			continue
		}
		border := threadAll(missing, t.Polygons)
		out = append(out, Reshaped{Community: t.Community, Polygons: border})
		var whole []planar.Polygon
		for _, b := range blocks[t.Community] {
			p, changed := missing.polygon(m.in.Standing[b].Polygon)
			if changed {
				out = append(out, Reshaped{t.Community, m.in.Standing[b].Block, []planar.Polygon{p}})
			}
			whole = append(whole, p)
		}
		if flaws := planar.Check(whole, border); len(flaws) > 0 {
			return nil, standingFault(t, &planar.FlawError{Flaws: flaws})
		}
	}
	return out, nil
}

func standingFault(t *Territory, err error) error {
	return fault.Wrap(err, fault.Conflict,
		fmt.Sprintf("%s（%s）已有的基本单元无法接上新的边界顶点，请把该社区一起重新划分", t.Name, t.Code),
		fmt.Sprintf("the live blocks of %s (%s) can't take the new vertices on their border: draw it together with these", t.Name, t.Code))
}

func threadAll(t threads, parts []planar.Polygon) []planar.Polygon {
	out := make([]planar.Polygon, len(parts))
	for i, p := range parts {
		out[i], _ = t.polygon(p)
	}
	return out
}

// borders lists all borders: within a community as dissolving left them, between communities by looking up
// who has the same edge the other way round.
func (m *making) borders(g *Ground, first []int32) {
	beyond := m.outerEdges(g, first)
	for i, c := range m.done {
		if c.report.Stopped != nil {
			continue
		}
		for k := range c.arcs {
			a := &c.arcs[k]
			b := Border{Barrier: Barrier(a.Mark), Name: m.name(a.Source), Points: a.Points}
			switch {
			case a.Left >= 0 && a.Right >= 0:
				b.A, b.B = first[i]+a.Left, first[i]+a.Right
				if b.A > b.B {
					b.A, b.B, b.Points = b.B, b.A, backwards(b.Points)
				}
				b.Length = c.plane.length(b.Points)
				g.Borders = append(g.Borders, b)
				continue
			case a.Left >= 0:
				b.A = first[i] + a.Left
			default:
				b.A, b.Points = first[i]+a.Right, backwards(a.Points)
			}
			for _, part := range beyond.split(b) {
				part.Length = c.plane.length(part.Points)
				g.Blocks[part.A].Shape.Outer += part.Length
				if part.B < 0 || part.A < part.B {
					g.Borders = append(g.Borders, part)
				}
			}
		}
	}
}

func backwards(points []planar.Point) []planar.Point {
	out := slices.Clone(points)
	slices.Reverse(out)
	return out
}

func (m *making) name(source int32) string {
	f := &m.in.Features
	switch {
	case source < 0:
		return ""
	case int(source) < len(f.Lines):
		return f.Lines[source].Name
	}
	return f.Areas[int(source)-len(f.Lines)].Name
}

// neighbour is what lies on the left of an edge: a block, or a standing block.
type neighbour struct {
	block    int32
	standing int64
}

type outerEdges map[edge]neighbour

// outerEdges collects the directed edges along the communities' borders, each with what lies on its left.
func (m *making) outerEdges(g *Ground, first []int32) outerEdges {
	out := outerEdges{}
	for i, c := range m.done {
		if c.report.Stopped != nil {
			continue
		}
		for k := range c.arcs {
			a := &c.arcs[k]
			for j := 1; j < len(a.Points); j++ {
				e := edge{a.Points[j-1], a.Points[j]}
				switch {
				case a.Right < 0:
					out[e] = neighbour{first[i] + a.Left, 0}
				case a.Left < 0:
					out[e.reversed()] = neighbour{first[i] + a.Right, 0}
				}
			}
		}
	}
	for _, s := range m.standingNow(g) {
		for _, ring := range s.Polygon {
			for i, p := range ring {
				e := edge{p, ring[(i+1)%len(ring)]}
				if _, ok := out[e.reversed()]; ok {
					out[e] = neighbour{-1, s.Block}
				}
			}
		}
	}
	return out
}

// standingNow is the standing blocks as they are after reshaping.
func (m *making) standingNow(g *Ground) []Standing {
	changed := map[int64]planar.Polygon{}
	for _, r := range g.Reshaped {
		if r.Block != 0 {
			changed[r.Block] = r.Polygons[0]
		}
	}
	out := slices.Clone(m.in.Standing)
	for i := range out {
		if p, ok := changed[out[i].Block]; ok {
			out[i].Polygon = p
		}
	}
	return out
}

// split cuts a border on which nothing of its own community lies into stretches with one neighbour each.
func (o outerEdges) split(b Border) []Border {
	var out []Border
	from := 0
	side := func(i int) neighbour {
		if n, ok := o[edge{b.Points[i+1], b.Points[i]}]; ok {
			return n
		}
		return neighbour{block: -1}
	}
	for i := 1; i < len(b.Points); i++ {
		if i+1 < len(b.Points) && side(i) == side(i-1) {
			continue
		}
		n := side(i - 1)
		part := b
		part.B, part.Standing, part.Points = n.block, n.standing, b.Points[from:i+1]
		out = append(out, part)
		from = i
	}
	return out
}

// prove checks that the blocks are a partition of the territories that were made. It is the last word: a
// fault here is a mistake of ours, and nothing comes out.
func (m *making) prove(g *Ground) error {
	var polygons []planar.Polygon
	for i := range g.Blocks {
		polygons = append(polygons, g.Blocks[i].Polygon)
	}
	var borders [][]planar.Polygon
	for i, c := range m.done {
		if c.report.Stopped == nil {
			borders = append(borders, g.Territories[i].Border)
		}
	}
	if len(borders) == 0 {
		return nil
	}
	flaws := []planar.Flaw(nil)
	if county, err := planar.BuildMulti(borders); err != nil {
		var flaw *planar.FlawError
		if !errors.As(err, &flaw) {
			return fmt.Errorf("ground: the territories' borders: %w", err)
		}
		flaws = flaw.Flaws
	} else {
		flaws = planar.Check(polygons, county.Dissolve(make([]int32, len(borders))).Polygons(0))
	}
	if len(flaws) == 0 {
		return nil
	}
	return fault.New(fault.Internal,
		fmt.Sprintf("生成的基本单元没有构成完整的划分（%v），未作任何更改", flaws[0]),
		fmt.Sprintf("the blocks made aren't a partition (%v): nothing was changed", flaws[0]))
}
