package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/city"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/responder"
)

const (
	demoVacancy    = 19   // every so manieth grid has no worker …
	demoLeaderless = 23   // … or every so manieth community no leader
	demoPhones     = 1000 // where the responders' numbers begin in the range that isn't given out; the incidents' are before
)

// demoName is the name of an invented responder: nobody's family name is 演示.
func demoName(n int) string {
	family, given := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"), []rune("安柏晨栋恩帆国皓靖凯岚明宁鹏青然舒桐威新雁泽")
	name := "演示" + string(family[n%len(family)]) + string(given[n/len(family)%len(given)])
	if round := n / len(family) / len(given); round > 0 {
		name += fmt.Sprint(round)
	}
	return name
}

// makeDemoResponders puts invented workers and leaders on the roll: a worker for most grids, one leader for each community, some vacancies, some who
// stand in. The worker of one grid is whoever signs in as the demo's grid worker.
func makeDemoResponders(ctx context.Context, db *postgres.DB, in *entrance, county, workersGrid string) error {
	roll := &responder.Roll{Vault: in.keys, Trail: in.trail}
	ctx = atRoll(ctx)
	return db.InTx(ctx, func(tx pgx.Tx) error {
		d := demoRoll{roll: roll, tx: tx}
		rows, err := tx.Query(ctx, `SELECT g.code, coalesce(d.code, left(lpad(g.code::text, 15, '0'), 6)) FROM grid g
			LEFT JOIN territory t ON t.county = g.county AND t.community = g.community LEFT JOIN division d ON d.code = t.division
			WHERE g.county = $1::integer AND g.retired IS NULL ORDER BY g.code`, county)
		if err != nil {
			return err
		}
		grids, err := pgx.CollectRows(rows, pgx.RowToStructByPos[demoPost])
		if err != nil {
			return err
		}
		var leader, before responder.ID
		communities := 0
		for i, g := range grids {
			if i == 0 || grids[i-1].Division != g.Division {
				communities++
				leader, before = responder.ID{}, responder.ID{}
				if communities%demoLeaderless != 0 {
					if leader, err = d.add(ctx, responder.GridLeader, g.Division, ""); err != nil {
						return err
					}
				}
			}
			if err := d.give(ctx, responder.Assignment{Grid: g.Grid, Post: responder.Leader, Responder: leader}); err != nil {
				return err
			}
			account := ""
			if g.Grid.String() == workersGrid {
				account = demoNames[access.GridWorker]
			} else if i%demoVacancy == demoVacancy-1 {
				continue
			}
			worker, err := d.add(ctx, responder.GridWorker, g.Division, account)
			if err != nil {
				return err
			}
			a := responder.Assignment{Grid: g.Grid, Post: responder.Worker, Responder: worker}
			if before != (responder.ID{}) && (i%7 == 3 || account != "") {
				a.Substitute = &responder.StandIn{Responder: before, From: d.today(), To: d.today().AddDate(0, 0, 9)}
			}
			if err := d.give(ctx, a); err != nil {
				return err
			}
			before = worker
		}
		return nil
	})
}

// demoPost is a grid that is to have people.
type demoPost struct {
	Grid     layout.Code
	Division string
}

// demoRoll puts people on the roll, one after the other.
type demoRoll struct {
	roll *responder.Roll
	tx   pgx.Tx
	made int
}

func (d *demoRoll) add(ctx context.Context, kind responder.Kind, division, account string) (responder.ID, error) {
	n := d.made
	d.made++
	made, err := d.roll.Add(ctx, d.tx, responder.Draft{Kind: string(kind), Name: demoName(n), Phone: fmt.Sprintf(city.PhoneSeries+"0000%04d", demoPhones+n%9000), Division: division, Account: account})
	if err != nil {
		return responder.ID{}, err
	}
	return made.ID, nil
}

// give gives a post to somebody, nothing to nobody.
func (d *demoRoll) give(ctx context.Context, a responder.Assignment) error {
	if a.Responder == (responder.ID{}) {
		return nil
	}
	_, _, err := d.roll.Assign(ctx, d.tx, a)
	return err
}

func (d *demoRoll) today() time.Time {
	y, m, day := time.Now().In(audit.Zone).Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}
