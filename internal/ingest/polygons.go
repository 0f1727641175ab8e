package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// PolygonsInput says which polygons are to be read.
type PolygonsInput struct {
	File     string
	Called   string        // what the file is called in messages; "": its own name
	CRS      crs.Reference // of a file that doesn't say its own
	Near     float64       // a longitude that they should lie near, for the advice on metres without a zone number; 0: none
	MostData int64         // bytes after unpacking; 0: 2 GB
	Progress func(Progress)
}

// PolygonFeature is a feature of a file that has ground.
type PolygonFeature struct {
	Place   int // among the file's features, from 0
	Fields  map[string]string
	Parts   []planar.Polygon // valid, shells counter-clockwise, each ring beginning at its least vertex
	Repairs []Finding
}

const mostData = 2 << 30

// Polygons reads the polygons of any file that Divisions reads, with all their fields. What has no ground is refused in the report.
//
// Faults: Invalid for a file that can't be read or holds no polygon, with the reason; Unavailable when ogr2ogr isn't installed.
func Polygons(ctx context.Context, in PolygonsInput) ([]PolygonFeature, *Report, error) {
	r := polygonReading{PolygonsInput: in, report: newReport()}
	if r.Called == "" {
		r.Called = baseName(in.File)
	}
	if r.MostData == 0 {
		r.MostData = mostData
	}
	r.place = placeAt(in.CRS, in.Near)
	r.report.Files = []string{r.Called}
	if err := r.read(ctx); err != nil {
		return nil, r.report, r.byName(err)
	}
	switch {
	case r.report.Read == 0:
		return nil, r.report, fault.New(fault.Invalid, fmt.Sprintf("%s 中没有任何要素，请检查导出是否完整", r.Called),
			fmt.Sprintf("%s holds no features; see whether it was exported whole", r.Called))
	case len(r.found) == 0:
		return nil, r.report, r.nothing()
	}
	return r.found, r.report, nil
}

// byName calls the file by its name in a fault: where an upload lies is nobody's business.
func (r *polygonReading) byName(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	plain := *f
	plain.ZH, plain.EN = strings.ReplaceAll(f.ZH, r.File, r.Called), strings.ReplaceAll(f.EN, r.File, r.Called)
	return &plain
}

type polygonReading struct {
	PolygonsInput
	place  placer
	report *Report
	found  []PolygonFeature
}

func (r *polygonReading) read(ctx context.Context) error {
	kind, err := sniff(r.File)
	if err != nil {
		return err
	}
	switch kind {
	case formatGeoJSON:
		f, err := openPlain(r.File)
		if err != nil {
			return unreadable(r.File, err)
		}
		defer f.Close()
		plain, gb := UTF8Reader(r.counted(ctx, f))
		if gb {
			r.note(&r.report.Repaired, "", gb18030Note())
		}
		return r.features(plain)
	case formatOGR:
		return r.ogr(ctx)
	}
	return fault.New(fault.Invalid, fmt.Sprintf("%s 是 OpenStreetMap 文件，不是网格图", r.Called), fmt.Sprintf("%s is an OpenStreetMap file and no map of grids", r.Called))
}

func (r *polygonReading) ogr(ctx context.Context) error {
	layers, err := ogrLayers(ctx, r.File)
	if err != nil {
		return err
	}
	for _, layer := range layers {
		err := ogrStream(ctx, r.File, layer, func(out io.Reader) error { return r.features(r.counted(ctx, out)) })
		if err != nil && !errors.Is(err, errEmpty) {
			return err
		}
	}
	return nil
}

func (r *polygonReading) counted(ctx context.Context, from io.Reader) io.Reader {
	tell := func(done int64) {
		if r.Progress != nil {
			r.Progress(Progress{File: r.Called, Step: "features", Done: done, Features: r.report.Read})
		}
	}
	return &bounded{from: &counter{r: from, ctx: ctx, tell: tell}, left: r.MostData, called: r.Called}
}

// bounded ends with a fault where a reader gives more than it may.
type bounded struct {
	from   io.Reader
	left   int64
	called string
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fault.New(fault.Invalid, fmt.Sprintf("%s 解开后过大，未读取；请只导出网格图层", b.called), fmt.Sprintf("%s is too large when unpacked and wasn't read; export the layer of grids alone", b.called))
	}
	return n, err
}

func (r *polygonReading) features(from io.Reader) error {
	err := newSplitter(from, func(_ int, _ int64, raw []byte) error {
		rec, bad := parseFeature(r.report.Read, raw, r.place)
		r.take(r.report.Read, rec, bad)
		r.report.Read++
		return nil
	}).run()
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return f
	}
	return brokenFile(r.Called, err)
}

func (r *polygonReading) note(to *Findings, feature string, n *note) Finding {
	f := Finding{File: r.Called, Feature: feature, Kind: n.kind, What: n.what, WhatZH: n.whatZH, Done: n.done, DoneZH: n.doneZH}
	to.add(f)
	return f
}

func (r *polygonReading) take(place int, rec *record, bad *note) {
	where := strconv.Itoa(place + 1)
	if bad == nil && len(rec.geometry.areas) == 0 {
		bad = refuse(kindNoPolygon, "几何不是多边形", "its geometry is no polygon")
	}
	if bad == nil {
		bad = tooWide(rec)
	}
	if bad != nil {
		r.note(&r.report.Refused, where, bad)
		return
	}
	parts, did := makeArea(rec.geometry.areas)
	if len(parts) == 0 {
		r.note(&r.report.Refused, where, refuse(kindNoExtent, "环少于三个不同的点或没有面积", "its rings have fewer than three distinct points, or no area"))
		return
	}
	f := PolygonFeature{Place: place, Fields: make(map[string]string, len(rec.tags)), Parts: parts}
	for _, t := range rec.tags {
		f.Fields[t.key] = printable(t.value)
	}
	for _, n := range append(rec.notes, did.notes()...) {
		f.Repairs = append(f.Repairs, r.note(&r.report.Repaired, where, &n))
	}
	r.found = append(r.found, f)
}

// nothing says why no polygon of a file could be taken: by the reason that most of its features have.
func (r *polygonReading) nothing() error {
	most := ""
	for kind, n := range r.report.Refused.Kinds {
		if most == "" || n > r.report.Refused.Kinds[most] || n == r.report.Refused.Kinds[most] && kind < most {
			most = kind
		}
	}
	for _, f := range r.report.Refused.Listed {
		if f.Kind == most {
			return fault.New(fault.Invalid, fmt.Sprintf("%s 的 %d 个要素都不能用：%s", r.Called, r.report.Read, f.WhatZH),
				fmt.Sprintf("none of the %d features of %s can be used: %s", r.report.Read, r.Called, f.What))
		}
	}
	return fault.New(fault.Invalid, r.Called+" 中没有多边形", r.Called+" holds no polygon")
}

// placeAt puts positions of a reference on the lattice. What looks like degrees where metres were announced is degrees: the file says its system itself,
// and GDAL has converted it.
func placeAt(ref crs.Reference, near float64) placer {
	degrees := placeIn(ref.System)
	return func(x, y float64) (planar.Point, *note) {
		if math.Abs(x) <= 180 && math.Abs(y) <= 180 || math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0) {
			return degrees(x, y)
		}
		if ref.Projected == nil {
			return planar.Point{}, projected(x, y, near)
		}
		lon, lat := ref.Projected.ToDegrees(x, y)
		if math.Abs(lon-ref.Projected.Plane.Meridian) > 6 || !crs.InChina(lon, lat) || math.IsNaN(lon) || math.IsNaN(lat) {
			return planar.Point{}, refuse(kindNotDegrees, fmt.Sprintf("坐标 (%.2f, %.2f) 不在 %s 的带内；%s", x, y, ref, advice(x, y, near)[0]),
				fmt.Sprintf("the coordinates (%.2f, %.2f) don't lie in the zone of %s; %s", x, y, ref, advice(x, y, near)[1]))
		}
		return planar.FromDegrees(lon, lat), nil
	}
}

// projected refuses metres that nobody has announced.
func projected(x, y, near float64) *note {
	a := advice(x, y, near)
	return refuse(kindNotDegrees, fmt.Sprintf("坐标 (%.2f, %.2f) 是投影坐标（米），而文件没有说明坐标系（如缺少 .prj）；%s", x, y, a[0]),
		fmt.Sprintf("the coordinates (%.2f, %.2f) are metres, and the file doesn't say of which projection (no .prj); %s", x, y, a[1]))
}

// advice says which plane metres are likely of, in Chinese and in English.
func advice(x, y, near float64) [2]string {
	if p, ok := crs.GuessProjected(x, y); ok {
		width := 3
		if p.Wide {
			width = 6
		}
		return [2]string{fmt.Sprintf("像是 CGCS2000 的 %d 度带第 %d 带（带号在前），请用 --crs epsg:%d", width, p.Zone, p.EPSG()),
			fmt.Sprintf("they look like %d-degree zone %d of CGCS2000 with its number: say --crs epsg:%d", width, p.Zone, p.EPSG())}
	}
	if _, ok := crs.GuessProjected(y, x); ok {
		return [2]string{"像是把 x、y 写反了（横坐标应在前），请先调换", "they look like northing first; the easting comes first: swap them"}
	}
	if near == 0 {
		return [2]string{"请用 --crs epsg:4534–4554（3 度带）或 4502–4512（6 度带）说明中央经线", "say the central meridian with --crs epsg:4534 to 4554 (3 degrees) or 4502 to 4512 (6 degrees)"}
	}
	narrow := crs.Projected{Plane: crs.PlaneFor(near)}
	wide := crs.Projected{Plane: crs.Plane{Meridian: 6*math.Floor(near/6) + 3}, Wide: true}
	return [2]string{fmt.Sprintf("没有带号；该区划一带的 3 度带是 --crs epsg:%d（中央经线 %g°），6 度带是 --crs epsg:%d（%g°）", narrow.EPSG(), narrow.Plane.Meridian, wide.EPSG(), wide.Plane.Meridian),
		fmt.Sprintf("they have no zone number; for this division 3 degrees are --crs epsg:%d (central meridian %g°), 6 degrees --crs epsg:%d (%g°)", narrow.EPSG(), narrow.Plane.Meridian, wide.EPSG(), wide.Plane.Meridian)}
}
