package planar

import "math/bits"

// pointIndex numbers points in the order of their first appearance: an open hash table in two flat slices.
type pointIndex struct {
	points []Point
	slots  []int32 // number + 1, 0 when free
	shift  uint
}

func newPointIndex(expected int) *pointIndex {
	size := max(16, 1<<bits.Len(uint(expected+expected/2)))
	return &pointIndex{
		points: make([]Point, 0, expected),
		slots:  make([]int32, size),
		shift:  uint(64 - bits.Len(uint(size-1))),
	}
}

func (x *pointIndex) slot(p Point) int {
	// Fibonacci hashing; the multiplier is 2^64 divided by the golden ratio.
	return int(p.key() * 0x9E3779B97F4A7C15 >> x.shift)
}

// number gives the point's number, a new one when it hasn't been seen.
func (x *pointIndex) number(p Point) int32 {
	if 4*len(x.points) >= 3*len(x.slots) {
		x.grow()
	}
	i := x.slot(p)
	for x.slots[i] != 0 {
		if n := x.slots[i] - 1; x.points[n] == p {
			return n
		}
		i = (i + 1) & (len(x.slots) - 1)
	}
	x.points = append(x.points, p)
	x.slots[i] = int32(len(x.points))
	return int32(len(x.points)) - 1
}

func (x *pointIndex) grow() {
	x.slots = make([]int32, 2*len(x.slots))
	x.shift--
	for n, p := range x.points {
		i := x.slot(p)
		for x.slots[i] != 0 {
			i = (i + 1) & (len(x.slots) - 1)
		}
		x.slots[i] = int32(n) + 1
	}
}
