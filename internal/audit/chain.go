package audit

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/postgres"
)

// chainTrail is access.ChainTrail, the program's own right to see entries everywhere and link them; access stands above
// this room.
const chainTrail postgres.Capability = "audit.chain"

// chainLock is the advisory lock of whoever chains ("jingweiA").
const chainLock int64 = 0x6a696e6777656941

const (
	batch = 500
	// patience between looks for new entries. There is no notification: NOTIFY lets the transactions of a database commit one
	// after another, and nobody is to wait for another's entry.
	patience = time.Second
	retryMax = 30 * time.Second
)

// Follow chains entries as they are committed until ctx ends, and returns its error. On every node one follows; the one
// that holds the lock does the work, another takes over when it goes. What stops it (a lost connection, a heads file that
// can't be written) is logged and tried again: entries are written meanwhile, and linked as soon as it goes on.
func (t *Trail) Follow(ctx context.Context, pool *pgxpool.Pool, heads *Heads, log *slog.Logger) error {
	pause := patience
	for {
		linked, err := t.session(ctx, pool, heads, true)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if linked > 0 {
			pause = patience
		}
		log.Error("audit: the chain stands still, trying again", "error", err, "in", pause)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause = min(2*pause, retryMax)
		}
	}
}

// Chain links what is committed and not linked yet, and says how many entries that were: for commands, which end. Where
// a server follows, it does nothing: the server will.
func (t *Trail) Chain(ctx context.Context, pool *pgxpool.Pool, heads *Heads) (int, error) {
	return t.session(ctx, pool, heads, false)
}

// session chains on one connection, on which the lock lies: when it breaks, the lock goes with it. It is taken out of the
// pool, as one that holds a lock must not be lent to others.
func (t *Trail) session(ctx context.Context, pool *pgxpool.Pool, heads *Heads, follow bool) (linked int, err error) {
	ctx = postgres.WithActor(ctx, postgres.Actor{Scope: postgres.Scope{chainTrail: {postgres.Everywhere}}})
	lent, err := pool.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	conn := lent.Hijack()
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SET datestyle = 'ISO, YMD'`); err != nil { // days are passed as texts
		return 0, err
	}
	for mine := false; !mine; {
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, chainLock).Scan(&mine); err != nil {
			return 0, err
		}
		if !mine && !follow {
			return 0, nil
		}
		if !mine && !wait(ctx) {
			return 0, ctx.Err()
		}
	}
	c := chainer{trail: t, conn: conn, heads: heads}
	if err := c.repeatHeads(ctx); err != nil {
		return 0, err
	}
	for {
		n, err := c.batch(ctx)
		linked += n
		if err != nil {
			return linked, err
		}
		if n == batch {
			continue
		}
		if !follow {
			return linked, nil
		}
		if !wait(ctx) {
			return linked, ctx.Err()
		}
	}
}

func wait(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(patience):
		return true
	}
}

// chainer is who holds the lock.
type chainer struct {
	trail *Trail
	conn  *pgx.Conn
	heads *Heads

	// After a full batch: where it ended, and what was committed when the first of such batches began.
	after place
	seen  string
}

// batch links what has been committed since the last one, at most so many entries, and keeps the heads. Of two entries the one
// that was committed before the other's transaction began comes first. A kill at any point leaves a chain that goes on: the
// links and the position are one transaction, and heads that nobody came to write are written by the next who holds the lock.
func (c *chainer) batch(ctx context.Context) (linked int, err error) {
	var heads []head
	next := chainer{}
	err = postgres.InTx(ctx, c.conn, func(tx pgx.Tx) error {
		p, err := positionOf(ctx, tx)
		if err != nil {
			return err
		}
		entries, err := pending(ctx, tx, p, c.after)
		if err != nil {
			return err
		}
		if linked = len(entries); linked == 0 && !p.restored && c.seen == "" {
			return nil
		}
		if linked > 0 {
			if err := c.heads.writable(); err != nil {
				return err
			}
			if heads, err = c.trail.link(ctx, tx, entries); err != nil {
				return err
			}
		}
		if next.seen = c.seen; c.seen == "" {
			next.seen = p.now
		}
		if linked == batch { // more of them, before it is said that all are linked
			next.after = entries[linked-1].place
			return p.keep(ctx, tx, p.seen, heads)
		}
		return p.keep(ctx, tx, next.seen, heads)
	})
	if err != nil {
		return 0, fmt.Errorf("audit: chain: %w", err)
	}
	c.after, c.seen = next.after, ""
	if linked == batch {
		c.seen = next.seen
	}
	return linked, c.heads.append(heads, time.Now())
}

// chainOf names a chain.
type chainOf struct {
	county int
	day    string
}

func (k chainOf) String() string { return fmt.Sprintf("%06d %s", k.county, k.day) }

// link adds the entries to the chains of their counties and days, and gives the new ends.
func (t *Trail) link(ctx context.Context, tx pgx.Tx, entries []unlinked) ([]head, error) {
	days := make(map[chainOf]bool)
	var order []chainOf
	for _, e := range entries {
		if k := (chainOf{e.county, e.day}); !days[k] {
			days[k] = true
			order = append(order, k)
		}
	}
	ends, err := endsOf(ctx, tx, order)
	if err != nil {
		return nil, err
	}
	var rows linkRows
	for _, e := range entries {
		k := chainOf{e.county, e.day}
		end := ends[k]
		end.seq++
		end.mac = t.vault.MAC(linkPurpose, linkParts(end.mac, k, end.seq, e.id, e.mac)...)
		ends[k] = end
		rows.add(k, end.seq, e.id, end.mac)
	}
	if err := rows.insert(ctx, tx); err != nil {
		return nil, err
	}
	heads := make([]head, len(order))
	for i, k := range order {
		heads[i] = head{county: k.county, day: k.day, seq: ends[k].seq, mac: ends[k].mac}
	}
	return heads, nil
}

// linkParts is what a link's hash is over; the first of a day has no hash before it.
func linkParts(before []byte, k chainOf, seq int, entry int64, mac []byte) [][]byte {
	return [][]byte{before, []byte(strconv.Itoa(k.county)), []byte(k.day), []byte(strconv.Itoa(seq)), []byte(strconv.FormatInt(entry, 10)), mac}
}

// end is the last link of a chain; the zero value is that of an empty one.
type end struct {
	seq int
	mac []byte
}

func endsOf(ctx context.Context, tx pgx.Tx, of []chainOf) (map[chainOf]end, error) {
	counties, days := make([]int, len(of)), make([]string, len(of))
	for i, k := range of {
		counties[i], days[i] = k.county, k.day
	}
	rows, err := tx.Query(ctx, `SELECT k.county, k.day, l.seq, l.mac FROM unnest($1::int[], $2::text[]) k(county, day)
		CROSS JOIN LATERAL (SELECT seq, mac FROM audit_link l WHERE l.county = k.county AND l.day = k.day::date ORDER BY seq DESC LIMIT 1) l`, counties, days)
	if err != nil {
		return nil, err
	}
	ends := make(map[chainOf]end, len(of))
	var k chainOf
	var e end
	_, err = pgx.ForEachRow(rows, []any{&k.county, &k.day, &e.seq, &e.mac}, func() error {
		ends[k] = end{e.seq, append([]byte(nil), e.mac...)}
		return nil
	})
	return ends, err
}

// linkRows are rows of audit_link, a slice a column.
type linkRows struct {
	counties []int
	days     []string
	seqs     []int
	entries  []int64
	macs     [][]byte
}

func (r *linkRows) add(k chainOf, seq int, entry int64, mac []byte) {
	r.counties, r.days, r.seqs = append(r.counties, k.county), append(r.days, k.day), append(r.seqs, seq)
	r.entries, r.macs = append(r.entries, entry), append(r.macs, mac)
}

func (r *linkRows) insert(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit_link (county, day, seq, entry, mac)
		SELECT county, day::date, seq, entry, mac FROM unnest($1::int[], $2::text[], $3::int[], $4::bigint[], $5::bytea[]) l(county, day, seq, entry, mac)`,
		r.counties, r.days, r.seqs, r.entries, r.macs)
	return err
}

// repeatHeads writes the heads of the last batch's chains once more: whoever linked it may have been killed, or found the
// disk full, before it could. No more than one batch is ever without them.
func (c *chainer) repeatHeads(ctx context.Context) error {
	var heads []head
	err := postgres.InTx(ctx, c.conn, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT split_part(k, ' ', 1)::int, split_part(k, ' ', 2) FROM audit_position, unnest(last) k`)
		if err != nil {
			return err
		}
		last, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k chainOf, err error) { return k, row.Scan(&k.county, &k.day) })
		if err != nil {
			return err
		}
		ends, err := endsOf(ctx, tx, last)
		for k, e := range ends {
			heads = append(heads, head{county: k.county, day: k.day, seq: e.seq, mac: e.mac})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("audit: heads of the last batch: %w", err)
	}
	return c.heads.append(heads, time.Now())
}
