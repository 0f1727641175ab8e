package creditcode

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
)

// Codes that well-known companies print on their sites and in their reports.
var published = map[string]string{
	"9144030071526726XG": "440300",
	"914403001922038216": "440300",
	"91110000802100433B": "110000",
	"91330100799655058B": "330100",
	"91100000100003962T": "100000",
}

func TestPublishedCodes(t *testing.T) {
	for text, division := range published {
		c, err := Parse(text)
		if err != nil || c.Division() != division || c.Invented() {
			t.Errorf("%s: %s, %v", text, c, err)
		}
	}
}

func TestAsPeopleWriteIt(t *testing.T) {
	for _, text := range []string{"9144030071526726xg", " 9144 0300 7152 6726 XG ", "９１４４０３００７１５２６７２６ＸＧ", "91-440300-71526726X-g", "914403007152　6726XG"} {
		if c, err := Parse(text); c != "9144030071526726XG" {
			t.Errorf("%q reads %q, %v", text, c, err)
		}
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "empty",
		"9144030071526726X":   "has 17 characters",
		"9144030071526726XGG": "more than 18",
		"9144030071526726XO":  "character 18",
		"9144030071526I26XG":  "character 14",
		"91440300715267张6XG":  "character 15",
		"B144030071526726XG":  "first two characters",
		"9X44030071526726XG":  "first two characters",
		"9199030071526726XG":  "no division",
		"91A4030071526726XG":  "no division",
		"9144030071526727XG":  "characters 9 to 17",
		"9144030071526726XH":  "it is G",
		"9244030071526726XG":  "one of the 18 is wrong",
	} {
		c, err := Parse(text)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(fmt.Sprint(err), want) || c != "" {
			t.Errorf("%q: %q, %v; want %q", text, c, err, want)
		}
	}
}

// What is made is read, and no single wrong character gets through, nor do two neighbours of the last nine that changed places.
func TestSlipsAreFound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		kind := rapid.SampledFrom([]string{"91", "92", "11", "12", "51", "52", "93"}).Draw(r, "kind")
		c, err := Make(kind, "790883", rapid.IntRange(0, 99_999_999).Draw(r, "serial"))
		if err != nil || !c.Invented() {
			r.Fatalf("%s: %v", c, err)
		}
		if again, err := Parse(string(c)); again != c || err != nil {
			r.Fatalf("%s reads %s: %v", c, again, err)
		}
		b := []byte(c)
		at := rapid.IntRange(0, length-1).Draw(r, "at")
		b[at] = signs[(value(b[at])+rapid.IntRange(1, 30).Draw(r, "by"))%31]
		if _, err := Parse(string(b)); err == nil {
			r.Fatalf("%s for %s: not found", b, c)
		}
		b = []byte(c)
		if at < length-1 && b[at] != b[at+1] {
			b[at], b[at+1] = b[at+1], b[at]
			if _, err := Parse(string(b)); err == nil {
				r.Fatalf("%s for %s: not found", b, c)
			}
		}
	})
}

func TestMakeRefuses(t *testing.T) {
	for _, c := range []struct {
		kind, division string
		serial         int
	}{{"9", "790883", 1}, {"91", "79088", 1}, {"91", "79088a", 1}, {"91", "990883", 1}, {"91", "790883", -1}, {"91", "790883", 100_000_000}, {"9I", "790883", 1}, {"9张", "790883", 1}} {
		if got, err := Make(c.kind, c.division, c.serial); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%v: %s, %v", c, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for text := range published {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(string(c)); again != c || err != nil || len(c) != length {
			t.Errorf("%q reads %q, and that %q: %v", s, c, again, err)
		}
	})
}
