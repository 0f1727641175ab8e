package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
	"jingwei/internal/register"
)

// RegisterAct is something that was done to the register by hand.
type RegisterAct struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind" enum:"move-in,move-out,birth,death,split,correct,care,care-end"`
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

func (s *Server) registerActRoutes() {
	op := operations("register")
	personal(s, op("listRegisterActs", http.MethodGet, "/api/houses/{id}/acts", "What was done to a house and to those in it"), s.listRegisterActs)
	personal(s, op("moveIn", http.MethodPost, "/api/houses/{id}/residents", "Somebody moves in, or is born"), s.moveIn)
	personal(s, op("splitHousehold", http.MethodPost, "/api/houses/{id}/households", "Some of those who live there become a household of their own"), s.splitHousehold)
	personal(s, op("correctAddress", http.MethodPost, "/api/houses/{id}/address", "The address of a house is put right, and where it stands"), s.correctAddress)
	personal(s, op("moveOut", http.MethodPost, "/api/residents/{id}/leave", "Somebody moves out, or has died"), s.moveOut)
	personal(s, op("undoRegisterAct", http.MethodPost, "/api/register-acts/{id}/undo", "An act is taken back, as long as nothing it wrote was changed since"), s.undoRegisterAct)
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
