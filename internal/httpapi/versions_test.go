package httpapi

import (
	"testing"

	"jingwei/internal/access"
)

func TestVersionsAreListedWithWhatTheyChanged(t *testing.T) {
	s, _ := staffed(t, map[string][]access.Grant{
		"planner": {{Role: access.Planner, Code: "110108014001"}}, "leader": {{Role: access.Leader, Code: "110108"}}, "clerk": {{Role: access.Clerk, Code: "110108"}},
	}, nil)
	list := func(who, path string) []LayoutVersion {
		t.Helper()
		return ok[LayoutVersions](s.as(s.people[who]), path).Versions
	}
	all := list("leader", "/api/divisions/110108014001/versions")
	if len(all) != 2 {
		t.Fatalf("versions: %+v", all)
	}
	second, first := all[0], all[1]
	if second.Version != 2 || !second.Live || second.Note != "second" || second.At.Format("2006-01-02") != "2026-03-02" || second.By != "test" {
		t.Errorf("the live one: %+v", second)
	}
	// The second retired a grid of one community; the first made the grids of both.
	if second.Division == nil || *second.Division != (DivisionName{"110108014001", "南楼社区"}) || !second.Here {
		t.Errorf("what the second changed: %+v", second)
	}
	if first.Version != 1 || first.Live || first.Division == nil || first.Division.Code != "110108014" || !first.Here {
		t.Errorf("the first: %+v", first)
	}
	next := list("leader", "/api/divisions/110108014002/versions")
	if next[0].Here || !next[1].Here {
		t.Errorf("the second changed nothing next door: %+v", next)
	}
	if page := list("leader", "/api/divisions/110108/versions?limit=1&before=2"); len(page) != 1 || page[0].Version != 1 {
		t.Errorf("a page of one before the second: %+v", page)
	}
	// Names are for those who plan or approve on that ground.
	for path, named := range map[string]bool{"110108014001": true, "110108014002": false, "110108": false} {
		if got := list("planner", "/api/divisions/"+path+"/versions"); (got[0].By != "") != named {
			t.Errorf("%s as the planner of one community: published by %q", path, got[0].By)
		}
	}
	if got := list("clerk", "/api/divisions/110108014001/versions"); got[0].By != "" {
		t.Errorf("a clerk is told who published: %+v", got[0])
	}
	s.problem("/api/divisions/110108999/versions", 404)
	s.problem("/api/divisions/110108/versions?limit=501", 422)
	if none := list("leader", "/api/divisions/110105/versions"); none == nil || len(none) != 0 {
		t.Errorf("a county without grids: %+v", none)
	}
}
