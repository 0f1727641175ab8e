package organisation

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/postgres"
)

// crowd puts organisations into the town, half of them in houses: twenty on block 1, two thousand on block 3, twenty on block 13 of the next community.
func (o *office) crowd() {
	o.Helper()
	for _, sql := range []string{
		`INSERT INTO house (county, code, address, kind, geom, block, ground, digest)
			SELECT b.county, 'c' || n, '示例街' || n, 'shop', ST_PointOnSurface(b.geom), b.id, b.community * 1000, '\x00'
			FROM (SELECT n, CASE WHEN n <= 10 THEN 1 WHEN n <= 20 THEN 13 ELSE 3 END AS block FROM generate_series(1, 1020) n) x JOIN block b ON b.county = 110108 AND b.id = x.block`,
		`INSERT INTO organisation (county, key, name, kind, house, ground, digest) SELECT county, 'h' || id, '示例药店' || id, 'trader', id, ground, '\x00' FROM house`,
		`INSERT INTO organisation (county, key, name, kind, geom, block, ground, digest) SELECT county, 'b' || id, '示例书店' || id, 'trader', geom, block, ground, '\x00' FROM house`,
		`ANALYZE house, organisation, grid_block`,
	} {
		if _, err := o.db.Owner.Exec(o.Context(), sql); err != nil {
			o.Fatal(err)
		}
	}
}

// Whoever looks for organisations by a piece of their name finds those that the policies show them, and all of them.
func TestASearchFindsWhatIsSeen(t *testing.T) {
	o := setup(t)
	o.crowd()
	clerk, worker := o.person(access.Clerk, community), o.person(access.GridWorker, west)
	both := o.person(access.GridWorker, west)
	both.ctx = postgres.WithActor(both.ctx, postgres.Actor{Account: postgres.ActorOf(both.ctx).Account,
		Scope: access.ScopeOf([]access.Grant{{Role: access.GridWorker, Code: west}, {Role: access.Clerk, Code: next}, {Role: access.GridWorker, Code: next + "001"}}, nil)})
	odd := o.person(access.GridWorker, west) // no grant reaches like this
	odd.ctx = postgres.WithActor(odd.ctx, postgres.Actor{Scope: postgres.Scope{access.ReadRegister: {{Low: 110108014001002, High: 110108014002000}}}})
	for name, c := range map[string]struct {
		person
		want int
	}{"clerk": {clerk, 1010}, "worker": {worker, 10}, "both": {both, 20}, "everywhere": {o.person(access.Clerk, "110108"), 1020}, "elsewhere": {o.person(access.Clerk, "110105"), 0}, "odd": {odd, 1010},
		"the other grid": {o.person(access.GridWorker, south), 1000}, "the next": {o.person(access.GridWorker, next+"001"), 10}} {
		for _, text := range []string{"药店", "书店"} {
			var seen []string
			err := c.tx(func(tx pgx.Tx) error {
				rows, err := tx.Query(c.ctx, `SELECT name FROM organisation WHERE county = $1 AND name LIKE '%' || $2 || '%' ORDER BY length(name), name COLLATE "C", id`, county, text)
				if err != nil {
					return err
				}
				seen, err = pgx.CollectRows(rows, pgx.RowTo[string])
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(seen) != c.want {
				t.Errorf("%s: the policies show %d of %s, want %d", name, len(seen), text, c.want)
			}
			var found []string
			for _, o := range c.search(text) {
				found = append(found, o.Name)
			}
			if !slices.Equal(found, seen[:min(len(seen), MostFound)]) {
				t.Errorf("%s: %s finds %q, the policies show %q", name, text, found, seen[:min(len(seen), MostFound)])
			}
		}
	}
}

// Who has a grid alone asks nothing of the organisations beside it: the policy would be asked of each of them, and looks a house up each time.
func TestASearchOfAGridWorkerLooksAtTheirGridAlone(t *testing.T) {
	o := setup(t)
	o.crowd()
	worker := o.person(access.GridWorker, west)
	r := reachOf(worker.ctx, county)
	var plan string
	err := postgres.Snapshot(worker.ctx, o.db.App, func(tx pgx.Tx) error {
		rows, err := tx.Query(worker.ctx, `EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) `+inReach, county, r.communities.low, r.communities.high, r.grids.low, r.grids.high, "%店%", MostFound+1)
		if err != nil {
			return err
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		plan = strings.Join(lines, "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, index := range []string{"organisation_ground", "organisation_block", "organisation_house"} {
		if !strings.Contains(plan, index) {
			t.Errorf("it doesn't go by %s", index)
		}
	}
	if strings.Contains(plan, "Seq Scan on organisation") {
		t.Error("it goes through all organisations")
	}
	// Where it reads more than the grid's, as there are but few blocks, they are told by their block before the policy is asked.
	for _, line := range strings.Split(plan, "\n") {
		if before, _, policy := strings.Cut(line, "multirange_contains_elem"); policy && strings.Contains(line, "block = ANY") && !strings.Contains(before, "block = ANY") {
			t.Error("the policy is asked before the block")
		}
	}
	if t.Failed() {
		t.Log(plan)
	}
}
