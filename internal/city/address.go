package city

import (
	"strconv"
	"strings"
)

// AddressPrefix is where the county lies.
// AddressPrefix is what every address of an invented place begins with.
const AddressPrefix = "山东省济宁市" + countyName

// fullName of a community.
func (w where) fullName() string { return AddressPrefix + w.town + w.name }

// address is a building's standard address: county, town, community, street and number where it has one, compound or village, building. Where several share
// one, as two courtyards of a lane may that were numbered apart, the second becomes 12-1号.
func (c *census) address(b *building) string {
	base, number := c.in.fullName(), b.address.number
	if b.address.street != "" {
		base += b.address.street
	}
	switch {
	case len(b.stairs) > 0: // the street's number is the compound's
		base += number
		number = b.name
		base += b.address.place
	case !strings.HasPrefix(c.in.name, b.address.place): // a village inside a community
		base += b.address.place
	}
	if number == "" && b.use == "retail" {
		number = "沿街商铺"
		c.taken[base+number]++
		return base + number + strconv.Itoa(c.taken[base+number]) + "号"
	}
	if number != "" && len(b.stairs) == 0 && b.name != "" { // one of several houses at a gate
		return c.once(base+number, b.name)
	}
	if name, found := strings.CutPrefix(b.name, c.in.name); found && number == "" { // the village's own house
		return c.once(base, name)
	}
	if number == "" {
		return c.once(base, b.name)
	}
	return c.once(base, number)
}

// once makes an address that nobody has of its last part: 12号, then 12-1号.
func (c *census) once(base, last string) string {
	full := base + last
	n := c.taken[full]
	c.taken[full]++
	if n == 0 {
		return full
	}
	for _, kind := range []string{"号楼", "号"} {
		if s, found := strings.CutSuffix(last, kind); found {
			return c.once(base, s+"-"+strconv.Itoa(n)+kind)
		}
	}
	return c.once(base, last+strconv.Itoa(n+1))
}

func roomNumber(floor, n int) string {
	return string(digits(strconv.AppendInt(nil, int64(floor), 10), uint64(n), 2))
}

func entranceID(building string, k int) string { return building + "-" + strconv.Itoa(k+1) }
