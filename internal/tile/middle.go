package tile

import (
	"math"
	"slices"
)

// middle is a place within a shape's largest polygon, halfway up and in the widest part there, and the same whichever tile asks.
// The tile that it lies in is the one that names the shape, so that a map says the name of what lies in several tiles once.
func (s shape) middle() pixel {
	var largest []ring
	var most int64
	for _, rings := range s.polygons {
		if len(rings) == 0 || len(rings[0]) == 0 {
			continue
		}
		if area := abs(rings[0].area2()); largest == nil || area > most {
			largest, most = rings, area
		}
	}
	if largest == nil {
		return pixel{}
	}
	low, high := largest[0][0].y, largest[0][0].y
	for _, p := range largest[0] {
		low, high = min(low, p.y), max(high, p.y)
	}
	y := (float64(low)+float64(high))/2 + 0.25 // no vertex lies there
	at := crossings(largest, y)
	best := largest[0][0]
	width := -1.0
	for i := 0; i+1 < len(at); i += 2 {
		if w := at[i+1] - at[i]; w > width {
			width, best = w, pixel{int32(math.Floor((at[i] + at[i+1]) / 2)), int32(math.Floor(y))}
		}
	}
	return best
}

// crossings are where rings cross a level that no vertex lies on, from left to right: into the polygon and out of it by turns.
func crossings(rings []ring, y float64) (at []float64) {
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if (float64(a.y) < y) != (float64(b.y) < y) {
				at = append(at, float64(a.x)+(y-float64(a.y))/float64(b.y-a.y)*float64(b.x-a.x))
			}
		}
	}
	slices.Sort(at)
	return at
}
