package draft

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/layout"
)

// MicroGrids are those of a grid of a draft, with the homes that they are made of.
type MicroGrids struct {
	Revision int         `json:"revision"`
	Grid     Key         `json:"grid"`
	Lower    int         `json:"lower"` // households that a micro-grid should have, both included
	Upper    int         `json:"upper"`
	Micro    []MicroGrid `json:"micro_grids"`
	Homes    []MicroHome `json:"homes"`
	Without  int         `json:"without"` // households that are in none
}

// MicroGrid is a micro-grid with its figures.
type MicroGrid struct {
	Number     int    `json:"number"`
	Name       string `json:"name"`
	Homes      int    `json:"homes"`
	Households int    `json:"households"`
	Residents  int    `json:"residents"`
	Band       string `json:"band"` // in, over, under
}

// MicroHome is a home of the grid: an entrance, or a building without any.
type MicroHome struct {
	layout.HomeKey
	Address    string     `json:"address"` // of the building, "" where it has neither address nor name
	Residents  int        `json:"residents"`
	Households int        `json:"households"`
	Estimated  bool       `json:"estimated,omitempty"` // the households are: nobody has counted them
	Micro      int        `json:"micro"`               // 0: in none
	At         [2]float64 `json:"at"`
}

// MicroGrids gives a grid's micro-grids as a draft has them. Fault: Conflict for a grid that isn't in it any more.
func (r *Room) MicroGrids(ctx context.Context, id ID, k Key) (*MicroGrids, error) {
	var out *MicroGrids
	err := r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if _, err := d.findGrid(k); err != nil {
			return true, err
		}
		homes, err := d.inGrid(ctx, tx, k)
		if err != nil {
			return true, err
		}
		out = d.microFigures(k, homes)
		return true, nil
	})
	return out, err
}

func (d *desk) microFigures(k Key, homes []dwelling) *MicroGrids {
	out := &MicroGrids{Revision: d.revision, Grid: k, Micro: []MicroGrid{}, Homes: []MicroHome{}}
	out.Lower, out.Upper = drawing.MicroBand()
	at := make(map[int]*MicroGrid)
	for i := range homes {
		h := &homes[i]
		n := d.number(h)
		out.Homes = append(out.Homes, MicroHome{h.HomeKey, h.Address, h.Residents, h.Households, h.Estimated, n, [2]float64{h.Lon, h.Lat}})
		if n == 0 {
			out.Without += h.Households
			continue
		}
		if at[n] == nil {
			at[n] = &MicroGrid{Number: n, Name: d.micro.names[Micro{k, n}]}
		}
		at[n].Homes++
		at[n].Households += h.Households
		at[n].Residents += h.Residents
	}
	for _, n := range slices.Sorted(maps.Keys(at)) {
		m := at[n]
		switch m.Band = "in"; {
		case m.Households < out.Lower:
			m.Band = "under"
		case m.Households > out.Upper:
			m.Band = "over"
		}
		out.Micro = append(out.Micro, *m)
	}
	return out
}

// withoutMicro are grids in which some homes are in no micro-grid though others are; in a grid that nobody has cut into micro-grids, those homes that
// came to it out of another grid's.
func (d *desk) withoutMicro(ctx context.Context, tx pgx.Tx) (out []Problem, err error) {
	if !d.micro.any() {
		return nil, nil
	}
	homes, err := d.dwellings(ctx, tx)
	if err != nil {
		return nil, err
	}
	type sum struct {
		households int
		blocks     []int32
		cut        bool // it has micro-grids
	}
	grids := make(map[Key]*sum)
	was := make([]Micro, len(homes))
	for i := range homes {
		k := d.grid[homes[i].at]
		if grids[k] == nil {
			grids[k] = &sum{}
		}
		was[i] = d.placed(homes[i].HomeKey)
		grids[k].cut = grids[k].cut || was[i].Grid == k && k != Nowhere
	}
	delete(grids, Nowhere)
	for i := range homes {
		h, k := &homes[i], d.grid[homes[i].at]
		if g := grids[k]; g != nil && was[i].Grid != k && (g.cut || was[i].Number > 0) {
			g.households += h.Households
			g.blocks = append(g.blocks, h.at)
		}
	}
	for _, k := range sortedKeys(grids) {
		g := grids[k]
		if g.households == 0 {
			continue
		}
		slices.Sort(g.blocks)
		g.blocks = slices.Compact(g.blocks)
		out = append(out, Problem{ID: "micro:" + k.String(), Kind: "micro", Grid: k, Community: communityCode(d.blocks[g.blocks[0]].community),
			Text:   say("%s 有 %d 户不在任何微网格中：重新划分其微网格", "%s has %d households in no micro-grid: plan them anew", d.calledIn(d.blocks[g.blocks[0]].community, k), g.households),
			Bounds: d.bounds(g.blocks), Blocks: d.blockKeys(g.blocks), Weight: g.households / 10, Fixable: true})
	}
	return out, nil
}

func sortedKeys[V any](m map[Key]V) []Key {
	return slices.SortedFunc(maps.Keys(m), func(a, b Key) int {
		return cmp.Or(cmp.Compare(b2i(a < 0), b2i(b < 0)), cmp.Compare(abs(a), abs(b)))
	})
}

// MicroChange is what becomes of a grid's micro-grids.
type MicroChange struct {
	Grid       Key `json:"grid"`
	Before     int `json:"before"` // how many
	After      int `json:"after"`
	Households int `json:"households"` // that get another one, or get into one, or out of it
	Named      int `json:"named"`      // micro-grids with another name
	Without    int `json:"without"`    // households that are in none afterwards
}

// microChanges compares the micro-grids with those of a version; 0 is what is live. Grids are those that homes are in now.
func (d *desk) microChanges(ctx context.Context, tx pgx.Tx, version int) ([]MicroChange, error) {
	then := d.micro.live
	if version > 0 && version != d.live.Base {
		var err error
		if then, err = layout.MicroAt(ctx, tx, d.id.County, d.live.Communities, version); err != nil {
			return nil, err
		}
	}
	out := []MicroChange{}
	if len(then.In) == 0 && !d.micro.any() {
		return out, nil
	}
	homes, err := d.dwellings(ctx, tx)
	if err != nil {
		return nil, err
	}
	changes := make(map[Key]*MicroChange)
	seen := make(map[Micro]bool)
	count := func(k Micro, n *int) {
		if k.Number > 0 && !seen[k] {
			seen[k] = true
			*n++
		}
	}
	at := func(k Key) *MicroChange {
		if changes[k] == nil {
			changes[k] = &MicroChange{Grid: k}
		}
		return changes[k]
	}
	was := make([]Micro, len(homes))
	for i := range homes {
		h := homes[i].HomeKey
		for h.Block < 0 {
			h.Block = d.cuts[d.blocks[d.index[h.Block]].cut].block
		}
		k, there := then.In[h]
		if !there && homes[i].Block < 0 { // an entrance of a building that had none on the block, or the other way round
			h.Entrance = ""
			k = then.In[h]
		}
		was[i] = Micro{Key(k.Grid), k.Number}
		count(was[i], &at(was[i].Grid).Before)
	}
	seen = make(map[Micro]bool)
	for i := range homes {
		h := &homes[i]
		now := Micro{d.grid[h.at], d.number(h)}
		c := at(now.Grid)
		if now.Number == 0 {
			now = Micro{}
			c.Without += h.Households
		} else if !seen[now] {
			name := ""
			if k := (layout.MicroKey{Grid: layout.Code(now.Grid), Number: now.Number}); now.Grid > 0 {
				name = then.Names[k]
			}
			c.Named += b2i(d.micro.names[now] != name)
			count(now, &c.After)
		}
		if now != was[i] {
			c.Households += h.Households
			if old := was[i].Grid; old != d.grid[h.at] {
				at(old).Households += h.Households
			}
		}
	}
	for _, k := range sortedKeys(changes) {
		if c := changes[k]; k != Nowhere && (c.Households > 0 || c.Before != c.After || c.Named > 0) {
			out = append(out, *c)
		}
	}
	return out, nil
}
