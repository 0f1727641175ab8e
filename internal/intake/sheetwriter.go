package intake

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"strings"
)

// sheetWriter writes a workbook of one sheet as a stream, nothing of it on disk. All of its cells are text, and formatted as such, so that what is
// typed into them stays text, too.
type sheetWriter struct {
	zip *zip.Writer
	out *bufio.Writer
}

// What a workbook consists of besides its sheet. Style 1 is text ("@").
var sheetParts = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="退回" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="等线"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

func newSheetWriter(to io.Writer) (*sheetWriter, error) {
	z := zip.NewWriter(to)
	for _, p := range sheetParts {
		f, err := z.Create(p.name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(f, xmlHead+p.text); err != nil {
			return nil, err
		}
	}
	f, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	w := &sheetWriter{z, bufio.NewWriterSize(f, 1<<16)}
	_, err = w.out.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="1" max="200" width="18" style="1" customWidth="1"/></cols><sheetData>`)
	return w, err
}

func (w *sheetWriter) row(cells []string) error {
	_, _ = w.out.WriteString("<row>")
	for _, c := range cells {
		if c == "" {
			_, _ = w.out.WriteString(`<c s="1"/>`)
			continue
		}
		_, _ = w.out.WriteString(`<c s="1" t="inlineStr"><is><t xml:space="preserve">`)
		if err := xml.EscapeText(w.out, []byte(strings.ToValidUTF8(c, "�"))); err != nil {
			return err
		}
		_, _ = w.out.WriteString(`</t></is></c>`)
	}
	_, err := w.out.WriteString("</row>")
	return err
}

func (w *sheetWriter) close() error {
	if _, err := w.out.WriteString("</sheetData></worksheet>"); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	return w.zip.Close()
}
