package postgres

import (
	"context"
	"time"
)

// Alone runs f while no other program runs a work of the same name on this database. When it has to wait for
// one, it says so once through waiting. The lock lies on a connection of its own for as long as f runs: it goes
// with the program, however that ends.
func (db *DB) Alone(ctx context.Context, name string, waiting func(), f func() error) error {
	conn, err := db.App.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for first := true; ; first = false {
		var mine bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended($1, 0))`, "jingwei "+name).Scan(&mine); err != nil {
			return err
		}
		if mine {
			break
		}
		if first {
			waiting()
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, "jingwei "+name); err != nil {
			_ = conn.Conn().Close(ctx) // the session's end frees it
		}
	}()
	return f()
}
