package draft

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// State is where a draft stands.
type State string

// The states. Open ones are changed; what is handed in waits for a second person; withdrawn and published ones are kept to be looked at.
const (
	Open      State = "open"
	HandedIn  State = "handed-in"
	Approved  State = "approved"
	Scheduled State = "scheduled" // approved, or in no need of it, and published by itself on its day
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// Person is somebody as others see them.
type Person struct {
	Name    string `json:"name"`
	Display string `json:"display"`
}

// Head is a draft without its ground.
type Head struct {
	ID        string    `json:"id"`
	Division  Place     `json:"division"`
	Name      string    `json:"name"`
	Note      string    `json:"note"`
	State     State     `json:"state"`
	Base      int       `json:"base"`     // the version that its differences are from
	Live      int       `json:"live"`     // the version that is live
	Revision  int       `json:"revision"` // goes up with every act
	By        Person    `json:"by"`
	MadeAt    time.Time `json:"made_at"`
	ChangedBy Person    `json:"changed_by"`
	ChangedAt time.Time `json:"changed_at"`
	Members   []Person  `json:"members"`
	HandedIn  *Person   `json:"handed_in_by,omitempty"`
	Approved  *Person   `json:"approved_by,omitempty"`
	Published *int      `json:"published,omitempty"`
	PublishOn *string   `json:"publish_on,omitempty"`
	Refused   string    `json:"refused,omitempty"` // why it wasn't published on its day
	May       May       `json:"may"`

	ApproveOver *int `json:"approve_over,omitempty"` // the county's rule: where more residents get another grid somebody else approves

	id         ID
	ground     postgres.Range
	madeBy     int64
	handedInBy *int64
	members    []int64
}

// Place is a division.
type Place struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// May is what the reader may do with a draft; Why says why not more.
type May struct {
	Edit    bool  `json:"edit"`
	HandIn  bool  `json:"hand_in"`
	Approve bool  `json:"approve"`
	Publish bool  `json:"publish"`
	Why     *Text `json:"why,omitempty"`
}

const headColumns = `d.county, d.id, d.division, coalesce(v.name, ''), d.name, d.note, d.state, d.base, d.revision, d.people, d.made_by, d.made_at, d.changed_at,
	d.handed_in_by, d.published, to_char(d.publish_on, 'YYYY-MM-DD'), d.refused,
	coalesce((SELECT version FROM layout y WHERE y.county = d.county AND y.live), 0),
	(SELECT approve_over FROM county_rule r WHERE r.county = d.county),
	ARRAY(SELECT m.account FROM draft_member m WHERE m.county = d.county AND m.draft = d.id ORDER BY m.account),
	coalesce((SELECT jsonb_agg(jsonb_build_object('name', m.name, 'display', m.display) ORDER BY m.account)
		FROM draft_member m WHERE m.county = d.county AND m.draft = d.id), '[]')`

const headTables = ` FROM draft d LEFT JOIN division v ON v.code = d.division `

func scanHead(row pgx.CollectableRow) (*Head, error) {
	h := &Head{}
	var people, members []byte
	err := row.Scan(&h.id.County, &h.id.Number, &h.Division.Code, &h.Division.Name, &h.Name, &h.Note, &h.State, &h.Base, &h.Revision, &people, &h.madeBy,
		&h.MadeAt, &h.ChangedAt, &h.handedInBy, &h.Published, &h.PublishOn, &h.Refused, &h.Live, &h.ApproveOver, &h.members, &members)
	if err != nil {
		return nil, err
	}
	var who struct {
		Made     Person  `json:"made"`
		Changed  Person  `json:"changed"`
		HandedIn *Person `json:"handed_in"`
		Approved *Person `json:"approved"`
	}
	if err := json.Unmarshal(people, &who); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(members, &h.Members); err != nil {
		return nil, err
	}
	h.ID, h.By, h.ChangedBy, h.HandedIn, h.Approved = h.id.String(), who.Made, who.Changed, who.HandedIn, who.Approved
	h.ground = postgres.GroundOf(h.Division.Code)[0]
	return h, nil
}

// find reads one draft; lock holds it until the transaction ends, so that acts come one after the other.
func find(ctx context.Context, tx pgx.Tx, id ID, lock bool) (*Head, error) {
	query := `SELECT ` + headColumns + headTables + `WHERE d.county = $1 AND d.id = $2`
	if lock {
		query += ` FOR UPDATE OF d`
	}
	rows, err := tx.Query(ctx, query, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	h, err := pgx.CollectExactlyOneRow(rows, scanHead)
	if err == pgx.ErrNoRows {
		return nil, noDraft(id.String())
	}
	if err != nil {
		return nil, err
	}
	h.May = h.may(ctx)
	return h, nil
}

// may works out what the actor may do.
func (h *Head) may(ctx context.Context) (m May) {
	actor := postgres.ActorOf(ctx)
	plans := actor.Scope[access.PlanGrids].Contains(h.ground)
	own := h.madeBy == actor.Account
	for _, a := range h.members {
		own = own || a == actor.Account
	}
	approves := actor.Scope[access.ApproveGrids].Contains(h.ground)
	m.Edit = plans && own && h.State == Open
	m.HandIn = m.Edit
	m.Approve = approves && h.State == HandedIn && (h.handedInBy == nil || *h.handedInBy != actor.Account)
	m.Publish = plans && own && (h.State == Approved || h.State == Open && h.ApproveOver == nil) || approves && h.State == Approved
	if h.State == Open && h.ApproveOver != nil {
		m.Publish = plans && own // where few people move; publishing itself counts them
	}
	var why Text
	switch {
	case h.State == Published:
		why = say("草案已发布为第 %d 版，不再更改", "the draft was published as version %d and doesn't change any more", *h.Published)
	case h.State == Withdrawn:
		why = say("草案已撤回", "the draft was withdrawn")
	case h.State == Scheduled:
		why = say("草案将于 %s 自动发布：要修改请先取消", "the draft is published by itself on %s: cancel that to change it", *h.PublishOn)
	case h.State == HandedIn && !m.Approve:
		why = say("草案已提交，等待他人审批", "the draft was handed in and waits for somebody else's approval")
	case h.State == HandedIn || h.State == Approved:
		why = say("草案已提交：要修改请先退回", "the draft was handed in: it is sent back before it is changed")
	case !plans:
		why = say("您的角色不能修改这里的草案", "your role doesn't change drafts here")
	case !own:
		why = say("这是 %s 的草案：请对方与您共享，或复制一份", "this is %s's draft: ask for it to be shared, or make a copy", h.By.Display)
	default:
		return m
	}
	m.Why = &why
	return m
}

// Filter narrows a list.
type Filter struct {
	Division string
	State    State
}

// List gives the drafts that the actor may see, the last changed first, 500 at most.
func List(ctx context.Context, tx pgx.Tx, f Filter) ([]*Head, error) {
	low, high := int64(0), int64(1e15)
	if f.Division != "" {
		if _, err := division.ParseCode(f.Division); err != nil {
			return nil, err
		}
		g := postgres.GroundOf(f.Division)[0]
		low, high = g.Low, g.High
	}
	rows, err := tx.Query(ctx, `SELECT `+headColumns+headTables+`
		WHERE d.county BETWEEN $1 AND $2 AND d.ground && int8range($3, $4, '[]') AND ($5 = '' OR d.state = $5)
		ORDER BY d.changed_at DESC LIMIT 500`, low/1e9, high/1e9, low, high, f.State)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, scanHead)
	for _, h := range all {
		h.May = h.may(ctx)
	}
	return all, err
}

// Beginning is how a draft begins.
type Beginning struct {
	Division string
	Name     string
	Begin    string // "live": as it is; "nothing": no block in any grid; "draft": as another draft; "version": as it was
	Draft    ID
	Version  int
}

const (
	longestDraft = 100  // characters of a draft's name
	longestNote  = 2000 // of what is said about one
	longestWord  = 500  // of what is said about a publication
)

func cleanName(name string) (string, error) {
	return oneLine("name", "草案名称", name, 1, longestDraft)
}

// oneLine is typed.Text for what stands in a row of a table.
func oneLine(what, whatZH, s string, least, most int) (string, error) {
	s, err := typed.Text(what, whatZH, s, least, most)
	if err == nil && strings.Contains(s, "\n") {
		err = fault.New(fault.Invalid, whatZH+"（"+what+"）不能换行", what+" has to be one line").At(what)
	}
	return s, err
}

// begin writes a new draft's row.
func begin(ctx context.Context, tx pgx.Tx, who Person, b Beginning) (*Head, error) {
	code, err := division.ParseCode(b.Division)
	if err != nil {
		return nil, err
	}
	name, err := cleanName(b.Name)
	if err != nil {
		return nil, err
	}
	actor := postgres.ActorOf(ctx)
	ground := postgres.GroundOf(b.Division)[0]
	if !actor.Scope[access.PlanGrids].Contains(ground) {
		return nil, forbidden("您不能为 %s 起草：不在您的规划范围内", "you can't start a draft of %s: it isn't on the ground that you plan", b.Division)
	}
	live, err := layout.Live(ctx, tx, int32(code.County()))
	if err != nil {
		return nil, err
	}
	if live == 0 {
		return nil, invalid("县 %06d 还没有网格：先用 jingwei draw 划分", "county %06d has no grids yet: draw them first (jingwei draw)", code.County())
	}
	if _, err := communitiesOf(ctx, tx, b.Division); err != nil {
		return nil, err
	}
	people, _ := json.Marshal(map[string]Person{"made": who, "changed": who})
	id := ID{County: int32(code.County())}
	// Counted apart: who plans one town doesn't see the drafts of another, and so not their numbers.
	err = tx.QueryRow(ctx, `INSERT INTO draft_counter (county, last) VALUES ($1, 1)
		ON CONFLICT (county) DO UPDATE SET last = draft_counter.last + 1 RETURNING last`, id.County).Scan(&id.Number)
	if err != nil {
		return nil, fmt.Errorf("draft: begin: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO draft (county, id, division, ground, name, base, made_by, changed_by, people)
		VALUES ($1, $2, $3, int8range($4, $5, '[]'), $6, $7, $8, $8, $9)`,
		id.County, id.Number, b.Division, ground.Low, ground.High, name, live, actor.Account, people)
	if err != nil {
		return nil, fmt.Errorf("draft: begin: %w", err)
	}
	return find(ctx, tx, id, true)
}
