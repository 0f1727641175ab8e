package httpapi

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/register"
)

// CareKind is why somebody is looked after.
type CareKind struct {
	Kind    string `json:"kind"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	Every   int    `json:"every" doc:"Days from one visit to the next; 0: as it is planned each time"`
	Special string `json:"special" doc:"The label that is needed to see who is under it; empty for none"`
	Own     bool   `json:"own" doc:"The county's own"`
	Used    bool   `json:"used" doc:"Somebody may still be put under it"`
}

// CareKinds are the kinds of care of a county.
type CareKinds struct {
	Kinds []CareKind `json:"kinds"`
}

// MadeCareKind is a kind of care that was added or changed.
type MadeCareKind struct {
	Kind string `json:"kind"`
}

type careKindsInput struct {
	County int32 `query:"county" minimum:"100000" maximum:"999999" required:"true"`
}

type defineCareInput struct {
	Body struct {
		County  int32  `json:"county" minimum:"100000" maximum:"999999"`
		ZH      string `json:"zh" maxLength:"100"`
		EN      string `json:"en" maxLength:"200"`
		Every   int    `json:"every,omitempty" doc:"Days from one visit to the next; 0: as it is planned each time"`
		Special string `json:"special,omitempty" maxLength:"20" doc:"The label that is needed to see who is under it; it can't be changed later"`
	}
}

type redefineCareInput struct {
	County int32  `path:"county" minimum:"100000" maximum:"999999"`
	Kind   string `path:"kind" maxLength:"40"`
	Body   struct {
		ZH    string `json:"zh" maxLength:"100"`
		EN    string `json:"en" maxLength:"200"`
		Every int    `json:"every,omitempty"`
		Used  bool   `json:"used"`
	}
}

type careInput struct {
	HouseInput
	Kind string `path:"kind" maxLength:"40"`
}

func (s *Server) careRoutes() {
	op := operations("register")
	personal(s, op("listCareKinds", http.MethodGet, "/api/care-kinds", "The kinds of care that a county has"), s.listCareKinds)
	personal(s, op("defineCare", http.MethodPost, "/api/care-kinds", "A county gets a kind of care of its own"), s.defineCare)
	personal(s, op("redefineCare", http.MethodPut, "/api/care-kinds/{county}/{kind}", "A kind of a county's own is called otherwise, or isn't used any more"), s.redefineCare)
	personal(s, op("putUnderCare", http.MethodPut, "/api/residents/{id}/care/{kind}", "Somebody comes under a kind of care"), s.putUnderCare)
	personal(s, op("endCare", http.MethodDelete, "/api/residents/{id}/care/{kind}", "Somebody isn't under a kind of care any more"), s.endCare)
}

func (s *Server) listCareKinds(ctx context.Context, in *careKindsInput) (out CareKinds, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		kinds, err := s.book.CareKinds(ctx, tx, in.County)
		out.Kinds = make([]CareKind, len(kinds))
		for i, k := range kinds {
			out.Kinds[i] = CareKind{k.Kind, k.ZH, k.EN, k.Every, string(k.Special), k.Own, k.Used}
		}
		return err
	})
	return out, err
}

func (s *Server) defineCare(ctx context.Context, in *defineCareInput) (out MadeCareKind, err error) {
	b := &in.Body
	err = s.write(ctx, func(tx pgx.Tx) error {
		out.Kind, err = s.book.DefineCare(ctx, tx, b.County, register.CareKind{ZH: b.ZH, EN: b.EN, Every: b.Every, Special: access.Label(b.Special)})
		return err
	})
	return out, err
}

func (s *Server) redefineCare(ctx context.Context, in *redefineCareInput) (MadeCareKind, error) {
	b := &in.Body
	return MadeCareKind{in.Kind}, s.write(ctx, func(tx pgx.Tx) error {
		return s.book.RedefineCare(ctx, tx, in.County, register.CareKind{Kind: in.Kind, ZH: b.ZH, EN: b.EN, Every: b.Every, Used: b.Used})
	})
}

func (s *Server) putUnderCare(ctx context.Context, in *careInput) (MadeAct, error) {
	return s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) { return s.book.Care(ctx, tx, id, in.Kind) })
}

func (s *Server) endCare(ctx context.Context, in *careInput) (MadeAct, error) {
	return s.registerAct(ctx, in.ID, func(tx pgx.Tx, id register.ID) (register.ID, error) { return s.book.EndCare(ctx, tx, id, in.Kind) })
}
