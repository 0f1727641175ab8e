package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/incident"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// Incident is what somebody has to handle. Numbers in its text, and its contact, are masked.
type Incident struct {
	ID         string           `json:"id" example:"110108-123"`
	Kind       string           `json:"kind" doc:"One of /api/incident-kinds"`
	Severity   int              `json:"severity" minimum:"1" maximum:"4" doc:"1 特急 critical, 2 紧急 urgent, 3 一般 ordinary, 4 轻微 minor"`
	Special    string           `json:"special,omitempty" doc:"The special group (特殊人群) that it concerns"`
	State      string           `json:"state" enum:"reported"`
	Lon        float64          `json:"lon" doc:"In WGS 84"`
	Lat        float64          `json:"lat"`
	CRS        string           `json:"crs" enum:"wgs84,cgcs2000,gcj02,bd09" doc:"What the position was given in"`
	Given      LonLat           `json:"given" doc:"The position as it was given"`
	Grid       GridName         `json:"grid" doc:"The grid whose ground it lies on now"`
	FiledGrid  string           `json:"filed_grid" doc:"The code of the grid that it was filed under"`
	Block      int64            `json:"block"`
	Building   *BuildingNearby  `json:"building,omitempty" doc:"The nearest within 50 m"`
	Place      string           `json:"place" doc:"In words"`
	Text       string           `json:"text"`
	Contact    *IncidentContact `json:"contact,omitempty"`
	ReportedAt time.Time        `json:"reported_at"`
	ReportedBy Reporter         `json:"reported_by"`
	NearBorder bool             `json:"near_border" doc:"At a border of two grids, the neighbour of the one that it lies in was chosen"`
}

// GridName is what a grid is called.
type GridName struct {
	Code string `json:"code"`
	Name string `json:"name" doc:"Empty when nobody has named it"`
}

// BuildingNearby is a building near an incident.
type BuildingNearby struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	Address   string  `json:"address"`
	DistanceM float64 `json:"distance_m" doc:"0: the incident is in it"`
}

// IncidentContact is whom to call.
type IncidentContact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Reporter is who reported an incident.
type Reporter struct {
	Display string `json:"display"`
}

// IncidentDetail is an incident with what one wants to know beside it.
type IncidentDetail struct {
	Incident
	GridFigures *IncidentGrid `json:"grid_figures,omitempty" doc:"Of the grid; missing when that is live no longer"`
	History     []Incident    `json:"history" doc:"Others of the same building or within 100 m, the newest first, twenty at most"`
}

// IncidentGrid are the figures of an incident's grid.
type IncidentGrid struct {
	GridSummary
	Houses int `json:"houses"`
	Blocks int `json:"blocks"`
}

// IncidentPage is a page of a list of incidents.
type IncidentPage struct {
	Incidents []Incident `json:"incidents"`
	Cursor    string     `json:"cursor" doc:"Of the next page, empty on the last"`
	Total     int        `json:"total" doc:"Of all pages; the counting ends at 10000"`
}

// Unmasked is what a report says in clear.
type Unmasked struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Text  string `json:"text"`
}

type incidentsInput struct {
	Division string `query:"division" maxLength:"20" doc:"Code of a division, or of a grid (15 digits); everywhere when empty"`
	Kind     string `query:"kind" maxLength:"40"`
	Group    string `query:"group" maxLength:"40" doc:"One of the groups of /api/incident-kinds; all when empty"`
	Severity int    `query:"severity" minimum:"0" maximum:"4" doc:"0: all"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor   string `query:"cursor" maxLength:"20" pattern:"^[0-9]*$" patternDescription:"what cursor said" doc:"What cursor said on the page before"`
}

type incidentInput struct {
	ID string `path:"id" maxLength:"40" example:"110108-123"`
}

type reportInput struct {
	Body struct {
		Kind     string           `json:"kind" maxLength:"40" doc:"One of /api/incident-kinds"`
		Severity int              `json:"severity,omitempty" minimum:"0" maximum:"4" doc:"0, or left out: the kind's own"`
		Special  string           `json:"special,omitempty" maxLength:"40" doc:"The special group that it concerns: only those with its label see the incident"`
		Text     string           `json:"text" doc:"What has happened, up to 2000 characters"`
		Lon      float64          `json:"lon" minimum:"-180" maximum:"180"`
		Lat      float64          `json:"lat" minimum:"-90" maximum:"90"`
		CRS      string           `json:"crs,omitempty" enum:"wgs84,cgcs2000,gcj02,bd09" default:"wgs84"`
		Contact  *IncidentContact `json:"contact,omitempty" doc:"Whom to call"`
		Grid     string           `json:"grid,omitempty" maxLength:"20" doc:"Near a border: the code of the grid that is meant, or nearest for the one that the position lies in"`
		Request  string           `json:"request,omitempty" doc:"A name of the reporter's own for this report, up to 100 characters: sent again, it comes to the same incident"`
	}
}

type unmaskInput struct {
	ID   string `path:"id" maxLength:"40" example:"110108-123"`
	Body struct {
		Reason string `json:"reason" doc:"Why, in four characters or more; it is kept in the audit trail"`
	}
}

func (s *Server) incidentRoutes() {
	s.desk = &incident.Desk{Ground: s.ground, Vault: s.Vault, Trail: s.Trail}
	get(s, huma.Operation{
		OperationID: "listIncidentKinds", Path: "/api/incident-kinds", Tags: []string{"incidents"},
		Summary: "The kinds, groups and severities of incidents",
	}, listKinds)
	personal(s, huma.Operation{
		OperationID: "listIncidents", Method: http.MethodGet, Path: "/api/incidents", Tags: []string{"incidents"},
		Summary: "Incidents that one may see, the newest first, in pages",
	}, s.listIncidents)
	personal(s, huma.Operation{
		OperationID: "reportIncident", Method: http.MethodPost, Path: "/api/incidents", Tags: []string{"incidents"},
		Summary: "Report an incident", DefaultStatus: http.StatusCreated,
		Description: "Within 20 m of another grid the answer is 409 with choices, until the report says which grid is meant.",
	}, s.reportIncident)
	personal(s, huma.Operation{
		OperationID: "getIncident", Method: http.MethodGet, Path: "/api/incidents/{id}", Tags: []string{"incidents"},
		Summary: "An incident, with its grid's figures and the history of the place", Description: "Looking at it is kept in the audit trail.",
	}, s.getIncident)
	personal(s, huma.Operation{
		OperationID: "unmaskIncident", Method: http.MethodPost, Path: "/api/incidents/{id}/contact", Tags: []string{"incidents"},
		Summary: "Whom to call about an incident, and its text, in clear", Description: "It is kept in the audit trail with its reason.",
		DefaultStatus: http.StatusOK,
	}, s.unmaskIncident)
}

// operations describes routes of one group that answer with 200.
func operations(tag string) func(id, method, path, summary string) huma.Operation {
	return func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: summary, DefaultStatus: http.StatusOK}
	}
}

// personal declares a route whose answer is about persons: nobody keeps it.
func personal[I, O any](s *Server, op huma.Operation, do func(context.Context, *I) (O, error)) {
	op.Errors = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity,
		http.StatusInternalServerError, http.StatusServiceUnavailable}
	if op.Method != http.MethodGet {
		op.Errors = append(op.Errors, http.StatusConflict)
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, op, err)
		}
		return &answer[O]{CacheControl: "no-store", Body: out}, nil
	})
}

func (s *Server) listIncidents(ctx context.Context, in *incidentsInput) (out IncidentPage, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		page, err := s.desk.List(ctx, tx, incident.Filter{Within: in.Division, Kind: in.Kind, Group: in.Group,
			Severity: incident.Severity(in.Severity), Limit: in.Limit, Cursor: in.Cursor})
		if err == nil {
			out = IncidentPage{Incidents: incidentsOf(page.Incidents), Cursor: page.Cursor, Total: page.Total}
		}
		return err
	})
	return out, err
}

func (s *Server) reportIncident(ctx context.Context, in *reportInput) (out Incident, err error) {
	b := &in.Body
	report := incident.Report{Kind: b.Kind, Severity: incident.Severity(b.Severity), Special: b.Special, Text: b.Text,
		Lon: b.Lon, Lat: b.Lat, CRS: b.CRS, Grid: b.Grid, Request: b.Request}
	if b.Contact != nil {
		report.Contact = incident.Contact{Name: b.Contact.Name, Phone: b.Contact.Phone}
	}
	err = postgres.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		filed, err := s.desk.Report(ctx, tx, report)
		if err == nil {
			out = incidentOf(filed)
		}
		return err
	})
	return out, err
}

func (s *Server) getIncident(ctx context.Context, in *incidentInput) (out IncidentDetail, err error) {
	id, err := incident.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	err = postgres.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		found, err := s.desk.Look(ctx, tx, id)
		if err != nil {
			return err
		}
		history, err := s.desk.History(ctx, tx, found)
		if err != nil {
			return err
		}
		out = IncidentDetail{Incident: incidentOf(found), History: incidentsOf(history)}
		out.GridFigures, err = incidentGridOf(ctx, tx, found.Grid)
		return err
	})
	return out, err
}

func (s *Server) unmaskIncident(ctx context.Context, in *unmaskInput) (out Unmasked, err error) {
	id, err := incident.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	err = postgres.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		clear, err := s.desk.Unmask(ctx, tx, id, in.Body.Reason)
		if err == nil {
			out = Unmasked{clear.Name, clear.Phone, clear.Text}
		}
		return err
	})
	if err != nil {
		return Unmasked{}, err // what isn't in the trail isn't shown
	}
	return out, nil
}

// incidentGridOf gives the figures of a live grid, nil when it is live no longer.
func incidentGridOf(ctx context.Context, tx pgx.Tx, code layout.Code) (*IncidentGrid, error) {
	var r summary
	var out IncidentGrid
	err := tx.QueryRow(ctx, `
		SELECT g.houses, g.blocks, `+summaryColumns+` FROM grid g `+layout.StandingJoin+`
		WHERE g.county = $1 AND g.code = $2 AND g.retired IS NULL`, countyOf(int64(code)), int64(code)).
		Scan(append([]any{&out.Houses, &out.Blocks}, r.targets()...)...)
	if err == pgx.ErrNoRows {
		return nil, nil
	}
	out.GridSummary = r.finish()
	return &out, err
}

func incidentsOf(found []*incident.Incident) []Incident {
	out := make([]Incident, len(found))
	for i, f := range found {
		out[i] = incidentOf(f)
	}
	return out
}

func incidentOf(i *incident.Incident) Incident {
	out := Incident{
		ID: i.ID.String(), Kind: string(i.Kind), Severity: int(i.Severity), Special: i.Special, State: i.State,
		Lon: i.Lon, Lat: i.Lat, CRS: i.GivenCRS, Given: LonLat{i.GivenX, i.GivenY},
		Grid: GridName{i.Grid.String(), i.GridName}, FiledGrid: i.FiledGrid.String(), Block: i.Block, Place: i.Place, Text: i.Text,
		ReportedAt: i.ReportedAt, ReportedBy: Reporter{i.ReportedBy}, NearBorder: i.NearBorder,
	}
	if b := i.Building; b != nil {
		out.Building = &BuildingNearby{b.ID, b.Name, b.Address, b.Metres}
	}
	if c := i.Contact; c != nil {
		out.Contact = &IncidentContact{c.Name, c.Phone}
	}
	return out
}

// IncidentKinds are what reports can be about.
type IncidentKinds struct {
	Kinds      []IncidentKind  `json:"kinds"`
	Groups     []IncidentGroup `json:"groups"`
	Severities []SeverityName  `json:"severities" doc:"The gravest first"`
}

// IncidentKind is one kind of incident.
type IncidentKind struct {
	Code     string `json:"code" example:"fire"`
	Group    string `json:"group" example:"safety"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
	Severity int    `json:"severity" doc:"Unless the report says another"`
	Special  bool   `json:"special" doc:"A report has to say which special group it concerns"`
}

// IncidentGroup is what kinds have in common.
type IncidentGroup struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// SeverityName is what a severity is called.
type SeverityName struct {
	Severity int    `json:"severity"`
	ZH       string `json:"zh"`
	EN       string `json:"en"`
}

func listKinds(context.Context, *struct{}) (out IncidentKinds, _ error) {
	for _, k := range incident.Kinds {
		out.Kinds = append(out.Kinds, IncidentKind{string(k.Kind), string(k.Group), k.ZH, k.EN, int(k.Severity), k.Special})
	}
	for _, g := range incident.Groups {
		out.Groups = append(out.Groups, IncidentGroup{string(g.Group), g.ZH, g.EN})
	}
	for _, s := range incident.Severities {
		out.Severities = append(out.Severities, SeverityName{int(s.Severity), s.ZH, s.EN})
	}
	return out, nil
}
