package draft_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/division"
	"jingwei/internal/draft"
	"jingwei/internal/fault"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/proof"
)

// town is a county with two villages side by side, each of 8 × 6 houses, a hundred metres apart, with a street after every second row; its grids
// were drawn and published as version 1.
type town struct {
	*testing.T
	db   *postgres.DB
	room *draft.Room
}

const (
	county  = 370883
	townC   = "370883100"
	west    = 370883100201 // communities
	east    = 370883100202
	columns = 8
	rows    = 6
	step    = 10000 // lattice steps from house to house
)

func newTown(t *testing.T) *town {
	t.Helper()
	v := &town{t, pgtest.New(t), nil}
	v.room = draft.New(v.db.App, incident.Retie)
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) error {
		_, err := division.Put(ctx, tx, []division.Division{
			{Code: "370883", Name: "测试县", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(0, 0, 2*columns*step, rows*step)}}},
			{Code: townC, Name: "测试镇", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(0, 0, 2*columns*step, rows*step)}}},
			{Code: "370883100201", Name: "西村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(0, 0, columns*step, rows*step)}}},
			{Code: "370883100202", Name: "东村", Residents: -1, Source: "t", Polygons: []planar.Polygon{{box(columns*step, 0, 2*columns*step, rows*step)}}},
		}, nil)
		if err != nil {
			return err
		}
		for row := int32(0); row < rows; row++ {
			for column := int32(0); column < 2*columns; column++ {
				house := box(column*step+3000, row*step+3000, column*step+7000, row*step+7000)
				n := row*2*columns + column
				_, err := tx.Exec(ctx, `INSERT INTO building (county, source, use, levels, residents, digest, geom)
					VALUES ($1, $2, 'residential', 6, $3, $4, ST_GeomFromEWKB($5))`,
					county, fmt.Sprintf("house/%d", n), 40+n*37%60, []byte{byte(n)}, planar.MultiPolygonEWKB([]planar.Polygon{{house}}))
				if err != nil {
					return err
				}
			}
			if row%2 == 1 && row+1 < rows {
				street := []planar.Point{box(0, (row+1)*step, 1, 1)[0], box(2*columns*step, (row+1)*step, 1, 1)[0]}
				_, err := tx.Exec(ctx, `INSERT INTO line_feature (county, source, kind, barrier, class, name, digest, geom) VALUES ($1, $2, 'street', 2, 'residential', $3, $4, ST_GeomFromEWKB($5))`,
					county, fmt.Sprintf("way/%d", row), fmt.Sprintf("第%d街", row), []byte{byte(row)}, planar.LineEWKB(street))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	v.tx(context.Background(), func(ctx context.Context, tx pgx.Tx) error {
		out, err := layout.Plan(ctx, tx, layout.Order{Division: townC, Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1}, Time: 300 * time.Millisecond})
		if err != nil {
			return err
		}
		_, err = layout.Publish(ctx, tx, out.Proposal, layout.Author{By: "test"}, incident.Retie)
		return err
	})
	return v
}

func box(x0, y0, x1, y1 int32) planar.Ring {
	const x, y = 1169700000, 354000000
	return planar.Ring{{X: x + x0, Y: y + y0}, {X: x + x1, Y: y + y0}, {X: x + x1, Y: y + y1}, {X: x + x0, Y: y + y1}}
}

// at is a place in the town as longitude and latitude, in houses from its south-west.
func at(column, row float64) [2]float64 {
	lon, lat := box(int32(column*step), int32(row*step), 1, 1)[0].Degrees()
	return [2]float64{lon, lat}
}

func (v *town) tx(ctx context.Context, f func(context.Context, pgx.Tx) error) {
	v.Helper()
	if err := v.db.InTx(ctx, func(tx pgx.Tx) error { return f(ctx, tx) }); err != nil {
		v.Fatal(err)
	}
}

// person is somebody with an account.
type person struct {
	*town
	ctx  context.Context
	name string
}

func (v *town) person(name string, role access.Role, code string) person {
	v.Helper()
	i := &access.Identity{Stage: access.Open, Account: access.Account{Name: name, Display: "测试 " + name}, Grants: []access.Grant{{Role: role, Code: code}}}
	err := v.db.Owner.QueryRow(context.Background(),
		`INSERT INTO account (name, display, kind, division) VALUES ($1, $2, 'person', '370883') RETURNING id`, name, i.Account.Display).Scan(&i.Account.ID)
	if err != nil {
		v.Fatal(err)
	}
	if _, err := v.db.Owner.Exec(context.Background(), `INSERT INTO account_grant (account, role, code) VALUES ($1, $2, $3)`, i.Account.ID, string(role), code); err != nil {
		v.Fatal(err)
	}
	i.Actor = postgres.Actor{Account: i.Account.ID, Scope: access.ScopeOf(i.Grants, nil)}
	return person{v, audit.WithCaller(access.WithIdentity(context.Background(), i), audit.Caller{Name: name}), name}
}

func (v *town) planner(name string) person { return v.person(name, access.Planner, townC) }

// begin starts a draft of the town.
func (p person) begin() *draft.Head {
	p.Helper()
	h, err := p.room.Begin(p.ctx, draft.Beginning{Division: townC, Name: "草案"})
	if err != nil {
		p.Fatal(err)
	}
	return h
}

func id(h *draft.Head) draft.ID {
	parsed, err := draft.ParseID(h.ID)
	if err != nil {
		panic(err)
	}
	return parsed
}

func (p person) open(h *draft.Head) *draft.Draft {
	p.Helper()
	d, err := p.room.Open(p.ctx, id(h))
	if err != nil {
		p.Fatal(err)
	}
	return d
}

// act carries an act out on the draft as it is.
func (p person) act(h *draft.Head, a draft.Act) (*draft.Acted, error) {
	now, err := p.room.Head(p.ctx, id(h))
	if err != nil {
		return nil, err
	}
	a.Revision = now.Revision
	return p.room.Act(p.ctx, id(h), &a)
}

func (p person) must(h *draft.Head, a draft.Act) *draft.Acted {
	p.Helper()
	done, err := p.act(h, a)
	if err != nil {
		p.Fatalf("%s: %v", a.Kind, err)
	}
	return done
}

// ground is block → grid of a draft.
func (p person) ground(h *draft.Head) map[int64]draft.Key {
	p.Helper()
	g, err := p.room.Ground(p.ctx, id(h), "")
	if err != nil {
		p.Fatal(err)
	}
	out := make(map[int64]draft.Key)
	for _, c := range g.Communities {
		for _, b := range c.Blocks {
			out[b.Key] = b.Grid
		}
	}
	return out
}

// grids are those of a community that have blocks, the largest first.
func (p person) grids(h *draft.Head, community int64) (out []*draft.Grid) {
	for _, g := range p.open(h).Grids {
		if g.Community == fmt.Sprintf("%012d", community) && g.Blocks > 0 {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b *draft.Grid) int { return b.Residents - a.Residents })
	return out
}

// blocks are those of a grid.
func (p person) blocks(h *draft.Head, k draft.Key) (out []int64) {
	for b, g := range p.ground(h) {
		if g == k {
			out = append(out, b)
		}
	}
	slices.Sort(out)
	return out
}

// neighbours are two grids of a community that could be one.
func (p person) neighbours(h *draft.Head, community int64) (a, b *draft.Grid) {
	p.Helper()
	all := p.grids(h, community)
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			now, _ := p.room.Head(p.ctx, id(h))
			if _, err := p.room.Act(p.ctx, id(h), &draft.Act{Kind: "merge", Grids: []draft.Key{all[i].Key, all[j].Key}, Revision: now.Revision, Preview: true}); err == nil {
				return all[i], all[j]
			}
		}
	}
	p.Fatal("no two grids touch")
	return nil, nil
}

// people are the residents of the town.
func (v *town) people() (n int) {
	for i := range int32(2 * columns * rows) {
		n += int(40 + i*37%60)
	}
	return n
}

// proved fails the test unless every invariant holds in the database.
func (v *town) proved() {
	v.Helper()
	report, err := proof.Verify(context.Background(), v.db, proof.Options{})
	if err != nil {
		v.Fatal(err)
	}
	for _, c := range report.Checks {
		if c.Found > 0 {
			v.Errorf("verify: %s: %+v", c.Name, c)
		}
	}
}

// wants fails unless the error is a fault of a code.
func (v *town) wants(code fault.Code, err error) {
	v.Helper()
	if err == nil || fault.CodeOf(err) != code {
		v.Errorf("want a fault %s, got %v", code, err)
	}
}
