package facility

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/outbox"
	"jingwei/internal/planar"
)

// New is a facility as a table brings it, found on the ground by its caller.
type New struct {
	Code string // what the county calls it, "" for none
	Kind Kind
	Name string
	At   planar.Point
}

// Source is what it is known by: its code, and without one its kind, name and place. No file of the ground is called table:.
func (f *New) Source() string {
	if f.Code != "" {
		return "table:/" + f.Code
	}
	sum := f.sum()
	return "table:/#" + hex.EncodeToString(sum[:8])
}

func (f *New) sum() [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %d,%d", f.Kind, f.Name, f.At.X, f.At.Y))
}

// Taken is what became of what was brought.
type Taken struct{ Added, Changed, Same int }

// Communities is the ground (a community's code and 000) on which those facilities stand that are there already, by their sources.
func Communities(ctx context.Context, tx pgx.Tx, county int32, all []New) (map[string]int64, error) {
	sources := make([]string, len(all))
	for i := range all {
		sources[i] = all[i].Source()
	}
	rows, err := tx.Query(ctx, `SELECT f.source, b.community * 1000 FROM facility f JOIN block b ON b.county = f.county AND b.id = f.block WHERE f.county = $1 AND f.source = ANY ($2)`, county, sources)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	var source string
	var ground int64
	_, err = pgx.ForEachRow(rows, []any{&source, &ground}, func() error { out[source] = ground; return nil })
	return out, err
}

// Take writes facilities, each of another source. One that is there as it comes is left alone, one that differs is changed. Maps hear where.
func Take(ctx context.Context, tx pgx.Tx, county int32, all []New) (t Taken, err error) {
	n := len(all)
	sources, kinds, names, digests, lons, lats := make([]string, n), make([]string, n), make([]string, n), make([][]byte, n), make([]float64, n), make([]float64, n)
	for i := range all {
		f := &all[i]
		sum := f.sum()
		sources[i], kinds[i], names[i], digests[i] = f.Source(), string(f.Kind), f.Name, sum[:12]
		lons[i], lats[i] = f.At.Degrees()
	}
	rows, err := tx.Query(ctx, `
		WITH given AS (
			SELECT source, kind, name, digest, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
			FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::float8[], $7::float8[]) AS g (source, kind, name, digest, lon, lat)),
		before AS (
			SELECT f.source, f.geom FROM facility f JOIN given g ON f.county = $1 AND f.source = g.source AND f.digest <> g.digest),
		written AS (
			INSERT INTO facility AS f (county, source, kind, name, digest, geom) SELECT $1, source, kind, name, digest, geom FROM given
			ON CONFLICT (county, source) DO UPDATE SET kind = excluded.kind, name = excluded.name, digest = excluded.digest, geom = excluded.geom
			WHERE f.digest <> excluded.digest
			RETURNING xmax = 0 AS added, f.source, f.geom)
		SELECT w.added, ST_X(w.geom), ST_Y(w.geom), ST_X(coalesce(b.geom, w.geom)), ST_Y(coalesce(b.geom, w.geom)) FROM written w LEFT JOIN before b USING (source)`,
		county, sources, kinds, names, digests, lons, lats)
	if err != nil {
		return t, err
	}
	var touched [][4]float64
	var added bool
	var x, y, wasX, wasY float64
	_, err = pgx.ForEachRow(rows, []any{&added, &x, &y, &wasX, &wasY}, func() error {
		touched = append(touched, [4]float64{x, y, x, y})
		if added {
			t.Added++
			return nil
		}
		t.Changed++
		touched = append(touched, [4]float64{wasX, wasY, wasX, wasY})
		return nil
	})
	if t.Same = n - t.Added - t.Changed; err != nil || t.Same == n {
		return t, err
	}
	return t, outbox.Write(ctx, tx, int(county), outbox.GroundImported, map[string]any{"layers": []string{"facilities"}, "added": t.Added, "changed": t.Changed, "bounds": coarse(touched)})
}

// mostBounds is how many places an event names: tiles are compared with each.
const mostBounds = 100

// coarse is one rectangle around places that are too many.
func coarse(places [][4]float64) [][4]float64 {
	if len(places) <= mostBounds {
		return places
	}
	all := places[0]
	for _, p := range places {
		all = [4]float64{min(all[0], p[0]), min(all[1], p[1]), max(all[2], p[2]), max(all[3], p[3])}
	}
	return [][4]float64{all}
}
