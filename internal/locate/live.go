package locate

import (
	"sync"
	"sync/atomic"

	"jingwei/internal/planar"
)

// Live is the ground of several counties as it is now. Those who ask never wait for those who put a newer index in.
type Live struct {
	mu  sync.Mutex
	now atomic.Pointer[[]county]
}

type county struct {
	code  int
	index *Index
}

// Put sets the ground of a county, in the place of what there was.
func (l *Live) Put(code int, x *Index) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := []county{{code, x}}
	if now := l.now.Load(); now != nil {
		for _, c := range *now {
			if c.code != code {
				next = append(next, c)
			}
		}
	}
	l.now.Store(&next)
}

// At gives the county, the block and the grid at a point; false when it lies outside of all.
func (l *Live) At(p planar.Point) (code int, place Place, found bool) {
	now := l.now.Load()
	if now == nil {
		return 0, Place{}, false
	}
	for _, c := range *now {
		if place, found := c.index.At(p); found {
			return c.code, place, true
		}
	}
	return 0, Place{}, false
}

// Near gives the grids of all counties other than own that come within so many metres of a point, the nearest first within a county,
// and appends them to out.
func (l *Live) Near(p planar.Point, own int64, metres float64, out []Nearby) []Nearby {
	now := l.now.Load()
	if now == nil {
		return out
	}
	for _, c := range *now {
		out = c.index.Near(p, own, metres, out)
	}
	return out
}
