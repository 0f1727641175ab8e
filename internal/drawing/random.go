package drawing

import (
	"math"
	"math/bits"
)

// random is a wyrand generator: one multiplication a number, inlined in the annealer's loop.
// (Wang Yi, https://github.com/wangyi-fudan/wyhash, public domain.)
type random uint64

func newRandom(parts ...uint64) random {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		hi, lo := bits.Mul64(h^p, 0xd6e8feb86659fd93)
		h = hi ^ lo ^ 0xa0761d6478bd642f
		h ^= h >> 29
	}
	return random(h)
}

func (r *random) next() uint64 {
	*r += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(uint64(*r), uint64(*r)^0xe7037ed1a0b428db)
	return hi ^ lo
}

// below gives a number in [0, n), n > 0.
func (r *random) below(n int) int {
	return int((r.next() >> 32) * uint64(n) >> 32)
}

// unit gives a number in [0, 1).
func (r *random) unit() float64 { return float64(r.next()>>11) / (1 << 53) }

// thresholds holds −ln(u) for u in the middle of 4,096 equal steps: a move that costs Δ is taken at temperature T
// when Δ < T·threshold, which is Metropolis' rule without a logarithm a move.
var thresholds = func() (t [4096]float64) {
	for i := range t {
		t[i] = -math.Log((float64(i) + 0.5) / float64(len(t)))
	}
	return t
}()
