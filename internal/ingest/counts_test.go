package ingest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jingwei/internal/fault"
	"jingwei/internal/ingest"
	"jingwei/internal/postgres"
	"jingwei/internal/postgres/pgtest"
)

// houses is a database with two buildings in county 370883 and one elsewhere.
func houses(t *testing.T) *postgres.DB {
	t.Helper()
	db := pgtest.New(t)
	_, err := db.App.Exec(t.Context(), `INSERT INTO building (county, source, digest, geom)
		SELECT county, source, '', ST_Multi(ST_MakeEnvelope(117, 35, 117.001, 35.001, 4326))
		FROM (VALUES (370883, 'a'), (370883, '楼/2'), (370882, 'b')) w (county, source)`)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func importCounts(t *testing.T, db *postgres.DB, text string) (*ingest.CountsReport, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "counts.csv")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return ingest.Counts(t.Context(), db, ingest.CountsInput{File: file, County: "370883"})
}

func countsOf(t *testing.T, db *postgres.DB) map[string]int {
	t.Helper()
	out := map[string]int{}
	rows, err := db.App.Query(context.Background(), `SELECT building || ' ' || kind, n FROM building_count`)
	if err != nil {
		t.Fatal(err)
	}
	var what string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&what, &n}, func() error { out[what] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCounts(t *testing.T) {
	t.Parallel()
	db := houses(t)
	const file = "\ufeffhouseholds, building ,aged_80\n12,a,\n 7 ,\"楼/2\",3\n"
	report, err := importCounts(t, db, file)
	if err != nil {
		t.Fatal(err)
	}
	if report.Rows != 2 || report.Stored != 2 || report.Changed != 3 || !reflect.DeepEqual(report.Sums, map[string]int64{"households": 19, "aged_80": 3}) {
		t.Errorf("%+v", report)
	}
	want := map[string]int{"a households": 12, "楼/2 households": 7, "楼/2 aged_80": 3}
	if got := countsOf(t, db); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	// The same file changes nothing, another one changes what it mentions and nothing else.
	if report, err = importCounts(t, db, file); err != nil || report.Changed != 0 || report.Stored != 2 {
		t.Errorf("again: %+v, %v", report, err)
	}
	if report, err = importCounts(t, db, "building,aged_80\na,1\n"); err != nil || report.Changed != 1 {
		t.Errorf("another: %+v, %v", report, err)
	}
	want["a aged_80"] = 1
	if got := countsOf(t, db); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRowsThatCannotBeTakenAreNamed(t *testing.T) {
	t.Parallel()
	db := houses(t)
	report, err := importCounts(t, db, strings.Join([]string{"building,households,alone", "a,1", "b,1,1", "楼/2,-1,2", "楼/2,1.5,2", "楼/2,1000001,2", "楼/2,9999999999999999999,2",
		"a,3,4", "a,5,6", "x\"y,1,1", ",1,1", "楼/2,2,"}, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"line 2 row", "line 3 unknown", "line 4 count", "line 5 count", "line 6 count", "line 7 count", "line 9 row-twice", "line 10 row", "line 11 unknown"}
	var got []string
	for _, f := range report.Refused.Listed {
		got = append(got, f.Feature+" "+f.Kind)
		if f.WhatZH == "" || f.What == "" || f.Done == "" || f.DoneZH == "" {
			t.Errorf("not said in both languages: %+v", f)
		}
	}
	if !reflect.DeepEqual(got, want) || report.Rows != 11 || report.Stored != 2 {
		t.Errorf("%d rows, %d stored, refused\n%v, want\n%v", report.Rows, report.Stored, got, want)
	}
	if got := countsOf(t, db); !reflect.DeepEqual(got, map[string]int{"a households": 3, "a alone": 4, "楼/2 households": 2}) {
		t.Errorf("%v", got)
	}
}

// A building may be called by what comes after the slash, where that is one building; the table may come from an office's spreadsheet.
func TestBuildingsByTheirOwnNumber(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	_, err := db.App.Exec(t.Context(), `INSERT INTO building (county, source, digest, geom)
		SELECT 370883, source, '', ST_Multi(ST_MakeEnvelope(117, 35, 117.001, 35.001, 4326))
		FROM (VALUES ('b.geojson/17'), ('b.geojson/18'), ('way/18'), ('b.geojson/19'), ('19')) w (source)`)
	if err != nil {
		t.Fatal(err)
	}
	table, err := simplifiedchinese.GB18030.NewEncoder().String("楼栋,户数\n17,1\n18,2\nway/18,3\n19,4\nb.geojson/19,5\nb.geojson/17,6\n")
	if err != nil {
		t.Fatal(err)
	}
	report, err := importCounts(t, db, table)
	if err != nil {
		t.Fatal(err)
	}
	var refused []string
	for _, f := range report.Refused.Listed {
		refused = append(refused, f.Feature+" "+f.Kind)
	}
	if want := []string{"line 3 unknown", "line 7 row-twice"}; !reflect.DeepEqual(refused, want) || !report.GB18030 {
		t.Errorf("refused %v, want %v; %+v", refused, want, report)
	}
	want := map[string]int{"b.geojson/17 households": 1, "way/18 households": 3, "19 households": 4, "b.geojson/19 households": 5}
	if got := countsOf(t, db); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Behind a quote that isn't closed every row is part of a field: taking the rest would lose them without a word.
func TestAnUnclosedQuoteRefusesTheTable(t *testing.T) {
	t.Parallel()
	db := houses(t)
	for _, text := range []string{"building,n\na,1\n\"楼/2,1\na,2\n", "building,n\na,1\n\"楼/2,1\na,2\nb\",3\n"} {
		_, err := importCounts(t, db, text)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if got := countsOf(t, db); len(got) != 0 {
		t.Errorf("stored all the same: %v", got)
	}
}

func TestTablesThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	db := houses(t)
	for name, text := range map[string]string{
		"no header": "", "it has no count": "building\na\n", "no column building": "house,households\na,1\n",
		"is there twice": "building,n,n\na,1,2\n", "persons are": "building,Persons\na,1\n", "can't be a count": "building,人数\na,1\n", "header isn't CSV": "building,\"n\na,1\n", "no rows": "building,n\n", "\"households\" is there twice": "building,Households,户数\na,1,2\n", "can't be called": "building,\na,1\n",
		"of 1 to 60": "building,\xff\na,1\n", "50 are the most": "building" + strings.Repeat(",x", 50) + "\n",
	} {
		_, err := importCounts(t, db, text)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || !strings.Contains(f.EN, name) || !strings.HasPrefix(f.ZH, "counts.csv：") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ingest.Counts(t.Context(), db, ingest.CountsInput{File: "nowhere.csv", County: "370883"}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("no file: %v", err)
	}
	if _, err := ingest.Counts(t.Context(), db, ingest.CountsInput{File: t.TempDir(), County: "370883"}); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "directory") {
		t.Errorf("a directory: %v", err)
	}
	file := filepath.Join(t.TempDir(), "counts.csv")
	if err := os.WriteFile(file, []byte("building,n\na,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Counts(t.Context(), db, ingest.CountsInput{File: file, County: "370881"}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("a county without buildings: %v", err)
	}
}
