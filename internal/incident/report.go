package incident

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/outbox"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
)

// Event is the payload of outbox.IncidentReported: which one, and nothing of what was said.
type Event struct {
	ID ID `json:"id"`
}

// Report takes a report: it finds the grid, files the incident under it, tells the outbox and writes the trail, all in tx, which is READ
// COMMITTED (postgres.InTx). A report that came before under the same name from the same account is answered with the incident that came of it,
// whatever else it says now.
//
// Faults: Invalid for what is wrong with the report, and for a position outside of all grids; Ambiguous (Conflict) near a border, unless the report
// says which grid is meant; Forbidden where the actor may not report, or not about that special group; Unavailable without keys, and for
// some seconds while grids are being published.
func (d *Desk) Report(ctx context.Context, tx pgx.Tx, report Report) (*Incident, error) {
	if postgres.ActorOf(ctx).Account == 0 {
		return nil, signedOut()
	}
	if err := d.ready(); err != nil {
		return nil, err
	}
	r, err := report.clean()
	if err != nil {
		return nil, err
	}
	at, err := d.find(ctx, tx, &r)
	if err != nil {
		return nil, err
	}
	if report.Request != "" {
		if before, err := d.mine(ctx, tx, at.county, r.Request); before != nil || err != nil {
			return before, err
		}
	}
	if err := holdGround(ctx, tx, at.county); err != nil {
		return nil, err
	}
	county := at.county
	if at, err = d.find(ctx, tx, &r); err != nil {
		return nil, err
	}
	if at.county != county {
		return nil, fault.New(fault.Unavailable, "该处刚划入另一个县，请再试一次", "the place has just become another county's; try again")
	}
	if err := mayReport(ctx, tx, at.candidates(), ""); err != nil {
		return nil, err
	}
	grid, neighbour, err := at.choose(ctx, tx, r.Grid)
	if err != nil {
		return nil, err
	}
	if err := mayReport(ctx, tx, []int64{grid}, r.Special); err != nil {
		return nil, err
	}
	if err := d.file(ctx, tx, &r, at, grid, neighbour); err != nil {
		return nil, err
	}
	return d.mine(ctx, tx, county, r.Request)
}

// candidates are the grids that a report may turn out to mean.
func (s *spot) candidates() []int64 {
	out := []int64{s.Grid}
	for _, n := range s.near {
		out = append(out, n.Grid)
	}
	return out
}

// mayReport says whether the actor may report in one of some grids at least, and about a special group. Faults: Forbidden, naming the place.
func mayReport(ctx context.Context, tx pgx.Tx, grids []int64, special string) error {
	scope := postgres.ActorOf(ctx).Scope
	for _, g := range grids {
		if !scope[access.ReportIncidents].Covers(g) {
			continue
		}
		if special == "" || scope[access.Special(access.Label(special))].Covers(g) {
			return nil
		}
		zh, en := access.Label(special).Names()
		return fault.New(fault.Forbidden, fmt.Sprintf("您没有“%s”标签，不能在此上报涉及该人群的事件", zh),
			fmt.Sprintf("you may not report what concerns %s here: that needs its label", en)).At("special")
	}
	code := layout.Code(grids[0])
	var name string
	err := tx.QueryRow(ctx, `
		SELECT concat_ws(' ', (SELECT name FROM division WHERE code = left($1, 9)), (SELECT name FROM division WHERE code = left($1, 12)),
			nullif((SELECT name FROM grid WHERE county = $2 AND code = $3), ''))`,
		code.String(), int32(code/1_000_000_000), int64(code)).Scan(&name)
	if err != nil {
		return err
	}
	return fault.New(fault.Forbidden, fmt.Sprintf("该处属于 %s（网格 %s），不在您可以上报的范围内", name, code),
		fmt.Sprintf("the place is in %s (grid %s), where you may not report", name, code)).At("lon")
}

// file writes the incident, the visit that it calls for, its event and its entry in the trail; nothing when the same report was filed by another transaction meanwhile.
func (d *Desk) file(ctx context.Context, tx pgx.Tx, r *located, at spot, grid int64, neighbour bool) error {
	lon, lat := planar.FromDegrees(r.lon, r.lat).Degrees()
	id := ID{County: at.county}
	var version int
	var building *int64
	var metres *float64
	err := tx.QueryRow(ctx, `
		SELECT nextval('incident_id_seq'), (SELECT version FROM layout WHERE county = $1 AND live), b.id, b.metres
		FROM (SELECT ST_SetSRID(ST_MakePoint($2, $3), 4326) AS geom) p
		LEFT JOIN LATERAL (
			SELECT id, metres FROM (
				SELECT id, ST_Distance(b.geom::geography, p.geom::geography) AS metres FROM building b
				WHERE b.county = $1 AND b.geom && ST_Expand(p.geom, $4 / (111000 * cos(radians($3))), $4 / 110500.0)) c
			WHERE metres <= $4 ORDER BY metres, id LIMIT 1) b ON true`, at.county, lon, lat, float64(buildingMetres)).
		Scan(&id.Number, &version, &building, &metres)
	if err != nil {
		return err
	}
	s, err := seal(d.Vault, id, &r.Report)
	if err != nil {
		return err
	}
	// Neither a conflict's columns nor what came of it may be named: that would ask whether the reporter may see the row.
	tag, err := tx.Exec(ctx, `
		INSERT INTO incident (county, id, kind, severity, special, details, contact, contact_index, given_x, given_y, given_crs, geom, cell, block,
			building, building_m, filed_grid, filed_version, grid, near_border, reported_by, request)
		OVERRIDING SYSTEM VALUE
		VALUES ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8, $9, $10, $11, ST_SetSRID(ST_MakePoint($12, $13), 4326), $14, $15,
			$16, $17, $18, $19, $18, $20, $21, $22)
		ON CONFLICT DO NOTHING`,
		id.County, id.Number, string(r.kind.Kind), int(r.Severity), r.Special, s.details, s.contact, s.contactIndex, r.Lon, r.Lat, r.CRS,
		lon, lat, cellOf(lon, lat), at.Block, building, metres, grid, version, neighbour, postgres.ActorOf(ctx).Account, r.Request)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if err := plan(ctx, tx, id, r.kind.Kind, r.Severity); err != nil {
		return err
	}
	if err := outbox.Write(ctx, tx, int(id.County), outbox.IncidentReported, Event{id}); err != nil {
		return err
	}
	return d.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: grid, Action: audit.IncidentReported, Subject: id.subject(),
		Details: map[string]any{"kind": r.kind.Kind, "severity": r.Severity}})
}
