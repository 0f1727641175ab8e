package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/register"
)

// WatchedResident is somebody who is looked after, or is to be visited.
type WatchedResident struct {
	Resident string   `json:"resident"`
	Name     string   `json:"name" doc:"Masked"`
	Born     string   `json:"born,omitempty" format:"date"`
	Care     []string `json:"care"`
	House    string   `json:"house"`
	Address  string   `json:"address"`
	Grid     string   `json:"grid"`
	Visited  string   `json:"visited,omitempty" format:"date" doc:"The last visit"`
	Visit    string   `json:"visit" doc:"The next one to be made, empty for none"`
	Reason   string   `json:"reason" doc:"What it is made for" enum:",care,dispute,hardship,illness,household,emergency"`
	Due      string   `json:"due,omitempty" format:"date"`
	Overdue  bool     `json:"overdue"`
}

// WatchPage is a page of the watch list.
type WatchPage struct {
	Residents []WatchedResident `json:"residents"`
	More      bool              `json:"more"`
}

// WatchCount is how many of the watch list are under a kind of care.
type WatchCount struct {
	Kind    string `json:"kind" doc:"Empty for the whole list"`
	People  int    `json:"people"`
	Overdue int    `json:"overdue" doc:"Whose visit should have been made"`
	Soon    int    `json:"soon" doc:"Who are to be visited in the next seven days, today among them"`
}

// WatchCounts are how many are on the watch list, the whole of it first.
type WatchCounts struct {
	Counts []WatchCount `json:"counts"`
}

// ResidentVisit is a visit to be made, or one that was.
type ResidentVisit struct {
	ID     string `json:"id"`
	Reason string `json:"reason" enum:"care,dispute,hardship,illness,household,emergency"`
	Due    string `json:"due" format:"date"`
	Done   string `json:"done,omitempty" format:"date" doc:"Missing while it is still to be made"`
	By     string `json:"by" doc:"The name of the account that entered it"`
	Note   string `json:"note"`
}

// ResidentVisits are somebody's visits: those to be made first, then the latest that was.
type ResidentVisits struct {
	Visits []ResidentVisit `json:"visits"`
}

// MadeVisit is a visit that was planned, entered or taken off the plan.
type MadeVisit struct {
	Visit string `json:"visit"`
}

type watchInput struct {
	Division string `query:"division" required:"true" maxLength:"20" doc:"Code of a division or a grid"`
	Kind     string `query:"kind" maxLength:"40"`
	Overdue  bool   `query:"overdue" doc:"Those alone whose visit should have been made"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor   string `query:"cursor" maxLength:"9" pattern:"^[0-9]*$" patternDescription:"a number" doc:"How many come before this page"`
}

type watchCountsInput struct {
	Division string `query:"division" required:"true" maxLength:"20" doc:"Code of a division or a grid"`
}

type planVisitInput struct {
	HouseInput
	Body struct {
		Reason string `json:"reason" enum:"care,dispute,hardship,illness,household,emergency"`
		Due    string `json:"due" format:"date" maxLength:"10"`
		Made   bool   `json:"made,omitempty" doc:"It was made on that day already, and was on no plan"`
		Note   string `json:"note,omitempty" maxLength:"4000" doc:"What was seen, of one that was made; it is sealed"`
		Again  string `json:"again,omitempty" format:"date" maxLength:"10" doc:"The day of the next one, after one that was made"`
	}
}

type visitedInput struct {
	HouseInput
	Body struct {
		On    string `json:"on" format:"date" maxLength:"10"`
		Note  string `json:"note,omitempty" maxLength:"4000" doc:"What was seen; it is sealed"`
		Again string `json:"again,omitempty" format:"date" maxLength:"10" doc:"The day of the next one"`
	}
}

func (s *Server) watchRoutes() {
	op := operations("register")
	personal(s, op("listWatched", http.MethodGet, "/api/watch", "Who is looked after or to be visited, those first whose visit has been due longest"), s.listWatched)
	personal(s, op("countWatched", http.MethodGet, "/api/watch/counts", "How many are on the watch list, and under which kinds of care"), s.countWatched)
	personal(s, op("listVisits", http.MethodGet, "/api/residents/{id}/visits", "Somebody's visits, those to be made and those that were"), s.listVisits)
	personal(s, op("planVisit", http.MethodPost, "/api/residents/{id}/visits", "Somebody is to be visited by a day, or was visited without a plan"), s.planVisit)
	personal(s, op("enterVisit", http.MethodPost, "/api/visits/{id}", "A visit was made"), s.enterVisit)
	personal(s, op("dropVisit", http.MethodDelete, "/api/visits/{id}", "A visit that wasn't made is taken off the plan"), s.dropVisit)
}

func (s *Server) listWatched(ctx context.Context, in *watchInput) (WatchPage, error) {
	skip, _ := strconv.Atoi(in.Cursor)
	return noted(ctx, s, func(tx pgx.Tx) (out WatchPage, err error) {
		list, more, err := s.book.Watch(ctx, tx, register.WatchFilter{Within: in.Division, Kind: in.Kind, Overdue: in.Overdue, Skip: skip, Limit: in.Limit})
		out = WatchPage{Residents: make([]WatchedResident, len(list)), More: more}
		for i, w := range list {
			out.Residents[i] = watchedOf(&w)
		}
		return out, err
	})
}

func watchedOf(w *register.Watched) WatchedResident {
	r := WatchedResident{Resident: w.Resident.String(), Name: w.Name, Born: dayOf(w.Born), Care: listed(w.Care), House: w.House.String(), Address: w.Address,
		Grid: layout.Code(w.Grid).String(), Visited: dayOf(w.Visited), Overdue: w.Overdue}
	if w.Due != nil {
		r.Visit, r.Reason, r.Due = w.Due.ID.String(), w.Due.Reason, w.Due.Due.Format(time.DateOnly)
	}
	return r
}

func (s *Server) countWatched(ctx context.Context, in *watchCountsInput) (out WatchCounts, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		counts, err := s.book.WatchCounts(ctx, tx, in.Division)
		out.Counts = make([]WatchCount, len(counts))
		for i, c := range counts {
			out.Counts[i] = WatchCount(c)
		}
		return err
	})
	return out, err
}

func (s *Server) listVisits(ctx context.Context, in *HouseInput) (ResidentVisits, error) {
	return notedOf(ctx, s, in.ID, func(tx pgx.Tx, id register.ID) (ResidentVisits, error) {
		all, err := s.book.Visits(ctx, tx, id)
		out := ResidentVisits{make([]ResidentVisit, len(all))}
		for i, v := range all {
			out.Visits[i] = ResidentVisit{v.ID.String(), v.Reason, v.Due.Format(time.DateOnly), dayOf(v.Done), v.By, v.Note}
		}
		return out, err
	})
}

func (s *Server) planVisit(ctx context.Context, in *planVisitInput) (MadeVisit, error) {
	due, err := dated("due", in.Body.Due)
	if err != nil {
		return MadeVisit{}, err
	}
	again, err := dated("again", in.Body.Again)
	if err != nil {
		return MadeVisit{}, err
	}
	made, err := s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) {
		visit, err := s.book.PlanVisit(ctx, tx, id, in.Body.Reason, due)
		if err == nil && in.Body.Made {
			err = s.book.Visited(ctx, tx, visit, due, in.Body.Note, again)
		}
		return visit, err
	})
	return MadeVisit{made.Act}, err
}

func (s *Server) enterVisit(ctx context.Context, in *visitedInput) (MadeVisit, error) {
	on, err := dated("on", in.Body.On)
	if err != nil {
		return MadeVisit{}, err
	}
	again, err := dated("again", in.Body.Again)
	if err != nil {
		return MadeVisit{}, err
	}
	made, err := s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) {
		return id, s.book.Visited(ctx, tx, id, on, in.Body.Note, again)
	})
	return MadeVisit{made.Act}, err
}

func (s *Server) dropVisit(ctx context.Context, in *HouseInput) (MadeVisit, error) {
	made, err := s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) { return id, s.book.DropVisit(ctx, tx, id) })
	return MadeVisit{made.Act}, err
}
