package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
	"jingwei/internal/register"
)

// RegisterAct is something that was done to the register by hand.
type RegisterAct struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind" enum:"move-in,move-out,birth,death,split,correct"`
	Resident string    `json:"resident" doc:"Empty when it is about the house"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	People   int       `json:"people" doc:"Of a split: how many are in the new household"`
	Was      string    `json:"was" doc:"Of a correction that changed it: the address before"`
	Undone   bool      `json:"undone"`
	UndoneAt string    `json:"undone_at,omitempty" format:"date-time"`
	UndoneBy string    `json:"undone_by,omitempty"`
	MayUndo  bool      `json:"may_undo"`
}

// RegisterActs are what was done to a house or to those in it, the latest first.
type RegisterActs struct {
	Acts []RegisterAct `json:"acts"`
}

// MadeAct is the act that was done.
type MadeAct struct {
	Act string `json:"act"`
}

// WatchedResident is somebody who is looked after, or is to be visited.
type WatchedResident struct {
	Resident string   `json:"resident"`
	Name     string   `json:"name"`
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

type moveInInput struct {
	HouseInput
	Body struct {
		Name       string `json:"name" maxLength:"80"`
		Card       string `json:"card,omitempty" maxLength:"40" doc:"ID number; not asked for of a newborn"`
		Phone      string `json:"phone,omitempty" maxLength:"40"`
		Sex        string `json:"sex,omitempty" enum:"male,female,unknown" doc:"Of a newborn without an ID number"`
		Nation     string `json:"nation,omitempty" maxLength:"40"`
		Household  string `json:"household,omitempty" maxLength:"80"`
		Relation   string `json:"relation,omitempty" maxLength:"40"`
		Stay       string `json:"stay" enum:"registered,separated,floating"`
		Registered string `json:"registered,omitempty" maxLength:"250"`
		Since      string `json:"since" format:"date" maxLength:"10" doc:"The day of moving in, or of birth"`
		Newborn    bool   `json:"newborn,omitempty"`
	}
}

type leaveInput struct {
	HouseInput
	Body struct {
		On   string `json:"on" format:"date" maxLength:"10"`
		Died bool   `json:"died,omitempty"`
	}
}

type splitInput struct {
	HouseInput
	Body struct {
		Household string   `json:"household" maxLength:"80"`
		Residents []string `json:"residents" maxItems:"50"`
	}
}

type correctInput struct {
	HouseInput
	Body struct {
		Place   string    `json:"place" maxLength:"80" doc:"小区 or natural village, empty in an old quarter"`
		Number  string    `json:"number" maxLength:"40" example:"3号楼"`
		Unit    string    `json:"unit" maxLength:"40" example:"2单元"`
		Floor   int       `json:"floor" doc:"0: not known"`
		Room    string    `json:"room" maxLength:"40"`
		Address string    `json:"address" maxLength:"250" doc:"It has to say the others, in their order"`
		At      []float64 `json:"at,omitempty" minItems:"2" maxItems:"2" doc:"Longitude and latitude (WGS 84), where the house stands elsewhere than on record; within its community"`
	}
}

type watchInput struct {
	Division string `query:"division" required:"true" maxLength:"20" doc:"Code of a division or a grid"`
	Kind     string `query:"kind" maxLength:"40"`
	Overdue  bool   `query:"overdue" doc:"Those alone whose visit should have been made"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	Cursor   string `query:"cursor" maxLength:"9" pattern:"^[0-9]*$" patternDescription:"a number" doc:"How many come before this page"`
}

type planVisitInput struct {
	HouseInput
	Body struct {
		Reason string `json:"reason" enum:"care,dispute,hardship,illness,household,emergency"`
		Due    string `json:"due" format:"date" maxLength:"10"`
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

// MadeVisit is a visit that was planned.
type MadeVisit struct {
	Visit string `json:"visit"`
}

func (s *Server) registerActRoutes() {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"register"}, Summary: summary, DefaultStatus: http.StatusOK}
	}
	personal(s, op("listRegisterActs", http.MethodGet, "/api/houses/{id}/acts", "What was done to a house and to those in it"), s.listRegisterActs)
	personal(s, op("moveIn", http.MethodPost, "/api/houses/{id}/residents", "Somebody moves in, or is born"), s.moveIn)
	personal(s, op("splitHousehold", http.MethodPost, "/api/houses/{id}/households", "Some of those who live there become a household of their own"), s.splitHousehold)
	personal(s, op("correctAddress", http.MethodPost, "/api/houses/{id}/address", "The address of a house is put right, and where it stands"), s.correctAddress)
	personal(s, op("moveOut", http.MethodPost, "/api/residents/{id}/leave", "Somebody moves out, or has died"), s.moveOut)
	personal(s, op("undoRegisterAct", http.MethodPost, "/api/register-acts/{id}/undo", "An act is taken back, as long as nothing it wrote was changed since"), s.undoRegisterAct)
	personal(s, op("listWatched", http.MethodGet, "/api/watch", "Who is looked after or to be visited, those first whose visit has been due longest"), s.listWatched)
	personal(s, op("planVisit", http.MethodPost, "/api/residents/{id}/visits", "Somebody is to be visited by a day"), s.planVisit)
	personal(s, op("enterVisit", http.MethodPost, "/api/visits/{id}", "A visit was made"), s.enterVisit)
}

// dated reads a day of a request. Fault: Invalid.
func dated(where, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		err = fault.New(fault.Invalid, "日期应形如 2026-05-31", "a day looks like 2026-05-31").At(where)
	}
	return d, err
}

// registerAct does something to what has a number in the register.
func (s *Server) registerAct(ctx context.Context, name string, do func(tx pgx.Tx, id register.ID) (register.ID, error)) (MadeAct, error) {
	made, err := notedOf(ctx, s, name, do)
	return MadeAct{made.String()}, err
}

func (s *Server) listRegisterActs(ctx context.Context, in *HouseInput) (out RegisterActs, err error) {
	id, err := register.ParseID(in.ID)
	if err != nil {
		return out, err
	}
	err = s.read(ctx, func(tx pgx.Tx) error {
		acts, err := s.book.Acts(ctx, tx, id)
		out.Acts = make([]RegisterAct, len(acts))
		for i, a := range acts {
			out.Acts[i] = doneOf(&a)
		}
		return err
	})
	return out, err
}

func (s *Server) moveIn(ctx context.Context, in *moveInInput) (MadeAct, error) {
	b := &in.Body
	since, err := dated("since", b.Since)
	if err != nil {
		return MadeAct{}, err
	}
	m := register.MoveIn{Person: register.Person{Name: b.Name, Card: b.Card, Phone: b.Phone, Sex: register.Sex(b.Sex), Nation: b.Nation}, Household: b.Household, Relation: b.Relation,
		Stay: register.Stay(b.Stay), Registered: b.Registered, Since: since, Newborn: b.Newborn}
	if b.Newborn {
		m.Born = since
	}
	return s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) {
		m.House = id
		return s.book.MoveIn(ctx, tx, m)
	})
}

func (s *Server) moveOut(ctx context.Context, in *leaveInput) (MadeAct, error) {
	on, err := dated("on", in.Body.On)
	if err != nil {
		return MadeAct{}, err
	}
	return s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) {
		if in.Body.Died {
			return s.book.Died(ctx, tx, id, on)
		}
		return s.book.MoveOut(ctx, tx, id, on)
	})
}

func (s *Server) splitHousehold(ctx context.Context, in *splitInput) (out MadeAct, err error) {
	residents := make([]register.ID, len(in.Body.Residents))
	for i, r := range in.Body.Residents {
		if residents[i], err = register.ParseID(r); err != nil {
			return out, err
		}
	}
	return s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) {
		return s.book.Split(ctx, tx, id, in.Body.Household, residents)
	})
}

func doneOf(a *register.Act) RegisterAct {
	out := RegisterAct{ID: a.ID.String(), Kind: string(a.Kind), Resident: a.Resident.String(), At: a.At, By: a.By, People: a.People, Was: a.Was, Undone: a.Undone, UndoneBy: a.UndoneBy, MayUndo: a.MayUndo}
	if a.Undone {
		out.UndoneAt = a.UndoneAt.Format(time.RFC3339)
	}
	return out
}

func (s *Server) correctAddress(ctx context.Context, in *correctInput) (MadeAct, error) {
	b := &in.Body
	c := register.Correction{Place: b.Place, Number: b.Number, Unit: b.Unit, Floor: b.Floor, Room: b.Room, Address: b.Address}
	if len(b.At) == 2 {
		if !crs.InChina(b.At[0], b.At[1]) { // beyond it a lattice point needn't be one
			return MadeAct{}, fault.New(fault.Invalid, "这个位置不在中国境内", "this position isn't in China").At("at")
		}
		at := planar.FromDegrees(b.At[0], b.At[1])
		c.At = &at
	}
	return s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) {
		c.House = id
		return s.book.Correct(ctx, tx, c)
	})
}

func (s *Server) undoRegisterAct(ctx context.Context, in *HouseInput) (MadeAct, error) {
	return s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) { return s.book.Undo(ctx, tx, id) })
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

func (s *Server) planVisit(ctx context.Context, in *planVisitInput) (MadeVisit, error) {
	due, err := dated("due", in.Body.Due)
	if err != nil {
		return MadeVisit{}, err
	}
	made, err := s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) {
		return s.book.PlanVisit(ctx, tx, id, in.Body.Reason, due)
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
