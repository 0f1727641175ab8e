package planar

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckFindsNothingWrongWithCoverages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCoverage(t)
		border := everything(c.Dissolve(make([]int32, len(c.Faces))))
		if flaws := Check(everything(c), border); flaws != nil {
			t.Fatal(flaws)
		}
		if flaws := Check(everything(c), nil); flaws != nil {
			t.Fatal(flaws)
		}
	})
}

// TestCheckFindsEveryMutation breaks a sound coverage in one place at a time.
func TestCheckFindsEveryMutation(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 11))
	base := func() ([]Polygon, []Polygon) {
		c, err := Polygonise(mustNode(t, append(town(500), Line{rectangle(-100, -100, 9000, 9000), 0, 0})))
		if err != nil {
			t.Fatal(err)
		}
		return everything(c), everything(c.Dissolve(make([]int32, len(c.Faces))))
	}
	if polygons, border := base(); len(polygons) < 40 || Check(polygons, border) != nil {
		t.Fatalf("%d polygons: %v", len(polygons), Check(polygons, border))
	}
	for name, m := range map[string]struct {
		mutate func(p []Polygon, i int) []Polygon
		kinds  []FlawKind
	}{
		"a vertex moved by a step": {func(p []Polygon, i int) []Polygon {
			p[i][0][random.IntN(len(p[i][0]))].X++
			return p
		}, []FlawKind{FlawUnpaired}},
		"a polygon gone":       {func(p []Polygon, i int) []Polygon { p[i] = p[i][:0]; return p }, []FlawKind{FlawEmpty, FlawUnpaired}},
		"a polygon doubled":    {func(p []Polygon, i int) []Polygon { return append(p, p[i]) }, []FlawKind{FlawTwice}},
		"a shell turned round": {func(p []Polygon, i int) []Polygon { p[i][0].Reverse(); return p }, []FlawKind{FlawWrongWay, FlawTwice}},
		"all rings turned round": {func(p []Polygon, i int) []Polygon {
			for _, r := range p[i] {
				r.Reverse()
			}
			return p
		}, []FlawKind{FlawWrongWay}},
		"a vertex left out": {func(p []Polygon, i int) []Polygon { p[i][0] = slices.Delete(p[i][0], 1, 2); return p }, []FlawKind{FlawUnpaired}},
		"a vertex put in": {func(p []Polygon, i int) []Polygon {
			a, b := p[i][0][0], p[i][0][1]
			p[i][0] = slices.Insert(p[i][0], 1, Point{(a.X + b.X) / 2, (a.Y + b.Y) / 2})
			return p
		}, []FlawKind{FlawUnpaired}},
		"a vertex twice": {func(p []Polygon, i int) []Polygon {
			p[i][0] = slices.Insert(p[i][0], 1, p[i][0][0])
			return p
		}, []FlawKind{FlawRepeat}},
		"two vertices swapped": {func(p []Polygon, i int) []Polygon {
			r := p[i][0]
			r[1], r[2] = r[2], r[1]
			return p
		}, []FlawKind{FlawUnpaired}},
		"a spike": {func(p []Polygon, i int) []Polygon {
			a := p[i][0][0]
			p[i][0] = slices.Insert(p[i][0], 1, Point{a.X - 3, a.Y - 7777}, a)
			return p
		}, []FlawKind{FlawTouching, FlawSpike}},
		"a ring of two": {func(p []Polygon, i int) []Polygon { p[i][0] = p[i][0][:2]; return p }, []FlawKind{FlawShortRing}},
		"a hole of its own": {func(p []Polygon, i int) []Polygon {
			p[i] = append(p[i], Ring{{19000, 9000}, {19000, 9010}, {19010, 9010}})
			return p
		}, []FlawKind{FlawHoleOutside, FlawUnpaired}},
	} {
		for range 20 {
			polygons, border := base()
			i := random.IntN(len(polygons))
			before := slices.Clone(polygons[i])
			polygons = m.mutate(polygons, i)
			flaws := Check(polygons, border)
			for _, kind := range m.kinds {
				if !slices.ContainsFunc(flaws, func(f Flaw) bool { return f.Kind == kind }) {
					t.Errorf("%s: no %q among %v", name, kind, flaws)
				}
			}
			if !slices.ContainsFunc(flaws, func(f Flaw) bool { return f.Polygon == int32(i) || f.Other == int32(i) }) {
				t.Errorf("%s: polygon %d (%v) isn't named in %v", name, i, before, flaws)
			}
		}
	}
}

func TestCheckExamples(t *testing.T) {
	square := rectangle(0, 0, 12, 12)[:4]
	for name, c := range map[string]struct {
		polygon Polygon
		want    []FlawKind
	}{
		"good":                       {Polygon{square}, nil},
		"a figure of eight":          {Polygon{{{0, 0}, {8, 4}, {8, 0}, {0, 6}}}, []FlawKind{FlawCrossing}},
		"an edge on a vertex":        {Polygon{{{0, 0}, {8, 0}, {8, 8}, {4, 0}, {0, 8}}}, []FlawKind{FlawCrossing}},
		"the same, the vertex first": {Polygon{{{8, 8}, {4, 0}, {0, 8}, {0, 0}, {8, 0}}}, []FlawKind{FlawCrossing}},
		"a hole that touches":        {Polygon{square, {{0, 0}, {4, 8}, {8, 4}}}, nil},
		"a hole that parts":          {Polygon{square, {{0, 0}, {10, 11}, {12, 12}, {11, 10}}}, []FlawKind{FlawSplit}},
		"holes that touch twice":     {Polygon{square, {{4, 2}, {1, 2}, {1, 8}, {4, 8}, {2, 5}}, {{4, 2}, {6, 5}, {4, 8}, {9, 8}, {9, 2}}}, []FlawKind{FlawSplit}},
		"a hole across the shell":    {Polygon{square, {{6, 6}, {6, 20}, {8, 20}, {8, 6}}}, []FlawKind{FlawCrossing}},
		"a hole in a hole":           {Polygon{square, {{1, 1}, {1, 9}, {9, 9}, {9, 1}}, {{2, 2}, {2, 4}, {4, 4}}}, []FlawKind{FlawHoleOutside}},
		"a hole that turns left":     {Polygon{square, {{1, 1}, {9, 1}, {9, 9}}}, []FlawKind{FlawWrongWay}},
		"flat":                       {Polygon{{{0, 0}, {4, 4}, {8, 8}}}, []FlawKind{FlawFlat}},
		"too wide":                   {Polygon{{{0, 0}, {MaxSpan + 1, 0}, {0, 4}}}, []FlawKind{FlawSpan}},
	} {
		var got []FlawKind
		k := &checker{builder: newBuilder(1, 10)}
		k.polygon(0, c.polygon)
		for _, f := range k.flaws {
			got = append(got, f.Kind)
		}
		if got = slices.Compact(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if wrong := multi([]Polygon{c.polygon}).Validate() != nil; wrong != (c.want != nil && c.want[0] != FlawWrongWay && c.want[0] != FlawSpan) {
			t.Errorf("%s: another opinion says wrong is %v", name, wrong)
		}
	}
}
