package httpapi

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jingwei/internal/access"
	"jingwei/internal/draft"
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
