package responder

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// office is a roll over a database with the town of internal/httpapi/testdata/town.sql, where grids west, south and north are of one community and
// east of another, and with people who work there.
type office struct {
	*testing.T
	db   *postgres.DB
	roll *Roll
}

const (
	west  layout.Code = 110108014001001
	south layout.Code = 110108014001002
	north layout.Code = 110108014001003
	gone  layout.Code = 110108014001009 // retired
	east  layout.Code = 110108014002001

	community = "110108014001"
	town      = "110108014"
)

func setup(t *testing.T) *office {
	t.Helper()
	o := empty(t)
	sql, err := os.ReadFile("../httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	err = o.db.InTx(context.Background(), func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), string(sql))
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
	v := vault.New(vault.Generate())
	return &office{T: t, db: pgtest.New(t), roll: &Roll{Vault: v, Trail: audit.New(v)}}
}

// person is somebody with an account and roles on pieces of ground.
type person struct {
	*office
	ctx context.Context
}

func (o *office) person(name string, role access.Role, code string) person {
	o.Helper()
	actor := postgres.Actor{Scope: access.ScopeOf([]access.Grant{{Role: role, Code: code}}, nil)}
	err := o.db.Owner.QueryRow(context.Background(),
		`INSERT INTO account (name, display, kind, division) VALUES ($1, $1, 'person', left($2, 6)) RETURNING id`, name, code).Scan(&actor.Account)
	if err != nil {
		o.Fatal(err)
	}
	return person{o, audit.WithCaller(postgres.WithActor(context.Background(), actor), audit.Caller{Name: name, Address: "192.0.2.1"})}
}

func (o *office) planner() person { return o.person("planner", access.Planner, "110108") }

func (p person) tx(f func(tx pgx.Tx) error) error { return p.db.InTx(p.ctx, f) }

func (p person) add(d Draft) (r *Responder, err error) {
	err = p.tx(func(tx pgx.Tx) error { r, err = p.roll.Add(p.ctx, tx, d); return err })
	return r, err
}

// worker puts a grid worker on the roll.
func (p person) worker(name, division string) ID {
	p.Helper()
	r, err := p.add(Draft{Kind: "grid-worker", Name: name, Phone: "19999990001", Division: division})
	if err != nil {
		p.Fatal(err)
	}
	return r.ID
}

func (p person) change(id ID, c Change) (r *Responder, err error) {
	err = p.tx(func(tx pgx.Tx) error { r, err = p.roll.Change(p.ctx, tx, id, c); return err })
	return r, err
}

func (p person) assign(a Assignment) (g *GridPosts, err error) {
	err = p.tx(func(tx pgx.Tx) error { g, _, err = p.roll.Assign(p.ctx, tx, a); return err })
	return g, err
}

// gives assigns without a word about days.
func (p person) gives(grid layout.Code, post Post, to ID) {
	p.Helper()
	if _, err := p.assign(Assignment{Grid: grid, Post: post, Responder: to}); err != nil {
		p.Fatalf("assign %s of %s: %v", post, grid, err)
	}
}

func (p person) find(id ID) (r *Responder, err error) {
	err = p.tx(func(tx pgx.Tx) error { r, err = p.roll.Find(p.ctx, tx, id); return err })
	return r, err
}

func (p person) list(f Filter) (page *Page, err error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	err = p.tx(func(tx pgx.Tx) error { page, err = p.roll.List(p.ctx, tx, f); return err })
	return page, err
}

// names are those of a list.
func (p person) names(f Filter) (out []string) {
	p.Helper()
	page, err := p.list(f)
	if err != nil {
		p.Fatal(err)
	}
	for _, r := range page.Responders {
		out = append(out, r.Name)
	}
	slices.Sort(out)
	return out
}

func (p person) posts(f PostFilter) (page *PostPage, err error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	err = p.tx(func(tx pgx.Tx) error { page, err = p.roll.Posts(p.ctx, tx, f); return err })
	return page, err
}

// holders are who holds a post today in the town's county.
func (p person) holders(post Post) map[layout.Code]string { return p.holdersIn("110108", post) }

// holdersIn are who holds a post today, by grid, "" for a vacancy.
func (p person) holdersIn(county string, post Post) map[layout.Code]string {
	p.Helper()
	page, err := p.posts(PostFilter{Within: county})
	if err != nil {
		p.Fatal(err)
	}
	out := map[layout.Code]string{}
	for _, g := range page.Grids {
		if out[g.Grid] = ""; g.Posts[post].Now != nil {
			out[g.Grid] = g.Posts[post].Now.Person.Name
		}
	}
	return out
}

func (p person) unmask(id ID, reason string) (phone string, err error) {
	err = p.tx(func(tx pgx.Tx) error { _, phone, err = p.roll.Unmask(p.ctx, tx, id, reason); return err })
	return phone, err
}

// isFault checks what kind of refusal an error is, and what it is about.
func (o *office) isFault(err error, want fault.Code, where string) {
	o.Helper()
	f, _ := err.(*fault.Error)
	if err == nil || fault.CodeOf(err) != want || f != nil && f.Where != where {
		o.Fatalf("%v (%+v), want a fault %s at %q", err, f, want, where)
	}
}

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

// today is the day as the database says it.
func (o *office) today() (day time.Time) {
	o.Helper()
	if err := o.db.App.QueryRow(context.Background(), `SELECT current_date`).Scan(&day); err != nil {
		o.Fatal(err)
	}
	return day
}
