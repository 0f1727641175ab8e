package draft

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
	"jingwei/internal/postgres"
)

// Entry is an act as the journal has it.
type Entry struct {
	Seq    int       `json:"seq"`
	At     time.Time `json:"at"`
	By     Person    `json:"by"`
	Kind   string    `json:"kind"`
	Text   Text      `json:"text"`
	Undone bool      `json:"undone"`

	account int64
	patch   Patch
	undoes  *int
	undone  *int
}

const actColumns = `seq, account, name, display, at, kind, zh, en, patch, undoes, undone`

func scanAct(row pgx.CollectableRow) (*Entry, error) {
	e := &Entry{}
	var patch []byte
	err := row.Scan(&e.Seq, &e.account, &e.By.Name, &e.By.Display, &e.At, &e.Kind, &e.Text.ZH, &e.Text.EN, &patch, &e.undoes, &e.undone)
	if err != nil {
		return nil, err
	}
	e.Undone = e.undone != nil
	if err := json.Unmarshal(patch, &e.patch); err != nil {
		return nil, err
	}
	e.patch.unfold()
	return e, nil
}

// acts are those after a revision, in their order.
func acts(ctx context.Context, tx pgx.Tx, id ID, after int) ([]*Entry, error) {
	rows, err := tx.Query(ctx, `SELECT `+actColumns+` FROM draft_act WHERE county = $1 AND draft = $2 AND seq > $3 ORDER BY seq`, id.County, id.Number, after)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanAct)
}

// Journal gives the acts before a number, the newest first; 0 is from the end.
func (r *Room) Journal(ctx context.Context, id ID, before, limit int) (out []*Entry, err error) {
	err = postgres.InTx(ctx, r.db, func(tx pgx.Tx) error {
		if _, err := find(ctx, tx, id, false); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT `+actColumns+` FROM draft_act WHERE county = $1 AND draft = $2 AND ($3 = 0 OR seq < $3)
			ORDER BY seq DESC LIMIT $4`, id.County, id.Number, before, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scanAct)
		return err
	})
	return out, err
}

// Step is an act that can be taken back, or done again.
type Step struct {
	Seq  int    `json:"seq"`
	Text Text   `json:"text"`
	By   Person `json:"by"`
}

// standsBack are the acts that undo and redo take: the last of the actor's own that stands, and the last undo of theirs that nothing of theirs
// came after.
func standsBack(ctx context.Context, tx pgx.Tx, id ID, account int64) (undo, redo *Entry, err error) {
	rows, err := tx.Query(ctx, `SELECT `+actColumns+` FROM draft_act WHERE county = $1 AND draft = $2 AND account = $3 AND kind NOT IN ('undo', 'begin', 'rebase')
		AND undone IS NULL ORDER BY seq DESC LIMIT 1`, id.County, id.Number, account)
	if err != nil {
		return nil, nil, err
	}
	mine, err := pgx.CollectRows(rows, scanAct)
	if err != nil {
		return nil, nil, err
	}
	if len(mine) > 0 {
		undo = mine[0]
	}
	rows, err = tx.Query(ctx, `SELECT `+actColumns+` FROM draft_act WHERE county = $1 AND draft = $2 AND account = $3 AND kind = 'undo' AND undone IS NULL
		AND seq > coalesce((SELECT max(seq) FROM draft_act WHERE county = $1 AND draft = $2 AND account = $3 AND kind NOT IN ('undo', 'redo', 'begin', 'rebase')), 0)
		ORDER BY seq DESC LIMIT 1`, id.County, id.Number, account)
	if err != nil {
		return nil, nil, err
	}
	undos, err := pgx.CollectRows(rows, scanAct)
	if len(undos) > 0 {
		redo = undos[0]
	}
	return undo, redo, err
}

// fits refuses a patch whose blocks have been changed since by somebody.
func (d *desk) fits(p *Patch) error {
	for _, m := range p.Moves {
		now := Gone
		if i, here := d.index[m.Block]; here {
			now = d.grid[i]
		}
		if now != m.From {
			return conflict("这一步之后，同一单元又被改过：先撤销后来的改动", "the same ground was changed again after this step: undo that first")
		}
	}
	return d.fitsMicro(p)
}

func (s *step) undo(ctx context.Context) error {
	undo, _, err := standsBack(ctx, s.tx, s.id, s.account)
	if err != nil {
		return err
	}
	if undo == nil {
		return invalid("没有可撤销的操作", "there is nothing to undo")
	}
	s.patch, s.undoes = undo.patch.reversed(), undo.Seq
	s.text = Text{"撤销：" + trimWord(undo.Text.ZH, "重做："), "undone: " + trimWord(undo.Text.EN, "done again: ")}
	return s.fits(&s.patch)
}

func (s *step) redo(ctx context.Context) error {
	_, redo, err := standsBack(ctx, s.tx, s.id, s.account)
	if err != nil {
		return err
	}
	if redo == nil {
		return invalid("没有可重做的操作", "there is nothing to do again")
	}
	s.patch, s.undoes = redo.patch.reversed(), redo.Seq
	s.text = redo.Text
	s.text.ZH, s.text.EN = "重做："+trimWord(redo.Text.ZH, "撤销："), "done again: "+trimWord(redo.Text.EN, "undone: ")
	return s.fits(&s.patch)
}

func trimWord(text, word string) string {
	if len(text) > len(word) && text[:len(word)] == word {
		return text[len(word):]
	}
	return text
}

// back makes the draft what it was after an act, as a step of its own: everything since is taken back, whoever did it.
func (s *step) back(ctx context.Context) error {
	if s.act.Seq < 0 || s.act.Seq >= s.revision {
		return invalid("历史中没有可回到的第 %d 步", "there is no step %d in the journal to go back to", s.act.Seq)
	}
	since, err := acts(ctx, s.tx, s.id, s.act.Seq)
	if err != nil {
		return err
	}
	var all Patch
	for _, a := range since {
		if a.Kind == "rebase" {
			return invalid("此后草案已并入新发布的版本，不能回到那之前", "the draft was brought onto a newer version since then and can't go back before it")
		}
		all = all.then(a.patch)
	}
	s.patch = all.reversed()
	s.text = say("回到第 %d 步之后", "back to how it was after step %d", s.act.Seq)
	return s.fits(&s.patch)
}

// save writes what the step did, and makes the draft's revision one more. It gives the act's number.
func (s *step) save(ctx context.Context, h *Head) (int, error) {
	who, err := me(ctx)
	if err != nil {
		return 0, err
	}
	seq := h.Revision + 1
	if err := s.saveCuts(ctx, seq); err != nil {
		return 0, err
	}
	kept := s.patch
	kept.flatten()
	patch, err := json.Marshal(&kept)
	if err != nil {
		return 0, err
	}
	var undoes *int
	if s.undoes > 0 {
		undoes = &s.undoes
	}
	people, _ := json.Marshal(map[string]Person{"changed": who})
	var batch pgx.Batch
	batch.Queue(`INSERT INTO draft_act (county, draft, seq, account, name, display, kind, zh, en, patch, undoes, request) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, nullif($12, ''))`,
		s.id.County, s.id.Number, seq, s.account, who.Name, who.Display, s.act.Kind, s.text.ZH, s.text.EN, patch, undoes, s.act.Request)
	if undoes != nil {
		batch.Queue(`UPDATE draft_act SET undone = $4 WHERE county = $1 AND draft = $2 AND seq = $3`, s.id.County, s.id.Number, s.undoes, seq)
	}
	s.queueBlocks(&batch)
	s.queueGrids(&batch)
	s.queueMicro(&batch)
	batch.Queue(`UPDATE draft SET revision = $3, changed_by = $4, changed_at = now(), people = people || $5::jsonb WHERE county = $1 AND id = $2`,
		s.id.County, s.id.Number, seq, s.account, people)
	if err := s.tx.SendBatch(ctx, &batch).Close(); err != nil {
		return 0, err
	}
	h.Revision, s.revision = seq, seq
	return seq, nil
}

// queueBlocks keeps where the moved blocks are now, and drops those that are where the live layout has them.
func (s *step) queueBlocks(batch *pgx.Batch) {
	var keep, home []int64
	var grids []*int64
	for _, m := range s.patch.Moves {
		i, here := s.index[m.Block]
		switch {
		case m.To == Gone:
			keep, grids = append(keep, m.Block), append(grids, nil)
		case here && m.Block > 0 && s.blocks[i].base == m.To:
			home = append(home, m.Block)
		default:
			k := int64(m.To)
			keep, grids = append(keep, m.Block), append(grids, &k)
		}
	}
	if len(keep) > 0 {
		batch.Queue(`INSERT INTO draft_block (county, draft, block, grid) SELECT $1, $2, block, grid FROM unnest($3::bigint[], $4::bigint[]) AS w (block, grid)
			ON CONFLICT (county, draft, block) DO UPDATE SET grid = excluded.grid`, s.id.County, s.id.Number, keep, grids)
	}
	if len(home) > 0 {
		batch.Queue(`DELETE FROM draft_block WHERE county = $1 AND draft = $2 AND block = ANY($3)`, s.id.County, s.id.Number, home)
	}
	for _, l := range s.patch.Locks {
		switch {
		case l.Block != 0 && l.On:
			batch.Queue(`INSERT INTO draft_lock (county, draft, block) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, s.id.County, s.id.Number, l.Block)
		case l.Block != 0:
			batch.Queue(`DELETE FROM draft_lock WHERE county = $1 AND draft = $2 AND block = $3`, s.id.County, s.id.Number, l.Block)
		}
	}
}

// queueGrids keeps names, kinds and locks of the grids that the step touched.
func (s *step) queueGrids(batch *pgx.Batch) {
	touched := make(map[int64]bool)
	for _, n := range s.patch.Names {
		touched[n.Grid] = true
	}
	for _, l := range s.patch.Locks {
		if l.Grid != 0 {
			touched[l.Grid] = true
		}
	}
	for key := range touched {
		k := Key(key)
		batch.Queue(`INSERT INTO draft_grid (county, draft, key, name, special, locked) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (county, draft, key) DO UPDATE SET name = excluded.name, special = excluded.special, locked = excluded.locked`,
			s.id.County, s.id.Number, key, s.name(k), s.special(k), s.locked[k])
	}
}

// saveCuts writes cuts that are new, and which ones hold.
func (s *step) saveCuts(ctx context.Context, seq int) error {
	var batch pgx.Batch
	for _, c := range s.made {
		batch.Queue(`INSERT INTO draft_cut (county, draft, id, seq, community, block, line) VALUES ($1, $2, $3, $4, $5, $6, ST_GeomFromEWKB($7))`,
			s.id.County, s.id.Number, c.id, seq, c.community, c.block, planar.LineEWKB(c.line))
		for _, key := range c.pieces {
			b := &s.blocks[s.index[key]]
			flat := make([][2]int64, 0, len(b.parts))
			for _, p := range b.parts {
				flat = append(flat, [2]int64{p.building, int64(p.residents)})
			}
			parts, err := json.Marshal(flat)
			if err != nil {
				return err
			}
			batch.Queue(`INSERT INTO draft_piece (county, draft, piece, cut, inside, residents, weight, source, parts) VALUES ($1, $2, $3, $4, ST_GeomFromEWKB($5), $6, $7, $8, $9)`,
				s.id.County, s.id.Number, key, c.id, planar.PointEWKB(b.at), b.residents, b.weight, b.source, parts)
		}
	}
	for _, cuts := range []struct {
		ids    []int32
		active bool
	}{{s.patch.Cuts, true}, {s.patch.Uncuts, false}} {
		old := slices.DeleteFunc(slices.Clone(cuts.ids), func(id int32) bool {
			return slices.ContainsFunc(s.made, func(c *cut) bool { return c.id == id })
		})
		if len(old) > 0 {
			batch.Queue(`UPDATE draft_cut SET active = $4 WHERE county = $1 AND draft = $2 AND id = ANY($3)`, s.id.County, s.id.Number, old, cuts.active)
		}
	}
	if batch.Len() == 0 {
		return nil
	}
	return s.tx.SendBatch(ctx, &batch).Close()
}
