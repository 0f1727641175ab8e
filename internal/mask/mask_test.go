package mask

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPhone(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"13812345678":       "138****5678",
		"138 1234 5678":     "138 **** 5678",
		"１３８１２３４５６７８":       "１３８****５６７８",
		"8613812345678":     "86138****5678",
		"+86-138-1234-5678": "+86-138-****-5678",
		"013812345678":      "0138****5678",
		"01088886666":       "010****6666",
		"010-88886666":      "010-****6666",
		"(0537)2345678":     "(0537)***5678",
		"88886666":          "******66",
		"12345":             "****5",
		"110":               "**0",
		"7":                 "*",
		"张三13812345678":     "*********5678",
		"微信wx_abc":          "****_***",
	} {
		if got := Phone(in); got != want {
			t.Errorf("Phone(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestID(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"370883199001011234":   "370883**********34",
		"37088319900101123X":   "370883**********3X",
		"370883900101123":      "370883*******23",
		"370883 19900101 1234": "370883 ******** **34",
		"G12345678":            "*******78",
		"H1234":                "*****",
	} {
		if got := ID(in); got != want {
			t.Errorf("ID(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTextMasks(t *testing.T) {
	for in, want := range map[string]string{
		"请打13812345678找李师傅":                   "请打138****5678找李师傅",
		"138-1234-5678，139 8765 4321":         "138-****-5678，139 **** 4321",
		"13812345678 13987654321":             "138****5678 139****4321",
		"13812345678/13987654321":             "138****5678/139****4321",
		"3号楼2 13812345678":                    "3号楼2 138****5678",
		"2024-05-01 13812345678 3人":           "2024-05-01 138****5678 3人",
		"１３８１２３４５６７８":                         "１３８****５６７８",
		"１３8 1234 ５６７８":                       "１３8 **** ５６７８",
		"1 3 8 1 2 3 4 5 6 7 8":               "1 3 8 * * * * 5 6 7 8",
		"一三八一二三四五六七八":                         "一三八****五六七八",
		"幺三八 一二三四 五六七八":                       "幺三八 **** 五六七八",
		"二13812345678":                        "二138****5678",
		"\u202d138 1234 5678\u202c":           "\u202d138 **** 5678\u202c",
		"+8613812345678":                      "+86138****5678",
		"+86138 1234 5678":                    "+86138 **** 5678",
		"138.1234.5678":                       "138.****.5678",
		"13812345678转8001":                    "138****5678转8001",
		"13812345678123":                      "**************", // glued: all of it
		"1381234567813987654321":              "**********************",
		"身份证370883199001011234":               "身份证370883**********34",
		"37088319900101123X。":                 "370883**********3X。",
		"37088319900101123x":                  "370883**********3x",
		"３７０８８３１９９００１０１１２３Ｘ":                  "３７０８８３**********３Ｘ",
		"370883 1990 0101 1234":               "370883 **** **** **34",
		"370883-19900101-123 X":               "370883-********-**3 X",
		"370883900101123":                     "370883*******23", // 15 digits with a birthday
		"500101198502293333":                  "500101**********33",
		"010-88886666":                        "010-****6666",
		"（0537）2345678":                       "（0537）***5678",
		"053712345678":                        "0537****5678",
		"0537 8888 6666-8001":                 "0537 **** 6666-8001",
		"400-810-1234":                        "400-***-1234",
		"8008101234":                          "800***1234",
		"邻居 88886666 常不在":                     "邻居 ****6666 常不在",
		"电话8888-6666":                         "电话****-6666",
		"电话：20240501":                         "电话：****0501",
		"Tel 2345678":                         "Tel ***5678",
		"6222021234567890123":                 "*******************", // a bank card: longer than any code
		"370883001001001，电话13812345678，1502室": "370883001001001，电话138****5678，1502室",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q)\n  = %q\nwant %q", in, got, want)
		}
	}
}

func TestTextLeavesAlone(t *testing.T) {
	for _, s := range []string{
		"",
		"3号楼2单元1502室漏水",
		"幸福里12-3-1502",
		"房号301-1502，302-1502",
		"2024年5月1日 12:30",
		"2024-05-01 12:30:45",
		"2024-05-01 至 2024-05-31",
		"20240501",
		"20240501123045", // to the second
		"2023-2024学年",
		"损失8500000元",
		"损失 8500000 元、￥8500000、8500000.50",
		"1,234,567,890",
		"面积3456789平方米",
		"3000-5000元",
		"370883001001001", // grid: town 001
		"110108014001001",
		"370883001001", // community
		"370883001",    // town
		"130102001001", // a community of Hebei: its first eleven digits look like a mobile's number
		"370883",
		"116.397428, 39.909230",
		"130.123456 45.123456",
		"139.12345678",
		"拨打110、119、12345",
		"二〇二四年五月一日",
		"编号 0012345",
		"一二三四五六七八九十",
	} {
		if got := Text(s); got != s {
			t.Errorf("Text(%q) = %q, want it unchanged", s, got)
		}
	}
}

// TestOldIDsAndGridCodes: 15 digits are an ID if they can be one.
func TestOldIDsAndGridCodes(t *testing.T) {
	for in, want := range map[string]string{
		"370883099123001": "370883099123001", // born in 1909
		"370883101213001": "370883*******01", // born on 12-13 in 1910, or town 101, community 213
		"370883101313001": "370883101313001", // no month 13
		"370883101100001": "370883101100001", // no day 00
		"370883101132001": "370883101132001", // no day 32
		"990883900101123": "990883900101123", // no province
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

var separators = []string{"", "", "", " ", "-", "—", "–", "　", "－", " - ", "\u200b", ") ", "\n", "\u00a0"}

// write writes a number in a way that somebody may: scripts mixed, separators anywhere.
func write(t *rapid.T, number string) string {
	mode := rapid.IntRange(0, 2).Draw(t, "separators")
	wide := rapid.SliceOfN(rapid.Bool(), len(number), len(number)).Draw(t, "wide")
	sep := rapid.SampledFrom(separators).Draw(t, "separator")
	var b strings.Builder
	for i, r := range number {
		if i > 0 && mode == 1 {
			b.WriteString(rapid.SampledFrom(separators).Draw(t, "between"))
		} else if i > 0 && mode == 2 {
			b.WriteString(sep)
		}
		if mode > 0 && wide[i] {
			r += '０' - '0'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// around is text before or after a number.
func around(t *rapid.T, label string) string {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"请联系", "李某某", "，", "3号楼", " 1502 ", "2024-05-01 ", "12:30 ", "8500000元", "x", "X", "(", "370883001001001 ",
			"13 ", "010-", "+", "8 ", "一", "二〇", "１２ ", ".", "0.5 ", "-", "138 "}),
		rapid.StringMatching(`[0-9]{1,6}[ \-,]`), rapid.String())
	return strings.Join(rapid.SliceOfN(piece, 0, 5).Draw(t, label), "")
}

// place puts a number between others' text, with something that isn't a digit at its sides, and gives where its signs are.
func place(t *rapid.T, number string) (in []rune, at []int) {
	before, after := []rune(around(t, "before")), []rune(around(t, "after"))
	if n := len(before); n > 0 && digit(before[n-1]) >= 0 {
		before = append(before, rapid.SampledFrom([]rune(" ，-:号")).Draw(t, "gap"))
	}
	if len(after) > 0 && digit(after[0]) >= 0 {
		after = slices.Insert(after, 0, rapid.SampledFrom([]rune(" ，-:号")).Draw(t, "gap"))
	}
	written := []rune(write(t, number))
	for i, r := range written {
		if digit(r) >= 0 || r == 'X' || r == 'X'+'０'-'0' {
			at = append(at, len(before)+i)
		}
	}
	return slices.Concat(before, written, after), at
}

// wantMasked checks that the signs from the first to the last of a number are hidden and that nothing but digits is.
func wantMasked(t *rapid.T, in []rune, at []int, from, to int) {
	out := []rune(Text(string(in)))
	if len(out) != len(in) {
		t.Fatalf("%q became %q: another length", string(in), string(out))
	}
	for _, i := range at[from:to] {
		if out[i] != star {
			t.Fatalf("%q: %q is readable in %q", string(in), string(in[at[0]:at[len(at)-1]+1]), string(out))
		}
	}
	for i := range in {
		if out[i] != in[i] && (out[i] != star || digit(in[i]) < 0) {
			t.Fatalf("%q became %q: changed at %d", string(in), string(out), i)
		}
	}
}

func TestTextNeverLeavesAMobileReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, at := place(t, rapid.StringMatching(`1[3-9][0-9]{9}`).Draw(t, "mobile"))
		wantMasked(t, in, at, 3, 7)
	})
}

func TestTextNeverLeavesAnIDReadable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		province := rapid.SampledFrom(strings.Fields(provinces)).Draw(t, "province")
		id := fmt.Sprintf("%s%04d%d%02d%02d%03d%s", province, rapid.IntRange(100, 9999).Draw(t, "county"), rapid.IntRange(1900, 2029).Draw(t, "year"),
			rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 31).Draw(t, "day"), rapid.IntRange(0, 999).Draw(t, "sequence"),
			rapid.SampledFrom(strings.Split("0123456789X", "")).Draw(t, "check"))
		in, at := place(t, id)
		wantMasked(t, in, at, 6, 16)
	})
}

func TestFieldsNeverShowTheMiddle(t *testing.T) {
	hidden := func(t *rapid.T, in, out []rune, at []int) {
		if len(in) != len(out) {
			t.Fatalf("%q became %q", string(in), string(out))
		}
		for _, i := range at {
			if out[i] != star {
				t.Fatalf("%q became %q: %d is readable", string(in), string(out), i)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := []rune(write(t, rapid.StringMatching(`(0|86)?1[3-9][0-9]{9}`).Draw(t, "mobile")))
		at := positions(in)
		hidden(t, in, []rune(Phone(string(in))), at[len(at)-8:len(at)-4])
		in = []rune(write(t, rapid.StringMatching(`[1-9][0-9]{17}`).Draw(t, "ID")))
		hidden(t, in, []rune(ID(string(in))), positions(in)[6:16])
		// Of anything else two thirds of the digits are hidden, and all letters.
		in = []rune(rapid.StringMatching(`[2-9][0-9]{0,8}`).Draw(t, "other"))
		hidden(t, in, []rune(Phone(string(in))), positions(in)[:len(in)-len(in)/3])
		in = []rune(rapid.StringMatching(`[A-Za-z李王\p{L}]{0,9}`).Draw(t, "name"))
		all := make([]int, len(in))
		for i := range in {
			all[i] = i
		}
		hidden(t, in, []rune(Phone(string(in))), all[:len(all)-min(len(all), len(positions(in))/3)])
	})
}

func FuzzText(f *testing.F) {
	f.Add("请打13812345678找李师傅 37088319900101123X")
	f.Fuzz(func(t *testing.T, s string) {
		in, out := []rune(s), []rune(Text(s))
		if len(in) != len(out) {
			t.Fatalf("%q became %q", s, string(out))
		}
	})
}

func BenchmarkText(b *testing.B) {
	const s = "幸福里3号楼2单元1502室漏水，2024-05-01 12:30 报修，请打 138 1234 5678 找李师傅，损失约3000元，网格370883001001001。"
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Text(s)
	}
}
