package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"

	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/address"
	"jingwei/internal/audit"
	"jingwei/internal/crs"
	"jingwei/internal/idcard"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/register"
	"jingwei/internal/vault"
)

const (
	town      = "110108014"
	community = "110108014001" // x from 0 to 3
	next      = "110108014002" // x is 4
	county    = 110108
)

// desk is an intake over a database with the town of internal/httpapi/testdata/town.sql.
type desk struct {
	*testing.T
	db *postgres.DB
	*Intake
	log bytes.Buffer
}

func setup(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	v := vault.New(vault.Generate())
	d := &desk{T: t, db: pgtest.New(t)}
	addresses := new(register.Gazetteers)
	d.Intake = New(Intake{DB: d.db.App, Book: &register.Book{Vault: v, Trail: audit.New(v)}, Ground: new(layout.Locators), Log: slog.New(slog.NewTextHandler(&d.log, nil)),
		Addresses: func(ctx context.Context, county int32) (*address.Gazetteer, error) {
			if err := addresses.Read(ctx, d.db.Reader, county); err != nil {
				return nil, err
			}
			return addresses.Of(county)
		}})
	sql, err := os.ReadFile("../httpapi/testdata/town.sql")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.db.InTx(t.Context(), func(tx pgx.Tx) error { _, err := tx.Exec(t.Context(), string(sql)); return err }); err != nil {
		t.Fatal(err)
	}
	return d
}

// as is somebody with a role on a piece of ground.
func (d *desk) as(role access.Role, code string) context.Context {
	d.Helper()
	actor := postgres.Actor{Scope: access.ScopeOf([]access.Grant{{Role: role, Code: code}}, nil)}
	name := fmt.Sprintf("%s%s-%d", role, code, d.count(`SELECT count(*) FROM account`))
	err := d.db.Owner.QueryRow(d.Context(), `INSERT INTO account (name, display, kind, division) VALUES ($1, $1, 'person', left($2, 6)) RETURNING id`, name, code).Scan(&actor.Account)
	if err != nil {
		d.Fatal(err)
	}
	return audit.WithCaller(postgres.WithActor(context.Background(), actor), audit.Caller{Name: name})
}

func (d *desk) count(sql string, args ...any) (n int) {
	d.Helper()
	if err := d.db.Owner.QueryRow(d.Context(), sql, args...).Scan(&n); err != nil {
		d.Fatalf("%v\n%s", err, sql)
	}
	return n
}

// receive brings a file, as it is.
func (d *desk) receive(ctx context.Context, kind Kind, division string, file io.Reader) (*Job, error) {
	return d.Receive(ctx, Delivery{Kind: kind, File: "test.csv", Division: division, CRS: crs.WGS84}, file)
}

func (d *desk) change(ctx context.Context, id ID, c Change) (j *Job, err error) {
	err = postgres.InTx(ctx, d.DB, func(tx pgx.Tx) error { j, err = d.Change(ctx, tx, id, c); return err })
	return j, err
}

// bring brings a table and runs its import to the end. All rows have to be accounted for.
func (d *desk) bring(ctx context.Context, kind Kind, division string, file io.Reader) *Job {
	d.Helper()
	j, err := d.receive(ctx, kind, division, file)
	if err != nil {
		d.Fatal(err)
	}
	if _, err := d.change(ctx, j.ID, Change{Act: Start}); err != nil {
		d.Fatal(err)
	}
	if err := d.Intake.Run(ctx, j.ID, nil); err != nil {
		d.Fatal(err)
	}
	return d.job(ctx, j.ID)
}

func (d *desk) job(ctx context.Context, id ID) (j *Job) {
	d.Helper()
	if err := postgres.Snapshot(ctx, d.DB, func(tx pgx.Tx) (err error) { j, err = d.Get(ctx, tx, id); return err }); err != nil {
		d.Fatal(err)
	}
	if j.State == Done && j.sum() != j.Rows {
		d.Fatalf("%+v of %d rows", j.Tally, j.Rows)
	}
	return j
}

func (d *desk) is(j *Job, want Tally) {
	d.Helper()
	if j.State != Done || j.Tally != want {
		d.Fatalf("%s %s %+v, want %+v\n%s", j.State, j.ProblemEN, j.Tally, want, d.log.String())
	}
}

func (d *desk) rejects(ctx context.Context, id ID, f Format) []byte {
	d.Helper()
	var b bytes.Buffer
	if err := postgres.InTx(ctx, d.DB, func(tx pgx.Tx) error { return d.Rejects(ctx, tx, id, false, f, &b) }); err != nil {
		d.Fatal(err)
	}
	return b.Bytes()
}

// problems are what is wrong with each line: "身份证号 card".
func (d *desk) problems(id ID) map[int][]string {
	d.Helper()
	rows, err := d.db.Owner.Query(d.Context(), `SELECT line, p ->> 'column', p ->> 'code' FROM intake_reject r, jsonb_array_elements(problems) p WHERE job = $1 ORDER BY 1`, id.Number)
	if err != nil {
		d.Fatal(err)
	}
	out := map[int][]string{}
	var line int
	var column, code string
	if _, err := pgx.ForEachRow(rows, []any{&line, &column, &code}, func() error { out[line] = append(out[line], column+" "+code); return nil }); err != nil {
		d.Fatal(err)
	}
	return out
}

// sheet is a table with its columns.
type sheet [][]string

func (s sheet) csv() *bytes.Buffer {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(s)
	return &b
}

// with is a row with some cells otherwise: "列", "值", ….
func (s sheet) with(row []string, changes ...string) []string {
	out := append([]string(nil), row...)
	for i := 0; i < len(changes); i += 2 {
		for k, c := range s[0] {
			if c == changes[i] {
				out[k] = changes[i+1]
			}
		}
	}
	return out
}

var houseHeader = []string{"房屋编号", "社区编码", "小区", "楼栋", "单元", "楼层", "房号", "标准地址", "楼栋标识", "用途", "建筑面积", "经度", "纬度"}

// houseRow is house n, in the column n % 5 of the town.
func aHouse(n int) []string {
	x := n % 5
	code, name := community, "南楼社区"
	if x == 4 {
		code, name = next, "东楼社区"
	}
	number, room := fmt.Sprintf("%d号楼", 1+n/50), fmt.Sprintf("%d%02d", 1+n%50/10, n%10+1)
	return []string{fmt.Sprintf("h%d", n), code, "明珠小区", number, "1单元", room[:1], room, "北京市海淀区清华园街道" + name + "明珠小区" + number + "1单元" + room + "室", "", "自住", "80.5",
		fmt.Sprintf("%.7f", 116.3205+float64(x)/1000), "40.0005000"}
}

func houses(n int) sheet {
	s := sheet{houseHeader}
	for i := range n {
		s = append(s, aHouse(i))
	}
	return s
}

var residentHeader = []string{"姓名", "性别", "民族", "出生日期", "身份证号", "手机号", "房屋编号", "户号", "与户主关系", "居住类型", "户籍地址", "入住日期", "迁出日期", "文化程度", "标签"}

// aResident is somebody who doesn't exist, in house n % of.
func aResident(n, of int) []string {
	born := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*7%18000)
	card, err := idcard.Make(idcard.Invented+"0108", born, 2+n*2%900)
	if err != nil {
		panic(err)
	}
	return []string{"演示" + string(rune('一'+n%3000)), string(card.Sex()), "汉族", born.Format(time.DateOnly), string(card), fmt.Sprintf("154%08d", n), fmt.Sprintf("h%d", n%of), fmt.Sprintf("h%d-1", n%of),
		"户主", "户籍在册", "", "2010-03-05", "", "大学", ""}
}

func residents(from, n, of int) sheet {
	s := sheet{residentHeader}
	for i := range n {
		s = append(s, aResident(from+i, of))
	}
	return s
}

// settle brings houses, h0 and so on, and gives who did: a clerk of the whole town.
func (d *desk) settle(n int) context.Context {
	d.Helper()
	ctx := d.as(access.Clerk, town)
	d.is(d.bring(ctx, Houses, town, houses(n).csv()), Tally{Accepted: n})
	return ctx
}

func (d *desk) list(ctx context.Context) (jobs []*Job) {
	d.Helper()
	if err := postgres.Snapshot(ctx, d.DB, func(tx pgx.Tx) (err error) { jobs, err = d.List(ctx, tx, county); return err }); err != nil {
		d.Fatal(err)
	}
	return jobs
}

func sortedKeys(m map[int][]string) []int { return slices.Sorted(maps.Keys(m)) }
