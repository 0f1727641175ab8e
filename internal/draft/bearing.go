package draft

import "jingwei/internal/layout"

// bearing says for every block which grid it will be in once the draft is published. A grid is what its code says: one that was merged and cut off
// again under a new key inherits its code, and who lives there gets no other grid. Communities in which no block is elsewhere are left out of
// the reckoning.
func (d *desk) bearing(before []Key) []Key {
	touched := make(map[int64]bool)
	for i := range d.blocks {
		if d.grid[i] != before[i] {
			touched[d.blocks[i].community] = true
		}
	}
	var shares []layout.Share
	number := make(map[Key]int)
	var keys []Key
	for i := range d.blocks {
		b, now, was := &d.blocks[i], d.grid[i], before[i]
		if now == Gone || now == Nowhere || !touched[b.community] {
			continue
		}
		if _, seen := number[now]; !seen {
			number[now] = len(keys)
			keys = append(keys, now)
		}
		if was > 0 {
			shares = append(shares, layout.Share{Old: layout.Code(was), New: number[now], Houses: b.homes, Residents: b.residents})
		}
	}
	codes, _ := layout.Foretell(shares, len(keys))
	will := make(map[Key]Key, len(keys))
	for n, k := range keys {
		will[k] = d.bears(k, codes[n])
	}
	out := make([]Key, len(d.grid))
	for i, now := range d.grid {
		out[i] = now
		if k, there := will[now]; there {
			out[i] = k
		}
	}
	return out
}

// bears is what a grid will be called: its code, or its key where it is new.
func (d *desk) bears(k Key, code layout.Code) Key {
	if code != 0 {
		return Key(code)
	}
	if k > 0 { // the draft's grid of that code, whose code goes to another
		return d.freshFor(k)
	}
	return k
}

// freshFor is a key for a grid whose code another one inherits: as a new one's, beyond those that the draft made, and another for each grid of the county.
func (d *desk) freshFor(k Key) Key { return -(1<<39 + k%1e9) }
