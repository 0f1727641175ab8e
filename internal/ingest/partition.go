package ingest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"jingwei/internal/crs"
	"jingwei/internal/division"
	"jingwei/internal/planar"
)

// Partition says how the divisions of one level lie on the ground: exactly, on the lattice, without a
// tolerance. Areas are m² in the Gauss-Krüger plane.
type Partition struct {
	Level     division.Level `json:"level"`
	Divisions int            `json:"divisions"`
	Area      float64        `json:"area"` // of the ground that divisions cover
	Overlaps  []Patch        `json:"overlaps"`
	Gaps      []Patch        `json:"gaps"`              // enclosed by divisions; what lies around them all is no gap
	Refused   []Patch        `json:"refused,omitempty"` // ground of features that were refused for their code
}

// Clean says that the divisions neither overlap nor leave a gap between them.
func (p Partition) Clean() bool { return len(p.Overlaps) == 0 && len(p.Gaps) == 0 }

// Patch is a piece of ground and the divisions it concerns: those that overlap in it, those around a gap.
type Patch struct {
	Codes []string `json:"codes"` // "" for a feature that was refused
	Names []string `json:"names"`
	Area  float64  `json:"area"`
	Lon   float64  `json:"lon"` // of a point in or on it
	Lat   float64  `json:"lat"`
}

// checkPartition lays the polygons of one level over one another, with those that were refused, so that
// their ground isn't taken for a gap.
func checkPartition(ctx context.Context, level division.Level, all []division.Division, refused []foundDivision) (Partition, error) {
	c := partitionCheck{out: Partition{Level: level, Divisions: len(all), Overlaps: []Patch{}, Gaps: []Patch{}}, all: all}
	sets := make([][]planar.Polygon, 0, len(all)+len(refused))
	for _, d := range all {
		sets = append(sets, d.Polygons)
	}
	for _, f := range refused {
		if f.Code != "" && f.Code.Level() != level {
			continue
		}
		c.all = append(c.all[:len(c.all):len(c.all)], division.Division{Name: f.Name, Polygons: f.Polygons})
		sets = append(sets, f.Polygons)
	}
	c.accepted = int32(len(all))
	var err error
	if c.cover, c.by, err = planar.OverlayFaces(ctx, sets); err != nil {
		return c.out, err
	}
	c.overlapsAndRefused()
	c.gaps()
	for _, list := range [][]Patch{c.out.Overlaps, c.out.Gaps, c.out.Refused} {
		sort.SliceStable(list, func(i, j int) bool { return list[i].Area > list[j].Area })
	}
	return c.out, nil
}

type partitionCheck struct {
	out      Partition
	all      []division.Division // the refused after the accepted
	accepted int32
	cover    *planar.Coverage
	by       [][]int32 // face → the divisions that cover it
}

// overlapsAndRefused adds up the faces that the same divisions cover.
func (c *partitionCheck) overlapsAndRefused() {
	overlaps, refused := map[string]*Patch{}, map[string]*Patch{}
	for face, by := range c.by {
		if len(by) == 0 {
			continue
		}
		area, at := c.measure(int32(face))
		if by[0] < c.accepted {
			c.out.Area += area
		}
		switch {
		case by[0] >= c.accepted:
			c.add(refused, by, area, at)
		case len(by) > 1:
			c.add(overlaps, by, area, at)
		}
	}
	c.out.Overlaps, c.out.Refused = listed(overlaps, c.out.Overlaps), listed(refused, nil)
}

func (c *partitionCheck) add(to map[string]*Patch, by []int32, area float64, at planar.Point) {
	key := fmt.Sprint(by)
	if to[key] == nil {
		p := c.patch(by)
		p.Lon, p.Lat = at.Degrees()
		to[key] = &p
	}
	to[key].Area += area
}

func (c *partitionCheck) patch(by []int32) (p Patch) {
	for _, d := range by {
		p.Codes = append(p.Codes, string(c.all[d].Code))
		p.Names = append(p.Names, c.all[d].Name)
	}
	return p
}

func listed(m map[string]*Patch, out []Patch) []Patch {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		out = append(out, *m[k])
	}
	return out
}

// gaps lists the faces that nobody covers, those that hang together as one, with the divisions around them.
func (c *partitionCheck) gaps() {
	label := make([]int32, len(c.by))
	any := false
	for face, by := range c.by {
		label[face] = -1
		if len(by) == 0 {
			label[face], any = 0, true
		}
	}
	if !any {
		return
	}
	label = c.cover.Components(label)
	around := map[int32][]int32{}
	for i := range c.cover.Arcs {
		a := &c.cover.Arcs[i]
		for _, side := range [2][2]int32{{a.Left, a.Right}, {a.Right, a.Left}} {
			if side[0] >= 0 && label[side[0]] >= 0 && side[1] >= 0 {
				around[label[side[0]]] = append(around[label[side[0]]], c.by[side[1]]...)
			}
		}
	}
	patches := map[int32]*Patch{}
	var order []int32
	for face, l := range label {
		if l < 0 {
			continue
		}
		area, at := c.measure(int32(face))
		if patches[l] == nil {
			slices.Sort(around[l])
			p := c.patch(slices.Compact(around[l]))
			p.Lon, p.Lat = at.Degrees()
			patches[l] = &p
			order = append(order, l)
		}
		patches[l].Area += area
	}
	for _, l := range order {
		c.out.Gaps = append(c.out.Gaps, *patches[l])
	}
}

// measure gives a face's area in m² and a point of it.
func (c *partitionCheck) measure(face int32) (float64, planar.Point) {
	parts := c.cover.Polygons(face)
	at, _ := c.cover.InteriorPoint(face)
	return areaOf(parts), at
}

// areaOf is the area of polygons in m², in the plane of the zone they lie in.
func areaOf(parts []planar.Polygon) float64 {
	if len(parts) == 0 {
		return 0
	}
	lon, _ := parts[0][0][0].Degrees()
	plane := crs.PlaneFor(lon)
	sum := 0.0
	for _, p := range parts {
		for _, r := range p {
			ox, oy := plane.Forward(r[0].Degrees())
			px, py := 0.0, 0.0
			for _, v := range append(r[1:len(r):len(r)], r[0]) {
				x, y := plane.Forward(v.Degrees())
				x, y = x-ox, y-oy
				sum += px*y - x*py
				px, py = x, y
			}
		}
	}
	return math.Abs(sum) / 2
}
