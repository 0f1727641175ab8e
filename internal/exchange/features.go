package exchange

import (
	"fmt"

	"jingwei/internal/planar"
)

// What can be exported.
const (
	Grids      = "grids"
	Blocks     = "blocks"
	Lines      = "lineage"
	Assignment = "assignment"
	Micro      = "micro-grids"
)

// features are a table of things with ground. Names of fields have ten letters at most, as Shapefiles do.
type features struct {
	name   string
	fields []string
	rows   []feature
	whole  bool // a partition: its shapes share their borders
}

type feature struct {
	id     uint64
	values []any // string, int64 or float64
	parts  []planar.Polygon
	label  *planar.Point
}

func (l *Layout) grids() features {
	f := features{name: Grids, fields: []string{"code", "name", "community", "comm_name", "special", "residents", "houses", "blocks", "area_m2", "sides", "version"}, whole: true}
	for i := range l.Grids {
		g := &l.Grids[i]
		f.rows = append(f.rows, feature{uint64(g.Code), []any{g.Code.String(), g.Name, communityCode(g.Community), l.Communities[g.Community], g.Special,
			int64(g.Residents), int64(g.Houses), int64(g.Blocks), rounded(g.AreaM2), g.Sides, int64(l.Version)}, g.Parts, &g.Label})
	}
	return f
}

// blocks leaves out how many people live on each unless counts are wanted.
func (l *Layout) blocks(counts bool) features {
	f := features{name: Blocks, fields: []string{"block", "grid", "community", "area_m2", "version"}, whole: true}
	if counts {
		f.fields = append(f.fields, "residents", "res_source", "houses")
	}
	for _, b := range l.Blocks {
		values := []any{b.ID, l.Grids[b.Grid].Code.String(), communityCode(b.Community), rounded(b.AreaM2), int64(l.Version)}
		if counts {
			values = append(values, int64(b.Residents), b.Source, int64(b.Houses))
		}
		f.rows = append(f.rows, feature{uint64(b.ID), values, []planar.Polygon{b.Polygon}, nil})
	}
	return f
}

func (l *Layout) lines(lineage []Descent) features {
	f := features{name: Lines, fields: []string{"from_grid", "to_grid", "kind", "blocks", "houses", "residents", "version"}}
	for i, d := range lineage {
		f.rows = append(f.rows, feature{uint64(i + 1), []any{d.From.String(), d.To.String(), string(d.Kind), int64(d.Blocks), int64(d.Houses), int64(d.Residents), int64(d.Version)}, d.Parts, nil})
	}
	return f
}

// rounded is an area to the tenth of a square metre.
func rounded(x float64) float64 { return float64(int64(x*10+.5)) / 10 }

// degrees writes a lattice coordinate as the decimal that it is.
func appendDegrees(out []byte, k int32) []byte {
	n := int64(k)
	if n < 0 {
		out, n = append(out, '-'), -n
	}
	text := fmt.Sprintf("%d.%07d", n/planar.Scale, n%planar.Scale)
	end := len(text)
	for text[end-1] == '0' && text[end-2] != '.' {
		end--
	}
	return append(out, text[:end]...)
}
