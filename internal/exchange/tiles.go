package exchange

import (
	"context"
	"math"
	"slices"

	"jingwei/internal/planar"
	"jingwei/internal/tile"
)

// fill draws the tiles. Those of a zoom come before those of the next, as their numbers do.
func (a *archive) fill(ctx context.Context, f *features, first int) error {
	shapes := f.shapes(first)
	for zoom := first; zoom <= lastZoom; zoom++ {
		touched := f.tilesOf(zoom)
		ids := make([]uint64, 0, len(touched))
		for id := range touched {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			t := touched[id]
			layer := tile.AreaLayer{Name: f.name}
			for _, i := range t.rows {
				layer.Areas = append(layer.Areas, f.area(i, shapes[zoom]))
			}
			drawn, err := tile.DrawAreas(ctx, t.at, []tile.AreaLayer{layer})
			if err != nil {
				return err
			}
			if err := a.add(id, drawn); err != nil {
				return err
			}
		}
	}
	return nil
}

type touchedTile struct {
	at   tile.Address
	rows []int
}

// tilesOf are the tiles of a zoom that the extents of features touch, by their number.
func (f *features) tilesOf(zoom int) map[uint64]*touchedTile {
	out := make(map[uint64]*touchedTile)
	for i := range f.rows {
		if len(f.rows[i].parts) == 0 {
			continue
		}
		low, high := extentOf(f.rows[i].parts)
		x0, y1 := tileAt(low, zoom)
		x1, y0 := tileAt(high, zoom)
		for x := x0; x <= x1; x++ {
			for y := y0; y <= y1; y++ {
				id := tileID(zoom, x, y)
				if out[id] == nil {
					out[id] = &touchedTile{at: tile.Address{Z: zoom, X: x, Y: y}}
				}
				out[id].rows = append(out[id].rows, i)
			}
		}
	}
	return out
}

func extentOf(parts []planar.Polygon) (low, high planar.Point) {
	low, high = parts[0][0][0], parts[0][0][0]
	for _, part := range parts {
		for _, p := range part[0] {
			low.X, low.Y = min(low.X, p.X), min(low.Y, p.Y)
			high.X, high.Y = max(high.X, p.X), max(high.Y, p.Y)
		}
	}
	return low, high
}

// tileAt is the tile in which a point lies.
func tileAt(p planar.Point, zoom int) (x, y int) {
	lon, lat := p.Degrees()
	n := math.Exp2(float64(zoom))
	sin := math.Sin(lat * math.Pi / 180)
	return int((lon + 180) / 360 * n), int((.5 - math.Atanh(sin)/(2*math.Pi)) * n)
}

// shapes are the parts by zoom: simplified together for the small ones, so that borders stay shared.
func (f *features) shapes(first int) map[int][][]planar.Polygon {
	out := make(map[int][][]planar.Polygon)
	all := make([][]planar.Polygon, len(f.rows))
	for i := range f.rows {
		all[i] = f.rows[i].parts
	}
	for zoom := simplifiedBelow; zoom <= lastZoom; zoom++ {
		out[zoom] = all
	}
	ground := slices.DeleteFunc(slices.Clone(all), func(p []planar.Polygon) bool { return len(p) == 0 })
	var coverage *planar.Coverage
	if f.whole {
		coverage, _ = planar.BuildMulti(ground) // what makes no coverage is drawn as it is
	}
	for zoom := simplifiedBelow - 1; zoom >= first; zoom-- {
		if coverage == nil || len(ground) != len(all) {
			out[zoom] = all
			continue
		}
		coverage = coverage.Simplify(planar.ZoomTolerance(zoom))
		thin := make([][]planar.Polygon, len(all))
		for i := range thin {
			thin[i] = coverage.Polygons(int32(i))
		}
		out[zoom] = thin
	}
	return out
}

func (f *features) area(i int, shapes [][]planar.Polygon) tile.Area {
	row := &f.rows[i]
	a := tile.Area{ID: row.id, Parts: shapes[i], Label: row.label}
	for k, field := range f.fields {
		a.Properties = append(a.Properties, tile.Property{Key: field, Value: row.values[k]})
	}
	return a
}

// tileID is a tile's place on the Hilbert curves of all zooms, one after the other.
func tileID(zoom, x, y int) uint64 {
	id := (uint64(1)<<(2*zoom) - 1) / 3
	for side := 1 << zoom / 2; side > 0; side /= 2 {
		var right, down int
		if x&side > 0 {
			right = 1
		}
		if y&side > 0 {
			down = 1
		}
		id += uint64(side) * uint64(side) * uint64((3*right)^down)
		if down == 0 {
			if right == 1 {
				x, y = side-1-x&(side-1), side-1-y&(side-1)
			} else {
				x, y = x&(side-1), y&(side-1)
			}
			x, y = y, x
		} else {
			x, y = x&(side-1), y&(side-1)
		}
	}
	return id
}
