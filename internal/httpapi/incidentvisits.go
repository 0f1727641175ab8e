package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/incident"
)

// IncidentVisit is the visit that an incident called for.
type IncidentVisit struct {
	Reason   string `json:"reason" enum:"dispute,hardship,illness,emergency"`
	Due      string `json:"due" format:"date"`
	Done     string `json:"done,omitempty" format:"date" doc:"Missing while it is still to be made"`
	By       string `json:"by" doc:"The name of the account that entered it"`
	Note     string `json:"note"`
	MayEnter bool   `json:"may_enter" doc:"By the actor"`
}

// MaybeIncidentVisit is the visit that an incident called for, if it did.
type MaybeIncidentVisit struct {
	Visit *IncidentVisit `json:"visit,omitempty" doc:"Missing when the incident called for none, or it was taken off the plan"`
}

// IncidentCall is a visit still to be made, with what it is about.
type IncidentCall struct {
	Incident   string    `json:"incident"`
	Kind       string    `json:"kind"`
	Severity   int       `json:"severity"`
	Special    string    `json:"special"`
	Reason     string    `json:"reason" enum:"dispute,hardship,illness,emergency"`
	Due        string    `json:"due" format:"date"`
	Overdue    bool      `json:"overdue"`
	Grid       string    `json:"grid"`
	Place      string    `json:"place" doc:"In words"`
	Building   string    `json:"building" doc:"Address and name of the nearest building, empty where none is near"`
	ReportedAt time.Time `json:"reported_at"`
	MayEnter   bool      `json:"may_enter" doc:"By the actor"`
}

// IncidentCallPage is a page of them.
type IncidentCallPage struct {
	Calls  []IncidentCall `json:"calls"`
	Total  int            `json:"total" doc:"Of all pages"`
	Cursor string         `json:"cursor" doc:"Of the next page, empty on the last"`
}

type callsInput struct {
	Division string `query:"division" required:"true" maxLength:"20" doc:"Code of a division or a grid"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor   string `query:"cursor" maxLength:"9" pattern:"^[0-9]*$" patternDescription:"a number" doc:"How many come before this page"`
}

type incidentVisitedInput struct {
	ID   string `path:"id" maxLength:"40" example:"110108-123"`
	Body struct {
		On   string `json:"on" format:"date" maxLength:"10"`
		Note string `json:"note,omitempty" maxLength:"4000" doc:"What was seen; it is sealed"`
	}
}

func (s *Server) incidentVisitRoutes() {
	op := operations("incidents")
	personal(s, op("listIncidentVisits", http.MethodGet, "/api/incident-visits", "Visits still to be made because of incidents, those that were due first at the head"), s.listCalls)
	personal(s, op("getIncidentVisit", http.MethodGet, "/api/incidents/{id}/visit", "The visit that an incident called for"), s.getIncidentVisit)
	personal(s, op("enterIncidentVisit", http.MethodPost, "/api/incidents/{id}/visit", "The visit that an incident called for was made"), s.enterIncidentVisit)
	personal(s, op("dropIncidentVisit", http.MethodDelete, "/api/incidents/{id}/visit", "The visit that an incident called for is taken off the plan"), s.dropIncidentVisit)
}

func (s *Server) listCalls(ctx context.Context, in *callsInput) (out IncidentCallPage, err error) {
	skip, _ := strconv.Atoi(in.Cursor)
	err = s.read(ctx, func(tx pgx.Tx) error {
		calls, total, err := s.desk.Calls(ctx, tx, in.Division, skip, in.Limit)
		out = IncidentCallPage{Calls: make([]IncidentCall, len(calls)), Total: total}
		for i, c := range calls {
			out.Calls[i] = IncidentCall{c.Incident.String(), string(c.Kind), int(c.Severity), c.Special, c.Reason, c.Due.Format(time.DateOnly), c.Overdue, c.Grid.String(),
				c.Place, c.Building, c.ReportedAt, c.MayEnter}
		}
		if next := skip + len(calls); len(calls) > 0 && next < total {
			out.Cursor = strconv.Itoa(next)
		}
		return err
	})
	return out, err
}

// aboutIncident runs do in a transaction that writes, and gives the visit of the incident as it is afterwards.
func (s *Server) aboutIncident(ctx context.Context, name string, do func(tx pgx.Tx, id incident.ID) error) (MaybeIncidentVisit, error) {
	id, err := incident.ParseID(name)
	if err != nil {
		return MaybeIncidentVisit{}, err
	}
	return noted(ctx, s, func(tx pgx.Tx) (out MaybeIncidentVisit, err error) {
		if err := do(tx, id); err != nil {
			return out, err
		}
		v, err := s.desk.VisitOf(ctx, tx, id)
		if v != nil {
			out.Visit = &IncidentVisit{v.Reason, v.Due.Format(time.DateOnly), dayOf(v.Done), v.By, v.Note, v.MayEnter}
		}
		return out, err
	})
}

func (s *Server) getIncidentVisit(ctx context.Context, in *incidentInput) (MaybeIncidentVisit, error) {
	return s.aboutIncident(ctx, in.ID, func(pgx.Tx, incident.ID) error { return nil })
}

func (s *Server) enterIncidentVisit(ctx context.Context, in *incidentVisitedInput) (MaybeIncidentVisit, error) {
	on, err := dated("on", in.Body.On)
	if err != nil {
		return MaybeIncidentVisit{}, err
	}
	return s.aboutIncident(ctx, in.ID, func(tx pgx.Tx, id incident.ID) error { return s.desk.Visited(ctx, tx, id, on, in.Body.Note) })
}

func (s *Server) dropIncidentVisit(ctx context.Context, in *incidentInput) (MaybeIncidentVisit, error) {
	return s.aboutIncident(ctx, in.ID, func(tx pgx.Tx, id incident.ID) error { return s.desk.DropVisit(ctx, tx, id) })
}
