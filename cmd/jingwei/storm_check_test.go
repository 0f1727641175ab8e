package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/postgres"
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

// releases looks once at every publication that was confirmed: the version is what the draft said.
func (e *examiner) releases() error {
	e.Lock()
	defer e.Unlock()
	for ; e.examined < len(e.ledger.releases); e.examined++ {
		r := e.ledger.releases[e.examined]
		if err := e.release(r); err != nil {
			return fmt.Errorf("version %d: %w", r.version, err)
		}
	}
	return nil
}

func (e *examiner) release(r *released) error {
	var number, published int64
	var division string
	if err := e.tx.QueryRow(context.Background(), `SELECT id, division, coalesce(published, 0) FROM draft WHERE lpad(county::text, 6, '0') || '-' || id = $1`, r.draft).
		Scan(&number, &division, &published); err != nil {
		return err
	}
	if published != int64(r.version) {
		e.violation("draft %s was confirmed as version %d, and is version %d", r.draft, r.version, published)
		return nil
	}
	want, is := newPairing(), 0
	var block, key, grid int64
	err := e.each([]any{&block, &key, &grid}, func() { want.pair(key, grid, block); is++ }, releasedQuery, number, r.version, division)
	if err != nil {
		return err
	}
	if is == 0 || want.broken != "" {
		e.violation("version %d isn't what draft %s said: %d blocks, %s", r.version, r.draft, is, want.broken)
	}
	return e.broughtBack(r, division)
}

// releasedQuery gives the blocks of a version in a division, each with the grid that the draft has it in (by what the draft keeps, otherwise by the version before), and the
// one that it is in. A block of the version that the draft has nowhere, or the other way round, comes out with 0.
const releasedQuery = `
	WITH at_version AS (
		SELECT block, grid, since, NULL::int AS until FROM grid_block UNION ALL SELECT block, grid, since, until FROM grid_block_past),
	mine AS (SELECT id, geom, born FROM block WHERE lpad(community::text, 12, '0') LIKE $3 || '%'),
	before AS (SELECT a.block, a.grid FROM at_version a JOIN mine ON mine.id = a.block WHERE a.since <= $2 - 1 AND coalesce(a.until, 1e9) > $2 - 1),
	after AS (SELECT a.block, a.grid FROM at_version a JOIN mine ON mine.id = a.block WHERE a.since <= $2 AND coalesce(a.until, 1e9) > $2),
	said AS (
		SELECT b.block, CASE WHEN k.block IS NULL THEN b.grid ELSE k.grid END AS key FROM before b LEFT JOIN draft_block k ON k.draft = $1 AND k.block = b.block
		WHERE k.block IS NULL OR k.grid IS NOT NULL
		UNION ALL
		SELECT mine.id, k.grid FROM draft_piece p JOIN draft_block k ON k.draft = p.draft AND k.block = p.piece AND k.grid IS NOT NULL
		JOIN draft_cut c ON c.draft = p.draft AND c.id = p.cut AND c.active
		LEFT JOIN mine ON mine.born = $2 AND ST_Contains(mine.geom, p.inside) WHERE p.draft = $1)
	SELECT coalesce(after.block, said.block, 0), coalesce(said.key, 0), coalesce(after.grid, 0) FROM said FULL JOIN after ON after.block = said.block`

// pairing holds two assignments against each other: what is one grid in one of them is one grid in the other.
type pairing struct {
	there, back map[int64]int64
	broken      string
}

func newPairing() *pairing {
	return &pairing{there: make(map[int64]int64), back: make(map[int64]int64)}
}

func (p *pairing) pair(a, b, block int64) {
	other, seen := p.there[a]
	otherBack, seenBack := p.back[b]
	if a == 0 || b == 0 || seen && other != b || seenBack && otherBack != a {
		p.broken += fmt.Sprintf("block %d is in %d and in %d; ", block, a, b)
		if len(p.broken) > 500 {
			p.broken = p.broken[:500]
		}
	}
	p.there[a], p.back[b] = b, a
}

// broughtBack looks at a roll-back and at a re-import: where nothing else happened, the grids are those of the version that was to come back, on ground that may
// have been cut since.
func (e *examiner) broughtBack(r *released, division string) error {
	if !r.pure {
		return nil
	}
	var others int
	err := e.tx.QueryRow(context.Background(), `SELECT count(*) FROM draft WHERE published > $1 AND published < $2 AND (division LIKE $3 || '%' OR $3 LIKE division || '%')`,
		r.founding, r.version, division).Scan(&others)
	if err != nil || others > 0 {
		return err
	}
	same := newPairing()
	var block, then, now int64
	err = e.each([]any{&block, &then, &now}, func() { same.pair(then, now, block) }, `
		WITH RECURSIVE at_version AS (
			SELECT block, grid, since, NULL::int AS until FROM grid_block UNION ALL SELECT block, grid, since, until FROM grid_block_past),
		after AS (SELECT a.block, a.grid FROM at_version a JOIN block b ON b.id = a.block AND lpad(b.community::text, 12, '0') LIKE $3 || '%' WHERE a.since <= $1 AND coalesce(a.until, 1e9) > $1),
		came AS (SELECT block AS ground, block AS was FROM after UNION ALL SELECT came.ground, b.parent FROM came JOIN block b ON b.id = came.was WHERE b.parent IS NOT NULL)
		SELECT after.block, t.grid, after.grid FROM after JOIN came ON came.ground = after.block
		JOIN at_version t ON t.block = came.was AND t.since <= $2 AND coalesce(t.until, 1e9) > $2`, r.version, r.of, division)
	if same.broken != "" {
		e.violation("version %d was to bring version %d back (%s): %s", r.version, r.of, r.how, same.broken)
	}
	e.brought[r.how]++
	return err
}

// lookThrough holds the program's own view of every open draft against what the database keeps. Whoever calls it holds the gate.
func (s *storm) lookThrough(db *postgres.DB) {
	for _, p := range s.planners {
		if p.guest != nil {
			continue
		}
		var page struct{ Drafts []*draft.Head }
		status, refused, err := s.send(p.cookie, "GET", "/api/drafts?state=open&division="+p.division, "", nil, &page)
		if status != http.StatusOK {
			s.violation("the drafts of %s can't be listed: %d %v %v", p.name, status, refused, err)
			continue
		}
		for _, h := range page.Drafts {
			if h.By.Name == p.name {
				s.lookAt(db, p, h)
			}
		}
	}
}

func (s *storm) lookAt(db *postgres.DB, p *stormPlanner, h *draft.Head) {
	var g draft.Ground
	if status, refused, err := s.send(p.cookie, "GET", "/api/drafts/"+h.ID+"/ground", "", nil, &g); status != http.StatusOK {
		s.violation("the ground of draft %s can't be read: %d %v %v", h.ID, status, refused, err)
		return
	}
	_, number, _ := strings.Cut(h.ID, "-")
	var lapsed bool // ground that the draft changed was made anew by others: what it did there is shown again only when it takes them in
	err := db.Owner.QueryRow(context.Background(), `SELECT EXISTS (SELECT FROM draft_block k JOIN block b ON b.id = k.block AND b.retired IS NOT NULL WHERE k.draft = $1::bigint)
		OR EXISTS (SELECT FROM draft_cut c JOIN block b ON b.id = c.block AND b.retired IS NOT NULL WHERE c.draft = $1::bigint AND c.active)`, number).Scan(&lapsed)
	if err != nil || lapsed {
		return
	}
	rows, err := db.Owner.Query(context.Background(), `
		SELECT g.block, coalesce(k.grid, g.grid) FROM grid_block g JOIN block b ON b.county = g.county AND b.id = g.block AND lpad(b.community::text, 12, '0') LIKE $2 || '%'
		LEFT JOIN draft_block k ON k.draft = $1::bigint AND k.block = g.block WHERE k.block IS NULL OR k.grid IS NOT NULL
		UNION ALL SELECT block, grid FROM draft_block k WHERE draft = $1::bigint AND block < 0 AND grid IS NOT NULL
			AND EXISTS (SELECT FROM draft_piece p JOIN draft_cut c ON c.draft = p.draft AND c.id = p.cut WHERE p.draft = k.draft AND p.piece = k.block AND c.active)`, number, p.division)
	if err != nil {
		s.violation("draft %s: %v", h.ID, err)
		return
	}
	want := make(map[int64]int64)
	var block, grid int64
	if _, err := pgx.ForEachRow(rows, []any{&block, &grid}, func() error { want[block] = grid; return nil }); err != nil {
		s.violation("draft %s: %v", h.ID, err)
		return
	}
	people, wrong := 0, ""
	for _, c := range g.Communities {
		for _, u := range c.Blocks {
			people += u.Residents
			if k, there := want[u.Key]; (!there || k != int64(u.Grid)) && len(wrong) < 400 {
				wrong += fmt.Sprintf("block %d in %d, kept in %d (%v); ", u.Key, u.Grid, k, there)
			}
			delete(want, u.Key)
		}
	}
	if wrong != "" || len(want) > 0 {
		s.violation("the program shows draft %s at revision %d otherwise than the database keeps it: %s %d blocks are missing", h.ID, g.Revision, wrong, len(want))
	}
	if people != s.peopleOf[p.division] {
		s.violation("draft %s shows %d people, want %d", h.ID, people, s.peopleOf[p.division])
	}
	s.looked++
}
