package intake

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/creditcode"
	"jingwei/internal/crs"
)

var organisationHeader = []string{"单位名称", "统一社会信用代码", "类别", "地址", "房屋编号", "楼栋标识", "法定代表人", "联系电话", "从业人数", "经度", "纬度"}

// anOrganisation is an invented one: every other is in a house, the others at places of their own.
func anOrganisation(n, houses int) []string {
	code, err := creditcode.Make("92", "790108", n)
	if err != nil {
		panic(err)
	}
	row := []string{fmt.Sprintf("示例商店%d", n), string(code), "个体工商户", "", fmt.Sprintf("h%d", n%houses), "", "演示" + string(rune('一'+n)), fmt.Sprintf("154%08d", n), "3", "", ""}
	if n%2 == 1 {
		row[4], row[9], row[10] = "", fmt.Sprintf("%.7f", 116.3202+float64(n%4)/1000+float64(n)/1e7), "40.0002000"
	}
	return row
}

func organisations(n, houses int) sheet {
	s := sheet{organisationHeader}
	for i := range n {
		s = append(s, anOrganisation(i, houses))
	}
	return s
}

// Good rows go in, wrong ones come back with what is wrong; the same again changes nothing; one that differs is changed.
func TestOrganisations(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	s := organisations(60, 50)
	want := map[int]string{}
	for i, b := range []struct {
		changes []string
		want    string
	}{
		{[]string{"单位名称", ""}, "单位名称 missing"},
		{[]string{"统一社会信用代码", "92790108000000049X"}, "统一社会信用代码 credit"},
		{[]string{"统一社会信用代码", "9.27901E+17"}, "统一社会信用代码 mangled"},
		{[]string{"类别", "帮派"}, "类别 kind"},
		{[]string{"联系电话", "没有"}, "联系电话 phone"},
		{[]string{"从业人数", "许多"}, "从业人数 number"},
		{[]string{"房屋编号", "h999"}, "房屋编号 no-house"},
		{[]string{"房屋编号", "", "楼栋标识", "没有这栋"}, "楼栋标识 building"},
		{[]string{"房屋编号", ""}, "地址 missing"},
		{[]string{"房屋编号", "", "地址", "无处可寻路1号"}, "地址 no-place"},
		{[]string{"房屋编号", "", "经度", "116.9"}, "纬度 position"},
		{[]string{"房屋编号", "", "经度", "117.5", "纬度", "40.0005"}, "经度 no-ground"},
		{[]string{"法定代表人", "=1+1"}, "法定代表人 formula"},
	} {
		at := 2*i + 1 // even numbers are in houses
		s[at] = s.with(s[at], b.changes...)
		want[at+1] = b.want
	}
	s = append(s, s[40])
	want[len(s)] = "统一社会信用代码 twice"
	j := d.bring(ctx, Organisations, town, s.csv())
	d.is(j, Tally{Accepted: len(s) - 1 - len(want), Rejected: len(want)})
	got := d.problems(j.ID)
	for line, w := range want {
		if !slices.Equal(got[line], []string{w}) {
			t.Errorf("line %d: %v, want %s", line, got[line], w)
		}
	}
	if n := d.count(`SELECT count(*) FROM organisation`); n != j.Accepted {
		t.Errorf("%d on record, %d accepted", n, j.Accepted)
	}
	if n := d.count(`SELECT count(*) FROM intake_reject WHERE problems::text ~ '7901080'`); n != 0 {
		t.Errorf("%d problems repeat what is in a cell", n)
	}
	d.is(d.bring(ctx, Organisations, town, s.csv()), Tally{Same: j.Accepted, Rejected: len(want)})
	// A new telephone, another name, another house: each changes its row and no other.
	s[40], s[42], s[44] = s.with(s[40], "联系电话", "15499999999"), s.with(s[42], "单位名称", "示例改名商店"), s.with(s[45], "房屋编号", "h49")
	s = sheet{s[0], s[40], s[42], s[44], s[46]}
	d.is(d.bring(ctx, Organisations, town, s.csv()), Tally{Accepted: 3, Same: 1})
	d.is(d.bring(ctx, Organisations, town, s.csv()), Tally{Same: 4})
	if n := d.count(`SELECT count(*) FROM organisation`); n != j.Accepted {
		t.Errorf("%d on record after changes, %d before", n, j.Accepted)
	}
	if n := d.count(`SELECT count(*) FROM organisation o LEFT JOIN house h ON h.county = o.county AND h.id = o.house LEFT JOIN block b ON b.county = o.county AND b.id = o.block
		WHERE o.ground <> coalesce(h.ground, b.community * 1000) OR o.block IS NOT NULL AND NOT ST_Covers(b.geom, o.geom)`); n != 0 {
		t.Errorf("%d aren't tied to where they are", n)
	}
}

// Who has a town's neighbour brings nothing into the town, moves nothing out of it, and doesn't take over a code of it.
func TestOrganisationsOfOthers(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	d.is(d.bring(ctx, Organisations, town, organisations(20, 50).csv()), Tally{Accepted: 20})
	other := d.as(access.Clerk, next)
	s := organisations(20, 50)
	for i := range s[1:] { // all of them to a house of theirs
		s[i+1] = s.with(s[i+1], "房屋编号", "h4", "经度", "", "纬度", "")
	}
	j := d.bring(other, Organisations, next, s.csv())
	if j.Same+j.Accepted+j.Rejected != 20 || j.Rejected < 16 {
		t.Errorf("%+v", j.Tally)
	}
	d.is(d.bring(ctx, Organisations, next, organisations(4, 4).csv()), Tally{Rejected: 4})
}

// Facilities of a table stand on the map's table; the same again changes nothing, and maps hear where something changed.
func TestFacilities(t *testing.T) {
	d := setup(t)
	ctx := d.settle(10)
	s := sheet{{"设施编号", "设施类型", "名称", "经度", "纬度", "地址"}}
	for i := range 20 {
		s = append(s, []string{fmt.Sprintf("XF%03d", i), "消防栓", "", fmt.Sprintf("%.7f", 116.3201+float64(i)/10000), "40.0003", ""})
	}
	s = append(s, []string{"", "诊所", "示例诊所", "116.3205", "40.0005", ""}, []string{"", "诊所", "示例诊所", "116.3205", "40.0005", ""}, []string{"", "网红打卡点", "", "116.3205", "40.0005", ""},
		[]string{"X1", "消防栓", "", "117.9", "40.0005", ""}, []string{"X2", "消防栓", "", "", "", ""}, []string{"", "", "甲", "116.3205", "40.0005", ""})
	want := map[int][]string{23: {"名称 twice"}, 24: {"设施类型 kind"}, 25: {"经度 no-ground"}, 26: {"经度 missing"}, 27: {"设施类型 missing"}}
	j := d.bring(ctx, Facilities, town, s.csv())
	d.is(j, Tally{Accepted: 21, Rejected: 5})
	for line, w := range want {
		if got := d.problems(j.ID)[line]; !slices.Equal(got, w) {
			t.Errorf("line %d: %v, want %v", line, got, w)
		}
	}
	if n := d.count(`SELECT count(*) FROM facility f JOIN block b ON b.county = f.county AND b.id = f.block WHERE ST_Covers(b.geom, f.geom)`); n != 21 {
		t.Errorf("%d stand on their block", n)
	}
	events := `SELECT count(*) FROM outbox WHERE kind = 'ground.imported' AND payload -> 'layers' = '["facilities"]' AND jsonb_array_length(payload -> 'bounds') > 0`
	heard := d.count(events)
	d.is(d.bring(ctx, Facilities, town, s.csv()), Tally{Same: 21, Rejected: 5})
	if n := d.count(events); n != heard || heard != 1 {
		t.Errorf("maps heard %d times, then %d", heard, n)
	}
	s[1][3] = "116.3215000"
	d.is(d.bring(ctx, Facilities, town, sheet{s[0], s[1], s[2]}.csv()), Tally{Accepted: 1, Same: 1})
	if n := d.count(`SELECT count(*) FROM outbox WHERE kind = 'ground.imported' AND payload::text LIKE '%116.3201%' AND payload::text LIKE '%116.3215%'`); n == 0 {
		t.Error("maps didn't hear where it was and where it is")
	}
	// Who keeps the neighbour can't take a facility away from the town.
	s[2][3] = "116.3245000"
	d.is(d.bring(d.as(access.Clerk, next), Facilities, next, sheet{s[0], s[2]}.csv()), Tally{Rejected: 1})
}

// In GCJ-02 a file means the place that it says in WGS 84.
func TestFacilitiesInGCJ02(t *testing.T) {
	d := setup(t)
	ctx := d.settle(1)
	lon, lat := crs.GCJ02.FromWGS84(116.3215, 40.0005)
	s := sheet{{"编号", "类型", "经度", "纬度"}, {"1", "派出所", fmt.Sprintf("%.7f", lon), fmt.Sprintf("%.7f", lat)}}
	j, err := d.Receive(ctx, Delivery{Kind: Facilities, File: "f.csv", Division: town, CRS: crs.GCJ02}, s.csv())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		t.Fatal(err)
	}
	if err := d.Intake.Run(ctx, j.ID, nil); err != nil {
		t.Fatal(err)
	}
	d.is(d.job(ctx, j.ID), Tally{Accepted: 1})
	if n := d.count(`SELECT count(*) FROM facility WHERE ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(116.3215, 40.0005), 4326)::geography, 1)`); n != 1 {
		t.Error("it stands elsewhere")
	}
}

// An import that was broken off goes on where it was, and what was twice in the file is still known.
func TestOrganisationsGoOn(t *testing.T) {
	d := setup(t)
	ctx := d.settle(50)
	s := organisations(5000, 50)
	s = append(s, s[7])
	j, err := d.receive(ctx, Organisations, town, s.csv())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		t.Fatal(err)
	}
	broken, stop := context.WithCancel(ctx)
	_ = d.Intake.Run(broken, j.ID, func(*Job) { stop() })
	if now := d.job(ctx, j.ID); now.State != Running || now.Done == 0 || now.Done == now.Rows {
		t.Fatalf("%s after %d of %d", now.State, now.Done, now.Rows)
	}
	if err := d.Intake.Run(ctx, j.ID, nil); err != nil {
		t.Fatal(err)
	}
	d.is(d.job(ctx, j.ID), Tally{Accepted: 5000, Rejected: 1})
}

// Vehicles come to the houses that they name; a plate that can't be one, a house that isn't there and one twice come back; the same again changes nothing.
func TestVehicles(t *testing.T) {
	d := setup(t)
	ctx := d.settle(20)
	s := sheet{{"车牌号", "车型", "颜色", "车主", "房屋编号"}}
	for i := range 30 {
		s = append(s, []string{fmt.Sprintf("鲁I%05d", i), "小型汽车", "白", "演示甲", fmt.Sprintf("h%d", i%20)})
	}
	s = append(s, []string{"没有", "", "", "", "h1"}, []string{"鲁I99999", "", "", "", "h999"}, []string{"鲁i·00003", "", "", "", "h1"}, []string{"", "", "", "", "h1"}, []string{"鲁I88888", "", "", "", ""})
	want := map[int][]string{32: {"车牌号 plate"}, 33: {"房屋编号 no-house"}, 34: {"车牌号 twice"}, 35: {"车牌号 missing"}, 36: {"房屋编号 missing"}}
	j := d.bring(ctx, Vehicles, town, s.csv())
	d.is(j, Tally{Accepted: 30, Rejected: 5})
	for line, w := range want {
		if got := d.problems(j.ID)[line]; !slices.Equal(got, w) {
			t.Errorf("line %d: %v, want %v", line, got, w)
		}
	}
	d.is(d.bring(ctx, Vehicles, town, s.csv()), Tally{Same: 30, Rejected: 5})
	if n := d.count(`SELECT count(*) FROM vehicle v JOIN house h ON h.county = v.county AND h.id = v.house WHERE v.ground = h.ground`); n != 30 {
		t.Errorf("%d stand where their house does", n)
	}
	d.is(d.bring(d.as(access.Clerk, next), Vehicles, next, s.csv()), Tally{Same: 6, Rejected: 29}) // those of h4, h9, h14, h19 are theirs
}
