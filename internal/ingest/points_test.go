package ingest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// points locates a table in a country where every place west of 117° is in one grid, and what is near that in two.
func points(t *testing.T, in PointsInput, text string) (string, *PointsReport, error) {
	t.Helper()
	in.File = filepath.Join(t.TempDir(), "points.csv")
	if err := os.WriteFile(in.File, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	report, err := Points(t.Context(), in, &out, func(p planar.Point) Located {
		switch lon, _ := p.Degrees(); {
		case lon < 116.999:
			return Located{Grid: "1", Community: "c"}
		case lon < 117:
			return Located{Grid: "1", Community: "c", Near: []string{"2", "3"}}
		}
		return Located{}
	})
	return out.String(), report, err
}

func TestPoints(t *testing.T) {
	t.Parallel()
	got, report, err := points(t, PointsInput{CRS: crs.WGS84}, strings.Join([]string{
		"\ufeff名称,LNG, lat ,备注", "甲,116.5,35.4,\"两行\n一格\"", "乙, 116.9995 ,35.4,", "丙,117.5,35.4,x", "丁,35.4,116.5,", "戊,东,35.4,", "己,116.5", "庚,NaN,35,"}, "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"\ufeff名称,LNG,\" lat \",备注,grid,community,near,problem", "甲,116.5,35.4,\"两行\n一格\",1,c,,", "乙,\" 116.9995 \",35.4,,1,c,2 3,", "丙,117.5,35.4,x,,,,不在任何网格内 / in no grid"}, "\n")
	if !strings.HasPrefix(got, want+"\n") {
		t.Errorf("written\n%s\nwant\n%s", got, want)
	}
	lines := strings.Split(strings.TrimSpace(got), "\n")
	for i, begin := range []string{"丁,35.4,116.5,,,,,", "戊,东,35.4,,,,,", "己,116.5,,,,,,", "庚,NaN,35,,,,,"} {
		line := lines[len(lines)-4+i]
		if problem, is := strings.CutPrefix(line, begin); !is || !strings.Contains(problem, " / ") {
			t.Errorf("%q should be %q and what is wrong", line, begin)
		}
	}
	var refused []string
	for _, f := range report.Refused.Listed {
		refused = append(refused, f.Feature+" "+f.Kind)
	}
	if want := []string{"line 6 outside-china", "line 7 coordinates", "line 8 row", "line 9 outside-china"}; !slices.Equal(refused, want) {
		t.Errorf("refused %v, want %v", refused, want)
	}
	if report.Rows != 7 || report.Located != 2 || report.Near != 1 || report.Outside != 1 || report.Wrong != 4 {
		t.Errorf("%+v", report)
	}
}

// A table from Baidu in GB18030, with columns that are named: 116.9995 there is 116.987 here.
func TestPointsOfAnOffice(t *testing.T) {
	t.Parallel()
	table, err := simplifiedchinese.GB18030.NewEncoder().String("地点,东,北\n镇政府,117.005,35.4\n")
	if err != nil {
		t.Fatal(err)
	}
	got, report, err := points(t, PointsInput{LonField: "东", LatField: "北", CRS: crs.BD09}, table)
	if err != nil {
		t.Fatal(err)
	}
	if want := "\ufeff地点,东,北,grid,community,near,problem\n镇政府,117.005,35.4,1,c,,\n"; got != want || !report.GB18030 {
		t.Errorf("written %q, want %q; %+v", got, want, report)
	}
}

func TestPointsThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"no header": "", "no columns of longitude": "名称,经\n甲,1\n", "column grid already": "lon,lat,grid\n1,2,3\n", "isn't CSV": "lon,lat\n116.5,\"35\n117,35\n",
	} {
		_, _, err := points(t, PointsInput{CRS: crs.WGS84}, text)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || !strings.Contains(f.EN, want) || !strings.HasPrefix(f.ZH, "points.csv：") {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, file := range []string{"nowhere.csv", t.TempDir()} {
		if _, err := Points(context.Background(), PointsInput{File: file}, &bytes.Buffer{}, nil); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", file, err)
		}
	}
}
