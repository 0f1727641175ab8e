package draft

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/responder"
)

// staffFor is how long a desk remembers who works in which grid. Whoever may open a draft may see the responders of its ground (access.roles), so the
// desk may remember it for all of them.
const staffFor = 5 * time.Second

// staff are the workers of the grids that have a code, with who stands in for them today.
func (d *desk) staff(ctx context.Context, tx pgx.Tx) (map[Key]string, error) {
	if d.workers != nil && time.Since(d.staffed) < staffFor {
		return d.workers, nil
	}
	var codes []layout.Code
	for code := range d.live.Grids {
		codes = append(codes, code)
	}
	holders, err := responder.Affected(ctx, tx, d.id.County, codes)
	if err != nil {
		return nil, err
	}
	workers := make(map[Key]string, len(holders))
	for code, all := range holders {
		for _, h := range all {
			if h.Post != responder.Worker {
				continue
			}
			workers[Key(code)] = h.Name
			if h.Substitute != "" {
				workers[Key(code)] = h.Name + "（" + h.Substitute + "）"
			}
		}
	}
	d.workers, d.staffed = workers, time.Now()
	return workers, nil
}

// manned puts the workers into grids' figures.
func (d *desk) manned(ctx context.Context, tx pgx.Tx, grids []*Grid) error {
	workers, err := d.staff(ctx, tx)
	for _, g := range grids {
		g.Worker = workers[g.Key]
	}
	return err
}

// withoutWorker are grids that nobody works in; a new one is a vacancy until it has its code and somebody is put there.
func (d *desk) withoutWorker(workers map[Key]string) (out []Problem) {
	for _, g := range d.figures(nil) {
		if workers[g.Key] != "" || g.Residents == 0 {
			continue
		}
		p := Problem{ID: "no-worker:" + g.Key.String(), Kind: "no-worker", Grid: g.Key, Community: g.Community, Bounds: g.Bounds,
			Text: say("%s 没有网格员", "%s has no grid worker", d.calledIn(g.community, g.Key))}
		if g.Key < 0 {
			p.Text = say("%s 是新网格，发布后须指派网格员", "%s is new: it needs a grid worker once it is published", d.calledIn(g.community, g.Key))
		}
		out = append(out, p)
	}
	return out
}
