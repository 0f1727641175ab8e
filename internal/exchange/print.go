package exchange

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/ground"
	"jingwei/internal/planar"
	"jingwei/internal/sheet"
)

// Maps makes a sheet of each community of the layout, with the streets, water and buildings about it.
func (l *Layout) Maps(ctx context.Context, tx pgx.Tx, at time.Time) ([]sheet.Map, error) {
	within, err := aboveCommunities(ctx, tx, l.Division.Code)
	if err != nil {
		return nil, err
	}
	of := make(map[int64]*sheet.Map)
	for _, b := range l.Blocks {
		m := of[b.Community]
		if m == nil {
			m = &sheet.Map{Title: l.Communities[b.Community], Within: within(b.Community), Code: communityCode(b.Community), Version: l.Version, PublishedAt: l.PublishedAt, PrintedAt: at}
			of[b.Community] = m
		}
		m.Blocks = append(m.Blocks, b.Polygon)
		m.Estimated = m.Estimated || b.Source == ground.Estimate
	}
	for _, g := range l.Grids {
		m := of[g.Community]
		m.Grids = append(m.Grids, sheet.Grid{Code: g.Code.String(), Name: g.Name, Sides: g.Sides, Special: g.Special != "", Residents: g.Residents, Houses: g.Houses, Parts: g.Parts, Label: g.Label})
	}
	var out []sheet.Map
	for _, community := range slices.Sorted(maps.Keys(of)) {
		m := of[community]
		if err := loadAround(ctx, tx, l.County, m); err != nil {
			return nil, err
		}
		out = append(out, *m)
	}
	return out, nil
}

// aboveCommunities names the county and the town that a community of a division lies in. A county that is known by its code alone isn't named.
func aboveCommunities(ctx context.Context, tx pgx.Tx, code division.Code) (func(community int64) string, error) {
	county, err := division.Get(ctx, tx, code.CountyCode())
	if err != nil {
		return nil, err
	}
	towns, err := division.List(ctx, tx, county.Code)
	if err != nil {
		return nil, err
	}
	names := make(map[division.Code]string)
	for _, t := range towns {
		names[t.Code] = t.Name
	}
	first := county.Name
	if first == string(county.Code) {
		first = ""
	}
	return func(community int64) string {
		code, err := division.FromCommunity(community)
		if err != nil || code == code.Town() { // a town without communities is the title itself
			return first
		}
		return strings.TrimSpace(first + " " + names[code.Town()])
	}, nil
}

// loadAround reads what is shown besides grids, within what the sheet shows.
func loadAround(ctx context.Context, tx pgx.Tx, county int32, m *sheet.Map) error {
	low, high := sheet.Extent(m.Grids)
	west, south := low.Degrees()
	east, north := high.Degrees()
	box := []any{county, west, south, east, north}
	const near = ` AND geom && ST_MakeEnvelope($2, $3, $4, $5, 4326) ORDER BY id`
	rows, err := tx.Query(ctx, `SELECT kind, barrier, name, ST_AsBinary(geom) FROM line_feature WHERE county = $1`+near, box...)
	if err != nil {
		return err
	}
	var kind, name string
	var barrier int16
	var geom []byte
	if _, err = pgx.ForEachRow(rows, []any{&kind, &barrier, &name, &geom}, func() error {
		line, err := planar.ParseLine(geom)
		m.Streets = append(m.Streets, sheet.Street{Rank: rankOf(kind, ground.Barrier(barrier)), Name: name, Points: line})
		return err
	}); err != nil {
		return err
	}
	if rows, err = tx.Query(ctx, `SELECT ST_AsBinary(geom) FROM area_feature WHERE county = $1 AND kind = 'water'`+near, box...); err != nil {
		return err
	}
	if _, err = pgx.ForEachRow(rows, []any{&geom}, func() error {
		parts, err := planar.ParsePolygons(geom)
		m.Water = append(m.Water, sheet.Water{Parts: parts})
		return err
	}); err != nil {
		return err
	}
	if rows, err = tx.Query(ctx, `SELECT ST_AsBinary(geom) FROM building WHERE county = $1`+near, box...); err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, []any{&geom}, func() error {
		parts, err := planar.ParsePolygons(geom)
		m.Buildings = append(m.Buildings, parts)
		return err
	})
	return err
}

func rankOf(kind string, b ground.Barrier) sheet.Rank {
	switch kind {
	case "rail":
		return sheet.Railway
	case "wall":
		return sheet.Wall
	case "water":
		return sheet.Stream
	}
	switch b {
	case ground.MainRoad:
		return sheet.MainStreet
	case ground.Street:
		return sheet.Lane
	}
	return sheet.Path
}
