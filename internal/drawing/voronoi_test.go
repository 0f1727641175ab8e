package drawing

import (
	"fmt"
	"math"
	"slices"
)

// voronoi makes an instance of the size and kind that design section 6 measures on: blocks are the Voronoi cells of
// seeded points in a square, 172 to a grid; communities are what lies nearest to one of so many
// community seeds; people are spread by a density that falls off from a few centres, with lognormal noise, and sum to
// the total exactly; streets are three quarters of the sides of superblocks, which are a coarser Voronoi net of 18
// cells each, so that a partition that doesn't look for streets has a quarter of its borders along them (as in the
// design's table). Nothing here was changed after tuning began.
func voronoi(blocks, communities int, people int64, seed uint64) *Problem {
	const cellSide = 60.0 // m, of a mean cell
	r := newRandom(seed, uint64(blocks))
	side := cellSide * math.Sqrt(float64(blocks))
	points := scatter(&r, blocks, side, 0.9)
	cells := newBuckets(points, side)
	of := func(seeds []vec) []int32 {
		near := newBuckets(seeds, side)
		out := make([]int32, blocks)
		for i, p := range points {
			out[i] = near.nearest(p)
		}
		return out
	}
	super := of(scatter(&r, max(1, blocks/18), side, 0.9))
	within := of(scatter(&r, communities, side, 0.7))
	p := &Problem{Blocks: make([]Block, blocks)}
	for i := range communities {
		p.Within = append(p.Within, fmt.Sprintf("C%03d", i))
	}
	load := make([]float64, blocks)
	centres := scatter(&r, 5, side, 1)
	for i, pt := range points {
		poly := cells.cell(int32(i))
		area, cx, cy, second := moments(poly)
		b := &p.Blocks[i]
		*b = Block{Within: within[i], Area: area, Cx: cx, Cy: cy, Second: second}
		for v := range poly {
			next := poly[(v+1)%len(poly)]
			length := math.Hypot(next.x-poly[v].x, next.y-poly[v].y)
			switch j := poly[v].beyond; {
			case j < 0:
				b.Outer += length
			case j > int32(i) && length > 0.01:
				e := Border{A: int32(i), B: j, Length: length}
				if super[i] != super[j] && street(super[i], super[j], seed) {
					e.Along, e.Strength = length, length
				}
				p.Borders = append(p.Borders, e)
			}
		}
		density := 0.5
		for _, c := range centres {
			density += math.Exp(-(square(pt.x-c.x) + square(pt.y-c.y)) / (2 * square(side/8)))
		}
		load[i] = density * area * math.Exp(0.6*r.normal())
	}
	apportion(p, load, people)
	return p
}

// street says whether there is a street between two superblocks: three times in four.
func street(a, b int32, seed uint64) bool {
	r := newRandom(seed, uint64(min(a, b)), uint64(max(a, b)))
	return r.next()&3 != 0
}

// apportion spreads people over blocks by largest remainder.
func apportion(p *Problem, load []float64, people int64) {
	var total float64
	for _, l := range load {
		total += l
	}
	order := make([]int32, len(load))
	left := people
	rest := make([]float64, len(load))
	for i, l := range load {
		want := l / total * float64(people)
		p.Blocks[i].Weight = int64(want)
		rest[i] = want - math.Floor(want)
		left -= int64(want)
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		p.Blocks[i].Weight++
	}
}

func (r *random) normal() float64 {
	return math.Sqrt(-2*math.Log(1-r.unit())) * math.Cos(2*math.Pi*r.unit())
}

type vec struct{ x, y float64 }

// corner is a vertex of a cell and the point whose cell lies beyond the side that begins there, −1 outside.
type corner struct {
	vec
	beyond int32
}

// scatter puts n points on a jittered lattice (jitter 1: anywhere in its square), which is as irregular as blocks are.
func scatter(r *random, n int, side, jitter float64) []vec {
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	rows := (n + columns - 1) / columns
	points := make([]vec, n)
	for i := range points {
		col, row := i%columns, i/columns
		inRow := min(columns, n-row*columns)
		points[i] = vec{
			(float64(col) + 0.5 + jitter*(r.unit()-0.5)) * side / float64(inRow),
			(float64(row) + 0.5 + jitter*(r.unit()-0.5)) * side / float64(rows),
		}
	}
	return points
}

// buckets index points on a square lattice.
type buckets struct {
	points []vec
	side   float64
	n      int
	in     [][]int32
}

func newBuckets(points []vec, side float64) *buckets {
	n := max(1, int(math.Sqrt(float64(len(points))/2)))
	b := &buckets{points: points, side: side, n: n, in: make([][]int32, n*n)}
	for i, p := range points {
		c := b.at(p.y)*n + b.at(p.x)
		b.in[c] = append(b.in[c], int32(i))
	}
	return b
}

func (b *buckets) at(x float64) int { return min(max(int(x/b.side*float64(b.n)), 0), b.n-1) }

// ring calls f for every point in the buckets at Chebyshev distance d from p's; false when there are none left.
func (b *buckets) ring(p vec, d int, f func(int32)) bool {
	cx, cy, any := b.at(p.x), b.at(p.y), false
	for y := cy - d; y <= cy+d; y++ {
		if y < 0 || y >= b.n {
			continue
		}
		step := 1
		if d > 0 && y != cy-d && y != cy+d {
			step = 2 * d
		}
		for x := cx - d; x <= cx+d; x += step {
			if x < 0 || x >= b.n {
				continue
			}
			any = true
			for _, i := range b.in[y*b.n+x] {
				f(i)
			}
		}
	}
	return any
}

func (b *buckets) nearest(p vec) int32 {
	best, least := int32(-1), math.Inf(1)
	width := b.side / float64(b.n)
	for d := 0; ; d++ {
		if best >= 0 && math.Sqrt(least) < float64(d-1)*width {
			return best
		}
		if !b.ring(p, d, func(i int32) {
			if q := square(b.points[i].x-p.x) + square(b.points[i].y-p.y); q < least {
				best, least = i, q
			}
		}) {
			return best
		}
	}
}

// cell clips the square by the bisectors with ever farther points, until none can reach what is left.
func (b *buckets) cell(i int32) []corner {
	p := b.points[i]
	poly := []corner{{vec{0, 0}, -1}, {vec{b.side, 0}, -1}, {vec{b.side, b.side}, -1}, {vec{0, b.side}, -1}}
	width := b.side / float64(b.n)
	for d := 0; ; d++ {
		var far float64
		for _, v := range poly {
			far = max(far, math.Hypot(v.x-p.x, v.y-p.y))
		}
		if 2*far < float64(d-1)*width {
			return poly
		}
		if !b.ring(p, d, func(j int32) {
			if j != i {
				poly = clip(poly, p, b.points[j], j)
			}
		}) {
			return poly
		}
	}
}

// clip keeps what is nearer to p than to q.
func clip(poly []corner, p, q vec, beyond int32) []corner {
	side := func(v vec) float64 {
		return (v.x-(p.x+q.x)/2)*(q.x-p.x) + (v.y-(p.y+q.y)/2)*(q.y-p.y)
	}
	var out []corner
	for k, v := range poly {
		w := poly[(k+1)%len(poly)]
		a, c := side(v.vec), side(w.vec)
		if a <= 0 {
			out = append(out, v)
		}
		if (a <= 0) != (c <= 0) {
			t := a / (a - c)
			x := vec{v.x + t*(w.x-v.x), v.y + t*(w.y-v.y)}
			if a <= 0 {
				out = append(out, corner{x, beyond})
			} else {
				out = append(out, corner{x, v.beyond})
			}
		}
	}
	return out
}

// moments gives a polygon's area, centroid and second moment about it.
func moments(poly []corner) (area, cx, cy, second float64) {
	o := poly[0]
	var q float64
	for k := range poly {
		a, c := poly[k], poly[(k+1)%len(poly)]
		ax, ay, bx, by := a.x-o.x, a.y-o.y, c.x-o.x, c.y-o.y
		cross := ax*by - bx*ay
		area += cross / 2
		cx += (ax + bx) * cross / 6
		cy += (ay + by) * cross / 6
		q += cross * (ax*ax + ax*bx + bx*bx + ay*ay + ay*by + by*by) / 12
	}
	cx, cy = cx/area, cy/area
	return area, cx + o.x, cy + o.y, q - area*(cx*cx+cy*cy)
}
