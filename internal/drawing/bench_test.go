package drawing

import (
	"context"
	"testing"
	"time"
)

func BenchmarkDrawVoronoi20000(b *testing.B) {
	benchmark(b, voronoi(20_000, 16, 68_000, 1), Options{Time: 5 * time.Second, Seed: 1})
}

func BenchmarkDrawVoronoi250000(b *testing.B) {
	benchmark(b, voronoi(250_000, 200, 850_000, 1), Options{Time: 10 * time.Second, Seed: 1})
}

func BenchmarkDrawMetis250000(b *testing.B) {
	p := voronoi(250_000, 200, 850_000, 1)
	for _, one := range []struct {
		name  string
		weigh func(half) float64
	}{
		{"length", func(h half) float64 { return h.length * 10 }},
		{"streets-half", func(h half) float64 { return (h.length - h.along/2) * 10 }},
		{"streets-tenth", func(h half) float64 { return (h.length - h.along*.9) * 10 }},
	} {
		b.Run(one.name, func(b *testing.B) {
			var grid []int32
			var seconds float64
			for b.Loop() {
				grid, seconds = metis(b, p, Options{}, one.weigh)
			}
			show(b, Measure(p, grid, Options{}), seconds)
		})
	}
}

func benchmark(b *testing.B, p *Problem, o Options) {
	var d *Drawing
	for b.Loop() {
		var err error
		if d, err = Draw(context.Background(), p, o); err != nil {
			b.Fatal(err)
		}
	}
	show(b, d.Report, d.Report.Seconds)
}

// show adds a drawing's figures to a benchmark's line.
func show(b *testing.B, r Report, seconds float64) {
	b.ReportMetric(float64(r.Grids), "grids")
	b.ReportMetric(float64(r.InBandFeasible)/float64(r.Feasible)*100, "%inband")
	b.ReportMetric(float64(r.Broken+r.Crossing), "broken")
	b.ReportMetric(r.CompactnessMean, "compact")
	b.ReportMetric(r.CompactnessP05, "p05")
	b.ReportMetric(r.OnStreets*100, "%streets")
	b.ReportMetric(seconds, "s")
}
