package httpapi

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jingwei/internal/access"
	"jingwei/internal/draft"
	"jingwei/internal/gridnet"
)

// wholeNet is a net of own ground: its west, and its east with a strip of the west that both claim.
const wholeNet = `{"type":"FeatureCollection","features":[
	{"type":"Feature","properties":{"网格编码":"110108014001001","网格名称":"西区"},"geometry":{"type":"Polygon","coordinates":[[[116.32,40],[116.322,40],[116.322,40.003],[116.32,40.003],[116.32,40]]]}},
	{"type":"Feature","properties":{"网格编码":"110108014001002"},"geometry":{"type":"Polygon","coordinates":[[[116.3218,40],[116.324,40],[116.324,40.003],[116.3218,40.003],[116.3218,40]]]}}]}`

// netForm is an upload of a file with other fields, and its media type.
func netForm(name, content string, fields ...string) (form, kind string) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	if name != "" {
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write([]byte(content))
	}
	_ = w.Close()
	return out.String(), w.FormDataContentType()
}

// netForms is an upload of several files.
func netForms(files map[string]string, fields ...string) (form, kind string) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write([]byte(files[name]))
	}
	_ = w.Close()
	return out.String(), w.FormDataContentType()
}

func (s *site) upload(form, kind string) (*http.Response, []byte) {
	s.Helper()
	r, err := http.NewRequest(http.MethodPost, s.http.URL+netsPath, strings.NewReader(form))
	if err != nil {
		s.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.cookie})
	r.Header.Set("Content-Type", kind)
	return s.send(r)
}

func TestExports(t *testing.T) {
	s := setup(t)
	for path, c := range map[string]struct{ kind, name, holds string }{
		"grids.geojson?division=110108014":                 {"application/geo+json", "grids-110108014.geojson", `"code":"110108014001001","name":"西区"`},
		"grids.geojson?division=110108014&version=1":       {"application/geo+json", "grids-110108014-v1.geojson", `"version":1`},
		"grids.geojson?division=110108014001&crs=cgcs2000": {"application/geo+json", "grids-110108014001.geojson", "EPSG::4490"},
		"grids.pmtiles?division=110108014":                 {"application/vnd.pmtiles", "grids-110108014.pmtiles", "PMTiles"},
		"lineage.csv?division=110108014":                   {"text/csv; charset=utf-8", "lineage-110108014.csv", "from_grid,to_grid"},
		"map.pdf?division=110108014":                       {"application/pdf", "map-110108014.pdf", "%PDF-1.5"},
		"map.png?division=110108014001":                    {"image/png", "map-110108014001.png", "PNG"},
		"comparison.xlsx?division=110108014&with=1":        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "comparison-110108014.xlsx", "PK"},
		"blocks.geojson?division=110108014001&version=2":   {"application/geo+json", "blocks-110108014001-v2.geojson", `"grid":"110108014001003"`},
	} {
		answer, body := s.get("/api/export/" + path)
		if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != c.kind || !bytes.Contains(body, []byte(c.holds)) ||
			!strings.Contains(answer.Header.Get("Content-Disposition"), c.name) || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v %.200s", path, answer.StatusCode, answer.Header, body)
		}
	}
	for path, status := range map[string]int{
		"grids?division=110108014": 404, "grids.dwg?division=110108014": 422, "houses.csv?division=110108014": 422, "grids.geojson": 422, "grids.geojson?division=x": 422,
		"grids.geojson?division=999999": 404, "grids.geojson?division=110108014&version=7": 404, "grids.geojson?division=110108014&version=x": 422,
		"grids.geojson?division=110108014&versoin=1": 422, "grids.geojson?division=110108015": 404, "map.png?division=110108014": 422, "grids.gpkg?division=110108014&crs=gcj02": 422,
	} {
		s.problem("/api/export/"+path, status)
	}
}

// How many people live on each block is for planners of that ground.
func TestCountsOfBlocksAreForPlanners(t *testing.T) {
	s := setup(t)
	for who, c := range map[string]struct {
		grant access.Grant
		want  bool
	}{
		"planner of the community": {access.Grant{Role: access.Planner, Code: ownGround}, true},
		"planner of the town":      {access.Grant{Role: access.Planner, Code: "110108014"}, true},
		"planner elsewhere":        {access.Grant{Role: access.Planner, Code: otherGround}, false},
		"leader":                   {access.Grant{Role: access.Leader, Code: "110108"}, false},
	} {
		other := s.as(s.person(strings.ReplaceAll(who, " ", "-"), c.grant))
		for _, path := range []string{"/api/export/blocks.geojson?division=" + ownGround, "/api/export/assignment.csv?division=" + ownGround, "/api/export/micro-grids.csv?division=" + ownGround} {
			answer, body := other.get(path)
			if answer.StatusCode != 200 || bytes.Contains(body, []byte("residents")) != c.want {
				t.Errorf("%s, %s: %d, residents are in it: %v, want %v", who, path, answer.StatusCode, !c.want, c.want)
			}
		}
	}
}

func TestANetIsLaidOverADivision(t *testing.T) {
	s := setup(t)
	s = s.as(s.person("planner", access.Grant{Role: access.Planner, Code: "110108014"}))
	lay := func(fields ...string) Net {
		t.Helper()
		answer, body := s.upload(netForm("去年.geojson", wholeNet, fields...))
		if answer.StatusCode != 200 {
			t.Fatalf("%d %s", answer.StatusCode, body)
		}
		var n Net
		if err := json.Unmarshal(body, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	n := lay("division", ownGround)
	if n.Net != "去年" || n.Fields.Code != "网格编码" || len(n.Grids) != 2 || len(n.Assigned) != 12 || len(n.Flaws) != 1 || n.Flaws[0].Kind != "overlap" || n.Refused != 0 {
		t.Fatalf("%+v", n)
	}
	// Of the second column's blocks a fifth is claimed by both: nine tenths are the west's, and nobody is asked.
	var west []int64
	for _, a := range n.Assigned {
		if n.Grids[a.Grid].Code == "110108014001001" {
			west = append(west, a.Block)
		}
	}
	if !slices.Equal(west, []int64{1, 2, 5, 6, 9, 10}) || len(n.Decisions) != 0 || n.Grids[0].Residents != 873 {
		t.Errorf("west: %v, %+v", west, n.Grids)
	}
	n = lay("division", ownGround, "name", "综治", "answers", `{"blocks":{"3":0,"7":0,"11":0}}`)
	if n.Net != "综治" || n.Grids[0].Blocks != 9 {
		t.Errorf("answered: %+v", n.Grids)
	}
	for what, c := range map[string]struct {
		file, content string
		fields        []string
		status        int
	}{
		"another's ground":  {"a.geojson", wholeNet, []string{"division", "110108"}, 403},
		"no division":       {"a.geojson", wholeNet, nil, 422},
		"no file":           {"", "", []string{"division", ownGround}, 422},
		"an empty file":     {"a.geojson", "", []string{"division", ownGround}, 422},
		"nonsense":          {"a.shp", "x", []string{"division", ownGround}, 422},
		"answers":           {"a.geojson", wholeNet, []string{"division", ownGround, "answers", "{"}, 422},
		"answers elsewhere": {"a.geojson", wholeNet, []string{"division", ownGround, "answers", `{"blocks":{"99":0}}`}, 422},
		"an unknown system": {"a.geojson", wholeNet, []string{"division", ownGround, "crs", "x"}, 422},
		"too large":         {"a.geojson", strings.Repeat(" ", mostUpload), []string{"division", ownGround}, 413},
	} {
		form, kind := netForm(c.file, c.content, c.fields...)
		answer, body := s.upload(form, kind)
		if p := s.isProblem(what, answer, body, c.status); strings.Contains(p.EN, "/tmp/") || strings.Contains(p.ZH, "/tmp/") {
			t.Errorf("%s: a path of the server's is in the answer: %s", what, p.EN)
		}
	}
	answer, body := s.upload("x", "text/plain")
	s.isProblem("no form", answer, body, 422)
}

// A draft is printed as it is, with what it changes.
func TestADraftIsPrinted(t *testing.T) {
	s := setup(t)
	s = s.as(s.person("planner", access.Grant{Role: access.Planner, Code: "110108014"}))
	s.people = people{"planner": s.cookie}
	var head draft.Head
	s.ask("planner", "POST", "/api/drafts", body{"division": "110108014", "name": "打印草案"}, 201, &head)
	s.ask("planner", "POST", "/api/drafts/"+head.ID+"/acts", body{"kind": "assign", "revision": 0, "blocks": []int{3}, "grid": "110108014001001"}, 200, nil)
	at := "/api/drafts/" + head.ID + "/export/"
	answer, pdf := s.get(at + "map.pdf")
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "application/pdf" || bytes.Count(pdf, []byte("/Type /Page ")) != 2 {
		t.Errorf("%d %v, %d pages", answer.StatusCode, answer.Header, bytes.Count(pdf, []byte("/Type /Page ")))
	}
	if !inflated(pdf, "<56db>") || !inflated(pdf, "<81f3>") { // 四至, which stands nowhere else on it
		t.Error("the sheet doesn't say what the grids border on")
	}
	if answer, picture := s.get(at + "map.png?community=" + ownGround); answer.StatusCode != 200 || !bytes.Contains(picture[:8], []byte("PNG")) {
		t.Errorf("%d %.40s", answer.StatusCode, picture)
	}
	answer, table := s.get(at + "changes.xlsx?with=live")
	if answer.StatusCode != 200 {
		t.Fatalf("%d %s", answer.StatusCode, table)
	}
	book, err := excelize.OpenReader(bytes.NewReader(table))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("南楼社区")
	if err != nil || len(rows) != 5 || rows[1][0] != "110108014001001" || rows[1][4] != "873" || rows[1][5] != "1016" {
		t.Errorf("%v, %v", rows, err)
	}
	for path, status := range map[string]int{"map.png": 422, "map.dwg": 404, "changes.xlsx?with=x": 422, "map.pdf?community=1": 422} {
		s.problem(at+path, status)
	}
}

// inflated says whether something stands in one of the streams of a PDF.
func inflated(pdf []byte, what string) bool {
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		z, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // what follows the end of one
		}
		if raw, err := io.ReadAll(z); err == nil && bytes.Contains(raw, []byte(what)) {
			return true
		}
	}
	return false
}

// Two nets of own ground, the second of which puts the border elsewhere: where they disagree is said, somebody's word holds, and the crosswalk is a file.
func TestNetsAreMerged(t *testing.T) {
	s := setup(t)
	s.cookie = s.person("planner-of-own", access.Grant{Role: access.Planner, Code: ownGround})
	second := strings.NewReplacer("110108014001001", "A1", "110108014001002", "=A2", "116.322,", "116.321,", "116.3218,", "116.321,").Replace(wholeNet)
	files := map[string]string{"a综治.geojson": wholeNet, "b警务.geojson": second}
	send := func(status int, files map[string]string, fields ...string) []byte {
		t.Helper()
		form, kind := netForms(files, append([]string{"division", ownGround}, fields...)...)
		r, err := http.NewRequest(http.MethodPost, s.http.URL+mergePath, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.cookie})
		r.Header.Set("Content-Type", kind)
		answer, body := s.send(r)
		if answer.StatusCode != status {
			t.Fatalf("%d, want %d: %s", answer.StatusCode, status, body)
		}
		return body
	}
	merge := func(fields ...string) (m MergedNets) {
		t.Helper()
		if err := json.Unmarshal(send(200, files, fields...), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	one := merge()
	if len(one.Nets) != 2 || one.Nets[0].Name != "a综治" || one.Nets[1].Polygons != 2 || one.Grids[0].Code != "110108014001001" {
		t.Fatalf("%+v", one)
	}
	apart := one.Pairs[0]
	if apart.Agree || apart.Net != "b警务" || apart.Code != "110108014001001" || apart.OtherCode != "=A2" || !slices.Equal(apart.Blocks, []int64{2, 6, 10}) || apart.Taken != "lead" {
		t.Errorf("where they disagree: %+v", apart)
	}
	if agreed := slices.IndexFunc(one.Pairs, func(p gridnet.Pair) bool { return !p.Agree && !slices.Equal(p.Blocks, apart.Blocks) }); agreed >= 0 {
		t.Errorf("they disagree on: %+v", one.Pairs[agreed])
	}
	decided := merge("answers", `{"blocks":{"2":1,"6":1,"10":1}}`)
	if got := decided.Pairs[0]; got.Taken != "other" {
		t.Errorf("somebody decided for the other net: %+v", got)
	}
	if other := merge("lead", "1", "how", "lead"); other.Grids[0].Name != "西区" || other.Lead != 1 || other.Nets[1].Name != "b警务" {
		t.Errorf("led by the other: %+v", other.Grids)
	}
	if text := string(send(200, files, "format", "csv")); !strings.Contains(text, "a综治,110108014001001,西区,110108014001001,西区,6,873,") || !strings.Contains(text, ",'=A2,") {
		t.Errorf("the crosswalk as CSV: %s", text)
	}
	book, err := excelize.OpenReader(bytes.NewReader(send(200, files, "format", "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := book.GetRows("对照表"); err != nil || len(rows) != len(one.Crosswalk)+2 || rows[1][1] != "110108014001001" {
		t.Errorf("the crosswalk as XLSX: %v, %v", rows, err)
	}
	send(422, map[string]string{"a.geojson": wholeNet})
	send(422, files, "lead", "2")
	send(422, files, "how", "best")
	if text := string(send(422, map[string]string{"a.geojson": wholeNet, "b.geojson": "no map"})); !strings.Contains(text, "b.geojson") {
		t.Errorf("which file is broken isn't said: %s", text)
	}
}
