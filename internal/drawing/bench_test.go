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

func benchmark(b *testing.B, p *Problem, o Options) {
	var d *Drawing
	for b.Loop() {
		var err error
		if d, err = Draw(context.Background(), p, o); err != nil {
			b.Fatal(err)
		}
	}
	r := d.Report
	b.ReportMetric(float64(r.Grids), "grids")
	b.ReportMetric(float64(r.InBandFeasible)/float64(r.Feasible)*100, "%inband")
	b.ReportMetric(float64(r.Broken+r.Crossing), "broken")
	b.ReportMetric(r.CompactnessMean, "compact")
	b.ReportMetric(r.CompactnessP05, "p05")
	b.ReportMetric(r.OnStreets*100, "%streets")
	b.ReportMetric(r.Seconds, "s")
}
