package ground

import (
	"context"
	"testing"
	"time"

	"jingwei/internal/planar"
)

// manyStreets is the real street 清华园 side × side times, side by side: each community has its 626 buildings.
func manyStreets(b *testing.B, side int32) Input {
	one := qinghuayuan(b)
	var in Input
	for i := range side {
		for k := range side {
			dx, dy := i*300000, k*280000
			t := one.Territories[0]
			t.Community += int64(i*side+k) * 1000
			t.Polygons = shifted(t.Polygons, dx, dy)
			in.Territories = append(in.Territories, t)
			for _, l := range one.Features.Lines {
				l.Points = shiftedRing(l.Points, dx, dy)
				in.Features.Lines = append(in.Features.Lines, l)
			}
			for _, h := range one.Features.Buildings {
				h.Polygons = shifted(h.Polygons, dx, dy)
				in.Features.Buildings = append(in.Features.Buildings, h)
			}
		}
	}
	return in
}

func shifted(parts []planar.Polygon, dx, dy int32) (out []planar.Polygon) {
	for _, part := range parts {
		var p planar.Polygon
		for _, r := range part {
			p = append(p, shiftedRing(r, dx, dy))
		}
		out = append(out, p)
	}
	return out
}

func shiftedRing(points []planar.Point, dx, dy int32) []planar.Point {
	out := make([]planar.Point, len(points))
	for i, p := range points {
		out[i] = planar.Point{X: p.X + dx, Y: p.Y + dy}
	}
	return out
}

// BenchmarkMakeBlocks makes blocks of one and of 25 real streets, and says how many times as long it takes
// as noding and polygonising the street lines alone.
func BenchmarkMakeBlocks(b *testing.B) {
	for _, side := range []int32{1, 5} {
		b.Run(map[int32]string{1: "street", 5: "25-streets"}[side], func(b *testing.B) {
			in := manyStreets(b, side)
			baseline := nodeAlone(b, in)
			b.ResetTimer()
			blocks := 0
			for range b.N {
				g, err := MakeBlocks(context.Background(), in)
				if err != nil {
					b.Fatal(err)
				}
				blocks += len(g.Blocks)
			}
			b.ReportMetric(float64(blocks)/b.Elapsed().Seconds(), "blocks/s")
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/baseline.Seconds(), "x-streets-alone")
		})
	}
}

func nodeAlone(b *testing.B, in Input) time.Duration {
	var lines []planar.Line
	for _, l := range in.Features.Lines {
		lines = append(lines, planar.Line{Points: l.Points})
	}
	start := time.Now()
	if _, err := polygonise(context.Background(), lines); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
