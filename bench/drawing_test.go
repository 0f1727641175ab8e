package bench

import (
	"context"
	"fmt"
	"runtime"

	"jingwei/internal/drawing"
	"jingwei/internal/ground"
	"jingwei/internal/layout"
)

func drawingTable() *table {
	t := tableAt(20, "Drawing grids", "what", "grids", "in band (of feasible)", "broken", "compactness mean / p05", "on streets", "seconds", "first after")
	t.say("Definitions are the engine's own (`internal/drawing`): in band is 600 ± 15 %%, counted among the communities in which that can be had at all; "+
		"compactness is A²/(2πI); on streets is the share of the borders between grids of one community that runs along a barrier. gpmetis "+
		"draws each community by itself, contiguous, with as many grids as ours, on the same graph; its seconds are those of its runs, "+
		"one after the other, ours are on %d cores. First after: when every community had a complete drawing, connected and within its border. All rows of one ground are measured by the same function.", runtime.GOMAXPROCS(0))
	if gpmetis() == "" {
		t.remark("gpmetis isn't installed here (Debian: `metis`), so there is no baseline; `make bench` doesn't install it.")
	}
	return t
}

func measureDrawing(c *county) {
	c.draw(townLook)
	p := c.outcome.Proposal
	r := p.Report
	if r.Broken+r.Crossing > 0 {
		c.Fatalf("%s: %d grids are broken, %d cross a border", c.name, r.Broken, r.Crossing)
	}
	what := fmt.Sprintf("%s, %d blocks, %d communities", c.name, r.Blocks, r.Communities)
	drawingTable().row(c.B, figures(what+": ours, preset balanced", r, r.Seconds)...)
	for _, preset := range drawing.Presets() {
		if preset == "balanced" {
			continue
		}
		d, err := drawing.Draw(context.Background(), problem(p), drawing.Options{Seed: 1, Time: townLook, Preset: preset})
		if err != nil {
			c.Fatal(err)
		}
		drawingTable().row(c.B, figures(c.name+": ours, preset "+preset, d.Report, d.Report.Seconds)...)
	}
	why := map[string]int{}
	for _, i := range r.Infeasible {
		why[i.Within]++
	}
	drawingTable().remark("%s: in %d of %d communities some or all grids can't be in band; of the %d feasible grids %d are.", c.name, len(why), r.Communities, r.Feasible, r.InBandFeasible)
	for _, edge := range metisEdges {
		if gpmetis() == "" {
			break
		}
		q := problem(p)
		grid, took := drawWithMetis(c.B, q, p.Grid, edge.weigh)
		report := drawing.Measure(q, grid, drawing.Options{})
		drawingTable().row(c.B, figures(c.name+": gpmetis, "+edge.name, report, took.Seconds())...)
		if report.Grids < r.Grids {
			drawingTable().remark("Of the %d grids that it was asked for in %s, gpmetis (%s) left %d empty.", r.Grids, c.name, edge.name, r.Grids-report.Grids)
		}
	}
	c.whole()
}

// figures are the cells of a drawing's row.
func figures(what string, r drawing.Report, seconds float64) []string {
	return []string{what, fmt.Sprint(r.Grids), fmt.Sprintf("%.1f %%", 100*float64(r.InBandFeasible)/float64(max(1, r.Feasible))), fmt.Sprint(r.Broken + r.Crossing),
		fmt.Sprintf("%.3f / %.3f", r.CompactnessMean, r.CompactnessP05), fmt.Sprintf("%.0f %%", 100*r.OnStreets), fmt.Sprintf("%.1f", seconds), orDash(r.FirstSeconds)}
}

// orDash is seconds, where there are any.
func orDash(seconds float64) string {
	if seconds == 0 {
		return "—"
	}
	return fmt.Sprintf("%.1f", seconds)
}

// problem is a proposal as the engine sees it: what lies between two communities is no border of a grid.
func problem(p *layout.Proposal) *drawing.Problem {
	out := &drawing.Problem{Blocks: make([]drawing.Block, len(p.Blocks))}
	index := map[int64]int32{}
	for i, b := range p.Blocks {
		within, seen := index[b.Community]
		if !seen {
			within = int32(len(out.Within))
			index[b.Community] = within
			out.Within = append(out.Within, fmt.Sprint(b.Community))
		}
		out.Blocks[i] = drawing.Block{Weight: int64(b.Residents), Within: within,
			Area: b.Shape.Area, Cx: b.Shape.Cx, Cy: b.Shape.Cy, Second: b.Shape.Second, Outer: b.Shape.Outer}
	}
	for _, e := range p.Borders {
		if e.B < 0 || p.Blocks[e.A].Community != p.Blocks[e.B].Community {
			continue
		}
		border := drawing.Border{A: e.A, B: e.B, Length: e.Length}
		if e.Barrier != ground.Nothing {
			border.Along, border.Strength = e.Length, e.Length
		}
		out.Borders = append(out.Borders, border)
	}
	return out
}

// metisEdges are the ways to weigh a border for gpmetis, which cuts where the sum of the weights is least.
var metisEdges = []struct {
	name  string
	weigh func(length, along float64) float64
}{
	{"shortest borders", func(length, _ float64) float64 { return length }},
	{"streets at half", func(length, along float64) float64 { return length - .5*along }},
	{"streets at a tenth", func(length, along float64) float64 { return length - .9*along }},
}
