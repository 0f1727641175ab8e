package tile

import (
	"context"
	"fmt"
	"math"
	"slices"

	"jingwei/internal/planar"
)

// patch is what one polygon of a coverage leaves in a tile: its rings in the tile's own units but with y
// pointing up, as planar has it, clipped; shells counter-clockwise and holes clockwise, unless rounding has
// turned a narrow one over.
type patch struct {
	id       uint64
	tags     []tag
	polygons []planar.Polygon
}

// arrange makes a partition of patches again. Rounding to the tile's units can make the borders of a narrow
// grid cross each other, and then, although every edge is still shared, a place is in two grids or in none. So
// the borders are noded on the tile's units, and each face between them is given to the first patch that lies
// around it. Most tiles need none of it: their borders meet in vertices alone, and the patches come back as they are.
//
// What it does depends on the borders near by and not on the tile, because all borders are cut at the tile's
// edges in the same points on both sides (clipRing).
func arrange(ctx context.Context, patches []patch) error {
	edges, clean, err := nodeBorders(ctx, patches)
	if err != nil || clean {
		return err
	}
	faces, err := planar.Polygonise(edges)
	if err != nil {
		return fmt.Errorf("tile: arranging a coverage: %w", err)
	}
	whose := make([]int32, len(faces.Faces))
	boxes := make([]unitBox, len(patches))
	for i, p := range patches {
		boxes[i] = boxAround(p.polygons)
	}
	for f := range faces.Faces {
		whose[f] = planar.Outside
		x, y, ok := insideOf(faces.Polygons(int32(f)))
		if !ok {
			continue
		}
		for i := range patches {
			if boxes[i].holds(x, y) && winding(patches[i].polygons, x, y) > 0 {
				whose[f] = int32(i)
				break
			}
		}
	}
	joined := faces.Dissolve(whose)
	for i := range patches {
		patches[i].polygons = nil
		if i < len(joined.Faces) {
			patches[i].polygons = joined.Polygons(int32(i))
		}
	}
	return nil
}

// nodeBorders gives the borders of the patches, noded. They are clean when noding has changed nothing and no ring is turned over.
func nodeBorders(ctx context.Context, patches []patch) (edges []planar.Edge, clean bool, err error) {
	var lines []planar.Line
	used := make(map[[2]planar.Point]bool)
	clean = true
	for _, p := range patches {
		for _, polygon := range p.polygons {
			for i, ring := range polygon {
				if area := ring.Area2(); area == 0 || (area > 0) != (i == 0) {
					clean = false
				}
				points := append(slices.Clone(ring), ring[0])
				for j, a := range points[1:] {
					b := points[j]
					if b.Less(a) {
						a, b = b, a
					}
					used[[2]planar.Point{a, b}] = true
				}
				lines = append(lines, planar.Line{Points: points})
			}
		}
	}
	edges, err = planar.Node(ctx, lines)
	if err != nil {
		return nil, false, fmt.Errorf("tile: noding a coverage: %w", err)
	}
	// As many edges as before, and each of them one of those: none was cut and none moved.
	clean = clean && len(edges) == len(used)
	for i := 0; clean && i < len(edges); i++ {
		clean = used[[2]planar.Point{edges[i].A, edges[i].B}]
	}
	return edges, clean, nil
}

type unitBox struct{ x0, y0, x1, y1 float64 }

func boxAround(polygons []planar.Polygon) unitBox {
	b := unitBox{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, polygon := range polygons {
		for _, p := range polygon[0] {
			b.x0, b.y0 = min(b.x0, float64(p.X)), min(b.y0, float64(p.Y))
			b.x1, b.y1 = max(b.x1, float64(p.X)), max(b.y1, float64(p.Y))
		}
	}
	return b
}

func (b unitBox) holds(x, y float64) bool { return b.x0 <= x && x <= b.x1 && b.y0 <= y && y <= b.y1 }

// insideOf gives a point inside polygons: on the line half a unit beside their middle, which no vertex lies
// on, the middle of the widest stretch.
func insideOf(polygons []planar.Polygon) (x, y float64, ok bool) {
	widest := 0.0
	for _, polygon := range polygons {
		b := boxAround([]planar.Polygon{polygon})
		at := math.Floor((b.y0+b.y1)/2) + 0.5
		if at > b.y1 {
			at--
		}
		var crossings []float64
		for _, ring := range polygon {
			for i, p := range ring {
				if cross, _, hit := crossing(p, ring[(i+1)%len(ring)], at); hit {
					crossings = append(crossings, cross)
				}
			}
		}
		slices.Sort(crossings)
		for i := 0; i+1 < len(crossings); i += 2 {
			if w := crossings[i+1] - crossings[i]; w > widest {
				widest, x, y, ok = w, (crossings[i]+crossings[i+1])/2, at, true
			}
		}
	}
	return x, y, ok
}

// crossing is where an edge crosses the line at a height that no vertex has, and whether it does so upwards (1) or downwards (-1).
func crossing(a, b planar.Point, y float64) (x float64, way int, hit bool) {
	if (float64(a.Y) < y) == (float64(b.Y) < y) {
		return 0, 0, false
	}
	t := (y - float64(a.Y)) / float64(b.Y-a.Y)
	way = 1
	if b.Y < a.Y {
		way = -1
	}
	return float64(a.X) + t*float64(b.X-a.X), way, true
}

// winding is how often the rings of polygons run round a point, counter-clockwise.
func winding(polygons []planar.Polygon, x, y float64) (n int) {
	for _, polygon := range polygons {
		for _, ring := range polygon {
			for i, p := range ring {
				if at, way, hit := crossing(p, ring[(i+1)%len(ring)], y); hit && at > x {
					n += way
				}
			}
		}
	}
	return n
}
