package ingest

import (
	"fmt"
	"math"
	"strings"
)

// Census says what became of the people whom the features of some kind hold: Read = Stored + Refused + Outside +
// Twice, exactly. A building and its entrances may both count its people, so the kinds aren't to be added up.
type Census struct {
	Read      int64 `json:"read"`      // in the files
	Stored    int64 `json:"stored"`    // now in the database
	Refused   int64 `json:"refused"`   // held by features that were refused, or that nobody can live in
	Outside   int64 `json:"outside"`   // held by features outside all divisions
	Twice     int64 `json:"twice"`     // held by features that were left out because another one is the same
	Uncounted int   `json:"uncounted"` // features whose number of people can't be read: they are in none of the sums
}

// The kinds of features that hold people.
const (
	ofDivisions = "division"
	ofBuildings = "building"
	ofEntrances = "entrance"
	ofOthers    = "other" // what is neither, and what can't be told
)

// censusNames are what the report calls them, in the order in which it does.
var censusNames = []struct{ of, zh, en string }{
	{ofDivisions, "区划", "divisions"}, {ofBuildings, "楼栋", "buildings"}, {ofEntrances, "单元", "entrances"}, {ofOthers, "其他要素", "other features"},
}

func (c *Census) join(d Census) {
	c.Read += d.Read
	c.Stored += d.Stored
	c.Refused += d.Refused
	c.Outside += d.Outside
	c.Twice += d.Twice
	c.Uncounted += d.Uncounted
}

// count adds to the census of one kind. A kind of which nothing was ever said isn't in the report.
func (r *Report) count(of string, c Census) {
	if c == (Census{}) {
		return
	}
	if r.People == nil {
		r.People = map[string]Census{}
	}
	sum := r.People[of]
	sum.join(c)
	r.People[of] = sum
}

// stored counts people who are in; refused, outside and twice those who aren't. A number below zero is one that
// isn't known.
func stored(n int) Census  { return Census{Read: counted(n), Stored: counted(n)} }
func refused(n int) Census { return Census{Read: counted(n), Refused: counted(n)} }
func outside(n int) Census { return Census{Read: counted(n), Outside: counted(n)} }
func twice(n int) Census   { return Census{Read: counted(n), Twice: counted(n)} }

// nowRefused and nowTwice take back that people were stored.
func nowRefused(n int) Census { return Census{Stored: -counted(n), Refused: counted(n)} }
func nowTwice(n int) Census   { return Census{Stored: -counted(n), Twice: counted(n)} }

func counted(n int) int64 { return int64(max(n, 0)) }

// peopleSentences say of each kind what became of its people.
func (r *Report) peopleSentences() (zh, en []string) {
	for _, name := range censusNames {
		c, ok := r.People[name.of]
		if !ok {
			continue
		}
		zh = append(zh, fmt.Sprintf("%s共登记 %d 人：入库 %d，被拒收的要素中 %d，区划外 %d，重复 %d，人数无法读取的要素 %d 个",
			name.zh, c.Read, c.Stored, c.Refused, c.Outside, c.Twice, c.Uncounted))
		en = append(en, fmt.Sprintf("%s hold %d people: %d stored, %d held by what was refused, %d outside the divisions, %d counted twice; %d features have a number that can't be read",
			name.en, c.Read, c.Stored, c.Refused, c.Outside, c.Twice, c.Uncounted))
	}
	return zh, en
}

// holder says which kind of feature a record is, as far as people are concerned.
func holder(rec *record) string {
	switch {
	case rec == nil:
		return ofOthers
	case rec.tags.get("entrance") != "" && len(rec.geometry.lines) == 0 && len(rec.geometry.areas) == 0:
		return ofEntrances
	case rec.tags.get("building") != "" && rec.tags.get("building") != "no":
		return ofBuildings
	}
	return ofOthers
}

// counts says that this import is asked for features that hold people.
func (r *reading) counts() bool { return r.takes(Buildings) }

// turnDown refuses a record, and counts whom it holds.
func (r *reading) turnDown(source string, rec *record, why *note) {
	r.refused(source, why)
	if !r.counts() {
		return
	}
	if rec == nil {
		r.report.count(ofOthers, Census{Uncounted: 1})
		return
	}
	for _, e := range rec.entrances {
		r.report.count(ofEntrances, refused(e.People))
	}
	if rec.counted {
		return
	}
	n, wrong := headcount(rec)
	r.report.count(holder(rec), refused(n))
	if wrong {
		r.report.count(holder(rec), Census{Uncounted: 1})
	}
}

// headcount is the number of people that a record gives, its columns read, -1 for none. wrong says that what it gives is no number.
func headcount(rec *record) (n int, wrong bool) {
	s := rec.tags.get("residents")
	if s == "" {
		return -1, false
	}
	n, ok, _ := parsePeople(s)
	return n, !ok
}

// strays collects features of one file that hold people and yet have no place for them.
type strays struct {
	features int
	people   int64
	some     []string
}

// straysTold is how many of them a finding names.
const straysTold = 5

func (s *strays) see(source string, people int) {
	s.features++
	s.people += int64(people)
	if len(s.some) < straysTold {
		s.some = append(s.some, source)
	}
}

func (s *strays) named() string {
	if s.features > len(s.some) {
		return strings.Join(s.some, ", ") + fmt.Sprintf(", … +%d", s.features-len(s.some))
	}
	return strings.Join(s.some, ", ")
}

// noHome counts people on a feature in which nobody can live.
func (r *reading) noHome(source string, rec *record) {
	n, _ := headcount(rec)
	if n <= 0 || !r.counts() {
		return
	}
	rec.counted = true
	r.report.count(ofOthers, refused(n))
	r.homeless.see(source, n)
}

// away counts people on a feature outside of all divisions.
func (r *reading) away(of, source string, n int) {
	if n <= 0 {
		return
	}
	r.report.count(of, outside(n))
	r.abroad.see(source, n)
}

// tellStrays reports them, a line each kind: a whole province's extract would bury what matters.
func (r *reading) tellStrays() {
	if s := &r.homeless; s.features > 0 {
		r.refused("", &note{kindNoHome,
			fmt.Sprintf("%d features with %d residents are neither the polygon of a building nor an entrance (%s)", s.features, s.people, s.named()),
			fmt.Sprintf("%d 个要素登记了 %d 人，却既不是楼栋的轮廓也不是单元（%s）", s.features, s.people, s.named()),
			"their people are not in; give the outlines of their buildings, with --layer buildings where the file doesn't say what they are",
			"其人口未入库；请给出楼栋轮廓，若文件没有注明类型请用 --layer buildings"})
	}
	if s := &r.abroad; s.features > 0 {
		r.refused("", &note{kindOutside,
			fmt.Sprintf("%d features with %d residents lie outside all divisions (%s)", s.features, s.people, s.named()),
			fmt.Sprintf("%d 个登记了人口的要素（共 %d 人）在所有区划之外（%s）", s.features, s.people, s.named()),
			"left out; check the divisions' polygons and --crs if they belong here", "未入库；如属本地，请检查区划界线和 --crs"})
	}
}

// wholePeople rounds a number of people. exact says that it was a whole one.
func wholePeople(v float64) (n int, exact bool) {
	n = int(math.Round(v))
	return n, float64(n) == v
}
