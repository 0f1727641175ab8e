package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"jingwei/internal/draft"
)

// Solving all problems of a draft takes many seconds. It is shown beforehand, and while it is worked out a line says how far it is; who breaks off the
// connection ends it.

const solvePath = "/api/drafts/:id/solution"

type draftSolveInput struct {
	DraftID
	Body struct {
		Revision  int    `json:"revision" minimum:"0" doc:"The revision that was seen"`
		Community string `json:"community,omitempty" maxLength:"20" doc:"12 digits; all of them when empty"`
	}
}

// DraftSolving is a line of the answer: how far it is, or, the last one, what would come of it or why nothing does.
type DraftSolving struct {
	Progress *draft.Progress `json:"progress,omitempty"`
	Acted    *draft.Acted    `json:"acted,omitempty"`
	Problem  *Problem        `json:"problem,omitempty"`
}

func (s *Server) draftSolveRoute() {
	op := huma.Operation{
		OperationID: "solveDraft", Method: http.MethodPost, Path: "/api/drafts/{id}/solution", Tags: []string{"drafts"},
		Summary:     "What solving all its problems would come to: lines of JSON, each how far it is, the last what would come of it",
		Description: "Nothing is kept. To take it send its blocks as the assignment of a solve act, with the revision as shown. Breaking off the connection ends the work.",
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity,
			http.StatusInternalServerError, http.StatusServiceUnavailable},
	}
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[DraftSolving](), true, "DraftSolving")
	op.Responses = map[string]*huma.Response{"200": {Description: "Lines of JSON", Content: map[string]*huma.MediaType{"application/x-ndjson": {Schema: schema}}}}
	huma.Register(s.api, op, func(ctx context.Context, in *draftSolveInput) (*huma.StreamResponse, error) {
		act, err := (&DraftAct{Kind: "solve", Revision: in.Body.Revision, Preview: true, Community: in.Body.Community}).act()
		var id draft.ID
		if err == nil {
			id, err = draft.ParseID(in.ID)
		}
		if err == nil {
			_, err = s.Drafts.Head(ctx, id) // there is one, and it may be seen: said before the first line
		}
		if err != nil {
			return nil, s.problem(ctx, op, err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) { s.solveDraft(c, op, id, act) }}, nil
	})
}

func (s *Server) solveDraft(c huma.Context, op huma.Operation, id draft.ID, act *draft.Act) {
	ctx := c.Context()
	c.SetHeader("Content-Type", "application/x-ndjson")
	c.SetHeader("Cache-Control", "no-store")
	c.SetHeader("X-Accel-Buffering", "no") // nor does a proxy keep the lines back
	c.SetStatus(http.StatusOK)
	to := json.NewEncoder(c.BodyWriter())
	send := func(line DraftSolving) {
		_ = to.Encode(line) // who has gone doesn't read it, and the work ends by the context
		if f, ok := c.BodyWriter().(http.Flusher); ok {
			f.Flush()
		}
	}
	act.Watch = func(p draft.Progress) { send(DraftSolving{Progress: &p}) }
	acted, err := s.Drafts.Act(ctx, id, act)
	if err != nil {
		send(DraftSolving{Problem: problemOf(s.problem(ctx, op, err))})
		return
	}
	send(DraftSolving{Acted: acted})
}
