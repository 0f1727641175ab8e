package main

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/proof"
)

// check looks at everything while nobody acts. What it reads it reads past the program, as the database's owner; what the program says of its drafts is
// held against that.
func (s *storm) check() {
	s.gate.Lock()
	defer s.gate.Unlock()
	c := &console{globals: globals{DataDir: s.dir}, stdout: io.Discard, stderr: io.Discard}
	db, err := c.openExisting(context.Background())
	if err != nil {
		s.violation("the database can't be opened: %v", err)
		return
	}
	defer db.Close()
	report, err := proof.Verify(context.Background(), db, proof.Options{})
	if err != nil {
		s.violation("verify: %v", err)
		return
	}
	for _, r := range report.Checks {
		if r.Found > 0 {
			s.violation("verify: %s: %+v", r.Name, r)
		}
	}
	s.verified++
	err = pgx.BeginTxFunc(context.Background(), db.Owner, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		e := &examiner{storm: s, tx: tx}
		for _, look := range []func() error{e.people, e.journals, e.drafts, e.releases} {
			if err := look(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.violation("check: %v", err)
	}
	s.lookThrough(db)
}

// examiner is the storm's check under way, in one snapshot.
type examiner struct {
	*storm
	tx pgx.Tx
}

func (e *examiner) each(into []any, f func(), query string, args ...any) error {
	rows, err := e.tx.Query(context.Background(), query, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, into, func() error { f(); return nil })
	return err
}

// people counts them on the blocks and in the grids.
func (e *examiner) people() error {
	var blocks, grids int
	err := e.tx.QueryRow(context.Background(), `SELECT (SELECT sum(residents) FROM block WHERE retired IS NULL), (SELECT sum(residents) FROM grid WHERE retired IS NULL)`).Scan(&blocks, &grids)
	if blocks != e.everybody || grids != e.everybody {
		e.violation("%d people on the blocks and %d in the grids, want %d", blocks, grids, e.everybody)
	}
	return err
}

// journals holds what was answered against what the journals have: what was confirmed is there once, what was refused isn't.
func (e *examiner) journals() error {
	type entry struct {
		draft, kind string
		seq         int
	}
	there := make(map[string][]entry)
	var request string
	var x entry
	var at time.Time
	done := make(map[string]time.Time)
	err := e.each([]any{&request, &x.draft, &x.kind, &x.seq, &at}, func() { there[request], done[request] = append(there[request], x), at },
		`SELECT request, lpad(county::text, 6, '0') || '-' || draft, kind, seq, at FROM draft_act WHERE request IS NOT NULL`)
	if err != nil {
		return err
	}
	e.Lock()
	defer e.Unlock()
	e.lost = 0
	for request, a := range e.acts {
		if done[request].Before(a.answered) {
			e.lost++
		}
		found := there[request]
		switch {
		case a.confirmed && (len(found) != 1 || found[0] != entry{a.draft, a.kind, a.seq}):
			e.violation("act %s was confirmed as %+v; the journal has %+v", request, a, found)
		case a.refused && len(found) > 0:
			e.violation("act %s was refused, and the journal has %+v", request, found)
		}
		delete(there, request)
	}
	for request, found := range there {
		e.violation("the journal has %s (%+v), which nobody sent", request, found)
	}
	return nil
}

// replayed is a draft as its journal tells it.
type replayed struct {
	state          string
	revision, last int
	disturbed      bool // others published on its ground while it was open
	at             map[int64]int64
}

// drafts plays every journal from its beginning: the acts are numbered without a gap, each begins where the one before left off, and where they end is what the
// draft keeps.
func (e *examiner) drafts() error {
	all := make(map[int64]*replayed)
	var id int64
	var r replayed
	err := e.each([]any{&id, &r.state, &r.revision, &r.disturbed}, func() {
		copy := r
		copy.at = make(map[int64]int64)
		all[id] = &copy
	}, `SELECT d.id, d.state, d.revision, EXISTS (SELECT FROM draft o WHERE o.published IS NOT NULL AND o.id <> d.id AND o.ground && d.ground AND o.changed_at >= d.made_at) FROM draft d`)
	if err != nil {
		return err
	}
	var seq int
	var kind string
	var patch []byte
	err = e.each([]any{&id, &seq, &kind, &patch}, func() { e.replay(all[id], id, seq, kind, patch) },
		`SELECT draft, seq, kind, patch FROM draft_act ORDER BY draft, seq`)
	if err != nil {
		return err
	}
	for id, d := range all {
		if d.last != d.revision {
			e.violation("draft %d is at revision %d, its journal ends with %d", id, d.revision, d.last)
		}
	}
	kept := make(map[int64]map[int64]bool)
	var block, grid int64
	err = e.each([]any{&id, &block, &grid}, func() {
		if kept[id] == nil {
			kept[id] = make(map[int64]bool)
		}
		kept[id][block] = true
		if to, told := all[id].at[block]; !told || to != grid {
			e.violation("draft %d keeps block %d in %d; its journal has %d (%v)", id, block, grid, to, told)
		}
	}, `SELECT draft, block, coalesce(grid, $1) FROM draft_block`, int64(draft.Gone))
	if err != nil {
		return err
	}
	return e.atHome(all, kept)
}

func (e *examiner) replay(d *replayed, id int64, seq int, kind string, patch []byte) {
	if seq != d.last+1 {
		e.violation("draft %d: step %d comes after step %d", id, seq, d.last)
	}
	d.last = seq
	var p draft.Patch
	if err := json.Unmarshal(patch, &p); err != nil {
		e.violation("draft %d, step %d: %v", id, seq, err)
	}
	for i := 0; i+2 < len(p.Flat); i += 3 {
		block, from, to := p.Flat[i], p.Flat[i+1], p.Flat[i+2]
		if was, told := d.at[block]; told && was != from && !d.disturbed {
			e.violation("draft %d, step %d (%s): block %d goes from %d to %d, and was in %d", id, seq, kind, block, from, to, was)
		}
		d.at[block] = to
	}
}

// atHome looks at blocks that a journal moves and that the draft keeps nothing of: they must be where the layout had them at some time since.
func (e *examiner) atHome(all map[int64]*replayed, kept map[int64]map[int64]bool) error {
	type place struct{ block, grid int64 }
	layouts := make(map[place]bool)
	gone := make(map[int64]bool)
	var p place
	err := e.each([]any{&p.block, &p.grid}, func() { layouts[p] = true }, `SELECT block, grid FROM grid_block UNION SELECT block, grid FROM grid_block_past`)
	if err != nil {
		return err
	}
	if err := e.each([]any{&p.block}, func() { gone[p.block] = true }, `SELECT id FROM block WHERE retired IS NOT NULL`); err != nil {
		return err
	}
	for id, d := range all {
		for block, grid := range d.at {
			if !kept[id][block] && !layouts[place{block, grid}] && !gone[block] && block > 0 {
				e.violation("draft %d: its journal ends with block %d in %d, where no layout ever had it, and the draft keeps nothing of it", id, block, grid)
			}
		}
	}
	return nil
}
