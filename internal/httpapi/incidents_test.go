package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/audit"
)

// people are sessions' cookies, by name.
type people map[string]string

// staffed is a site with people who have signed in.
func staffed(t *testing.T, who map[string][]access.Grant, labels map[string][]access.LabelGrant) (*site, people) {
	t.Helper()
	s := setup(t)
	if _, err := s.db.Owner.Exec(t.Context(), `INSERT INTO division (code, county, level, name, source) VALUES ('110105', 110105, 'county', '邻区', 'test') ON CONFLICT DO NOTHING`); err != nil {
		t.Fatal(err)
	}
	s.people = people{}
	for name, grants := range who {
		s.people[name] = s.doors.Person(name, "110108", grants, labels[name]...)
	}
	// What happened so far has happened: a stream that begins now doesn't begin with the rights that were just given.
	if _, err := s.db.Owner.Exec(t.Context(), `SELECT number_outbox()`); err != nil {
		t.Fatal(err)
	}
	return s, s.people
}

// ask sends a body (nil: none) as somebody and reads the answer into v when the status is the one wanted.
func (s *site) ask(who, method, path string, body any, status int, v any) (*http.Response, string) {
	s.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.Fatal(err)
		}
		text = string(b)
	}
	r, err := http.NewRequestWithContext(s.Context(), method, s.http.URL+path, strings.NewReader(text))
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if cookie := s.people[who]; cookie != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	}
	answer, raw := s.send(r)
	if answer.StatusCode != status {
		s.Fatalf("%s %s as %s: %d, want %d: %s", method, path, who, answer.StatusCode, status, raw)
	}
	if status >= 400 {
		s.isProblem(path, answer, raw, status)
	}
	if v != nil {
		if err := json.Unmarshal(raw, v); err != nil {
			s.Fatalf("%s: %v in %s", path, err, raw)
		}
	}
	return answer, string(raw)
}

type body map[string]any

func fireAt(lon, lat float64, more ...any) body {
	b := body{"kind": "fire", "text": "楼道堆放杂物", "lon": lon, "lat": lat}
	for i := 0; i+1 < len(more); i += 2 {
		b[more[i].(string)] = more[i+1]
	}
	return b
}

var dispatcherAndOthers = map[string][]access.Grant{
	"county":  {{Role: access.Dispatcher, Code: "110108"}},
	"west":    {{Role: access.GridWorker, Code: "110108014001001"}},
	"east":    {{Role: access.Clerk, Code: "110108014002"}},
	"leader":  {{Role: access.Leader, Code: "110108"}},
	"planner": {{Role: access.Planner, Code: "110108"}},
	"special": {{Role: access.Dispatcher, Code: "110108"}},
	"foreign": {{Role: access.Dispatcher, Code: "110105"}}, // another county, made by staffed
}

var mentalForOne = map[string][]access.LabelGrant{"special": {{Label: access.Mental, Code: "110108"}}}

// An incident goes its way over HTTP: reported, listed, opened, unmasked.
func TestIncidentRoutes(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	var made Incident
	r := fireAt(116.3205, 40.0005, "contact", body{"name": "王五", "phone": "13800001234"}, "severity", 1, "request", "a-1")
	answer, raw := s.ask("county", "POST", "/api/incidents", r, 201, &made)
	if made.Grid != (GridName{"110108014001001", "西区"}) || made.Severity != 1 || made.State != "reported" || made.Given != (LonLat{116.3205, 40.0005}) || made.CRS != "wgs84" ||
		made.Text != "楼道堆放杂物" || made.ReportedBy.Display != "测试 county" {
		t.Errorf("%+v", made)
	}
	if strings.Contains(raw, "13800001234") || strings.Contains(raw, "王五") || made.Contact == nil || made.Contact.Phone == "" {
		t.Errorf("the contact isn't masked: %s", raw)
	}
	if answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control %q", answer.Header.Get("Cache-Control"))
	}
	var again Incident
	if s.ask("county", "POST", "/api/incidents", r, 201, &again); again.ID != made.ID {
		t.Errorf("sent again: %s, want %s", again.ID, made.ID)
	}
	var second Incident
	s.ask("west", "POST", "/api/incidents", fireAt(116.32055, 40.00055, "kind", "garbage"), 201, &second)

	var page IncidentPage
	s.ask("county", "GET", "/api/incidents?division=110108014001", nil, 200, &page)
	if len(page.Incidents) != 2 || page.Incidents[0].ID != second.ID || page.Incidents[1].ID != made.ID || page.Total != 2 || page.Cursor != "" {
		t.Errorf("%+v", page)
	}
	s.ask("county", "GET", "/api/incidents?limit=1", nil, 200, &page)
	if len(page.Incidents) != 1 || page.Incidents[0].ID != second.ID || page.Total != 2 || page.Cursor == "" {
		t.Errorf("%+v", page)
	}
	s.ask("county", "GET", "/api/incidents?limit=1&cursor="+page.Cursor, nil, 200, &page)
	if len(page.Incidents) != 1 || page.Incidents[0].ID != made.ID || page.Cursor != "" {
		t.Errorf("%+v", page)
	}
	s.ask("county", "GET", "/api/incidents?kind=garbage&severity=4", nil, 200, &page)
	if len(page.Incidents) != 1 || page.Incidents[0].ID != second.ID || page.Total != 1 {
		t.Errorf("%+v", page)
	}

	var detail IncidentDetail
	s.ask("county", "GET", "/api/incidents/"+made.ID, nil, 200, &detail)
	if detail.ID != made.ID || detail.GridFigures == nil || detail.GridFigures.Code != "110108014001001" || detail.GridFigures.Residents != 873 || detail.GridFigures.Houses != 2 ||
		len(detail.History) != 1 || detail.History[0].ID != second.ID {
		t.Errorf("%+v", detail)
	}

	var clear Unmasked
	s.ask("county", "POST", "/api/incidents/"+made.ID+"/contact", body{"reason": "回访核实"}, 200, &clear)
	if clear != (Unmasked{"王五", "13800001234", "楼道堆放杂物"}) {
		t.Errorf("%+v", clear)
	}
	var actions []string
	err := s.db.Owner.QueryRow(context.Background(), `
		SELECT array_agg(action || ' ' || subject || ' ' || reason ORDER BY id) FROM audit_entry WHERE action LIKE 'incident.%' AND action <> $1`, audit.IncidentReported).Scan(&actions)
	want := []string{"incident.looked incident:" + made.ID + " ", "incident.unmasked incident:" + made.ID + " 回访核实"}
	if err != nil || !slices.Equal(actions, want) {
		t.Errorf("the trail has %q (%v), want %q", actions, err, want)
	}

	var kinds IncidentKinds
	s.ask("county", "GET", "/api/incident-kinds", nil, 200, &kinds)
	if len(kinds.Kinds) < 16 || kinds.Kinds[0] != (IncidentKind{"fire", "safety", "消防隐患", "Fire hazard", 2, false}) || len(kinds.Groups) != 6 || len(kinds.Severities) != 4 {
		t.Errorf("%+v", kinds)
	}
}

// What can't be done says why, in both languages, and a border says between which grids one has to choose.
func TestIncidentProblems(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	var made Incident
	s.ask("county", "POST", "/api/incidents", fireAt(116.3205, 40.0005), 201, &made)
	var p Problem
	s.ask("county", "POST", "/api/incidents", fireAt(116.3219, 40.0005), 409, &p)
	if p.Code != "conflict" || len(p.Choices) != 2 || p.Choices[0] != (NearGrid{Code: "110108014001001", Name: "西区"}) || p.Choices[1].Code != "110108014001002" {
		t.Errorf("%+v", p)
	}
	s.ask("county", "POST", "/api/incidents", fireAt(116.3219, 40.0005, "grid", "110108014001002"), 201, nil)
	for _, c := range []struct {
		who, method, path string
		body              body
		status            int
		want              string
	}{
		{"", "POST", "/api/incidents", fireAt(116.3205, 40.0005), 401, "登录"},
		{"", "GET", "/api/incidents", nil, 401, "登录"},
		{"", "GET", "/api/incidents/" + made.ID, nil, 401, "登录"},
		{"", "POST", "/api/incidents/" + made.ID + "/contact", body{"reason": "回访核实"}, 401, "登录"},
		{"east", "POST", "/api/incidents", fireAt(116.3205, 40.0005), 403, "南楼社区"},
		{"leader", "POST", "/api/incidents", fireAt(116.3205, 40.0005), 403, "角色"},
		{"planner", "GET", "/api/incidents", nil, 403, "角色"},
		{"east", "GET", "/api/incidents?division=110108014001", nil, 403, "110108014001"},
		{"east", "GET", "/api/incidents/" + made.ID, nil, 404, made.ID},
		{"foreign", "GET", "/api/incidents/" + made.ID, nil, 404, made.ID},
		{"planner", "GET", "/api/incidents/" + made.ID, nil, 403, "角色"},
		{"county", "GET", "/api/incidents/110108-99", nil, 404, "110108-99"},
		{"county", "GET", "/api/incidents/110108-01", nil, 404, "形如"},
		{"leader", "POST", "/api/incidents/" + made.ID + "/contact", body{"reason": "回访核实"}, 403, "角色"},
		{"east", "POST", "/api/incidents/" + made.ID + "/contact", body{"reason": "回访核实"}, 404, made.ID},
		{"county", "POST", "/api/incidents/" + made.ID + "/contact", body{"reason": "回访"}, 422, "至少 4 个字"},
		{"county", "POST", "/api/incidents", fireAt(116.327, 40.0015), 422, "还没有网格"},
		{"county", "POST", "/api/incidents", fireAt(116.3205, 40.0005, "kind", "ufo"), 422, "fire 消防隐患"},
		{"county", "POST", "/api/incidents", fireAt(116.3205, 40.0005, "severity", 5), 422, "body.severity"},
		{"county", "POST", "/api/incidents", fireAt(116.3205, 40.0005, "text", " \u0000\n"), 422, "不能为空"},
		{"county", "POST", "/api/incidents", fireAt(116.3205, 40.0005, "text", strings.Repeat("长", 2001)), 422, "2001"},
		{"county", "POST", "/api/incidents", fireAt(116.3205, 40.0005, "contact", body{"phone": "call me"}), 422, "电话"},
		{"county", "POST", "/api/incidents", fireAt(116.3205, 40.0005, "colour", "red"), 422, "colour"},
		{"county", "POST", "/api/incidents", body{"kind": "fire"}, 422, "text"},
		{"county", "GET", "/api/incidents?division=12", nil, 422, "12"},
		{"county", "GET", "/api/incidents?cursor=x", nil, 422, "cursor"},
	} {
		var p Problem
		s.ask(c.who, c.method, c.path, c.body, c.status, &p)
		if !strings.Contains(p.ZH, c.want) || strings.ContainsAny(p.ZH, "\u0000") || hasEnglish(p.ZH) {
			t.Errorf("%s %s %s %v: %q, want %q in it, and Chinese", c.who, c.method, c.path, c.body, p.ZH, c.want)
		}
	}
	var n int
	if err := s.db.Owner.QueryRow(context.Background(), `SELECT count(*) FROM incident`).Scan(&n); err != nil || n != 2 {
		t.Errorf("%d incidents (%v), want 2", n, err)
	}
}

// A fault says which part of the report is wrong, so that a form shows it there.
func TestReportFaultsNameTheirField(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	for _, c := range []struct {
		where  string
		who    string
		body   body
		status int
	}{
		{"body.text", "county", fireAt(116.3205, 40.0005, "text", " "), 422},
		{"body.contact.phone", "county", fireAt(116.3205, 40.0005, "contact", body{"phone": "call me"}), 422},
		{"body.contact.name", "county", fireAt(116.3205, 40.0005, "contact", body{"name": strings.Repeat("长", 41)}), 422},
		{"body.severity", "county", fireAt(116.3205, 40.0005, "severity", 5), 422},
		{"body.special", "county", fireAt(116.3205, 40.0005, "kind", "special-group"), 422},
		{"body.special", "county", fireAt(116.3205, 40.0005, "special", "mental"), 403},
		{"body.lon", "county", fireAt(116.327, 40.0015), 422},
		{"body.lon", "east", fireAt(116.3205, 40.0005), 403},
		{"body.grid", "county", fireAt(116.3205, 40.0005, "grid", "110108014002001"), 422},
		{"body.grid", "county", fireAt(116.3219, 40.0005), 409},
	} {
		var p Problem
		s.ask(c.who, "POST", "/api/incidents", c.body, c.status, &p)
		if len(p.Errors) != 1 || p.Errors[0].Location != c.where || p.Errors[0].ZH != p.ZH {
			t.Errorf("%v: %+v, want one at %s", c.body, p.Errors, c.where)
		}
	}
}

// hasEnglish says whether a Chinese message quotes an English one that nobody has translated.
func hasEnglish(zh string) bool { return strings.Contains(zh, "不合要求（") }

// Each list is what its reader may see and nothing else.
func TestIncidentListsAreWithinTheScope(t *testing.T) {
	s, _ := staffed(t, dispatcherAndOthers, mentalForOne)
	at := map[string]string{}
	for name, lon := range map[string]float64{"west": 116.3205, "south": 116.3235, "east": 116.3245} {
		var made Incident
		s.ask("county", "POST", "/api/incidents", fireAt(lon, 40.0005), 201, &made)
		at[name] = made.ID
	}
	var made Incident
	s.ask("special", "POST", "/api/incidents", fireAt(116.3205, 40.0008, "kind", "special-group", "special", "mental"), 201, &made)
	at["special"] = made.ID
	for who, sees := range map[string][]string{
		"county": {"west", "south", "east"}, "leader": {"west", "south", "east"}, "special": {"west", "south", "east", "special"},
		"west": {"west"}, "east": {"east"}, "foreign": {},
	} {
		var page IncidentPage
		s.ask(who, "GET", "/api/incidents", nil, 200, &page)
		got := map[string]bool{}
		for _, i := range page.Incidents {
			got[i.ID] = true
		}
		if len(got) != len(sees) || page.Total != len(sees) {
			t.Errorf("%s sees %v of %v, total %d, want %v", who, got, at, page.Total, sees)
		}
		for name, id := range at {
			status := 404
			for _, name2 := range sees {
				if name == name2 {
					status = 200
				}
			}
			if got[id] != (status == 200) {
				t.Errorf("%s: %s is listed: %v", who, name, got[id])
			}
			s.ask(who, "GET", "/api/incidents/"+id, nil, status, nil)
		}
	}
}
