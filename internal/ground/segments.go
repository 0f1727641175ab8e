package ground

import (
	"math"

	"jingwei/internal/planar"
)

// segmentIndex finds the segments near a place: a square grid, each cell listing the segments whose box
// meets it.
type segmentIndex struct {
	ends  [][2]planar.Point
	owner []int32 // by segment: whatever the caller said
	size  int32
	all   box
	wide  int32
	start []int32 // by cell, into items
	items []int32
	seen  []uint32 // by segment: the search that last met it
	round uint32
}

func (x *segmentIndex) add(a, b planar.Point, owner int32) {
	x.ends = append(x.ends, [2]planar.Point{a, b})
	x.owner = append(x.owner, owner)
}

// build makes the grid, after the last add and before the first search.
func (x *segmentIndex) build() {
	x.all = nowhere
	for _, e := range x.ends {
		x.all = x.all.with(e[0]).with(e[1])
	}
	x.seen = make([]uint32, len(x.ends))
	if len(x.ends) == 0 {
		x.start = []int32{0}
		return
	}
	area := (float64(x.all.maxX) - float64(x.all.minX) + 1) * (float64(x.all.maxY) - float64(x.all.minY) + 1)
	x.size = int32(max(64, math.Sqrt(area/float64(len(x.ends)))*1.5))
	longest := max(int64(x.all.maxX)-int64(x.all.minX), int64(x.all.maxY)-int64(x.all.minY))
	x.size = max(x.size, int32(longest/4096)+1)
	x.wide = x.column(x.all.maxX) + 1
	cells := x.wide * (x.row(x.all.maxY) + 1)
	x.start = make([]int32, cells+1)
	for i := range x.ends {
		x.cells(boxOf(x.ends[i][:]...), func(c int32) { x.start[c+1]++ })
	}
	for c := range cells {
		x.start[c+1] += x.start[c]
	}
	x.items = make([]int32, x.start[cells])
	fill := append([]int32(nil), x.start[:cells]...)
	for i := range x.ends {
		x.cells(boxOf(x.ends[i][:]...), func(c int32) {
			x.items[fill[c]] = int32(i)
			fill[c]++
		})
	}
}

func (x *segmentIndex) cells(b box, visit func(cell int32)) {
	for row := x.row(b.minY); row <= x.row(b.maxY); row++ {
		for column := x.column(b.minX); column <= x.column(b.maxX); column++ {
			visit(row*x.wide + column)
		}
	}
}

func (x *segmentIndex) column(at int32) int32 {
	return int32((int64(at) - int64(x.all.minX)) / int64(x.size))
}

func (x *segmentIndex) row(at int32) int32 {
	return int32((int64(at) - int64(x.all.minY)) / int64(x.size))
}

// near visits every segment whose box meets b, once each, in no particular but always the same order.
// It isn't safe for two callers at once.
func (x *segmentIndex) near(b box, visit func(segment int32)) {
	if !b.meets(x.all) {
		return
	}
	b = box{max(b.minX, x.all.minX), max(b.minY, x.all.minY), min(b.maxX, x.all.maxX), min(b.maxY, x.all.maxY)}
	x.round++
	x.cells(b, func(c int32) {
		for _, s := range x.items[x.start[c]:x.start[c+1]] {
			if x.seen[s] == x.round {
				continue
			}
			x.seen[s] = x.round
			if boxOf(x.ends[s][:]...).meets(b) {
				visit(s)
			}
		}
	})
}

// crossing gives where a–b meets c–d, as a share of a–b, in floating point.
func crossing(a, b, c, d spot) (t float64, ok bool) {
	r, s := b.minus(a), d.minus(c)
	den := r.cross(s)
	if den == 0 {
		return 0, false
	}
	t = c.minus(a).cross(s) / den
	u := c.minus(a).cross(r) / den
	return t, t >= 0 && t <= 1 && u >= 0 && u <= 1
}
