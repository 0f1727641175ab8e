package city

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/fault"
	"jingwei/internal/planar"

	"pgregory.net/rapid"
)

func generateZoucheng(t testing.TB, seed uint64, people int) (string, *Manifest) {
	t.Helper()
	dir := t.TempDir()
	m, err := Generate(context.Background(), Options{City: Zoucheng, Seed: seed, People: people, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

func TestCountySameSeedSameBytesOnAnyNumberOfCores(t *testing.T) {
	old := runtime.GOMAXPROCS(1)
	one, _ := generateZoucheng(t, 7, 12000)
	runtime.GOMAXPROCS(4)
	four, _ := generateZoucheng(t, 7, 12000)
	runtime.GOMAXPROCS(old)
	for _, name := range append(slices.Clone(names), "facilities.geojson") {
		if !bytes.Equal(content(t, one, name), content(t, four, name)) {
			t.Errorf("%s differs between one core and four", name)
		}
	}
}

func TestCountySizeAndNameOutOfBoundsAreRefused(t *testing.T) {
	for _, o := range []Options{{City: Zoucheng, People: MinPeople - 1}, {City: Zoucheng, People: MaxPeople + 1}, {City: "atlantis", People: 45000}} {
		o.Dir = t.TempDir()
		if _, err := Generate(context.Background(), o); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%+v: %v, want a refusal", o, err)
		}
	}
}

func TestFacts(t *testing.T) {
	f, err := readFacts()
	if err != nil {
		t.Fatal(err)
	}
	n, seen := 0, map[string]bool{}
	for _, town := range f.towns {
		for _, c := range town.communities {
			if len(c.code) != 12 || !strings.HasPrefix(c.code, town.code) || seen[c.code] || strings.Contains(c.name, "委") {
				t.Errorf("%s %s in %s", c.code, c.name, town.name)
			}
			seen[c.code] = true
			n++
		}
	}
	if f.code != CountyCode || len(f.towns) != 16 || n != 714 {
		t.Errorf("%s has %d towns and %d communities", f.code, len(f.towns), n)
	}
	if flaws := planar.Check([]planar.Polygon{f.border}, []planar.Polygon{f.border}); len(flaws) > 0 {
		t.Errorf("the outline: %v", flaws)
	}
}

func TestCountyIsSound(t *testing.T) {
	for _, c := range []struct {
		seed   uint64
		people int
	}{{13, 60000}, {3, MinPeople}, {1, 850000}} {
		s, dir := newInspector(t), t.TempDir()
		m, err := Generate(context.Background(), Options{City: Zoucheng, Seed: c.seed, People: c.people, Dir: dir, Takers: s.takers()})
		if err != nil {
			t.Fatal(err)
		}
		examineCounty(t, dir, m, c.people)
		s.finish(dir, c.people) // in the whole county nothing may be wrong with anybody
		if c.people == 850000 {
			s.census()
			if n := len(s.at); n < 280_000 || n > 360_000 {
				t.Errorf("%d houses", n)
			}
		}
	}
}

// examineCounty checks what a generated county promises.
func examineCounty(t failer, dir string, m *Manifest, people int) {
	t.Helper()
	divisions := load(t, dir, "divisions.geojson")
	level := map[string][]feature{}
	for _, d := range divisions {
		level[d.text("level")] = append(level[d.text("level")], d)
	}
	f, err := readFacts()
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(level["county"]) != 1 || len(level["town"]) != 16 || len(level["community"]) != 714 {
		t.Fatalf("%d counties, %d towns, %d communities", len(level["county"]), len(level["town"]), len(level["community"]))
	}
	border := polygonsOf(level["county"])
	for _, of := range []string{"town", "community"} {
		if flaws := planar.Check(polygonsOf(level[of]), border); len(flaws) > 0 {
			t.Errorf("%s borders: %d flaws, the first %v", of, len(flaws), flaws[0])
		}
	}
	for _, p := range f.border[0] { // the county's border is the real one, with more vertices on it
		if !onRings(border, p) {
			t.Errorf("the outline's vertex %v isn't on the border", p)
		}
	}
	want := map[string]string{}
	for _, town := range f.towns {
		for _, c := range town.communities {
			want[c.code] = c.name
		}
	}
	index := map[string]int{}
	for i, d := range level["community"] {
		if want[d.id] != d.text("name") {
			t.Errorf("%s is called %s, want %s", d.id, d.text("name"), want[d.id])
		}
		index[d.id] = i
	}
	examineCountyBuildings(t, dir, m, people, polygonsOf(level["community"]), index)
}

func examineCountyBuildings(t failer, dir string, m *Manifest, people int, communities []planar.Polygon, index map[string]int) {
	t.Helper()
	ground, err := planar.Build(communities)
	if err != nil {
		t.Fatalf("%v", err)
	}
	locate := planar.NewFaceLocator(ground)
	buildings := load(t, dir, "buildings.geojson")
	sum, in := 0, make([]int, len(communities))
	boxes := newGrid()
	for i, b := range buildings {
		n := b.number("residents")
		sum += n
		home := locate.Face(b.rings[0][0])
		for _, p := range b.rings[0] {
			if locate.Face(p) != home || home < 0 {
				t.Errorf("%s lies in the communities %d and %d", b.id, home, locate.Face(p))
				break
			}
		}
		if home >= 0 {
			in[home] += n
		}
		if b.rings[0].Area2() <= 0 || selfCrossing(b.rings[0]) {
			t.Errorf("%s crosses itself or runs clockwise", b.id)
		}
		boxes.add(i, b.rings[0])
	}
	if sum != people || m.People != people {
		t.Errorf("%d residents in buildings, want %d", sum, people)
	}
	for _, c := range m.Communities {
		if c.People < 1 || in[index[c.Code]] != c.People {
			t.Errorf("%s %s: %d residents in buildings, the manifest says %d", c.Code, c.Name, in[index[c.Code]], c.People)
		}
	}
	for i, b := range buildings {
		for _, j := range boxes.near(b.rings[0]) {
			if j > i && touching(b.rings[0], buildings[j].rings[0], true) {
				t.Errorf("buildings %s and %s touch", b.id, buildings[j].id)
			}
		}
	}
	if len(load(t, dir, "facilities.geojson")) < 714 {
		t.Errorf("fewer facilities than communities")
	}
	behind := map[string]int{}
	for _, e := range load(t, dir, "entrances.geojson") {
		behind[e.text("building")] += e.number("residents")
	}
	for _, b := range buildings {
		if n, ok := behind[b.id]; ok && n != b.number("residents") {
			t.Errorf("%s has %d residents and %d behind its entrances", b.id, b.number("residents"), n)
		}
	}
	streets := load(t, dir, "streets.geojson")
	examineStreets(t, streets)
	for _, name := range []string{"streets.geojson", "rail.geojson", "water.geojson"} {
		for _, f := range load(t, dir, name) {
			for _, j := range boxes.near(f.rings[0]) {
				if touching(buildings[j].rings[0], f.rings[0], f.kind == "Polygon") {
					t.Errorf("building %s (%s) lies on %s %v", buildings[j].id, buildings[j].text("building"), f.id, f.props)
				}
			}
		}
	}
}

func polygonsOf(all []feature) []planar.Polygon {
	var out []planar.Polygon
	for _, f := range all {
		out = append(out, f.rings)
	}
	return out
}

func onRings(polygons []planar.Polygon, p planar.Point) bool {
	for _, polygon := range polygons {
		for _, r := range polygon {
			for _, q := range r {
				if p == q {
					return true
				}
			}
		}
	}
	return false
}

func BenchmarkCounty(b *testing.B) {
	dir := b.TempDir()
	for i := range b.N {
		if _, err := Generate(context.Background(), Options{City: Zoucheng, Seed: uint64(i + 1), People: 850000, Dir: dir}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestNudgeKeepsTheSum(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(1, 3000), 1, 60).Draw(r, "counts")
		weights := make([]float64, len(counts))
		before := 0
		for i, n := range counts {
			weights[i] = float64(rapid.IntRange(0, 1).Draw(r, "weight"))
			before += n
		}
		kept := slices.Clone(counts)
		nudge(counts, weights)
		after := 0
		for i, n := range counts {
			after += n
			if n < 1 || weights[i] == 0 && n != kept[i] {
				r.Fatalf("%d became %d", kept[i], n)
			}
		}
		if after != before {
			r.Fatalf("%d people became %d", before, after)
		}
	})
}
