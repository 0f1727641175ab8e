package exchange

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
)

// Table is an assignment of blocks to grids as a file has it.
type Table struct {
	Net  *gridnet.Net  // a polygon a grid, without ground
	Grid map[int64]int // block → place in Net.Polygons
}

const mostTable = 64 << 20

// IsTable says whether a file is a table of blocks rather than a map.
func IsTable(file string) bool { return strings.EqualFold(filepath.Ext(file), ".csv") }

// ReadTable reads a CSV with the columns block and grid (地块, 网格), as WriteAssignment writes it; UTF-8 or GB18030.
//
// Fault: Invalid, with the row and the column.
func ReadTable(file, called string) (*Table, error) {
	if st, err := os.Stat(file); err == nil && st.Size() > mostTable {
		return nil, fault.New(fault.Invalid, called+" 过大，不像单元归属表", called+" is too large for a table of blocks")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, fmt.Sprintf("打不开文件 %s", called), fmt.Sprintf("can't open %s", called))
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, called+" 既不是 UTF-8 也不是 GB18030", called+" is neither UTF-8 nor GB18030")
		}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("文件 %s 是空的", called), fmt.Sprintf("the file %s is empty", called))
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, fmt.Sprintf("%s 不是有效的 CSV：%v", called, err), fmt.Sprintf("%s is no valid CSV: %v", called, err))
	}
	return tableOf(rows, called)
}

func tableOf(rows [][]string, called string) (*Table, error) {
	block, grid, name := column(rows[0], "block", "基本单元", "单元编号", "地块", "地块编号", "block_id"), column(rows[0], "grid", "网格", "网格编码", "code"), column(rows[0], "name", "名称", "网格名称")
	if block < 0 || grid < 0 {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("%s 的表头应有 block（基本单元）和 grid（网格）两列，现为：%.200s", called, strings.Join(rows[0], "，")),
			fmt.Sprintf("the head of %s should have the columns block and grid, it has: %.200s", called, strings.Join(rows[0], ", ")))
	}
	t := &Table{Net: &gridnet.Net{Name: strings.TrimSuffix(called, filepath.Ext(called))}, Grid: make(map[int64]int)}
	place := make(map[string]int)
	for i, row := range rows[1:] {
		if len(row) <= max(block, grid) {
			return nil, wrongRow(called, i, "block/grid", "缺少一列", "a column is missing")
		}
		id, err := strconv.ParseInt(strings.TrimSpace(row[block]), 10, 64)
		if err != nil || id <= 0 {
			return nil, wrongRow(called, i, "block", fmt.Sprintf("%.40q 不是单元编号", row[block]), fmt.Sprintf("%.40q is no number of a block", row[block]))
		}
		if _, twice := t.Grid[id]; twice {
			return nil, wrongRow(called, i, "block", fmt.Sprintf("基本单元 %d 出现了两次", id), fmt.Sprintf("block %d stands here twice", id))
		}
		code := tidyCode(row[grid])
		if code == "" {
			return nil, wrongRow(called, i, "grid", "没有网格编码", "there is no code of a grid")
		}
		at, seen := place[code]
		if !seen {
			at = len(t.Net.Polygons)
			place[code] = at
			t.Net.Polygons = append(t.Net.Polygons, gridnet.Polygon{Code: code, Feature: code})
		}
		if name >= 0 && name < len(row) && t.Net.Polygons[at].Name == "" {
			t.Net.Polygons[at].Name = strings.TrimPrefix(strings.TrimSpace(row[name]), "'")
		}
		t.Grid[id] = at
	}
	if len(t.Grid) == 0 {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("%s 只有表头，没有数据", called), fmt.Sprintf("%s has a head and no rows", called))
	}
	return t, nil
}

func column(head []string, names ...string) int {
	for _, want := range names {
		for i, name := range head {
			if strings.EqualFold(strings.TrimSpace(name), want) {
				return i
			}
		}
	}
	return -1
}

// wrongRow is a fault of a row; i counts from 0 after the head.
func wrongRow(called string, i int, column, zh, en string) error {
	return fault.New(fault.Invalid, fmt.Sprintf("%s 第 %d 行 %s 列：%s；未导入", called, i+2, column, zh), fmt.Sprintf("%s, row %d, column %s: %s; nothing was imported", called, i+2, column, en))
}
