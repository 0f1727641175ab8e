package idcard

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
)

// The two numbers that GB 11643-1999 gives as examples.
var published = map[string]struct {
	division, born string
	sex            Sex
}{
	"11010519491231002X": {"110105", "1949-12-31", Female},
	"440524188001010014": {"440524", "1880-01-01", Male},
}

func TestTheStandardsExamples(t *testing.T) {
	for text, want := range published {
		n, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if n.Division() != want.division || n.Born().Format(time.DateOnly) != want.born || n.Sex() != want.sex || n.Invented() {
			t.Errorf("%s reads %s, %s, %s, invented %t", text, n.Division(), n.Born(), n.Sex(), n.Invented())
		}
		if Check(text[:17]) != text[17] {
			t.Errorf("%s: the check character is %c", text, Check(text[:17]))
		}
	}
}

func TestAsPeopleWriteIt(t *testing.T) {
	for _, text := range []string{"11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002ｘ", "110105　19491231　002X"} {
		if n, err := Parse(text); n != "11010519491231002X" {
			t.Errorf("%q reads %q, %v", text, n, err)
		}
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "empty",
		"   ":                 "empty",
		"110105491231002":     "15 digits",
		"1101051949123100":    "has 16 characters",
		"11010519491231002XX": "more than 18",
		"1101051949123100200": "more than 18",
		"1101051949X231002X":  "character 11",
		"11010519491231张02X":  "character 15",
		"00010519491231002X":  "no division",
		"78010519491231002X":  "no division",
		"99010519491231002X":  "no division",
		"11010519490230002X":  "no date",
		"11010519491331002X":  "no date",
		"11010517491231002X":  "no date",
		"11010521491231002X":  "no date",
		"110105194912310021":  "it is X",
		"110105194912310039":  "one of the 18 is wrong",
	} {
		n, err := Parse(text)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(fmt.Sprint(err), want) || n != "" {
			t.Errorf("%q: %q, %v; want %q", text, n, err, want)
		}
		if len(text) > 8 && strings.Contains(fmt.Sprint(err), text[:10]) {
			t.Errorf("%q is repeated in %v", text, err)
		}
	}
}

// Permits of people from Taiwan, Hong Kong and Macao, and of foreigners, have numbers of the same kind.
func TestResidencePermits(t *testing.T) {
	for _, division := range []string{"810000", "820000", "830000", "911156", "931156"} {
		n, err := Make(division, time.Date(1990, 5, 1, 0, 0, 0, 0, time.UTC), 12)
		if err != nil || n.Division() != division || n.Sex() != Female {
			t.Errorf("%s: %s, %v", division, n, err)
		}
	}
}

// MOD 11-2 finds every single wrong digit and every two neighbours that changed places.
func TestSlipsAreFound(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		born := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 46000).Draw(r, "day"))
		sequence := rapid.IntRange(1, 999).Draw(r, "sequence")
		n, err := Make(Invented+"0883", born, sequence)
		if err != nil || !n.Invented() || !n.Born().Equal(born) || (n.Sex() == Male) != (sequence%2 == 1) {
			r.Fatalf("%s: %v", n, err)
		}
		if again, err := Parse(string(n)); again != n || err != nil {
			r.Fatalf("%s reads %s: %v", n, again, err)
		}
		b := []byte(n)
		at := rapid.IntRange(0, 16).Draw(r, "at")
		b[at] = '0' + (b[at]-'0'+byte(rapid.IntRange(1, 9).Draw(r, "by")))%10
		if _, err := Parse(string(b)); err == nil {
			r.Fatalf("%s for %s: not found", b, n)
		}
		b = []byte(n)
		if at < 16 && b[at] != b[at+1] {
			b[at], b[at+1] = b[at+1], b[at]
			if _, err := Parse(string(b)); err == nil {
				r.Fatalf("%s for %s: not found", b, n)
			}
		}
	})
}

func TestMakeRefuses(t *testing.T) {
	born := time.Date(1990, 5, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		division string
		sequence int
	}{{"79088", 1}, {"7908833", 1}, {"79088a", 1}, {"790883", 0}, {"790883", 1000}, {"790883", -1}, {"780883", 1}} {
		if n, err := Make(c.division, born, c.sequence); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s %d: %s, %v", c.division, c.sequence, n, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for text := range published {
		f.Add(text)
	}
	f.Add("１１０１０５-")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(string(n)); again != n || err != nil || n.Born().Format(day) != string(n[6:14]) {
			t.Errorf("%q reads %q, and that %q: %v", s, n, again, err)
		}
	})
}
