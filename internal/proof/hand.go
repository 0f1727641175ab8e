package proof

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A hand carries out checks in one transaction, which nobody commits. What checks share stands in temporary tables
// (tables/), made when the first check that names one comes up. Temporary tables are a session's own, and statements
// that read them don't run in parallel, so two hands are what makes use of two cores.
type hand struct {
	tx       pgx.Tx
	division string
	made     map[string]bool // files of tables/
}

func newHand(tx pgx.Tx, division string) *hand {
	return &hand{tx: tx, division: division, made: map[string]bool{}}
}

// join opens a session of its own, outside any pool: proofs that each wait for the second connection of a pool would
// wait for one another. With a snapshot's name it sees the same moment as the session that exported it.
func join(ctx context.Context, cfg *pgx.ConnConfig, snapshot string) (pgx.Tx, error) {
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err == nil && snapshot != "" {
		_, err = tx.Exec(ctx, "SET TRANSACTION SNAPSHOT '"+snapshot+"'")
	}
	if err != nil {
		_ = conn.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return tx, nil
}

// joinTwice opens two sessions that see one and the same moment, whatever is committed meanwhile.
func joinTwice(ctx context.Context, cfg *pgx.ConnConfig) (txs [2]pgx.Tx, leave func(), err error) {
	leave = func() { // there is nothing to keep
		for _, tx := range txs {
			if tx != nil {
				_ = tx.Conn().Close(context.WithoutCancel(ctx))
			}
		}
	}
	var snapshot string
	if txs[0], err = join(ctx, cfg, ""); err == nil {
		err = txs[0].QueryRow(ctx, `SELECT pg_export_snapshot()`).Scan(&snapshot)
	}
	if err == nil {
		txs[1], err = join(ctx, cfg, snapshot)
	}
	if err != nil {
		leave()
	}
	return txs, leave, err
}

// settle sets what the statements of a proof need.
func (h *hand) settle(ctx context.Context) error {
	for _, setting := range []string{"jit = off", "work_mem = '256MB'", "statement_timeout = 0"} {
		if _, err := h.tx.Exec(ctx, "SET LOCAL "+setting); err != nil {
			return err
		}
	}
	return h.provide(ctx, "tables/scope.sql")
}

// provide makes the tables that the statements of a file name, if they aren't there yet, or those of a file of tables.
func (h *hand) provide(ctx context.Context, file string) error {
	for _, maker := range makers(file) {
		if h.made[maker] {
			continue
		}
		err := pgx.BeginFunc(ctx, h.tx, func(tx pgx.Tx) error { // a savepoint
			for _, statement := range statements(maker) {
				args := []any{}
				if placeholder.MatchString(statement) {
					args = append(args, h.division)
				}
				if _, err := tx.Exec(ctx, statement, args...); err != nil {
					return fmt.Errorf("%s: %w", maker, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		h.made[maker] = true
	}
	return nil
}

var (
	placeholder = regexp.MustCompile(`\$1\b`)
	separator   = regexp.MustCompile(`;\n`)
	shared      = regexp.MustCompile(`\bproof_[a-z_]+`)
	creation    = regexp.MustCompile(`CREATE TEMP (?:TABLE|VIEW) (proof_[a-z_]+)`)
)

// makerOf says which file of tables/ makes a table.
var makerOf = func() map[string]string {
	makers := map[string]string{}
	names, _ := fs.Glob(files, "tables/*.sql")
	for _, name := range names {
		for _, c := range creation.FindAllStringSubmatch(text(name), -1) {
			makers[c[1]] = name
		}
	}
	return makers
}()

// makers are the files that make the tables which a file names, each after those that it needs itself, and the file
// itself where it is one of them.
func makers(file string) (out []string) {
	for _, name := range shared.FindAllString(text(file), -1) {
		maker := makerOf[name]
		if maker == file || slices.Contains(out, maker) {
			continue
		}
		for _, m := range makers(maker) {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	if strings.HasPrefix(file, "tables/") {
		out = append(out, file)
	}
	return out
}

// text is that of an embedded file.
func text(file string) string {
	text, err := files.ReadFile(file)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// statements gives the statements of a file: each ends with a semicolon at the end of a line.
func statements(file string) (out []string) {
	for _, s := range separator.Split(text(file), -1) {
		if strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out
}
