package address

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// glyph is one character in the form that everything is compared in, and the bytes it came from.
type glyph struct {
	r        rune
	from, to int
	gap      bool // blanks or punctuation stand before it
	numeral  bool // a digit that was written as a Chinese numeral
	inside   bool // within brackets
}

// dash stands between two numbers or letters for whatever separates them: 3-2-501, 3 2 501, 3/2/501.
const dash = '-'

// fold brings a text into the form that everything is compared in: half width, capital letters, simplified unit words, Chinese numerals
// as digits; blanks and punctuation dropped, except that one dash stays between two numbers.
func fold(text string) []glyph { return dashed(numerals(folded(text))) }

// folded is fold without its numerals and dashes: what is spoken.
func folded(text string) []glyph {
	out := make([]glyph, 0, len(text)/2)
	gap, depth := false, 0
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		from := i
		i += n
		if r == utf8.RuneError && n == 1 {
			gap = true
			continue
		}
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		if r >= 0x2E80 && r <= 0x2FDF || r >= 0xF900 && r <= 0xFAFF { // radicals and doubles that come out of PDF files
			if one := []rune(norm.NFKC.String(string(r))); len(one) == 1 {
				r = one[0]
			}
		}
		if s, found := alike[r]; found {
			for k, c := range s {
				at := from
				if k > 0 {
					at = i
				}
				out = append(out, glyph{r: c, from: at, to: i, gap: gap, inside: depth > 0})
				gap = false
			}
			continue
		}
		switch {
		case r == '(' || r == '[' || r == '【' || r == '〔' || r == '{':
			depth++
			gap = true
		case r == ')' || r == ']' || r == '】' || r == '〕' || r == '}':
			depth = max(depth-1, 0)
			gap = true
		case r == '#' || unicode.Is(unicode.Han, r) || unicode.IsLetter(r) || unicode.IsNumber(r):
			out = append(out, glyph{r: unicode.ToUpper(r), from: from, to: i, gap: gap, inside: depth > 0})
			gap = false
		default:
			gap = true
		}
	}
	return out
}

// alike are characters that stand for others.
var alike = map[rune]string{
	'號': "号", '樓': "楼", '單': "单", '區': "区", '縣': "县", '鎮': "镇", '鄉': "乡", '莊': "庄", '園': "园", '棟': "栋", '層': "层", '戶': "户", '門': "门",
	'東': "东", '條': "条", '衚': "胡", '衕': "同", '№': "#", '○': "〇", '零': "〇", '戸': "户",
	'Ⅰ': "1", 'Ⅱ': "2", 'Ⅲ': "3", 'Ⅳ': "4", 'Ⅴ': "5", 'Ⅵ': "6", 'Ⅶ': "7", 'Ⅷ': "8", 'Ⅸ': "9", 'Ⅹ': "10",
	'①': "1", '②': "2", '③': "3", '④': "4", '⑤': "5", '⑥': "6", '⑦': "7", '⑧': "8", '⑨': "9", '⑩': "10",
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

// parted says whether something separates two numbers at i.
func parted(gs []glyph, i int) bool {
	return i > 0 && gs[i].gap && counts(gs[i].r) && (counts(gs[i-1].r) || i > 1 && has(stems, gs[i-1].r) && digit(gs[i-2].r))
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
