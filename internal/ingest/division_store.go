package ingest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/outbox"
)

// keepGround leaves a division that comes without a polygon the one that it has.
func keepGround(ctx context.Context, tx pgx.Tx, ds []division.Division) error {
	for i := range ds {
		if len(ds[i].Polygons) > 0 {
			continue
		}
		switch old, err := division.Get(ctx, tx, ds[i].Code); {
		case err == nil:
			ds[i].Polygons = old.Polygons
		case fault.CodeOf(err) != fault.NotFound:
			return err
		}
	}
	return nil
}

func (d *divisionImport) store(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, importLock); err != nil {
		return fmt.Errorf("waiting for another import: %w", err)
	}
	ds := make([]division.Division, len(d.found))
	parents := map[division.Code]string{}
	levels := map[division.Level]bool{}
	for i, f := range d.found {
		ds[i] = f.Division
		levels[f.Code.Level()] = true
		d.report.county(f.County())
		if p := f.Code.Parent(); p != "" && f.parentName != "" && parents[p] == "" {
			parents[p] = f.parentName
		}
	}
	if err := keepGround(ctx, tx, ds); err != nil {
		return err
	}
	n, err := division.Put(ctx, tx, ds, parents)
	if err != nil {
		return err
	}
	d.report.tally("division", Tally{Added: n.Added + n.Implied, Changed: n.Changed, Unchanged: n.Unchanged})
	for _, level := range []division.Level{division.County, division.Town, division.Community} {
		if !levels[level] {
			continue
		}
		all, err := division.AtLevel(ctx, tx, level)
		if err != nil {
			return err
		}
		p, err := checkPartition(ctx, level, all, d.refused)
		if err != nil {
			return fmt.Errorf("checking the partition of the divisions: %w", err)
		}
		d.report.Partition = append(d.report.Partition, p)
		if d.report.Same() {
			continue
		}
		if err := division.Shape(ctx, tx, all); err != nil {
			return fmt.Errorf("making the shapes of the divisions: %w", err)
		}
	}
	if d.report.Same() {
		return nil
	}
	for _, county := range d.report.Counties {
		if err := outbox.Write(ctx, tx, county, outbox.DivisionsImported, map[string]any{"file": d.file}); err != nil {
			return err
		}
	}
	return nil
}
