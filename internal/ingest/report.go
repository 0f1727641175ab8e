package ingest

import (
	"fmt"
	"sort"
	"strings"
)

// maxFindings is how many findings a list of the report holds; the count goes on.
const maxFindings = 1000

// Finding is one line of a report: something that could not be taken as it was.
type Finding struct {
	File    string `json:"file"`
	Feature string `json:"feature,omitempty"` // the source's id: "way/123", "streets.geojson/17"; empty for the whole file
	Kind    string `json:"kind"`              // a word for programs: "self-crossing", "duplicate", "outside-china"
	What    string `json:"what"`              // what was wrong, in English
	WhatZH  string `json:"what_zh"`
	Done    string `json:"done"` // what became of it, in English
	DoneZH  string `json:"done_zh"`
}

func (f Finding) String() string {
	where := f.File
	if f.Feature != "" {
		where += ", " + f.Feature
	}
	return fmt.Sprintf("%s: %s；%s / %s; %s", where, f.WhatZH, f.DoneZH, f.What, f.Done)
}

// Findings is a list of them that stops growing at a thousand and goes on counting.
type Findings struct {
	Count  int            `json:"count"`
	Kinds  map[string]int `json:"kinds,omitempty"`
	Listed []Finding      `json:"listed,omitempty"`
}

func (l *Findings) add(f Finding) {
	l.Count++
	if l.Kinds == nil {
		l.Kinds = map[string]int{}
	}
	l.Kinds[f.Kind]++
	if len(l.Listed) < maxFindings {
		l.Listed = append(l.Listed, f)
	}
}

func (l *Findings) join(m Findings) {
	for k, n := range m.Kinds {
		if l.Kinds == nil {
			l.Kinds = map[string]int{}
		}
		l.Kinds[k] += n
	}
	l.Count += m.Count
	room := maxFindings - len(l.Listed)
	l.Listed = append(l.Listed, m.Listed[:min(room, len(m.Listed))]...)
}

// Tally counts rows of one table.
type Tally struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

func (t *Tally) join(u Tally) {
	t.Added += u.Added
	t.Changed += u.Changed
	t.Unchanged += u.Unchanged
}

// Report says what an import did. Read = features of use to us = stored (in Added, Changed, Unchanged) +
// Outside + Refused; a feature may be stored in several counties or as several rows, so the sums may differ.
type Report struct {
	Files    []string         `json:"files"`
	Read     int              `json:"read"`   // features in the files that say something about the ground
	Unused   int              `json:"unused"` // features that don't: points of interest, routes, tunnels
	Outside  int              `json:"outside"`
	Tables   map[string]Tally `json:"tables,omitempty"` // by table: division, line_feature, area_feature, building, entrance, facility
	Total    Tally            `json:"total"`
	Repaired Findings         `json:"repaired"`
	Refused  Findings         `json:"refused"`
	Counties []int            `json:"counties,omitempty"` // those that anything was stored under

	People    map[string]Census `json:"people,omitempty"`    // by what holds them: division, building, entrance, other
	Partition []Partition       `json:"partition,omitempty"` // of the divisions, one a level; Divisions fills it
}

func newReport() *Report { return &Report{Tables: map[string]Tally{}} }

// Same says that the import changed nothing.
func (r *Report) Same() bool { return r.Total.Added == 0 && r.Total.Changed == 0 }

func (r *Report) tally(table string, t Tally) {
	sum := r.Tables[table]
	sum.join(t)
	r.Tables[table] = sum
	r.Total.join(t)
}

// join adds what one file did.
func (r *Report) join(f *Report) {
	r.Files = append(r.Files, f.Files...)
	r.Read += f.Read
	r.Unused += f.Unused
	r.Outside += f.Outside
	for table, t := range f.Tables {
		r.tally(table, t)
	}
	r.Repaired.join(f.Repaired)
	r.Refused.join(f.Refused)
	for of, c := range f.People {
		r.count(of, c)
	}
	r.county(f.Counties...)
}

func (r *Report) county(counties ...int) {
	for _, c := range counties {
		i := sort.SearchInts(r.Counties, c)
		if i == len(r.Counties) || r.Counties[i] != c {
			r.Counties = append(r.Counties, 0)
			copy(r.Counties[i+1:], r.Counties[i:])
			r.Counties[i] = c
		}
	}
}

// Summary says what the import did in Chinese and in English: a line for the features, and one for the people of each kind.
func (r *Report) Summary() (zh, en string) {
	if r.Same() {
		zh = fmt.Sprintf("没有变化：%d 条与库中相同", r.Total.Unchanged)
		en = fmt.Sprintf("nothing changed: %d rows are as they were", r.Total.Unchanged)
	} else {
		zh = fmt.Sprintf("新增 %d，更新 %d，未变 %d", r.Total.Added, r.Total.Changed, r.Total.Unchanged)
		en = fmt.Sprintf("%d added, %d changed, %d unchanged", r.Total.Added, r.Total.Changed, r.Total.Unchanged)
	}
	zh += fmt.Sprintf("；读入 %d，区划外 %d，修复 %d，拒收 %d", r.Read, r.Outside, r.Repaired.Count, r.Refused.Count)
	en += fmt.Sprintf("; %d read, %d outside the divisions, %d repaired, %d refused",
		r.Read, r.Outside, r.Repaired.Count, r.Refused.Count)
	zhs, ens := r.peopleSentences()
	return strings.Join(append([]string{zh}, zhs...), "\n"), strings.Join(append([]string{en}, ens...), "\n")
}

// Progress is where an import stands.
type Progress struct {
	File     string
	Step     string // "scan", "nodes", "features", "merge"
	Done     int64  // bytes of the file read in this step
	Total    int64  // the file's size, 0 when it isn't known (a pipe)
	Features int    // features taken so far
}
