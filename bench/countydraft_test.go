package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jingwei/internal/access"
	"jingwei/internal/draft"
	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// measureCountyDraft publishes a draft that changes every community of the county that has two grids which touch: they become one. Readers go on asking.
func measureCountyDraft(c *county) {
	room := draft.New(c.db.App, layout.CountCells, incident.Retie)
	ctx := planner(c)
	var h *draft.Head
	opened := once(func() {
		var err error
		if h, err = room.Begin(ctx, draft.Beginning{Division: string(c.code.CountyCode()), Name: "bench"}); err != nil {
			c.Fatal(err)
		}
		id, _ := draft.ParseID(h.ID)
		if _, err := room.Open(ctx, id); err != nil {
			c.Fatal(err)
		}
	})
	id, _ := draft.ParseID(h.ID)
	act := pairs(c, room, ctx, id)
	changed := once(func() {
		if _, err := room.Act(ctx, id, act); err != nil {
			c.Fatal(err)
		}
	})
	stop := readOn(c)
	published := once(func() {
		if _, err := room.Publish(ctx, id, "", ""); err != nil {
			c.Fatal(err)
		}
	})
	reads, slowest, mixed := stop()
	blocks := 0
	if err := c.db.Owner.QueryRow(context.Background(), `SELECT count(*) FROM block WHERE retired IS NULL`).Scan(&blocks); err != nil {
		c.Fatal(err)
	}
	draftTable().remark("The whole county in one draft, %d blocks: begun and opened in %.1f s; one act that changes %d blocks in every community with two grids that touch: %.2f s; "+
		"published, with the proof at the commit: %.1f s. Meanwhile %d reads of all grids' sums: the slowest took %.0f ms, and %d of them saw a mixed picture.",
		blocks, opened.Seconds(), len(act.Assignment), changed.Seconds(), published.Seconds(), reads, float64(slowest.Microseconds())/1000, mixed)
}

// planner is a context in which a planner of the county acts.
func planner(c *county) context.Context {
	i := &access.Identity{Stage: access.Open, Account: access.Account{Name: "bench-planner", Display: "bench"}, Grants: []access.Grant{{Role: access.Planner, Code: string(c.code.CountyCode())}}}
	err := c.db.Owner.QueryRow(context.Background(), `INSERT INTO account (name, display, kind, division) VALUES ('bench-planner', 'bench', 'person', $1) RETURNING id`,
		string(c.code.CountyCode())).Scan(&i.Account.ID)
	if err != nil {
		c.Fatal(err)
	}
	i.Actor = postgres.Actor{Account: i.Account.ID, Scope: access.ScopeOf(i.Grants, nil)}
	return access.WithIdentity(context.Background(), i)
}

// pairs is an act that makes one grid of two that touch, in each community where there are two.
func pairs(c *county, room *draft.Room, ctx context.Context, id draft.ID) *draft.Act {
	opened, err := room.Open(ctx, id)
	if err != nil {
		c.Fatal(err)
	}
	act := &draft.Act{Kind: "place"}
	for _, community := range opened.Communities {
		g, err := room.Ground(ctx, id, community.Code)
		if err != nil {
			c.Fatal(err)
		}
		in := make(map[int64]draft.Key)
		for _, b := range g.Communities[0].Blocks {
			in[b.Key] = b.Grid
		}
		for _, arc := range g.Communities[0].Arcs {
			a, b := in[arc.Left], in[arc.Right]
			if arc.Left == 0 || arc.Right == 0 || a == b {
				continue
			}
			for block, k := range in {
				if k == b {
					act.Assignment = append(act.Assignment, draft.Placed{Block: block, Grid: a})
				}
			}
			break
		}
	}
	return act
}

// readOn reads the sums of all live grids again and again: they are the county's people whatever is published meanwhile.
func readOn(c *county) (stop func() (reads int, slowest time.Duration, mixed int)) {
	var group sync.WaitGroup
	var over atomic.Bool
	var reads, mixed int
	var slowest time.Duration
	people := -1
	group.Go(func() {
		for !over.Load() {
			began := time.Now()
			var sum, versions int
			err := c.db.Reader.QueryRow(context.Background(), `SELECT (SELECT sum(residents) FROM grid WHERE retired IS NULL), (SELECT count(*) FROM layout WHERE live)`).Scan(&sum, &versions)
			if err != nil {
				c.Error(err)
				return
			}
			slowest = max(slowest, time.Since(began))
			if people < 0 {
				people = sum
			}
			if sum != people || versions != 1 {
				mixed++
			}
			reads++
			time.Sleep(20 * time.Millisecond)
		}
	})
	return func() (int, time.Duration, int) {
		over.Store(true)
		group.Wait()
		return reads, slowest, mixed
	}
}
