package vault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"jingwei/internal/fault"
)

// window is how many rows one transaction of a rotation looks at, and so how many it locks at most, for some tens
// of milliseconds.
const window = 500

// RotateColumns brings all that the columns hold under the newest key, while the program serves. It goes through
// each table in the order of its key, in short transactions. Rows that somebody else has locked are passed over
// and taken up again at the end, so it waits for nobody and what others write wins. Rows already under the newest
// key cost a look: after a kill, running it again goes on where it was.
//
// When it has been through, it waits until no other process seals under the old key and the transactions that
// were running then have ended (progress is told of them under the table ""), and goes through once more.
//
// db is the owner's: a user from whom policies hide rows is refused. Faults: Unavailable then; Internal with the keys of
// the rows that don't open, after all others are renewed; Conflict when two rows that must differ have the same value.
func RotateColumns(ctx context.Context, db *pgxpool.Pool, v *Vault, columns []Column, progress func(table string, done, total int)) error {
	r := rotation{db: db, vault: v}
	for _, c := range columns {
		if err := c.check(ctx, db); err != nil {
			return err
		}
	}
	if _, err := r.through(ctx, columns, progress); err != nil {
		return err
	}
	if err := r.settle(ctx, progress); err != nil {
		return err
	}
	for {
		left, err := r.through(ctx, columns, nil)
		if err != nil {
			return err
		}
		if left == 0 {
			return r.complain()
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

type rotation struct {
	db     *pgxpool.Pool
	vault  *Vault
	broken []string // rows that don't open, as "table key"; of the last time through
}

// through goes through all tables once and gives the number of stale rows that were passed over.
func (r *rotation) through(ctx context.Context, columns []Column, progress func(string, int, int)) (left int, err error) {
	r.broken = nil
	for _, c := range columns {
		n, err := r.column(ctx, c, progress)
		if err != nil {
			return 0, fmt.Errorf("rotate %s.%s: %w", c.Table, c.Sealed, err)
		}
		left += n
	}
	return left, nil
}

func (r *rotation) column(ctx context.Context, c Column, progress func(string, int, int)) (left int, err error) {
	total := 0
	if progress != nil {
		if err := r.db.QueryRow(ctx, "SELECT count(*) FROM "+c.table()).Scan(&total); err != nil {
			return 0, err
		}
		progress(c.Table, 0, total)
	}
	var after []any
	for done := 0; ; {
		rows, last, passed, err := r.window(ctx, c, after)
		if err != nil {
			return 0, err
		}
		done, left, after = done+rows, left+passed, last
		if progress != nil && (rows > 0 || done < total) {
			if rows < window {
				total = done
			}
			progress(c.Table, done, max(total, done))
		}
		if rows < window {
			return left, nil
		}
	}
}

// window renews the stale ones of the next rows after a key. It gives how many rows it looked at, the last one's
// key, and how many stale ones it passed over because somebody else has them.
func (r *rotation) window(ctx context.Context, c Column, after []any) (rows int, last []any, passed int, err error) {
	begin := r.vault.sealedHead()
	from := ""
	if after != nil {
		from = fmt.Sprintf("WHERE (%s) > (%s)", c.keyList(), c.place(3))
	}
	err = pgx.BeginFunc(ctx, r.db, func(tx pgx.Tx) error {
		var stale int
		look := fmt.Sprintf(`
			SELECT count(*) OVER (), count(*) FILTER (WHERE stale) OVER (), %[1]s
			FROM (SELECT %[1]s, %[2]s AS stale FROM %[3]s %[4]s ORDER BY %[1]s LIMIT %[5]d) w
			ORDER BY %[6]s LIMIT 1`, c.keyList(), c.stale(), c.table(), from, window, strings.ReplaceAll(c.keyList(), ",", " DESC,")+" DESC")
		found, err := tx.Query(ctx, look, append([]any{begin, begin[1:]}, after...)...)
		if err != nil {
			return err
		}
		_, err = pgx.CollectOneRow(found, func(row pgx.CollectableRow) (struct{}, error) {
			values, err := row.Values()
			if err == nil {
				rows, stale, last = int(values[0].(int64)), int(values[1].(int64)), values[2:]
			}
			return struct{}{}, err
		})
		if errors.Is(err, pgx.ErrNoRows) || err == nil && stale == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		taken, err := r.renew(ctx, tx, c, begin, after, last)
		passed = stale - taken
		return err
	})
	return rows, last, max(passed, 0), conflict(err, c)
}

// renew seals the stale rows up to a key anew, without those that somebody has locked. It gives how many it
// dealt with; those that don't open are among them.
func (r *rotation) renew(ctx context.Context, tx pgx.Tx, c Column, begin []byte, after, last []any) (int, error) {
	index := "NULL::bytea"
	if c.Index != "" {
		index = name(c.Index)
	}
	where := fmt.Sprintf("(%s) <= (%s)", c.keyList(), c.place(3))
	args := append([]any{begin, begin[1:]}, last...)
	if after != nil {
		where += fmt.Sprintf(" AND (%s) > (%s)", c.keyList(), c.place(len(args)+1))
		args = append(args, after...)
	}
	found, err := tx.Query(ctx, fmt.Sprintf("SELECT %s, %s, %s FROM %s WHERE %s AND %s ORDER BY %[1]s FOR NO KEY UPDATE SKIP LOCKED",
		c.keyList(), name(c.Sealed), index, c.table(), where, c.stale()), args...)
	if err != nil {
		return 0, err
	}
	rows, err := pgx.CollectRows(found, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		return 0, err
	}
	// Without an index $3 is always NULL, and has to be named all the same.
	update := fmt.Sprintf("UPDATE %s SET %s = $1 WHERE %[2]s = $2 AND $3::bytea IS NULL AND (%s) = (%s)",
		c.table(), name(c.Sealed), c.keyList(), c.place(4))
	if c.Index != "" {
		update = fmt.Sprintf("UPDATE %s SET %s = $1, %s = $3 WHERE %[2]s = $2 AND (%[4]s) = (%[5]s)",
			c.table(), name(c.Sealed), index, c.keyList(), c.place(4))
	}
	var batch pgx.Batch
	for _, row := range rows {
		key := row[:len(c.Key)]
		old, _ := row[len(c.Key)].([]byte)
		oldIndex, _ := row[len(c.Key)+1].([]byte)
		sealed, renewed, err := r.reseal(c, key, old, oldIndex)
		if err != nil {
			r.broken = append(r.broken, strings.TrimSpace(fmt.Sprintln(append([]any{c.Table}, key...)...)))
			continue
		}
		batch.Queue(update, append([]any{sealed, old, renewed}, key...)...)
	}
	return len(rows), tx.SendBatch(ctx, &batch).Close()
}

// reseal makes a row's field and index anew; an index that isn't there isn't made.
func (r *rotation) reseal(c Column, key []any, old, oldIndex []byte) (sealed, index []byte, err error) {
	about := c.About(key)
	plain, err := r.vault.Open(old, about)
	if err != nil {
		return nil, nil, err
	}
	if sealed, err = r.vault.Seal(plain, about); err != nil || oldIndex == nil {
		return sealed, nil, err
	}
	return sealed, r.vault.Index(c.Purpose, c.Value(plain)), nil
}

// settle waits until nobody can write any more what was sealed under the old key: the other processes have looked
// at the file, and the transactions of this database that were running at that time have ended.
func (r *rotation) settle(ctx context.Context, progress func(string, int, int)) error {
	if r.vault.file != "" {
		if err := pause(ctx, recheck+recheck/2); err != nil {
			return err
		}
	}
	// Each transaction holds the lock on its own virtual id until it ends, and everybody may see that.
	const running = `SELECT virtualtransaction FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE l.locktype = 'virtualxid' AND l.granted AND l.mode = 'ExclusiveLock' AND a.usesysid IS NOT NULL
		AND a.datname = current_database() AND pid <> pg_backend_pid()
		AND ($1::text[] IS NULL OR virtualtransaction = ANY ($1))`
	var before []string
	for first, total := true, 0; ; first = false {
		rows, err := r.db.Query(ctx, running, before)
		if err != nil {
			return fmt.Errorf("rotate: running transactions: %w", err)
		}
		if before, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return fmt.Errorf("rotate: running transactions: %w", err)
		}
		if first {
			total = len(before)
		}
		if progress != nil && total > 0 {
			progress("", total-len(before), total)
		}
		if len(before) == 0 {
			return nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// complain names the rows that didn't open.
func (r *rotation) complain() error {
	if len(r.broken) == 0 {
		return nil
	}
	some := strings.Join(r.broken[:min(5, len(r.broken))], "; ")
	return fault.New(fault.Internal,
		fmt.Sprintf("%d 条记录的加密内容打不开，仍用旧密钥；其余都已更换。请核对密钥文件，或从备份恢复这些记录：%s。", len(r.broken), some),
		fmt.Sprintf("The sealed fields of %d records don't open and keep their old key; all others are renewed. Check the key file, or restore these records from a backup: %s.", len(r.broken), some))
}

// conflict explains a unique index that refuses a renewed row: under the old and the new key somebody wrote the
// same value twice, which the index couldn't see.
func conflict(err error, c Column) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "23505" {
		return err
	}
	e = &pgconn.PgError{Code: e.Code, Message: e.Message, ConstraintName: e.ConstraintName} // without the values
	return fault.Wrap(e, fault.Conflict,
		fmt.Sprintf("表 %s 中有两条记录的 %s 内容相同，而它不许重复（%s）。请合并这两条记录，再运行一次。", c.Table, c.Sealed, e.ConstraintName),
		fmt.Sprintf("Two records of %s have the same %s, which has to differ (%s). Merge the two, then run this again.", c.Table, c.Sealed, e.ConstraintName))
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
