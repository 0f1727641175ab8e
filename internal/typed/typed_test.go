package typed

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"jingwei/internal/fault"
)

func TestPhones(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "  ": "", " 13800001234 ": "13800001234", "138 0000-1234": "138 0000-1234", "+86 13800001234": "+86 13800001234", "１３８００００１２３４": "13800001234",
		"010-62782051": "010-62782051", "（010）62782051": "（010）62782051", "110": "110", "010-62782051#8001": "010-62782051#8001",
		"12": "!", "13800001234a": "!", "请打电话": "!", strings.Repeat("1", 21): "!", "1+3800001234": "!",
	} {
		got, err := Phone("phone", "电话", in)
		if want == "!" {
			if fault.CodeOf(err) != fault.Invalid || len(in) > 5 && strings.Contains(err.Error(), in) {
				t.Errorf("%q: %q %v, want it refused without being repeated", in, got, err)
			}
		} else if got != want || err != nil {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
	for _, s := range []string{"13800001234", "+86 138 0000 1234", "+86-13800001234", "008613800001234", "8613800001234", "138-0000-1234"} {
		if Digits(s) != "13800001234" {
			t.Errorf("%s is looked up as %s", s, Digits(s))
		}
	}
	if Digits("8610") != "8610" || Digits("(010) 62782051") != "01062782051" {
		t.Error("a number was cut that isn't abroad's")
	}
}

// A text comes out with the characters that can be seen, in their order, and short enough, or is refused.
func TestTexts(t *testing.T) {
	for in, want := range map[string]string{
		" 楼道\r\n堆物\x00\x1b[31m ": "楼道\n堆物[31m", "a\u202eb\u2066c": "abc", "a\tb": "a b", "👨\u200d👩": "👨\u200d👩", "\xff楼": "楼",
		"张\u200b三\u200f\u061c": "张三", "a\u00ad\u2060b": "ab",
	} {
		if got, err := Text("text", "内容", in, 1, 20); got != want || err != nil {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", " ", "\u200b", "\u200d", "\u200f\u061c ", "\u3164", "\u0301", "\ufe0f", "\x00\n"} {
		if got, err := Text("text", "内容", in, 1, 20); got != "" || fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q, in which there is nothing to see: %q %v", in, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "text")
		most := rapid.IntRange(1, 40).Draw(t, "most")
		got, err := Text("text", "内容", in, 1, most)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if n := utf8.RuneCountInString(got); n < 1 || n > most || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			t.Fatalf("%q came out as %q", in, got)
		}
		if again, err := Text("text", "内容", got, 1, most); again != got || err != nil {
			t.Fatalf("cleaned again %q is %q (%v)", got, again, err)
		}
	})
}
