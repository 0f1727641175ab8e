package layout

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/ground"
)

// Order asks for the grids of a division.
type Order struct {
	Division division.Code
	Replace  bool // draw again what has a live layout already
	Settings Settings
	Time     time.Duration
	Workers  int
	Progress func(stage string, done float64) // may be nil; stages: features, ground, construct, improve, mend, and then those of Publish
}

// Outcome is a proposal and what came to light on the way to it.
type Outcome struct {
	Proposal *Proposal      // nil when every community has a live layout that was left alone
	Ground   *ground.Ground // what was made, with its reports; nil when the blocks stand already
	Standing []int64        // communities with a live layout that were left alone
	Stopped  []int64        // communities that no blocks could be made for; Ground says why
}

// Plan draws a division: its ground from the features as they are now (or the blocks that stand, while the
// features they were made from are the same), and grids on it. It writes nothing. Cancelling ctx during the
// drawing gives the best so far.
//
// Faults: NotFound when there is no such division, Invalid when there is no ground to draw on.
func Plan(ctx context.Context, tx pgx.Tx, order Order) (*Outcome, error) {
	leaves, err := leaves(ctx, tx, order.Division)
	if err != nil {
		return nil, err
	}
	county := int32(order.Division.County())
	base, err := Live(ctx, tx, county)
	if err != nil {
		return nil, err
	}
	live, err := liveCommunities(ctx, tx, county)
	if err != nil {
		return nil, err
	}
	out := &Outcome{}
	var wanted []int64
	for _, d := range leaves {
		c := d.Code.Community()
		if live[c] && !order.Replace {
			out.Standing = append(out.Standing, c)
		} else {
			wanted = append(wanted, c)
		}
	}
	if len(wanted) == 0 {
		return out, nil
	}
	p := &Proposal{County: county, Base: base, Communities: wanted, Settings: order.Settings, Progress: order.Progress}
	if err := p.lay(ctx, tx, order); err != nil {
		return nil, err
	}
	out.Ground = p.Born
	made := make(map[int64]bool)
	for _, b := range p.Blocks {
		made[b.Community] = true
	}
	for _, c := range wanted {
		if !made[c] {
			out.Stopped = append(out.Stopped, c)
		}
	}
	p.Communities = slices.DeleteFunc(p.Communities, func(c int64) bool { return !made[c] })
	if len(p.Blocks) == 0 {
		zh, en := whyStopped(p.Born)
		return nil, fault.New(fault.Invalid,
			fmt.Sprintf("区划 %s 没有可划分的地块：%s", order.Division, zh),
			fmt.Sprintf("no block could be made in division %s: %s", order.Division, en))
	}
	drawn, err := drawing.Draw(ctx, p.problem(), drawing.Options{
		Target: order.Settings.Target, Tolerance: order.Settings.Tolerance, Seed: order.Settings.Seed,
		Preset: order.Settings.Preset, Time: order.Time, Workers: order.Workers,
		Progress: func(g drawing.Progress) { order.tell(g.Phase, g.Done) },
	})
	if err != nil {
		return nil, err
	}
	p.Grid, p.Grids, p.Report = drawn.Grid, drawn.Report.Grids, drawn.Report
	out.Proposal = p
	return out, nil
}

// whyStopped gives the reasons of the first communities without blocks: a report of them all comes only with a
// drawing.
func whyStopped(made *ground.Ground) (zh, en string) {
	const most = 5
	var zhs, ens []string
	if made != nil {
		for _, t := range made.Territories {
			if w := t.Report.Stopped; w != nil && len(zhs) < most {
				zhs, ens = append(zhs, communityName(t.Community)+" "+w.ZH), append(ens, communityName(t.Community)+" "+w.EN)
			}
		}
	}
	if len(zhs) == 0 {
		return "请检查区划边界与地面数据的导入报告", "look at the reports of the imports of its border and its ground"
	}
	return strings.Join(zhs, "；"), strings.Join(ens, "; ")
}

func (o Order) tell(stage string, done float64) {
	if o.Progress != nil {
		o.Progress(stage, done)
	}
}

func communityName(c int64) string { return fmt.Sprintf("%012d", c) }

// leaves are the divisions that blocks are made in: communities, and towns without communities.
func leaves(ctx context.Context, tx pgx.Tx, code division.Code) ([]division.Division, error) {
	if _, err := division.Get(ctx, tx, code); err != nil {
		return nil, err
	}
	found, err := division.Leaves(ctx, tx, code)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(d division.Division) bool { return d.Level() == division.County })
	if len(found) == 0 {
		return nil, fault.New(fault.Invalid,
			fmt.Sprintf("区划 %s 及其下级没有镇街或社区的边界，先用 import divisions 导入边界", code),
			fmt.Sprintf("neither division %s nor anything below it has the border of a town or a community: import one with import divisions", code))
	}
	return found, nil
}

func liveCommunities(ctx context.Context, tx pgx.Tx, county int32) (map[int64]bool, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT community FROM grid WHERE county = $1 AND retired IS NULL`, county)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	live := make(map[int64]bool, len(found))
	for _, c := range found {
		live[c] = true
	}
	return live, err
}
