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
	Replace  bool   // draw again what has a live layout already
	Redraw   bool   // of what is live, only what is out of band, with as few people as can be getting another grid; implies Replace
	Hold     []Code // with Redraw: grids that stay as they are
	Stays    []Area // with Redraw: ground whose blocks stay in the grids that they are in
	Together []Area // each in one grid, where that can be; the report's warnings say where it can't
	Choices  int    // so many drawings that honestly differ, of which Choose picks one; 0 or 1: one drawing
	Choose   int    // from 1, the best first
	Settings Settings
	Unsaid   Unsaid // of Settings
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
	Choices  []Choice       // with Order.Choices, the best first; the proposal is the one that was chosen
	Same     bool           // with Order.Redraw: every grid keeps the ground that it has, and the settings are the same
}

// Choice is one of several drawings.
type Choice struct {
	Preset     string         `json:"preset"`
	Seed       uint64         `json:"seed"`
	Difference float64        `json:"difference"` // from the drawing most like it: of pairs of residents in one grid, the share that only one has together
	Report     drawing.Report `json:"report"`
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
		if live[c] && !order.Replace && !order.Redraw {
			out.Standing = append(out.Standing, c)
		} else {
			wanted = append(wanted, c)
		}
	}
	if len(wanted) == 0 {
		return out, nil
	}
	kept, err := order.settle(ctx, tx, live, wanted)
	if err != nil {
		return nil, err
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
	if err := order.stays(kept, live, out.Stopped); err != nil {
		return nil, err
	}
	p.Communities = slices.DeleteFunc(p.Communities, func(c int64) bool { return !made[c] })
	if len(p.Blocks) == 0 {
		zh, en := whyStopped(p.Born)
		return nil, fault.New(fault.Invalid,
			fmt.Sprintf("区划 %s 没有可划分的基本单元：%s", order.Division, zh),
			fmt.Sprintf("no block could be made in division %s: %s", order.Division, en))
	}
	if err := out.draw(ctx, tx, p, order); err != nil {
		return nil, err
	}
	if err := p.warnGroundless(context.WithoutCancel(ctx), tx, order.Division); err != nil { // the drawing may have been stopped: what there is, is whole
		return nil, err
	}
	for c := range live {
		if !made[c] { // what is special in the rest of the county stays so
			p.Settings.Special = unionOf(kept.Special, p.Settings.Special)
			break
		}
	}
	out.Same = out.Same && kept != nil && p.Settings.measures(*kept)
	out.Proposal = p
	return out, nil
}

// warnGroundless names the communities that have no polygon, and how many people that leaves in no grid.
func (p *Proposal) warnGroundless(ctx context.Context, tx pgx.Tx, code division.Code) error {
	missing, err := division.Groundless(ctx, tx, code)
	for _, d := range missing {
		zh, en := "人口未知", "how many people live there isn't known"
		if d.Residents >= 0 {
			zh, en = fmt.Sprintf("登记 %d 人", d.Residents), fmt.Sprintf("%d people on record", d.Residents)
		}
		p.Report.Warnings = append(p.Report.Warnings, drawing.NewWarning(string(d.Code), "no-ground",
			fmt.Sprintf("%s 没有界线，无法划分（%s，不在任何网格内）；请用 import divisions 导入其界线", d.Name, zh),
			fmt.Sprintf("%s has no polygon, so nothing was drawn in it (%s, in no grid); import its polygon with import divisions", d.Name, en)))
	}
	return err
}

// draw puts the blocks of a proposal into grids.
func (out *Outcome) draw(ctx context.Context, tx pgx.Tx, p *Proposal, order Order) error {
	if err := p.markSpecial(ctx, tx, order); err != nil {
		return err
	}
	problem := p.problem()
	o := drawing.Options{
		Target: order.Settings.Target, Tolerance: order.Settings.Tolerance, Seed: order.Settings.Seed,
		Preset: order.Settings.Preset, Divide: order.Settings.Divide, Time: order.Time, Workers: order.Workers,
		Progress: func(g drawing.Progress) { order.tell(g.Phase, g.Done) },
	}
	var apart []drawing.Warning
	o.Together, apart = p.groups(order.Together)
	defer func() {
		p.Report.Warnings = slices.Concat(p.Report.Warnings, p.inhabitedSpecial(), apart, p.uncounted)
	}()
	if order.Choices > 1 {
		if order.Redraw {
			return fault.New(fault.Invalid, "少变动重划只有一个结果，不能与备选方案同用", "redrawing with few moves has one result; it can't be asked for alternatives")
		}
		return out.choose(ctx, p, problem, o, order)
	}
	if order.Redraw {
		now, err := p.presentGrids(ctx, tx)
		if err != nil {
			return err
		}
		o.Start, o.Fixed, problem.Grid = now.grid, &drawing.Fixed{}, now.name
		for _, code := range order.Hold {
			at := now.find(code)
			if at < 0 {
				return fault.New(fault.NotFound, fmt.Sprintf("要固定的网格 %s 不在此区划的在用网格中", code),
					fmt.Sprintf("grid %s, which is to be held, isn't among the live ones of this division", code))
			}
			o.Fixed.Grids = append(o.Fixed.Grids, at)
		}
		var none []drawing.Warning
		o.Fixed.Blocks, none = p.held(order.Stays)
		apart = append(apart, none...)
	} else if len(order.Hold)+len(order.Stays) > 0 {
		return fault.New(fault.Invalid, "只有少变动重划才能固定网格或地面", "grids and ground can only be held when they are redrawn with few moves")
	}
	drawn, err := drawing.Draw(ctx, problem, o)
	if err != nil {
		return err
	}
	p.settleOn(drawn.Grid, drawn.Report)
	out.Same = order.Redraw && p.Born == nil && sameGround(o.Start, drawn.Grid)
	return nil
}

// choose makes several drawings and takes the one asked for.
func (out *Outcome) choose(ctx context.Context, p *Proposal, problem *drawing.Problem, o drawing.Options, order Order) error {
	all, err := drawing.Alternatives(ctx, problem, o, order.Choices)
	if err != nil {
		return err
	}
	for _, a := range all {
		out.Choices = append(out.Choices, Choice{a.Preset, a.Seed, a.Least, a.Report})
	}
	pick := max(1, order.Choose)
	if pick > len(all) {
		return fault.New(fault.Invalid, fmt.Sprintf("只有 %d 个确有不同的方案，没有第 %d 个", len(all), pick),
			fmt.Sprintf("there are %d drawings that honestly differ, and no number %d", len(all), pick))
	}
	p.settleOn(all[pick-1].Grid, all[pick-1].Report)
	return nil
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
