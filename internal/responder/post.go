package responder

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// Person is a responder as they are named where they work.
type Person struct {
	ID    ID     `json:"id"`
	Kind  Kind   `json:"kind"`
	Name  string `json:"name"`
	Phone string `json:"phone"` // masked
}

// Substitution is that somebody stands in for whoever holds a post, both days included.
type Substitution struct {
	Person Person    `json:"person"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
}

// Holding is who holds a post, or will.
type Holding struct {
	Person     Person        `json:"person"`
	Since      time.Time     `json:"since"`
	Until      *time.Time    `json:"until"`      // the first day on which they don't any more, nil when that isn't known
	Substitute *Substitution `json:"substitute"` // now or later, nil for none
}

// Filled is a post of a grid: who holds it, nil for a vacancy, and who holds it next, nil when nobody is named.
type Filled struct {
	Now  *Holding `json:"now"`
	Next *Holding `json:"next"`
}

// GridPosts are the posts of a live grid.
type GridPosts struct {
	Grid          layout.Code      `json:"grid"`
	Name          string           `json:"name"`
	Community     string           `json:"community"` // code of its division
	CommunityName string           `json:"community_name"`
	Residents     int              `json:"residents"`
	Posts         map[Post]*Filled `json:"posts"` // all of Posts
}

// PostFilter says which grids are wanted.
type PostFilter struct {
	Within string // code of a division or a grid
	Vacant string // "": all; "any", or a post: only grids where it is vacant today
	Limit  int
	Cursor string
}

// PostPage is a page of grids with their posts.
type PostPage struct {
	Grids   []*GridPosts
	Total   int          // of all pages
	Live    int          // grids there, vacant or not
	Vacant  map[Post]int // of those, without somebody who holds it today
	Cursor  string
	Today   time.Time
	Manages bool // whether the actor gives posts to people in all of it
}

// held are the postings p of today.
const held = `(p.since <= current_date AND (p.until IS NULL OR p.until > current_date))`

// live are the grids g that are asked for ($1 county, $2 and $3 the range of codes, $4 what is vacant) and the actor may see the posts of, with
// whether their posts are vacant. Where postings can't be seen, every post would look vacant.
const live = `
	WITH live AS (
		SELECT g.code, g.name, g.community, g.residents,
			NOT EXISTS (SELECT FROM posting p WHERE p.county = g.county AND p.grid = g.code AND p.post = 'worker' AND ` + held + `) AS worker,
			NOT EXISTS (SELECT FROM posting p WHERE p.county = g.county AND p.grid = g.code AND p.post = 'leader' AND ` + held + `) AS leader
		FROM grid g WHERE g.county = $1 AND g.code BETWEEN $2 AND $3 AND g.retired IS NULL AND (SELECT scope_of('responder.read')) @> g.code),
	wanted AS (SELECT * FROM live WHERE CASE $4 WHEN 'any' THEN worker OR leader WHEN 'worker' THEN worker WHEN 'leader' THEN leader ELSE true END)`

// Posts gives the live grids of a division with who holds their posts, in the order of their codes; vacancies are shown as such.
//
// Faults: Invalid; Forbidden for who may see responders nowhere there; Unavailable without keys.
func (r *Roll) Posts(ctx context.Context, tx pgx.Tx, f PostFilter) (*PostPage, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	ground, county, err := asked(ctx, f.Within)
	if err != nil {
		return nil, err
	}
	if f.Vacant != "" && f.Vacant != "any" {
		if _, err := ParsePost(f.Vacant); err != nil {
			return nil, err
		}
	}
	after, err := strconv.ParseInt("0"+f.Cursor, 10, 64)
	if err != nil {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("页码 %.20q 不对；它是上一页给出的 cursor", f.Cursor), fmt.Sprintf("the cursor %.20q is none that a page gave", f.Cursor)).At("cursor")
	}
	out := &PostPage{Vacant: map[Post]int{}, Manages: postgres.ActorOf(ctx).Scope[access.ManageResponders].Contains(ground)}
	var worker, leader int
	err = tx.QueryRow(ctx, live+` SELECT (SELECT count(*) FROM wanted), count(*), count(*) FILTER (WHERE worker), count(*) FILTER (WHERE leader), current_date FROM live`,
		county, ground.Low, ground.High, f.Vacant).Scan(&out.Total, &out.Live, &worker, &leader, &out.Today)
	if err != nil {
		return nil, err
	}
	out.Vacant[Worker], out.Vacant[Leader] = worker, leader
	rows, err := tx.Query(ctx, live+`
		SELECT w.code, w.name, coalesce(d.code, w.community::text), coalesce(d.name, ''), w.residents FROM wanted w
		LEFT JOIN territory t ON t.county = $1 AND t.community = w.community LEFT JOIN division d ON d.code = t.division
		WHERE w.code > $5 ORDER BY w.code LIMIT $6`, county, ground.Low, ground.High, f.Vacant, after, f.Limit+1)
	if err != nil {
		return nil, err
	}
	out.Grids, err = pgx.AppendRows([]*GridPosts{}, rows, func(row pgx.CollectableRow) (*GridPosts, error) {
		g := &GridPosts{Posts: map[Post]*Filled{Worker: {}, Leader: {}}}
		return g, row.Scan(&g.Grid, &g.Name, &g.Community, &g.CommunityName, &g.Residents)
	})
	if err != nil {
		return nil, err
	}
	if len(out.Grids) > f.Limit {
		out.Grids = out.Grids[:f.Limit]
		out.Cursor = out.Grids[f.Limit-1].Grid.String()
	}
	return out, r.fill(ctx, tx, county, out.Grids)
}

// fill reads who holds the posts of grids, in one question.
func (r *Roll) fill(ctx context.Context, tx pgx.Tx, county int32, grids []*GridPosts) error {
	at, wanted := make(map[layout.Code]*GridPosts, len(grids)), make([]layout.Code, len(grids))
	for i, g := range grids {
		at[g.Grid], wanted[i] = g, g.Grid
	}
	rows, err := tx.Query(ctx, `
		SELECT p.grid, p.post, p.since, p.until, p.since <= current_date, r.id, r.kind, r.name, r.phone,
			coalesce(s.id, 0), coalesce(s.kind, ''), coalesce(s.name, ''), s.phone, coalesce(p.substitute_from, p.since), coalesce(p.substitute_to, p.since)
		FROM posting p JOIN responder r ON r.county = p.county AND r.id = p.responder
		LEFT JOIN responder s ON s.county = p.county AND s.id = p.substitute AND p.substitute_to >= current_date
		WHERE p.county = $1 AND p.grid = ANY ($2) AND (p.until IS NULL OR p.until > current_date) AND (p.until IS NULL OR p.until > p.since)
		ORDER BY p.grid, p.post, p.since`, county, codes(wanted))
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (none struct{}, err error) {
		var grid layout.Code
		var post Post
		var begun bool
		var phone, substitutePhone []byte
		h := &Holding{Person: Person{ID: ID{County: county}}}
		s := Substitution{Person: Person{ID: ID{County: county}}}
		if err := row.Scan(&grid, &post, &h.Since, &h.Until, &begun, &h.Person.ID.Number, &h.Person.Kind, &h.Person.Name, &phone,
			&s.Person.ID.Number, &s.Person.Kind, &s.Person.Name, &substitutePhone, &s.From, &s.To); err != nil {
			return none, err
		}
		if h.Person.Phone, err = masked(r.Vault, h.Person.ID, phone); err != nil {
			return none, err
		}
		if s.Person.ID.Number != 0 {
			if s.Person.Phone, err = masked(r.Vault, s.Person.ID, substitutePhone); err != nil {
				return none, err
			}
			h.Substitute = &s
		}
		filled := at[grid].Posts[post]
		switch {
		case begun:
			filled.Now = h
		case filled.Next == nil:
			filled.Next = h
		}
		return none, nil
	})
	return err
}

// PostsOf gives the posts of one live grid. Fault: NotFound.
func (r *Roll) PostsOf(ctx context.Context, tx pgx.Tx, grid layout.Code) (*GridPosts, error) {
	page, err := r.Posts(ctx, tx, PostFilter{Within: grid.String(), Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(page.Grids) == 0 {
		return nil, notLive(grid)
	}
	return page.Grids[0], nil
}

func notLive(grid layout.Code) error {
	return fault.New(fault.NotFound, fmt.Sprintf("没有代码为 %s 的现行网格；它可能已被新版布局撤销", grid),
		fmt.Sprintf("there is no live grid %s; a newer layout may have retired it", grid))
}
