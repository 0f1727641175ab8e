package draft

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Care is how many people in a grid of a draft are looked after. No figure is exact, and fewer than five aren't counted (see the migration cared_for):
// a planner draws by them without seeing the register.
type Care struct {
	Grid  Key            `json:"grid"`
	Total int            `json:"total"` // everybody once; 0: fewer than five
	Kinds map[string]int `json:"kinds"` // those kinds of five and more
}

// Care says how many people are looked after in each grid of a draft. People on a block that the draft cut are counted in its piece with most residents.
func (r *Room) Care(ctx context.Context, id ID) (out []Care, err error) {
	err = r.at(ctx, id, false, func(tx pgx.Tx, _ *Head, d *desk) (bool, error) {
		out, err = d.care(ctx, tx)
		return true, err
	})
	return out, err
}

func (d *desk) care(ctx context.Context, tx pgx.Tx) ([]Care, error) {
	keys := d.keys()
	slot := make(map[Key]int32, len(keys))
	out := make([]Care, len(keys))
	for i, k := range keys {
		slot[k] = int32(i)
		out[i] = Care{Grid: k, Kinds: map[string]int{}}
	}
	var blocks []int64
	var slots []int32
	for root, i := range d.mostLived() {
		blocks = append(blocks, root)
		slots = append(slots, slot[d.grid[i]])
	}
	rows, err := tx.Query(ctx, `SELECT slot, kind, people FROM cared_for($1, $2, $3)`, d.id.County, blocks, slots)
	if err != nil {
		return nil, err
	}
	var at int32
	var kind string
	var people *int
	_, err = pgx.ForEachRow(rows, []any{&at, &kind, &people}, func() error {
		if people == nil {
			return nil
		}
		if kind == "" {
			out[at].Total = *people
		} else {
			out[at].Kinds[kind] = *people
		}
		return nil
	})
	return out, err
}

// mostLived is, for each standing block that is in a grid, the place of that block or of its piece with most residents.
func (d *desk) mostLived() map[int64]int32 {
	out := make(map[int64]int32, len(d.blocks))
	for i, g := range d.grid {
		if g == Gone || g == Nowhere {
			continue
		}
		b := &d.blocks[i]
		if had, is := out[b.root]; !is || d.blocks[had].residents < b.residents {
			out[b.root] = int32(i)
		}
	}
	return out
}
