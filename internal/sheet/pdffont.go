package sheet

import (
	"bytes"
	"fmt"
	"unicode/utf16"
)

// pdfFont is a font of up to 256 letters, each drawn by its outline (Type 3), with what they mean beside it.
type pdfFont struct{ glyphs []*glyph }

// write adds the font and gives its number.
func (f *pdfFont) write(o *objects) int {
	var procs, names, widths bytes.Buffer
	for i, g := range f.glyphs {
		fmt.Fprintf(&procs, "/g%d %d 0 R ", i, o.stream(g.procedure()))
		fmt.Fprintf(&names, "/g%d ", i)
		fmt.Fprintf(&widths, "%.0f ", g.advance)
	}
	meaning := o.stream(f.meaning())
	return o.add("<< /Type /Font /Subtype /Type3 /FontBBox [-500 -500 1500 1500] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 0 /LastChar %d "+
		"/Widths [%s] /CharProcs << %s>> /Encoding << /Type /Encoding /Differences [0 %s] >> /Resources << >> /ToUnicode %d 0 R >>",
		len(f.glyphs)-1, widths.Bytes(), procs.Bytes(), names.Bytes(), meaning)
}

// procedure draws the letter in the color of the text.
func (g *glyph) procedure() []byte {
	out := fmt.Appendf(nil, "%.0f 0 -500 -500 1500 1500 d1\n", g.advance)
	operators := map[byte]string{'M': "m\n", 'L': "l\n", 'C': "c\n"}
	handles := map[byte]int{'M': 1, 'L': 1, 'C': 3}
	for i, s := range g.outline {
		if s.kind == 'M' && i > 0 {
			out = append(out, "h\n"...)
		}
		for _, p := range s.at[:handles[s.kind]] {
			out = appendNumber(appendNumber(out, p.x), p.y)
		}
		out = append(out, operators[s.kind]...)
	}
	if len(g.outline) > 0 {
		out = append(out, "h f\n"...)
	}
	return out
}

// meaning says which letter each code stands for, for whoever searches or copies.
func (f *pdfFont) meaning() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n/CMapName /Jingwei def /CMapType 2 def\n" +
		"1 begincodespacerange <00> <ff> endcodespacerange\n")
	const most = 100 // lines in a section
	for from := 0; from < len(f.glyphs); from += most {
		to := min(from+most, len(f.glyphs))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "<%02x> <", i)
			for _, u := range utf16.Encode([]rune{f.glyphs[i].letter}) {
				fmt.Fprintf(&b, "%04x", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return b.Bytes()
}
