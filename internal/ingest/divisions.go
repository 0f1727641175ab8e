package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// DivisionsInput is what `import divisions` was told.
type DivisionsInput struct {
	File            string
	CodeField       string // holds the 6-, 9- or 12-digit code
	NameField       string
	PopulationField string     // holds the number of residents; may be empty
	ParentNameField string     // holds the name of the division one level up; may be empty
	CRS             crs.System // that the file's degrees are in
	Progress        func(Progress)
}

// Divisions imports polygons with codes as divisions, in one transaction, and checks that those of each level
// are a partition. The report is never nil. Two features under one code are one division in parts when they
// share their name; with different names nobody can tell whose code it is, and all of them are refused.
// Faults: Invalid (the file, a field that no feature has), Unavailable (ogr2ogr isn't installed).
func Divisions(ctx context.Context, db *postgres.DB, in DivisionsInput) (*Report, error) {
	d := divisionImport{DivisionsInput: in, file: baseName(in.File), place: placeIn(in.CRS), report: newReport()}
	d.report.Files = []string{d.file}
	if in.CodeField == "" || in.NameField == "" {
		return d.report, fault.New(fault.Invalid,
			"请用 --code-field 和 --name-field 说明哪两个字段是代码和名称",
			"say with --code-field and --name-field which fields hold the code and the name")
	}
	if err := d.read(ctx); err != nil {
		return d.report, err
	}
	d.turns.tell(func(feature string, n *note) { d.note(&d.report.Repaired, feature, n) })
	if n := d.fractions.rounded(); n != nil {
		d.note(&d.report.Repaired, "", n)
	}
	if err := d.settleCodes(ctx); err != nil {
		return d.report, err
	}
	if len(d.found) == 0 {
		return d.report, nothingTaken(d.report)
	}
	err := db.InTx(ctx, func(tx pgx.Tx) error { return d.store(ctx, tx) })
	if err != nil {
		d.report.People = nil // nobody was stored
	}
	return d.report, err
}

// divisionImport is one run of Divisions.
type divisionImport struct {
	DivisionsInput
	file    string
	place   placer
	report  *Report
	found   []foundDivision
	refused []foundDivision // with a polygon, but without a code of their own
	seen    map[string]bool // names of the fields
	turns   turnLog

	fractions strays // totals that aren't whole
}

// foundDivision is a feature of the file that could be read.
type foundDivision struct {
	division.Division
	parentName string
}

func (d *divisionImport) read(ctx context.Context) error {
	d.seen = map[string]bool{}
	kind, err := sniff(d.File)
	if err != nil {
		return err
	}
	switch kind {
	case formatGeoJSON:
		err = d.geojson(ctx)
	case formatOGR:
		err = d.ogr(ctx)
	default:
		return fault.New(fault.Invalid,
			fmt.Sprintf("%s 是 OpenStreetMap 文件，其中没有区划代码；请给出带代码字段的区划多边形（GeoJSON、Shapefile 等）", d.file),
			fmt.Sprintf("%s is an OpenStreetMap file, which holds no division codes; give polygons with a code field (GeoJSON, Shapefile, …)", d.file))
	}
	if err != nil {
		return err
	}
	return d.checkFields()
}

func (d *divisionImport) geojson(ctx context.Context) error {
	f, err := openPlain(d.File)
	if err != nil {
		return unreadable(d.File, err)
	}
	defer f.Close()
	total := int64(0)
	if st, err := os.Stat(d.File); err == nil {
		total = st.Size()
	}
	plain, gb := UTF8Reader(&counter{r: f, ctx: ctx, tell: func(done int64) { d.tell(done, total) }})
	if gb {
		n := gb18030Note()
		d.note(&d.report.Repaired, "", n)
	}
	return d.features(plain)
}

func (d *divisionImport) ogr(ctx context.Context) error {
	layers, err := ogrLayers(ctx, d.File)
	if err != nil {
		return err
	}
	for _, layer := range layers {
		err := ogrStream(ctx, d.File, layer, func(out io.Reader) error {
			return d.features(&counter{r: out, ctx: ctx, tell: func(done int64) { d.tell(done, 0) }})
		})
		if err != nil && !(errors.Is(err, errEmpty) && len(layers) > 1) {
			return err
		}
	}
	return nil
}

func (d *divisionImport) tell(done, total int64) {
	if d.Progress != nil {
		d.Progress(Progress{File: d.File, Step: "features", Done: done, Total: total, Features: d.report.Read})
	}
}

func (d *divisionImport) note(to *Findings, feature string, n *note) {
	to.add(Finding{File: d.file, Feature: feature, Kind: n.kind, What: n.what, WhatZH: n.whatZH, Done: n.done, DoneZH: n.doneZH})
}

func (d *divisionImport) features(from io.Reader) error {
	err := newSplitter(from, func(index int, _ int64, raw []byte) error {
		d.report.Read++
		rec, bad := parseFeature(index, raw, d.place)
		d.take(index, rec, bad)
		return nil
	}).run()
	return brokenFile(d.File, err)
}

// checkFields refuses a field name that no feature has: a spelling mistake, or another file.
func (d *divisionImport) checkFields() error {
	if d.report.Read == 0 {
		return fault.New(fault.Invalid,
			fmt.Sprintf("%s 中没有任何要素，请检查导出是否完整", d.file),
			fmt.Sprintf("%s holds no features; see whether it was exported whole", d.file))
	}
	for _, f := range []struct{ flag, field string }{
		{"--code-field", d.CodeField}, {"--name-field", d.NameField},
		{"--population-field", d.PopulationField}, {"--parent-name-field", d.ParentNameField},
	} {
		if f.field == "" || d.seen[f.field] {
			continue
		}
		var have []string
		for name := range d.seen {
			have = append(have, name)
		}
		sort.Strings(have)
		list := cut(strings.Join(have, ", "), 400)
		return fault.New(fault.Invalid,
			fmt.Sprintf("%s 中没有字段 %.60q（%s）；有：%s", d.file, f.field, f.flag, list),
			fmt.Sprintf("%s has no field %.60q (%s); it has: %s", d.file, f.field, f.flag, list))
	}
	return nil
}

// take reads one feature as a division, or says why it can't be one.
func (d *divisionImport) take(index int, rec *record, bad *note) {
	where := strconv.Itoa(index)
	if rec == nil {
		d.note(&d.report.Refused, where, bad)
		d.report.count(ofDivisions, Census{Uncounted: 1})
		return
	}
	for _, kv := range rec.tags {
		d.seen[kv.key] = true
	}
	name := cut(printable(rec.tags.get(d.NameField)), maxName)
	if name != "" {
		where += " " + name
	}
	groundless := bad != nil && bad.kind == kindNoGeometry
	if groundless {
		bad = nil
	} else if bad == nil && len(rec.geometry.areas) == 0 {
		bad = refuse(kindNoPolygon, "几何不是多边形", "its geometry is no polygon")
	}
	if bad == nil {
		bad = tooWide(rec)
	}
	if bad != nil {
		d.turnDown(where, rec, bad)
		return
	}
	parts, did := makeArea(rec.geometry.areas)
	if len(parts) == 0 && !groundless {
		d.turnDown(where, rec, refuse(kindNoExtent, "环少于三个不同的点或没有面积", "its rings have fewer than three distinct points, or no area"))
		return
	}
	f := foundDivision{parentName: cut(printable(rec.tags.get(d.ParentNameField)), maxName)}
	f.Name, f.Polygons, f.Source, f.Residents = name, parts, fmt.Sprintf("%s/%d", d.file, index), -1
	code := rec.tags.get(d.CodeField)
	if code == "" {
		d.turnDown(where, rec, refuse(kindNoCode, "字段 "+d.CodeField+" 中没有代码", "it has no code in the field "+d.CodeField))
		if !groundless {
			d.refused = append(d.refused, f)
		}
		return
	}
	parsed, err := division.ParseCode(strings.TrimSuffix(code, ".0"))
	if err != nil {
		var e *fault.Error
		errors.As(err, &e)
		d.turnDown(where, rec, refuse(kindBadCode, e.ZH, e.EN))
		if !groundless {
			d.refused = append(d.refused, f)
		}
		return
	}
	f.Code = parsed
	if name == "" {
		f.Name = string(parsed)
		rec.notes = append(rec.notes, mended(kindNoName, "没有名称", "it has no name", "用代码作名称", "its code serves as name"))
	}
	d.population(&f, rec)
	if groundless {
		rec.notes = append(rec.notes, mended(kindNoGround, fmt.Sprintf("没有界线%s", people(f.Residents, "（登记 %d 人）")),
			"it has no polygon"+people(f.Residents, " (%d people on record)"),
			"保留在区划表中；导入其界线之前无法划分网格，其人口不在任何网格内", "kept in the tree; until its polygon is imported no grids can be drawn in it, and its people are in none"))
	}
	d.turns.see(where, did)
	rec.notes = append(rec.notes, did.notes()...)
	for i := range rec.notes {
		d.note(&d.report.Repaired, where, &rec.notes[i])
	}
	d.found = append(d.found, f)
}
