package httpapi

import (
	"strings"
	"testing"
)

// What clients put into headers and paths is read without harm, and means what it says.
func FuzzHeadersAndPaths(f *testing.F) {
	f.Add("gzip;q=0, zstd", `W/"abc", *`, "en;q=0.5, zh", "14", "13485", "6202.mvt", "100%_路\\")
	f.Add("", "", "", "", "", ".mvt", "")
	f.Fuzz(func(t *testing.T, encodings, tags, languages, z, x, y, q string) {
		if accepts(encodings, "gzip") && !strings.Contains(strings.ToLower(encodings), "gzip") {
			t.Errorf("%q accepts gzip", encodings)
		}
		if matches(tags, `"a-tag"`) && !strings.Contains(tags, `"a-tag"`) && !strings.Contains(tags, "*") {
			t.Errorf("%q matches", tags)
		}
		if l := preferred(languages); l != chinese && l != english {
			t.Errorf("%q prefers %d", languages, l)
		}
		if at, err := addressOf(z, x, y); err == nil && at.Check() != nil {
			t.Errorf("%s/%s/%s is the tile %v", z, x, y, at)
		}
		pattern := escapeLike(q)
		for i := 0; i < len(pattern); i++ {
			switch pattern[i] {
			case '\\':
				i++ // it and what it escapes
			case '%', '_':
				t.Errorf("%q has a wildcard in %q", q, pattern)
			}
		}
		if low, high := codeRange(q); low <= high && (low < 100_000_000_000_000 && q[0] != '0' || high > 999_999_999_999_999) {
			t.Errorf("%q is the codes %d to %d", q, low, high)
		}
	})
}
