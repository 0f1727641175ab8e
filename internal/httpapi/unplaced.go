package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/intake"
	"jingwei/internal/register"
)

// UnplacedGuess is a place that an address may mean.
type UnplacedGuess struct {
	AddressPlace
	Before bool `json:"before" doc:"The same text was placed there for another division"`
}

// UnplacedAddress is an address of imported people that leads to no house for sure.
type UnplacedAddress struct {
	ID        string          `json:"id" example:"370883-12"`
	Text      string          `json:"text" doc:"As it was written first; numbers masked"`
	Division  DivisionName    `json:"division" doc:"That its file was for"`
	State     string          `json:"state" enum:"open,placed,closed"`
	Rows      int             `json:"rows" doc:"Of imports, that wait for it"`
	Taken     int             `json:"taken" doc:"Rows that went in by it"`
	MadeAt    time.Time       `json:"made_at"`
	Guesses   []UnplacedGuess `json:"guesses" doc:"What it may mean, the likeliest first; of open ones"`
	Outside   string          `json:"outside" doc:"What it looks like elsewhere in the county, where it looks like nothing here"`
	House     string          `json:"house" doc:"Where it was placed"`
	Address   string          `json:"address" doc:"Of the house"`
	Lon       float64         `json:"lon"`
	Lat       float64         `json:"lat"`
	DecidedBy string          `json:"decided_by"`
	DecidedAt *time.Time      `json:"decided_at"`
}

// UnplacedList are addresses, those first that most rows wait for, or that were decided last.
type UnplacedList struct {
	Addresses []UnplacedAddress `json:"addresses" doc:"A hundred at most"`
	All       int               `json:"all" doc:"How many wait"`
}

type unplacedInput struct {
	County int32 `query:"county" minimum:"100000" maximum:"999999" required:"true"`
	Past   bool  `query:"past" doc:"Those that were decided, instead of those that wait"`
}

type decideUnplacedInput struct {
	ID   string `path:"id" maxLength:"40" example:"370883-12"`
	Body struct {
		Act   string `json:"act" enum:"place,close,reopen" doc:"It is a house's; it is no address here; neither"`
		House string `json:"house,omitempty" maxLength:"40" doc:"To place it at" example:"370883-12"`
	}
}

// UnplacedDecided says what became of the rows that waited for an address, or of those that had gone in by it when it was reopened.
type UnplacedDecided struct {
	ID string `json:"id"`
	IntakeTally
	Back  int    `json:"back" doc:"Rows that had gone in and wait again: who came by them is taken out"`
	Stay  int    `json:"stay" doc:"Rows that had gone in and remain: decided, or changed since"`
	House string `json:"house" doc:"Where it had been placed" example:"370883-12"`
}

func (s *Server) unplacedRoutes() {
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"register"}, Summary: summary, Description: description, DefaultStatus: http.StatusOK}
	}
	personal(s, op("listUnplaced", http.MethodGet, "/api/unplaced", "Addresses of imported people that lead to no house for sure", ""), s.listUnplaced)
	personal(s, op("decideUnplaced", http.MethodPost, "/api/unplaced/{id}", "Say which house an address means, that it is none here, or neither any more",
		"Rows that wait for it go in at once, and files that are sent later are read by it. Reopened, who came by those rows is taken out again, unless something has happened to them since. "+
			"It is kept in the audit trail."), s.decideUnplaced)
}

func (s *Server) listUnplaced(ctx context.Context, in *unplacedInput) (out UnplacedList, err error) {
	out.Addresses = []UnplacedAddress{}
	err = s.read(ctx, func(tx pgx.Tx) error {
		all, n, err := s.Intake.Unplaced(ctx, tx, in.County, in.Past)
		if err != nil {
			return err
		}
		out.All = n
		for i := range all {
			out.Addresses = append(out.Addresses, unplacedOf(&all[i]))
		}
		names := make([]Intake, len(all))
		for i := range all {
			names[i].Division.Code = all[i].Division
		}
		if err := s.nameDivisions(ctx, tx, names); err != nil {
			return err
		}
		for i := range all {
			out.Addresses[i].Division = names[i].Division
		}
		return nil
	})
	return out, err
}

func (s *Server) decideUnplaced(ctx context.Context, in *decideUnplacedInput) (out UnplacedDecided, err error) {
	id, err := register.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	out.ID = in.ID
	switch in.Body.Act {
	case "close":
		return out, s.write(ctx, func(tx pgx.Tx) error { return s.Intake.Close(ctx, tx, id) })
	case "reopen":
		var became intake.Reopened
		err := s.write(ctx, func(tx pgx.Tx) (err error) { became, err = s.Intake.Reopen(ctx, tx, id); return err })
		out.Back, out.Stay = became.Back, became.Stay
		if became.House.Number != 0 {
			out.House = became.House.String()
		}
		return out, err
	}
	house, err := register.ParseID(in.Body.House)
	if err != nil || house.County != id.County {
		return out, fault.New(fault.Invalid, "请选择房屋", "choose a house").At("house")
	}
	became, err := s.Intake.Place(ctx, id, house)
	out.IntakeTally = IntakeTally(became)
	return out, err
}

func unplacedOf(u *intake.Unplaced) UnplacedAddress {
	out := UnplacedAddress{ID: u.ID.String(), Text: u.Text, State: u.State, Rows: u.Rows, Taken: u.Taken, MadeAt: u.MadeAt, Guesses: []UnplacedGuess{}, Outside: u.Outside,
		House: u.House.String(), Address: u.Address, Lon: u.Lon, Lat: u.Lat, DecidedBy: u.DecidedBy, DecidedAt: u.DecidedAt}
	for i := range u.Guesses {
		out.Guesses = append(out.Guesses, UnplacedGuess{addressPlace(u.ID.County, &u.Guesses[i].Candidate), u.Guesses[i].Before})
	}
	return out
}
