package city

import "math"

// census goes through the buildings of a place and says who lives in them. What is drawn is keyed by building and home;
// numbers are given out in order.
type census struct {
	*lists
	issuer
	takers Takers
	county []where // all communities, to be registered in

	// Of the place that it is in.
	t        *town
	main     [3]string      // its commonest surnames
	taken    map[string]int // addresses that somebody has
	in       where
	occupied []bool // of each ground of the ward, whether its organisation is known

	// Of the house that it is in; used again.
	family    family
	residents []Resident
	labels    []string
	notes     []note     // of each resident
	leavers   []Resident // who left a house alone, and may turn up in another
}

// where is a community.
type where struct {
	code, town, name string
	people           int
}

func newCensus(t Takers, county []where) (*census, error) {
	l, err := readLists()
	if err != nil {
		return nil, err
	}
	return &census{lists: l, issuer: *newIssuer(), takers: t, county: county}, nil
}

// place goes through a town or village; in tells the community of a ward.
func (c *census) place(t *town, in func(ward int) where) error {
	c.t, c.taken = t, map[string]int{}
	d := throw(t.seed, forRegister)
	for i := range c.main {
		c.main[i] = c.Surnames.draw(d)
	}
	ward := -1
	for i := range t.buildings {
		b := &t.buildings[i]
		if b.ward != ward {
			ward = b.ward
			c.in, c.occupied = in(ward), make([]bool, len(t.built[ward].grounds))
		}
		if err := c.building(i, b); err != nil {
			return err
		}
	}
	return nil
}

func (c *census) building(i int, b *building) error {
	d := throw(c.t.seed, forRegister, uint64(i))
	switch {
	case b.homes > 0 && len(b.stairs) > 0:
		return c.flats(d, i, b)
	case b.homes > 0:
		return c.courtyard(d, i, b)
	case b.use == "retail":
		return c.shopsIn(d, i, b)
	default:
		return c.office(d, i, b)
	}
}

// sizes shares people out over homes, as households are: the sum is exact, what is left over stands empty. The homes it
// fills are scattered among them.
func sizes(d *dice, people, homes int) []int {
	out := make([]int, homes)
	if people == 0 {
		return out
	}
	least := (people + 4) / 5
	n := min(max(int(math.Round(float64(people)/(household*d.between(.93, 1.0)))), least, 1), homes, people)
	most := max(6, (people+n-1)/n)
	sum := 0
	for k := range n {
		out[k] = min([...]int{1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6}[d.upto(19)], most)
		sum += out[k]
	}
	for sum != people {
		switch k := d.upto(n); {
		case sum < people && out[k] < most:
			out[k]++
			sum++
		case sum > people && out[k] > 1:
			out[k]--
			sum--
		}
	}
	for k := homes - 1; k > 0; k-- {
		j := d.upto(k + 1)
		out[k], out[j] = out[j], out[k]
	}
	return out
}

// flats goes through a building with staircases, floor by floor of each.
func (c *census) flats(d *dice, i int, b *building) error {
	flats := max(1, int(math.Round(b.homes/float64(b.levels*len(b.stairs)))))
	name := c.address(b)
	base := d.between(62, 92)
	if b.levels > 9 {
		base = d.between(84, 118)
	}
	var areas []float64
	for range flats {
		areas = append(areas, math.Round(base*d.between(.82, 1.25)*10)/10)
	}
	built := day(float64(today) - 365.25*d.between(19, 40))
	if b.levels > 6 {
		built = day(float64(today) - 365.25*d.between(3, 18))
	}
	middle := middleOf(b.ring)
	for k, s := range b.stairs {
		at := c.t.globe.point(s.at.add(middle.sub(s.at).mul(.3)))
		home := sizes(d, s.people, b.levels*flats)
		for n, size := range home {
			h := c.house(i, b)
			h.Unit, h.Floor, h.Room = s.ref, n/flats+1, roomNumber(n/flats+1, n%flats+1)
			h.Entrance = entranceID(h.Source, k)
			h.Number = h.Entrance + "-" + h.Room
			h.Address = name + h.Unit + h.Room + "室"
			h.Area, h.At = areas[n%flats], at
			if err := c.dwelling(d, &h, size, built, .19, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// crowd is how many people in a courtyard make it more than one house: where a village has too little room for its people,
// its houses are full.
const crowd = 8

// courtyard is a house of one family, now and then of two.
func (c *census) courtyard(d *dice, i int, b *building) error {
	name, homes := c.address(b), max(int(b.homes), (b.people+crowd-1)/crowd)
	above := (homes + b.levels - 1) / b.levels // on each floor
	built := day(float64(today) - 365.25*d.between(8, 46))
	rural := b.address.place != ""
	let := .16
	if rural {
		let = .015
	}
	at := c.t.globe.point(middleOf(b.ring))
	for n, size := range sizes(d, b.people, homes) {
		h := c.house(i, b)
		h.Floor, h.Number, h.Address, h.At = n/above+1, h.Source+"-0", name, at
		if homes > 1 {
			h.Room = roomNumber(h.Floor, n%above+1)
			h.Number += "-" + h.Room
			h.Address += h.Room + "室"
		}
		h.Area = math.Round(max(signedArea(b.ring)*float64(b.levels)/float64(homes), 15)*8) / 10
		if err := c.dwelling(d, &h, size, built, let, rural); err != nil {
			return err
		}
	}
	return nil
}

// house is one of a building, as far as they are alike.
func (c *census) house(i int, b *building) House {
	h := House{Community: c.in.code, Place: b.address.place, Building: b.name, Source: c.t.buildingID(i)}
	if h.Building == "" {
		h.Building = b.address.number
	}
	return h
}

// dwelling hands over one house and who lives in it.
func (c *census) dwelling(d *dice, h *House, size int, built day, let float64, rural bool) error {
	c.residents, c.notes = c.residents[:0], c.notes[:0]
	h.Use = OwnHome
	switch {
	case size == 0 && h.Floor == 1 && h.Room != "" && d.chance(.25):
		h.Use = Trade
	case size == 0:
		h.Use = Vacant
		c.emptied(d, h, built, rural)
	case d.chance(let):
		h.Use = LetHome
		c.lodge(d, h, size, built)
	default:
		c.live(d, h, size, built, rural)
	}
	c.label(d, rural)
	if c.takers.House != nil {
		if err := c.takers.House(*h, c.residents); err != nil {
			return err
		}
	}
	if h.Use == Trade {
		return c.shop(d, h, 1, 6)
	}
	return c.vehicles(d, h)
}

// middleOf is a point inside a ring: in the middle of the widest stretch at half of its height.
func middleOf(ring []vec) vec {
	box := bounds(ring)
	y := lerp(box.v0, box.v1, .5)
	var at []float64
	for i, p := range ring {
		if q := ring[(i+1)%len(ring)]; (p.y > y) != (q.y > y) {
			at = append(at, p.x+(y-p.y)/(q.y-p.y)*(q.x-p.x))
		}
	}
	for i := range at {
		for j := i; j > 0 && at[j] < at[j-1]; j-- {
			at[j], at[j-1] = at[j-1], at[j]
		}
	}
	best, wide := box.centre(), 0.0
	for i := 0; i+1 < len(at); i += 2 {
		if w := at[i+1] - at[i]; w > wide {
			best, wide = vec{(at[i] + at[i+1]) / 2, y}, w
		}
	}
	return best
}
