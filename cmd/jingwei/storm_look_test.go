package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/draft"
	"jingwei/internal/postgres"
)

// lookThrough holds the program's own view of every open draft against what the database keeps. Whoever calls it holds the gate.
func (s *storm) lookThrough(db *postgres.DB) {
	for _, p := range s.planners {
		if p.guest != nil {
			continue
		}
		var page struct{ Drafts []*draft.Head }
		status, refused, err := s.send(p.cookie, "GET", "/api/drafts?state=open&division="+p.division, "", nil, &page)
		if status != http.StatusOK {
			s.violation("the drafts of %s can't be listed: %d %v %v", p.name, status, refused, err)
			continue
		}
		for _, h := range page.Drafts {
			if h.By.Name == p.name {
				s.lookAt(db, p, h)
			}
		}
	}
}

func (s *storm) lookAt(db *postgres.DB, p *stormPlanner, h *draft.Head) {
	var g draft.Ground
	if status, refused, err := s.send(p.cookie, "GET", "/api/drafts/"+h.ID+"/ground", "", nil, &g); status != http.StatusOK {
		s.violation("the ground of draft %s can't be read: %d %v %v", h.ID, status, refused, err)
		return
	}
	_, number, _ := strings.Cut(h.ID, "-")
	var lapsed bool // ground that the draft changed was made anew by others: what it did there is shown again only when it takes them in
	err := db.Owner.QueryRow(context.Background(), `SELECT EXISTS (SELECT FROM draft_block k JOIN block b ON b.id = k.block AND b.retired IS NOT NULL WHERE k.draft = $1::bigint)
		OR EXISTS (SELECT FROM draft_cut c JOIN block b ON b.id = c.block AND b.retired IS NOT NULL WHERE c.draft = $1::bigint AND c.active)`, number).Scan(&lapsed)
	if err != nil || lapsed {
		return
	}
	rows, err := db.Owner.Query(context.Background(), `
		SELECT g.block, coalesce(k.grid, g.grid) FROM grid_block g JOIN block b ON b.county = g.county AND b.id = g.block AND lpad(b.community::text, 12, '0') LIKE $2 || '%'
		LEFT JOIN draft_block k ON k.draft = $1::bigint AND k.block = g.block WHERE k.block IS NULL OR k.grid IS NOT NULL
		UNION ALL SELECT block, grid FROM draft_block k WHERE draft = $1::bigint AND block < 0 AND grid IS NOT NULL
			AND EXISTS (SELECT FROM draft_piece p JOIN draft_cut c ON c.draft = p.draft AND c.id = p.cut WHERE p.draft = k.draft AND p.piece = k.block AND c.active)`, number, p.division)
	if err != nil {
		s.violation("draft %s: %v", h.ID, err)
		return
	}
	want := make(map[int64]int64)
	var block, grid int64
	if _, err := pgx.ForEachRow(rows, []any{&block, &grid}, func() error { want[block] = grid; return nil }); err != nil {
		s.violation("draft %s: %v", h.ID, err)
		return
	}
	people, wrong := 0, ""
	for _, c := range g.Communities {
		for _, u := range c.Blocks {
			people += u.Residents
			if k, there := want[u.Key]; (!there || k != int64(u.Grid)) && len(wrong) < 400 {
				wrong += fmt.Sprintf("block %d in %d, kept in %d (%v); ", u.Key, u.Grid, k, there)
			}
			delete(want, u.Key)
		}
	}
	if wrong != "" || len(want) > 0 {
		s.violation("the program shows draft %s at revision %d otherwise than the database keeps it: %s %d blocks are missing", h.ID, g.Revision, wrong, len(want))
	}
	if people != s.peopleOf[p.division] {
		s.violation("draft %s shows %d people, want %d", h.ID, people, s.peopleOf[p.division])
	}
	s.looked++
}
