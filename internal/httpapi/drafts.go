package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"jingwei/internal/draft"
	"jingwei/internal/fault"
)

// mostOfAct is how long an act may be: one that says of 200,000 blocks where they go has 10 MB.
const mostOfAct = 16 << 20

type draftsInput struct {
	Division string `query:"division" maxLength:"20" doc:"Drafts that touch this division; all when empty"`
	State    string `query:"state" enum:",open,handed-in,approved,scheduled,published,withdrawn"`
}

// DraftPage is a list of drafts.
type DraftPage struct {
	Drafts []*draft.Head `json:"drafts"`
}

type beginInput struct {
	Body struct {
		Division string `json:"division" maxLength:"20" doc:"Code of a county, a town or a community"`
		Name     string `json:"name" doc:"1 to 100 characters"`
		Begin    string `json:"begin,omitempty" enum:"live,nothing,draft,version" default:"live" doc:"live: as the grids are; nothing: no block in any grid; draft: as another draft; version: as they were"`
		Draft    string `json:"draft,omitempty" maxLength:"40" doc:"The draft to copy"`
		Version  int    `json:"version,omitempty" minimum:"0"`
	}
}

type draftInput struct{ DraftID }

type draftChangeInput struct {
	DraftID
	Body struct {
		Name *string `json:"name,omitempty"`
		Note *string `json:"note,omitempty"`
	}
}

// DraftID names a draft in a path. It is exported because huma passes by what it embeds otherwise.
type DraftID struct {
	ID string `path:"id" maxLength:"40" example:"370883-17"`
}

type draftStateInput struct {
	DraftID
	Body struct {
		To   string `json:"to" enum:"open,handed-in,approved,withdrawn"`
		Note string `json:"note,omitempty" doc:"It stands in the journal; up to 2000 characters"`
	}
}

type draftMembersInput struct {
	DraftID
	Body struct {
		Accounts []string `json:"accounts" maxItems:"50" doc:"Names of accounts that plan on all of the draft's ground"`
	}
}

type draftPresenceInput struct {
	DraftID
	Body struct {
		Center LonLat  `json:"center"`
		Zoom   float64 `json:"zoom" minimum:"0" maximum:"24"`
		Doing  string  `json:"doing,omitempty"`
	}
}

type draftGroundInput struct {
	DraftID
	Community string `query:"community" maxLength:"20" doc:"12 digits; all of them when empty"`
}

// DraftAct is a step in a draft. Which fields count depends on its kind.
type DraftAct struct {
	Kind         string        `json:"kind" doc:"assign, place, merge, split, split-line, cut, move-border, redraw, solve, rename, special, lock, unlock, undo, redo, back, micro-plan, micro-move, micro-merge, micro-name"`
	Revision     int           `json:"revision" minimum:"0" doc:"The revision that was seen"`
	Preview      bool          `json:"preview,omitempty" doc:"Work it out and keep nothing"`
	Request      string        `json:"request,omitempty" doc:"A name of the sender's own for this act, up to 100 bytes: sent again it isn't carried out again"`
	Blocks       []int64       `json:"blocks,omitempty" maxItems:"20000"`
	Grid         string        `json:"grid,omitempty" maxLength:"20" doc:"A grid's code, or new-N; assign: where to, new for one to be made, nothing for no grid"`
	Grids        []string      `json:"grids,omitempty" maxItems:"2000"`
	From         string        `json:"from,omitempty" maxLength:"20" doc:"move-border: the grid that gives ground"`
	To           string        `json:"to,omitempty" maxLength:"20" doc:"move-border: the grid that gets it"`
	Community    string        `json:"community,omitempty" maxLength:"20"`
	Line         [][2]float64  `json:"line,omitempty" maxItems:"2000" doc:"Longitudes and latitudes"`
	CutBuildings bool          `json:"cut_buildings,omitempty"`
	Into         int           `json:"into,omitempty" minimum:"0" maximum:"20"`
	FewMoves     bool          `json:"few_moves,omitempty"`
	Seed         uint64        `json:"seed,omitempty"`
	Together     []int64       `json:"together,omitempty" maxItems:"20000" doc:"redraw: blocks that are to be in one grid"`
	Compounds    string        `json:"compounds,omitempty" enum:",all,kept" doc:"redraw: which housing compounds that one grid can hold aren't divided: all, or those that are whole now"`
	Name         string        `json:"name,omitempty"`
	Special      string        `json:"special,omitempty" maxLength:"20"`
	Seq          int           `json:"seq,omitempty" minimum:"0" doc:"back: the step after which it was as it shall be again"`
	Assignment   []DraftPlaced `json:"assignment,omitempty" maxItems:"200000" doc:"place: where each block goes; solve, split, redraw: as it was shown, and done just so"`
	Shown        *int          `json:"shown,omitempty" minimum:"0" doc:"The revision at which it was shown what comes of it: 409 where its grids have changed since"`
	Homes        []DraftHome   `json:"homes,omitempty" maxItems:"5000" doc:"micro-move: which ones, all of the grid"`
	Micro        int           `json:"micro,omitempty" minimum:"0" maximum:"999" doc:"micro-move: the micro-grid that they go to, 0 for none; micro-name: which one"`
	New          bool          `json:"new,omitempty" doc:"micro-move: to a micro-grid that is to be made"`
	Micros       []int         `json:"micros,omitempty" maxItems:"999" doc:"micro-merge"`
	Titles       []DraftTitle  `json:"titles,omitempty" maxItems:"20000" doc:"place: which kinds its grids are of then"`
}

// DraftPlaced is a block and where it goes.
type DraftPlaced struct {
	Key  int64  `json:"key"`
	Grid string `json:"grid" maxLength:"20"`
}

// DraftTitle is the kind of special grid that a grid is to be, empty for an ordinary one.
type DraftTitle struct {
	Grid    string `json:"grid" maxLength:"20"`
	Special string `json:"special" maxLength:"20"`
}

type draftActInput struct {
	DraftID
	Body DraftAct
}

type draftJournalInput struct {
	DraftID
	Before int `query:"before" minimum:"0" doc:"0: from the newest"`
	Limit  int `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// DraftJournal is a page of a journal.
type DraftJournal struct {
	Acts []*draft.Entry `json:"acts"`
}

type draftRemediesInput struct {
	DraftID
	Body struct {
		Problem string `json:"problem" maxLength:"300"`
	}
}

// DraftRemedy is what would solve a problem.
type DraftRemedy struct {
	draft.Remedy
	Act DraftAct `json:"act" doc:"Send it to carry it out"`
}

// DraftRemedies are up to three of them.
type DraftRemedies struct {
	Remedies []DraftRemedy `json:"remedies"`
	Why      *draft.Text   `json:"why,omitempty" doc:"Where nothing solves it: the proof that nothing can, if there is one"`
}

// DraftAlternative is one way to redraw.
type DraftAlternative struct {
	draft.Alternative
	Act DraftAct `json:"act" doc:"Send it to take this one"`
}

// DraftAlternatives are up to three of them.
type DraftAlternatives struct {
	Alternatives []DraftAlternative `json:"alternatives"`
}

type draftChangesInput struct {
	DraftID
	With string `query:"with" pattern:"^(live|base|[0-9]{1,9})?$" patternDescription:"live, base or a version" doc:"live when empty"`
}

type draftPublishInput struct {
	DraftID
	Body struct {
		Note string `json:"note,omitempty"`
		On   string `json:"on,omitempty" maxLength:"10" doc:"The day on which it takes effect, 2026-12-01; at once when empty"`
	}
}

type draftRebaseInput struct {
	DraftID
	Body struct {
		Take map[string]string `json:"take,omitempty" doc:"Block → mine or theirs, for the blocks that conflict"`
	}
}

func (s *Server) draftRoutes() {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"drafts"}, Summary: summary}
	}
	personal(s, op("listDrafts", http.MethodGet, "/api/drafts", "Drafts that one may see, the last changed first"), s.listDrafts)
	made := op("beginDraft", http.MethodPost, "/api/drafts", "Begin a draft of a division")
	made.DefaultStatus = http.StatusCreated
	personal(s, made, s.beginDraft)
	personal(s, op("openDraft", http.MethodGet, "/api/drafts/{id}", "A draft: its grids, figures and problems"), s.openDraft)
	personal(s, op("changeDraft", http.MethodPatch, "/api/drafts/{id}", "Its name and note"), s.changeDraft)
	personal(s, plain(op("setDraftState", http.MethodPost, "/api/drafts/{id}/state", "Hand it in, send it back, approve it, withdraw it")), s.setDraftState)
	personal(s, op("shareDraft", http.MethodPut, "/api/drafts/{id}/members", "Who may change it besides its maker"), s.shareDraft)
	personal(s, op("beAtDraft", http.MethodPut, "/api/drafts/{id}/presence", "Say where one looks, and see who else is there"), s.beAtDraft)
	personal(s, op("getDraftGround", http.MethodGet, "/api/drafts/{id}/ground", "Its blocks and the arcs between them"), s.draftGround)
	personal(s, op("getDraftMicroGrids", http.MethodGet, "/api/drafts/{id}/micro-grids", "The micro-grids of one of its grids, with their homes"), s.draftMicroGrids)
	personal(s, op("getDraftSurroundings", http.MethodGet, "/api/drafts/{id}/surroundings", "What one of its grids borders on (四至), as the draft has it"), s.draftSurroundings)
	personal(s, op("getDraftCare", http.MethodGet, "/api/drafts/{id}/care", "How many people are looked after in its grids, about"), s.draftCare)
	act := plain(op("actOnDraft", http.MethodPost, "/api/drafts/{id}/acts", "One step; 409 with what was missed where others changed the same ground"))
	act.MaxBodyBytes = mostOfAct
	personal(s, act, s.actOnDraft)
	s.draftSolveRoute()
	personal(s, op("getDraftJournal", http.MethodGet, "/api/drafts/{id}/journal", "Who did what, the newest first"), s.draftJournal)
	personal(s, plain(op("getDraftRemedies", http.MethodPost, "/api/drafts/{id}/remedies", "What would solve a problem")), s.draftRemedies)
	personal(s, plain(op("getDraftAlternatives", http.MethodPost, "/api/drafts/{id}/alternatives", "Ways to redraw: a redraw act that isn't carried out")), s.draftAlternatives)
	personal(s, op("getDraftChanges", http.MethodGet, "/api/drafts/{id}/changes", "What it changes, and what conflicts with what is live"), s.draftChanges)
	personal(s, plain(op("publishDraft", http.MethodPost, "/api/drafts/{id}/publish", "Make it live, at once or on a day")), s.publishDraft)
	personal(s, plain(op("rebaseDraft", http.MethodPost, "/api/drafts/{id}/rebase", "Bring it onto what is live")), s.rebaseDraft)
}

func plain(op huma.Operation) huma.Operation {
	op.DefaultStatus = http.StatusOK
	return op
}

// schemaName keeps types of different rooms with one name apart.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if strings.HasSuffix(t.PkgPath(), "/draft") && !strings.HasPrefix(name, "Draft") {
		return "Draft" + name
	}
	return name
}

func (s *Server) listDrafts(ctx context.Context, in *draftsInput) (out DraftPage, err error) {
	out.Drafts, err = s.Drafts.List(ctx, draft.Filter{Division: in.Division, State: draft.State(in.State)})
	if out.Drafts == nil {
		out.Drafts = []*draft.Head{}
	}
	return out, err
}

func (s *Server) beginDraft(ctx context.Context, in *beginInput) (*draft.Head, error) {
	b := draft.Beginning{Division: in.Body.Division, Name: in.Body.Name, Begin: in.Body.Begin, Version: in.Body.Version}
	if b.Begin == "draft" {
		var err error
		if b.Draft, err = draft.ParseID(in.Body.Draft); err != nil {
			return nil, err
		}
	}
	return s.Drafts.Begin(ctx, b)
}

// onDraft reads the id of a path and runs f.
func onDraft[O any](id string, f func(draft.ID) (O, error)) (out O, err error) {
	parsed, err := draft.ParseID(id)
	if err != nil {
		return out, err
	}
	return f(parsed)
}

func (s *Server) openDraft(ctx context.Context, in *draftInput) (*draft.Draft, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Draft, error) { return s.Drafts.Open(ctx, id) })
}

func (s *Server) changeDraft(ctx context.Context, in *draftChangeInput) (*draft.Head, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Head, error) { return s.Drafts.Rename(ctx, id, in.Body.Name, in.Body.Note) })
}

func (s *Server) setDraftState(ctx context.Context, in *draftStateInput) (*draft.Head, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Head, error) {
		return s.Drafts.SetState(ctx, id, draft.State(in.Body.To), in.Body.Note)
	})
}

func (s *Server) shareDraft(ctx context.Context, in *draftMembersInput) (*draft.Head, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Head, error) { return s.Drafts.Share(ctx, id, in.Body.Accounts) })
}

func (s *Server) beAtDraft(ctx context.Context, in *draftPresenceInput) (*draft.Presence, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Presence, error) {
		return s.Drafts.BeHere(ctx, id, draft.Here{Center: in.Body.Center, Zoom: in.Body.Zoom, Doing: in.Body.Doing})
	})
}

func (s *Server) draftGround(ctx context.Context, in *draftGroundInput) (*draft.Ground, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Ground, error) { return s.Drafts.Ground(ctx, id, in.Community) })
}

// DraftCares are how many people are looked after in the grids of a draft.
type DraftCares struct {
	Grids []draft.Care `json:"grids" doc:"Figures are off by two at most; fewer than five are left out"`
}

func (s *Server) draftCare(ctx context.Context, in *draftInput) (*DraftCares, error) {
	return onDraft(in.ID, func(id draft.ID) (*DraftCares, error) {
		grids, err := s.Drafts.Care(ctx, id)
		return &DraftCares{grids}, err
	})
}

func (s *Server) actOnDraft(ctx context.Context, in *draftActInput) (*draft.Acted, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Acted, error) {
		act, err := in.Body.act()
		if err != nil {
			return nil, err
		}
		return s.Drafts.Act(ctx, id, act)
	})
}

// act reads the keys of an act.
func (a *DraftAct) act() (out *draft.Act, err error) {
	out = &draft.Act{Kind: a.Kind, Revision: a.Revision, Preview: a.Preview, Request: a.Request, Blocks: a.Blocks, Line: a.Line, CutBuildings: a.CutBuildings, Into: a.Into, Shown: a.Shown,
		FewMoves: a.FewMoves, Seed: a.Seed, Together: a.Together, Compounds: draft.Compounds(a.Compounds), Name: a.Name, Special: a.Special, Seq: a.Seq, Homes: homeKeys(a.Homes), Micro: a.Micro, New: a.New, Micros: a.Micros}
	key := func(text string) (k draft.Key) {
		if err == nil {
			k, err = draft.ParseKey(text)
		}
		return k
	}
	switch a.Kind {
	case "assign":
		if out.New = a.Grid == "new"; !out.New {
			out.To = key(a.Grid)
		}
	case "move-border":
		out.Grid, out.To = key(a.From), key(a.To)
	default:
		out.Grid = key(a.Grid)
	}
	for _, g := range a.Grids {
		out.Grids = append(out.Grids, key(g))
	}
	for _, p := range a.Assignment {
		out.Assignment = append(out.Assignment, draft.Placed{Block: p.Key, Grid: key(p.Grid)})
	}
	for _, t := range a.Titles {
		out.Titles = append(out.Titles, draft.Title{Grid: key(t.Grid), Special: t.Special})
	}
	if a.Community != "" && err == nil {
		if out.Community, err = strconv.ParseInt(a.Community, 10, 64); err != nil || len(a.Community) != 12 {
			return nil, fault.New(fault.Invalid, "社区代码应为 12 位数字", "a community's code has 12 digits").At("community")
		}
	}
	return out, err
}

// actOf is an act as it is sent.
func actOf(a *draft.Act) DraftAct {
	out := DraftAct{Kind: a.Kind, Revision: a.Revision, Shown: a.Shown, Blocks: a.Blocks, Grid: a.Grid.String(), Into: a.Into, FewMoves: a.FewMoves, Seed: a.Seed, Together: a.Together, Compounds: string(a.Compounds)}
	if a.Community != 0 {
		out.Community = fmt.Sprintf("%012d", a.Community)
	}
	if a.Kind == "assign" {
		if out.Grid = a.To.String(); a.New {
			out.Grid = "new"
		}
	}
	for _, g := range a.Grids {
		out.Grids = append(out.Grids, g.String())
	}
	for _, p := range a.Assignment {
		out.Assignment = append(out.Assignment, DraftPlaced{p.Block, p.Grid.String()})
	}
	return out
}

func (s *Server) draftJournal(ctx context.Context, in *draftJournalInput) (out DraftJournal, err error) {
	out.Acts, err = onDraft(in.ID, func(id draft.ID) ([]*draft.Entry, error) { return s.Drafts.Journal(ctx, id, in.Before, in.Limit) })
	if out.Acts == nil {
		out.Acts = []*draft.Entry{}
	}
	return out, err
}

func (s *Server) draftRemedies(ctx context.Context, in *draftRemediesInput) (out DraftRemedies, err error) {
	var why draft.Text
	all, err := onDraft(in.ID, func(id draft.ID) (all []draft.Remedy, err error) {
		all, why, err = s.Drafts.Remedies(ctx, id, in.Body.Problem)
		return all, err
	})
	if why != (draft.Text{}) {
		out.Why = &why
	}
	out.Remedies = make([]DraftRemedy, len(all))
	for i := range all {
		out.Remedies[i] = DraftRemedy{all[i], actOf(all[i].Act)}
	}
	return out, err
}

func (s *Server) draftAlternatives(ctx context.Context, in *draftActInput) (out DraftAlternatives, err error) {
	all, err := onDraft(in.ID, func(id draft.ID) ([]draft.Alternative, error) {
		act, err := in.Body.act()
		if err != nil {
			return nil, err
		}
		return s.Drafts.Alternatives(ctx, id, act)
	})
	out.Alternatives = make([]DraftAlternative, len(all))
	for i := range all {
		out.Alternatives[i] = DraftAlternative{all[i], actOf(all[i].Act)}
	}
	return out, err
}

func (s *Server) draftChanges(ctx context.Context, in *draftChangesInput) (*draft.Changes, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Changes, error) {
		version, _ := strconv.Atoi(in.With) // live is 0
		if in.With == "base" {
			h, err := s.Drafts.Head(ctx, id)
			if err != nil {
				return nil, err
			}
			version = h.Base
		}
		return s.Drafts.Changes(ctx, id, version)
	})
}

func (s *Server) publishDraft(ctx context.Context, in *draftPublishInput) (*draft.Done, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Done, error) { return s.Drafts.Publish(ctx, id, in.Body.Note, in.Body.On) })
}

func (s *Server) rebaseDraft(ctx context.Context, in *draftRebaseInput) (*draft.Acted, error) {
	return onDraft(in.ID, func(id draft.ID) (*draft.Acted, error) {
		take := make(map[int64]string, len(in.Body.Take))
		for block, whose := range in.Body.Take {
			n, err := strconv.ParseInt(block, 10, 64)
			if err != nil || whose != "mine" && whose != "theirs" {
				return nil, fault.New(fault.Invalid, "take 应为单元编号到 mine 或 theirs", "take says mine or theirs for the number of a block").At("take")
			}
			take[n] = whose
		}
		return s.Drafts.Rebase(ctx, id, take)
	})
}
