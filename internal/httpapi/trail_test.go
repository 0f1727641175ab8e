package httpapi

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/postgres"
)

// audited is a site with auditors, and entries that the trail's own tests can't hold: written through the API's people.
func audited(t *testing.T) *site {
	t.Helper()
	s, _ := staffed(t, map[string][]access.Grant{
		"county":   {{Role: access.Auditor, Code: "110108"}},
		"town":     {{Role: access.Auditor, Code: "110108014"}},
		"other":    {{Role: access.Auditor, Code: "110105"}},
		"admin":    {{Role: access.Administrator, Code: "110108"}},
		"security": {{Role: access.SecurityOfficer, Code: "110108"}},
		"leader":   {{Role: access.Leader, Code: "110108"}},
	}, nil)
	s.note("=cmd|' /C calc'!A1", audit.Entry{Place: 110108014001001, Action: audit.IncidentLooked, Subject: "incident:110108-1"})
	s.note("回访，核实住址", audit.Entry{Place: 110108014001002, Action: audit.IncidentUnmasked, Subject: "incident:110108-1", Details: map[string]any{"fields": []string{"phone"}}})
	s.note("100% \"sure\", no_doubt\nsecond line", audit.Entry{Place: 110108015000000, Action: audit.GrantGiven, Subject: "account:7"})
	s.note("", audit.Entry{Place: 110105000000000, Action: audit.GrantTaken, Subject: "account:8"})
	return s
}

// note puts an entry into the trail as the account zhao, which has the number 4000.
func (s *site) note(reason string, e audit.Entry) {
	s.Helper()
	e.Reason, e.County = reason, int(e.Place/1e9)
	ctx := audit.WithCaller(postgres.WithActor(context.Background(), postgres.Actor{Account: 4000}), audit.Caller{Name: "Zhao-test", Address: "192.0.2.1"})
	if err := postgres.InTx(ctx, s.db.App, func(tx pgx.Tx) error { return s.doors.Trail.Write(ctx, tx, e) }); err != nil {
		s.Fatal(err)
	}
}

// found are "action place" of what zhao did, as somebody finds it.
func (s *site) found(who, query string) (found []string) {
	s.Helper()
	var page TrailPage
	s.ask(who, http.MethodGet, "/api/trail?limit=500&"+query, nil, 200, &page)
	for _, e := range page.Entries {
		if e.Actor == "Zhao-test" {
			found = append(found, e.Action+" "+e.Place)
		}
	}
	return found
}

func TestTrailIsSearched(t *testing.T) {
	s := audited(t)
	looked, unmasked, given, taken := "incident.looked 110108014001001", "incident.unmasked 110108014001002", "grant.given 110108015", "grant.taken 110105"
	today, tomorrow := time.Now().In(audit.Zone).Format(time.DateOnly), time.Now().Add(24*time.Hour).In(audit.Zone).Format(time.DateOnly)
	yesterday := time.Now().Add(-24 * time.Hour).In(audit.Zone).Format(time.DateOnly)
	now := url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339))
	for _, c := range []struct {
		who, query string
		want       []string
	}{
		{"county", "", []string{given, unmasked, looked}},
		{"town", "", []string{unmasked, looked}},
		{"other", "", []string{taken}},
		{"town", "place=110108", []string{unmasked, looked}},
		{"town", "place=110108015", nil},
		{"town", "place=110105", nil},
		{"county", "place=110108014", []string{unmasked, looked}},
		{"county", "place=110108014001001", []string{looked}},
		{"county", "account=4000", []string{given, unmasked, looked}},
		{"county", "account=4001", nil},
		{"county", "action=incident.looked", []string{looked}},
		{"county", "action=incident", nil},
		{"county", "subject=incident:110108-1", []string{unmasked, looked}},
		{"county", "subject=incident:110108", nil},
		{"county", "q=" + url.QueryEscape("核实"), []string{unmasked}},
		{"county", "q=ZHAO", []string{given, unmasked, looked}},
		{"county", "q=" + url.QueryEscape("100%"), []string{given}},
		{"county", "q=" + url.QueryEscape("0% \"s"), []string{given}},
		{"county", "q=" + url.QueryEscape("10_%"), nil},
		{"county", "q=NO_D", []string{given}},
		{"county", "q=noxd", nil},
		{"county", "from=" + today, []string{given, unmasked, looked}},
		{"county", "to=" + today, []string{given, unmasked, looked}},
		{"county", "to=" + yesterday, nil},
		{"county", "from=" + tomorrow, nil},
		{"county", "from=" + now, nil},
		{"county", "to=" + now, []string{given, unmasked, looked}},
		{"county", "action=incident.looked&subject=incident:110108-1&place=110108014&from=" + today + "&to=" + today + "&q=calc&account=4000", []string{looked}},
	} {
		if got := s.found(c.who, c.query); !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: %v, want %v", c.who, c.query, got, c.want)
		}
	}
	for _, who := range []string{"admin", "security", "leader"} {
		s.ask(who, http.MethodGet, "/api/trail", nil, 403, nil)
		s.ask(who, http.MethodGet, "/api/trail.csv", nil, 403, nil)
	}
	s.ask("nobody", http.MethodGet, "/api/trail", nil, 401, nil)
	s.ask("nobody", http.MethodGet, "/api/trail.csv", nil, 401, nil)
	for _, wrong := range []string{"from=x", "to=2026-13-01", "from=2026-01-01T00:00:00", "place=12", "place=11010a", "q=%FF", "subject=%00", "limit=0", "cursor=a", "who=1", "account=x"} {
		s.ask("county", http.MethodGet, "/api/trail?"+wrong, nil, 422, nil)
	}
	var page TrailPage
	s.ask("county", http.MethodGet, "/api/trail?action=incident.unmasked", nil, 200, &page)
	e := page.Entries[0]
	if len(page.Entries) != 1 || e.PlaceName != "" || e.Account != 4000 || e.Address != "192.0.2.1" || e.Reason != "回访，核实住址" || e.Chained || e.County != 110108 ||
		fmt.Sprint(e.Details) != "map[fields:[phone]]" || time.Since(e.At) > time.Hour {
		t.Errorf("%+v", page)
	}
	heads := audit.OpenHeads(t.TempDir() + "/heads")
	if _, err := s.doors.Trail.Chain(context.Background(), s.db.App, heads); err != nil {
		t.Fatal(err)
	}
	s.ask("county", http.MethodGet, "/api/trail?action=grant.given&account=4000", nil, 200, &page)
	if len(page.Entries) != 1 || !page.Entries[0].Chained || page.Entries[0].PlaceName != "未划镇" {
		t.Errorf("%+v", page)
	}
	s.ask("county", http.MethodGet, "/api/trail?action=incident.looked", nil, 200, &page)
	if len(page.Entries) != 1 || page.Entries[0].PlaceName != "西区" {
		t.Errorf("%+v", page)
	}
}

// Page after page gives every entry once, whatever is written meanwhile, the newest first.
func TestTrailPages(t *testing.T) {
	s := audited(t)
	for i := range 7 {
		s.note(fmt.Sprint(i), audit.Entry{Place: 110108014000000, Action: audit.SignOut, Subject: fmt.Sprintf("account:%d", i)})
	}
	var subjects []string
	cursor := ""
	for pages := 0; ; pages++ {
		var page TrailPage
		s.ask("county", http.MethodGet, "/api/trail?action=sign-out&limit=3&cursor="+cursor, nil, 200, &page)
		for _, e := range page.Entries {
			subjects = append(subjects, e.Subject)
		}
		if cursor = page.Cursor; cursor == "" {
			if pages != 2 {
				t.Errorf("%d pages", pages+1)
			}
			break
		}
		s.note("meanwhile", audit.Entry{Place: 110108014000000, Action: audit.SignOut, Subject: "account:99"})
	}
	if want := []string{"account:6", "account:5", "account:4", "account:3", "account:2", "account:1", "account:0"}; !slices.Equal(subjects, want) {
		t.Errorf("%v", subjects)
	}
	// Each of them is in the trail, with what was asked for.
	var page TrailPage
	s.ask("county", http.MethodGet, "/api/trail?action=trail.read", nil, 200, &page)
	if len(page.Entries) != 4 || page.Entries[0].Actor != "county" || page.Entries[0].Details["action"] != "trail.read" || page.Entries[1].Details["cursor"] == nil ||
		page.Entries[0].Place != "110108" || page.Entries[0].Address == "" {
		t.Errorf("%+v", page.Entries)
	}
	s.ask("town", http.MethodGet, "/api/trail?action=trail.read", nil, 200, &page)
	if len(page.Entries) != 1 || page.Entries[0].Actor != "town" || page.Entries[0].Place != "110108014" {
		t.Errorf("the town's auditor: %+v", page.Entries)
	}
}

// The export opens in a spreadsheet and does nothing there; it is in the trail, and without that there is none.
func TestTrailExport(t *testing.T) {
	s := audited(t)
	answer, raw := s.ask("county", http.MethodGet, "/api/trail.csv?account=4000&q="+url.QueryEscape("Zhao"), nil, 200, nil)
	if ct, cd := answer.Header.Get("Content-Type"), answer.Header.Get("Content-Disposition"); ct != "text/csv; charset=utf-8" || !strings.HasPrefix(cd, `attachment; filename="trail-`) ||
		answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", answer.Header)
	}
	text, marked := strings.CutPrefix(raw, "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || !strings.Contains(text, "\r\n") {
		t.Fatalf("%v: %q", err, raw)
	}
	if len(rows) != 4 || !slices.Equal(rows[0], trailColumns[chinese]) {
		t.Fatalf("%q", rows)
	}
	if got := rows[3][8]; got != "'=cmd|' /C calc'!A1" {
		t.Errorf("a formula comes out as %q", got)
	}
	if got := rows[1]; got[4] != "Zhao-test" || got[5] != "grant.given" || got[8] != "100% \"sure\", no_doubt\nsecond line" || got[11] != "110108015" || got[12] != "未划镇" || got[13] != "false" || got[3] != "4000" {
		t.Errorf("%q", got)
	}
	if rows[2][9] != `{"fields": ["phone"]}` {
		t.Errorf("%q", rows[2])
	}
	var page TrailPage
	s.ask("county", http.MethodGet, "/api/trail?action=trail.exported", nil, 200, &page)
	if len(page.Entries) != 1 || page.Entries[0].Actor != "county" || page.Entries[0].Details["q"] != "Zhao" || page.Entries[0].Details["account"] != 4000.0 {
		t.Errorf("%+v", page.Entries)
	}
	// An empty one has its headings, in the language that is asked for.
	r, _ := http.NewRequest(http.MethodGet, s.http.URL+"/api/trail.csv?account=4009", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.people["county"]})
	r.Header.Set("Accept-Language", "en")
	if _, body := s.send(r); string(bytes.TrimPrefix(body, []byte("\ufeff"))) != strings.Join(trailColumns[english], ",")+"\r\n" {
		t.Errorf("%q", body)
	}
	s.ask("county", http.MethodGet, "/api/trail.csv?place=1", nil, 422, nil)
	if _, err := s.db.Owner.Exec(t.Context(), `REVOKE INSERT ON audit_entry FROM jingwei_app`); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/trail.csv", "/api/trail"} {
		if _, raw := s.ask("county", http.MethodGet, path, nil, 500, nil); strings.Contains(raw, "Zhao") {
			t.Errorf("%s without an entry: %s", path, raw)
		}
	}
	if _, err := s.db.Owner.Exec(t.Context(), `GRANT INSERT ON audit_entry TO jingwei_app; REVOKE SELECT ON audit_link FROM jingwei_app`); err != nil {
		t.Fatal(err)
	}
	s.ask("county", http.MethodGet, "/api/trail.csv", nil, 500, nil) // it fails before the first row
}

func TestFormulasAreHarmless(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "a=b": "a=b", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", "\r": "'\r", "  =1": "'  =1", "　＝1": "'　＝1", "＋1": "'＋1", "网格": "网格", " a": " a", "'=1": "'=1",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q comes out as %q, want %q", cell, got, want)
		}
	}
}
