package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/responder"
)

// PostPage is a page of grids with who holds their posts.
type PostPage struct {
	Posts     []GridPosts   `json:"posts" doc:"By the grids' codes"`
	Total     int           `json:"total" doc:"Of all pages"`
	Grids     int           `json:"grids" doc:"Live grids there, vacant or not"`
	Vacancies PostVacancies `json:"vacancies" doc:"Of those grids"`
	Manage    bool          `json:"manage" doc:"Whoever asks gives these posts to people"`
	Today     string        `json:"today" format:"date" doc:"In the county"`
	Cursor    string        `json:"cursor" doc:"Of the next page, empty on the last"`
}

// PostVacancies counts grids without somebody who holds the post today.
type PostVacancies struct {
	Worker int `json:"worker"`
	Leader int `json:"leader"`
}

// GridPosts are the two posts of a grid.
type GridPosts struct {
	Grid      GridName     `json:"grid"`
	Community DivisionName `json:"community"`
	Residents int          `json:"residents"`
	Worker    GridPost     `json:"worker"`
	Leader    GridPost     `json:"leader"`
}

// GridPost is a post of a grid: who holds it today, and who will next. Without holder it is a vacancy.
type GridPost struct {
	Holder *PostHolder `json:"holder,omitempty"`
	Next   *PostHolder `json:"next,omitempty"`
}

// PostHolder is who holds a post from a day on.
type PostHolder struct {
	PostPerson
	Since      string          `json:"since" format:"date"`
	Until      string          `json:"until,omitempty" format:"date" doc:"The first day on which they don't hold it any more"`
	Substitute *PostSubstitute `json:"substitute,omitempty"`
}

// PostPerson is a responder where they work. The telephone number is masked.
type PostPerson struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// PostSubstitute is who stands in for whoever holds a post, both days included.
type PostSubstitute struct {
	PostPerson
	From string `json:"from" format:"date"`
	To   string `json:"to" format:"date"`
	Now  bool   `json:"now" doc:"They stand in today"`
}

type postsInput struct {
	Division string `query:"division" required:"true" maxLength:"20" doc:"Code of a division, or of a grid"`
	Vacant   string `query:"vacant" enum:"any,worker,leader" doc:"Only grids where that post is vacant today"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"200"`
	Cursor   string `query:"cursor" pattern:"^([0-9]{15})?$" patternDescription:"what cursor said" doc:"What cursor said on the page before"`
}

type assignInput struct {
	Code string `path:"code" pattern:"^[0-9]{15}$" patternDescription:"15 digits" doc:"15 digits"`
	Post string `path:"post" enum:"worker,leader"`
	Body struct {
		Responder  string           `json:"responder" maxLength:"40" doc:"Who is to hold it; empty: it becomes vacant"`
		Since      string           `json:"since,omitempty" format:"date" doc:"The first day of it; today when left out"`
		Substitute *substituteInput `json:"substitute,omitempty" doc:"Left out: nobody stands in"`
		Was        *string          `json:"was,omitempty" maxLength:"40" doc:"Who held it as the sender saw it, empty for a vacancy: if it is another by now, the answer is 409. Left out: whoever"`
	}
}

type substituteInput struct {
	Responder string `json:"responder" maxLength:"40"`
	From      string `json:"from" format:"date"`
	To        string `json:"to" format:"date" doc:"Included"`
}

func (s *Server) postRoutes() {
	personal(s, huma.Operation{
		OperationID: "listPosts", Method: http.MethodGet, Path: "/api/posts", Tags: []string{"responders"},
		Summary: "The posts of a division's grids: who holds them, who stands in, and which are vacant",
	}, s.listPosts)
	personal(s, huma.Operation{
		OperationID: "assignPost", Method: http.MethodPut, Path: "/api/grids/{code}/posts/{post}", Tags: []string{"responders"},
		Summary:     "Give a post of a grid to somebody, or make it vacant",
		Description: "Whoever holds it keeps it up to that day; who holds it already keeps it, and the substitute alone is new.",
	}, s.assignPost)
}

func (s *Server) listPosts(ctx context.Context, in *postsInput) (out PostPage, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		page, err := s.roll.Posts(ctx, tx, responder.PostFilter{Within: in.Division, Vacant: in.Vacant, Limit: in.Limit, Cursor: in.Cursor})
		if err != nil {
			return err
		}
		out = PostPage{Posts: make([]GridPosts, len(page.Grids)), Total: page.Total, Grids: page.Live, Manage: page.Manages, Today: page.Today.Format(time.DateOnly),
			Vacancies: PostVacancies{page.Vacant[responder.Worker], page.Vacant[responder.Leader]}, Cursor: page.Cursor}
		for i, g := range page.Grids {
			out.Posts[i] = gridPostsOf(g, page.Today)
		}
		return nil
	})
	return out, err
}

func (s *Server) assignPost(ctx context.Context, in *assignInput) (out GridPosts, err error) {
	a, err := in.assignment()
	if err != nil {
		return out, err
	}
	err = s.write(ctx, func(tx pgx.Tx) error {
		now, today, err := s.roll.Assign(ctx, tx, a)
		if err == nil {
			out = gridPostsOf(now, today)
		}
		return err
	})
	return out, err
}

// assignment reads what was sent.
func (in *assignInput) assignment() (a responder.Assignment, err error) {
	code, err := strconv.ParseInt(in.Code, 10, 64)
	if err != nil {
		return a, err
	}
	b := &in.Body
	a = responder.Assignment{Grid: layout.Code(code), Post: responder.Post(in.Post)}
	if a.Responder, err = responder.ParseID(b.Responder); err != nil {
		return a, err
	}
	if b.Since != "" {
		if a.Since, err = dateOf("since", b.Since); err != nil {
			return a, err
		}
	}
	if b.Was != nil {
		was, err := responder.ParseID(*b.Was)
		if err != nil {
			return a, err
		}
		a.Was = &was
	}
	if b.Substitute == nil {
		return a, nil
	}
	a.Substitute = new(responder.StandIn)
	if a.Substitute.Responder, err = responder.ParseID(b.Substitute.Responder); err != nil {
		return a, err
	}
	if a.Substitute.From, err = dateOf("substitute.from", b.Substitute.From); err != nil {
		return a, err
	}
	a.Substitute.To, err = dateOf("substitute.to", b.Substitute.To)
	return a, err
}

func dateOf(where, s string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return day, fault.New(fault.Invalid, fmt.Sprintf("日期 %.20q 不对，应形如 2026-03-01", s), fmt.Sprintf("the date %.20q is wrong; it looks like 2026-03-01", s)).At(where)
	}
	return day, nil
}

func gridPostsOf(g *responder.GridPosts, today time.Time) GridPosts {
	return GridPosts{Grid: GridName{g.Grid.String(), g.Name}, Community: DivisionName{g.Community, g.CommunityName}, Residents: g.Residents,
		Worker: gridPostOf(g.Posts[responder.Worker], today), Leader: gridPostOf(g.Posts[responder.Leader], today)}
}

func gridPostOf(f *responder.Filled, today time.Time) GridPost {
	return GridPost{Holder: postHolderOf(f.Now, today), Next: postHolderOf(f.Next, today)}
}

func postHolderOf(h *responder.Holding, today time.Time) *PostHolder {
	if h == nil {
		return nil
	}
	out := &PostHolder{PostPerson: postPersonOf(h.Person), Since: h.Since.Format(time.DateOnly), Until: dayOf(h.Until)}
	if s := h.Substitute; s != nil {
		out.Substitute = &PostSubstitute{PostPerson: postPersonOf(s.Person), From: s.From.Format(time.DateOnly), To: s.To.Format(time.DateOnly),
			Now: !s.From.After(today) && !s.To.Before(today)}
	}
	return out
}

func postPersonOf(p responder.Person) PostPerson {
	return PostPerson{ID: p.ID.String(), Kind: string(p.Kind), Name: p.Name, Phone: p.Phone}
}
