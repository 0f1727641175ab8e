package city

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"jingwei/internal/planar"
)

// feature is a GeoJSON feature as read back from a file, on the lattice.
type feature struct {
	id    string
	props map[string]any
	kind  string
	rings []planar.Ring // of a polygon; a line or a point is one ring
}

func (f feature) text(key string) string { s, _ := f.props[key].(string); return s }
func (f feature) number(key string) int  { n, _ := f.props[key].(float64); return int(n) }

type failer interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

var sevenDecimals = regexp.MustCompile(`^-?\d+\.\d{7}$`)

func load(t failer, dir, name string) []feature {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatalf("%v", err)
	}
	var c struct {
		Type     string
		Features []struct {
			Type, ID   string
			Properties map[string]any
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &c); err != nil || c.Type != "FeatureCollection" {
		t.Fatalf("%s: %v", name, err)
	}
	if lines := strings.Count(string(text), "\n"); lines != len(c.Features)+2 {
		t.Errorf("%s: %d features on %d lines", name, len(c.Features), lines)
	}
	seen := map[string]bool{}
	var out []feature
	for _, f := range c.Features {
		if f.ID == "" || seen[f.ID] || f.Properties["id"] != f.ID {
			t.Errorf("%s: id %q is missing, used twice or not the property", name, f.ID)
		}
		seen[f.ID] = true
		g := feature{id: f.ID, props: f.Properties, kind: f.Geometry.Type}
		g.rings = coordinates(t, f.Geometry.Type, f.Geometry.Coordinates)
		out = append(out, g)
	}
	return out
}

func coordinates(t failer, kind string, raw json.RawMessage) []planar.Ring {
	var rings [][][2]json.Number
	switch kind {
	case "Point":
		raw = json.RawMessage("[[" + string(raw) + "]]")
	case "LineString":
		raw = json.RawMessage("[" + string(raw) + "]")
	}
	if err := json.Unmarshal(raw, &rings); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	var out []planar.Ring
	for _, r := range rings {
		var ring planar.Ring
		for _, q := range r {
			for _, n := range q {
				if !sevenDecimals.MatchString(string(n)) {
					t.Fatalf("%s isn't on the lattice", n)
				}
			}
			x, _ := q[0].Float64()
			y, _ := q[1].Float64()
			ring = append(ring, planar.FromDegrees(x, y))
		}
		if kind == "Polygon" {
			if n := len(ring); n < 4 || ring[0] != ring[n-1] {
				t.Fatalf("a ring of %d points that isn't closed", n)
			}
			ring = ring[:len(ring)-1]
		}
		for i := range ring {
			if j := (i + 1) % len(ring); kind != "Point" && ring[i] == ring[j] && (j > 0 || kind == "Polygon") {
				t.Errorf("two equal vertices in a row at %v", ring[i])
			}
		}
		out = append(out, ring)
	}
	return out
}

// examine checks everything that a generated town promises.
func examine(t failer, dir string, m *Manifest) {
	t.Helper()
	divisions := load(t, dir, "divisions.geojson")
	buildings := load(t, dir, "buildings.geojson")
	for _, name := range []string{"walls.geojson", "landuse.geojson"} {
		load(t, dir, name)
	}
	examinePartition(t, divisions)
	examinePeople(t, m, divisions, buildings, load(t, dir, "entrances.geojson"))
	x := newGrid()
	for i, b := range buildings {
		if b.rings[0].Area2() <= 0 {
			t.Errorf("%s runs clockwise", b.id)
		}
		if selfCrossing(b.rings[0]) {
			t.Errorf("%s crosses itself", b.id)
		}
		x.add(i, b.rings[0])
	}
	for i, b := range buildings {
		for _, j := range x.near(b.rings[0]) {
			if j > i && touching(b.rings[0], buildings[j].rings[0], true) {
				t.Errorf("buildings %s and %s touch", b.id, buildings[j].id)
			}
		}
	}
	clear := func(f feature, closed bool) {
		for _, j := range x.near(f.rings[0]) {
			if touching(buildings[j].rings[0], f.rings[0], closed) {
				t.Errorf("building %s (%s) lies on %s %v", buildings[j].id, buildings[j].text("building"), f.id, f.props)
			}
		}
	}
	examineStreets(t, load(t, dir, "streets.geojson"))
	for _, name := range []string{"streets.geojson", "rail.geojson", "walls.geojson"} {
		for _, f := range load(t, dir, name) {
			clear(f, false)
		}
	}
	for _, f := range load(t, dir, "water.geojson") {
		clear(f, f.kind == "Polygon")
	}
}

func examinePeople(t failer, m *Manifest, divisions, buildings, entrances []feature) {
	t.Helper()
	sum, at, of := 0, map[string]int{}, map[string]int{}
	for _, b := range buildings {
		n := b.number("residents")
		sum += n
		at[b.id] = n
		if n == 0 {
			continue
		}
		in := 0
		for _, d := range divisions[1:] {
			if holds(d.rings, b.rings[0][0]) {
				in++
				of[d.id] += n
			}
		}
		if in != 1 {
			t.Errorf("%s with %d residents lies in %d communities", b.id, n, in)
		}
	}
	if sum != m.People {
		t.Errorf("%d residents in buildings, want %d", sum, m.People)
	}
	for _, c := range m.Communities {
		if c.People == 0 {
			t.Errorf("nobody lives in %s %s", c.Code, c.Name)
		}
		if of[c.Code] != c.People {
			t.Errorf("%s %s: %d residents in buildings, the manifest says %d", c.Code, c.Name, of[c.Code], c.People)
		}
	}
	behind := map[string]int{}
	for _, e := range entrances {
		behind[e.text("building")] += e.number("residents")
	}
	for id, n := range behind {
		if at[id] != n {
			t.Errorf("%s has %d residents and %d behind its entrances", id, at[id], n)
		}
	}
}

// examineStreets checks that one can get from anywhere to anywhere: ways meet in shared vertices.
func examineStreets(t failer, streets []feature) {
	t.Helper()
	up := map[planar.Point]planar.Point{}
	var root func(p planar.Point) planar.Point
	root = func(p planar.Point) planar.Point {
		if q, ok := up[p]; ok && q != p {
			up[p] = root(q)
			return up[p]
		}
		up[p] = p
		return p
	}
	for _, s := range streets {
		for _, p := range s.rings[0] {
			up[root(p)] = root(s.rings[0][0])
		}
	}
	parts := map[planar.Point][]string{}
	for _, s := range streets {
		r := root(s.rings[0][0])
		parts[r] = append(parts[r], s.id+" "+s.text("highway"))
	}
	largest := 0
	for _, p := range parts {
		largest = max(largest, len(p))
	}
	for _, p := range parts {
		if len(p) < largest {
			t.Errorf("%d ways are cut off from the others: %v", len(p), p[:min(len(p), 5)])
		}
	}
}

// examinePartition pairs every edge: between two communities once each way, along the town's border once
// with and once against it.
func examinePartition(t failer, divisions []feature) {
	t.Helper()
	type edge struct{ a, b planar.Point }
	used := map[edge]int{}
	count := func(f feature, sign int) {
		for k, ring := range f.rings {
			if (ring.Area2() > 0) != (k == 0) {
				t.Errorf("%s: ring %d runs the wrong way round", f.id, k)
			}
			for i, p := range ring {
				q := ring[(i+1)%len(ring)]
				if sign < 0 {
					p, q = q, p
				}
				used[edge{p, q}]++
			}
		}
	}
	var total, parts int64
	for i, f := range divisions {
		sign := 1
		if i == 0 {
			sign = -1
		}
		count(f, sign)
		for _, r := range f.rings {
			if i == 0 {
				total += r.Area2()
			} else {
				parts += r.Area2()
			}
		}
	}
	for e, n := range used {
		if n != 1 || used[edge{e.b, e.a}] != 1 {
			t.Errorf("the edge from %v to %v is used %d and %d times", e.a, e.b, n, used[edge{e.b, e.a}])
			return
		}
	}
	if total != parts {
		t.Errorf("the communities have %d half square steps, the town %d", parts, total)
	}
}

// grid is an index of boxes in cells of about a hundred metres.
type grid map[[2]int32][]int

const cell = 10_000

func newGrid() grid { return grid{} }

func cells(ring planar.Ring, each func([2]int32)) {
	lo, hi := ring[0], ring[0]
	for _, p := range ring {
		lo = planar.Point{X: min(lo.X, p.X), Y: min(lo.Y, p.Y)}
		hi = planar.Point{X: max(hi.X, p.X), Y: max(hi.Y, p.Y)}
	}
	for x := lo.X / cell; x <= hi.X/cell; x++ {
		for y := lo.Y / cell; y <= hi.Y/cell; y++ {
			each([2]int32{x, y})
		}
	}
}

func (g grid) add(i int, ring planar.Ring) {
	cells(ring, func(c [2]int32) { g[c] = append(g[c], i) })
}

func (g grid) near(ring planar.Ring) []int {
	seen := map[int]bool{}
	var out []int
	cells(ring, func(c [2]int32) {
		for _, i := range g[c] {
			if !seen[i] {
				seen[i] = true
				out = append(out, i)
			}
		}
	})
	return out
}

func turn(a, b, c planar.Point) int {
	d := int64(b.X-a.X)*int64(c.Y-a.Y) - int64(b.Y-a.Y)*int64(c.X-a.X)
	switch {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

// meet tells whether two segments share a point, exactly.
func meet(a, b, c, d planar.Point) bool {
	if max(a.X, b.X) < min(c.X, d.X) || max(c.X, d.X) < min(a.X, b.X) ||
		max(a.Y, b.Y) < min(c.Y, d.Y) || max(c.Y, d.Y) < min(a.Y, b.Y) {
		return false
	}
	return turn(a, b, c)*turn(a, b, d) <= 0 && turn(c, d, a)*turn(c, d, b) <= 0
}

// touching tells whether a ring shares a point with a line, or with another ring's inside.
func touching(ring, line planar.Ring, closed bool) bool {
	n := len(line)
	if !closed {
		n--
	}
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		for j := range n {
			if meet(a, b, line[j], line[(j+1)%len(line)]) {
				return true
			}
		}
	}
	return holds([]planar.Ring{ring}, line[0]) || closed && holds([]planar.Ring{line}, ring[0])
}

func selfCrossing(ring planar.Ring) bool {
	n := len(ring)
	for i := range ring {
		for j := i + 2; j < n; j++ {
			if (j+1)%n != i && meet(ring[i], ring[i+1], ring[j], ring[(j+1)%n]) {
				return true
			}
		}
	}
	return false
}

// holds tells whether a point lies in a polygon (even-odd over all its rings).
func holds(rings []planar.Ring, p planar.Point) bool {
	in := false
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if (a.Y > p.Y) != (b.Y > p.Y) {
				if s := turn(a, b, p); (s > 0) == (b.Y > a.Y) && s != 0 {
					in = !in
				}
			}
		}
	}
	return in
}

func squareKilometres(f feature) float64 {
	var a int64
	for _, r := range f.rings {
		a += r.Area2()
	}
	g := newGlobe(townLon, townLat)
	return float64(a) / 2 * (g.perLon / planar.Scale) * (g.perLat / planar.Scale) / 1e6
}
