package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// What a county calls a kind of care of its own is known in its files, until it isn't used any more; the names of those that need a label aren't taken.
func TestResidentsUnderCareOfTheCounty(t *testing.T) {
	d := setup(t)
	ctx := d.settle(3)
	for _, sql := range []string{
		`INSERT INTO care_kind (county, kind, zh, en, place) VALUES (110108, 'own-1', '失独家庭', 'x', 1), (110105, 'own-1', '渔民', 'x', 1)`,
		`INSERT INTO care_kind (county, kind, zh, en, place, special) VALUES (110108, 'own-2', '重点家庭', 'x', 2, 'mental')`,
		`INSERT INTO care_kind (county, kind, zh, en, place, used) VALUES (110108, 'own-3', '旧名单', 'x', 3, false)`,
	} {
		if _, err := d.db.Owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	s := residents(0, 5, 3)
	for i, label := range []string{"失独家庭；高龄", "渔民", "重点家庭", "旧名单"} {
		s[1+i] = s.with(s[1+i], "标签", label)
	}
	j := d.bring(ctx, Residents, town, s.csv())
	d.is(j, Tally{Accepted: 2, Rejected: 3})
	if n := d.count(`SELECT count(*) FROM care WHERE kind IN ('own-1', 'aged')`); n != 2 || d.count(`SELECT count(*) FROM care`) != 2 {
		t.Errorf("%d rows of care, want 2", n)
	}
	for line, problems := range d.problems(j.ID) {
		if want := map[int]string{3: "标签 care", 4: "标签 special", 5: "标签 care"}[line]; len(problems) != 1 || problems[0] != want {
			t.Errorf("line %d: %q, want %q", line, problems, want)
		}
	}
}

// Of a file of people with some rows broken in every way, the good ones go in and each broken one comes back with what is wrong, in the column where it is;
// mended, they go in, too; and all of it again changes nothing.
func TestBrokenResidents(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	s := residents(0, 2300, 50)
	type broken struct {
		changes []string
		want    string
	}
	all := []broken{
		{[]string{"姓名", ""}, "姓名 missing"},
		{[]string{"姓名", strings.Repeat("长", 51)}, "姓名 too-long"},
		{[]string{"姓名", "演\n示"}, "姓名 control"},
		{[]string{"姓名", "=HYPERLINK(1)"}, "姓名 formula"},
		{[]string{"户号", "@SUM(A1)"}, "户号 formula"},
		{[]string{"户籍地址", "+cmd|' /C calc'!A0"}, "户籍地址 formula"},
		{[]string{"姓名", "演\ufffd示"}, "姓名 encoding"},
		{[]string{"身份证号", "790108195001010013"}, "身份证号 card"}, // the check character
		{[]string{"身份证号", "79010819500230001X"}, "身份证号 card"}, // 30 February
		{[]string{"身份证号", "100108195001010016"}, "身份证号 card"}, // no division begins with 10
		{[]string{"身份证号", "7901081950"}, "身份证号 card"},
		{[]string{"身份证号", "7.90108E+17"}, "身份证号 mangled"},
		{[]string{"性别", "男"}, "性别 sex-card"},
		{[]string{"性别", "某"}, "性别 sex"},
		{[]string{"出生日期", "1950-01-03"}, "出生日期 born-card"},
		{[]string{"出生日期", "1950-02-30"}, "出生日期 date"},
		{[]string{"手机号", "没有"}, "手机号 phone"},
		{[]string{"房屋编号", "h999"}, "房屋编号 no-house"},
		{[]string{"房屋编号", ""}, "房屋编号 missing"},
		{[]string{"居住类型", "借住"}, "居住类型 stay"},
		{[]string{"标签", "高龄；可爱"}, "标签 care"},
		{[]string{"标签", "吸毒人员"}, "标签 special"},
		{[]string{"入住日期", "明天"}, "入住日期 date"},
		{[]string{"入住日期", "2090-01-01"}, "入住日期 future"},
		{[]string{"入住日期", "1900-01-01"}, "入住日期 order"},
		{[]string{"迁出日期", "2009-01-01"}, "迁出日期 order"},
	}
	want := map[int]string{}
	good := map[int][]string{}
	for i, b := range all {
		at := 40 + i*80 // in both parts
		if b.changes[0] == "性别" && b.changes[1] == "男" || b.changes[0] == "出生日期" && b.want == "出生日期 born-card" {
			at++ // whatever they are, it differs
		}
		good[at] = s[at]
		s[at] = s.with(s[at], b.changes...)
		want[at+1] = b.want
	}
	s = append(s, s[5], s.with(s[6], "房屋编号", "h40"), []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"})
	n := len(s)
	want[n-2], want[n-1], want[n] = "身份证号 twice", "身份证号 twice", " width"
	// A name with a line break takes two lines of the file.
	shifted := map[int]string{}
	for line, w := range want {
		if line > 40+2*80+1 {
			line++
		}
		shifted[line] = w
	}
	j := d.bring(ctx, Residents, town, s.csv())
	d.is(j, Tally{Accepted: len(s) - 1 - len(want), Rejected: len(want)})
	got := d.problems(j.ID)
	for line, w := range shifted {
		if !slices.Equal(got[line], []string{w}) {
			t.Errorf("line %d: %v, want %s", line, got[line], w)
		}
	}
	if n := d.count(`SELECT count(*) FROM intake_reject WHERE problems::text ~ '100108|790108'`); n != 0 {
		t.Errorf("%d problems repeat digits of an ID number", n)
	}
	if len(got) != len(want) {
		t.Errorf("%d rows have problems, want %d", len(got), len(want))
	}
	if n := d.count(`SELECT count(*) FROM resident`); n != j.Accepted {
		t.Errorf("%d people on record, %d accepted", n, j.Accepted)
	}
	d.sendAgain(ctx, j, s, good, len(all))
}

// sendAgain mends what came back, as somebody does in a spreadsheet, and sends it, then everything.
func (d *desk) sendAgain(ctx context.Context, j *Job, s sheet, good map[int][]string, mended int) {
	d.Helper()
	for _, f := range []Format{XLSX, CSV} {
		raw := d.rejects(ctx, j.ID, f)
		if f == CSV && regexp.MustCompile(`(?m)(^|,)"?[=@+]`).Match(raw) {
			d.Errorf("%s: a cell that came back is a formula", f)
		}
		again := d.bring(ctx, Residents, town, bytes.NewReader(raw))
		d.is(again, Tally{Same: 1, Proposed: 1, Rejected: j.Rejected - 2}) // the lines that two of them were twice with aren't in the file
		if f == CSV {
			rows, err := csv.NewReader(bytes.NewReader(raw[3:])).ReadAll()
			if err != nil {
				d.Fatal(err)
			}
			if h := rows[0]; h[len(h)-3] != whereColumn || len(h) != len(residentHeader)+3 || rows[1][len(h)-3] != "姓名" || rows[1][len(h)-2] == "" {
				d.Errorf("%q\n%q", h, rows[1])
			}
			fixed := sheet{rows[0]}
			for _, row := range sortedKeys(good) {
				fixed = append(fixed, append(slices.Clone(good[row]), "x", "y", ""))
			}
			d.is(d.bring(ctx, Residents, town, fixed.csv()), Tally{Accepted: mended})
			// Everything again.
			for at, row := range good {
				s[at] = row
			}
			d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Same: len(s) - 4, Rejected: 3})
		}
	}
}

// What is wrong with houses is found: on the ground, in other communities, in buildings that aren't there.
func TestBrokenHouses(t *testing.T) {
	d := setup(t)
	clerk := d.as(access.Clerk, community)
	s := sheet{houseHeader}
	for i := range 60 {
		s = append(s, s.with(aHouse(i/4*5+i%4), "房屋编号", fmt.Sprintf("h%d", i)))
	}
	want := map[int][]string{}
	for i, b := range []struct {
		changes []string
		want    []string
	}{
		{[]string{"房屋编号", ""}, []string{"房屋编号 missing"}},
		{[]string{"标准地址", "", "用途", "种菜"}, []string{"标准地址 missing", "用途 use"}},
		{[]string{"社区编码", "12345"}, []string{"社区编码 code"}},
		{[]string{"社区编码", next}, []string{"社区编码 community"}},
		{[]string{"经度", "116.3245", "社区编码", ""}, []string{"经度 foreign"}},
		{[]string{"经度", "116.3291"}, []string{"经度 no-ground"}},
		{[]string{"经度", "40.0005", "纬度", "116.3205"}, []string{"经度 position"}},
		{[]string{"经度", "0", "纬度", "0"}, []string{"经度 position"}},
		{[]string{"纬度", ""}, []string{"纬度 position"}},
		{[]string{"纬度", "北"}, []string{"纬度 number"}},
		{[]string{"楼层", "几楼"}, []string{"楼层 number"}},
		{[]string{"建筑面积", "-8"}, []string{"建筑面积 number"}},
		{[]string{"楼栋标识", "没有的楼"}, []string{"楼栋标识 building"}},
		{[]string{"经度", "", "纬度", "", "标准地址", "无名路1号"}, []string{"标准地址 no-place"}},
		{[]string{"房屋编号", "h0"}, []string{"房屋编号 twice"}},
		{[]string{"小区", strings.Repeat("长", 41)}, []string{"小区 too-long"}},
	} {
		s[10+i] = s.with(s[10+i], b.changes...)
		want[11+i] = b.want
	}
	j := d.bring(clerk, Houses, community, s.csv())
	d.is(j, Tally{Accepted: 60 - len(want), Rejected: len(want)})
	got := d.problems(j.ID)
	for line, w := range want {
		if !slices.Equal(got[line], w) {
			t.Errorf("line %d: %v, want %v", line, got[line], w)
		}
	}
	d.is(d.bring(clerk, Houses, community, s.csv()), Tally{Same: 60 - len(want), Rejected: len(want)})
	if n := d.count(`SELECT count(*) FROM house`); n != 60-len(want) {
		t.Errorf("%d houses", n)
	}
}

// A clerk of one community brings no one into another, whatever the file says and whatever it is said to be for.
func TestAClerkOfOneCommunity(t *testing.T) {
	d := setup(t)
	all := d.settle(50)
	d.is(d.bring(all, Residents, town, residents(0, 10, 50).csv()), Tally{Accepted: 10})
	clerk := d.as(access.Clerk, next)
	if _, err := d.receive(clerk, Residents, town, residents(0, 10, 50).csv()); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("an import for a whole town: %v", err)
	}
	j := d.bring(clerk, Residents, next, residents(0, 50, 50).csv())
	d.is(j, Tally{Accepted: 8, Same: 2, Rejected: 40})
	for line, p := range d.problems(j.ID) {
		if p[0] != "房屋编号 foreign" {
			t.Errorf("line %d: %v", line, p)
		}
	}
	// Who is on record in the community beside it isn't seen, and still not entered twice.
	s := residents(0, 1, 50)
	s[1] = s.with(s[1], "房屋编号", "h4", "户号", "")
	j = d.bring(clerk, Residents, next, s.csv())
	d.is(j, Tally{Proposed: 1})
	if n := d.count(`SELECT count(*) FROM resident`); n != 18 {
		t.Errorf("%d people", n)
	}
	// Nobody else's imports are seen.
	if jobs := d.list(clerk); len(jobs) != 2 {
		t.Errorf("the clerk sees %d imports", len(jobs))
	}
	if jobs := d.list(d.as(access.Planner, town)); len(jobs) != 0 {
		t.Errorf("a planner sees %d imports", len(jobs))
	}
}

// A file for a division that isn't on record isn't read, by whoever may bring it; the ground of a town without communities is on record by its town.
func TestADivisionThatIsntOnRecord(t *testing.T) {
	d := setup(t)
	everywhere := d.as(access.Clerk, "110108")
	everywhere = postgres.WithActor(everywhere, postgres.Actor{Scope: postgres.Scope{access.ImportRegister: {postgres.Everywhere}}, Account: postgres.ActorOf(everywhere).Account})
	for _, code := range []string{"999999", "110109", "110108999", "110108999000", "110108014009"} {
		for what, bring := range map[string]func(io.Reader) error{
			"brought": func(file io.Reader) error { _, err := d.receive(everywhere, Houses, code, file); return err },
			"taken up": func(file io.Reader) error {
				_, err := d.BrokenOff(everywhere, Delivery{Kind: Houses, Division: code, CRS: crs.WGS84}, file)
				return err
			},
			"tried": func(file io.Reader) error {
				_, err := d.Try(everywhere, Delivery{Kind: Houses, Division: code, CRS: crs.WGS84}, nil, file, nil)
				return err
			},
		} {
			file := houses(3).csv()
			size := file.Len()
			err := bring(file)
			var f *fault.Error
			if !errors.As(err, &f) || f.Code != fault.Invalid || f.Where != "division" || !strings.Contains(f.ZH, code) || !strings.Contains(f.EN, code) {
				t.Errorf("%s, %s: %v", code, what, err)
			}
			if file.Len() != size {
				t.Errorf("%s, %s: %d bytes of the file were read", code, what, size-file.Len())
			}
		}
	}
	if n := d.count(`SELECT count(*) FROM intake_job`); n != 0 {
		t.Errorf("%d imports were begun", n)
	}
	for _, code := range []string{"110108", town, community, "110108015000"} {
		if _, err := d.receive(everywhere, Houses, code, houses(3).csv()); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// People without an ID number are known by house, name and day: the same file again brings nobody twice.
func TestWithoutAnIDNumber(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	s := residents(0, 30, 10)
	for i := 1; i < len(s); i++ {
		s[i] = s.with(s[i], "身份证号", "")
	}
	s = append(s, s[3])
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Accepted: 30, Rejected: 1})
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Same: 30, Rejected: 1})
	s[4] = s.with(s[4], "入住日期", "2020-01-01")
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Accepted: 1, Same: 29, Rejected: 1})
}

// Without the code of a house people go where their address leads for sure, and nowhere else.
func TestByAddress(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	s := sheet{{"姓名", "居住地址", "身份证号"}}
	for i := range 4 {
		r := aResident(i, 10)
		s = append(s, []string{r[0], aHouse(i)[7], r[4]})
	}
	s[2][1], s[3][1], s[4][1] = "南楼社区明珠小区1号楼1-102", "明珠小区1号楼旁边", "明珠小区"
	j := d.bring(ctx, Residents, town, s.csv())
	d.is(j, Tally{Accepted: 2, Rejected: 2})
	if got := fmt.Sprint(d.problems(j.ID)); got != "map[4:[居住地址 no-address] 5:[居住地址 no-address]]" {
		t.Error(got)
	}
	if n := d.count(`SELECT count(*) FROM residency x JOIN house h ON h.id = x.house WHERE h.code IN ('h0', 'h1')`); n != 2 {
		t.Errorf("%d in the right houses", n)
	}
}
