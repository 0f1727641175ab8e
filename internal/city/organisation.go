package city

import (
	"math"
	"strings"
)

// shopsIn goes through a building of shops: of each, up to eight on the ground floor.
func (c *census) shopsIn(d *dice, i int, b *building) error {
	name := c.address(b)
	area := signedArea(b.ring)
	n := int(clamp(math.Round(area/d.between(60, 140)), 1, 8))
	at := c.t.globe.point(middleOf(b.ring))
	for k := range n {
		h := c.house(i, b)
		h.Floor, h.Use, h.At = 1, Trade, at
		h.Number, h.Address = h.Source+"-0", name
		if n > 1 {
			h.Room = roomNumber(1, k+1)
			h.Number += "-" + h.Room
			h.Address += h.Room + "室"
		}
		h.Area = math.Round(area*float64(b.levels)/float64(n)*9) / 10
		if c.takers.House != nil {
			if err := c.takers.House(h, nil); err != nil {
				return err
			}
		}
		if d.chance(.9) {
			if err := c.shop(d, &h, 1, 8); err != nil {
				return err
			}
		}
	}
	return nil
}

// shop is one in a house.
func (c *census) shop(d *dice, h *House, least, most int) error {
	kind := c.Shops.draw(d)
	syllables := c.t.names.words.Syllables
	name := kind
	if len(syllables) > 0 {
		name = pick(d, syllables...) + kind
	} else {
		name = c.main[d.upto(3)] + "记" + kind
	}
	return c.organisation(d, Organisation{Name: name, Kind: "个体工商户", Address: h.Address, House: h.Number, Source: h.Source,
		Employees: least + d.upto(most), At: h.At})
}

// kinds of organisations by what a building is.
var kinds = map[string]string{"school": "学校", "kindergarten": "幼儿园", "hospital": "医疗机构", "government": "机关事业单位",
	"industrial": "企业", "office": "企业", "hotel": "住宿业", "train_station": "交通运输", "civic": "社区组织"}

// registered are the department and class that register a kind of organisation, as credit codes begin.
var registered = map[string]string{"个体工商户": "92", "学校": "12", "幼儿园": "12", "医疗机构": "12", "机关事业单位": "11", "企业": "91", "住宿业": "91", "交通运输": "91", "社区组织": "54"}

// office is who has a building that is neither homes nor shops: the school, works or hospital whose ground it stands on, once each, or
// the building's own name.
func (c *census) office(d *dice, i int, b *building) error {
	kind := kinds[b.use]
	if kind == "" {
		return nil
	}
	name, middle := b.name, middleOf(b.ring)
	for k, g := range c.t.built[b.ward].grounds {
		if g.name == "" || g.value == "residential" || !inside(middle, g.ring) {
			continue
		}
		if c.occupied[k] {
			return nil
		}
		c.occupied[k], name = true, g.name
		if g.value == "industrial" {
			kind = kinds["industrial"]
		}
	}
	if name == "" {
		return nil
	}
	address := c.address(b)
	if b.use == "civic" && !strings.HasPrefix(name, short(c.in.name)) {
		name = short(c.in.name) + name
	}
	n := signedArea(b.ring) * float64(b.levels)
	return c.organisation(d, Organisation{Name: name, Kind: kind, Address: address, Source: c.t.buildingID(i),
		Employees: int(clamp(n/d.between(25, 70), 3, 900)), At: c.t.globe.point(middle)})
}

// organisation hands one over, with somebody to call.
func (c *census) organisation(d *dice, o Organisation) error {
	man := d.chance(.55)
	o.Contact = c.Surnames.draw(d) + c.given(d, yearsAgo(d.between(28, 58)), man)
	o.Phone = c.phone()
	o.Name += InventedName
	o.Code = c.credit(registered[o.Kind])
	if c.takers.Organisation == nil {
		return nil
	}
	return c.takers.Organisation(o)
}

// vehicles are those of a house's households: a car for most that have a driver of 20 to 70, now and then two.
func (c *census) vehicles(d *dice, h *House) error {
	last := ""
	for i := range c.residents {
		r := &c.residents[i]
		if r.Household == last || !r.Lives() || r.Born.After(AsOf.AddDate(-20, 0, 0)) || r.Born.Before(AsOf.AddDate(-70, 0, 0)) {
			continue
		}
		last = r.Household
		k := d.unit()
		cars := 0
		if k < .5 {
			cars = 1
		}
		if k < .07 && r.Stay != Floating {
			cars = 2
		}
		for range cars {
			v := Vehicle{Kind: "小型汽车", Colour: c.Colours.draw(d), Owner: r.Name, Household: r.Household, House: h.Number}
			electric := d.chance(.12)
			if electric {
				v.Kind = "小型新能源汽车"
			}
			v.Plate = c.plate(electric)
			if c.takers.Vehicle != nil {
				if err := c.takers.Vehicle(v); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
