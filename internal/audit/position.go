package audit

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// place is a place in the order in which a batch is linked.
type place struct {
	xid string
	id  int64
}

// unlinked is an entry that is to be linked.
type unlinked struct {
	place
	county int
	day    string
	mac    []byte
}

// position is how far the chain has come.
type position struct {
	seen     string // a snapshot: what is committed in it is linked
	now      string // a snapshot before the one in which entries are looked for
	restored bool   // seen is ahead of this server: the database was brought here from another one, where transactions had other numbers
}

func positionOf(ctx context.Context, tx pgx.Tx) (p position, err error) {
	err = tx.QueryRow(ctx, `SELECT s::text, coalesce(p.seen, '1:1:')::text, coalesce(pg_snapshot_xmax(p.seen) > pg_snapshot_xmax(s), false)
		FROM pg_current_snapshot() s LEFT JOIN audit_position p ON true`).Scan(&p.now, &p.seen, &p.restored)
	return p, err
}

// keep says how far the chain has come, and which chains have new ends.
func (p position) keep(ctx context.Context, tx pgx.Tx, seen string, heads []head) error {
	last := make([]string, len(heads))
	for i, h := range heads {
		last[i] = chainOf{h.county, h.day}.String()
	}
	_, err := tx.Exec(ctx, `INSERT INTO audit_position (seen, last) VALUES ($1::text::pg_snapshot, $2)
		ON CONFLICT (single) DO UPDATE SET seen = excluded.seen, last = excluded.last`, seen, last)
	return err
}

// pending are the next entries that were committed since, in the order in which their transactions began to write; after a
// full batch, from where that ended. A number is given out before its transaction ends, so what came later may have a smaller
// one: it is the snapshot that tells what is new, and no transaction that is still open, however long, holds up what others
// committed. After a restoration all entries are looked through once.
func pending(ctx context.Context, tx pgx.Tx, p position, after place) ([]unlinked, error) {
	since := `e.xid >= pg_snapshot_xmin($1::text::pg_snapshot) AND e.xid < pg_snapshot_xmax($2::text::pg_snapshot)
		AND NOT pg_visible_in_snapshot(e.xid, $1::text::pg_snapshot) AND e.xid >= $3::text::xid8 AND (e.xid, e.id) > ($3::text::xid8, $4)`
	if after.xid == "" {
		after.xid = "0"
	}
	args := []any{p.seen, p.now, after.xid, after.id}
	if p.restored {
		since, args = `true`, nil
	}
	rows, err := tx.Query(ctx, `SELECT e.xid::text, e.id, e.county, e.day::text, e.mac FROM audit_entry e
		WHERE `+since+` AND NOT EXISTS (SELECT FROM audit_link l WHERE l.county = e.county AND l.entry = e.id)
		ORDER BY e.xid, e.id LIMIT `+strconv.Itoa(batch), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (u unlinked, err error) {
		return u, row.Scan(&u.xid, &u.id, &u.county, &u.day, &u.mac)
	})
}
