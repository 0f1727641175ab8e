package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/outbox"
	"jingwei/internal/postgres"
)

// GroundInput is what `import ground` was told.
type GroundInput struct {
	Files    []string
	Layer    Layer      // "" takes every kind
	CRS      crs.System // that the files' degrees are in; files that carry their own system are converted from it
	Progress func(Progress)
}

// Ground imports streets, rail, water, walls, landuse, buildings and their entrances, and facilities, one transaction a file.
// Features lie under every county whose divisions they touch; what touches none is counted and left out. The
// report is never nil. A file that can't be read to its end is refused whole and stands in the report; the
// others go on, and the error is then that of the first refused file. A file of which no feature could be taken counts
// as one of these, with its features in the report. Faults: Invalid (a file, no divisions
// yet), Unavailable (ogr2ogr isn't installed).
func Ground(ctx context.Context, db *postgres.DB, in GroundInput) (*Report, error) {
	report := newReport()
	if in.Layer != "" && !in.Layer.valid() {
		return report, fault.New(fault.Invalid,
			fmt.Sprintf("图层 %.40q 不认识；可用 %s", in.Layer, layerNames()),
			fmt.Sprintf("layer %.40q is unknown; use one of %s", in.Layer, layerNames()))
	}
	g := groundImport{GroundInput: in, db: db, place: placeIn(in.CRS), report: report}
	var first error
	for _, path := range in.Files {
		err := g.file(ctx, path)
		var f *fault.Error
		if err != nil && (ctx.Err() != nil || !errors.As(err, &f) || g.index == nil) {
			return report, err
		}
		if err != nil {
			report.Files = append(report.Files, baseName(path))
			report.Refused.add(Finding{File: baseName(path), Kind: kindFile, What: f.EN, WhatZH: f.ZH, Done: "the whole file was refused", DoneZH: "整个文件拒收"})
			first = cmpOr(first, err)
		}
	}
	if err := g.lateEntrances(ctx); err != nil {
		return report, err
	}
	return report, cmpOr(first, g.useless)
}

func cmpOr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (l Layer) valid() bool {
	for _, k := range Layers {
		if l == k {
			return true
		}
	}
	return false
}

func layerNames() string {
	names := make([]string, len(Layers))
	for i, l := range Layers {
		names[i] = string(l)
	}
	return strings.Join(names, ", ")
}

// groundImport is one run of Ground.
type groundImport struct {
	GroundInput
	db     *postgres.DB
	place  placer
	index  *countyIndex
	report *Report
	late   []lateEntrance

	useless error // of the first file of which nothing could be taken
}

// lateEntrance waits for a building that a later file may bring.
type lateEntrance struct {
	file string
	stagedEntrance
}

// importLock keeps two imports from running at once; it is held to the end of the transaction.
const importLock = `SELECT pg_advisory_xact_lock(hashtextextended('jingwei import', 0))`

func (g *groundImport) begin(ctx context.Context, tx pgx.Tx, name string) (*reading, error) {
	if _, err := tx.Exec(ctx, importLock); err != nil {
		return nil, fmt.Errorf("waiting for another import: %w", err)
	}
	if g.index == nil {
		drawn, err := division.Drawn(ctx, tx)
		if err != nil {
			return nil, err
		}
		if len(drawn) == 0 {
			return nil, fault.New(fault.Invalid,
				"还没有区划；先用 jingwei import divisions 导入区划边界，再导入地物",
				"there are no divisions yet; import their borders first with jingwei import divisions")
		}
		g.index = newCountyIndex(drawn)
	}
	st, err := newStage(ctx, tx)
	if err != nil {
		return nil, err
	}
	r := &reading{file: name, prefix: name, layer: g.Layer, index: g.index, stage: st, report: newReport()}
	r.report.Files = []string{name}
	return r, nil
}

// file imports one file, in one transaction.
func (g *groundImport) file(ctx context.Context, path string) error {
	var done *reading
	err := g.db.InTx(ctx, func(tx pgx.Tx) error {
		r, err := g.begin(ctx, tx, baseName(path))
		if err != nil {
			return err
		}
		if err := g.read(ctx, path, r); err != nil {
			return err
		}
		g.tell(Progress{File: path, Step: "merge", Features: r.report.Read})
		if err := r.merge(ctx); err != nil {
			return err
		}
		done = r
		return r.announce(ctx)
	})
	if err != nil {
		return err
	}
	for _, e := range done.stage.late {
		g.late = append(g.late, lateEntrance{done.file, e})
	}
	g.report.join(done.report)
	if len(done.stage.late) == 0 {
		g.useless = cmpOr(g.useless, useless(done.report))
	}
	return nil
}

// announce writes a line in the outbox for each county that the file changed anything of.
func (r *reading) announce(ctx context.Context) error {
	if r.report.Same() {
		return nil
	}
	for _, county := range r.report.Counties {
		err := outbox.Write(ctx, r.stage.tx, county, outbox.GroundImported,
			map[string]any{"file": r.file, "added": r.report.Total.Added, "changed": r.report.Total.Changed, "bounds": r.touched})
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *groundImport) tell(p Progress) {
	if g.Progress != nil {
		g.Progress(p)
	}
}

func (g *groundImport) read(ctx context.Context, path string, r *reading) error {
	kind, err := sniff(path)
	if err != nil {
		return err
	}
	switch kind {
	case formatPBF, formatOSMXML:
		r.unique = true
		return g.osm(ctx, path, kind, r)
	case formatGeoJSON:
		return g.geojson(ctx, path, r)
	}
	return g.ogr(ctx, path, r)
}

func (g *groundImport) geojson(ctx context.Context, path string, r *reading) error {
	f, err := openPlain(path)
	if err != nil {
		return unreadable(path, err)
	}
	defer f.Close()
	total := int64(0)
	if st, err := os.Stat(path); err == nil {
		total = st.Size()
	}
	plain, gb := UTF8Reader(&counter{r: f, ctx: ctx, tell: func(done int64) {
		g.tell(Progress{File: path, Step: "features", Done: done, Total: total, Features: r.report.Read})
	}})
	if gb {
		r.repaired("", gb18030Note())
	}
	return g.features(ctx, path, plain, r)
}

// features reads a stream of GeoJSON features.
func (g *groundImport) features(ctx context.Context, path string, from io.Reader, r *reading) error {
	coords := 0
	err := newSplitter(from, func(index int, _ int64, raw []byte) error {
		rec, bad := parseFeature(index, raw, g.place)
		if bad != nil && (bad.kind == kindNotDegrees || bad.kind == kindOutsideChina) {
			coords++
		}
		return r.take(ctx, rec, bad)
	}).run()
	if err != nil {
		return brokenFile(path, err)
	}
	if coords > 0 && coords == r.report.Read {
		last := r.report.Refused.Listed[0]
		return fault.New(fault.Invalid,
			fmt.Sprintf("%s：%s；整个文件未导入", r.file, last.WhatZH), fmt.Sprintf("%s: %s; nothing of it was imported", r.file, last.What))
	}
	return nil
}

func (g *groundImport) ogr(ctx context.Context, path string, r *reading) error {
	layers, err := ogrLayers(ctx, path)
	if err != nil {
		return err
	}
	for _, layer := range layers {
		if len(layers) > 1 {
			r.prefix = r.file + "/" + layer
		}
		err := ogrStream(ctx, path, layer, func(out io.Reader) error {
			return g.features(ctx, path, &counter{r: out, ctx: ctx, tell: func(done int64) {
				g.tell(Progress{File: path, Step: "features", Done: done, Features: r.report.Read})
			}}, r)
		})
		if err != nil && !(errors.Is(err, errEmpty) && len(layers) > 1) {
			return err
		}
	}
	return nil
}

// lateEntrances ties the entrances whose file came before that of their buildings, and refuses the rest.
func (g *groundImport) lateEntrances(ctx context.Context) error {
	if len(g.late) == 0 {
		return nil
	}
	var done *reading
	err := g.db.InTx(ctx, func(tx pgx.Tx) error {
		r, err := g.begin(ctx, tx, "")
		if err != nil {
			return err
		}
		r.files = map[string]string{}
		for _, l := range g.late {
			r.files[l.source] = l.file
			if err := r.stage.entrance(ctx, l.stagedEntrance); err != nil {
				return err
			}
		}
		r.report.county(g.report.Counties...)
		if err := r.merge(ctx); err != nil {
			return err
		}
		done = r
		return r.announce(ctx)
	})
	if err != nil {
		return err
	}
	for _, e := range done.stage.late {
		done.refused(e.source, noBuilding(e))
		done.report.count(ofEntrances, nowRefused(e.e.People))
	}
	done.report.Files = nil
	g.report.join(done.report)
	return nil
}
