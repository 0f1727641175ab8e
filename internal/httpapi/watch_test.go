package httpapi

import (
	"testing"

	"jingwei/internal/access"
)

// What the county's administrator defines is there for who keeps the register, with what comes of it on the watch list.
func TestCareOfACounty(t *testing.T) {
	s, _ := staffed(t, map[string][]access.Grant{"admin": {{Role: access.Administrator, Code: "110108"}}, "worker": {{Role: access.GridWorker, Code: ownGround + "001"}},
		"next": {{Role: access.GridWorker, Code: ownGround + "002"}}}, nil)
	_, _, resident := s.moveIn()
	var made MadeCareKind
	s.ask("admin", "POST", "/api/care-kinds", body{"county": 110108, "zh": "失独家庭", "en": "Lost an only child", "every": 14}, 200, &made)
	s.ask("admin", "POST", "/api/care-kinds", body{"county": 110108, "zh": "失独家庭", "en": "x"}, 409, nil)
	var kinds CareKinds
	s.ask("worker", "GET", "/api/care-kinds?county=110108", nil, 200, &kinds)
	if last := kinds.Kinds[len(kinds.Kinds)-1]; last != (CareKind{made.Kind, "失独家庭", "Lost an only child", 14, "", true, true}) {
		t.Errorf("%+v", last)
	}
	var act MadeAct
	s.ask("worker", "PUT", "/api/residents/"+resident+"/care/"+made.Kind, nil, 200, &act)
	var page WatchPage
	s.ask("worker", "GET", "/api/watch?division="+ownGround+"&kind="+made.Kind, nil, 200, &page)
	if len(page.Residents) != 1 || page.Residents[0].Reason != "care" || page.Residents[0].Visit == "" || page.More {
		t.Fatalf("%+v", page)
	}
	s.ask("next", "GET", "/api/watch?division="+ownGround, nil, 200, &page)
	if len(page.Residents) != 0 {
		t.Errorf("the worker of another grid sees %+v", page)
	}
	s.ask("worker", "GET", "/api/watch?division="+ownGround, nil, 200, &page)
	visit := page.Residents[0].Visit
	s.ask("next", "DELETE", "/api/visits/"+visit, nil, 404, nil)
	var done MadeVisit
	s.ask("worker", "POST", "/api/visits/"+visit, body{"on": "2026-01-05", "note": "血压平稳", "again": "2026-01-19"}, 200, &done)
	var visits ResidentVisits
	s.ask("worker", "GET", "/api/residents/"+resident+"/visits", nil, 200, &visits)
	if len(visits.Visits) != 2 || visits.Visits[0].Due != "2026-01-19" || visits.Visits[0].Done != "" || visits.Visits[1].Note != "血压平稳" || visits.Visits[1].By != "worker" {
		t.Errorf("%+v", visits)
	}
	s.ask("worker", "DELETE", "/api/visits/"+visits.Visits[0].ID, nil, 200, &done)
	s.ask("worker", "POST", "/api/residents/"+resident+"/visits", body{"reason": "illness", "due": "2999-01-01", "made": true}, 422, nil)
	s.ask("worker", "POST", "/api/residents/"+resident+"/visits", body{"reason": "illness", "due": "2026-01-06", "made": true, "note": "住院", "again": "2026-01-13"}, 200, &done)
	s.ask("worker", "GET", "/api/residents/"+resident+"/visits", nil, 200, &visits)
	if len(visits.Visits) != 3 || visits.Visits[0].Reason != "illness" || visits.Visits[1].Note != "住院" {
		t.Errorf("%+v", visits)
	}
	s.ask("worker", "DELETE", "/api/visits/"+visits.Visits[0].ID, nil, 200, nil)
	s.ask("worker", "DELETE", "/api/visits/"+visit, nil, 409, nil)
	s.ask("worker", "DELETE", "/api/residents/"+resident+"/care/"+made.Kind, nil, 200, &act)
	s.ask("worker", "POST", "/api/register-acts/"+act.Act+"/undo", nil, 200, nil)
	s.ask("admin", "PUT", "/api/care-kinds/110108/"+made.Kind, body{"zh": "失独", "en": "x", "used": false}, 200, nil)
	s.ask("worker", "DELETE", "/api/residents/"+resident+"/care/"+made.Kind, nil, 200, nil)
	s.ask("worker", "PUT", "/api/residents/"+resident+"/care/"+made.Kind, nil, 422, nil)
	s.ask("admin", "GET", "/api/watch?division="+ownGround, nil, 403, nil)
}
