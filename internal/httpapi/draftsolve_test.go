package httpapi

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/draft"
)

func TestSolvingIsWatchedLineByLine(t *testing.T) {
	s, _ := staffed(t, map[string][]access.Grant{"planner": {{Role: access.Planner, Code: "110108"}}}, nil)
	var made draft.Head
	s.ask("planner", "POST", "/api/drafts", body{"division": "110108014001", "name": "解决"}, 201, &made)
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.http.URL+"/api/drafts/"+made.ID+"/solution", strings.NewReader(`{"revision":0}`))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Accept-Encoding", "gzip") // which would keep the lines back
	q.AddCookie(&http.Cookie{Name: sessionCookie, Value: s.people["planner"]})
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "application/x-ndjson" || answer.Header.Get("Content-Encoding") != "" {
		t.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	var lines []DraftSolving
	for scan := bufio.NewScanner(answer.Body); scan.Scan(); {
		var line DraftSolving
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, scan.Text())
		}
		lines = append(lines, line)
	}
	last := lines[len(lines)-1]
	if len(lines) < 2 || lines[0].Progress == nil || lines[0].Progress.Of == 0 || last.Progress != nil {
		t.Fatalf("lines: %+v", lines)
	}
	if last.Acted == nil && (last.Problem == nil || last.Problem.Status != 422 || last.Problem.ZH == "") {
		t.Errorf("the last line: %+v", last)
	}
	var after draft.Draft
	s.ask("planner", "GET", "/api/drafts/"+made.ID, nil, 200, &after)
	if after.Head.Revision != 0 {
		t.Errorf("showing it was kept: revision %d", after.Head.Revision)
	}
	s.ask("planner", "POST", "/api/drafts/"+made.ID+"/solution", body{"revision": 0, "community": "12"}, 422, nil)
}
