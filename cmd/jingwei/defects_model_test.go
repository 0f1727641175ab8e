package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/ingest"
)

// mixed is a small county with defects, and what ought to become of it, worked out beside the program and without it.
type mixed struct {
	*sketch
	rt          *rapid.T
	communities map[string]*modelled
	people      map[string]*ingest.Census // by what holds them
	findings    map[string]map[string]int // by import and kind
	warnings    []string                  // of the drawing: "community kind"
	names       []string                  // of the defects
	ids         int
}

// modelled is what is known of a community.
type modelled struct {
	x, y    float64 // its south-western corner
	ground  bool
	stopped bool
	total   int // −1: not known
	known   int // people counted in its buildings
	guessed int // dwellings in which nobody counted
	slots   int // places for buildings that are taken
}

// due is how many people must be in its blocks.
func (m *mixed) due(code string) int {
	c := m.communities[code]
	if c.total > c.known && (c.guessed > 0 || c.known == 0) {
		return c.total
	}
	return c.known
}

// warned is all that the drawing has to say.
func (m *mixed) warned() []string {
	out := slices.Clone(m.warnings)
	for code, c := range m.communities {
		switch {
		case !c.ground || c.total < 0:
		case c.known > 0 && (c.known > c.total || c.known < c.total && c.guessed == 0):
			out = append(out, code+" known-differs")
		case c.known == 0 && c.total > 0 && c.guessed == 0:
			out = append(out, code+" no-buildings")
		}
	}
	return out
}

const west, east, third, fourth = "370883001001", "370883001002", "370883001003", "370883001004"

type outline = [][][]float64 // a shell and holes

func newMixed(t *testing.T, rt *rapid.T) *mixed {
	m := &mixed{
		sketch: &sketch{t, t.TempDir(), map[string][]map[string]any{}}, rt: rt, communities: map[string]*modelled{},
		people:   map[string]*ingest.Census{"division": {}, "building": {}, "entrance": {}, "other": {}},
		findings: map[string]map[string]int{"divisions": {}, "ground": {}},
	}
	for _, file := range []string{"divisions", "streets", "entrances", "buildings", "elsewhere"} {
		m.rows[file] = []map[string]any{}
	}
	all := make([]int, len(defects))
	for i := range all {
		all[i] = i
	}
	picked := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 4, 14, rapid.ID[int]).Draw(rt, "defects")
	slices.Sort(picked)
	for _, i := range picked {
		m.names = append(m.names, defects[i].name)
	}
	rt.Logf("defects: %s", strings.Join(m.names, ", "))
	m.fourCommunities()
	for _, i := range picked {
		defects[i].inject(m)
	}
	m.elsewhere("Polygon", outline{m.ring(1, 4, 1.2, 4.2)}, map[string]any{"id": "grass", "landuse": "grass"})
	return m
}

func (m *mixed) has(defect string) bool { return slices.Contains(m.names, defect) }

// fourCommunities side by side, a street through all of them, each with homes.
func (m *mixed) fourCommunities() {
	whole := func(x float64) outline { return outline{m.ring(x, 0, x+10, 10)} }
	westGround, eastGround, thirdGround := []outline{whole(0)}, whole(10), whole(20)
	if m.has("exclave") {
		westGround = append(westGround, outline{m.ring(16, 7, 19, 9)})
		hole := m.ring(16, 7, 19, 9)
		slices.Reverse(hole)
		eastGround = append(eastGround, hole)
	}
	if m.has("communities overlap") {
		thirdGround = outline{m.ring(20, 0, 31, 10)}
	}
	total := func(name string) int { return rapid.IntRange(-200, 800).Draw(m.rt, "total of "+name) }
	m.place(west, "西社区", 0, 0, total("west"), westGround...)
	m.place(east, "东社区", 10, 0, max(0, total("east")), eastGround) // some feature must have the field
	m.place(third, "三社区", 20, 0, total("third"), thirdGround)
	m.place(fourth, "四社区", 30, 0, total("fourth"), whole(30))
	m.add("streets", "LineString", [][]float64{m.at(0, 5), m.at(40, 5)}, map[string]any{"id": "s1", "highway": "residential"})
	for _, code := range []string{west, east, third, fourth} {
		for range rapid.IntRange(1, 6).Draw(m.rt, "homes") {
			m.home(code, rapid.IntRange(0, 150).Draw(m.rt, "people"))
		}
		for range rapid.IntRange(0, 2).Draw(m.rt, "homes without a count") {
			m.home(code, nil)
		}
	}
}

// place adds a community. A total below zero is none; anything but a number is as the file has it, and counts for nothing here.
func (m *mixed) place(code, name string, x, y float64, total any, ground ...outline) {
	c := &modelled{x: x, y: y, ground: len(ground) > 0, total: -1}
	p := map[string]any{"code": code, "name": name}
	if n, known := total.(int); !known {
		p["people"] = total
	} else if n >= 0 {
		p["people"], c.total = n, n
		m.counted("division", n)
	}
	m.communities[code] = c
	m.division(p, ground...)
}

func (m *mixed) division(p map[string]any, ground ...outline) {
	kind := ""
	if len(ground) > 0 {
		kind = "MultiPolygon"
	}
	m.add("divisions", kind, ground, p)
}

// counted notes people who are to be stored.
func (m *mixed) counted(of string, n int) {
	m.people[of].Read += int64(n)
	m.people[of].Stored += int64(n)
}

func (m *mixed) turnedDown(of string, n int) {
	m.people[of].Read += int64(n)
	m.people[of].Refused += int64(n)
}

func (m *mixed) found(kind string)         { m.findings["ground"][kind]++ }
func (m *mixed) foundDivision(kind string) { m.findings["divisions"][kind]++ }
func (m *mixed) warn(code, kind string)    { m.warnings = append(m.warnings, code+" "+kind) }

func (m *mixed) id() string {
	m.ids++
	return fmt.Sprintf("h%d", m.ids)
}

func (m *mixed) some(name string) int { return rapid.IntRange(1, 140).Draw(m.rt, name) }

// anywhere is one of the four communities.
func (m *mixed) anywhere() string {
	return rapid.SampledFrom([]string{west, east, third, fourth}).Draw(m.rt, "where")
}

// slot is a place for a building that nothing else stands on, away from streets, walls and borders.
func (m *mixed) slot(code string) (x, y float64) {
	c := m.communities[code]
	rows := []float64{1, 2, 3, 6}
	x, y = c.x+1+float64(c.slots%8), c.y+rows[c.slots/8]
	c.slots++
	return x, y
}

// home adds a building with so many people: nil for nobody knows, a string for what can't be read.
func (m *mixed) home(code string, people any) string {
	x, y := m.slot(code)
	id := m.id()
	m.building(code, id, outline{m.ring(x, y, x+.4, y+.3)}, people)
	return id
}

func (m *mixed) building(code, id string, ground outline, people any) {
	p := map[string]any{"id": id, "building": "apartments"}
	if people != nil {
		p["residents"] = people
	}
	if n, known := people.(int); known {
		m.communities[code].known += n
		m.counted("building", n)
	} else {
		m.communities[code].guessed++
	}
	m.add("buildings", "Polygon", ground, p)
}

// stairs adds entrances to a building, by its id: with so many people behind each, −1 for nobody knows.
func (m *mixed) stairs(building, firstRef string, people ...int) {
	for i, n := range people {
		p := map[string]any{"id": m.id(), "entrance": "staircase", "building": building}
		if firstRef != "" {
			p["ref"] = fmt.Sprintf("%s%d", firstRef, i+1)
		}
		if n >= 0 {
			p["residents"] = n
		}
		m.add("entrances", "Point", m.at(float64(m.ids%39)+.5, 9.5), p)
	}
}

func (m *mixed) elsewhere(kind string, coordinates any, p map[string]any) {
	m.add("elsewhere", kind, coordinates, p)
}

// write writes a file, with what JSON can't say.
func (m *mixed) write(file string) string {
	text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": m.rows[file]})
	if err != nil {
		m.rt.Fatal(err)
	}
	path := filepath.Join(m.dir, file+".geojson")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), `"NaN"`, "NaN")), 0o644); err != nil {
		m.rt.Fatal(err)
	}
	return path
}
