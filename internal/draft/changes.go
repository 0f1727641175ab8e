package draft

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// Changes is what a draft changes: against what is live, or against a version.
type Changes struct {
	With      int        `json:"with"` // the version
	Live      bool       `json:"live"` // it is the live one
	Grids     []Becoming `json:"grids"`
	Lineage   []Descent  `json:"lineage"`
	Moved     int        `json:"moved_residents"`
	Houses    int        `json:"moved_houses"`
	Conflicts []Conflict `json:"conflicts"`

	Micro []MicroChange `json:"micro"` // grids whose micro-grids change
}

// Becoming is what becomes of a grid.
type Becoming struct {
	Before          Key    `json:"before,omitempty"`
	After           Key    `json:"after,omitempty"`
	Code            Key    `json:"code,omitempty"` // that it will bear, where that is known; a new one gets its code at publication
	Kind            string `json:"kind"`           // unchanged, moved, split, merged, new, retired, complex
	ResidentsBefore int    `json:"residents_before"`
	ResidentsAfter  int    `json:"residents_after"`
	HousesBefore    int    `json:"houses_before"`
	HousesAfter     int    `json:"houses_after"`
	Worker          string `json:"worker,omitempty"` // of the grid that it was
	Moved           int    `json:"moved_residents"`  // who were in it and go elsewhere, or were elsewhere and come to it
	Incidents       int    `json:"incidents"`        // open ones on ground that changes hands, as far as the reader may see them
}

// Descent is a line of the lineage, as it will be published.
type Descent struct {
	From      Key         `json:"from"`
	To        Key         `json:"to"`
	Kind      layout.Kind `json:"kind"`
	Blocks    int         `json:"blocks"`
	Houses    int         `json:"houses"`
	Residents int         `json:"residents"`
}

// Conflict is a block that the draft moves, and that somebody else moved since the draft's base.
type Conflict struct {
	Block     int64      `json:"block"`
	Base      Key        `json:"base"`
	Mine      Key        `json:"mine"`
	Theirs    Key        `json:"theirs"`
	At        [2]float64 `json:"at"`
	Residents int        `json:"residents"`
}

// Changes compares a draft with a version, 0 being the live one.
func (r *Room) Changes(ctx context.Context, id ID, version int) (*Changes, error) {
	var out *Changes
	err := r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if version < 0 || version > d.live.Base {
			return true, invalid("没有第 %d 版", "there is no version %d", version)
		}
		before, err := d.before(ctx, tx, version)
		if err != nil {
			return true, err
		}
		out = d.compare(before)
		out.With, out.Live = d.live.Base, version == 0 || version == d.live.Base
		if !out.Live {
			out.With = version
		}
		if out.Conflicts, err = d.conflicts(ctx, tx, h); err != nil {
			return true, err
		}
		if out.Micro, err = d.microChanges(ctx, tx, version); err != nil {
			return true, err
		}
		workers, err := d.staff(ctx, tx)
		if err != nil {
			return true, err
		}
		for i := range out.Grids {
			if g := &out.Grids[i]; g.Before != 0 {
				g.Worker = workers[g.Before]
			}
		}
		return true, d.countIncidents(ctx, tx, out, before)
	})
	return out, err
}

// before is which grid each block of the desk was in.
func (d *desk) before(ctx context.Context, tx pgx.Tx, version int) ([]Key, error) {
	out := make([]Key, len(d.blocks))
	if version == 0 || version == d.live.Base {
		for i := range d.blocks {
			out[i] = d.blocks[i].base
		}
		return out, nil
	}
	then, err := layout.At(ctx, tx, d.id.County, d.live.Communities, version)
	if err != nil {
		return nil, err
	}
	for i := range d.blocks {
		out[i] = Key(then[d.blocks[i].root])
	}
	return out, nil
}

// compare works out what becomes of every grid. The rules for codes and kinds are layout's, so that it is what a publication will say.
func (d *desk) compare(before []Key) *Changes {
	out := &Changes{Grids: []Becoming{}, Lineage: []Descent{}, Conflicts: []Conflict{}}
	var shares []layout.Share
	number := make(map[Key]int)
	var keys []Key
	sums := make(map[Key]*Becoming)
	at := func(k Key) *Becoming {
		if sums[k] == nil {
			sums[k] = &Becoming{}
		}
		return sums[k]
	}
	for i := range d.blocks {
		b, now, was := &d.blocks[i], d.grid[i], before[i]
		if now == Gone {
			continue
		}
		if was > 0 {
			at(was).ResidentsBefore += b.residents
			at(was).HousesBefore += b.homes
		}
		if now != Nowhere {
			at(now).ResidentsAfter += b.residents
			at(now).HousesAfter += b.homes
			if _, seen := number[now]; !seen {
				number[now] = len(keys)
				keys = append(keys, now)
			}
		}
		if was > 0 && now != Nowhere {
			shares = append(shares, layout.Share{Old: layout.Code(was), New: number[now], Houses: b.homes, Residents: b.residents})
		}
	}
	codes, lineage := layout.Foretell(shares, len(keys))
	came, left := make(map[Key]int), make(map[Key]int)
	for i, will := range d.bearing(before) {
		if b := &d.blocks[i]; will != Gone && will != before[i] {
			out.Moved += b.residents
			out.Houses += b.homes
			left[before[i]] += b.residents
			came[d.grid[i]] += b.residents
		}
	}
	kinds := make(map[Key]layout.Kind)
	for _, l := range lineage {
		out.Lineage = append(out.Lineage, Descent{Key(l.From), d.bears(keys[l.New], codes[l.New]), l.Kind, l.Blocks, l.Houses, l.Residents})
		// A grid is what became of the one whose code it keeps: that it got some ground of another makes it no new one.
		if k := keys[l.New]; l.From == codes[l.New] || kinds[k] == "" {
			kinds[k] = l.Kind
		}
	}
	out.Grids = d.becomings(sums, keys, codes, kinds)
	for i := range out.Grids {
		g := &out.Grids[i]
		if g.After != 0 {
			g.Moved += came[g.After]
		}
		if g.Before != 0 {
			g.Moved += left[g.Before]
		}
		if g.Kind == string(layout.Unchanged) && g.Moved > 0 {
			g.Kind = string(layout.Moved)
		}
	}
	slices.SortFunc(out.Grids, func(a, b Becoming) int {
		return cmp.Or(cmp.Compare(b2i(a.Kind == "unchanged"), b2i(b.Kind == "unchanged")),
			cmp.Compare(b2i(a.Before == 0), b2i(b.Before == 0)), cmp.Compare(a.Before, b.Before), cmp.Compare(b.After, a.After))
	})
	return out
}

func (d *desk) becomings(sums map[Key]*Becoming, keys []Key, codes []layout.Code, kinds map[Key]layout.Kind) []Becoming {
	var out []Becoming
	for n, k := range keys {
		b := *sums[k]
		b.After, b.Code, b.Kind = k, Key(codes[n]), string(kinds[k])
		switch {
		case codes[n] != 0:
			b.Before = Key(codes[n])
			if b.Before != k {
				b.ResidentsBefore, b.HousesBefore = 0, 0
				if was := sums[b.Before]; was != nil {
					b.ResidentsBefore, b.HousesBefore = was.ResidentsBefore, was.HousesBefore
				}
			}
			if b.Kind == "" {
				b.Kind = string(layout.Unchanged)
			}
		case b.Kind == "":
			b.Kind = "new"
		}
		out = append(out, b)
	}
	kept := make(map[layout.Code]bool)
	for _, c := range codes {
		kept[c] = true
	}
	for k, b := range sums {
		if code, was := k.Code(); was && b.ResidentsBefore+b.HousesBefore >= 0 && !kept[code] && !slices.Contains(keys, k) {
			gone := *b
			gone.Before, gone.Kind = k, "retired"
			out = append(out, gone)
		}
	}
	return out
}

// countIncidents counts the open incidents on ground that changes hands, as far as the reader may see them.
func (d *desk) countIncidents(ctx context.Context, tx pgx.Tx, out *Changes, before []Key) error {
	to := make(map[int64]Key)
	var moved []int64
	for i, will := range d.bearing(before) {
		if b := &d.blocks[i]; will != Gone && will != before[i] && b.key > 0 {
			to[b.key] = d.grid[i]
			moved = append(moved, b.key)
		}
	}
	if len(moved) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT block, count(*) FROM incident WHERE county = $1 AND block = ANY($2) GROUP BY block`, d.id.County, moved)
	if err != nil {
		return err
	}
	count := make(map[Key]int)
	var block int64
	var n int
	if _, err = pgx.ForEachRow(rows, []any{&block, &n}, func() error {
		count[to[block]] += n
		return nil
	}); err != nil {
		return err
	}
	for i := range out.Grids {
		out.Grids[i].Incidents = count[out.Grids[i].After]
	}
	return nil
}
