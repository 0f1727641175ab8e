package incident

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// office is a desk over a database with the town of internal/httpapi/testdata/town.sql, where grids 1 to 3 are of one community and 110108014002001 of
// another, and with people who work there.
type office struct {
	*testing.T
	db   *postgres.DB
	desk *Desk
}

const (
	west  = 110108014001001 // grids
	south = 110108014001002
	north = 110108014001003
	east  = 110108014002001
)

func setup(t *testing.T) *office {
	t.Helper()
	o := empty(t)
	town, err := os.ReadFile("../httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	err = o.db.InTx(context.Background(), func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), string(town))
		return err
	})
	if err != nil {
		t.Fatalf("town.sql: %v", err)
	}
	return o
}

// empty is an office without any ground.
func empty(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	o := &office{T: t, db: pgtest.New(t)}
	v := vault.New(vault.Generate())
	o.desk = &Desk{Ground: new(layout.Locators), Vault: v, Trail: audit.New(v)}
	return o
}

// person is somebody with an account and roles on pieces of ground.
type person struct {
	office *office
	ctx    context.Context
	actor  postgres.Actor
}

func (o *office) person(name string, grants []access.Grant, labels ...access.LabelGrant) person {
	o.Helper()
	p := person{office: o, actor: postgres.Actor{Scope: access.ScopeOf(grants, labels)}}
	err := o.db.Owner.QueryRow(context.Background(),
		`INSERT INTO account (name, display, kind, division) VALUES ($1, $2, 'person', '110108') RETURNING id`, name, "网格员 "+name).Scan(&p.actor.Account)
	if err != nil {
		o.Fatal(err)
	}
	p.ctx = audit.WithCaller(postgres.WithActor(context.Background(), p.actor), audit.Caller{Name: name, Address: "192.0.2.1"})
	return p
}

func (o *office) dispatcher(name, code string) person {
	o.Helper()
	return o.person(name, []access.Grant{{Role: access.Dispatcher, Code: code}})
}

// fire is a report in the middle of the block in the south-west, away from every border.
func fire() Report {
	return Report{Kind: "fire", Text: "楼道堆放杂物", Lon: 116.3205, Lat: 40.0005}
}

func (p person) report(r Report) (i *Incident, err error) {
	err = p.office.db.InTx(p.ctx, func(tx pgx.Tx) error {
		i, err = p.office.desk.Report(p.ctx, tx, r)
		return err
	})
	return i, err
}

func (p person) mustReport(r Report) *Incident {
	p.office.Helper()
	i, err := p.report(r)
	if err != nil {
		p.office.Fatalf("report: %v", err)
	}
	return i
}

func (p person) look(id ID) (i *Incident, err error) {
	err = p.office.db.InTx(p.ctx, func(tx pgx.Tx) error {
		i, err = p.office.desk.Look(p.ctx, tx, id)
		return err
	})
	return i, err
}

func (p person) list(f Filter) (page *Page, err error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	err = postgres.Snapshot(p.ctx, p.office.db.App, func(tx pgx.Tx) error {
		page, err = p.office.desk.List(p.ctx, tx, f)
		return err
	})
	return page, err
}

func (p person) unmask(id ID, reason string) (u *Unmasked, err error) {
	err = p.office.db.InTx(p.ctx, func(tx pgx.Tx) error {
		u, err = p.office.desk.Unmask(p.ctx, tx, id, reason)
		return err
	})
	return u, err
}

// isFault checks what kind of refusal an error is, and that it speaks both languages.
func (o *office) isFault(err error, want fault.Code) {
	o.Helper()
	if err == nil || fault.CodeOf(err) != want {
		o.Fatalf("%v, want a fault %s", err, want)
	}
}

// number asks the database, as the owner, for one.
func (o *office) number(sql string, args ...any) (n int64) {
	o.Helper()
	if err := o.db.Owner.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		o.Fatalf("%v\n%s", err, sql)
	}
	return n
}

func (o *office) run(sql string, args ...any) {
	o.Helper()
	if _, err := o.db.Owner.Exec(context.Background(), sql, args...); err != nil {
		o.Fatalf("%v\n%s", err, sql)
	}
}
