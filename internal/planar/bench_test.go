package planar

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// town draws a street net of about n segments: crooked streets that cross, houses between them.
func town(n int) []Line {
	random := rand.New(rand.NewPCG(7, 7))
	side := int(math.Sqrt(float64(n) / 9))
	var lines []Line
	at := func(i, j int) Point {
		return Point{int32(i*1000) + random.Int32N(300), int32(j*1000) + random.Int32N(300)}
	}
	for i := range side {
		var across, up []Point
		for j := range side {
			across, up = append(across, at(j, i)), append(up, at(i, j))
		}
		lines = append(lines, Line{across, 2, int32(2 * i)}, Line{up, 2, int32(2*i + 1)})
		for j := range side {
			p := Point{int32(i*1000) + 350 + random.Int32N(100), int32(j*1000) + 350 + random.Int32N(100)}
			w, h := 100+random.Int32N(200), 100+random.Int32N(200)
			lines = append(lines, Line{rectangle(p.X, p.Y, p.X+w, p.Y+h), 1, -1})
		}
	}
	return lines
}

func BenchmarkNode(b *testing.B) {
	lines := town(100_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Node(context.Background(), lines); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPolygonise(b *testing.B) {
	edges := mustNode(b, town(100_000))
	b.ReportMetric(float64(len(edges)), "edges")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Polygonise(edges); err != nil {
			b.Fatal(err)
		}
	}
}

// honeycomb makes n six-sided blocks and gives each a grid, some 170 blocks to one.
func honeycomb(n int) ([]Polygon, []int32) {
	side := int(math.Sqrt(float64(n)))
	random := rand.New(rand.NewPCG(9, 9))
	jitter := make([]Point, (2*side+3)*(side+2))
	for i := range jitter {
		jitter[i] = Point{random.Int32N(20), random.Int32N(20)}
	}
	at := func(i, j int) Point { // corners of a brick wall, bent
		q := jitter[j*(2*side+3)+i]
		return Point{int32(i*50) + q.X, int32(j*100) + q.Y}
	}
	var blocks []Polygon
	var label []int32
	wide := (side + 12) / 13
	for j := range side {
		for i := range side {
			x := 2*i + j%2
			blocks = append(blocks, Polygon{{at(x, j), at(x+1, j), at(x+2, j), at(x+2, j+1), at(x+1, j+1), at(x, j+1)}})
			label = append(label, int32(j/13*wide+i/13))
		}
	}
	return blocks, label
}

func BenchmarkBuild(b *testing.B) {
	blocks, _ := honeycomb(250_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Build(blocks); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDissolve(b *testing.B) {
	blocks, label := honeycomb(250_000)
	c, err := Build(blocks)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Dissolve(label)
	}
}

func BenchmarkSimplify(b *testing.B) {
	c, err := Polygonise(mustNode(b, town(100_000)))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Simplify(2000)
	}
}

func BenchmarkCheck(b *testing.B) {
	blocks, _ := honeycomb(250_000)
	c, err := Build(blocks)
	if err != nil {
		b.Fatal(err)
	}
	border := c.Dissolve(make([]int32, len(blocks))).Polygons(0)
	b.ReportAllocs()
	for b.Loop() {
		if flaws := Check(blocks, border); flaws != nil {
			b.Fatal(flaws)
		}
	}
}

func BenchmarkFaceLocator(b *testing.B) {
	blocks, _ := honeycomb(250_000)
	c, err := Build(blocks)
	if err != nil {
		b.Fatal(err)
	}
	locator := NewFaceLocator(c)
	random := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		locator.Face(Point{random.Int32N(50_000), random.Int32N(50_000)})
	}
}

func BenchmarkCut(b *testing.B) {
	blocks, _ := honeycomb(1500)
	c, err := Build(blocks)
	if err != nil {
		b.Fatal(err)
	}
	line := []Point{{blocks[700][0][0].X - 100, blocks[700][0][0].Y + 50}, {blocks[700][0][0].X + 300, blocks[700][0][0].Y + 50}}
	for b.Loop() {
		if _, _, err := c.Cut(700, line); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMeasure(b *testing.B) {
	blocks, _ := honeycomb(250_000)
	c, err := Build(blocks)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Measure(c, func(p Point) (x, y float64) { return float64(p.X), float64(p.Y) })
	}
}
