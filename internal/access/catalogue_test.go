package access_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// impersonal are the tables that hold nothing about a person, with all of their columns: a new column is a new question. What isn't here needs
// policies. A figure of residents of a building is on record with the ground it was imported with; tiles and answers don't give it.
var impersonal = map[string]string{
	"division":         "code county geom imported_at level name parent residents residents_source source",
	"line_feature":     "barrier class county digest geom id kind name source",
	"area_feature":     "barrier class county digest geom id kind name source",
	"building":         "address county digest geom id levels name residents source use",
	"entrance":         "building county geom ref residents",
	"building_count":   "building county kind n", // how many of a kind a building has, never which
	"infeasible":       "community county reason_en reason_zh version",
	"facility":         "block county digest geom id kind name source",
	"layout":           "county live note published_at published_by settings version",
	"territory":        "community county division features geom made_at report",
	"block":            "area born community county geom id parent residents residents_source retired",
	"block_building":   "block building county residents",
	"block_border":     "a b barrier county geom id length name",
	"grid":             "",
	"grid_block":       "block county grid since workload",
	"grid_block_past":  "block county grid since until",
	"micro_grid":       "county grid name number since", // which homes belong together, not who lives in them
	"micro_grid_past":  "county grid name number since until",
	"micro_home":       "block building county entrance grid number since",
	"micro_home_past":  "block building county entrance grid number since until",
	"touched_micro":    "",
	"lineage":          "blocks county from_grid houses kind residents to_grid version",
	"tile_shape":       "county geom id layer zoom",
	"population_cell":  "cell community county residents resolution",
	"outbox":           "at county id kind number payload",
	"house":            "address area block building code county digest entrance floor geom ground id kind number place room unit", // written under policies
	"care_kind":        "county en every kind place special used zh",                                                               // what kinds of care are called; written under policies
	"surroundings":     "county en grid version written_at written_by zh",                                                          // what a grid borders on, and the account that says so
	"touched":          "",
	"county_rule":      "approve_over county",
	"draft_counter":    "county last",
	"goose_db_version": "",
	"spatial_ref_sys":  "",
}

// Every table that isn't known to hold nothing about persons has row-level security and policies, and none of its rows is seen without a scope.
func TestEveryTableWithPersonsHasPolicies(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rows, err := db.Owner.Query(t.Context(), `
		SELECT c.relname, c.relrowsecurity, (SELECT string_agg(a.attname, ' ' ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
			(SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*')) FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`)
	if err != nil {
		t.Fatal(err)
	}
	var name, columns string
	var secured bool
	var policies int
	left := maps.Clone(impersonal)
	_, err = pgx.ForEachRow(rows, []any{&name, &secured, &columns, &policies}, func() error {
		known, harmless := impersonal[name]
		delete(left, name)
		if !harmless && (!secured || policies == 0) {
			t.Errorf("table %s (%s): is there anything about a person in it? Then it needs policies, else a line in this test", name, columns)
		}
		if harmless && known != "" && known != columns {
			t.Errorf("table %s has the columns %q, known are %q: is there anything about a person in the new ones?", name, columns, known)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range left {
		t.Errorf("table %s isn't there", name)
	}
	var powers string
	err = db.Owner.QueryRow(t.Context(), `SELECT coalesce(string_agg(rolname, ' '), '') FROM pg_roles WHERE rolname IN ('jingwei_app', 'jingwei_reader') AND (rolbypassrls OR rolsuper)`).Scan(&powers)
	if err != nil || powers != "" {
		t.Errorf("%s pass by row-level security (%v)", powers, err)
	}
	var reader string
	err = db.Owner.QueryRow(t.Context(), `SELECT coalesce(string_agg(c.relname, ' '), '') FROM pg_class c WHERE c.relrowsecurity AND c.relname <> 'house' AND has_any_column_privilege('jingwei_reader', c.oid, 'SELECT')`).Scan(&reader)
	if err != nil || reader != "" {
		t.Errorf("the reader may read %s, tables with persons (%v)", reader, err)
	}
}

// Rows in every table with persons are seen with a scope and not without one: on a connection that nobody used before, and on the same one after
// somebody else, where the settings read ” instead of NULL.
func TestNothingIsSeenWithoutAScope(t *testing.T) {
	h := setup(t)
	h.fill()
	conn, err := pgx.ConnectConfig(h.ctx, h.db.App.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(h.ctx)
	everything := postgres.Scope{}
	for _, c := range []postgres.Capability{"account.door", access.ChainTrail, access.ManageAccounts, access.ReadTrail, access.ReadIncidents, access.ReportIncidents, access.PlanGrids, access.ReadResponders,
		access.ReadRegister, access.KeepRegister, access.ImportRegister} {
		everything[c] = postgres.Ranges{postgres.Everywhere}
	}
	tables := h.secured()
	count := func(when string, scope postgres.Scope) map[string]int {
		t.Helper()
		seen := make(map[string]int)
		begin := "BEGIN"
		if scope != nil {
			begin += settings(scope)
		}
		if _, err := conn.Exec(h.ctx, begin); err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			var n int
			if err := conn.QueryRow(h.ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
				t.Fatalf("%s, %s: %v", when, table, err)
			}
			seen[table] = n
		}
		if _, err := conn.Exec(h.ctx, "COMMIT"); err != nil {
			t.Fatal(err)
		}
		return seen
	}
	for table, n := range count("fresh", nil) {
		if n > 0 {
			t.Errorf("a fresh connection sees %d rows of %s", n, table)
		}
	}
	for table, n := range count("everything", everything) {
		if n == 0 {
			t.Errorf("nothing of %s is seen with every scope: this test needs a row in it", table)
		}
	}
	for when, scope := range map[string]postgres.Scope{"used before": nil, "empty scope": {}, "another capability": {access.ReadMap: {postgres.Everywhere}},
		"elsewhere": {access.ManageAccounts: postgres.GroundOf("110105"), access.ReadIncidents: postgres.GroundOf("110105"), access.ReadResponders: postgres.GroundOf("110105"),
			access.ReadRegister: postgres.GroundOf("110105"), access.KeepRegister: postgres.GroundOf("110105"), access.ImportRegister: postgres.GroundOf("110105")}} {
		for table, n := range count(when, scope) {
			if n > 0 {
				t.Errorf("%s: %d rows of %s", when, n, table)
			}
		}
	}
}

// settings is what a transaction with a scope begins with.
func settings(scope postgres.Scope) string {
	parts := make([]string, 0, len(scope))
	for c, ranges := range scope {
		for _, r := range ranges {
			parts = append(parts, fmt.Sprintf(`"%s": "{[%d,%d]}"`, c, r.Low, r.High))
		}
	}
	return "; SET LOCAL jingwei.scope = '{" + strings.Join(parts, ", ") + "}'"
}

// secured are the tables whose rows are seen with a scope.
func (h *house) secured() (tables []string) {
	h.Helper()
	rows, err := h.db.Owner.Query(h.ctx, `SELECT relname::text FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace ORDER BY 1`)
	if err == nil {
		tables, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err != nil {
		h.Fatal(err)
	}
	return slices.DeleteFunc(tables, func(table string) bool { _, harmless := impersonal[table]; return harmless })
}

// fill puts a row into every table with persons, as the program does where it is the doors' business.
func (h *house) fill() {
	h.Helper()
	id := h.Account("lin", "110108001", "person", []access.Grant{{Role: access.Auditor, Code: "110108"}}, access.LabelGrant{Label: access.Mental, Code: "110108"})
	h.Enter("lin") // a session, a second factor, recovery codes, the trail
	_, err := h.attempt("lin", "wrong", "192.0.2.9", "")
	h.is("wrong", err, fault.SignedOut)
	robot := h.Account("robot", "110108", "machine", nil)
	ctx := access.AtServer(h.ctx)
	err = h.db.InTx(ctx, func(tx pgx.Tx) error { _, _, err := h.MakeToken(ctx, tx, robot, "x", 1); return err })
	if err != nil {
		h.Fatal(err)
	}
	heads := audit.OpenHeads(filepath.Join(h.TempDir(), "heads"))
	for linked := 0; linked == 0; {
		if linked, err = h.Trail.Chain(h.ctx, h.db.App, heads); err != nil {
			h.Fatal(err)
		}
	}
	h.exec(`INSERT INTO audit_checkpoint (county, day, entries, head, dropped_at, mac) VALUES (110108, '2020-01-01', 1, 'x', now(), 'x')`)
	// The incident's grid and what hangs on it are the ground's business, whose checks aren't asked here.
	h.exec(fmt.Sprintf(`SET session_replication_role = replica;
		INSERT INTO incident (county, kind, severity, details, given_x, given_y, given_crs, geom, cell, block, filed_grid, filed_version, grid, reported_by, request)
		VALUES (110108, 'fire', 1, 'x', 0, 0, 'wgs84', ST_SetSRID(ST_MakePoint(0, 0), 4326), 0, 1, 110108001001001, 1, 110108001001001, %[1]d, 'x');
		INSERT INTO incident_visit (county, incident, reason, due) SELECT county, id, 'emergency', current_date FROM incident;
		INSERT INTO draft (county, id, division, ground, name, base, made_by, changed_by) VALUES (110108, 1, '110108001', ground_of('110108001'), 'x', 1, %[1]d, %[1]d);
		INSERT INTO draft_member VALUES (110108, 1, %[1]d, 'lin', 'x');
		INSERT INTO draft_act (county, draft, seq, account, name, display, kind, zh, en, patch) VALUES (110108, 1, 1, %[1]d, 'lin', 'x', 'assign', 'x', 'x', '{}');
		INSERT INTO draft_block VALUES (110108, 1, 1, 0);
		INSERT INTO draft_grid VALUES (110108, 1, -1, 'x', '', false);
		INSERT INTO draft_lock VALUES (110108, 1, 1);
		INSERT INTO draft_micro_home VALUES (110108, 1, 1, 1, '', 1, 1);
		INSERT INTO draft_micro_grid VALUES (110108, 1, 1, 1, '一');
		INSERT INTO draft_cut VALUES (110108, 1, 1, 1, 110108001001, 1, 'SRID=4326;LINESTRING(0 0, 1 1)');
		INSERT INTO draft_piece VALUES (110108, 1, -1, 1, 'SRID=4326;POINT(0 0)', 0, 0, 'none', '[]');
		INSERT INTO draft_presence (county, draft, account, name, display, lon, lat, zoom, doing) VALUES (110108, 1, %[1]d, 'lin', 'x', 0, 0, 0, '');
		INSERT INTO responder (county, kind, name, division) VALUES (110108, 'grid-worker', 'x', '110108001');
		INSERT INTO posting (county, grid, post, responder, since) SELECT 110108, 110108001001001, 'worker', id, current_date FROM responder;
		INSERT INTO occupancy VALUES (110108, 1, 110108001001000, 'owner');
		INSERT INTO household (county, code, house, ground) VALUES (110108, 'x', 1, 110108001001000);
		INSERT INTO resident (county, name, name_index, sex, house, ground) VALUES (110108, 'x', 'x', 'unknown', 1, 110108001001000);
		INSERT INTO residency (county, resident, house, ground, stay) VALUES (110108, 1, 1, 110108001001000, 'registered');
		INSERT INTO register_act (county, kind, house, ground, patch, account, display) VALUES (110108, 'split', 1, 110108001001000, '[]', 0, 'x');
		INSERT INTO visit (county, resident, reason, house, ground, due, made_by) VALUES (110108, 1, 'care', 1, 110108001001000, now(), 0);
		INSERT INTO care VALUES (110108, 1, 'alone', NULL, 1, 110108001001000);
		INSERT INTO organisation (county, key, name, kind, house, ground, digest) VALUES (110108, 'x', 'x', 'other', 1, 110108001001000, 'x');
		INSERT INTO vehicle (county, plate, plate_index, house, ground) VALUES (110108, 'x', 'x', 1, 110108001001000);
		INSERT INTO intake_job (county, kind, file, division, by, state) VALUES (110108, 'residents', 'x', '110108001', 'lin', 'waiting');
		INSERT INTO intake_part VALUES (110108, 1, 0, 1, 'x');
		INSERT INTO intake_reject VALUES (110108, 1, 2, 0, '[]');
		INSERT INTO unplaced_address (county, division, key, content) VALUES (110108, '110108001', 'x', 'x');
		INSERT INTO unplaced_row VALUES (110108, 1, 2, 0, 1);
		INSERT INTO proposal (county, job, line, kind, house, ground, details, same) VALUES (110108, 1, 2, 'move', 1, 110108001001000, 'x', 'x');
		SET session_replication_role = DEFAULT`, id))
}

// What Go says of a scope and what the database says are the same.
func TestScopesAgree(t *testing.T) {
	h := setup(t)
	conn, err := h.db.App.Acquire(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	codes := []string{"110108", "110105", "110108001", "110108002", "110108001001", "110108001002", "110108001001001", "110108001001002", "110108000", "999999"}
	rapid.Check(t, func(rt *rapid.T) {
		grants := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) access.Grant {
			return access.Grant{Role: rapid.SampledFrom(access.Roles).Draw(rt, "role"), Code: rapid.SampledFrom(codes).Draw(rt, "code")}
		}), 0, 4).Draw(rt, "grants")
		labels := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) access.LabelGrant {
			return access.LabelGrant{Label: rapid.SampledFrom(access.Labels).Draw(rt, "label"), Code: rapid.SampledFrom(codes).Draw(rt, "code")}
		}), 0, 2).Draw(rt, "labels")
		scope := access.ScopeOf(grants, labels)
		grid := rapid.SampledFrom([]int64{110108001001001, 110108001001002, 110108001002001, 110108002001001, 110105001001001, 110108000000001, 110107999999999, 110109000000000}).Draw(rt, "grid")
		capability := rapid.SampledFrom([]postgres.Capability{access.ReadMap, access.ReadIncidents, access.ReportIncidents, access.ManageAccounts, access.Special(access.Mental), "nothing"}).Draw(rt, "capability")
		var covers bool
		err := postgres.InTx(postgres.WithActor(h.ctx, postgres.Actor{Account: 1, Scope: scope}), h.db.App, func(tx pgx.Tx) error {
			return tx.QueryRow(h.ctx, `SELECT scope_of($1) @> $2::bigint`, string(capability), grid).Scan(&covers)
		})
		if err != nil {
			rt.Fatal(err)
		}
		if covers != scope[capability].Covers(grid) {
			rt.Errorf("%v of %v: the database says %v", capability, scope, covers)
		}
		for _, code := range codes {
			var low, high int64
			if err := h.db.App.QueryRow(h.ctx, `SELECT lower(ground_of($1)), upper(ground_of($1)) - 1`, code).Scan(&low, &high); err != nil {
				rt.Fatal(err)
			}
			if ground := postgres.GroundOf(code); !slices.Equal(ground, postgres.Ranges{{Low: low, High: high}}) {
				rt.Errorf("%s is %v, the database says %d to %d", code, ground, low, high)
			}
		}
	})
	for _, bad := range []string{"", "1", "11010", "1101080", "11010800100100", "1101080010010011", "-10108", strings.Repeat("9", 30), "abcdef"} {
		if g := postgres.GroundOf(bad); g != nil {
			t.Errorf("%q is %v", bad, g)
		}
	}
}

// A grid worker reads their own grid, and reports in the community around it; no other role spreads.
func TestGridWorkersScope(t *testing.T) {
	scope := access.ScopeOf([]access.Grant{{Role: access.GridWorker, Code: "110108001001007"}}, nil)
	for grid, want := range map[int64][2]bool{110108001001007: {true, true}, 110108001001008: {false, true}, 110108001002007: {false, false}} {
		if got := [2]bool{scope[access.ReadIncidents].Covers(grid), scope[access.ReportIncidents].Covers(grid)}; got != want {
			t.Errorf("%d: %v, want %v", grid, got, want)
		}
	}
}

// definers are all functions that go past the policies. Each is tried where it is used; one more is one more thing to think about.
var definers = []string{
	"account_to_name",     // whether an account may be named as a responder's (internal/responder)
	"approvers_of",        // who may approve drafts of some ground (internal/draft)
	"care_follows",        // why somebody is looked after goes along with them (migrations/00023_care_kind.sql)
	"cared_for",           // how many are looked after on ground that somebody plans: about, and nobody of a special group (migrations/00025_cared_for.sql)
	"check_micro_touched", // the micro-grids' own check (migrations/00015_micro_grid.sql): nothing about persons
	"check_touched",       // the ground's own checks (migrations/00002_partition.sql): nothing about persons
	"end_postings",        // the postings of grids that a publication retires end (internal/responder)
	"give_back_resident",  // and given back when that is undone (internal/register)
	"known_cards",         // who of some ID numbers is on record, told to who keeps the register (internal/register)
	"leave_postings",      // who stops working leaves all posts (internal/responder)
	"my_report",           // whether the actor sent a report before, also where they may not read (internal/incident)
	"note_micro_touched",  // likewise
	"note_touched",        // likewise
	"number_outbox",       // the order of events (internal/outbox)
	"people_follow",       // what is about people goes along with their house (migrations/00017_register.sql)
	"plan_incident_visit", // the visit that an incident calls for, for one that the actor reported (internal/incident)
	"planner_named",       // that an account plans on all of some ground (internal/draft)
	"posted_in_sight",     // who holds a post where the actor may see responders (internal/responder)
	"reporter_of",         // the display name of who reported an incident that the actor may see (internal/incident)
	"responder_in_sight",  // whether the actor may see one (internal/responder)
	"retie_houses",        // and so do houses (internal/register)
	"retie_incidents",     // incidents go along with their ground (internal/incident)
	"retie_places",        // organisations and facilities likewise (internal/organisation)
	"take_over_resident",  // who left their last house is entered in the next one by whose ground that is (internal/register)
}

func TestFunctionsThatGoPastPoliciesAreKnown(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rows, err := db.Owner.Query(t.Context(), `
		SELECT proname::text, coalesce(array_to_string(proconfig, ' ') LIKE '%search_path=%pg_temp%', false), has_function_privilege('public', oid, 'EXECUTE')
		FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	var name string
	var fixed, anybody bool
	_, err = pgx.ForEachRow(rows, []any{&name, &fixed, &anybody}, func() error {
		found = append(found, name)
		if !fixed {
			t.Errorf("%s runs as the owner with whatever search_path its caller has", name)
		}
		if anybody && !strings.HasSuffix(name, "_touched") { // trigger functions can't be called
			t.Errorf("%s may be called by anybody", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(found, definers) {
		t.Errorf("functions that go past the policies are %v, known are %v", found, definers)
	}
}
