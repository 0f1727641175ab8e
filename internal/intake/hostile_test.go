package intake

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode/utf32"

	"jingwei/internal/access"
	"jingwei/internal/fault"
)

// rawBook is a workbook of a sheet as it is written in XML, which no writer would make, and of shared texts.
func rawBook(t testing.TB, sheet, shared string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + sheet + `</sheetData></worksheet>`, "xl/sharedStrings.xml": `<sst>` + shared + `</sst>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func rawRow(r string, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%s">`, r)
	for _, c := range cells {
		fmt.Fprintf(&b, `<c t="inlineStr"><is><t>%s</t></is></c>`, c)
	}
	return b.String() + "</row>"
}

// Rows are told apart by their lines, so a workbook that numbers them twice, backwards or beyond all sheets doesn't get its way.
func TestRowsThatAreNumberedWrongly(t *testing.T) {
	d := setup(t)
	clerk := d.as(access.Clerk, town)
	for _, numbers := range [][3]string{{"1", "2", "2"}, {"5", "4", "3"}, {"-5", "-4", "-3"}, {"1", "2", "99999999999"}, {"1", "4611686018427387904", "x"}, {"9223372036854775807", "0", ""}} {
		head := rawRow(numbers[0], "姓名", "身份证号", "房屋编号")
		j := d.bring(clerk, Residents, town, strings.NewReader(rawBook(t, head+rawRow(numbers[1], "演示甲", "1", "h1")+rawRow(numbers[2], "演示乙", "1", "h1"), "")))
		d.is(j, Tally{Rejected: 2})
		if len(d.problems(j.ID)) != 2 {
			t.Errorf("%v: rejects %v", numbers, d.problems(j.ID))
		}
	}
}

// A workbook of some kilobytes may unpack to more than there is memory: a cell, a tag or a comment that goes on and on is refused.
func TestWorkbookThatUnpacksToTooMuch(t *testing.T) {
	head := rawRow("1", "姓名", "身份证号", "房屋编号")
	long := strings.Repeat("a", mostPiece+1)
	for name, file := range map[string]string{
		"a cell": rawBook(t, head+rawRow("2", long), ""), "a tag": rawBook(t, head+`<row x="`+long+`"></row>`, ""), "a comment": rawBook(t, head+`<!--`+long+`-->`, ""),
		"a shared text": rawBook(t, head, `<si><t>`+long+`</t></si>`),
	} {
		tab, err := openTable(strings.NewReader(file), Residents, spooled)
		if err == nil {
			_, err = tab.rows.next()
		}
		if f := new(fault.Error); !errors.As(err, &f) || f.Code != fault.Invalid || !strings.Contains(f.EN, "over 1 MB") {
			t.Errorf("%s of %d bytes: %v", name, len(long), err)
		}
	}
	// Within that, what is longer than any field is kept as far as that is seen.
	text := strings.Repeat("很", longestCell)
	file := rawBook(t, head+`<row r="2"><c t="s"><v>0</v></c><c t="str"><v>`+text+"<!-- -->"+text+"<!-- -->"+text+`</v></c></row>`, `<si><t>`+text+text+`</t></si>`)
	_, rows := readAll(t, Residents, file)
	for _, c := range rows[0].Cells {
		if len(c) <= longestCell || len(c) > 4*longestCell {
			t.Errorf("a cell of %d bytes is kept", len(c))
		}
	}
}

// Lines of nothing but commas, and rows of cells that are as long as cells may be, are small as files and large in memory.
func TestWideAndHeavyRows(t *testing.T) {
	d := setup(t)
	clerk := d.as(access.Clerk, town)
	j := d.bring(clerk, Residents, town, strings.NewReader("姓名,身份证号,房屋编号\n演示甲"+strings.Repeat(",", 60_000)+"\n演示乙"+strings.Repeat(",x", 20_000)+"\n"))
	d.is(j, Tally{Rejected: 2})
	row := Row{Cells: strings.Split(strings.Repeat(",", 60_000), ",")}
	if row.trim(); len(row.Cells) != widestRow || cap(row.Cells) > 2*widestRow {
		t.Errorf("%d cells are kept, in room for %d", len(row.Cells), cap(row.Cells))
	}
	const heavy = 700
	line := "演示甲" + strings.Repeat(","+strings.Repeat("很", longestCell/3), 15) + "\n"
	j = d.bring(clerk, Residents, town, strings.NewReader("姓名,身份证号,房屋编号\n"+strings.Repeat(line, heavy)))
	d.is(j, Tally{Rejected: heavy})
	if n := d.count(`SELECT max(rows) FROM intake_part WHERE county = $1 AND job = $2`, county, j.ID.Number); n*len(line) > partBytes+len(line)*2 {
		t.Errorf("a part has %d rows of %d bytes", n, len(line))
	}
}

// A text that is too long is said to be that, wherever it was cut.
func TestTooLongIsntGarbled(t *testing.T) {
	d := setup(t)
	clerk := d.as(access.Clerk, town)
	for _, n := range []int{1333, 1334, 1335, 5000, 400_000} {
		j := d.bring(clerk, Residents, town, strings.NewReader("姓名,身份证号,房屋编号\n"+strings.Repeat("很", n)+",,h1\n"))
		for _, codes := range d.problems(j.ID) {
			if s := strings.Join(codes, " "); !strings.Contains(s, TooLong) || strings.Contains(s, BadEncoding) {
				t.Errorf("a name of %d characters: %v", n, codes)
			}
		}
	}
	for most := range 9 {
		if s := clip("a很𠮷", most); !utf8.ValidString(s) || len(s) > most {
			t.Errorf("cut to %d bytes it is %q", most, s)
		}
	}
}

// No mapping makes an import that can't be looked at any more.
func TestMappingsOntoNothing(t *testing.T) {
	d := setup(t)
	clerk := d.as(access.Clerk, town)
	j, err := d.receive(clerk, Residents, town, residents(1, 1, 1).csv())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []map[string]int{{"name": -1}, {"name": len(j.Columns)}, {"name": 1 << 40}, {"no such field": 0}, {"": 0}, {"\x00": 0}} {
		if _, err := d.change(clerk, j.ID, Change{Mapping: m}); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%v: %v", m, err)
		}
	}
	if _, err := d.change(clerk, j.ID, Change{Mapping: map[string]int{}}); err != nil {
		t.Errorf("none as yet: %v", err)
	}
}

// The name of a file stands in lists: nothing in it is out of sight, or turns them round.
func TestNamesOfFiles(t *testing.T) {
	for in, want := range map[string]string{"../../人员.csv": "人员.csv", "a\u202evsc.x\x00\x1b\n": "avsc.x", "": "?", "\u202e": "?", "\xff.csv": ".csv"} {
		if got := nameOf(in); got != want {
			t.Errorf("%q is called %q, want %q", in, got, want)
		}
	}
}

// A table in an encoding that isn't known is refused with how to save it.
func TestUnknownEncoding(t *testing.T) {
	file, err := utf32.UTF32(utf32.LittleEndian, utf32.UseBOM).NewEncoder().String("姓名,身份证号,房屋编号\n演示甲,,h1\n")
	if err != nil {
		t.Fatal(err)
	}
	_, err = openTable(strings.NewReader(file), Residents, spooled)
	if f := new(fault.Error); !errors.As(err, &f) || f.Code != fault.Invalid || !strings.Contains(f.ZH, "UTF-8") {
		t.Errorf("UTF-32: %v", err)
	}
}

// What nobody sees in a cell doesn't make two people of one; what turns the direction of writing round is said.
func TestUnseenInCells(t *testing.T) {
	l := newLayout(Residents, []string{"姓名"}, map[string]int{"name": 0}, nil)
	for in, want := range map[string]string{"演\u200b示\u200f甲\u2060": "演示甲", "\u00ad\u200e": "", "演\u202e示": "!" + BadControl, "演\x1b示": "!" + BadControl, "\u200b=1+1": "!" + BadFormula, "👨\u200d👩": "👨\u200d👩"} {
		r := reading{row: Row{Cells: []string{in}}, layout: l}
		got := r.text("name", 40)
		if len(r.problems) > 0 {
			got = "!" + r.problems[0].Code
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}

// No spreadsheet computes a cell of a file of rejects, however it begins, and it is read as it was when it comes back.
func TestRejectsComputeNothing(t *testing.T) {
	for _, s := range []string{"=1+1", "+1+1", "-1+1", "@x", "\t=1", "\r=1", "\n=1+1", "\r\n=1", " =1", "\u3000=1", "\u200b=1", "\ufeff=1", "＝1+1", "＋1", "－1+cmd", "＠x", "-Inf", "-NaN", "-1_0", "-0x10", "1234567890123"} {
		if got := harmless(s); got != "'"+s {
			t.Errorf("%q is written as %q", s, got)
		} else if dropped(tidy(got)) != dropped(tidy(s)) {
			t.Errorf("%q comes back as %q", s, dropped(tidy(got)))
		}
	}
	for _, s := range []string{"", "-1", "-5.5", "演示甲", "3-501", "15400001111", " "} {
		if got := harmless(s); got != s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
}

// Signs alone are no address: they would all be one, and whoever placed it would put everybody there.
func TestSignsAreNoAddress(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	j := d.bring(ctx, Residents, town, atAddresses(1, "😀", "%", "，，，", "……").csv())
	d.is(j, Tally{Rejected: 4})
	if all := d.unplaced(ctx, false); len(all) != 0 {
		t.Errorf("%q waits to be placed for %d rows", all[0].Text, all[0].Rows)
	}
	for _, codes := range d.problems(j.ID) {
		if !strings.Contains(strings.Join(codes, " "), NoAddress) {
			t.Errorf("%v", codes)
		}
	}
}
