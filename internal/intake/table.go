package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"jingwei/internal/fault"
	"jingwei/internal/ingest"
)

// Row is a row of a table. Line counts as people see it: the line of a CSV file, the row of a sheet.
type Row struct {
	Line  int
	Cells []string
	// Broken is a line whose quotes don't match; it is the one cell.
	Broken bool
}

func (r Row) empty() bool {
	for _, c := range r.Cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// What a table may have at most. A sheet of Excel's ends at 1,048,576 rows.
const (
	mostColumns = 100
	mostRows    = 5_000_000
	longestCell = 4000 // bytes; a longer one is cut there, and is too long for every field
	widestRow   = 4 * mostColumns
)

// rower gives the rows of a table one after another, io.EOF after the last.
type rower interface{ next() (Row, error) }

// table is a file of rows with its header read.
type table struct {
	columns []string
	gb18030 bool
	rows    rower
	headers int // line of the header
}

// openTable finds out what a file is and reads its header. spool gives what has to be read from several ends (a workbook) as a file.
//
// Faults: Invalid for what isn't a table, or has no row with the names of its columns.
func openTable(in io.Reader, kind Kind, spool func(io.Reader) (io.ReaderAt, int64, error)) (*table, error) {
	b := bufio.NewReaderSize(in, 1<<17)
	head, err := b.Peek(8)
	if err != nil && err != io.EOF {
		return nil, err
	}
	t := &table{}
	switch {
	case len(head) == 0:
		return nil, invalid("文件是空的", "the file is empty")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		at, size, err := spool(b)
		if err != nil {
			return nil, err
		}
		if t.rows, err = openWorkbook(at, size); err != nil {
			return nil, err
		}
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, invalid("这是旧版 .xls 文件或加密的工作簿；请另存为 .xlsx 或 CSV 再导入", "this is an old .xls file or an encrypted workbook: save it as .xlsx or CSV first")
	case bytes.HasPrefix(head, []byte("%PDF")), bytes.IndexByte(head, 0) >= 0 && !utf16(head):
		return nil, invalid("这不是表格文件；可导入 CSV 与 XLSX", "this is no table; CSV and XLSX can be imported")
	default:
		t.rows, t.gb18030 = openText(b, head)
	}
	return t, t.readHeader(kind)
}

func utf16(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff"))
}

func openText(b *bufio.Reader, head []byte) (rower, bool) {
	var text io.Reader
	gb := false
	if utf16(head) { // "Unicode text" of Excel's
		text = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(b)
	} else {
		text, gb = ingest.UTF8Reader(b)
	}
	return newLines(text), gb
}

// headerWithin is how many lines may stand above the names of the columns: a title, who filled it in.
const headerWithin = 8

// readHeader finds the row that names the columns: the one among the first in which the most are known.
func (t *table) readHeader(kind Kind) error {
	var first []Row
	best, known := -1, 0
	for len(first) < headerWithin {
		r, err := t.rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if r.empty() {
			continue
		}
		if n := len(Guess(kind, r.Cells)); n > known {
			best, known = len(first), n
		}
		first = append(first, r)
	}
	switch {
	case len(first) == 0:
		return invalid("文件是空的", "the file is empty")
	case known < 2:
		best = 0
	}
	t.columns, t.headers = trimColumns(first[best].Cells), first[best].Line
	if err := checkColumns(t.columns, known >= 2); err != nil {
		return err
	}
	t.rows = &behind{first[best+1:], t.rows}
	return nil
}

// behind gives rows that were read already before the others.
type behind struct {
	read []Row
	rest rower
}

func (b *behind) next() (Row, error) {
	if len(b.read) > 0 {
		r := b.read[0]
		b.read = b.read[1:]
		return r, nil
	}
	return b.rest.next()
}

func trimColumns(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = tidy(c)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// checkColumns refuses a first row that isn't one of names: it would be kept in clear.
func checkColumns(columns []string, known bool) error {
	if len(columns) > mostColumns {
		return invalid(fmt.Sprintf("表头有 %d 列，最多 %d 列；请删去不用的列", len(columns), mostColumns), fmt.Sprintf("its header has %d columns, and %d are the most: leave out those that aren't needed", len(columns), mostColumns))
	}
	for _, c := range columns {
		if !utf8.ValidString(c) || strings.ContainsFunc(c, unseen) {
			return invalid("列名中有乱码或不可见的字符：文件的编码不对；请另存为 XLSX，或者 UTF-8 编码的 CSV", "the names of its columns have characters that can't be read: it is in an encoding that isn't known; save it as XLSX, or as CSV in UTF-8")
		}
		digits := 0
		for _, r := range c {
			if r >= '0' && r <= '9' || r >= '０' && r <= '９' {
				digits++
			}
		}
		if digits > 5 || utf8.RuneCountInString(c) > 40 || !known && digits > 0 {
			return invalid("没有找到表头：前几行中应有一行是各列的名称，如“姓名、身份证号、房屋编号”", "no header was found: one of the first lines has to name the columns, as 姓名, 身份证号, 房屋编号")
		}
	}
	if !known && len(columns) < 2 {
		return invalid("没有找到表头，或者各列没有分隔开；可导入 CSV（逗号、分号或制表符分隔）与 XLSX", "no header was found, or nothing that separates the columns; CSV (with commas, semicolons or tabs) and XLSX can be imported")
	}
	return nil
}

func invalid(zh, en string) *fault.Error { return fault.New(fault.Invalid, zh, en) }
