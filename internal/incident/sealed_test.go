package incident

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/mask"
	"jingwei/internal/vault"
)

// planted are numbers of nobody: 1999999 is no prefix in use, and the ID numbers' checksums are wrong.
func planted(n int) (phone, id, name string) {
	return fmt.Sprintf("1999999%04d", n), fmt.Sprintf("11010819000101%04d", n), fmt.Sprintf("测%c%c", '一'+rune(n), '丁'+rune(n))
}

// What was said and whom to call is in no column of any table in clear, and comes out masked but where it is unmasked.
func TestNothingIsKeptInClear(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	const reports = 40
	var secrets []string
	for n := range reports {
		phone, id, name := planted(n)
		r := fire()
		r.Text = fmt.Sprintf("%s（身份证 %s）来电 %s，称楼道堆物", name, id, phone)
		r.Contact = Contact{name, phone}
		r.Request = fmt.Sprintf("r%d", n)
		i := d.mustReport(r)
		secrets = append(secrets, phone, id, name)
		if strings.Contains(i.Text, phone) || strings.Contains(i.Text, id) || i.Contact == nil || strings.Contains(i.Contact.Phone, phone[3:7]) || i.Contact.Name == name {
			t.Fatalf("it isn't masked: %+v %+v", i, i.Contact)
		}
		if !strings.Contains(i.Text, "称楼道堆物") || !strings.HasSuffix(i.Contact.Phone, phone[7:]) || !strings.HasPrefix(i.Contact.Name, "测") {
			t.Fatalf("too much is masked: %+v %+v", i, i.Contact)
		}
		if _, err := d.unmask(i.ID, "回拨 "+phone); err != nil {
			t.Fatal(err)
		}
		if u, err := d.unmask(i.ID, "回访核实"); err != nil || u.Text != r.Text || u.Phone != phone || u.Name != name {
			t.Fatalf("%+v (%v)", u, err)
		}
	}
	page, err := d.list(Filter{Limit: 100})
	if err != nil || len(page.Incidents) != reports {
		t.Fatalf("%d incidents (%v)", len(page.Incidents), err)
	}
	shown, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	kept := o.dump()
	if !strings.Contains(kept, "网格员 li") {
		t.Fatal("the dump is empty")
	}
	for n, s := range secrets {
		if strings.Contains(kept, s) || strings.Contains(strings.ToLower(kept), hex.EncodeToString([]byte(s))) {
			t.Errorf("%q is in the database in clear", s)
		}
		if n%3 != 2 && strings.Contains(string(shown), s) { // a text isn't searched for names
			t.Errorf("%q is in a list in clear", s)
		}
	}
}

// dump is every row of every table as text.
func (o *office) dump() string {
	o.Helper()
	ctx := context.Background()
	rows, err := o.db.Owner.Query(ctx, `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
		WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'spatial_ref_sys' AND schemaname NOT LIKE 'pg_temp%'`)
	if err != nil {
		o.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		o.Fatal(err)
	}
	var out strings.Builder
	for _, table := range tables {
		rows, err := o.db.Owner.Query(ctx, `SELECT t::text FROM `+table+` t`)
		if err != nil {
			o.Fatal(err)
		}
		var row string
		if _, err := pgx.ForEachRow(rows, []any{&row}, func() error { out.WriteString(row + "\n"); return nil }); err != nil {
			o.Fatal(err)
		}
	}
	return out.String()
}

// A sealed field opens for its own incident only, and a phone number is found by its index however it was written.
func TestSealedFieldsCannotBeMoved(t *testing.T) {
	o := setup(t)
	d := o.dispatcher("li", "110108")
	r := fire()
	r.Contact = Contact{"测一", "+86 199-9999-0001"}
	one, two := d.mustReport(r).ID, d.mustReport(fire()).ID
	o.run(`UPDATE incident SET details = (SELECT details FROM incident WHERE id = $1) WHERE id = $2`, one.Number, two.Number)
	if _, err := d.look(two); err == nil {
		t.Error("another incident's text was shown")
	}
	if n := o.number(`SELECT count(*) FROM incident WHERE county = 110108 AND contact_index = ANY ($1)`, o.desk.Vault.Indexes(phonePurpose, "19999990001")); n != 1 {
		t.Errorf("%d found by their number, want 1", n)
	}
	if mask.Phone("19999990001") == "19999990001" {
		t.Error("a phone number isn't masked")
	}
}

// After a rotation everything opens under the new key alone, and is found by its new index.
func TestKeysAreRotated(t *testing.T) {
	o := setup(t)
	v, err := vault.Open(vault.Config{File: filepath.Join(t.TempDir(), "keys"), Create: true})
	if err != nil {
		t.Fatal(err)
	}
	o.desk = &Desk{Ground: o.desk.Ground, Vault: v, Trail: audit.New(v)}
	d := o.dispatcher("li", "110108")
	r := fire()
	r.Contact = Contact{"测一", "+86 199-9999-0001"}
	with, without := d.mustReport(r).ID, d.mustReport(fire()).ID
	old := v.Keys()[0].ID
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	if err := vault.RotateColumns(context.Background(), o.db.Owner, v, SealedColumns(), nil); err != nil {
		t.Fatal(err)
	}
	if err := v.Forget(old); err != nil {
		t.Fatal(err)
	}
	if u, err := d.unmask(with, "回访核实"); err != nil || u.Contact != r.Contact || u.Text != r.Text {
		t.Errorf("%+v (%v)", u, err)
	}
	if _, err := d.look(without); err != nil {
		t.Error(err)
	}
	if n := o.number(`SELECT count(*) FROM incident WHERE contact_index = $1`, v.Index(phonePurpose, "19999990001")); n != 1 {
		t.Errorf("%d found by their number, want 1", n)
	}
}
