package httpapi

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

// GridHistory is what became of a grid: of one that is live, and of one that was retired.
type GridHistory struct {
	Code    string        `json:"code" example:"370883001005003"`
	Name    string        `json:"name"`
	Born    Publication   `json:"born"`
	Retired *Publication  `json:"retired,omitempty" doc:"Missing for a grid that is live"`
	Steps   []HistoryStep `json:"steps" doc:"The publications that changed it, the oldest first"`
	Today   []Heir        `json:"today" doc:"The live grids on the ground that a retired one had, who has most of its people first; empty for a live one"`
}

// Publication is when a version became live, and what for.
type Publication struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Note    string    `json:"note"`
}

// HistoryStep is what a publication did to a grid.
type HistoryStep struct {
	Publication
	Gives []Passing `json:"gives" doc:"What of it is in which grid afterwards, itself included"`
	Gets  []Passing `json:"gets" doc:"What it has that was another's"`
}

// Passing is ground that is in one grid after a publication and was in another before.
type Passing struct {
	Code      string `json:"code" doc:"The other grid"`
	Kind      string `json:"kind" enum:"unchanged,moved,split,merged,complex"`
	Blocks    int    `json:"blocks"`
	Houses    int    `json:"houses"`
	Residents int    `json:"residents" doc:"Who lived there then"`
}

// Heir is a live grid on ground that a retired one had.
type Heir struct {
	Code      string  `json:"code"`
	Name      string  `json:"name"`
	Blocks    int     `json:"blocks"`
	Residents int     `json:"residents" doc:"Who live on that ground now"`
	Share     float64 `json:"share" doc:"Of all who live on its ground; of its blocks where nobody does"`
}

func (s *Server) historyRoute() {
	get(s, huma.Operation{
		OperationID: "gridHistory", Path: "/api/grids/{code}/history", Tags: []string{"grids"},
		Summary: "What became of a grid: what it gave and got with each publication, and where the ground of a retired one lies today",
	}, s.gridHistory)
}

func (s *Server) gridHistory(ctx context.Context, in *gridInput) (out GridHistory, err error) {
	code, err := strconv.ParseInt(in.Code, 10, 64)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		h, err := layout.Became(ctx, tx, layout.Code(code))
		if errors.Is(err, pgx.ErrNoRows) {
			return noGrid(ctx, tx, code)
		}
		if err == nil {
			out = historyOf(h)
		}
		return err
	})
	return out, err
}

func historyOf(h *layout.History) GridHistory {
	out := GridHistory{Code: h.Code.String(), Name: h.Name, Born: Publication(h.Born), Steps: []HistoryStep{}, Today: []Heir{}}
	if h.Retired != nil {
		gone := Publication(*h.Retired)
		out.Retired = &gone
	}
	for _, s := range h.Steps {
		out.Steps = append(out.Steps, HistoryStep{Publication(s.Event), passings(s.Gives), passings(s.Gets)})
	}
	for _, t := range h.Today {
		out.Today = append(out.Today, Heir{t.Grid.String(), t.Name, t.Blocks, t.Residents, t.Share})
	}
	return out
}

func passings(all []layout.Passing) []Passing {
	out := make([]Passing, len(all))
	for i, p := range all {
		out[i] = Passing{p.Grid.String(), string(p.Kind), p.Blocks, p.Houses, p.Residents}
	}
	return out
}
