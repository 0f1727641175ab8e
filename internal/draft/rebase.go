package draft

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// conflicts are blocks that the draft moves and that others moved since its base.
func (d *desk) conflicts(ctx context.Context, tx pgx.Tx, h *Head) ([]Conflict, error) {
	out := []Conflict{}
	if h.Base == d.live.Base {
		return out, nil
	}
	then, err := layout.At(ctx, tx, d.id.County, d.live.Communities, h.Base)
	if err != nil {
		return nil, err
	}
	for i := range d.blocks {
		b := &d.blocks[i]
		was, stood := then[b.root]
		mine := d.grid[i]
		if mine == Gone || mine == b.base || stood && Key(was) == b.base && d.lives(mine) {
			continue // the draft leaves it as it is live, or nobody else touched it
		}
		lon, lat := d.inside(int32(i)).Degrees()
		out = append(out, Conflict{b.key, Key(was), mine, b.base, [2]float64{lon, lat}, b.residents})
	}
	return out, nil
}

// lives says whether a grid is live, or the draft's own.
func (d *desk) lives(k Key) bool {
	code, coded := k.Code()
	if !coded {
		return true
	}
	_, live := d.live.Grids[code]
	return live
}

// Rebase brings a draft onto the live layout: what others published meanwhile becomes its base. take says block by block whose word holds where
// both changed it; without one it is a fault Conflict.
func (r *Room) Rebase(ctx context.Context, id ID, take map[int64]string) (*Acted, error) {
	var out *Acted
	err := r.at(ctx, id, true, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if !h.May.Edit {
			return true, h.refusal()
		}
		s := &step{desk: d, act: &Act{Kind: "rebase", Revision: h.Revision}, tx: tx, account: postgres.ActorOf(ctx).Account}
		conflicts, err := d.conflicts(ctx, tx, h)
		if err != nil {
			return true, err
		}
		for _, c := range conflicts {
			switch take[c.Block] {
			case "mine":
			case "theirs":
				s.move(d.index[c.Block], c.Theirs)
			default:
				return true, conflict("还有 %d 个单元冲突没有取舍", "of %d blocks that conflict some have no choice yet", len(conflicts))
			}
		}
		s.healed()
		s.text = say("并入第 %d 版", "brought onto version %d", d.live.Base)
		if err := d.forget(ctx, tx); err != nil {
			return false, err
		}
		s.apply(&s.patch)
		if _, err := tx.Exec(ctx, `UPDATE draft SET base = $3 WHERE county = $1 AND id = $2`, id.County, id.Number, d.live.Base); err != nil {
			return false, err
		}
		seq, err := s.save(ctx, h)
		if err != nil {
			return false, err
		}
		out = &Acted{Revision: seq, Seq: seq, Saved: true, Text: s.text, Patch: d.change(&s.patch), Grids: d.figures(nil), Missed: []*Entry{}, Patches: []Change{}, Moved: d.movedPeople()}
		if out.Problems, err = d.problems(ctx, tx); err != nil {
			return false, err
		}
		if err := d.manned(ctx, tx, out.Grids); err != nil {
			return false, err
		}
		out.Undo, out.Redo, err = steps(ctx, tx, id, s.account)
		return true, err
	})
	return out, err
}

// healed notes of blocks, and of pieces, whose cut lapsed, though they stand, that they are whole again, in the grid that they are in: the journal says what became of each.
func (s *step) healed() {
	for _, key := range s.lost {
		if i, stands := s.index[key]; stands {
			s.patch.Moves = append(s.patch.Moves, Move{key, Gone, s.grid[i]})
		}
	}
}

// forget drops what the draft did to ground that is no more.
func (d *desk) forget(ctx context.Context, tx pgx.Tx) error {
	if len(d.lost) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `DELETE FROM draft_block WHERE county = $1 AND draft = $2 AND block = ANY($3)`, d.id.County, d.id.Number, d.lost)
	if err != nil {
		return err
	}
	if _, err = tx.Exec(ctx, `DELETE FROM draft_micro_home WHERE county = $1 AND draft = $2 AND block = ANY($3)`, d.id.County, d.id.Number, d.lost); err != nil {
		return err
	}
	holds := []int32{}
	for id, c := range d.cuts {
		if c.active {
			holds = append(holds, id)
		}
	}
	_, err = tx.Exec(ctx, `UPDATE draft_cut SET active = false WHERE county = $1 AND draft = $2 AND active AND id <> ALL($3)`, d.id.County, d.id.Number, holds)
	d.lost = nil
	return err
}

// copyDraft begins a draft with what another one of the same division differs in.
func copyDraft(ctx context.Context, tx pgx.Tx, from ID, to *Head) error {
	source, err := find(ctx, tx, from, false)
	if err != nil {
		return err
	}
	if source.Division.Code != to.Division.Code {
		return invalid("只能复制同一区划的草案", "only a draft of the same division can be copied")
	}
	if source.State == Published {
		return invalid("草案 %s 已发布：请以该版本为起点", "draft %s was published: begin with that version", from)
	}
	for _, copy := range []string{
		`INSERT INTO draft_cut SELECT county, $3, id, 0, community, block, line, active FROM draft_cut WHERE county = $1 AND draft = $2`,
		`INSERT INTO draft_piece SELECT county, $3, piece, cut, inside, residents, weight, source, parts FROM draft_piece WHERE county = $1 AND draft = $2`,
		`INSERT INTO draft_block SELECT county, $3, block, grid FROM draft_block WHERE county = $1 AND draft = $2`,
		`INSERT INTO draft_grid SELECT county, $3, key, name, special, locked FROM draft_grid WHERE county = $1 AND draft = $2`,
		`INSERT INTO draft_lock SELECT county, $3, block FROM draft_lock WHERE county = $1 AND draft = $2`,
		`INSERT INTO draft_micro_home SELECT county, $3, block, building, entrance, grid, number FROM draft_micro_home WHERE county = $1 AND draft = $2`,
		`INSERT INTO draft_micro_grid SELECT county, $3, grid, number, name FROM draft_micro_grid WHERE county = $1 AND draft = $2`,
	} {
		if _, err := tx.Exec(ctx, copy, from.County, from.Number, to.id.Number); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE draft SET base = $3, note = $4 WHERE county = $1 AND id = $2`, to.id.County, to.id.Number, source.Base, source.Note)
	return err
}
