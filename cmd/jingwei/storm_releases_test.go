package main

import (
	"context"
	"fmt"
)

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
