package address

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// glyph is one character in the form that everything is compared in, and the bytes it came from.
type glyph struct {
	r        rune
	sep      rune // the separator before it that ends a piece: ',' or another; 0 for blanks, dashes and what is like them
	from, to int
	gap      bool // blanks or punctuation stand before it
	colon    bool // a colon is among them, or what is written for one
	numeral  bool // a digit that was written as a Chinese numeral
	counted  bool // one of a number with tens and hundreds
	inside   bool // within brackets
	field    bool // the label of a field stood before it (fields.go)
}

// dash stands between two numbers or letters for whatever separates them: 3-2-501, 3 2 501, 3/2/501.
const dash = '-'

// fold brings a text into the form that everything is compared in: half width, capital letters, simplified characters, Chinese numerals
// as digits; blanks and punctuation dropped, except that one dash stays between two numbers.
func fold(text string) []glyph { return dashed(numerals(folded(text))) }

// folded is fold without its numerals and dashes: what is spoken.
func folded(text string) []glyph {
	f := folding{out: make([]glyph, 0, len(text)/2)}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			f.next.gap = true
		} else {
			f.read(r, i, i+n)
		}
		i += n
	}
	return unbroken(f.out)
}

// fewLines is how many lines are breaks of one text that was too long for its field, and no list of fields.
const fewLines = 4

// unbroken takes breaks of lines for blanks, where nothing else parts the text: 文昌路66\n号.
func unbroken(gs []glyph) []glyph {
	lines := 1
	for _, g := range gs {
		switch {
		case g.sep == '\n':
			lines++
		case g.sep != 0:
			return gs
		}
	}
	if lines == 1 || lines > fewLines {
		return gs
	}
	for i := range gs {
		gs[i].sep = 0
	}
	return gs
}

// folding is a text on its way: what is written, and what stands before the next character.
type folding struct {
	out   []glyph
	next  glyph
	depth int
}

func (f *folding) read(r rune, from, to int) {
	switch {
	case r < 0x80 || r >= firstHan && r <= lastHan: // most of what comes
	case r >= 0xFF01 && r <= 0xFF5E:
		r -= 0xFEE0
	case r >= 0x3021 && r <= 0x3029: // 〡 to 〩
		r += '1' - 0x3021
	}
	if s, found := alike[r]; found {
		f.spell(s, from, to)
		return
	}
	switch r = simplified(r); {
	case r == '*' && len(f.out) > 0 && digit(f.out[len(f.out)-1].r) && !f.next.gap: // figures that somebody masked: 139****0000
		f.put('0', from, to)
	case composed(r):
		f.spell(norm.NFKC.String(string(r)), from, to)
	case meant(r):
		f.put(unicode.ToUpper(r), from, to)
	case r > 0x80 && unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me): // nothing that is seen: zero width, what makes a sign of a figure
	default:
		f.punctuation(r)
	}
}

// composed says whether a sign stands for others: radicals and doubles that come out of PDF files, ① ⒈ ㈠ 𝟏.
func composed(r rune) bool {
	return r >= 0x2460 && r <= 0x249B || r >= 0x24EA && r <= 0x24FF || r >= 0x2E80 && r <= 0x2FDF || r >= 0x3220 && r <= 0x33FF || r >= 0xF900 && r <= 0xFAFF || r >= 0x1D7CE && r <= 0x1D7FF
}

// meant says whether a character is one of an address, and no punctuation.
func meant(r rune) bool {
	return r == '#' || unicode.Is(unicode.Han, r) || unicode.IsLetter(r) || unicode.IsNumber(r)
}

func (f *folding) put(r rune, from, to int) {
	if n := len(f.out); r >= '0' && r <= '9' && n > 1 && f.out[n-1].r == 'O' && !f.next.gap && !f.out[n-1].gap && digit(f.out[n-2].r) { // 5O1
		f.out[n-1].r = '0'
	}
	g := f.next
	g.r, g.from, g.to, g.inside = r, from, to, f.depth > 0
	f.out, f.next = append(f.out, g), glyph{}
}

// spell puts what one sign stands for.
func (f *folding) spell(s string, from, to int) {
	for _, c := range s {
		if c = simplified(c); meant(c) {
			f.put(unicode.ToUpper(c), from, to)
			from = to
		}
	}
}

func (f *folding) punctuation(r rune) {
	f.next.gap = true
	switch r {
	case '(', '[', '【', '〔', '{', '〖':
		f.depth++
	case ')', ']', '】', '〕', '}', '〗':
		f.depth = max(f.depth-1, 0)
	case ':', '=', '>', '︰', '∶': // > closes a tag
		f.next.colon, f.next.sep = true, ':'
	case ',', ';', '。', '、', '|', '\n', '\t', '!', '?', '…', '→', '｡', '､':
		f.next.sep = r
	}
}

// alike are characters that stand for others.
var alike = map[rune]string{
	'№': "#", '○': "〇", '零': "〇", '◯': "〇", '廿': "二十", '卅': "三十",
	'Ⅰ': "1", 'Ⅱ': "2", 'Ⅲ': "3", 'Ⅳ': "4", 'Ⅴ': "5", 'Ⅵ': "6", 'Ⅶ': "7", 'Ⅷ': "8", 'Ⅸ': "9", 'Ⅹ': "10", 'Ⅺ': "11", 'Ⅻ': "12",
}

// dashed puts a dash where something separates two numbers or letters.
func dashed(gs []glyph) []glyph {
	n := 0
	for i := 1; i < len(gs); i++ {
		if parted(gs, i) {
			n++
		}
	}
	if n == 0 {
		return gs
	}
	out := make([]glyph, 0, len(gs)+n)
	for i, g := range gs {
		if parted(gs, i) {
			out = append(out, glyph{r: dash, from: gs[i-1].to, to: g.from, gap: true, inside: g.inside})
		}
		out = append(out, g)
	}
	return out
}

// parted says whether something separates two numbers at i. Two fields are apart as it is.
func parted(gs []glyph, i int) bool {
	return i > 0 && gs[i].gap && !gs[i].field && counts(gs[i].r) && (counts(gs[i-1].r) || i > 1 && has(stems, gs[i-1].r) && digit(gs[i-2].r))
}

func counts(r rune) bool { return digit(r) || letter(r) }
func digit(r rune) bool  { return r >= '0' && r <= '9' }
func letter(r rune) bool { return r >= 'A' && r <= 'Z' }

// key is a text as it is looked up: the folded characters.
func key(text string) string { return keyOf(fold(text)) }

func keyOf(gs []glyph) string {
	out := make([]rune, len(gs))
	for i, g := range gs {
		out[i] = g.r
	}
	return string(out)
}
