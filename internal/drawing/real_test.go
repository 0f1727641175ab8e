package drawing

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// realProblem makes an instance from 清华园街道 with its 44,166 residents spread over its dwellings by footprint × levels:
// Voronoi cells of building middles and of points on both sides of its streets, so that streets run along borders.
// Lumpy as real ground is: a median dwelling holds 119 people. It skips where the data isn't.
func realProblem(tb testing.TB) *Problem {
	dir := os.Getenv("JINGWEI_REALDATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	dir = filepath.Join(dir, "qinghuayuan")
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("real data not found in %s (set JINGWEI_REALDATA)", dir)
	}
	m := &realMaker{cosine: math.Cos(40 * math.Pi / 180)}
	m.outline = m.lines(tb, filepath.Join(dir, "boundary.geojson"))[0].line
	m.buildings(m.lines(tb, filepath.Join(dir, "buildings.geojson")))
	m.streets(m.lines(tb, filepath.Join(dir, "streets.geojson")))
	return m.problem()
}

type realLine struct {
	line  []vec
	props map[string]any
}

type realMaker struct {
	cosine  float64
	outline []vec
	points  []vec
	load    []float64
	street  []int // the street a point stands at, −1 for buildings
	kind    []float64
}

// lines reads the outer ring or the line of every feature, in metres from a corner.
func (m *realMaker) lines(tb testing.TB, file string) (out []realLine) {
	raw, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var fc struct {
		Features []struct {
			Properties map[string]any
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(raw, &fc); err != nil {
		tb.Fatal(err)
	}
	for _, f := range fc.Features {
		var ring [][2]float64
		if f.Geometry.Type == "Polygon" {
			var rings [][][2]float64
			if err := json.Unmarshal(f.Geometry.Coordinates, &rings); err != nil {
				tb.Fatal(err)
			}
			ring = rings[0]
		} else if err := json.Unmarshal(f.Geometry.Coordinates, &ring); err != nil {
			tb.Fatal(err)
		}
		l := realLine{props: f.Properties}
		for _, c := range ring {
			l.line = append(l.line, vec{(c[0] - 116.30) * 111320 * m.cosine, (c[1] - 39.98) * 111320})
		}
		out = append(out, l)
	}
	return out
}

func (m *realMaker) inside(p vec) bool {
	in := false
	for i, a := range m.outline {
		b := m.outline[(i+1)%len(m.outline)]
		if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
			in = !in
		}
	}
	return in
}

func (m *realMaker) add(p vec, load float64, street int) {
	if !m.inside(p) {
		return
	}
	for _, q := range m.points {
		if load == 0 && math.Hypot(p.x-q.x, p.y-q.y) < 8 {
			return
		}
	}
	m.points = append(m.points, p)
	m.load = append(m.load, load)
	m.street = append(m.street, street)
}

// perFloor is how many residents a m² of dwelling floor holds here.
const perFloor = 44166.0 / 1_150_000

// buildings puts a point into each, and several along the long axis of one too big for a grid.
func (m *realMaker) buildings(all []realLine) {
	for _, l := range all {
		poly := make([]corner, len(l.line)-1)
		for i := range poly {
			poly[i].vec = l.line[i]
		}
		area, cx, cy, _ := moments(poly)
		area = math.Abs(area)
		levels := map[any]float64{"residential": 6, "dormitory": 6, "bungalow": 1}[l.props["building"]]
		n := 1.0
		if w := area * levels * perFloor; w > 690 { // too big for a grid: cut by entrances
			n = math.Ceil(w / 120)
		}
		var far, dx, dy float64
		for _, c := range poly {
			if d := math.Hypot(c.x-cx, c.y-cy); d > far {
				far, dx, dy = d, (c.x-cx)/d, (c.y-cy)/d
			}
		}
		for i := range int(n) {
			at := (float64(i) + 0.5 - n/2) * 2 * far / n
			m.add(vec{cx + at*dx, cy + at*dy}, area*levels/n, -1)
		}
	}
}

// streets puts points on both sides of those that cars use, every 40 m.
func (m *realMaker) streets(all []realLine) {
	cars := map[any]float64{"residential": 1, "service": .6, "unclassified": 1, "pedestrian": .6, "secondary_link": 1}
	for s, l := range all {
		m.kind = append(m.kind, cars[l.props["highway"]])
		if m.kind[s] == 0 {
			continue
		}
		for i := 1; i < len(l.line); i++ {
			a, b := l.line[i-1], l.line[i]
			d := math.Hypot(b.x-a.x, b.y-a.y)
			steps := max(1, math.Round(d/40))
			for k := range int(steps) {
				t := (float64(k) + 0.5) / steps
				x, y := a.x+t*(b.x-a.x), a.y+t*(b.y-a.y)
				nx, ny := -(b.y-a.y)/max(d, 1)*10, (b.x-a.x)/max(d, 1)*10
				m.add(vec{x + nx, y + ny}, 0, s)
				m.add(vec{x - nx, y - ny}, 0, s)
			}
		}
	}
}

func (m *realMaker) problem() *Problem {
	var side float64
	for _, p := range m.outline {
		side = max(side, p.x, p.y)
	}
	cells := newBuckets(m.points, side+50)
	p := &Problem{Blocks: make([]Block, len(m.points)), Within: []string{"清华园街道"}}
	for i := range m.points {
		var poly []corner
		for _, v := range cells.cell(int32(i)) { // far cells at the edge are cut short, as the division would
			if d := math.Hypot(v.x-m.points[i].x, v.y-m.points[i].y); d > 120 {
				v.x, v.y = m.points[i].x+(v.x-m.points[i].x)*120/d, m.points[i].y+(v.y-m.points[i].y)*120/d
			}
			poly = append(poly, v)
		}
		area, cx, cy, second := moments(poly)
		p.Blocks[i] = Block{Area: area, Cx: cx, Cy: cy, Second: second}
		for v := range poly {
			next := poly[(v+1)%len(poly)]
			length := math.Hypot(next.x-poly[v].x, next.y-poly[v].y)
			j := poly[v].beyond
			if j <= int32(i) || length < 0.01 {
				continue
			}
			e := Border{A: int32(i), B: j, Length: length}
			if s := m.street[i]; s >= 0 && m.street[j] == s && math.Hypot(m.points[i].x-m.points[j].x, m.points[i].y-m.points[j].y) < 22 {
				e.Along, e.Strength = length, length*m.kind[s]
			}
			p.Borders = append(p.Borders, e)
		}
	}
	apportion(p, m.load, 44166)
	return p
}

func BenchmarkDrawReal(b *testing.B) {
	p := realProblem(b)
	people, heavy := 0, int64(0)
	for _, k := range p.Blocks {
		if k.Weight > 0 {
			people++
		}
		heavy = max(heavy, k.Weight)
	}
	b.Logf("%d blocks, %d with people, the heaviest %d", len(p.Blocks), people, heavy)
	for _, preset := range Presets() {
		b.Run(preset, func(b *testing.B) {
			var d *Drawing
			for b.Loop() {
				var err error
				if d, err = Draw(context.Background(), p, Options{Seed: 1, Preset: preset, Time: 10 * time.Second}); err != nil {
					b.Fatal(err)
				}
			}
			show(b, d.Report, d.Report.Seconds)
		})
	}
}
