package register

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/idcard"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// office is a book over a database with the town of internal/httpapi/testdata/town.sql, where grids west, south and north are of one community and
// east of another, and with people who work there.
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

func setup(t *testing.T) *office {
	t.Helper()
	t.Parallel()
	v := vault.New(vault.Generate())
	o := &office{T: t, db: pgtest.New(t), book: &Book{Vault: v, Trail: audit.New(v)}}
	sql, err := os.ReadFile("../httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	o.run(string(sql))
	return o
}

func (o *office) run(sql string, args ...any) {
	o.Helper()
	err := o.db.InTx(context.Background(), func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), sql, args...)
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
}

// person is somebody with an account and roles on pieces of ground.
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

func (p person) tx(f func(tx pgx.Tx) error) error {
	return postgres.InTx(p.ctx, p.db.App, f)
}

// houseAt is a house in the middle of the block in column x and row y.
func houseAt(code string, x, y int) NewHouse {
	block, comm := int64(y*4+x+1), int64(110108014001)
	if x == 4 {
		block, comm = 13, 110108014002
	}
	return NewHouse{Code: code, Place: "明珠小区", Number: "3号楼", Unit: "2单元", Floor: 5, Room: "501", Address: "北京市海淀区清华园街道南楼社区明珠小区3号楼2单元" + code + "室", Kind: Home,
		Area: 88.5, At: planar.FromDegrees(116.3205+float64(x)/1000, 40.0005+float64(y)/1000), Block: block, Community: comm}
}

func (p person) houses(houses ...NewHouse) (t Taken, err error) {
	err = p.tx(func(tx pgx.Tx) error { t, err = p.book.TakeHouses(p.ctx, tx, county, houses); return err })
	return t, err
}

// settle brings houses, one for each column of the lowest row: w1 and w2 in grid west, s1 and s2 in grid south, e1 in the next community.
func (o *office) settle() person {
	o.Helper()
	p := o.person(access.Clerk, town)
	if _, err := p.houses(houseAt("w1", 0, 0), houseAt("w2", 1, 0), houseAt("s1", 2, 0), houseAt("s2", 3, 0), houseAt("e1", 4, 0)); err != nil {
		o.Fatal(err)
	}
	return p
}

func (o *office) house(code string) (ref HouseRef) {
	o.Helper()
	if err := o.db.Owner.QueryRow(context.Background(), `SELECT id, ground FROM house WHERE county = $1 AND code = $2`, county, code).Scan(&ref.Number, &ref.Ground); err != nil {
		o.Fatal(err)
	}
	return ref
}

func date(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

// invented is somebody who doesn't exist, the same for the same number.
func invented(n int) Person {
	born := date("1960-01-01").AddDate(0, n%600, n%28)
	digits := fmt.Sprintf("%s0108%s%03d", idcard.Invented, born.Format("20060102"), n%1000)
	return Person{Name: fmt.Sprintf("演示%s", string(rune('一'+n%5000))), Card: digits + string(idcard.Check(digits)), Phone: fmt.Sprintf("154%08d", n), Sex: Female, Born: born, Nation: "汉族"}
}

// livesIn is an arrival of somebody at a house.
func (o *office) livesIn(p Person, code string) Arrival {
	return Arrival{Person: p, House: o.house(code), Household: code + "-1", Relation: "户主", Stay: Registered, Since: date("2020-05-01")}
}

func (p person) arrive(arrivals ...Arrival) (out []Outcome, err error) {
	prepared, err := p.book.Prepare(p.ctx, p.db.App, county, arrivals)
	if err != nil {
		return nil, err
	}
	err = p.tx(func(tx pgx.Tx) error { out, err = p.book.TakeResidents(p.ctx, tx, prepared); return err })
	return out, err
}

func (p person) look(code string) (v *HouseView, err error) {
	id := ID{county, p.house(code).Number}
	err = p.tx(func(tx pgx.Tx) error { v, err = p.book.Look(p.ctx, tx, id); return err })
	return v, err
}

// namesIn are who somebody sees in a house, living there.
func (p person) namesIn(code string) string {
	p.Helper()
	v, err := p.look(code)
	if err != nil {
		p.Fatal(err)
	}
	var names []string
	for _, h := range v.Households {
		for _, m := range h.Members {
			names = append(names, m.Name)
		}
	}
	return strings.Join(names, " ")
}

func (p person) find(s Sought) (found []Found, err error) {
	s.County = county
	err = p.tx(func(tx pgx.Tx) error { found, err = p.book.Find(p.ctx, tx, s); return err })
	return found, err
}

func (o *office) isFault(err error, want fault.Code, where string) {
	o.Helper()
	f, _ := err.(*fault.Error)
	if err == nil || fault.CodeOf(err) != want || f != nil && f.Where != where {
		o.Fatalf("%v (%+v), want a fault %s at %q", err, f, want, where)
	}
}

func (o *office) count(sql string, args ...any) (n int) {
	o.Helper()
	if err := o.db.Owner.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		o.Fatalf("%v\n%s", err, sql)
	}
	return n
}
