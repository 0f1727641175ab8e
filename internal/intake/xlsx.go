package intake

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"jingwei/internal/fault"
)

// A workbook is read as a stream: its sheet never lies in memory as a whole, only the texts that its cells share. Nothing of it is unpacked to disk.
const (
	mostShared  = 192 << 20 // bytes of shared texts
	mostTexts   = 16 << 20  // how many they are
	mostSheet   = 8 << 30   // bytes of the sheet, unpacked; and of the shared texts with what is between them
	mostPiece   = 1 << 20   // bytes of a cell's text, or of a tag: a sheet takes 32,767 characters
	mostLine    = 1 << 30   // as a row's number; a sheet of Excel's ends at 2^20
	sheetSuffix = "/worksheet"
)

// workbook gives the rows of the first sheet of a workbook that is shown.
type workbook struct {
	x      *pieces
	shared texts
	row    int
}

func notAWorkbook(err error) error {
	if f := new(fault.Error); errors.As(err, &f) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.Wrap(err, fault.Invalid, "文件不是有效的 .xlsx 工作簿；请用表格软件另存一次，或改存为 CSV", "the file is no valid .xlsx workbook: save it again, or as CSV")
}

func openWorkbook(at io.ReaderAt, size int64) (*workbook, error) {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, notAWorkbook(err)
	}
	sheet, err := firstSheet(z)
	if err != nil {
		return nil, err
	}
	w := &workbook{}
	if err := w.readShared(z); err != nil {
		return nil, err
	}
	f, err := z.Open(sheet)
	if err != nil {
		return nil, notAWorkbook(err)
	}
	w.x = newPieces(f)
	return w, nil
}

// pieces reads XML piece after piece, none of which is larger than memory is for. The decoder gathers a piece before it gives it, and some hundred bytes
// of a workbook unpack to a million.
type pieces struct {
	x    *xml.Decoder
	in   *bufio.Reader
	left int
}

func newPieces(in io.Reader) *pieces {
	p := &pieces{in: bufio.NewReaderSize(io.LimitReader(in, mostSheet), 1<<16)}
	p.x = xml.NewDecoder(p)
	return p
}

// next gives the next piece, io.EOF behind the last.
func (p *pieces) next() (xml.Token, error) {
	p.left = mostPiece
	return p.x.RawToken()
}

// ReadByte is what the decoder reads by.
func (p *pieces) ReadByte() (byte, error) {
	if p.left--; p.left < 0 {
		return 0, invalid(fmt.Sprintf("工作簿里有一处内容超过 %d MB；请删去它，或另存为 CSV 再导入", mostPiece>>20), fmt.Sprintf("a cell of the workbook has over %d MB: take it out, or save it as CSV", mostPiece>>20))
	}
	return p.in.ReadByte()
}

func (p *pieces) Read([]byte) (int, error) { return 0, errors.New("intake: XML is read byte by byte") }

// firstSheet finds the file of the first sheet that isn't hidden.
func firstSheet(z *zip.Reader) (string, error) {
	var book struct {
		Sheets []struct {
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := readPart(z, "xl/workbook.xml", &book); err != nil {
		return "", err
	}
	var links struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := readPart(z, "xl/_rels/workbook.xml.rels", &links); err != nil {
		return "", err
	}
	targets := map[string]string{}
	for _, l := range links.All {
		if strings.HasSuffix(l.Type, sheetSuffix) {
			targets[l.ID] = l.Target
		}
	}
	for _, s := range book.Sheets {
		if s.State == "hidden" || s.State == "veryHidden" {
			continue
		}
		for _, a := range s.Attrs {
			target, known := targets[a.Value]
			if a.Name.Local != "id" || !known {
				continue
			}
			if inner, found := strings.CutPrefix(target, "/"); found {
				return inner, nil
			}
			return path.Join("xl", target), nil
		}
	}
	return "", notAWorkbook(errors.New("no sheet"))
}

func readPart(z *zip.Reader, name string, to any) error {
	f, err := z.Open(name)
	if err != nil {
		return notAWorkbook(err)
	}
	defer f.Close()
	if err := xml.NewDecoder(io.LimitReader(f, 16<<20)).Decode(to); err != nil {
		return notAWorkbook(err)
	}
	return nil
}

// texts are many strings in one piece of memory.
type texts struct {
	all []byte
	end []uint32
}

func (t *texts) at(i int) (string, bool) {
	if i < 0 || i >= len(t.end) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = t.end[i-1]
	}
	return string(t.all[from:min(t.end[i], from+2*longestCell)]), true
}

// readShared reads the texts that cells refer to by their number.
func (w *workbook) readShared(z *zip.Reader) error {
	f, err := z.Open("xl/sharedStrings.xml")
	if err != nil {
		return nil // a workbook of numbers has none
	}
	defer f.Close()
	x := newPieces(f)
	inside, phonetic := false, 0
	for {
		token, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return notAWorkbook(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local == "t" && phonetic == 0
			if token.Name.Local == "rPh" {
				phonetic++ // how it is pronounced isn't part of it
			}
		case xml.EndElement:
			inside = false
			switch token.Name.Local {
			case "rPh":
				phonetic--
			case "si":
				w.shared.end = append(w.shared.end, uint32(len(w.shared.all)))
			}
		case xml.CharData:
			if inside {
				w.shared.all = append(w.shared.all, token...)
			}
		}
		if len(w.shared.all) > mostShared || len(w.shared.end) > mostTexts {
			return invalid(fmt.Sprintf("工作簿的文字超过 %d MB；请另存为 CSV 再导入", mostShared>>20), fmt.Sprintf("the workbook has over %d MB of text: save it as CSV", mostShared>>20))
		}
	}
}

// next reads a row of the sheet.
func (w *workbook) next() (Row, error) {
	for {
		token, err := w.x.next()
		if errors.Is(err, io.EOF) {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, notAWorkbook(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "row" {
			w.row++
			if n, err := strconv.Atoi(attribute(start, "r")); err == nil && n > w.row && n < mostLine { // rows are told apart by their line
				w.row = n
			}
			cells, err := w.readRow()
			return Row{Line: w.row, Cells: cells}, err
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// cell is a cell on its way in.
type cell struct {
	column         int
	kind           string
	value, formula []byte
	computed       bool
}

func (w *workbook) readRow() (cells []string, err error) {
	var c cell
	in := ""
	for {
		token, err := w.x.next()
		if err != nil {
			return nil, notAWorkbook(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			in = token.Name.Local
			switch in {
			case "c":
				c = cell{column: c.column + 1, kind: attribute(token, "t"), value: c.value[:0], formula: c.formula[:0]}
				if n, ok := columnOf(attribute(token, "r")); ok {
					c.column = n
				}
			case "f":
				c.computed = true
			}
		case xml.CharData:
			switch in {
			case "v", "t":
				c.value = fill(c.value, token)
			case "f":
				c.formula = fill(c.formula, token)
			}
		case xml.EndElement:
			in = ""
			switch token.Name.Local {
			case "c":
				if c.column > widestRow {
					continue
				}
				for len(cells) < c.column {
					cells = append(cells, "")
				}
				cells[c.column-1] = w.text(&c)
			case "row":
				return cells, nil
			}
		}
	}
}

// fill adds to a cell, as long as it isn't too long for every field already.
func fill(cell, more []byte) []byte {
	if len(cell) > longestCell {
		return cell
	}
	return append(cell, more[:min(len(more), 2*longestCell)]...)
}

// columnOf reads the letters of "AB12": 28.
func columnOf(ref string) (n int, ok bool) {
	for i := 0; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && n < 1<<20; i++ {
		n = n*26 + int(ref[i]-'A') + 1
	}
	return n, n > 0
}

// text is what a cell says, as somebody who looks at the sheet would read it. Formulas are formulas.
func (w *workbook) text(c *cell) string {
	if c.computed {
		return "=" + string(c.formula)
	}
	switch c.kind {
	case "s":
		n, err := strconv.Atoi(string(c.value))
		if err != nil {
			return ""
		}
		s, _ := w.shared.at(n)
		return s
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[string(c.value)]
	case "", "n":
		return plainNumber(string(c.value))
	}
	return string(c.value)
}

// plainNumber writes 1.3800001234E10 as 13800001234. What has more digits than a sheet keeps stays as it is: some are lost already.
func plainNumber(s string) string {
	if !strings.ContainsAny(s, "eE") {
		return s
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v > 1e15 || v < -1e15 {
		return s
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
