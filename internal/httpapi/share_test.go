package httpapi

import (
	"encoding/json"
	"fmt"
	"testing"

	"jingwei/internal/access"
	"jingwei/internal/draft"
)

// The figures of the live layout and a draft that changes nothing say the same of how many grids are in band, of how many, and how many could be:
// whatever grids are measured by, with a community among them that is one grid and out of band though its people would do for two.
func TestTheShareInBandIsTheSameEverywhere(t *testing.T) {
	for _, settings := range []string{`{"target": 600, "tolerance": 0.15}`, `{"target": 200, "tolerance": 0.3}`, `{"target": 400, "tolerance": 0.4}`} {
		t.Run(settings, func(t *testing.T) {
			s := setup(t)
			if _, err := s.db.Owner.Exec(t.Context(), `UPDATE layout SET settings = $1 WHERE live`, settings); err != nil {
				t.Fatal(err)
			}
			if _, err := s.db.Owner.Exec(t.Context(), `UPDATE grid SET special = 'school' WHERE code = 110108014001003`); err != nil {
				t.Fatal(err)
			}
			s = s.as(s.person("planner", access.Grant{Role: access.Planner, Code: "110108014"}))
			s.people = people{"planner": s.cookie}
			var head draft.Head
			s.ask("planner", "POST", "/api/drafts", body{"division": "110108014", "name": "草案"}, 201, &head)
			var d draft.Draft
			s.ask("planner", "GET", "/api/drafts/"+head.ID, nil, 200, &d)
			bands := make(map[string]int)
			for _, g := range d.Grids {
				bands[g.Band]++
			}
			var f Figures
			answer, raw := s.get("/api/divisions/110108014/figures")
			if err := json.Unmarshal(raw, &f); answer.StatusCode != 200 || err != nil {
				t.Fatalf("%d %v: %s", answer.StatusCode, err, raw)
			}
			got := fmt.Sprint(f.InBand, " of ", f.Grids-f.SpecialGrids, ", open ", f.Feasible-f.InBandFeasible)
			want := fmt.Sprint(bands["in"], " of ", len(d.Grids)-bands["special"], ", open ", bands["over"]+bands["under"])
			if got != want || bands["special"] == 0 {
				t.Errorf("the live layout has %s in band, the draft %s (%v)", got, want, bands)
			}
			if settings[11] == '2' && bands["single"] != 1 {
				t.Errorf("no community is one grid: %v", bands)
			}
		})
	}
}
