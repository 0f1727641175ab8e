package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"jingwei/internal/draft"
)

// stormPlanner is somebody who draws one division over and over: alone, or in the draft of a colleague.
type stormPlanner struct {
	name, cookie, division string
	guest                  *stormPlanner // whose draft it is, nil for one's own
	*rand.Rand
	acts   int // sent so far: what their names are made of
	drafts int

	mu   sync.Mutex
	open string // the draft that guests may come to, "" for none
}

func (p *stormPlanner) show(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = id
}

func (p *stormPlanner) shown() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

// work draws until ctx ends.
func (s *storm) work(ctx context.Context, p *stormPlanner) {
	for ctx.Err() == nil {
		if p.guest != nil {
			if id := p.guest.shown(); id != "" {
				s.edit(ctx, p, id, 1000)
			}
			time.Sleep(50 * time.Millisecond)
			continue
		}
		p.drafts++
		switch {
		case p.drafts%4 == 3:
			s.rollBack(ctx, p)
		case p.drafts%4 == 0:
			s.reimport(ctx, p)
		default:
			s.redrawn(ctx, p)
		}
	}
}

// begin starts a draft. A begin whose answer was lost may leave one behind: it is withdrawn with the others at the end.
func (s *storm) begin(p *stormPlanner, how map[string]any) *draft.Head {
	how["division"], how["name"] = p.division, "风暴 "+p.name
	var h draft.Head
	if status, refused, _ := s.insist(p.cookie, "POST", "/api/drafts", how, &h); status != http.StatusCreated {
		s.refuse("begin", refused)
		return nil
	}
	s.Lock()
	s.begun++
	s.Unlock()
	return &h
}

// redrawn edits a draft for a while and publishes it.
func (s *storm) redrawn(ctx context.Context, p *stormPlanner) {
	h := s.begin(p, map[string]any{})
	if h == nil {
		return
	}
	var guests []string
	for _, g := range s.planners {
		if g.guest == p {
			guests = append(guests, g.name)
		}
	}
	if len(guests) > 0 {
		s.insist(p.cookie, "PUT", "/api/drafts/"+h.ID+"/members", map[string]any{"accounts": guests}, nil)
		p.show(h.ID)
	}
	s.edit(ctx, p, h.ID, s.patience/2+p.IntN(s.patience))
	p.show("")
	s.finish(p, h.ID, &released{draft: h.ID, how: "edits", founding: h.Live})
}

// edit makes acts on a draft until so many were confirmed, or it is closed.
func (s *storm) edit(ctx context.Context, p *stormPlanner, id string, acts int) {
	var b *board
	var lock map[string]any
	for n, tries := 0, 0; n < acts && tries < 3*acts && ctx.Err() == nil; tries++ {
		if p.guest != nil && p.guest.shown() != id {
			return
		}
		if b == nil {
			if b = s.read(p.cookie, id); b == nil {
				return
			}
		}
		act := choosing(b, p.Rand, len(b.units) > s.enough).next()
		if lock != nil && tries%3 == 0 {
			act, lock = lock, nil
		}
		if act == nil {
			continue
		}
		act["revision"] = b.revision
		if p.IntN(10) == 0 { // somebody who looked a while ago
			act["revision"] = max(0, b.revision-p.IntN(3))
		}
		acted := s.act(p, id, act)
		if acted == nil || !b.take(acted) || tries%12 == 11 {
			b = s.reread(p, id, b)
		}
		if acted != nil {
			n++
			if act["kind"] == "lock" {
				lock = map[string]any{"kind": "unlock", "grids": act["grids"]}
			}
		}
	}
	if lock != nil && b != nil {
		lock["revision"] = b.revision
		s.act(p, id, lock)
	}
}

// reread reads the ground again. Where nothing happened in between, what the page had by the answers' patches must be what is there.
func (s *storm) reread(p *stormPlanner, id string, was *board) *board {
	now := s.read(p.cookie, id)
	if now == nil {
		return nil
	}
	now.undo, now.redo = was.undo, was.redo
	if now.revision != was.revision || was.releases != int(s.releasing.Load()) {
		return now
	}
	s.pages.Add(1)
	for k, u := range now.units {
		if o := was.units[k]; o == nil || o.Grid != u.Grid {
			s.violation("draft %s at revision %d: block %d is in %v, and the page of %s has it elsewhere (%+v)", id, now.revision, k, u.Grid, p.name, o)
			break
		}
	}
	return now
}

// opened reads a draft's head and problems.
func (s *storm) opened(p *stormPlanner, id string) *draft.Draft {
	var d draft.Draft
	if status, _, _ := s.insist(p.cookie, "GET", "/api/drafts/"+id, nil, &d); status != http.StatusOK {
		return nil
	}
	return &d
}

// rollBack publishes an earlier version again.
func (s *storm) rollBack(ctx context.Context, p *stormPlanner) {
	version := s.earlier(p)
	if version == 0 {
		s.redrawn(ctx, p)
		return
	}
	h := s.begin(p, map[string]any{"begin": "version", "version": version})
	if h == nil {
		return
	}
	s.finish(p, h.ID, &released{draft: h.ID, how: "roll-back", of: version, pure: true, founding: h.Live})
}

// earlier is a version before the one that is live, 0 when there is none; one of the last eight, as a planner would want.
func (s *storm) earlier(p *stormPlanner) int {
	var live struct{ Version int }
	if status, _, _ := s.insist(p.cookie, "GET", "/api/layouts/370883", nil, &live); status != http.StatusOK || live.Version < 2 {
		return 0
	}
	return max(1, live.Version-1-p.IntN(8))
}

// reimport exports an earlier version, lays the file over the ground, and publishes it.
func (s *storm) reimport(ctx context.Context, p *stormPlanner) {
	version := s.earlier(p)
	if version == 0 {
		s.redrawn(ctx, p)
		return
	}
	h := s.begin(p, map[string]any{})
	if h == nil {
		return
	}
	b := s.read(p.cookie, h.ID)
	if b == nil {
		return
	}
	format := []string{"geojson", "gpkg", "shp.zip"}[p.IntN(3)]
	act := s.layFile(p, b, version, format)
	if act == nil {
		s.giveUp(p, h.ID)
		return
	}
	act["revision"] = b.revision
	if s.act(p, h.ID, act) == nil {
		s.giveUp(p, h.ID)
		return
	}
	s.finish(p, h.ID, &released{draft: h.ID, how: "re-import", of: version, pure: true, founding: h.Live})
}

// standingGrids are the codes that are live on a board's ground.
func (b *board) standingGrids() (out []string) {
	for _, k := range b.keys() {
		if code := b.units[k].Base.String(); !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}
