package city

import (
	"slices"
	"strconv"
	"time"

	"jingwei/internal/idcard"
)

// home is a division of an invented person's number: that of the county with the first two digits that nobody has.
const home = idcard.Invented + "0883"

// live settles a household in a house of its own; a great many people are two or three households.
func (c *census) live(d *dice, h *House, size int, built day, rural bool) {
	stay := Registered
	switch k := d.unit(); {
	case rural && k < .015, !rural && k < .26:
		stay = Separated
	case !rural && k > .98:
		stay = Floating
	}
	for n := 1; size > 0; n++ {
		some := min(size, 8)
		if size > 8 {
			some = min(size, 5)
		}
		size -= some
		c.household(d, h, n, some, built, stay, setting{rural: rural})
	}
}

// lodge settles tenants: a family, or two or three who share.
func (c *census) lodge(d *dice, h *House, size int, built day) {
	first := len(c.residents)
	each, n := size, 1
	if size > 1 && size < 5 && d.chance(.3) || size > 6 {
		each = 1
	}
	for left := size; left > 0; left -= each {
		stay := Floating
		if k := d.unit(); k < .34 {
			stay = Separated
		} else if k < .42 {
			stay = Registered
		}
		c.household(d, h, n, each, max(built, yearsAgo(d.between(.3, 6))), stay, setting{tenant: true})
		n++
	}
	if d.chance(.4) { // who lived here before
		before := today
		for _, r := range c.residents[first:] {
			before = min(before, dayOf(r))
		}
		c.lodger(d, h, n, built, before)
	}
}

// dayOf is when a residency began.
func dayOf(r Resident) day { return day(r.Since.Sub(firstDay).Hours() / 24) }

// emptied is an empty house: of some the family works elsewhere, or a tenant has left.
func (c *census) emptied(d *dice, h *House, built day, rural bool) {
	switch k := d.unit(); {
	case rural && k < .55:
		hers := bell(d, 26, 56)
		c.family.clear()
		his := husbandOf(d, hers)
		c.family.add(husband, true, his, working)
		c.family.add(wife, false, hers, working)
		if years := hers - bell(d, 21, 31); years > .2 {
			c.family.add(child, boy(d), years, working)
		}
		c.enter(d, h, 1, built, Registered, setting{rural: true})
	case !rural && k < .2:
		c.lodger(d, h, 1, built, today)
	}
}

// lodger is somebody who lived here alone once, before a day.
func (c *census) lodger(d *dice, h *House, n int, built, before day) {
	until := before - day(d.between(3, 300))
	since := until - day(d.between(60, 1500))
	if since < built {
		return
	}
	c.family.made(d, 1, setting{tenant: true})
	if m := &c.family.members[0]; m.born > since-19*365 {
		return
	}
	c.enter(d, h, n, since, Floating, setting{tenant: true})
	r := &c.residents[len(c.residents)-1]
	r.Since, r.Until = since.date(), until.date()
	if len(c.leavers) < 40 {
		c.leavers = append(c.leavers, *r)
	}
}

// household makes a family of so many at home and enters it.
func (c *census) household(d *dice, h *House, n, size int, built day, stay string, s setting) {
	if s.tenant && size == 1 && len(c.leavers) > 20 && d.chance(.5) {
		c.arrive(d, h, n)
		return
	}
	c.family.made(d, size, s)
	c.enter(d, h, n, built, stay, s)
}

// arrive is somebody who left another house.
func (c *census) arrive(d *dice, h *House, n int) {
	k := d.upto(len(c.leavers))
	r := c.leavers[k]
	c.leavers[k] = c.leavers[len(c.leavers)-1]
	c.leavers = c.leavers[:len(c.leavers)-1]
	left := day(r.Until.Sub(firstDay).Hours() / 24)
	r.Since, r.Until = min(today, left+day(d.upto(20))).date(), time.Time{}
	r.House, r.Household, r.Labels = h.Number, h.Number+"-"+strconv.Itoa(n), nil
	c.residents, c.notes = append(c.residents, r), append(c.notes, note{})
}

// enter writes the family into the register, its head first.
func (c *census) enter(d *dice, h *House, n int, built day, stay string, s setting) {
	f := &c.family
	f.members[0], f.members[f.head] = f.members[f.head], f.members[0]
	f.head = 0
	line := c.surname(d, s)
	nation := "汉族"
	if d.chance(.012) || s.tenant && d.chance(.02) {
		nation = c.Nations.draw(d)
	}
	number := h.Number + "-" + strconv.Itoa(n)
	from, division := c.registered(d, h, stay)
	since := c.movedIn(d, built, f.members[0].born)
	first := len(c.residents)
	orphaned := !slices.ContainsFunc(f.members, func(m member) bool { return m.part <= wife && m.away == present })
	for i, m := range f.members {
		r := Resident{Sex: idcard.Female, Nation: nation, Born: m.born.date(), House: h.Number, Household: number,
			Relation: f.relation(i), Stay: stay, Registered: from}
		if m.man {
			r.Sex = idcard.Male
		}
		own := division
		if stay != Floating && d.chance(.08) || m.part == wife && d.chance(.12) {
			own = idcard.Invented + string(digits(nil, uint64(801+d.upto(32)), 4))
		}
		r.ID = c.id(own, m.born, m.man)
		r.Name = c.name(d, m, line, c.residents[first:])
		if d.chance(owns(m.born.age())) {
			r.Phone = c.phone()
		}
		r.Education = education(d, m, s)
		c.dates(d, &r, m, since)
		c.residents = append(c.residents, r)
		c.notes = append(c.notes, note{m.away, m.part == child && orphaned})
	}
}

// owns is how likely somebody of an age has a telephone of their own.
func owns(age float64) float64 {
	switch {
	case age < 10:
		return 0
	case age < 16:
		return .25
	case age < 70:
		return .97
	case age < 80:
		return .75
	default:
		return .4
	}
}

// registered is where a family is, and the division of their numbers.
func (c *census) registered(d *dice, h *House, stay string) (address, division string) {
	switch stay {
	case Separated:
		w := c.county[d.upto(len(c.county))]
		n := 1 + d.upto(max(w.people/4, 20))
		if address = w.fullName() + strconv.Itoa(n) + "号"; address == h.Address {
			address = w.fullName() + strconv.Itoa(n+1) + "号"
		}
		return address, home
	case Floating: // no such village: 示例 is an example
		k := d.upto(len(c.Elsewhere))
		return c.Elsewhere[k] + "示例镇示例村" + strconv.Itoa(1+d.upto(400)) + "号", idcard.Invented + string(digits(nil, uint64(1001+37*k), 4))
	default:
		return h.Address, home
	}
}

// surname of a family: in a village a few are most people's.
func (c *census) surname(d *dice, s setting) string {
	if s.rural && d.chance(.62) {
		return c.main[min(d.upto(4), d.upto(4), 2)]
	}
	return c.Surnames.draw(d)
}

// name is one that nobody else of the household has.
func (c *census) name(d *dice, m member, line string, others []Resident) string {
	switch m.part {
	case wife, elderWoman, other:
		line = c.Surnames.draw(d)
	}
	for range 6 {
		name := line + c.given(d, m.born, m.man)
		free := true
		for i := range others {
			free = free && others[i].Name != name
		}
		if free {
			return name
		}
	}
	return line + c.given(d, m.born, m.man)
}
