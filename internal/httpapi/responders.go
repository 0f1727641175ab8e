package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
	"jingwei/internal/responder"
)

// Responder is somebody who handles what happens (处置人员). The telephone number is masked.
type Responder struct {
	ID       string       `json:"id" example:"110108-12"`
	Kind     string       `json:"kind" enum:"grid-worker,grid-leader,police,volunteer,repair"`
	Name     string       `json:"name"`
	Phone    string       `json:"phone" doc:"Masked; empty when none is on record"`
	Division DivisionName `json:"division" doc:"Where they belong"`
	Account  string       `json:"account,omitempty" doc:"Name of the account that they sign in with, for those who look after responders there"`
	Ended    string       `json:"ended,omitempty" format:"date" doc:"The first day on which they don't work there any more"`
	Posts    []HeldPost   `json:"posts" doc:"What they hold and where they stand in, now and later"`
	May      ResponderMay `json:"may"`
}

// HeldPost is a post that somebody holds, or stands in for.
type HeldPost struct {
	Grid     GridName `json:"grid"`
	Post     string   `json:"post" enum:"worker,leader"`
	Since    string   `json:"since" format:"date"`
	Until    string   `json:"until,omitempty" format:"date" doc:"The first day on which it is over"`
	StandsIn bool     `json:"stands_in" doc:"For somebody else"`
}

// ResponderMay says what whoever asks may do to a responder.
type ResponderMay struct {
	Manage bool `json:"manage" doc:"Change them and end their work"`
	Call   bool `json:"call" doc:"See the telephone number, for a reason"`
}

// ResponderPage is a page of a list of responders.
type ResponderPage struct {
	Responders []Responder `json:"responders"`
	Total      int         `json:"total" doc:"Of all pages"`
	Cursor     string      `json:"cursor" doc:"Of the next page, empty on the last"`
}

// CalledResponder is whom to call, in clear.
type CalledResponder struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

type respondersInput struct {
	Division string `query:"division" required:"true" maxLength:"20" doc:"Code of a division or a grid: who belongs there, or holds a post there"`
	Kind     string `query:"kind" enum:"grid-worker,grid-leader,police,volunteer,repair"`
	Q        string `query:"q" maxLength:"100" doc:"Part of the name"`
	Free     bool   `query:"free" doc:"Only those who could hold a post and hold none"`
	Ended    bool   `query:"ended" doc:"Those who don't work there any more as well"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor   string `query:"cursor" maxLength:"18" pattern:"^[0-9]*$" patternDescription:"what cursor said" doc:"What cursor said on the page before"`
}

// ResponderInput says which responder. It is exported because huma passes by what it embeds otherwise.
type ResponderInput struct {
	ID string `path:"id" maxLength:"40" example:"110108-12"`
}

type newResponderInput struct {
	Body struct {
		Kind     string `json:"kind" enum:"grid-worker,grid-leader,police,volunteer,repair"`
		Name     string `json:"name" doc:"Up to 40 characters"`
		Phone    string `json:"phone,omitempty"`
		Division string `json:"division" maxLength:"20" doc:"Where they belong"`
		Account  string `json:"account,omitempty" maxLength:"60" doc:"Name of the account that they sign in with"`
	}
}

type changeResponderInput struct {
	ResponderInput
	Body struct {
		Kind     *string `json:"kind,omitempty" enum:"grid-worker,grid-leader,police,volunteer,repair"`
		Name     *string `json:"name,omitempty"`
		Phone    *string `json:"phone,omitempty" doc:"Empty: none"`
		Division *string `json:"division,omitempty" maxLength:"20"`
		Account  *string `json:"account,omitempty" maxLength:"60" doc:"Empty: none"`
		Ended    *bool   `json:"ended,omitempty" doc:"true: they stop working there today, and leave all posts; false: they are back"`
	}
}

type callInput struct {
	ResponderInput
	Body struct {
		Reason string `json:"reason" doc:"Why, in four characters or more; it is kept in the audit trail"`
	}
}

func (s *Server) responderRoutes() {
	s.roll = &responder.Roll{Vault: s.Vault, Trail: s.Trail}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"responders"}, Summary: summary}
	}
	personal(s, op("listResponders", http.MethodGet, "/api/responders", "Responders of a division, in pages"), s.listResponders)
	personal(s, op("getResponder", http.MethodGet, "/api/responders/{id}", "A responder, with the posts they hold"), s.getResponder)
	add := op("addResponder", http.MethodPost, "/api/responders", "Put somebody on the roll")
	add.DefaultStatus = http.StatusCreated
	personal(s, add, s.addResponder)
	personal(s, op("changeResponder", http.MethodPatch, "/api/responders/{id}", "Change somebody on the roll, end their work, or say that they are back"), s.changeResponder)
	call := op("callResponder", http.MethodPost, "/api/responders/{id}/phone", "A responder's telephone number in clear")
	call.Description, call.DefaultStatus = "It is kept in the audit trail with its reason.", http.StatusOK
	personal(s, call, s.callResponder)
}

func (s *Server) listResponders(ctx context.Context, in *respondersInput) (out ResponderPage, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		page, err := s.roll.List(ctx, tx, responder.Filter{Within: in.Division, Kind: in.Kind, Q: in.Q, Free: in.Free, Ended: in.Ended, Limit: in.Limit, Cursor: in.Cursor})
		if err != nil {
			return err
		}
		out = ResponderPage{Responders: make([]Responder, len(page.Responders)), Total: page.Total, Cursor: page.Cursor}
		for i, r := range page.Responders {
			out.Responders[i] = responderOf(ctx, r)
		}
		return nil
	})
	return out, err
}

func (s *Server) getResponder(ctx context.Context, in *ResponderInput) (out Responder, err error) {
	id, err := responder.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		found, err := s.roll.Find(ctx, tx, id)
		if err == nil {
			out = responderOf(ctx, found)
		}
		return err
	})
	return out, err
}

func (s *Server) addResponder(ctx context.Context, in *newResponderInput) (out Responder, err error) {
	b := &in.Body
	err = s.write(ctx, func(tx pgx.Tx) error {
		made, err := s.roll.Add(ctx, tx, responder.Draft{Kind: b.Kind, Name: b.Name, Phone: b.Phone, Division: b.Division, Account: b.Account})
		if err == nil {
			out = responderOf(ctx, made)
		}
		return err
	})
	return out, err
}

func (s *Server) changeResponder(ctx context.Context, in *changeResponderInput) (out Responder, err error) {
	id, err := responder.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	b := &in.Body
	err = s.write(ctx, func(tx pgx.Tx) error {
		now, err := s.roll.Change(ctx, tx, id, responder.Change{Kind: b.Kind, Name: b.Name, Phone: b.Phone, Division: b.Division, Account: b.Account, Ended: b.Ended})
		if err == nil {
			out = responderOf(ctx, now)
		}
		return err
	})
	return out, err
}

func (s *Server) callResponder(ctx context.Context, in *callInput) (out CalledResponder, err error) {
	id, err := responder.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	err = s.write(ctx, func(tx pgx.Tx) error {
		out.Name, out.Phone, err = s.roll.Unmask(ctx, tx, id, in.Body.Reason)
		return err
	})
	if err != nil {
		return CalledResponder{}, err // what isn't in the trail isn't shown
	}
	return out, nil
}

func responderOf(ctx context.Context, r *responder.Responder) Responder {
	actor := postgres.ActorOf(ctx)
	out := Responder{ID: r.ID.String(), Kind: string(r.Kind), Name: r.Name, Phone: r.Phone, Division: DivisionName{r.Division, r.DivisionName},
		Ended: dayOf(r.Ended), Posts: make([]HeldPost, len(r.Posts)), May: ResponderMay{Manage: r.Manages(actor), Call: r.Phone != "" && r.Calls(actor)}}
	if out.May.Manage {
		out.Account = r.Account
	}
	for i, h := range r.Posts {
		out.Posts[i] = HeldPost{Grid: GridName{h.Grid.String(), h.GridName}, Post: string(h.Post), Since: h.Since.Format(time.DateOnly), Until: dayOf(h.Until), StandsIn: h.StandsIn}
	}
	return out
}

// dayOf writes a day, nothing for none.
func dayOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}
