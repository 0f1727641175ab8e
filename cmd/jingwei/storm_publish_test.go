package main

import (
	"net/http"
	"time"

	"jingwei/internal/draft"
)

// finish brings a draft to its publication: what forbids it is solved, what others published is taken in, a second person approves. One that comes to
// nothing is withdrawn.
func (s *storm) finish(p *stormPlanner, id string, r *released) {
	asked := false
	for range 40 {
		d := s.opened(p, id)
		if d == nil {
			return
		}
		switch h := d.Head; {
		case h.State == draft.Published:
			if asked {
				s.Lock()
				s.foundOut++
				s.Unlock()
			}
			r.version = *h.Published
			s.release(r)
			return
		case h.State == draft.Withdrawn:
			return
		case h.State == draft.HandedIn:
			if status, _, _ := s.insist(s.leader, "POST", "/api/drafts/"+id+"/state", map[string]any{"to": "approved"}, nil); status == http.StatusOK {
				s.Lock()
				s.approvals++
				s.Unlock()
			}
		case h.State == draft.Open && len(d.Problems) > 0 && d.Problems[0].Forbids:
			r.pure = false
			if !s.mend(p, d) {
				s.giveUp(p, id)
				return
			}
		case h.State == draft.Open && h.Base != h.Live:
			s.rebase(p, id, r)
		default:
			var done draft.Done
			s.releasing.Add(1)
			status, refused, err := s.ask(p.cookie, "POST", "/api/drafts/"+id+"/publish", map[string]any{"note": r.how}, &done)
			s.releasing.Add(1)
			switch {
			case err != nil || status == http.StatusServiceUnavailable:
				asked = true // whether it happened is seen at once
				time.Sleep(100 * time.Millisecond)
			case status == http.StatusOK:
				r.version = done.Version
				s.release(r)
				return
			case h.State == draft.Approved: // others published since it was handed in
				s.refuse("publish", refused)
				s.insist(p.cookie, "POST", "/api/drafts/"+id+"/state", map[string]any{"to": "open"}, nil)
			default:
				s.refuse("publish", refused)
				if d = s.opened(p, id); d == nil || d.Moved == 0 || d.Head.State != draft.Open {
					s.giveUp(p, id)
					return
				}
				if d.Head.Base == d.Head.Live {
					s.insist(p.cookie, "POST", "/api/drafts/"+id+"/state", map[string]any{"to": "handed-in"}, nil)
				}
			}
		}
	}
	s.giveUp(p, id)
}

func (s *storm) release(r *released) {
	s.Lock()
	defer s.Unlock()
	s.releases = append(s.releases, r)
}

func (s *storm) giveUp(p *stormPlanner, id string) {
	s.insist(p.cookie, "POST", "/api/drafts/"+id+"/state", map[string]any{"to": "withdrawn"}, nil)
	s.Lock()
	s.withdrawn++
	s.Unlock()
}

// mend takes the first remedy for the first problem; false when none is offered, or it is refused.
func (s *storm) mend(p *stormPlanner, d *draft.Draft) bool {
	var offered struct {
		Remedies []struct {
			Act map[string]any `json:"act"`
		} `json:"remedies"`
	}
	status, _, _ := s.insist(p.cookie, "POST", "/api/drafts/"+d.Head.ID+"/remedies", map[string]any{"problem": d.Problems[0].ID}, &offered)
	if status != http.StatusOK || len(offered.Remedies) == 0 {
		s.refuse("remedy", &refusal{Status: status, EN: "nothing is offered for: " + d.Problems[0].Text.EN})
		return false
	}
	act := offered.Remedies[0].Act
	act["revision"] = d.Head.Revision
	return s.act(p, d.Head.ID, act) != nil
}

// rebase takes in what others published. Whose word holds where both changed a block is left to chance, but in what is to be as it was.
func (s *storm) rebase(p *stormPlanner, id string, r *released) {
	var changes draft.Changes
	if status, _, _ := s.insist(p.cookie, "GET", "/api/drafts/"+id+"/changes", nil, &changes); status != http.StatusOK {
		return
	}
	take := make(map[string]string)
	for _, c := range changes.Conflicts {
		whose := "mine"
		if r.how == "edits" && p.IntN(2) == 0 {
			whose = "theirs"
		}
		take[decimal(c.Block)] = whose
	}
	s.count("rebase", countSent)
	status, refused, _ := s.insist(p.cookie, "POST", "/api/drafts/"+id+"/rebase", map[string]any{"take": take}, nil)
	if status != http.StatusOK {
		s.refuse("rebase", refused)
		return
	}
	s.count("rebase", countConfirmed)
}
