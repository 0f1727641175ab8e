package city

import (
	"context"
	"math"
	"testing"

	"jingwei/internal/planar"
)

// laidOut is a county as far as its villages, before anything is built.
func laidOut(t *testing.T, seed uint64, people int) *county {
	t.Helper()
	f, err := readFacts()
	if err != nil {
		t.Fatal(err)
	}
	c := newCounty(f, Options{Seed: seed, People: people, Progress: func(string, float64) {}})
	for _, step := range []func(context.Context) error{c.foundTowns, c.divideLand, c.layVillages} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestVillagesDiffer(t *testing.T) {
	c := laidOut(t, 1, 850000)
	of, east := map[pattern]int{}, map[pattern]int{}
	turns := map[int]int{}
	for _, h := range c.villages {
		if h == nil {
			continue
		}
		of[h.form.pattern]++
		if h.terrain.at.x > 0 {
			east[h.form.pattern]++
		}
		turns[int(math.Round(math.Atan2(h.terrain.sin, h.terrain.cos)*180/math.Pi))]++
	}
	for p := rowsVillage; p <= hillVillage; p++ {
		if of[p] < 40 {
			t.Errorf("%d villages of pattern %d", of[p], p)
		}
	}
	if east[hillVillage] < 2*(of[hillVillage]-east[hillVillage]) {
		t.Errorf("of %d villages of the hills %d lie in the east", of[hillVillage], east[hillVillage])
	}
	if len(turns) < 8 {
		t.Errorf("the rows of all villages look the same way: %v", turns)
	}
	c.examineBorders(t)
}

// examineBorders: between two villages a border goes from field to field and is nowhere drawn with a ruler.
func (c *county) examineBorders(t *testing.T) {
	const most = 110.0 // metres, two and a half steps of the mesh
	type edge struct{ p, q planar.Point }
	owner := map[edge]int{}
	each := func(do func(lot int, e edge)) {
		for i, l := range c.lots {
			if l.place >= 0 {
				continue
			}
			for _, polygon := range l.polygons {
				for _, r := range polygon {
					for k, p := range r {
						do(i, edge{p, r[(k+1)%len(r)]})
					}
				}
			}
		}
	}
	each(func(i int, e edge) { owner[e] = i + 1 })
	edges := 0
	each(func(i int, e edge) {
		if owner[edge{e.q, e.p}] == 0 {
			return
		}
		edges++
		if d := c.globe.vec(e.p).dist(c.globe.vec(e.q)); d > most {
			t.Errorf("%s: an edge of its border is %.0f m long", c.lots[i].name, d)
		}
	})
	if edges < 10_000 {
		t.Errorf("only %d edges between villages", edges)
	}
}

func TestFieldsLieInTheOpenCountry(t *testing.T) {
	dir, _ := generateZoucheng(t, 5, 30000)
	f, err := readFacts()
	if err != nil {
		t.Fatal(err)
	}
	outside := 0
	var wood, field [2]int // in the west, in the east
	for _, x := range load(t, dir, "landuse.geojson") {
		if x.id[:3] != "l0-" {
			continue
		}
		half := 0
		if lon, _ := x.rings[0][0].Degrees(); lon > 117.1 {
			half = 1
		}
		switch x.text("landuse") {
		case "forest":
			wood[half]++
		case "farmland":
			field[half]++
		}
		if x.rings[0].Area2() <= 0 || selfCrossing(x.rings[0]) {
			t.Errorf("%s crosses itself or runs clockwise", x.id)
		}
		for _, p := range x.rings[0] {
			if !planar.Contains([]planar.Polygon{f.border}, p) {
				outside++
			}
		}
	}
	if outside > 0 {
		t.Errorf("%d vertices of fields lie outside of the county", outside)
	}
	if field[0] < 4000 || field[1] < 4000 || wood[1] < 3*wood[0] {
		t.Errorf("%d and %d fields in the west and the east, %d and %d woods", field[0], field[1], wood[0], wood[1])
	}
}
