package address

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// sounds are the readings of characters, all of a heteronym's: 重 is chong and zhong, 乐 le, yue, yao.
type sounds struct{ of map[rune][]string }

func newSounds() sounds { return sounds{map[rune][]string{}} }

var heteronyms = pinyin.Args{Style: pinyin.Normal, Heteronym: true, Fallback: func(rune, pinyin.Args) []string { return nil }}

// spokenDigits are digits as they are said.
var spokenDigits = map[rune][]string{'〇': {"ling"}, '0': {"0", "ling"}, '1': {"1", "yi", "yao"}, '2': {"2", "er"}, '3': {"3", "san"}, '4': {"4", "si"}, '5': {"5", "wu"},
	'6': {"6", "liu"}, '7': {"7", "qi"}, '8': {"8", "ba"}, '9': {"9", "jiu"}}

// read notes a character's readings, without tones; nü is also nv and nu.
func (s sounds) read(r rune) []string {
	if known, ok := s.of[r]; ok {
		return known
	}
	var out []string
	switch {
	case spokenDigits[r] != nil:
		out = spokenDigits[r]
	case letter(r):
		out = []string{strings.ToLower(string(r))}
	default:
		for _, py := range pinyin.SinglePinyin(r, heteronyms) {
			out = appendNew(out, strings.ReplaceAll(py, "ü", "v"))
			if strings.ContainsAny(py, "üv") {
				out = appendNew(out, strings.NewReplacer("ü", "u", "v", "u").Replace(py))
			}
		}
	}
	for _, py := range out[:len(out):len(out)] {
		out = appendNew(out, sloppy(py)...)
	}
	s.of[r] = out
	return out
}

// sloppy are the forms in which people spell a syllable who don't tell zh from z or n from ng.
func sloppy(py string) []string {
	var out []string
	if len(py) > 2 && py[1] == 'h' {
		out = append(out, py[:1]+py[2:])
	}
	for _, s := range append(out, py) {
		if short, ok := strings.CutSuffix(s, "ng"); ok && len(short) > 1 {
			out = append(out, short+"n")
		} else if strings.HasSuffix(s, "n") && len(s) > 2 {
			out = append(out, s+"g")
		}
	}
	return out
}

func appendNew(list []string, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// note gives a name the readings of its characters.
func (s sounds) note(r *nameRow) {
	r.sounds, r.marks = make([][]string, len(r.spoken)), make([]uint32, len(r.spoken))
	for i, c := range r.spoken {
		r.sounds[i] = s.read(c)
		for _, py := range r.sounds[i] {
			if py[0] >= 'a' && py[0] <= 'z' {
				r.marks[i] |= 1 << (py[0] - 'a')
			}
		}
	}
}

// alike says whether two characters can sound the same.
func (s sounds) alike(a, b rune) bool {
	for _, x := range s.lookup(a) {
		for _, y := range s.lookup(b) {
			if x == y {
				return true
			}
		}
	}
	return false
}

// lookup is read for a gazetteer in use: it writes nothing.
func (s sounds) lookup(r rune) []string {
	if known, ok := s.of[r]; ok {
		return known
	}
	return sounds{map[rune][]string{}}.read(r)
}
