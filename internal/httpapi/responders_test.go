package httpapi

import (
	"strings"
	"testing"

	"jingwei/internal/access"
)

var plannersAndOthers = map[string][]access.Grant{
	"planner":    {{Role: access.Planner, Code: "110108"}},
	"clerk":      {{Role: access.Clerk, Code: "110108014001"}},
	"dispatcher": {{Role: access.Dispatcher, Code: "110108"}},
	"leader":     {{Role: access.Leader, Code: "110108"}},
	"worker":     {{Role: access.GridWorker, Code: "110108014001001"}},
	"foreign":    {{Role: access.Planner, Code: "110105"}},
	"auditor":    {{Role: access.Auditor, Code: "110108"}},
}

// A responder goes their way over HTTP: put on the roll, given a post with somebody who stands in, called, retired.
func TestResponderRoutes(t *testing.T) {
	s, _ := staffed(t, plannersAndOthers, nil)
	var made, second Responder
	_, raw := s.ask("planner", "POST", "/api/responders", body{"kind": "grid-worker", "name": "演示甲", "phone": "19999990001", "division": "110108014001", "account": "worker"}, 201, &made)
	if made.Name != "演示甲" || made.Account != "worker" || made.Division != (DivisionName{"110108014001", "南楼社区"}) || made.May != (ResponderMay{true, true}) || strings.Contains(raw, "19999990001") {
		t.Errorf("%s", raw)
	}
	s.ask("clerk", "POST", "/api/responders", body{"kind": "grid-worker", "name": "演示乙", "division": "110108014001"}, 201, &second)

	var posts PostPage
	s.ask("planner", "GET", "/api/posts?division=110108014&vacant=worker", nil, 200, &posts)
	if posts.Total != 4 || posts.Grids != 4 || posts.Vacancies != (PostVacancies{4, 4}) || !posts.Manage || posts.Posts[0].Worker.Holder != nil || posts.Posts[0].Community.Name != "南楼社区" {
		t.Errorf("%+v", posts)
	}
	day := posts.Today
	var grid GridPosts
	s.ask("planner", "PUT", "/api/grids/110108014001001/posts/worker",
		body{"responder": made.ID, "was": "", "substitute": body{"responder": second.ID, "from": day, "to": day}}, 200, &grid)
	if h := grid.Worker.Holder; h == nil || h.Name != "演示甲" || h.Since != day || h.Substitute == nil || h.Substitute.Name != "演示乙" || !h.Substitute.Now {
		t.Errorf("%+v", grid)
	}
	var p Problem
	s.ask("clerk", "PUT", "/api/grids/110108014001001/posts/worker", body{"responder": second.ID, "was": ""}, 409, &p)
	if !strings.Contains(p.ZH, "演示甲") {
		t.Errorf("%+v", p)
	}
	s.ask("worker", "GET", "/api/posts?division=110108014001001", nil, 200, &posts)
	if posts.Manage || posts.Posts[0].Worker.Holder.Phone != "199****0001" {
		t.Errorf("%+v", posts)
	}
	var called CalledResponder
	s.ask("dispatcher", "POST", "/api/responders/"+made.ID+"/phone", body{"reason": "派单核实"}, 200, &called)
	if called != (CalledResponder{"演示甲", "19999990001"}) {
		t.Errorf("%+v", called)
	}
	var page ResponderPage
	s.ask("dispatcher", "GET", "/api/responders?division=110108014&free=true", nil, 200, &page)
	if page.Total != 1 || page.Responders[0].Name != "演示乙" || page.Responders[0].May != (ResponderMay{false, false}) || len(page.Responders[0].Posts) != 1 || !page.Responders[0].Posts[0].StandsIn {
		t.Errorf("%+v", page)
	}
	var one Responder
	s.ask("leader", "GET", "/api/responders/"+made.ID, nil, 200, &one)
	if one.Account != "" || one.May != (ResponderMay{false, false}) || len(one.Posts) != 1 || one.Posts[0].Grid.Name != "西区" {
		t.Errorf("%+v", one)
	}
	s.ask("clerk", "PATCH", "/api/responders/"+made.ID, body{"ended": true}, 200, &one)
	if one.Ended != day || len(one.Posts) != 0 {
		t.Errorf("%+v", one)
	}
	var after PostPage
	s.ask("planner", "GET", "/api/posts?division=110108014001001", nil, 200, &after)
	if after.Posts[0].Worker.Holder != nil {
		t.Errorf("%+v", after.Posts[0])
	}
}

// What can't be done says why, in both languages, and where.
func TestResponderProblems(t *testing.T) {
	s, _ := staffed(t, plannersAndOthers, nil)
	var made Responder
	s.ask("planner", "POST", "/api/responders", body{"kind": "grid-worker", "name": "演示甲", "division": "110108014001"}, 201, &made)
	const post = "/api/grids/110108014001001/posts/worker"
	for _, c := range []struct {
		who, method, path string
		body              body
		status            int
		want, where       string
	}{
		{"planner", "POST", "/api/responders", body{"kind": "grid-worker", "name": "", "division": "110108"}, 422, "不能为空", "body.name"},
		{"planner", "POST", "/api/responders", body{"kind": "ufo", "name": "x", "division": "110108"}, 422, "kind", "body.kind"},
		{"planner", "POST", "/api/responders", body{"kind": "police", "name": "x", "phone": "call me", "division": "110108"}, 422, "电话", "body.phone"},
		{"planner", "POST", "/api/responders", body{"kind": "police", "name": "x", "division": "110108777"}, 404, "110108777", "body.division"},
		{"clerk", "POST", "/api/responders", body{"kind": "police", "name": "x", "division": "110108"}, 403, "范围", ""},
		{"planner", "PATCH", "/api/responders/110108-99", body{"name": "x"}, 404, "110108-99", ""},
		{"planner", "PATCH", "/api/responders/x", body{"name": "x"}, 404, "形如", ""},
		{"planner", "POST", "/api/responders/" + made.ID + "/phone", body{"reason": "x"}, 422, "至少 4 个字", "body.reason"},
		{"planner", "POST", "/api/responders/" + made.ID + "/phone", body{"reason": "派单核实"}, 404, "没有登记电话", ""},
		{"leader", "POST", "/api/responders/" + made.ID + "/phone", body{"reason": "派单核实"}, 403, "角色", ""},
		{"planner", "PUT", post, body{"responder": made.ID, "since": "2026-02-30"}, 422, "since", "body.since"},
		{"planner", "PUT", post, body{"responder": made.ID, "since": "1900-01-01"}, 422, "不合理", "body.since"},
		{"planner", "PUT", post, body{"responder": "110108-99"}, 404, "110108-99", "body.responder"},
		{"planner", "PUT", "/api/grids/110108014001001/posts/boss", body{"responder": made.ID}, 422, "post", "path.post"},
		{"planner", "PUT", "/api/grids/110108014001009/posts/worker", body{"responder": made.ID}, 404, "撤销", ""},
		{"clerk", "PUT", "/api/grids/110108014002001/posts/worker", body{"responder": made.ID}, 403, "范围", ""},
		{"foreign", "GET", "/api/posts?division=110108014", nil, 403, "范围", ""},
		{"foreign", "GET", "/api/responders?division=110108014", nil, 403, "范围", ""},
		{"foreign", "GET", "/api/responders/" + made.ID, nil, 404, made.ID, ""},
		{"planner", "GET", "/api/responders?division=12", nil, 422, "12", ""},
		{"auditor", "GET", "/api/responders?division=110108", nil, 403, "角色", ""},
		{"", "GET", "/api/posts?division=110108", nil, 401, "登录", ""},
		{"planner", "PUT", "/api/grids/110108014001001/surroundings", body{"zh": strings.Repeat("长", 501)}, 422, "501", "body.zh"},
		{"planner", "PUT", "/api/grids/110108014001001/surroundings", body{"zh": "", "en": "East"}, 422, "中文", "body.zh"},
		{"planner", "PUT", "/api/grids/110108014001009/surroundings", body{"zh": "东至甲路"}, 404, "撤销", ""},
		{"foreign", "PUT", "/api/grids/110108014001001/surroundings", body{"zh": "东至甲路"}, 403, "范围", ""},
		{"clerk", "PUT", "/api/grids/110108014001001/surroundings", body{"zh": "东至甲路"}, 403, "角色", ""},
	} {
		var p Problem
		s.ask(c.who, c.method, c.path, c.body, c.status, &p)
		where := ""
		if len(p.Errors) > 0 {
			where = p.Errors[0].Location
		}
		if !strings.Contains(p.ZH, c.want) || where != c.where || hasEnglish(p.ZH) {
			t.Errorf("%s %s %s %v: %q at %q, want %q at %q, and Chinese", c.who, c.method, c.path, c.body, p.ZH, where, c.want, c.where)
		}
	}
	var page ResponderPage
	if s.ask("planner", "GET", "/api/responders?division=110108", nil, 200, &page); page.Total != 1 || len(page.Responders[0].Posts) != 0 {
		t.Errorf("%+v", page)
	}
}

// A planner puts 四至 right; it stands with their name until the border moves, when it needs a look, and goes when it is taken back.
func TestSurroundingsAreCorrected(t *testing.T) {
	s, _ := staffed(t, plannersAndOthers, nil)
	const path = "/api/grids/110108014001001"
	read := func() Surroundings {
		t.Helper()
		var g Grid
		s.ask("worker", "GET", path, nil, 200, &g)
		return g.Surroundings
	}
	written := read()
	if written.Corrected != nil || written.TextZH != written.WrittenZH || !strings.HasPrefix(written.WrittenEN, "East to 平阳路;") {
		t.Errorf("%+v", written)
	}
	var now Surroundings
	s.ask("planner", "PUT", path+"/surroundings", body{"zh": " 东至平阳路\n中心线，西至老城墙 "}, 200, &now)
	if now.TextZH != "东至平阳路 中心线，西至老城墙" || now.TextEN != written.TextEN || now.WrittenZH != written.WrittenZH || now.Corrected == nil || now.Corrected.By != "planner" || now.Corrected.NeedsLook {
		t.Errorf("%+v", now)
	}
	if _, err := s.db.Owner.Exec(t.Context(), `UPDATE layout SET live = false WHERE county = 110108`); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{`INSERT INTO layout (county, version, live, published_by, settings) VALUES (110108, 3, true, 'test', '{}')`, `UPDATE grid SET changed = 3 WHERE code = 110108014001001`} {
		if _, err := s.db.Owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if after := read(); after.Corrected == nil || !after.Corrected.NeedsLook || after.TextZH != now.TextZH {
		t.Errorf("after the border moved: %+v", after)
	}
	s.ask("planner", "PUT", path+"/surroundings", body{"zh": now.TextZH, "en": "East to Pingyang Road"}, 200, &now)
	if now.Corrected.NeedsLook || now.TextEN != "East to Pingyang Road" {
		t.Errorf("it was looked at: %+v", now)
	}
	var again Surroundings
	s.ask("planner", "PUT", path+"/surroundings", body{"zh": ""}, 200, &again)
	if again.Corrected != nil || again.TextZH != written.TextZH {
		t.Errorf("taken back: %+v", again)
	}
	var n int
	err := s.db.Owner.QueryRow(t.Context(), `SELECT count(*) FROM audit_entry WHERE action = 'surroundings.corrected' AND subject = 'grid:110108014001001'`).Scan(&n)
	if err != nil || n != 3 {
		t.Errorf("the trail has %d entries (%v), want 3", n, err)
	}
}
