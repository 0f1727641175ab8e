package city

import "math"

// relief is how hilly the county is: a plain in the west, hills in the east, single ones between.
type relief struct {
	ridges []wave // moves are unused but for their size
	phase  float64
}

// Above woodline is wood, above terraceline orchards on terraces.
const (
	woodline    = .6
	terraceline = .44
)

func newRelief(seed uint64) *relief {
	d := throw(seed, forRelief)
	r := &relief{phase: d.between(0, 6)}
	for _, l := range []float64{6200, 4300, 3100, 2100, 1300, 800} {
		r.ridges = append(r.ridges, newWave(d, l*d.between(.85, 1.15), math.Pow(l/6200, .7)))
	}
	return r
}

// hill is 0 on the plain and rises to about 1 on the tops.
func (r *relief) hill(p vec) float64 {
	east := smooth((p.x + 7000 + 3000*math.Sin(p.y/5500+r.phase)) / 13000)
	if east == 0 {
		return 0
	}
	sum, most := 0.0, 0.0
	for _, w := range r.ridges {
		size := w.move.len()
		sum += size * math.Sin(w.k.dot(p)+w.phase)
		most += size
	}
	return east * clamp(.46+.85*sum/most, 0, 1)
}
