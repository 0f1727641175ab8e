package incident

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
)

// columns are what scan reads, of an incident i with what withNames joins to it.
const columns = `i.county, i.id, i.kind, i.severity, coalesce(i.special, ''), i.state, i.details, i.contact, i.given_x, i.given_y, i.given_crs,
	ST_X(i.geom), ST_Y(i.geom), i.grid, coalesce(g.name, ''), i.filed_grid, i.block, i.building, coalesce(b.name, ''), coalesce(b.address, ''),
	coalesce(i.building_m, 0), i.reported_at, coalesce(reporter_of(i.county, i.id), ''), i.near_border,
	concat_ws(' · ', town.name, community.name, nullif(coalesce(nullif(b.name, ''), b.address), ''))`

// withNames joins what things are called to incidents i.
const withNames = `
	LEFT JOIN grid g ON g.county = i.county AND g.code = i.grid
	LEFT JOIN building b ON b.county = i.county AND b.id = i.building
	LEFT JOIN division town ON town.code = left(lpad(i.grid::text, 15, '0'), 9)
	LEFT JOIN division community ON community.code = left(lpad(i.grid::text, 15, '0'), 12)`

// scan reads a row of columns and masks what is in it.
func (d *Desk) scan(row pgx.CollectableRow) (*Incident, error) {
	i := new(Incident)
	var s sealed
	var b Building
	var building *int64
	var grid, filed int64
	var severity int
	err := row.Scan(&i.ID.County, &i.ID.Number, &i.Kind, &severity, &i.Special, &i.State, &s.details, &s.contact, &i.GivenX, &i.GivenY, &i.GivenCRS,
		&i.Lon, &i.Lat, &grid, &i.GridName, &filed, &i.Block, &building, &b.Name, &b.Address, &b.Metres,
		&i.ReportedAt, &i.ReportedBy, &i.NearBorder, &i.Place)
	if err != nil {
		return nil, err
	}
	i.Severity, i.Grid, i.FiledGrid = Severity(severity), layout.Code(grid), layout.Code(filed)
	if building != nil {
		b.ID = *building
		i.Building = &b
	}
	text, contact, err := s.open(d.Vault, i.ID)
	i.Text, i.Contact = mask.Text(text), contact.masked()
	return i, err
}

// mine is the incident that came of a report of the actor's own, nil when none did, whether the actor may see what is there or not.
func (d *Desk) mine(ctx context.Context, tx pgx.Tx, county int32, request string) (*Incident, error) {
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM my_report($1, $2) i `+withNames, county, request)
	if err != nil {
		return nil, err
	}
	return d.only(rows)
}

// only is the one row there is, nil when there is none.
func (d *Desk) only(rows pgx.Rows) (*Incident, error) {
	i, err := pgx.CollectExactlyOneRow(rows, d.scan)
	if err == pgx.ErrNoRows {
		return nil, nil
	}
	return i, err
}

// visible reads an incident. Fault: NotFound when there is none, or none that the actor may see: nobody is told which.
func (d *Desk) visible(ctx context.Context, tx pgx.Tx, id ID) (*Incident, error) {
	if a := postgres.ActorOf(ctx); a.Account == 0 && len(a.Scope) == 0 {
		return nil, signedOut()
	}
	if err := d.ready(); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+columns+` FROM incident i `+withNames+` WHERE i.county = $1 AND i.id = $2`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	i, err := d.only(rows)
	if err == nil && i == nil {
		return nil, unseen(id)
	}
	return i, err
}

func unseen(id ID) error {
	return fault.New(fault.NotFound, fmt.Sprintf("没有事件 %s，或者它不在您的查看范围内", id), fmt.Sprintf("there is no incident %s, or none that you may see", id))
}

// Look opens one incident, and writes that into the trail: tx can write.
//
// Faults: NotFound when there is none that the actor may see; Unavailable when it can't be opened.
func (d *Desk) Look(ctx context.Context, tx pgx.Tx, id ID) (*Incident, error) {
	i, err := d.visible(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return i, d.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: int64(i.Grid), Action: audit.IncidentLooked, Subject: id.subject()})
}

const (
	mostHistory   = 20
	historyMetres = 100
)

// History are other incidents of the same building, or within 100 m, the newest first, of those that the actor may see.
func (d *Desk) History(ctx context.Context, tx pgx.Tx, of *Incident) ([]*Incident, error) {
	query, args := historyQuery(of)
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.AppendRows([]*Incident{}, rows, d.scan)
}

// historyQuery looks in ranges of cells: under row-level security the index of a geometry isn't used.
func historyQuery(of *Incident) (string, []any) {
	around := cellsAround(of.Lon, of.Lat, historyMetres)
	low, high := make([]int64, len(around)), make([]int64, len(around))
	for i, c := range around {
		low[i], high[i] = c.low, c.high
	}
	var building *int64
	if of.Building != nil {
		building = &of.Building.ID
	}
	return `
		WITH other AS (
			SELECT i.id FROM unnest($3::bigint[], $4::bigint[]) AS r (low, high)
			JOIN incident i ON i.county = $1 AND i.cell >= r.low AND i.cell < r.high
			WHERE ST_DWithin(i.geom::geography, ST_SetSRID(ST_MakePoint($5, $6), 4326)::geography, $7)
			UNION SELECT i.id FROM incident i WHERE i.county = $1 AND i.building = $8)
		SELECT ` + columns + ` FROM (
			SELECT i.* FROM other JOIN incident i ON i.county = $1 AND i.id = other.id WHERE i.id <> $2 ORDER BY i.id DESC LIMIT $9) i ` + withNames + `
		ORDER BY i.id DESC`,
		[]any{of.ID.County, of.ID.Number, low, high, of.Lon, of.Lat, float64(historyMetres), building, mostHistory}
}

// Filter says which incidents are wanted.
type Filter struct {
	Within   string   // code of a division or a grid: 6, 9, 12 or 15 digits; "": everywhere
	Kind     string   // "": all
	Group    string   // "": all
	Severity Severity // 0: all
	Limit    int
	Cursor   string // what Page.Cursor said on the page before, "" for the first
}

// Page is a page of a list.
type Page struct {
	Incidents []*Incident
	Total     int    // of all pages, at most MostCounted
	Cursor    string // of the next page, "" on the last
}

// MostCounted is where the counting for Page.Total ends.
const MostCounted = 10_000

// List gives incidents that the actor may see, the newest first.
//
// Faults: Invalid for a filter that says nothing sensible; Forbidden where the actor may see none; Unavailable when one can't be opened.
func (d *Desk) List(ctx context.Context, tx pgx.Tx, f Filter) (*Page, error) {
	before, within, err := f.check()
	if err != nil {
		return nil, err
	}
	spans, err := spansOf(ctx, tx, within, f.Within)
	if err != nil {
		return nil, err
	}
	if err := d.ready(); err != nil {
		return nil, err
	}
	out := &Page{Incidents: []*Incident{}}
	for _, s := range spans {
		n, err := f.count(ctx, tx, s)
		if err != nil {
			return nil, err
		}
		out.Total = min(out.Total+n, MostCounted)
		found, err := d.pageOf(ctx, tx, s, f, before)
		if err != nil {
			return nil, err
		}
		out.Incidents = append(out.Incidents, found...)
	}
	slices.SortFunc(out.Incidents, func(a, b *Incident) int { return int(b.ID.Number - a.ID.Number) }) // one sequence numbers all counties'
	if len(out.Incidents) > f.Limit {
		out.Incidents = out.Incidents[:f.Limit]
		out.Cursor = strconv.FormatInt(out.Incidents[f.Limit-1].ID.Number, 10)
	}
	return out, nil
}

// check reads the filter: numbers below before, grids within.
func (f *Filter) check() (before int64, within postgres.Range, err error) {
	before, within = 1<<62, postgres.Everywhere
	if f.Cursor != "" {
		if before, err = strconv.ParseInt(f.Cursor, 10, 64); err != nil || before <= 0 {
			return 0, within, fault.New(fault.Invalid, "cursor 不对：请用上一页返回的 cursor", "cursor is wrong: take the one that the page before gave")
		}
	}
	if f.Kind != "" {
		if _, err := kindOf(f.Kind); err != nil {
			return 0, within, err
		}
	}
	if f.Group != "" && len(kindsOf(Group(f.Group))) == 0 {
		return 0, within, fault.New(fault.Invalid, fmt.Sprintf("没有事件大类 %.40q；见 /api/incident-kinds", f.Group),
			fmt.Sprintf("there is no group of incidents %.40q; see /api/incident-kinds", f.Group)).At("group")
	}
	if f.Severity != 0 {
		if err := checkSeverity(f.Severity); err != nil {
			return 0, within, err
		}
	}
	if f.Within != "" {
		code := f.Within
		if len(code) != 15 {
			c, err := division.ParseCode(code)
			if err != nil {
				return 0, within, err
			}
			code = string(c)
		}
		ranges := postgres.GroundOf(code)
		if len(ranges) == 0 {
			return 0, within, fault.New(fault.Invalid, fmt.Sprintf("代码 %q 不对：应为 6、9、12 位（区划）或 15 位（网格）数字", f.Within),
				fmt.Sprintf("code %q is wrong: it has 6, 9 or 12 digits (division) or 15 (grid)", f.Within))
		}
		within = ranges[0]
	}
	f.Limit = max(1, f.Limit)
	return before, within, nil
}

// where is the condition of a filter within a span. The span's numbers are sent as constants and the statement is planned each time
// (pgx.QueryExecModeExec): how many grids they are decides which index is right.
func (f *Filter) where(s span) (string, []any) {
	parts := []string{"county = $1", "grid >= $2", "grid <= $3"}
	args := []any{pgx.QueryExecModeExec, s.county, s.low, s.high}
	if f.Kind != "" {
		args = append(args, f.Kind)
		parts = append(parts, fmt.Sprintf("kind = $%d", len(args)-1))
	}
	if f.Group != "" {
		args = append(args, kindsOf(Group(f.Group)))
		parts = append(parts, fmt.Sprintf("kind = ANY($%d)", len(args)-1))
	}
	if f.Severity != 0 {
		args = append(args, int(f.Severity))
		parts = append(parts, fmt.Sprintf("severity = $%d", len(args)-1))
	}
	return strings.Join(parts, " AND "), args
}

func (f *Filter) count(ctx context.Context, tx pgx.Tx, s span) (n int, err error) {
	where, args := f.where(s)
	err = tx.QueryRow(ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT FROM incident WHERE %s LIMIT %d) i`, where, MostCounted), args...).Scan(&n)
	return n, err
}

// pageQuery is the page of a filter within a span, and one incident more when there are more.
func (f *Filter) pageQuery(s span, before int64) (string, []any) {
	where, args := f.where(s)
	args = append(args, before)
	return fmt.Sprintf(`
		SELECT `+columns+` FROM (SELECT * FROM incident WHERE %s AND id < $%d ORDER BY id DESC LIMIT %d) i `+withNames+`
		ORDER BY i.id DESC`, where, len(args)-1, f.Limit+1), args
}

func (d *Desk) pageOf(ctx context.Context, tx pgx.Tx, s span, f Filter, before int64) ([]*Incident, error) {
	query, args := f.pageQuery(s, before)
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, d.scan)
}
