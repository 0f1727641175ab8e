package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/locate"
	"jingwei/internal/planar"
)

// What the columns of a table of points may be called, and those that locating adds.
var (
	lonFields     = []string{"lon", "lng", "longitude", "经度", "x"}
	latFields     = []string{"lat", "latitude", "纬度", "y"}
	locatedFields = []string{"grid", "community", "near", "problem"}
)

// PointsInput is a table of points.
type PointsInput struct {
	File               string
	Table              io.Reader // nil: the file is opened; otherwise File is only what it is called
	LonField, LatField string    // of the header; empty: by the names that such columns usually have
	CRS                crs.System
}

// Located is what is said of a point: the 15 digits of its grid, the 12 of its community, empty outside of all, and the grids so near that
// one should ask.
type Located struct {
	Grid, Community string
	Near            []string
}

// PointsReport says what became of a table of points. Rows = Located + Outside + Wrong.
type PointsReport struct {
	File    string   `json:"file"`
	Rows    int      `json:"rows"`
	Located int      `json:"located"`
	Near    int      `json:"near"`    // of these, those with another grid close by
	Outside int      `json:"outside"` // in no grid
	Wrong   int      `json:"wrong"`   // rows whose position can't be read, or isn't in China
	GB18030 bool     `json:"gb18030"` // that is how the file was read, as it isn't UTF-8
	Refused Findings `json:"refused"`
}

// Points says of every row of a CSV file which grid its point lies in: it writes the file again with the columns grid, community, near and
// problem beside its own. No row is lost: what is wrong with one stands in it.
//
// Faults: Invalid for a file that can't be read or whose header can't be meant.
func Points(ctx context.Context, in PointsInput, out io.Writer, at func(planar.Point) Located) (*PointsReport, error) {
	if in.Table == nil {
		f, err := openTable(in.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in.Table = f
	}
	t := pointsTable{in: in, at: at, report: &PointsReport{File: baseName(in.File)}}
	text, gb := UTF8Reader(in.Table)
	t.report.GB18030 = gb
	plain := bufio.NewReaderSize(text, 1<<16)
	mark := gb // what reads GB18030 wants to be told that this is UTF-8
	if bom, _ := plain.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = plain.Discard(3)
		mark = true
	}
	written := bufio.NewWriterSize(out, 1<<16)
	if mark {
		_, _ = written.WriteString("\ufeff")
	}
	t.rows, t.out = csv.NewReader(plain), csv.NewWriter(written)
	t.rows.FieldsPerRecord, t.rows.ReuseRecord = -1, true
	if err := t.header(); err != nil {
		return nil, err
	}
	if err := t.read(ctx); err != nil {
		return nil, err
	}
	t.out.Flush()
	if err := t.out.Error(); err != nil {
		return nil, err
	}
	return t.report, written.Flush()
}

// openTable opens a file that should be a table.
func openTable(path string) (*os.File, error) {
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		return nil, fault.New(fault.Invalid, path+" 是目录，不是 CSV 文件", path+" is a directory and no CSV file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return f, nil
}

// InLayout says of points which of the live grids they lie in, and which others come within so many metres. The codes' texts are kept, as most
// points of a table lie in the same few thousand grids; it is for one goroutine.
func InLayout(live *locate.Live, metres float64) func(planar.Point) Located {
	type names struct{ grid, community string }
	texts := make(map[int64]names)
	text := func(code int64) names {
		n, seen := texts[code]
		if !seen {
			n = names{layout.Code(code).String(), fmt.Sprintf("%012d", layout.Code(code).Community())}
			texts[code] = n
		}
		return n
	}
	var near []locate.Nearby
	return func(p planar.Point) (out Located) {
		code, others, found := live.Grid(p, metres, near[:0])
		if near = others; !found {
			return out
		}
		out.Grid, out.Community = text(code).grid, text(code).community
		for _, g := range near {
			out.Near = append(out.Near, text(g.Grid).grid)
		}
		return out
	}
}

type pointsTable struct {
	in       PointsInput
	at       func(planar.Point) Located
	rows     *csv.Reader
	out      *csv.Writer
	lon, lat int // columns
	width    int
	report   *PointsReport
}

func (t *pointsTable) wrong(zh, en string) error {
	return fault.New(fault.Invalid, t.report.File+"："+zh, t.report.File+": "+en)
}

func (t *pointsTable) broken(err error) error {
	return t.wrong(fmt.Sprintf("不是有效的 CSV：%v（引号不配对？）；未写出任何结果", err), fmt.Sprintf("it isn't CSV: %v (see whether its quotes match); nothing was written", err))
}

func (t *pointsTable) header() error {
	header, err := t.rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return t.wrong("没有表头，首行应为各列的名称", "it has no header: the first line names the columns")
	case err != nil:
		return t.broken(err)
	}
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
	}
	find := func(given string, usual []string) int {
		if given != "" {
			return slices.Index(names, given)
		}
		return slices.IndexFunc(names, called(usual))
	}
	t.lon, t.lat, t.width = find(t.in.LonField, lonFields), find(t.in.LatField, latFields), len(names)
	if t.lon < 0 || t.lat < 0 || t.lon == t.lat {
		return t.wrong(fmt.Sprintf("表头中找不到经度和纬度列，现有 %.200q；请用 --lon-field 与 --lat-field 指定", names),
			fmt.Sprintf("its header has no columns of longitude and latitude; it has %.200q: say which with --lon-field and --lat-field", names))
	}
	for _, name := range locatedFields {
		if slices.Contains(names, name) {
			return t.wrong(fmt.Sprintf("已有名为 %s 的列，请先改名", name), fmt.Sprintf("it has a column %s already: give that another name", name))
		}
	}
	return t.out.Write(append(slices.Clone(header), locatedFields...))
}

func (t *pointsTable) read(ctx context.Context) error {
	var row []string
	for {
		fields, err := t.rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return t.broken(err)
		}
		if t.report.Rows++; t.report.Rows%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row = append(row[:0], fields...)
		for len(row) < t.width {
			row = append(row, "")
		}
		p, n := t.position(fields)
		if n != nil {
			line, _ := t.rows.FieldPos(0)
			t.report.Wrong++
			t.report.Refused.add(Finding{File: t.report.File, Feature: "line " + strconv.Itoa(line), Kind: n.kind, What: n.what, WhatZH: n.whatZH, Done: n.done, DoneZH: n.doneZH})
			row = append(row, "", "", "", n.whatZH+" / "+n.what)
		} else {
			row = t.place(row, t.at(p))
		}
		if err := t.out.Write(row); err != nil {
			return err
		}
	}
}

// place appends what is said of a point.
func (t *pointsTable) place(row []string, l Located) []string {
	switch {
	case l.Grid == "":
		t.report.Outside++
		return append(row, "", l.Community, "", "不在任何网格内 / in no grid")
	case len(l.Near) > 0:
		t.report.Near++
	}
	t.report.Located++
	return append(row, l.Grid, l.Community, strings.Join(l.Near, " "), "")
}

// position reads a row's point.
func (t *pointsTable) position(row []string) (planar.Point, *note) {
	if len(row) != t.width {
		return planar.Point{}, refuse(kindRow, fmt.Sprintf("有 %d 个字段，表头有 %d 列", len(row), t.width), fmt.Sprintf("it has %d fields, the header has %d columns", len(row), t.width))
	}
	lon, lonErr := strconv.ParseFloat(strings.TrimSpace(row[t.lon]), 64)
	lat, latErr := strconv.ParseFloat(strings.TrimSpace(row[t.lat]), 64)
	if lonErr != nil || latErr != nil {
		return planar.Point{}, refuse(kindCoordinates, fmt.Sprintf("经纬度 %.40q、%.40q 读不懂", row[t.lon], row[t.lat]), fmt.Sprintf("its position %.40q, %.40q can't be read", row[t.lon], row[t.lat]))
	}
	x, y := t.in.CRS.ToWGS84(lon, lat)
	if !crs.InChina(x, y) {
		return planar.Point{}, refuse(kindOutsideChina, fmt.Sprintf("点（%g，%g）不在中国境内，请检查经纬度是否颠倒", lon, lat),
			fmt.Sprintf("the point (%g, %g) isn't in China: have longitude and latitude been swapped?", lon, lat))
	}
	return planar.FromDegrees(x, y), nil
}
