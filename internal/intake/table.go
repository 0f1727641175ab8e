package intake

import (
	"bufio"
	"bytes"
	"io"
	"strings"

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

func invalid(zh, en string) *fault.Error { return fault.New(fault.Invalid, zh, en) }
