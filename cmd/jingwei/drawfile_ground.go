package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// mosaic is the ground of a file's blocks without overlaps: a face for every block that has ground of its own.
type mosaic struct {
	cover *planar.Coverage
	owner []int32 // face → block (index in the file)
	face  []int32 // block → face; that of the block that covers it when it has no ground left
	flaws []groundFlaw
}

// groundFlaw is ground that more than one block claims, or that blocks enclose and none claims.
type groundFlaw struct {
	blocks []int32
	area   float64 // m²
	gap    bool
}

// sliver is how thin ground may be, in metres, to be taken for what rounding and digitising leave between
// neighbours: it is given away without a word.
const sliver = 0.3

// tessellate makes a partition of polygons that may have come from anywhere: neighbours needn't have the same vertices, and may
// overlap or leave gaps. All rings are noded with each other; every piece between them goes to the first
// block that covers it; an enclosed piece that nobody covers goes to the neighbour it shares most border with when it
// is a sliver, and stays empty otherwise.
func tessellate(ctx context.Context, b *blockFile) (*mosaic, error) {
	var lines []planar.Line
	for i := range b.features {
		lines = append(lines, planar.Lines(b.features[i].polygons, 1, 0)...)
	}
	edges, err := planar.Node(ctx, lines)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.Wrap(err, fault.Invalid, b.path+"：地块范围过大，无法处理", b.path+": the blocks spread too far to be one county")
	}
	cover, err := planar.Polygonise(edges)
	if err != nil {
		return nil, fmt.Errorf("drawing %s: %w", b.path, err)
	}
	t := &tessellation{file: b, cover: cover, plane: b.plane()}
	t.claim()
	t.fill()
	return t.mosaic()
}

// tessellation is tessellate at work.
type tessellation struct {
	file  *blockFile
	cover *planar.Coverage
	plane crs.Plane
	label []int32 // face → block, −1 for nobody's
	flaws []groundFlaw
}

// claim gives every face to the first block that covers a point well inside it.
func (t *tessellation) claim() {
	index := newPolygonIndex(t.file)
	t.label = make([]int32, len(t.cover.Faces))
	for face := range t.cover.Faces {
		t.label[face] = -1
		polygons := t.cover.Polygons(int32(face))
		if len(polygons) == 0 {
			continue
		}
		claimed := index.covering(inside(polygons[0]))
		if len(claimed) > 0 {
			t.label[face] = claimed[0]
		}
		if len(claimed) != 1 {
			if area, width := t.measure(polygons); width > sliver {
				t.flaws = append(t.flaws, groundFlaw{slices.Clone(claimed), area, len(claimed) == 0})
			} else if len(claimed) == 0 {
				t.label[face] = -2 // to be filled
			}
		}
	}
}

// measure gives a face's area in m² and its mean width in m, twice the area by the length around it.
func (t *tessellation) measure(polygons []planar.Polygon) (area, width float64) {
	var length float64
	for _, polygon := range polygons {
		for _, ring := range polygon {
			lon, lat := ring[len(ring)-1].Degrees()
			x, y := t.plane.Forward(lon, lat)
			ox, oy := x, y
			var sum float64
			for _, p := range ring {
				lon, lat := p.Degrees()
				nx, ny := t.plane.Forward(lon, lat)
				sum += (x-ox)*(ny-oy) - (nx-ox)*(y-oy)
				length += math.Hypot(nx-x, ny-y)
				x, y = nx, ny
			}
			area += sum / 2
		}
	}
	return area, 2 * area / max(length, 1e-9)
}

// fill gives each enclosed sliver that nobody covers to the neighbour it shares most border with, again and again while
// slivers lie beside slivers.
func (t *tessellation) fill() {
	for again := true; again; {
		again = false
		share := make(map[[2]int32]float64)
		for i := range t.cover.Arcs {
			a := &t.cover.Arcs[i]
			for _, side := range [2][2]int32{{a.Left, a.Right}, {a.Right, a.Left}} {
				if side[0] >= 0 && side[1] >= 0 && t.label[side[0]] == -2 && t.label[side[1]] >= 0 {
					share[[2]int32{side[0], t.label[side[1]]}] += steps(a.Points)
				}
			}
		}
		best := make(map[int32]int32)
		for key, length := range share {
			now, ok := best[key[0]]
			if !ok || length > share[[2]int32{key[0], now}] || length == share[[2]int32{key[0], now}] && key[1] < now {
				best[key[0]] = key[1]
			}
		}
		for face, block := range best {
			t.label[face], again = block, true
		}
	}
	for face := range t.label {
		t.label[face] = max(t.label[face], -1)
	}
}

func steps(points []planar.Point) (sum float64) {
	for i := 1; i < len(points); i++ {
		sum += math.Hypot(float64(points[i].X)-float64(points[i-1].X), float64(points[i].Y)-float64(points[i-1].Y))
	}
	return sum
}

// mosaic dissolves faces into blocks. A block that others cover altogether keeps its people: they go where its ground went.
func (t *tessellation) mosaic() (*mosaic, error) {
	m := &mosaic{flaws: t.flaws, face: make([]int32, len(t.file.features))}
	for i := range m.face {
		m.face[i] = -1
	}
	dense := make([]int32, len(t.label))
	for f, block := range t.label {
		dense[f] = -1
		if block < 0 {
			continue
		}
		if m.face[block] < 0 {
			m.face[block] = int32(len(m.owner))
			m.owner = append(m.owner, block)
		}
		dense[f] = m.face[block]
	}
	m.cover = t.cover.Dissolve(dense)
	index := newPolygonIndex(t.file)
	for i := range m.face {
		if m.face[i] >= 0 {
			continue
		}
		covering := index.covering(inside(t.file.features[i].polygons[0]))
		for _, other := range covering {
			if m.face[other] >= 0 {
				m.face[i] = m.face[other]
				break
			}
		}
		if m.face[i] < 0 {
			return nil, feature{t.file.path, i + 1, t.file.features[i].id}.fault("地块没有面积", "the block has no area")
		}
	}
	return m, nil
}

// The kinds of warnings about a file of blocks; docs/warnings.md explains each.
const (
	kindGap     = "gap"
	kindOverlap = "overlap"
	kindCovered = "covered"
	kindParts   = "parts"
)

// warnings tells of overlaps and gaps, the largest first, and of blocks without ground or in several parts.
func (m *mosaic) warnings(b *blockFile) []drawing.Warning {
	out := []drawing.Warning{}
	slices.SortStableFunc(m.flaws, func(x, y groundFlaw) int { return cmp.Compare(y.area, x.area) })
	for _, f := range m.flaws {
		if f.gap {
			out = append(out, drawing.NewWarning("", kindGap, fmt.Sprintf("地块围成的一处 %.1f m² 的空隙不属于任何地块，未计入", f.area),
				fmt.Sprintf("a gap of %.1f m² that blocks enclose belongs to none of them and was left out", f.area)))
			continue
		}
		var ids []string
		for _, i := range f.blocks {
			ids = append(ids, b.features[i].id)
		}
		first := &b.features[f.blocks[0]]
		out = append(out, drawing.NewWarning(b.within[first.within], kindOverlap,
			fmt.Sprintf("地块 %s 重叠 %.1f m²，该处归 %s", strings.Join(ids, "、"), f.area, first.id),
			fmt.Sprintf("blocks %s overlap on %.1f m²; the ground was given to %s", strings.Join(ids, ", "), f.area, first.id)))
	}
	for i := range b.features {
		block := &b.features[i]
		if owner := m.owner[m.face[i]]; owner != int32(i) {
			out = append(out, drawing.NewWarning(b.within[block.within], kindCovered,
				fmt.Sprintf("地块 %s 完全压在地块 %s 之下，其 %d 人计入后者", block.id, b.features[owner].id, block.population),
				fmt.Sprintf("block %s lies under block %s altogether; its %d people were counted there", block.id, b.features[owner].id, block.population)))
		}
	}
	for face, block := range m.owner {
		if n := len(m.cover.Polygons(int32(face))); n > 1 {
			out = append(out, drawing.NewWarning(b.within[b.features[block].within], kindParts,
				fmt.Sprintf("地块 %s 由 %d 部分组成，仍在同一网格", b.features[block].id, n),
				fmt.Sprintf("block %s lies in %d parts; they stay in one grid", b.features[block].id, n)))
		}
	}
	return out
}
