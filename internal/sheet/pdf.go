package sheet

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"time"
	"unicode/utf16"
)

// A PDF 1.5 of pages with lines, areas and text, written by hand: a list of objects and where they begin (ISO 32000-1, 7.5).

// points in a mm.
const points = 72 / 25.4

// document gathers pages.
type document struct {
	face  *typeface
	pages []*paper
	fonts []*pdfFont
	codes map[rune]code
}

// code is where a letter stands in the document's fonts.
type code struct {
	font int
	at   byte
}

// paper is a page of a PDF, a canvas.
type paper struct {
	of            *document
	width, height float64 // mm
	content       bytes.Buffer
	ink           color
	inked         bool
	pen           color
	penned        bool
	width0        float64
}

func newDocument(face *typeface) *document {
	return &document{face: face, codes: make(map[rune]code)}
}

// page begins a page; what is drawn on it is in mm from its top left.
func (d *document) page(width, height float64) *paper {
	p := &paper{of: d, width: width, height: height, width0: -1}
	fmt.Fprintf(&p.content, "%.5f 0 0 %.5f 0 %.3f cm 1 j 1 J\n", points, -points, height*points)
	d.pages = append(d.pages, p)
	return p
}

func (p *paper) number(x float64) { p.content.Write(appendNumber(p.content.AvailableBuffer(), x)) }

// appendNumber writes a number with three decimals at most, and a blank.
func appendNumber(out []byte, x float64) []byte {
	n := int64(x*1000 + .5)
	if x < 0 {
		n = -int64(-x*1000 + .5)
	}
	if n < 0 {
		out, n = append(out, '-'), -n
	}
	out = fmt.Appendf(out, "%d", n/1000)
	if rest := n % 1000; rest > 0 {
		text := fmt.Sprintf(".%03d", rest)
		for text[len(text)-1] == '0' {
			text = text[:len(text)-1]
		}
		out = append(out, text...)
	}
	return append(out, ' ')
}

func (p *paper) path(points []spot, closed bool) {
	for i, s := range points {
		p.number(s.x)
		p.number(s.y)
		if i == 0 {
			p.content.WriteString("m\n")
		} else {
			p.content.WriteString("l\n")
		}
	}
	if closed {
		p.content.WriteString("h\n")
	}
}

func (p *paper) color(c color, operator string) {
	for _, v := range c {
		p.number(float64(v) / 255)
	}
	p.content.WriteString(operator + "\n")
}

func (p *paper) useInk(c color) {
	if !p.inked || p.ink != c {
		p.color(c, "rg")
		p.ink, p.inked = c, true
	}
}

func (p *paper) fill(rings [][]spot, c color) {
	if len(rings) == 0 {
		return
	}
	p.useInk(c)
	for _, ring := range rings {
		p.path(ring, true)
	}
	p.content.WriteString("f\n")
}

func (p *paper) stroke(lines [][]spot, width float64, c color) {
	if len(lines) == 0 {
		return
	}
	if !p.penned || p.pen != c {
		p.color(c, "RG")
		p.pen, p.penned = c, true
	}
	if p.width0 != width {
		p.number(width)
		p.content.WriteString("w\n")
		p.width0 = width
	}
	for _, line := range lines {
		if len(line) > 1 {
			p.path(line, false)
		}
	}
	p.content.WriteString("S\n")
}

func (p *paper) text(at spot, height float64, s string, c color) {
	p.useInk(c)
	p.content.WriteString("BT 1 0 0 -1 ")
	p.number(at.x)
	p.number(at.y)
	p.content.WriteString("Tm ")
	font := -1
	var run []byte
	flush := func() {
		if len(run) > 0 {
			fmt.Fprintf(&p.content, "<%x> Tj ", run)
			run = run[:0]
		}
	}
	for _, r := range s {
		at := p.of.code(r)
		if at.font != font {
			flush()
			font = at.font
			fmt.Fprintf(&p.content, "/F%d ", font)
			p.number(height)
			p.content.WriteString("Tf ")
		}
		run = append(run, at.at)
	}
	flush()
	p.content.WriteString("ET\n")
}

// code gives a letter its place in a font.
func (d *document) code(r rune) code {
	if c, known := d.codes[r]; known {
		return c
	}
	if n := len(d.fonts); n == 0 || len(d.fonts[n-1].glyphs) == 256 {
		d.fonts = append(d.fonts, &pdfFont{})
	}
	f := d.fonts[len(d.fonts)-1]
	c := code{len(d.fonts) - 1, byte(len(f.glyphs))}
	f.glyphs = append(f.glyphs, d.face.glyph(r))
	d.codes[r] = c
	return c
}

// objects are the parts of a file, numbered from 1.
type objects struct{ list [][]byte }

func (o *objects) reserve() int {
	o.list = append(o.list, nil)
	return len(o.list)
}

func (o *objects) set(number int, format string, args ...any) {
	o.list[number-1] = fmt.Appendf(nil, format, args...)
}

func (o *objects) add(format string, args ...any) int {
	n := o.reserve()
	o.set(n, format, args...)
	return n
}

// stream adds compressed bytes.
func (o *objects) stream(content []byte) int {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, _ = w.Write(content)
	_ = w.Close()
	return o.add("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", packed.Len(), packed.Bytes())
}

// write puts the document together.
func (d *document) write(to io.Writer, title string, at time.Time) error {
	var o objects
	catalog, pages := o.reserve(), o.reserve()
	info := o.add("<< /Title %s /Producer (Jingwei) /CreationDate (D:%s) >>", textString(title), at.UTC().Format("20060102150405Z"))
	var resources bytes.Buffer
	for i, f := range d.fonts {
		fmt.Fprintf(&resources, "/F%d %d 0 R ", i, f.write(&o))
	}
	fonts := o.add("<< /Font << %s>> >>", resources.Bytes())
	var kids bytes.Buffer
	for _, p := range d.pages {
		content := o.stream(p.content.Bytes())
		fmt.Fprintf(&kids, "%d 0 R ", o.add("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f] /Resources %d 0 R /Contents %d 0 R >>",
			pages, p.width*points, p.height*points, fonts, content))
	}
	o.set(catalog, "<< /Type /Catalog /Pages %d 0 R /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>", pages)
	o.set(pages, "<< /Type /Pages /Kids [%s] /Count %d >>", kids.Bytes(), len(d.pages))
	return o.write(to, catalog, info)
}

func (o *objects) write(to io.Writer, catalog, info int) error {
	var out bytes.Buffer
	out.WriteString("%PDF-1.5\n%\xe7\xbb\x8f\xe7\xba\xac\n")
	begins := make([]int, len(o.list))
	for i, object := range o.list {
		begins[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(o.list)+1)
	for _, at := range begins {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(o.list)+1, catalog, info, table)
	_, err := out.WriteTo(to)
	return err
}

// textString is a text outside of a page: UTF-16 with its mark, in digits.
func textString(s string) string {
	out := "<feff"
	for _, u := range utf16.Encode([]rune(s)) {
		out += fmt.Sprintf("%04x", u)
	}
	return out + ">"
}
