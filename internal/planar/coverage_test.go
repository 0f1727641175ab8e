package planar

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDissolve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, label, d := dissolved(t)
		sound(t, d)
		want := sumByLabel(c.Areas2(), label)
		for f, area := range d.Areas2() {
			if area != want[int32(f)] {
				t.Fatalf("face %d: area %d, want %d", f, area, want[int32(f)])
			}
		}
		// Dissolving in two goes comes to the same.
		first := drawLabels(t, len(c.Faces))
		finer := make([]int32, len(first)) // pairs of both labels
		dense := map[[2]int32]int32{}
		var back []int32
		for i := range first {
			k := [2]int32{first[i], label[i]}
			if _, ok := dense[k]; !ok {
				dense[k] = int32(len(dense))
				back = append(back, label[i])
			}
			finer[i] = dense[k]
		}
		if len(back) > 0 {
			two := c.Dissolve(finer).Dissolve(back)
			for f := range min(len(two.Faces), len(d.Faces)) {
				if got, want := two.Polygons(int32(f)), d.Polygons(int32(f)); !reflect.DeepEqual(got, want) {
					t.Fatalf("face %d in two goes: %v, in one: %v", f, got, want)
				}
			}
			if got, want := sortedArcs(two), sortedArcs(d); !reflect.DeepEqual(got, want) {
				t.Fatalf("arcs in two goes: %v, in one: %v", got, want)
			}
		}
	})
}

func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCoverage(t)
		label := drawLabels(t, len(c.Faces))
		parts := c.Components(label)
		d := c.Dissolve(parts)
		for f := range d.Faces {
			if n := len(d.Polygons(int32(f))); n != 1 {
				t.Fatalf("component %d is in %d pieces", f, n)
			}
		}
		pieces := 0
		all := c.Dissolve(label)
		for f := range all.Faces {
			pieces += len(all.Polygons(int32(f)))
		}
		if pieces != len(d.Faces) {
			t.Fatalf("%d components, %d polygons", len(d.Faces), pieces)
		}
		for i := range parts {
			if (parts[i] < 0) != (label[i] < 0) {
				t.Fatalf("face %d: label %d, component %d", i, label[i], parts[i])
			}
		}
	})
}

func TestBorders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, c := dissolved(t)
		seen := map[int32]bool{}
		var pairs [][2]int32
		for _, b := range c.Borders() {
			if b.A >= b.B || len(b.Arcs) == 0 {
				t.Fatalf("border %v", b)
			}
			pairs = append(pairs, [2]int32{b.A, b.B})
			for _, i := range b.Arcs {
				a := c.Arcs[i]
				if seen[i] || min(a.Left, a.Right) != b.A || max(a.Left, a.Right) != b.B {
					t.Fatalf("border %v has arc %d of %d and %d", b, i, a.Left, a.Right)
				}
				seen[i] = true
			}
		}
		for i, a := range c.Arcs {
			if seen[int32(i)] != (a.Left >= 0 && a.Right >= 0) {
				t.Fatalf("arc %d: %v", i, a)
			}
		}
		neighbours := map[int32][]int32{}
		for _, p := range pairs {
			neighbours[p[0]] = append(neighbours[p[0]], p[1])
			neighbours[p[1]] = append(neighbours[p[1]], p[0])
		}
		for f, got := range c.Neighbours() {
			want := slices.Sorted(slices.Values(neighbours[int32(f)]))
			if !slices.Equal(got, want) || len(slices.Compact(want)) != len(got) {
				t.Fatalf("neighbours of %d: %v, want %v", f, got, want)
			}
		}
	})
}

func TestBuild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, c := dissolved(t)
		var faces [][]Polygon
		for f := range c.Faces {
			if p := c.Polygons(int32(f)); len(p) > 0 {
				faces = append(faces, p)
			}
		}
		for _, parts := range faces { // any direction will do, and closed rings too
			for _, p := range parts {
				for i := range p {
					if rapid.Bool().Draw(t, "turn") {
						p[i] = slices.Clone(p[i])
						p[i].Reverse()
						p[i] = append(p[i], p[i][0])
					}
				}
			}
		}
		b, err := BuildMulti(faces)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, b)
		n := 0
		for f := range c.Faces {
			want := c.Polygons(int32(f))
			if len(want) == 0 {
				continue
			}
			if got := b.Polygons(int32(n)); !reflect.DeepEqual(got, want) {
				t.Fatalf("face %d: got %v, want %v", n, got, want)
			}
			n++
		}
	})
}

func TestBuildNamesFlaws(t *testing.T) {
	square := func(x, y int32) Polygon { return Polygon{rectangle(x, y, x+4, y+4)[:4]} }
	for name, c := range map[string]struct {
		polygons []Polygon
		want     []Flaw
	}{
		"good":      {[]Polygon{square(0, 0), square(4, 0)}, nil},
		"twice":     {[]Polygon{square(0, 0), {{{0, 0}, {4, 0}, {9, 9}}}}, []Flaw{{FlawTwice, 0, 1, Point{0, 0}, Point{4, 0}}}},
		"empty":     {[]Polygon{square(0, 0), {}}, []Flaw{{FlawEmpty, 1, Outside, Point{}, Point{}}}},
		"short":     {[]Polygon{{{{1, 1}, {2, 2}, {1, 1}}}}, []Flaw{{FlawShortRing, 0, Outside, Point{1, 1}, Point{1, 1}}}},
		"flat":      {[]Polygon{{{{1, 1}, {2, 2}, {3, 3}}}}, []Flaw{{FlawFlat, 0, Outside, Point{1, 1}, Point{1, 1}}}},
		"spike":     {[]Polygon{{{{0, 0}, {4, 0}, {4, 4}, {8, 8}, {4, 4}, {0, 4}}}}, []Flaw{{FlawSpike, 0, Outside, Point{4, 4}, Point{8, 8}}}},
		"too wide":  {[]Polygon{{{{0, 0}, {MaxSpan + 1, 0}, {0, 9}}}}, []Flaw{{Kind: FlawSpan}}},
		"the other": {[]Polygon{square(0, 0), {{{0, 0}, {0, 4}, {-4, 0}}}, {{{0, 0}, {0, 4}, {-4, 9}}}}, []Flaw{{FlawTwice, 1, 2, Point{0, 0}, Point{0, 4}}}},
	} {
		_, err := Build(c.polygons)
		var span *SpanError
		if errors.As(err, &span) != (len(c.want) == 1 && c.want[0].Kind == FlawSpan) {
			t.Errorf("%s: %v", name, err)
		}
		if span != nil {
			continue
		}
		var flaw *FlawError
		if errors.As(err, &flaw) != (c.want != nil) || flaw != nil && !sameFlaws(flaw.Flaws, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// sameFlaws compares edges without their direction.
func sameFlaws(got, want []Flaw) bool {
	plain := func(f []Flaw) map[Flaw]bool {
		out := map[Flaw]bool{}
		for _, f := range f {
			if f.B.Less(f.A) {
				f.A, f.B = f.B, f.A
			}
			if f.Other != Outside && f.Other < f.Polygon {
				f.Other, f.Polygon = f.Polygon, f.Other
			}
			out[f] = true
		}
		return out
	}
	return maps.Equal(plain(got), plain(want))
}
