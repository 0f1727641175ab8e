package responder

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// Filter says which responders are wanted.
type Filter struct {
	Within string // code of a division or a grid: who belongs there or holds a post there
	Kind   string // "": all
	Q      string // part of the name, "" for all
	Free   bool   // only those who hold no post and could
	Ended  bool   // those who don't work there any more as well
	Limit  int
	Cursor string // what Page.Cursor said on the page before, "" for the first
}

// Page is a page of a list.
type Page struct {
	Responders []*Responder
	Total      int    // of all pages
	Cursor     string // of the next page, "" on the last
}

const columns = `r.county, r.id, r.kind, r.name, r.phone, r.division, coalesce(d.name, ''), coalesce(r.account, ''), r.ended`

// wanted are the conditions of a filter: $1 the county, $2 and $3 the range of grids, $4 the kind, $5 the text, $6 free, $7 ended.
const wanted = `
	FROM responder r LEFT JOIN division d ON d.code = r.division
	WHERE r.county = $1
	  AND (int8range($2, $3, '[]') @> r.ground OR EXISTS (SELECT FROM posting p WHERE p.county = r.county AND r.id IN (p.responder, p.substitute)
		AND p.grid BETWEEN $2 AND $3 AND (p.until IS NULL OR p.until > current_date)))
	  AND ($4 = '' OR r.kind = $4) AND ($5 = '' OR strpos(lower(r.name), lower($5)) > 0)
	  AND ($7 OR r.ended IS NULL OR r.ended > current_date)
	  AND (NOT $6 OR r.kind IN ('grid-worker', 'grid-leader') AND (r.ended IS NULL OR r.ended > current_date)
		AND NOT EXISTS (SELECT FROM posting p WHERE p.county = r.county AND p.responder = r.id AND (p.until IS NULL OR p.until > current_date)))`

// List gives responders that the actor may see, in the order in which they were put on the roll, with what they hold.
//
// Faults: Invalid for a code or a kind that is none; Forbidden for who may see responders nowhere there; Unavailable without keys.
func (r *Roll) List(ctx context.Context, tx pgx.Tx, f Filter) (*Page, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	ground, county, err := asked(ctx, f.Within)
	if err != nil {
		return nil, err
	}
	if f.Kind != "" {
		if _, err := ParseKind(f.Kind); err != nil {
			return nil, err
		}
	}
	after, err := strconv.ParseInt("0"+f.Cursor, 10, 64)
	if err != nil {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("页码 %.20q 不对；它是上一页给出的 cursor", f.Cursor), fmt.Sprintf("the cursor %.20q is none that a page gave", f.Cursor)).At("cursor")
	}
	args := []any{county, ground.Low, ground.High, f.Kind, strings.TrimSpace(f.Q), f.Free, f.Ended}
	out := &Page{}
	if err := tx.QueryRow(ctx, `SELECT count(*) `+wanted, args...).Scan(&out.Total); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+wanted+` AND r.id > $8 ORDER BY r.id LIMIT $9`, append(args, after, f.Limit+1)...)
	if err != nil {
		return nil, err
	}
	if out.Responders, err = pgx.AppendRows([]*Responder{}, rows, r.scan); err != nil {
		return nil, err
	}
	if len(out.Responders) > f.Limit {
		out.Responders = out.Responders[:f.Limit]
		out.Cursor = strconv.FormatInt(out.Responders[f.Limit-1].ID.Number, 10)
	}
	return out, holdings(ctx, tx, county, out.Responders)
}

// asked reads the code of a division or a grid, and refuses one where the actor may see no responders.
func asked(ctx context.Context, code string) (ground postgres.Range, county int32, err error) {
	ranges := postgres.GroundOf(code)
	if len(code) != 15 {
		c, err := division.ParseCode(code)
		if err != nil {
			return ground, 0, err
		}
		ranges = postgres.GroundOf(string(c))
	}
	if len(ranges) == 0 {
		return ground, 0, fault.New(fault.Invalid, fmt.Sprintf("代码 %.20q 不对：网格代码为 15 位数字", code), fmt.Sprintf("the code %.20q is wrong: a grid's has 15 digits", code)).At("division")
	}
	ground = ranges[0]
	for _, mine := range postgres.ActorOf(ctx).Scope[access.ReadResponders] {
		if mine.Low <= ground.High && ground.Low <= mine.High {
			return ground, int32(ground.Low / 1_000_000_000), nil
		}
	}
	return ground, 0, fault.New(fault.Forbidden, fmt.Sprintf("%.20s 不在您可查看处置人员的范围内", code), fmt.Sprintf("%.20s isn't where you may see responders", code))
}

// scan reads a row of columns and masks what is in it.
func (r *Roll) scan(row pgx.CollectableRow) (*Responder, error) {
	out := new(Responder)
	var phone []byte
	err := row.Scan(&out.ID.County, &out.ID.Number, &out.Kind, &out.Name, &phone, &out.Division, &out.DivisionName, &out.Account, &out.Ended)
	if err != nil {
		return nil, err
	}
	out.Phone, err = masked(r.Vault, out.ID, phone)
	return out, err
}

// Find gives one responder with what they hold. Fault: NotFound when there is none, or none that the actor may see: nobody is told which.
func (r *Roll) Find(ctx context.Context, tx pgx.Tx, id ID) (*Responder, error) {
	if err := r.ready(); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM responder r LEFT JOIN division d ON d.code = r.division WHERE r.county = $1 AND r.id = $2`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	out, err := pgx.CollectExactlyOneRow(rows, r.scan)
	if err == pgx.ErrNoRows {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("没有处置人员 %s，或者不在您的查看范围内", id), fmt.Sprintf("there is no responder %s, or none that you may see", id))
	}
	if err != nil {
		return nil, err
	}
	return out, holdings(ctx, tx, id.County, []*Responder{out})
}

// holdings reads what responders hold, in one question.
func holdings(ctx context.Context, tx pgx.Tx, county int32, of []*Responder) error {
	ids, at := make([]int64, len(of)), make(map[int64]*Responder, len(of))
	for i, r := range of {
		ids[i], at[r.ID.Number], r.Posts = r.ID.Number, r, []Held{}
	}
	rows, err := tx.Query(ctx, `
		SELECT w.id, p.grid, coalesce(g.name, ''), p.post, w.since, w.until, w.stands_in
		FROM posting p LEFT JOIN grid g ON g.county = p.county AND g.code = p.grid
		CROSS JOIN LATERAL (VALUES (p.responder, p.since, p.until, false), (p.substitute, p.substitute_from, least(p.substitute_to + 1, p.until), true))
			w (id, since, until, stands_in)
		WHERE p.county = $1 AND (p.responder = ANY ($2) OR p.substitute = ANY ($2)) AND (p.until IS NULL OR p.until > current_date)
		  AND w.id = ANY ($2) AND (w.until IS NULL OR w.until > current_date)
		ORDER BY w.id, w.stands_in, p.grid, p.post DESC, w.since`, county, ids)
	if err != nil {
		return err
	}
	var id int64
	var h Held
	_, err = pgx.ForEachRow(rows, []any{&id, &h.Grid, &h.GridName, &h.Post, &h.Since, &h.Until, &h.StandsIn}, func() error {
		one := h
		if h.Until != nil {
			until := *h.Until
			one.Until = &until
		}
		at[id].Posts = append(at[id].Posts, one)
		return nil
	})
	return err
}

// codes are grid codes as the database takes them.
func codes(grids []layout.Code) []int64 {
	out := make([]int64, len(grids))
	for i, g := range grids {
		out[i] = int64(g)
	}
	return out
}
