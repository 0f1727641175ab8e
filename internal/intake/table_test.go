package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
)

func spooled(r io.Reader) (io.ReaderAt, int64, error) {
	s, err := newSpool(r)
	if err != nil {
		return nil, 0, err
	}
	return s, s.size, nil
}

func readAll(t *testing.T, kind Kind, file string) (*table, []Row) {
	t.Helper()
	tab, err := openTable(strings.NewReader(file), kind, spooled)
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	for {
		r, err := tab.rows.next()
		if errors.Is(err, io.EOF) {
			return tab, rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
}

// The same table in every way in which offices write it comes out the same.
func TestOneTableInManyForms(t *testing.T) {
	plain := "姓名,身份证号,房屋编号\n演示甲,790108195001010021,h1\n演示乙,,\"h,2\"\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(strings.ReplaceAll(plain, `"h,2"`, "h-2"), ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"UTF-8": plain, "with a mark": "\ufeff" + plain, "CRLF": strings.ReplaceAll(plain, "\n", "\r\n"), "CR": strings.ReplaceAll(plain, "\n", "\r"), "GB18030": gb, "UTF-16, tabs": wide,
		"semicolons": strings.ReplaceAll(strings.ReplaceAll(plain, `"h,2"`, "h-2"), ",", ";"), "without a last line end": strings.TrimSuffix(plain, "\n"),
		"under a title": "某镇人口登记表,,\n填表人：演示,,\n" + plain,
	} {
		tab, rows := readAll(t, Residents, file)
		if !reflect.DeepEqual(tab.columns, []string{"姓名", "身份证号", "房屋编号"}) || tab.gb18030 != (name == "GB18030") {
			t.Errorf("%s: %q, GB18030 %t", name, tab.columns, tab.gb18030)
		}
		var cells [][]string
		for _, r := range rows {
			cells = append(cells, r.Cells)
		}
		last := "h,2"
		if name == "semicolons" || name == "UTF-16, tabs" {
			last = "h-2"
		}
		if want := [][]string{{"演示甲", "790108195001010021", "h1"}, {"演示乙", "", last}}; !reflect.DeepEqual(cells, want) {
			t.Errorf("%s: %q", name, cells)
		}
	}
}

func TestWhatIsNoTable(t *testing.T) {
	for name, file := range map[string]string{
		"empty": "", "blank": "\n\n", "PDF": "%PDF-1.4 x", "xls": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "binary": "ab\x00\x01cd", "no header": "演示甲,790108195001010021,15400000000\n",
		"one column": "地址\n某处\n", "not a workbook": "PK\x03\x04 and nothing",
	} {
		if _, err := openTable(strings.NewReader(file), Residents, spooled); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file whose first row is data is refused, with what is wrong, where, and how a first row may look; what is in the cells isn't said.
func TestAFirstRowOfData(t *testing.T) {
	for name, c := range map[string]struct {
		kind   Kind
		file   string
		zh, en string
	}{
		"ID numbers":         {Residents, "某某,790108195001010021\n", "第 1 行不是列名：其中没有认得的列名，第 2 列像是身份证号", "line 1 doesn't name the columns: no name in it is known, and its cell 2 looks like an ID number"},
		"wide ID numbers":    {Residents, "７９０１０８１９５００１０１００２１,某某\n", "第 1 列像是身份证号", "cell 1 looks like an ID number"},
		"telephone numbers":  {Residents, "\n某某,154 0000 0000\n", "第 2 行不是列名：其中没有认得的列名，第 2 列像是电话号码", "line 2 doesn't name the columns"},
		"days":               {Residents, "某某,1950年1月1日\n", "第 2 列像是日期", "looks like a date"},
		"numbers":            {Houses, "116.3205,40.0005\n116.3206,40.0005\n", "第 1 列是数字", "is a number"},
		"house codes":        {Houses, "h-1,某处\n", "第 1 列含有数字", "has digits in it"},
		"numbered addresses": {Houses, "某某,北门外二十三号\n", "第 2 列像是地址", "looks like an address"},
		"addresses":          {Houses, "某某,邹城市钢山街道北关\n", "第 2 列像是地址", "looks like an address"},
		"values":             {Residents, "某某,女\n", "第 2 列是内容而不是名称", "is a value"},
		"the same below":     {Residents, "某某,北洼\n某甲,北洼\n", "第 2 列是内容而不是名称", "is a value"},
		"names":              {Residents, "张某,北洼\n李某某,南洼\n王某,东洼\n", "第 1 列像是姓名", "looks like somebody's name"},
		"facilities":         {Facilities, "消火栓,116.3205\n", "第 2 列是数字", "is a number"},
		"plates":             {Vehicles, "鲁I00001,某某\n", "第 1 列含有数字", "has digits in it"},
		"credit codes":       {Organisations, "某店,92790883MA00000000\n", "第 2 列含有数字", "has digits in it"},
	} {
		_, err := openTable(strings.NewReader(c.file), c.kind, spooled)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(f.ZH, c.zh) || !strings.Contains(f.EN, c.en) || !strings.Contains(f.ZH, exampleHeaders[c.kind]) || !strings.Contains(f.EN, exampleHeaders[c.kind]) {
			t.Errorf("%s: %s / %s", name, f.ZH, f.EN)
		}
		for _, cell := range strings.FieldsFunc(c.file, func(r rune) bool { return r == ',' || r == '\n' }) {
			if strings.Contains(f.ZH+f.EN, cell) && !strings.Contains(exampleHeaders[c.kind], cell) && cell != "女" {
				t.Errorf("%s: %q is repeated: %s", name, cell, f.ZH)
			}
		}
	}
}

// The first rows that are shown as examples are complete. Names that aren't known are names all the same, and so are those of another kind.
func TestFirstRowsOfNames(t *testing.T) {
	for kind, example := range exampleHeaders {
		columns := strings.Split(example, ",")
		if err := CheckMapping(kind, columns, Guess(kind, columns)); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if len(Guess(kind, columns)) != len(columns) {
			t.Errorf("%s: some of %q aren't known", kind, columns)
		}
	}
	for _, c := range []struct {
		kind Kind
		file string
	}{
		{Houses, "人名,证件\n张某,x\n李某,y\n"}, {Houses, "单位,方式\n张某,x\n李某,y\n"}, {Residents, "所在乡镇街道,所属行政村社区\n甲,乙\n"}, {Houses, "姓名,住哪\n张某,北洼\n李某,北洼\n"},
		{Residents, "甲列,乙列\n790108195001010021,h1\n"}, {Houses, "车主,去处\n车主,去处\n"},
	} {
		tab, err := openTable(strings.NewReader(c.file), c.kind, spooled)
		if err != nil {
			t.Errorf("%q: %v", c.file, err)
			continue
		}
		if want := strings.Split(strings.Split(c.file, "\n")[0], ","); !reflect.DeepEqual(tab.columns, want) {
			t.Errorf("%q, want %q", tab.columns, want)
		}
	}
}

// A quote that isn't closed breaks its own line, and those after it are rows as before.
func TestAQuoteThatIsntClosed(t *testing.T) {
	file := "姓名,身份证号,房屋编号\na,1,h1\n\"b,2,h2\nc,3,h3\nd,4,\"h\n4\"\ne,\"5\"5,h5\nf,6,\"h\"\"6\"\n" + strings.Repeat("g,7,h7\n", 20) + "\"h,8,h8"
	_, rows := readAll(t, Residents, file)
	if len(rows) != 27 {
		t.Fatalf("%d rows: %+v", len(rows), rows)
	}
	for i, want := range []Row{{2, []string{"a", "1", "h1"}, false}, {3, []string{`"b,2,h2`}, true}, {4, []string{"c", "3", "h3"}, false}, {5, []string{"d", "4", "h\n4"}, false},
		{7, []string{`e,"5"5,h5`}, true}, {8, []string{"f", "6", `h"6`}, false}, {9, []string{"g", "7", "h7"}, false}} {
		if !reflect.DeepEqual(rows[i], want) {
			t.Errorf("%+v, want %+v", rows[i], want)
		}
	}
	if last := rows[26]; !last.Broken || last.Line != 29 {
		t.Errorf("%+v", last)
	}
}

// Whatever a CSV writer writes is read as it was; and what is packed is unpacked.
func TestAnyTableIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 6).Draw(t, "width")
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("甲乙ab1,\"';= \t")), 0, 8, -1)
		want := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 12).Draw(t, "rows")
		header := []string{"姓名", "身份证号", "x", "y", "z", "w"}[:width]
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		_ = w.Write(header)
		for _, row := range want {
			row[0] = "甲" + row[0] // a row of blanks is none
			_ = w.Write(row)
		}
		w.Flush()
		tab, err := openTable(&b, Residents, spooled)
		if err != nil {
			t.Fatal(err)
		}
		var rows []Row
		for i := 0; ; i++ {
			r, err := tab.rows.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.Broken || r.Line != i+2 || !slices.Equal(r.Cells, want[i]) {
				t.Fatalf("%+v, want %q", r, want[i])
			}
			rows = append(rows, r)
		}
		if len(rows) != len(want) {
			t.Fatalf("%d rows of %d", len(rows), len(want))
		}
		if again, err := unpack(pack(rows)); err != nil || len(again) != len(rows) || len(rows) > 0 && !reflect.DeepEqual(again, rows) {
			t.Fatalf("%v: %+v, want %+v", err, again, rows)
		}
	})
}

func FuzzTable(f *testing.F) {
	f.Add([]byte("姓名,身份证号\n\"a,b\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		tab, err := openTable(bytes.NewReader(file), Residents, spooled)
		if err != nil {
			return
		}
		l := newLayout(Residents, tab.columns, Guess(Residents, tab.columns), nil)
		masks := masksOf(&Job{Kind: Residents, Columns: tab.columns, Mapping: l.at})
		for range 1000 {
			r, err := tab.rows.next()
			if err != nil {
				return
			}
			readResident(l, r)
			for i, c := range r.Cells {
				if i < len(masks) {
					masks[i](cut(tidy(c), 60))
				}
			}
		}
	})
}

// A workbook is read as somebody who looks at it reads it: texts, numbers, dates, formulas, the first sheet that is shown.
func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	_ = f.SetSheetName("Sheet1", "说明")
	_ = f.SetSheetVisible("说明", true)
	if _, err := f.NewSheet("人口"); err != nil {
		t.Fatal(err)
	}
	f.SetActiveSheet(1)
	if err := f.SetSheetVisible("说明", false); err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{"A1": "人口登记表", "A2": "姓名", "B2": "身份证号", "C2": "手机号", "D2": "出生日期", "F2": "房屋编号",
		"A3": "演示甲", "B3": "790108195001010021", "C3": 15400000000, "D3": 18264, "F3": "h1", "A5": "演示乙", "C5": 1.5, "F5": true} {
		if err := f.SetCellValue("人口", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("人口", "B5", "1+1"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellRichText("人口", "D5", []excelize.RichTextRun{{Text: "1950年"}, {Text: "1月1日"}}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	tab, rows := readAll(t, Residents, b.String())
	if !reflect.DeepEqual(tab.columns, []string{"姓名", "身份证号", "手机号", "出生日期", "", "房屋编号"}) {
		t.Errorf("%q", tab.columns)
	}
	want := []Row{{Line: 3, Cells: []string{"演示甲", "790108195001010021", "15400000000", "18264", "", "h1"}}, {Line: 5, Cells: []string{"演示乙", "=1+1", "1.5", "1950年1月1日", "", "TRUE"}}}
	for _, r := range rows {
		if !r.empty() && !slices.ContainsFunc(want, func(w Row) bool { return reflect.DeepEqual(w, r) }) {
			t.Errorf("%+v", r)
		}
	}
	if len(rows) != 2 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"2026-07-01": "2026-07-01", "2026/7/1": "2026-07-01", "20260701": "2026-07-01", "2026年7月1日": "2026-07-01", "2026.7.1": "2026-07-01", "46204": "2026-07-01", "46204.5": "2026-07-01",
		"２０２６－０７－０１": "2026-07-01", "2026-07-01 00:00:00": "2026-07-01", "2026-02-30": "", "2026-13-01": "", "1700-01-01": "", "昨天": "", "2026": "", "7/1/2026": "", "1": "", "99999999": "", "--": "",
	} {
		got, ok := parseDate(in)
		if ok != (want != "") || ok && got.Format("2006-01-02") != want {
			t.Errorf("%s: %v %t, want %s", in, got, ok, want)
		}
	}
}

// Columns are known by many names; what is called exactly so comes before what may be called so.
func TestGuess(t *testing.T) {
	got := Guess(Residents, []string{"序号", "姓 名", "公民身份号码", "联系电话", "现住址", "户籍地址", "与户主关系", "房屋编码*", "ID Number"})
	want := map[string]int{"name": 1, "card": 2, "phone": 3, "address": 4, "registered": 5, "relation": 6, "house": 7}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if err := CheckMapping(Residents, []string{"a", "b"}, map[string]int{"name": 0}); fault.CodeOf(err) != fault.Invalid {
		t.Error("people without a house or an address can be brought")
	}
	if err := CheckMapping(Residents, []string{"a", "b"}, map[string]int{"name": 0, "house": 0}); fault.CodeOf(err) != fault.Invalid {
		t.Error("one column can be two things")
	}
}

// Whatever a file is brought as, a preview doesn't show who is in it, under whatever names its columns have; what is about no person is shown.
func TestAPreviewOfAFileOfAnotherKind(t *testing.T) {
	hidden := []string{"演示", "790108195001010021", "15400000001", "1950-01-01", "汉族", "户主", "鲁I00001", "某县某镇旧村"}
	for _, file := range []struct{ columns, cells string }{
		{"姓名,身份证号,手机号,出生日期,民族,与户主关系,户籍地址,房屋编号,楼层", "演示甲,790108195001010021,15400000001,1950-01-01,汉族,户主,某县某镇旧村,h1,3"},
		{"name,id card,phone,born,nation,relation,registered,house_code,floor", "演示甲,790108195001010021,15400000001,1950-01-01,汉族,户主,某县某镇旧村,h1,3"},
		{"居民 姓名,公民身份号码*,联系方式,生日,户籍地,房屋编码,层", "演示甲,790108195001010021,15400000001,1950-01-01,某县某镇旧村,h1,3"},
		{"车主,号牌号码,房屋编号,楼层", "演示甲,鲁I00001,h1,3"}, {"名称,联系人,联系电话,房屋编号,楼层", "某店,演示甲,15400000001,h1,3"},
		{"业主姓名（全称）,备用手机,备注,房屋编号,楼层", "演示甲,15400000001,演示甲不在，打 15400000001,h1,3"},
	} {
		columns, cells := strings.Split(file.columns, ","), strings.Split(file.cells, ",")
		for _, k := range Kinds {
			j := &Job{Kind: k, Columns: columns, Mapping: Guess(k, columns), CRS: crs.WGS84}
			shown := preview(j, []Row{{Line: 2, Cells: cells}}, nil).Rows[0].Cells
			for _, h := range hidden {
				for i, c := range shown {
					if columns[i] != "备注" && strings.Contains(c, h) || strings.Contains(c, "15400000001") {
						t.Errorf("%q as %s: the column %s shows %q", file.columns, k, columns[i], c)
					}
				}
			}
			if k == Houses && !slices.Equal(shown[len(shown)-2:], []string{"h1", "3"}) {
				t.Errorf("%q as %s: what is about no person is %q", file.columns, k, shown)
			}
		}
	}
	// A column that is taken for something about no person is masked by its own name all the same; a name of a place or of a shop is one.
	j := &Job{Kind: Houses, Columns: []string{"姓名", "标准地址"}, Mapping: map[string]int{"code": 0, "address": 1}, CRS: crs.WGS84}
	if shown := preview(j, []Row{{Line: 2, Cells: []string{"演示甲", "某路"}}}, nil).Rows[0].Cells; !slices.Equal(shown, []string{"演**", "某路"}) {
		t.Errorf("%q", shown)
	}
	for _, k := range []Kind{Organisations, Facilities} {
		columns := []string{"name", "type", "address", "联系电话"}
		j := &Job{Kind: k, Columns: columns, Mapping: Guess(k, columns), CRS: crs.WGS84}
		if shown := preview(j, []Row{{Line: 2, Cells: []string{"明珠药店", "药店", "某路", "15400000001"}}}, nil).Rows[0].Cells; !slices.Equal(shown, []string{"明珠药店", "药店", "某路", "154****0001"}) {
			t.Errorf("%s: %q", k, shown)
		}
	}
}
