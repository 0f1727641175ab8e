package audit

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/vault"
)

// A mutation is what somebody does who has the database and not the keys; Verify names it.
type mutation struct {
	name string
	sql  []string
	want []string // "kind county day seq entry" of each finding, DAY for today
}

// Eight entries of Haidian (1 to 8) and two of Chaoyang (9, 10), all chained, and an old day of three of Chaoyang (11 to 13).
const day = "DAY"

func mutations() []mutation {
	all := []mutation{
		{"an entry deleted", []string{`DELETE FROM audit_entry WHERE id = 3`}, []string{"entry-missing 110108 DAY 3 3"}},
		{"an entry and its link deleted", []string{`DELETE FROM audit_entry WHERE id = 3`, `DELETE FROM audit_link WHERE entry = 3`},
			[]string{"links-missing 110108 DAY 3 0"}},
		{"the first link and entry deleted", []string{`DELETE FROM audit_entry WHERE id = 1`, `DELETE FROM audit_link WHERE entry = 1`},
			[]string{"links-missing 110108 DAY 1 0"}},
		{"an entry taken out and the rest moved up", []string{`DELETE FROM audit_entry WHERE id = 3`, `DELETE FROM audit_link WHERE entry = 3`,
			`UPDATE audit_link SET seq = seq - 1 WHERE county = 110108 AND seq > 3`},
			[]string{"link-changed 110108 DAY 3 4", "link-moved 110108 DAY 4 5", "link-moved 110108 DAY 5 6", "link-moved 110108 DAY 6 7", "link-moved 110108 DAY 7 8", "cut-off 110108 DAY 7 0", "head-differs 110108 DAY 3 0"}},
		{"a link deleted", []string{`DELETE FROM audit_link WHERE entry = 4`}, []string{"links-missing 110108 DAY 4 0", "entry-unlinked 110108 DAY 0 4"}},
		{"the end cut off", []string{`DELETE FROM audit_link WHERE entry IN (7, 8)`, `DELETE FROM audit_entry WHERE id IN (7, 8)`}, []string{"cut-off 110108 DAY 6 0"}},
		{"the links at the end cut off", []string{`DELETE FROM audit_link WHERE entry = 8`},
			[]string{"entry-unlinked 110108 DAY 0 8", "cut-off 110108 DAY 7 0"}},
		{"the whole day deleted", []string{`DELETE FROM audit_link WHERE county = 110108`, `DELETE FROM audit_entry WHERE county = 110108`}, []string{"day-missing 110108 DAY 0 0"}},
		{"an old day deleted", []string{`DELETE FROM audit_link WHERE day = '2022-05-06'`, `DELETE FROM audit_entry WHERE day = '2022-05-06'`}, []string{"day-missing 110105 2022-05-06 0 0"}},
		{"everything deleted", []string{`DELETE FROM audit_link`, `DELETE FROM audit_entry`},
			[]string{"day-missing 110105 2022-05-06 0 0", "day-missing 110105 DAY 0 0", "day-missing 110108 DAY 0 0"}},
		{"an old day with a made-up checkpoint in its place", []string{`INSERT INTO audit_checkpoint
			SELECT county, day, 3, mac, now(), mac FROM audit_link WHERE day = '2022-05-06' AND seq = 3`,
			`DELETE FROM audit_link WHERE day = '2022-05-06'`, `DELETE FROM audit_entry WHERE day = '2022-05-06'`}, []string{"checkpoint-forged 110105 2022-05-06 0 0"}},
		{"two links swapped", []string{`UPDATE audit_link SET seq = 100 WHERE county = 110108 AND seq = 2`, `UPDATE audit_link SET seq = 2 WHERE county = 110108 AND seq = 5`,
			`UPDATE audit_link SET seq = 5 WHERE county = 110108 AND seq = 100`},
			[]string{"link-moved 110108 DAY 2 5", "link-moved 110108 DAY 5 2", "head-differs 110108 DAY 2 0"}},
		{"two entries swapped in their links", []string{`UPDATE audit_link SET entry = -1 WHERE entry = 2`, `UPDATE audit_link SET entry = 2 WHERE entry = 5`, `UPDATE audit_link SET entry = 5 WHERE entry = -1`},
			[]string{"link-moved 110108 DAY 2 5", "link-moved 110108 DAY 5 2"}},
		{"an entry put in with another's hash", []string{`INSERT INTO audit_entry OVERRIDING SYSTEM VALUE
			SELECT county, 99, day, at, place, account, actor, action, 'incident:0', reason, details, address, xid, mac FROM audit_entry WHERE id = 3`},
			[]string{"entry-changed 110108 DAY 0 99", "entry-unlinked 110108 DAY 0 99"}},
		{"an entry put in and linked at the end", []string{`INSERT INTO audit_entry OVERRIDING SYSTEM VALUE
			SELECT county, 99, day, at, place, account, actor, action, subject, reason, details, address, xid, mac FROM audit_entry WHERE id = 3`,
			`INSERT INTO audit_link SELECT county, day, 9, 99, mac FROM audit_link WHERE entry = 8`},
			[]string{"entry-changed 110108 DAY 9 99", "link-changed 110108 DAY 9 99"}},
		{"a link of another county's chain", []string{`DELETE FROM audit_link WHERE entry = 10`, `INSERT INTO audit_link SELECT county, day, 9, 10, mac FROM audit_link WHERE entry = 8`},
			[]string{"entry-unlinked 110105 DAY 0 10", "cut-off 110105 DAY 1 0", "entry-missing 110108 DAY 9 10"}},
	}
	// Any column of an entry, of a kind that a client might read alike.
	for column, value := range map[string]string{
		"county": `110105`, "id": `77`, "day": `day - 1`, "at": `at + interval '1 microsecond'`, "place": `place + 1`, "account": `0`,
		"actor": `actor || ' '`, "action": `'sign-out'`, "subject": `''`, "reason": `reason || reason`, "details": `details || '{"b": 1.50}'`,
		"address": `'192.0.2.8'`, "xid": `(xid::text::bigint - 1)::text::xid8`, "mac": `set_byte(mac, 35, (get_byte(mac, 35) + 1) % 256)`,
	} {
		want := []string{"entry-changed 110108 DAY 5 5"}
		sql := fmt.Sprintf(`UPDATE audit_entry SET %s = %s WHERE id = 5`, column, value)
		switch column {
		case "county": // nobody finds it where it was, and where it is nobody linked it
			want = []string{"entry-changed 110105 DAY 0 5", "entry-unlinked 110105 DAY 0 5", "entry-missing 110108 DAY 5 5"}
		case "id": // a number is only given once: another row, and the one removed
			sql = `WITH gone AS (DELETE FROM audit_entry WHERE id = 5 RETURNING *) INSERT INTO audit_entry OVERRIDING SYSTEM VALUE
				SELECT county, 77, day, at, place, account, actor, action, subject, reason, details, address, xid, mac FROM gone`
			want = []string{"entry-missing 110108 DAY 5 5", "entry-changed 110108 DAY 0 77", "entry-unlinked 110108 DAY 0 77"}
		case "mac":
			want = append(want, "link-changed 110108 DAY 5 5")
		}
		all = append(all, mutation{"entry's " + column, []string{sql}, want})
	}
	for column, m := range map[string]mutation{
		"county": {sql: []string{`UPDATE audit_link SET county = 110109 WHERE entry = 5`},
			want: []string{"links-missing 110108 DAY 5 0", "entry-unlinked 110108 DAY 0 5", "links-missing 110109 DAY 1 0", "entry-missing 110109 DAY 5 5"}},
		"day": {sql: []string{`UPDATE audit_link SET day = day - 1 WHERE entry = 5`},
			want: []string{"links-missing 110108 YESTERDAY 1 0", "links-missing 110108 DAY 5 0"}},
		"seq":   {sql: []string{`UPDATE audit_link SET seq = 12 WHERE entry = 8`}, want: []string{"links-missing 110108 DAY 8 0"}},
		"entry": {sql: []string{`UPDATE audit_link SET entry = 55 WHERE entry = 5`}, want: []string{"entry-missing 110108 DAY 5 55", "entry-unlinked 110108 DAY 0 5"}},
		"mac": {sql: []string{`UPDATE audit_link SET mac = set_byte(mac, 35, (get_byte(mac, 35) + 1) % 256) WHERE entry = 5`},
			want: []string{"link-changed 110108 DAY 5 5", "link-changed 110108 DAY 6 6", "head-differs 110108 DAY 5 0"}},
	} {
		all = append(all, mutation{"link's " + column, m.sql, m.want})
	}
	return all
}

// prepared is an office in which the mutations are done: heads are kept after every link.
func prepared(t *testing.T) *office {
	t.Helper()
	o := setup(t)
	for i := range 8 {
		o.write(entry(haidian, fmt.Sprintf("incident:%d", i+1)))
		o.chain()
	}
	o.write(entry(chaoyang, "incident:9"), entry(chaoyang, "incident:10"))
	o.writeOn("2022-05-06", chaoyang, 3)
	o.chain()
	return o
}

func TestEveryTamperingIsFoundAndNamed(t *testing.T) {
	o := prepared(t)
	o.sound(13, o.heads)
	columns := o.count(`SELECT count(*) FROM information_schema.columns WHERE table_name IN ('audit_entry', 'audit_link')`)
	for _, m := range mutations() {
		if strings.HasPrefix(m.name, "entry's ") || strings.HasPrefix(m.name, "link's ") {
			columns--
		}
		ctx := context.Background()
		var report *Report
		err := pgx.BeginFunc(ctx, o.db.Owner, func(tx pgx.Tx) error { // and taken back again
			if _, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica`); err != nil {
				return err
			}
			for _, s := range m.sql {
				if tag, err := tx.Exec(ctx, s); err != nil || tag.RowsAffected() == 0 {
					t.Errorf("%s: %s: %d rows, %v", m.name, s, tag.RowsAffected(), err)
				}
			}
			e := examiner{conn: tx.Conn(), vault: o.vault, report: Report{Findings: []Finding{}}, dropped: map[chainOf]*checkpoint{}}
			if err := e.readHeads(ctx, []*Heads{o.heads}); err != nil {
				return err
			}
			if err := e.look(ctx, tx); err != nil {
				return err
			}
			report = &e.report
			return pgx.ErrTxCommitRollback
		})
		if err != pgx.ErrTxCommitRollback {
			t.Fatalf("%s: %v", m.name, err)
		}
		sameFindings(t, m, report)
	}
	if columns != 0 {
		t.Errorf("%d columns of entries and links aren't tried", columns)
	}
	o.sound(13, o.heads)
}

func before(day string) string {
	d, _ := time.Parse(time.DateOnly, day)
	return d.AddDate(0, 0, -1).Format(time.DateOnly)
}

func sameFindings(t *testing.T, m mutation, report *Report) {
	t.Helper()
	wanted := map[string]bool{}
	for _, w := range m.want {
		wanted[strings.NewReplacer("YESTERDAY", before(today()), day, today()).Replace(w)] = true
	}
	for _, f := range report.Findings {
		name := fmt.Sprintf("%s %d %s %d %d", f.Kind, f.County, f.Day, f.Seq, f.Entry)
		if !wanted[name] {
			t.Errorf("%s: found %s (%s)", m.name, name, f.EN)
		}
		delete(wanted, name)
		if !strings.Contains(f.ZH, f.Day) || !strings.Contains(f.EN, fmt.Sprint(f.County)) || f.ZH == f.EN {
			t.Errorf("%s: %s / %s", m.name, f.ZH, f.EN)
		}
	}
	for w := range wanted {
		t.Errorf("%s: not found: %s", m.name, w)
	}
	if report.Sound() || report.Found != int64(len(report.Findings)) {
		t.Errorf("%s: the verdict is %v with %d findings", m.name, report.Sound(), report.Found)
	}
}

// Whoever has the keys as well can write a chain that is sound in itself; the heads that were kept outside tell.
func TestRewritingWithTheKeysDiffersFromTheHeads(t *testing.T) {
	o := prepared(t)
	o.spoil(`DELETE FROM audit_link WHERE county = 110108`, `DELETE FROM audit_entry WHERE id = 3`, `DELETE FROM audit_position`)
	aside := OpenHeads(filepath.Join(t.TempDir(), "aside"))
	if _, err := o.trail.Chain(context.Background(), o.db.App, aside); err != nil {
		t.Fatal(err)
	}
	o.sound(12, aside)
	sameFindings(t, mutation{"rewritten", nil, []string{"head-differs 110108 DAY 3 0", "cut-off 110108 DAY 7 0"}}, o.verify(o.heads))
	// Without heads it can't be seen, and the report says what that means.
	if r := o.verify(); !r.Sound() || !strings.Contains(r.Text(), "--audit-heads") {
		t.Errorf("without heads: %s", r.Text())
	}
	// Nor does another vault's key pass.
	if r, err := Verify(context.Background(), o.db.Owner, vault.New(vault.Generate()), aside); err != nil || r.Found != 2*12 {
		t.Errorf("with other keys: %v, %s", err, r.Text())
	}
}

func TestVerifyNeedsToSeeEverything(t *testing.T) {
	o := setup(t)
	if r := o.verify(); r.Sound() || r.Found != 0 || !strings.Contains(r.Text(), "nothing is proved") {
		t.Errorf("an empty trail: %s", r.Text())
	}
	o.write(entry(haidian, "1"))
	o.chain()
	if _, err := Verify(context.Background(), o.db.App, o.vault); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "jingwei_app") {
		t.Errorf("as the application: %v", err)
	}
	if _, err := Verify(context.Background(), o.db.Owner, o.vault, OpenHeads(filepath.Join(t.TempDir(), "none"))); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("heads that aren't there: %v", err)
	}
	var out struct {
		Sound   bool
		Entries int
		Files   []string `json:"heads_files"`
	}
	if text, err := json.Marshal(o.verify(o.heads)); err != nil || json.Unmarshal(text, &out) != nil || !out.Sound || out.Entries != 1 || len(out.Files) != 1 {
		t.Errorf("as JSON: %s", text)
	}
	// An entry that nobody has chained for long is told of.
	o.writeOn("2026-01-05", haidian, 1)
	sameFindings(t, mutation{"waiting", nil, []string{"entry-waiting 110108 2026-01-05 0 2"}}, o.verify(o.heads))
}

// The files: a full one goes on under a number, a torn line doesn't spoil the next, and all are read.
func TestHeadsFiles(t *testing.T) {
	o := setup(t)
	o.heads.most = 300
	for i := range 10 {
		o.write(entry(haidian, fmt.Sprint(i)))
		o.chain()
	}
	if files := o.heads.files(); len(files) < 4 {
		t.Fatalf("files %v", files)
	}
	for _, path := range o.heads.files() {
		if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
	}
	o.sound(10, o.heads)
	before := o.verify(o.heads).Heads
	f, err := os.OpenFile(o.heads.path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("110108 " + today() + " 9 00ab"); err != nil { // the machine stops here
		t.Fatal(err)
	}
	_ = f.Close()
	o.write(entry(haidian, "after"))
	o.chain()
	// The head of the batch before is said once more, and that of the new one.
	if r := o.verify(o.heads); !r.Sound() || r.Heads != before+2 || r.Strange != 1 || !strings.Contains(r.Text(), "can't be read") {
		t.Errorf("after a torn line: %s", r.Text())
	}
	// Each head that is in a numbered file counts.
	o.spoil(`DELETE FROM audit_link WHERE seq > 2`, `DELETE FROM audit_entry WHERE id > 2`)
	want := mutation{"cut", nil, []string{"cut-off 110108 DAY 2 0"}}
	sameFindings(t, want, o.verify(o.heads))
	numbered, last := o.heads.path+".1", 0
	text, err := os.Open(numbered)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	for lines := bufio.NewScanner(text); lines.Scan(); {
		h, ok := parseHead(lines.Text())
		if !ok || h.county != haidian || h.day != today() {
			t.Errorf("line %q", lines.Text())
		}
		last = max(last, h.seq)
	}
	if last < 2 {
		t.Errorf("the first file ends at %d", last)
	}
}
