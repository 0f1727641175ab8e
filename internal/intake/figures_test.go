package intake

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/crs"
	"jingwei/internal/idcard"
	"jingwei/internal/postgres"
)

// breakage is a way in which a row is wrong, and what comes back of it.
type breakage struct {
	column, value string
	kind          string // what is said to be wrong
}

// breakages are twenty ways in which a row of people is wrong.
var breakages = []breakage{
	{"姓名", "", "姓名 missing"},
	{"姓名", strings.Repeat("长", 51), "姓名 too-long"},
	{"姓名", "演示\u0007甲", "姓名 control"},
	{"姓名", "=HYPERLINK(1)", "姓名 formula"},
	{"姓名", "演\ufffd示", "姓名 encoding"},
	{"身份证号", "79010819500230001X", "身份证号 card"},
	{"身份证号", "7.90108E+17", "身份证号 mangled"},
	{"身份证号", "790108209501010013", "身份证号 card"},
	{"性别", "某", "性别 sex"},
	{"性别", "另一个", "性别 sex-card"},
	{"出生日期", "1912-02-29", "出生日期 born-card"},
	{"出生日期", "1950-02-30", "出生日期 date"},
	{"手机号", "没有", "手机号 phone"},
	{"房屋编号", "h99999", "房屋编号 no-house"},
	{"房屋编号", "", "居住地址 no-address"},
	{"居住类型", "借住", "居住类型 stay"},
	{"标签", "可爱", "标签 care"},
	{"标签", "吸毒人员", "标签 special"},
	{"入住日期", "2090-01-01", "入住日期 future"},
	{"入住日期", "1900-01-01", "入住日期 order"},
	{"身份证号", "same", "身份证号 twice"},
	{"", "", " width"},
}

// Of 22,000 people 440 are wrong, in twenty-two ways, each twenty times: what was accepted and what was rejected are what was sent, of every way as many as
// there were; and an address that leads nowhere is entered once.
func TestTwoInAHundredAreWrong(t *testing.T) {
	d := setup(t)
	const n, houses = 22_000, 600
	ctx := d.settle(houses)
	s := residents(0, n, houses)
	s[0] = append(slices.Clone(s[0]), "居住地址")
	want := map[string]int{}
	for i := range n {
		row := append(slices.Clone(s[i+1]), "")
		row[4], row[3] = manyCards(t, i)
		row[1] = map[bool]string{true: "男", false: "女"}[(row[4][16]-'0')%2 == 1]
		if i%50 == 7 { // 2 %
			b := breakages[i/50%len(breakages)]
			want[b.kind]++
			switch {
			case b.column == "":
				row = append(row, "多出的", "两列")
			case b.value == "same":
				row[4], row[3], row[1], row[6], row[0], row[11] = s[i][4], s[i][3], s[i][1], s[i][6], s[i][0], s[i][11]
			case b.value == "另一个":
				row[1] = map[string]string{"男": "女", "女": "男"}[row[1]]
			default:
				row = s.with(row, b.column, b.value)
			}
			if b.kind == "居住地址 no-address" {
				row[15] = fmt.Sprintf("老粮站后院第%d家", want[b.kind]%4)
			}
		}
		s[i+1] = row
	}
	j := d.bring(ctx, Residents, town, s.csv())
	wrong := 0
	for _, k := range want {
		wrong += k
	}
	d.is(j, Tally{Accepted: n - wrong, Rejected: wrong})
	got := map[string]int{}
	for _, all := range d.problems(j.ID) {
		if len(all) != 1 {
			t.Errorf("one row is wrong in %v", all)
		}
		got[all[0]]++
	}
	if wrong != n/50 || !maps.Equal(got, want) {
		t.Errorf("%d wrong\n%v\nwant\n%v", wrong, got, want)
	}
	var counts []Count
	if err := postgres.Snapshot(ctx, d.DB, func(tx pgx.Tx) (err error) { counts, err = d.Problems(ctx, tx, j.ID); return err }); err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if want[c.Column+" "+c.Code] != c.Rows {
			t.Errorf("%+v", c)
		}
	}
	if on := d.count(`SELECT count(*) FROM resident`); on != j.Accepted {
		t.Errorf("%d on record", on)
	}
	if all := d.unplaced(ctx, false); len(all) != 4 || all[0].Rows != 5 || all[3].Rows != 5 {
		t.Errorf("%+v", all)
	}
	t.Logf("%d sent, %d accepted, %d rejected: %v", n, j.Accepted, j.Rejected, got)
	d.is(d.bring(ctx, Residents, town, s.csv()), Tally{Same: n - wrong, Rejected: wrong})
}

// Houses whose positions come from a web map land within a metre of where they are.
func TestPositionsOfWebMaps(t *testing.T) {
	for _, system := range []crs.System{crs.GCJ02, crs.BD09, crs.CGCS2000} {
		t.Run(system.String(), func(t *testing.T) {
			d := setup(t)
			clerk := d.as(access.Clerk, town)
			s := houses(200)
			type at struct{ lon, lat float64 }
			true_ := map[string]at{}
			for i := 1; i < len(s); i++ {
				p := at{116.3205 + float64(i%5)/1000, 40.0003 + float64(i)*2e-6}
				true_[s[i][0]] = p
				lon, lat := system.FromWGS84(p.lon, p.lat)
				s[i] = s.with(s[i], "经度", fmt.Sprintf("%.7f", lon), "纬度", fmt.Sprintf("%.7f", lat), "社区编码", "")
			}
			j, err := d.Receive(clerk, Delivery{Kind: Houses, File: "test.csv", Division: town, CRS: system}, s.csv())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.change(clerk, j.ID, Change{Act: Start}); err != nil {
				t.Fatal(err)
			}
			if err := d.Intake.Run(clerk, j.ID, nil); err != nil {
				t.Fatal(err)
			}
			d.is(d.job(clerk, j.ID), Tally{Accepted: 200})
			rows, err := d.db.Owner.Query(t.Context(), `SELECT code, ST_X(geom), ST_Y(geom) FROM house`)
			if err != nil {
				t.Fatal(err)
			}
			farthest, moved := 0., 0.
			var code string
			var is at
			if _, err := pgx.ForEachRow(rows, []any{&code, &is.lon, &is.lat}, func() error {
				p := true_[code]
				farthest = max(farthest, metres(p.lon, p.lat, is.lon, is.lat))
				lon, lat := system.FromWGS84(p.lon, p.lat)
				moved = max(moved, metres(p.lon, p.lat, lon, lat))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if farthest > 1 || system != crs.CGCS2000 && moved < 100 {
				t.Errorf("%.3f m off, of %.0f m that the file was", farthest, moved)
			}
			t.Logf("%s: the file's positions are %.0f m off, the houses %.4f m", system, moved, farthest)
		})
	}
}

func metres(lon1, lat1, lon2, lat2 float64) float64 {
	return math.Hypot((lon1-lon2)*111_320*math.Cos(lat1*math.Pi/180), (lat1-lat2)*110_574)
}

// manyCards is the ID number of somebody who doesn't exist, and when they were born: of each i another.
func manyCards(t *testing.T, i int) (card, born string) {
	t.Helper()
	day := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%18000)
	number, err := idcard.Make(idcard.Invented+"0108", day, 100+i*7%800)
	if err != nil {
		t.Fatal(err)
	}
	return string(number), day.Format(time.DateOnly)
}
