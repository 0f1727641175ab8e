package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// buildingFields are what the column may be called that names the building; persons are kept with buildings and never a count.
var (
	buildingFields = []string{"building", "楼栋"}
	personsFields  = []string{"persons", "人数", "人口"}
)

const (
	mostCount     = 1_000_000
	mostColumns   = 50
	longestColumn = 60
)

// CountsInput is what `import counts` was told.
type CountsInput struct {
	File   string
	County division.Code
}

// CountsReport says what became of a table of counts. Rows = Stored + Refused.Count.
type CountsReport struct {
	File    string           `json:"file"`
	Rows    int              `json:"rows"`
	Stored  int              `json:"stored"`  // rows
	Changed int              `json:"changed"` // counts that weren't so before
	Sums    map[string]int64 `json:"sums"`    // of each column, over the rows that were stored
	GB18030 bool             `json:"gb18030"` // that is how the file was read, as it isn't UTF-8
	Refused Findings         `json:"refused"`
}

// Counts imports what is known of buildings besides their residents: households, people over 80, people who live alone, whatever a
// workload formula weighs. The file is CSV in UTF-8 or GB18030; its column building (楼栋) names each building as its import did (way/123,
// buildings.geojson/17) or by what comes after the slash, where only one is called that; every other column is a count, empty where it isn't
// known. Rows that can't be taken are refused one by one; the rest is stored in one transaction. What the file doesn't mention stays.
//
// Faults: Invalid for a file that can't be read, whose header can't be meant or in which a quote isn't closed on its line (nobody could say
// which rows it has), NotFound for a county without buildings.
func Counts(ctx context.Context, db *postgres.DB, in CountsInput) (*CountsReport, error) {
	if in.County.Level() != division.County {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("%s 不是县级区划代码（6 位）", in.County), fmt.Sprintf("%s is no code of a county (6 digits)", in.County))
	}
	f, err := openTable(in.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	table := countsTable{file: baseName(in.File), report: &CountsReport{File: baseName(in.File), Sums: map[string]int64{}}}
	if err := table.open(f); err != nil {
		return nil, err
	}
	err = db.InTx(ctx, func(tx pgx.Tx) error {
		if table.known, err = buildingNames(ctx, tx, in.County); err != nil {
			return err
		}
		if err := table.read(); err != nil {
			return err
		}
		if table.report.Rows == 0 {
			return table.wrong("只有表头，没有数据行", "it has a header and no rows")
		}
		return table.store(ctx, tx, in.County)
	})
	if err != nil {
		return nil, err
	}
	return table.report, nil
}

// countsTable is a table on its way in.
type countsTable struct {
	file     string
	rows     *csv.Reader
	building int               // place of the column that names the building
	columns  []string          // of the header, that one among them
	known    map[string]string // what a building may be called → its source, "" where several are called so
	report   *CountsReport

	buildings, kinds []string
	counts           []int64
}

// open reads the header.
func (t *countsTable) open(f io.Reader) error {
	text, gb := UTF8Reader(f)
	t.report.GB18030 = gb
	in := bufio.NewReaderSize(text, 1<<16)
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	t.rows = csv.NewReader(in)
	t.rows.FieldsPerRecord = -1
	header, err := t.rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return t.wrong("没有表头，首行应为 building 和各计数列的名称", "it has no header: the first line names the columns, building and the counts")
	case err != nil:
		return t.wrong(fmt.Sprintf("表头不是有效的 CSV：%v", err), fmt.Sprintf("its header isn't CSV: %v", err))
	}
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
	}
	t.columns, t.building = header, slices.IndexFunc(header, called(buildingFields))
	switch {
	case t.building < 0:
		return t.wrong(fmt.Sprintf("表头缺少 building（或“楼栋”）列，现有 %.200q", header), fmt.Sprintf("its header has no column building, which names the buildings; it has %.200q", header))
	case len(header) < 2:
		return t.wrong("除 building 外没有计数列", "it has no count besides the column building")
	case len(header) > mostColumns:
		return t.wrong(fmt.Sprintf("共 %d 列，最多 %d 列", len(header), mostColumns), fmt.Sprintf("it has %d columns, and %d are the most", len(header), mostColumns))
	}
	for i, name := range header {
		if i != t.building {
			name = layout.CountName(name)
			header[i] = name
		}
		switch {
		case name == "" || !utf8.ValidString(name) || strings.ContainsRune(name, utf8.RuneError) || utf8.RuneCountInString(name) > longestColumn || name != printable(name):
			return t.wrong(fmt.Sprintf("第 %d 列的名称 %.80q 无效（应为 1 至 %d 个字符的 UTF-8 文字）", i+1, name, longestColumn),
				fmt.Sprintf("column %d can't be called %.80q: a name is text in UTF-8 of 1 to %d characters", i+1, name, longestColumn))
		case called(personsFields)(name):
			return t.wrong("人数（persons）随楼栋导入，不能作为计数列", "persons are imported with the buildings themselves and can't be a count here")
		case slices.Contains(header[:i], name):
			return t.wrong(fmt.Sprintf("列名 %q 出现两次", name), fmt.Sprintf("the column %q is there twice", name))
		}
	}
	return nil
}

// called says whether a column has one of some names, in letters of any case.
func called(names []string) func(string) bool {
	return func(column string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, column) })
	}
}

func (t *countsTable) wrong(zh, en string) error {
	return fault.New(fault.Invalid, t.file+"："+zh, t.file+": "+en)
}

// read takes the rows.
func (t *countsTable) read() error {
	seen := map[string]bool{}
	for {
		row, err := t.rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad) && bad.Line > bad.StartLine:
			return t.unclosed(bad.StartLine)
		case errors.As(err, &bad):
			t.report.Rows++
			t.leave(bad.StartLine, refuse(kindRow, "不是有效的 CSV（引号不配对？）", "it isn't CSV; see whether its quotes match"))
			continue
		case err != nil:
			return fault.Wrap(err, fault.Invalid, fmt.Sprintf("读取 %s 时出错：%v", t.file, err), fmt.Sprintf("can't read %s: %v", t.file, err))
		}
		t.report.Rows++
		line, _ := t.rows.FieldPos(0)
		if slices.ContainsFunc(row, func(field string) bool { return strings.Contains(field, "\n") }) {
			return t.unclosed(line)
		}
		if n := t.take(row, seen); n != nil {
			t.leave(line, n)
		}
	}
}

// unclosed refuses the file: the rows after the quote are part of a field, as it stands.
func (t *countsTable) unclosed(line int) error {
	return t.wrong(fmt.Sprintf("第 %d 行的引号没有在本行闭合，其后的行无法分辨；未导入任何一行，请更正后重新导入", line),
		fmt.Sprintf("a quote on line %d isn't closed on that line, so the rows after it can't be told apart; nothing was imported: mend it and import the file again", line))
}

func (t *countsTable) leave(line int, n *note) {
	t.report.Refused.add(Finding{File: t.file, Feature: "line " + strconv.Itoa(line), Kind: n.kind, What: n.what, WhatZH: n.whatZH, Done: n.done, DoneZH: n.doneZH})
}

// take keeps a row's counts, all of them or none.
func (t *countsTable) take(row []string, seen map[string]bool) *note {
	if len(row) != len(t.columns) {
		return refuse(kindRow, fmt.Sprintf("有 %d 个字段，表头有 %d 列", len(row), len(t.columns)), fmt.Sprintf("it has %d fields, the header has %d columns", len(row), len(t.columns)))
	}
	name := strings.TrimSpace(row[t.building])
	building, known := t.known[name]
	switch {
	case !known:
		return refuse(kindUnknown, fmt.Sprintf("没有编号为 %.80q 的楼栋", name), fmt.Sprintf("no building on record is called %.80q", name))
	case building == "":
		return refuse(kindUnknown, fmt.Sprintf("有多栋楼编号为 %.80q，请写全（如 buildings.geojson/%.80s）", name, name),
			fmt.Sprintf("several buildings on record are called %.80q: say which in full, such as buildings.geojson/%.80s", name, name))
	case seen[building]:
		return refuse(kindRowTwice, fmt.Sprintf("楼栋 %s 前面已有一行", building), fmt.Sprintf("building %s had a row before", building))
	}
	counts := make([]int64, len(row))
	for i, text := range row {
		text = strings.TrimSpace(text)
		if i == t.building || text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 || n > mostCount {
			return refuse(kindCount, fmt.Sprintf("%s 为 %.40q，应是 0 至 %d 的整数", t.columns[i], text, mostCount),
				fmt.Sprintf("%s is %.40q; it should be a whole number from 0 to %d", t.columns[i], text, mostCount))
		}
		counts[i] = n
	}
	seen[building] = true
	t.report.Stored++
	for i, text := range row {
		if i == t.building || strings.TrimSpace(text) == "" {
			continue
		}
		t.buildings, t.kinds, t.counts = append(t.buildings, building), append(t.kinds, t.columns[i]), append(t.counts, counts[i])
		t.report.Sums[t.columns[i]] += counts[i]
	}
	return nil
}

func (t *countsTable) store(ctx context.Context, tx pgx.Tx, county division.Code) error {
	tag, err := tx.Exec(ctx, `
		INSERT INTO building_count AS c (county, building, kind, n)
		SELECT $1, w.building, w.kind, w.n FROM unnest($2::text[], $3::text[], $4::int[]) AS w (building, kind, n)
		ON CONFLICT (county, building, kind) DO UPDATE SET n = excluded.n WHERE c.n <> excluded.n`,
		county.County(), t.buildings, t.kinds, t.counts)
	t.report.Changed = int(tag.RowsAffected())
	return err
}

// buildingNames are what the county's buildings may be called: their sources, and of each what comes after the first slash.
func buildingNames(ctx context.Context, tx pgx.Tx, county division.Code) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT source FROM building WHERE county = $1`, county.County())
	if err != nil {
		return nil, err
	}
	sources, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	if len(sources) == 0 {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("县 %06d 还没有楼栋，先用 import ground 导入", county.County()),
			fmt.Sprintf("county %06d has no buildings yet: import them first with import ground", county.County()))
	}
	known := make(map[string]string, 2*len(sources))
	for _, source := range sources {
		if _, short, cut := strings.Cut(source, "/"); cut {
			if _, taken := known[short]; taken {
				source = ""
			}
			known[short] = source
		}
	}
	for _, source := range sources { // in full it is certain
		known[source] = source
	}
	return known, nil
}
