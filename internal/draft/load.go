package draft

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// load puts on the desk what the draft keeps: cuts, blocks that are elsewhere, names, locks.
func (d *desk) load(ctx context.Context, tx pgx.Tx) error {
	if err := d.loadCuts(ctx, tx); err != nil {
		return err
	}
	d.fence()
	if err := d.loadBlocks(ctx, tx); err != nil {
		return err
	}
	if err := d.loadGrids(ctx, tx); err != nil {
		return err
	}
	return d.loadMicro(ctx, tx)
}

// loadCuts makes the active cuts again, in their order, on the ground as it is now.
func (d *desk) loadCuts(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT id, community, block, ST_AsEWKB(line), active FROM draft_cut WHERE county = $1 AND draft = $2 ORDER BY id`,
		d.id.County, d.id.Number)
	if err != nil {
		return err
	}
	var all []*cut
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		c := &cut{}
		var line []byte
		err := row.Scan(&c.id, &c.community, &c.block, &line, &c.active)
		if err == nil {
			c.line, err = planar.ParseLine(line)
		}
		all = append(all, c)
		return struct{}{}, err
	})
	if err != nil {
		return err
	}
	pieces, inside, err := d.loadPieces(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range all {
		d.cuts[c.id], d.last = c, c.id
		for _, p := range pieces[c.id] {
			c.pieces = append(c.pieces, p.key)
		}
		if c.active {
			if err := d.cutAgain(c, pieces[c.id], inside); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *desk) loadPieces(ctx context.Context, tx pgx.Tx) (map[int32][]block, map[int64]planar.Point, error) {
	rows, err := tx.Query(ctx, `SELECT piece, cut, ST_X(inside), ST_Y(inside), residents, weight, source, parts FROM draft_piece
		WHERE county = $1 AND draft = $2 ORDER BY piece DESC`, d.id.County, d.id.Number)
	if err != nil {
		return nil, nil, err
	}
	pieces, inside := make(map[int32][]block), make(map[int64]planar.Point)
	var b block
	var lon, lat float64
	var parts []byte
	_, err = pgx.ForEachRow(rows, []any{&b.key, &b.cut, &lon, &lat, &b.residents, &b.weight, &b.source, &parts}, func() error {
		var flat [][2]int64
		if err := json.Unmarshal(parts, &flat); err != nil {
			return err
		}
		b.parts, b.homes = nil, 0
		for _, p := range flat {
			b.parts = append(b.parts, part{p[0], int(p[1])})
			b.homes += b2i(p[1] > 0)
		}
		pieces[b.cut] = append(pieces[b.cut], b)
		inside[b.key] = planar.FromDegrees(lon, lat)
		d.piece = min(d.piece, b.key)
		return nil
	})
	return pieces, inside, err
}

// cutAgain makes a cut that was made before. Where the ground is another since, the cut lapses: the comparison says so, and a publication
// is refused until the draft is brought onto what is live.
func (d *desk) cutAgain(c *cut, pieces []block, inside map[int64]planar.Point) error {
	at, here := d.index[c.block]
	if !here {
		d.lapse(c)
		return nil
	}
	sheet, err := d.sheet(c.community)
	if err != nil {
		return err
	}
	known := make(map[int64]planar.Point, len(pieces))
	for _, p := range pieces {
		known[p.key] = inside[p.key]
	}
	after, made, err := sheet.Again(c.block, c.line, known)
	if err != nil {
		d.lapse(c)
		return nil
	}
	d.sheets[c.community] = after
	d.grid[at] = Gone
	for _, m := range made {
		for _, p := range pieces {
			if p.key == m.Key {
				d.putPiece(p, m, &d.blocks[at])
			}
		}
	}
	return nil
}

// lapse ends a cut whose ground is another by now.
func (d *desk) lapse(c *cut) {
	c.active = false
	d.lost = append(d.lost, c.block)
	d.lost = append(d.lost, c.pieces...)
}

// putPiece puts a piece of a block on the desk, in the grid that the block is in by the live layout.
func (d *desk) putPiece(p block, made ground.Piece, of *block) int32 {
	p.community, p.base, p.root = of.community, of.base, of.root
	p.shape, p.box, p.at = made.Shape, boxOf(made.Polygon), made.Inside
	return d.put(p, p.base)
}

// sheet is a community's ground with its cuts so far.
func (d *desk) sheet(community int64) (*ground.Sheet, error) {
	if s := d.sheets[community]; s != nil {
		return s, nil
	}
	s, err := ground.NewSheet(d.live.Live, community)
	if err != nil {
		return nil, fmt.Errorf("draft %s: %w", d.id, err)
	}
	return s, nil
}

func (d *desk) loadBlocks(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT block, grid FROM draft_block WHERE county = $1 AND draft = $2`, d.id.County, d.id.Number)
	if err != nil {
		return err
	}
	var key int64
	var grid *int64
	_, err = pgx.ForEachRow(rows, []any{&key, &grid}, func() error {
		at, here := d.index[key]
		if grid == nil {
			return nil // the cut has seen to it
		}
		d.fresh = min(d.fresh, Key(*grid))
		if !here && key > 0 {
			d.lost = append(d.lost, key)
		}
		if here && d.grid[at] != Gone {
			d.grid[at] = Key(*grid)
		}
		return nil
	})
	if err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `SELECT block FROM draft_lock WHERE county = $1 AND draft = $2`, d.id.County, d.id.Number)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, []any{&key}, func() error {
		d.held[key] = true
		return nil
	})
	return err
}

func (d *desk) loadGrids(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `SELECT key, name, special, locked FROM draft_grid WHERE county = $1 AND draft = $2`, d.id.County, d.id.Number)
	if err != nil {
		return err
	}
	var n Naming
	var locked bool
	_, err = pgx.ForEachRow(rows, []any{&n.Grid, &n.Name, &n.Special, &locked}, func() error {
		d.fresh = min(d.fresh, Key(n.Grid))
		if s := d.standing(Key(n.Grid)); s.Name != n.Name || s.Special != n.Special {
			d.named[Key(n.Grid)] = n
		}
		if locked {
			d.locked[Key(n.Grid)] = true
		}
		return nil
	})
	return err
}
