// Package proof is `jingwei verify`: it proves the invariants of what is stored, in PostGIS alone, without the
// code that keeps them and without the triggers that guard them. Each check is one file of SQL (checks/) that
// selects what offends; it counts what it looked at, and a check that looked at nothing has proved nothing.
package proof

import (
	"context"
	"embed"
	"fmt"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

//go:embed checks/*.sql tables/*.sql
var files embed.FS

// Options says what to prove.
type Options struct {
	Division string // a code of 6, 9 or 12 digits: only what lies in it, and its borders; "" for everything
}

// shown is how many offenders a check names at most; it counts them all.
const shown = 100

// Verify proves invariants 1 to 5 of the design for the division, and that houses and people are tied to its ground, as of one moment (one snapshot), and changes
// nothing. What it finds wrong is in the report, not in the error. Faults: Invalid when the division's code is
// none, NotFound when there is no such division, Unavailable when row-level security could hide rows.
func Verify(ctx context.Context, db *postgres.DB, opts Options) (*Report, error) {
	started := time.Now()
	if !divisionCode.MatchString(opts.Division) {
		return nil, fault.New(fault.Invalid,
			fmt.Sprintf("区划代码 %q 不对：应为 6 位（县）、9 位（镇街）或 12 位（社区）数字。", opts.Division),
			fmt.Sprintf("%q is no division code: it has 6 digits (county), 9 (town) or 12 (community).", opts.Division))
	}
	txs, leave, err := joinTwice(ctx, db.Owner.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	defer leave()
	report, err := prove(ctx, opts.Division, txs[:]...)
	if err != nil {
		return nil, err
	}
	report.Seconds = time.Since(started).Seconds()
	return report, nil
}

// prove runs every check in one of the transactions, which see the same moment; the caller rolls them back. It takes one
// or two.
func prove(ctx context.Context, division string, txs ...pgx.Tx) (*Report, error) {
	report := &Report{Division: division, Checks: make([]Result, len(checks))}
	group, groupCtx := errgroup.WithContext(ctx)
	for i, tx := range txs {
		if err := allVisible(ctx, tx); err != nil {
			return nil, err
		}
		h := newHand(tx, division)
		if err := h.settle(ctx); err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
		if i == 0 {
			if err := h.look(ctx, report); err != nil {
				return nil, err
			}
		}
		group.Go(func() error {
			for n, c := range checks {
				if len(txs) > 1 && c.byEdges() != (i == 0) {
					continue
				}
				result, err := h.check(groupCtx, c)
				if err != nil {
					return fmt.Errorf("verify: %s: %w", c.Name, err)
				}
				report.Checks[n] = result
			}
			return nil
		})
	}
	return report, group.Wait()
}

var divisionCode = regexp.MustCompile(`^([0-9]{6}([0-9]{3}){0,2})?$`)

// tables are all that the checks read.
var tables = []string{"division", "territory", "block", "block_border", "block_building", "building", "layout", "grid",
	"grid_block", "grid_block_past", "lineage", "tile_shape", "population_cell", "micro_grid", "micro_home", "micro_home_past",
	"house", "occupancy", "household", "resident", "residency", "care", "visit", "organisation", "vehicle"}

// allVisible refuses to prove anything about rows that a policy may hide: half of a county looks sound, too.
func allVisible(ctx context.Context, tx pgx.Tx) error {
	var table, role string
	err := tx.QueryRow(ctx, `SELECT t, current_user FROM unnest($1::text[]) t
		WHERE row_security_active(to_regclass(t)) ORDER BY t LIMIT 1`, tables).Scan(&table, &role)
	if err == pgx.ErrNoRows {
		return nil
	}
	if err != nil {
		return fmt.Errorf("verify: row security: %w", err)
	}
	return fault.New(fault.Unavailable,
		fmt.Sprintf("表 %s 的行级安全策略可能对用户 %s 隐藏了一些行，这样什么也证明不了。请以数据库所有者或有 BYPASSRLS 的用户运行。", table, role),
		fmt.Sprintf("Row-level security on table %s may hide rows from user %s, and then nothing would be proved. Run it as the database's owner or a user with BYPASSRLS.", table, role))
}

// look finds out whether there is anything to prove.
func (h *hand) look(ctx context.Context, report *Report) error {
	var known bool
	err := h.tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM layout l JOIN proof_scope s USING (county) WHERE s.mine)
		       OR EXISTS (SELECT FROM block b JOIN proof_scope s USING (county, community) WHERE b.retired IS NULL)
		       OR EXISTS (SELECT FROM grid g JOIN proof_scope s USING (county, community) WHERE s.mine AND g.retired IS NULL),
		       $1 = '' OR EXISTS (SELECT FROM division WHERE code = $1) OR EXISTS (SELECT FROM proof_scope)`, h.division).
		Scan(&report.Anything, &known)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if !known {
		return fault.New(fault.NotFound,
			fmt.Sprintf("没有代码为 %s 的区划。", h.division), fmt.Sprintf("There is no division with the code %s.", h.division))
	}
	return nil
}
