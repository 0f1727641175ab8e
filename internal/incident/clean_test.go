package incident

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
)

// The list of kinds is whole: no code twice, every group and severity known, every group used, and a name in both languages.
func TestKinds(t *testing.T) {
	groups, seen := map[Group]bool{}, map[Kind]bool{}
	for _, g := range Groups {
		if g.ZH == "" || g.EN == "" || groups[g.Group] {
			t.Errorf("group %+v", g)
		}
		groups[g.Group] = true
	}
	used := map[Group]bool{}
	for _, k := range Kinds {
		if seen[k.Kind] || !groups[k.Group] || checkSeverity(k.Severity) != nil || k.ZH == "" || k.EN == "" ||
			strings.Trim(string(k.Kind), "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("kind %+v", k)
		}
		seen[k.Kind], used[k.Group] = true, true
	}
	if len(used) != len(groups) {
		t.Errorf("groups %v, used %v", groups, used)
	}
	for i, s := range Severities {
		if int(s.Severity) != i+1 || s.ZH == "" || s.EN == "" {
			t.Errorf("severity %+v", s)
		}
	}
}

func TestPhones(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "  ": "", " 13800001234 ": "13800001234", "138 0000-1234": "138 0000-1234", "+86 13800001234": "+86 13800001234", "１３８００００１２３４": "13800001234",
		"010-62782051": "010-62782051", "（010）62782051": "（010）62782051", "110": "110", "010-62782051#8001": "010-62782051#8001",
		"12": "!", "13800001234a": "!", "请打电话": "!", strings.Repeat("1", 21): "!", "1+3800001234": "!",
	} {
		got, err := cleanPhone(in)
		if want == "!" {
			if fault.CodeOf(err) != fault.Invalid || len(in) > 5 && strings.Contains(err.Error(), in) {
				t.Errorf("%q: %q %v, want it refused without being repeated", in, got, err)
			}
		} else if got != want || err != nil {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
	for _, s := range []string{"13800001234", "+86 138 0000 1234", "+86-13800001234", "008613800001234", "8613800001234", "138-0000-1234"} {
		if digits(s) != "13800001234" {
			t.Errorf("%s is looked up as %s", s, digits(s))
		}
	}
	if digits("8610") != "8610" || digits("(010) 62782051") != "01062782051" {
		t.Error("a number was cut that isn't abroad's")
	}
}

// A text comes out with the characters that can be seen, in their order, and short enough, or is refused.
func TestTexts(t *testing.T) {
	for in, want := range map[string]string{
		" 楼道\r\n堆物\x00\x1b[31m ": "楼道\n堆物[31m", "a\u202eb\u2066c": "abc", "a\tb": "a b", "👨\u200d👩": "👨\u200d👩", "\xff楼": "楼",
	} {
		if got, err := cleanText("text", "内容", in, 1, 20); got != want || err != nil {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "text")
		most := rapid.IntRange(1, 40).Draw(t, "most")
		got, err := cleanText("text", "内容", in, 1, most)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if n := utf8.RuneCountInString(got); n < 1 || n > most || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			t.Fatalf("%q came out as %q", in, got)
		}
		if again, err := cleanText("text", "内容", got, 1, most); again != got || err != nil {
			t.Fatalf("cleaned again %q is %q (%v)", got, again, err)
		}
	})
}

func TestIDs(t *testing.T) {
	for _, s := range []string{"110108-1", "659001-9223372036854775807"} {
		if id, err := ParseID(s); err != nil || id.String() != s {
			t.Errorf("%s: %v %v", s, id, err)
		}
	}
	for _, s := range []string{"", "110108", "110108-", "-1", "110108-01", "110108-+1", "110108--1", "110108-0", "1101080-1x", "110108-1 ",
		"110108-9223372036854775808", strings.Repeat("1", 400)} {
		if id, err := ParseID(s); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%q: %v %v, want not found", s, id, err)
		}
	}
	if !slices.Equal([]byte("110108-7"), func() []byte { b, _ := ID{110108, 7}.MarshalText(); return b }()) {
		t.Error("an id in JSON isn't its text")
	}
}
