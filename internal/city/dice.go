package city

// dice is a stream of chance: splitmix64 (Steele, Lea, Flood 2014), small enough that its results can
// never change under us.
type dice struct{ state uint64 }

// What dice are keyed by, besides numbers.
const (
	forTerrain uint64 = iota + 1
	forPlan
	forCells
	forZones
	forParcels
	forBuilding
	forNames
	forPeople
	forOutline
	forCounty
	forBorders
	forVillage
	forCourses
	forRoads
	forFacilities
	forRelief
	forFields
	forRegister
)

// throw makes the dice for one decision: the same seed and path give the same stream.
func throw(seed uint64, path ...uint64) *dice {
	d := &dice{seed}
	for _, p := range path {
		d.state = d.next() ^ (p+1)*0xd1342543de82ef95
	}
	d.next()
	return d
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// unit is uniform in [0, 1).
func (d *dice) unit() float64 { return float64(d.next()>>11) / (1 << 53) }

// between is uniform in [a, b).
func (d *dice) between(a, b float64) float64 { return a + (b-a)*d.unit() }

// upto is uniform in 0 … n-1.
func (d *dice) upto(n int) int { return int(d.next() % uint64(n)) }

// chance is true with probability p.
func (d *dice) chance(p float64) bool { return d.unit() < p }

// sign is -1 or 1.
func (d *dice) sign() float64 {
	if d.chance(.5) {
		return -1
	}
	return 1
}

// pick takes one of the given.
func pick[T any](d *dice, of ...T) T { return of[d.upto(len(of))] }

// shuffled is a copy in another order.
func shuffled[T any](d *dice, of []T) []T {
	out := append([]T(nil), of...)
	for i := len(out) - 1; i > 0; i-- {
		j := d.upto(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}
