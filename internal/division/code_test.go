package division

import (
	"strings"
	"testing"

	"jingwei/internal/fault"
)

func TestParseCode(t *testing.T) {
	good := map[string]Code{
		"110108":        "110108",
		" 110108014 ":   "110108014",
		"110108014000":  "110108014",
		"110108000000":  "110108",
		"110108000":     "110108",
		"110108014001":  "110108014001",
		"110108014010":  "110108014010",
		"110100000":     "110100",
		"370883100200 ": "370883100200",
	}
	for in, want := range good {
		got, err := ParseCode(in)
		if err != nil || got != want {
			t.Errorf("ParseCode(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "11010", "1101080", "11010801400", "1101080140001", "11010A", "１１０１０８", "-10108",
		"010108", "110108000001", "110108.0", strings.Repeat("1", 1000)} {
		if got, err := ParseCode(in); err == nil {
			t.Errorf("ParseCode(%q) = %q, want an error", in, got)
		} else if fault.CodeOf(err) != fault.Invalid {
			t.Errorf("ParseCode(%q): %v is not a fault for the user", in, err)
		}
	}
}

func TestCodeParts(t *testing.T) {
	for _, c := range []struct {
		code      Code
		level     Level
		county    int
		town      Code
		parent    Code
		community int64
		high      int64
	}{
		{"110108", County, 110108, "", "", 110108000000, 110109000000},
		{"110108014", Town, 110108, "110108014", "110108", 110108014000, 110108015000},
		{"110108014003", Community, 110108, "110108014", "110108014", 110108014003, 110108014004},
	} {
		if c.code.Level() != c.level || c.code.County() != c.county || c.code.Town() != c.town ||
			c.code.Parent() != c.parent || c.code.Community() != c.community {
			t.Errorf("%s: %v %v %v %v %v", c.code, c.code.Level(), c.code.County(), c.code.Town(),
				c.code.Parent(), c.code.Community())
		}
		if low, high := c.code.CommunityRange(); low != c.community || high != c.high {
			t.Errorf("%s: range %d to %d", c.code, low, high)
		}
		if back, err := FromCommunity(c.community); err != nil || back != c.code {
			t.Errorf("FromCommunity(%d) = %q, %v", c.community, back, err)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("110108014000")
	f.Add("海淀")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err != nil {
			return
		}
		if back, err := FromCommunity(c.Community()); err != nil || back != c {
			t.Fatalf("%q → %q → %d → %q, %v", s, c, c.Community(), back, err)
		}
	})
}
