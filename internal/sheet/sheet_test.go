package sheet

import (
	"bytes"
	"compress/zlib"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"jingwei/internal/planar"
)

func square(x, y int32) []planar.Polygon {
	const side = 20000
	at := func(dx, dy int32) planar.Point {
		return planar.Point{X: 1169700000 + (x+dx)*side, Y: 354000000 + (y+dy)*side}
	}
	return []planar.Polygon{{{at(0, 0), at(1, 0), at(1, 1), at(0, 1)}}}
}

// sample is a map of four grids in a row, with bounds in words.
func sample(grids int) *Map {
	m := &Map{Title: "测试社区", Within: "测试市 测试镇", Code: "370883100001", Version: 7, PublishedAt: time.Date(2026, 2, 28, 20, 0, 0, 0, time.UTC), PrintedAt: time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC), Estimated: true}
	for i := range int32(grids) {
		parts := square(i, 0)
		m.Grids = append(m.Grids, Grid{Code: "370883100001" + string([]byte{'0', '0' + byte(i/10), '0' + byte(i%10)}), Name: "网格", Sides: "东至平阳路，西至青石河，南至人民路，北至北外环路",
			Residents: 600 + int(i), Parts: parts, Label: planar.PoleOfInaccessibility(parts, 100)})
		m.Blocks = append(m.Blocks, parts[0])
	}
	m.Streets = []Street{{Rank: Lane, Name: "平阳路", Points: []planar.Point{parts0(m)[1], parts0(m)[2]}}}
	return m
}

func parts0(m *Map) planar.Ring { return m.Grids[0].Parts[0][0] }

// text reads what stands in a PDF: every letter by what its font says of its code.
func text(t *testing.T, pdf []byte) string {
	t.Helper()
	var pages []string
	var meaning map[string]string
	letters := regexp.MustCompile(`<([0-9a-f]+)> <([0-9a-f]{4})>\n`)
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		z, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // what follows the end of one
		}
		raw, err := io.ReadAll(z)
		if err != nil {
			continue
		}
		if bytes.Contains(raw, []byte("beginbfchar")) {
			if meaning == nil {
				meaning = make(map[string]string)
			}
			for _, m := range letters.FindAllStringSubmatch(string(raw), -1) {
				var r rune
				for _, digit := range m[2] {
					r = r<<4 | rune(strings.IndexRune("0123456789abcdef", digit))
				}
				meaning[m[1]] = string(r)
			}
		} else if bytes.Contains(raw, []byte(" Tj ")) {
			pages = append(pages, string(raw))
		}
	}
	var out strings.Builder
	for _, page := range pages {
		for _, m := range regexp.MustCompile(`<([0-9a-f]+)> Tj`).FindAllStringSubmatch(page, -1) {
			for i := 0; i+1 < len(m[1]); i += 2 {
				out.WriteString(meaning[m[1][i:i+2]])
			}
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// A sheet says what it is: place, version, days, scale, grids with residents and bounds; all of it can be read out of the file again.
func TestWhatStandsOnASheet(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WritePDF(&out, "测试", []Map{*sample(4)}, Chinese); err != nil {
		t.Fatal(err)
	}
	got := text(t, out.Bytes())
	for _, want := range []string{"测试社区 网格图", "测试市 测试镇  370883100001", "第 7 版", "发布日期 2026-03-01", "出图日期 2026-03-01", "比例尺 1:3000", "图例", "北", "370883100001003", "602 人", "003",
		"四至 东至平阳路", "4 个网格，居民 2406 人", "居民数为估算", "平阳路"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q doesn't stand on the sheet:\n%s", want, got)
		}
	}
	out.Reset()
	if err := WritePDF(&out, "test", []Map{*sample(4)}, English); err != nil {
		t.Fatal(err)
	}
	if got := text(t, out.Bytes()); !strings.Contains(got, "Published 2026-03-01") || strings.Contains(got, "图例") {
		t.Errorf("in English: %s", got)
	}
}

// Grids for which there is no room go on on another page, and none is lost.
func TestALongListGoesOn(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WritePDF(&out, "测试", []Map{*sample(60)}, Chinese); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out.Bytes(), []byte("/Type /Page ")); n != 3 {
		t.Errorf("%d pages", n)
	}
	got := text(t, out.Bytes())
	for i := range 60 {
		if code := "370883100001" + string([]byte{'0', '0' + byte(i/10), '0' + byte(i%10)}); strings.Count(got, code) != 1 {
			t.Errorf("grid %s is listed %d times", code, strings.Count(got, code))
		}
	}
}

// The objects of a file begin where its table says.
func TestThePDFsTableIsTrue(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WritePDF(&out, "测试", []Map{*sample(4)}, Chinese); err != nil {
		t.Fatal(err)
	}
	pdf := out.Bytes()
	lines := regexp.MustCompile(`(\d{10}) 00000 n `).FindAllSubmatch(pdf[bytes.LastIndex(pdf, []byte("\nxref\n")):], -1)
	for i, line := range lines {
		at := 0
		for _, d := range line[1] {
			at = at*10 + int(d-'0')
		}
		if want := []byte(strings.Join([]string{itoa(i + 1), "0 obj"}, " ")); !bytes.HasPrefix(pdf[at:], want) {
			t.Errorf("object %d begins with %q", i+1, pdf[at:at+12])
		}
	}
	if len(lines) < 50 {
		t.Errorf("%d objects", len(lines))
	}
}

func itoa(n int) string {
	return string(appendNumber(nil, float64(n))[:len(appendNumber(nil, float64(n)))-1])
}

// A picture shows each grid in its colour where its ground is, neighbours in different ones.
func TestAPictureShowsTheGrids(t *testing.T) {
	t.Parallel()
	m := sample(4)
	m.Blocks = nil
	var out bytes.Buffer
	if err := WritePNG(&out, m, Chinese); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("JINGWEI_PRINTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "sample.png"), out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	image, err := png.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	v := viewOf(m, margin, mapTop, mapRight, mapBottom)
	var seen []color
	for _, g := range m.Grids {
		corner := g.Parts[0][0][0]
		s := v.at(planar.Point{X: corner.X + 5000, Y: corner.Y + 5000})
		r, green, b, _ := image.At(int(s.x*dots), int(s.y*dots)).RGBA()
		seen = append(seen, color{uint8(r >> 8), uint8(green >> 8), uint8(b >> 8)})
	}
	for i, c := range seen {
		if !slices.Contains(palette, c) || i > 0 && c == seen[i-1] {
			t.Errorf("grids are shown in %v", seen)
		}
	}
}

// Text is cut where a line ends, and nothing of it is lost.
func TestFoldedTextIsWhole(t *testing.T) {
	t.Parallel()
	face, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom([]rune("平阳路青石河abcDE12，。")), 1, 12, -1), 1, 8).Draw(t, "words")
		all := strings.Join(words, " ")
		width := rapid.Float64Range(12, 60).Draw(t, "width")
		lines := face.fold(all, 3, width)
		plain := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if plain(strings.Join(lines, "")) != plain(all) {
			t.Fatalf("%q became %q", all, lines)
		}
		for _, line := range lines {
			if face.width(line, 3) > width+3 {
				t.Fatalf("%q is %g mm wide, more than %g", line, face.width(line, 3), width)
			}
		}
	})
}

// No line of a grid's borders begins with a comma.
func TestMarksStayWithTheWordBeforeThem(t *testing.T) {
	t.Parallel()
	face, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	const text = "东至园丁路，局部至小路；南至永和小区围墙、小路，局部与网格相邻；北至围墙。"
	for width := 12.0; width < 60; width += 0.5 {
		for _, line := range face.fold(text, 3, width) {
			if first, _ := utf8.DecodeRuneInString(line); strings.ContainsRune("，。；、", first) {
				t.Fatalf("at %g mm a line begins with a mark: %q", width, line)
			}
		}
	}
}

// Dashes have the length of their pattern, across corners too, and end where the line does.
func TestDashes(t *testing.T) {
	got := dashes([]spot{{0, 0}, {3, 0}, {3, 4}}, 2, 1)
	want := [][]spot{{{0, 0}, {2, 0}}, {{3, 0}, {3, 2}}, {{3, 3}, {3, 4}}}
	if len(got) != 3 || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) || !slices.Equal(got[2], want[2]) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Names of communities become names of sheets, whatever they hold.
func TestSheetsAreNamed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("很长的社区名", 10)
	c := &Comparison{Division: "测试镇", Before: "第 1 版", After: "第 2 版", Parts: []Part{
		{Code: "370883100001", Name: "甲/乙[村]"}, {Code: "370883100002", Name: "同名村"}, {Code: "370883100003", Name: "同名村"}, {Code: "370883100004", Name: long}, {Code: "370883100005", Name: ""},
		{Code: "370883100006", Name: "丙村", Changes: []Change{{After: "370883100006001", Name: "=1+1", Kind: "new", ResidentsAfter: 5, Incidents: -1}, {Before: "370883100006002", Kind: "retired", ResidentsBefore: 7, Incidents: 2}}}}}
	var out bytes.Buffer
	if err := WriteTable(&out, c, English); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	want := []string{"Summary", "甲_乙_村_", "同名村", "同名村 370883100003", string([]rune(long)[:31]), "370883100005", "丙村"}
	if got := book.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets %v, want %v", got, want)
	}
	rows, err := book.GetRows("丙村")
	if err != nil || len(rows) != 4 || rows[1][2] != "=1+1" || rows[1][3] != "new" || rows[2][8] != "2" || rows[3][8] != "2" || len(rows[1]) > 8 && rows[1][8] != "" {
		t.Errorf("%v, %v", rows, err)
	}
}
