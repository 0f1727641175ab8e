package drawing

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// The instances of design section 6, drawn with each preset, by the plain annealer, and by gpmetis per community on the same graph and with the
// same number of grids, in the same run.

func BenchmarkDrawVoronoi20000(b *testing.B) { presetsAndMetis(b, 20_000, 16, 68_000, 5*time.Second) }

func BenchmarkDrawVoronoi250000(b *testing.B) {
	presetsAndMetis(b, 250_000, 200, 850_000, 10*time.Second)
}

func presetsAndMetis(b *testing.B, blocks, communities int, people int64, limit time.Duration) {
	p := voronoi(blocks, communities, people, 1)
	for _, preset := range Presets() {
		b.Run(preset, func(b *testing.B) { MeasureDraw(b, p, Options{Time: limit, Seed: 1, Preset: preset}) })
	}
	MeasurePlain(b, p, limit)
	MeasureMetis(b, p)
}

// MeasureDraw draws a problem and shows the figures of the drawing.
func MeasureDraw(b *testing.B, p *Problem, o Options) {
	var d *Drawing
	for b.Loop() {
		var err error
		if d, err = Draw(context.Background(), p, o); err != nil {
			b.Fatal(err)
		}
	}
	if d.Report.StoppedEarly {
		b.Log("stopped by the clock: the machine is busy")
	}
	show(b, d.Report, d.Report.Seconds)
}

// MeasureMetis is the baseline: borders weigh their length, half of it along streets, or a tenth.
func MeasureMetis(b *testing.B, p *Problem) {
	for _, one := range []struct {
		name   string
		street float64
	}{{"metis-length", 1}, {"metis-streets-half", .5}, {"metis-streets-tenth", .1}} {
		b.Run(one.name, func(b *testing.B) {
			var grid []int32
			var seconds float64
			for b.Loop() {
				grid, seconds = metis(b, p, Options{}, func(h half) float64 { return 10 * (h.length - h.along*(1-one.street)) })
			}
			show(b, Measure(p, grid, Options{}), seconds)
		})
	}
}

// show adds a drawing's figures to a benchmark's line.
func show(b *testing.B, r Report, seconds float64) {
	b.ReportMetric(float64(r.Grids), "grids")
	b.ReportMetric(float64(r.InBandFeasible)/float64(max(r.Feasible, 1))*100, "%inband")
	b.ReportMetric(float64(r.Broken+r.Crossing), "broken")
	b.ReportMetric(r.CompactnessMean, "compact")
	b.ReportMetric(r.CompactnessP05, "p05")
	b.ReportMetric(r.OnStreets*100, "%streets")
	b.ReportMetric(seconds, "s")
	if r.FirstSeconds > 0 {
		b.ReportMetric(r.FirstSeconds, "first")
	}
}

// BenchmarkRedraw is the redrawing of 20,000 blocks of which 3 % have changed, beside a fresh drawing of them: how many are
// brought back, how many people move for it, and how long it takes as a share of drawing afresh.
func BenchmarkRedraw(b *testing.B) {
	for _, times := range []float64{2, 3, 4} {
		b.Run(fmt.Sprintf("changed-up-to-%.0f-fold", times), func(b *testing.B) {
			p := voronoi(20_000, 16, 68_000, 1)
			first, err := Draw(b.Context(), p, Options{Seed: 1, Time: 3 * time.Second})
			if err != nil {
				b.Fatal(err)
			}
			r := newRandom(11)
			changeSome(p, &r, 0.03, times)
			var d *Drawing
			for b.Loop() {
				if d, err = Draw(b.Context(), p, Options{Seed: 2, Start: first.Grid}); err != nil {
					b.Fatal(err)
				}
			}
			show(b, d.Report, d.Report.Seconds)
			m := d.Report.Moved
			b.ReportMetric(float64(m.OutBefore), "outbefore")
			b.ReportMetric(float64(m.OutAfter), "outafter")
			b.ReportMetric(m.Share*100, "%moved")
			b.ReportMetric(float64(m.Outside)/float64(max(d.Report.Residents, 1))*100, "%movedelsewhere")
			b.ReportMetric(d.Report.Seconds/first.Report.Seconds, "ofafresh")
		})
	}
}
