package ingest

import (
	"math"

	"jingwei/internal/planar"
)

// footprint is the ground that a building covers, in m²; 0 for nearly all of them, which span less than a
// hundredth of a degree and needn't be measured.
func footprint(parts []planar.Polygon) float64 {
	b := boxOf(parts[0][0])
	for _, p := range parts[1:] {
		b = b.join(boxOf(p[0]))
	}
	if diff(b.max.X, b.min.X) < 100_000 && diff(b.max.Y, b.min.Y) < 100_000 {
		return 0
	}
	return areaOf(parts)
}

// tooWide refuses what spans a third of the globe: no product of two differences overflows below that.
func tooWide(rec *record) *note {
	b := box{planar.Point{X: math.MaxInt32, Y: math.MaxInt32}, planar.Point{X: math.MinInt32, Y: math.MinInt32}}
	for _, l := range rec.geometry.lines {
		if len(l) > 0 {
			b = b.join(boxOf(l))
		}
	}
	for _, rings := range rec.geometry.areas {
		for _, ring := range rings {
			if len(ring) > 0 {
				b = b.join(boxOf(ring))
			}
		}
	}
	if diff(b.max.X, b.min.X) > planar.MaxSpan || diff(b.max.Y, b.min.Y) > planar.MaxSpan {
		return refuse(kindTooWide, "跨度超过 100 度", "it spans more than 100 degrees")
	}
	return nil
}
