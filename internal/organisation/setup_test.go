package organisation

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/register"
	"jingwei/internal/vault"
)

// office is a book over a database with the town of internal/httpapi/testdata/town.sql, where grids west, south and north are of one community and
// east of another.
type office struct {
	*testing.T
	db   *postgres.DB
	book *Book
}

const (
	county    = 110108
	west      = "110108014001001"
	south     = "110108014001002"
	community = "110108014001"
	next      = "110108014002" // the community east of it
	town      = "110108014"
)

func empty(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	v := vault.New(vault.Generate())
	return &office{T: t, db: pgtest.New(t), book: &Book{Vault: v, Trail: audit.New(v)}}
}

func setup(t *testing.T) *office {
	t.Helper()
	o := empty(t)
	sql, err := os.ReadFile("../httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	o.run(string(sql))
	return o
}

func (o *office) run(sql string, args ...any) {
	o.Helper()
	err := o.db.InTx(context.Background(), func(tx pgx.Tx) error { _, err := tx.Exec(context.Background(), sql, args...); return err })
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) count(sql string, args ...any) (n int) {
	o.Helper()
	if err := o.db.Owner.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		o.Fatalf("%v\n%s", err, sql)
	}
	return n
}

// person is somebody with an account and a role on a piece of ground.
type person struct {
	*office
	ctx context.Context
}

func (o *office) person(role access.Role, code string) person {
	o.Helper()
	actor := postgres.Actor{Scope: access.ScopeOf([]access.Grant{{Role: role, Code: code}}, nil)}
	name := fmt.Sprintf("%s%s-%d", role, code, o.count(`SELECT count(*) FROM account`))
	err := o.db.Owner.QueryRow(context.Background(), `INSERT INTO account (name, display, kind, division) VALUES ($1, $1, 'person', left($2, 6)) RETURNING id`, name, code).Scan(&actor.Account)
	if err != nil {
		o.Fatal(err)
	}
	return person{o, audit.WithCaller(postgres.WithActor(context.Background(), actor), audit.Caller{Name: name, Address: "192.0.2.1"})}
}

func (p person) tx(f func(tx pgx.Tx) error) error { return postgres.InTx(p.ctx, p.db.App, f) }

func (p person) take(all ...New) (t register.Taken, err error) {
	err = p.tx(func(tx pgx.Tx) error { t, err = p.book.Take(p.ctx, tx, county, all); return err })
	return t, err
}

func (p person) search(text string) (found []Organisation) {
	p.Helper()
	err := p.tx(func(tx pgx.Tx) (err error) { found, _, err = p.book.Search(p.ctx, tx, county, text); return err })
	if err != nil {
		p.Fatal(err)
	}
	return found
}

// spot is the middle of the block in column x of the lowest row, the block, and its community.
func spot(x int) (at planar.Point, block, community int64) {
	block, community = int64(x+1), 110108014001
	if x == 4 {
		block, community = 13, 110108014002
	}
	return planar.FromDegrees(116.3205+float64(x)/1000, 40.0005), block, community
}

// house brings a house into column x.
func (p person) house(code string, x int) register.HouseRef {
	p.Helper()
	at, block, comm := spot(x)
	b := &register.Book{Vault: p.book.Vault, Trail: p.book.Trail}
	var ref register.HouseRef
	err := p.tx(func(tx pgx.Tx) error {
		h := register.NewHouse{Code: code, Address: "南楼社区" + code, Kind: register.Shop, At: at, Block: block, Community: comm}
		if _, err := b.TakeHouses(p.ctx, tx, county, []register.NewHouse{h}); err != nil {
			return err
		}
		refs, err := b.Refs(p.ctx, tx, county, []string{code})
		ref = refs[code]
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return ref
}

// shop is an invented organisation in a house; stall one at a place of its own in column x.
func shop(name string, in register.HouseRef) New {
	return New{Name: name, Kind: Trader, Staff: 3, Contact: "演示经营者", Phone: "15400001234", House: in}
}

func stall(name string, x int) New {
	o := New{Name: name, Kind: Company, Staff: -1, Contact: "演示法人", Phone: "15400005678"}
	o.At, o.Block, o.Community = spot(x)
	return o
}

func names(all []Organisation) (out []string) {
	for _, o := range all {
		out = append(out, o.Name)
	}
	return out
}
