package ingest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

const (
	batchRows  = 4000
	batchBytes = 8 << 20
)

// stage collects rows and sends them to temporary tables by COPY, a batch at a time.
type stage struct {
	tx    pgx.Tx
	n     int64 // rows so far: the order of the file
	bytes int

	lines, areas, buildings, entrances, facilities [][]any

	flushed map[string]bool
	late    []stagedEntrance // their building hasn't come yet
}

// stagedEntrance is an entrance and what is known of its building.
type stagedEntrance struct {
	counties []int // that it stands in: on a border two, and then its building says which
	source   string
	building string // the source's id of its building, with or without the file's name; empty: the one it stands at
	e        ground.Entrance
}

const stageTables = `
CREATE TEMP TABLE stage_line (county int, n bigint, source text, kind text, barrier smallint, class text, name text,
	digest bytea, shape bytea, geom bytea) ON COMMIT DROP;
CREATE TEMP TABLE stage_area (LIKE stage_line) ON COMMIT DROP;
CREATE TEMP TABLE stage_building (county int, n bigint, source text, name text, use text, levels real, address text,
	residents int, whole boolean, digest bytea, shape bytea, geom bytea) ON COMMIT DROP;
CREATE TEMP TABLE stage_facility (county int, n bigint, source text, kind text, name text, digest bytea, shape bytea, geom bytea) ON COMMIT DROP;
CREATE TEMP TABLE stage_entrance (county int, n bigint, source text, building text, ref text, residents int, geom bytea) ON COMMIT DROP;`

var stageColumns = map[string][]string{
	"stage_line":     {"county", "n", "source", "kind", "barrier", "class", "name", "digest", "shape", "geom"},
	"stage_area":     {"county", "n", "source", "kind", "barrier", "class", "name", "digest", "shape", "geom"},
	"stage_building": {"county", "n", "source", "name", "use", "levels", "address", "residents", "whole", "digest", "shape", "geom"},
	"stage_facility": {"county", "n", "source", "kind", "name", "digest", "shape", "geom"},
	"stage_entrance": {"county", "n", "source", "building", "ref", "residents", "geom"},
}

// newStage makes the temporary tables; they go with the transaction.
func newStage(ctx context.Context, tx pgx.Tx) (*stage, error) {
	if _, err := tx.Exec(ctx, stageTables); err != nil {
		return nil, fmt.Errorf("making the staging tables: %w", err)
	}
	return &stage{tx: tx, flushed: map[string]bool{}}, nil
}

func (s *stage) add(ctx context.Context, f *feature, counties []int) error {
	digest, shape := f.digest()
	geom := f.ewkb()
	for _, c := range counties {
		s.n++
		s.bytes += len(geom) + 200
		switch {
		case f.layer == Facilities:
			s.facilities = append(s.facilities, []any{c, s.n, f.source, f.kind, f.name, digest, shape, geom})
		case f.layer == Buildings:
			s.buildings = append(s.buildings, []any{c, s.n, f.source, f.name, f.class, float32(f.levels), f.address, known(f.people), f.whole, digest, shape, geom})
			for _, e := range f.entrances {
				if err := s.entrance(ctx, stagedEntrance{[]int{c}, f.source, f.source, e}); err != nil {
					return err
				}
			}
		case f.line != nil:
			s.lines = append(s.lines, []any{c, s.n, f.source, f.kind, int16(f.barrier), f.class, f.name, digest, shape, geom})
		default:
			s.areas = append(s.areas, []any{c, s.n, f.source, f.kind, int16(f.barrier), f.class, f.name, digest, shape, geom})
		}
	}
	if s.bytes > batchBytes || len(s.lines)+len(s.areas)+len(s.buildings)+len(s.entrances)+len(s.facilities) > batchRows {
		return s.flush(ctx)
	}
	return nil
}

func (s *stage) entrance(ctx context.Context, e stagedEntrance) error {
	s.n++ // the same in every county: it is one entrance
	for _, county := range e.counties {
		s.entrances = append(s.entrances, []any{county, s.n, e.source, e.building, e.e.Ref, known(e.e.People), planar.PointEWKB(e.e.At)})
	}
	if len(s.entrances) > batchRows {
		return s.flush(ctx)
	}
	return nil
}

// known is a count for a column, NULL when it isn't known.
func known(n int) any {
	if n < 0 {
		return nil
	}
	return n
}

func (s *stage) flush(ctx context.Context) error {
	for _, t := range []struct {
		table string
		rows  *[][]any
	}{{"stage_line", &s.lines}, {"stage_area", &s.areas}, {"stage_building", &s.buildings}, {"stage_entrance", &s.entrances}, {"stage_facility", &s.facilities}} {
		if len(*t.rows) == 0 {
			continue
		}
		if _, err := s.tx.CopyFrom(ctx, pgx.Identifier{t.table}, stageColumns[t.table], pgx.CopyFromRows(*t.rows)); err != nil {
			return fmt.Errorf("copying into %s: %w", t.table, err)
		}
		clear(*t.rows)
		*t.rows = (*t.rows)[:0]
		s.flushed[t.table] = true
	}
	s.bytes = 0
	return nil
}
