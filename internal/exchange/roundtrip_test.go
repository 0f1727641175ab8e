package exchange

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
)

var when = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// What is exported and imported again gives the same layout, block by block, in every format and coordinate system, for every version.
func TestRoundTrips(t *testing.T) {
	needGDAL(t)
	v := newTown(t)
	g := v.ground(townCode)
	for version := 1; version <= 2; version++ {
		want := v.load(townCode, version).assignment()
		for _, c := range []struct{ format, crs, read string }{
			{"geojson", "wgs84", ""}, {"geojson", "cgcs2000", ""}, {"gpkg", "wgs84", ""}, {"gpkg", "cgcs2000", ""}, {"shp.zip", "wgs84", ""}, {"shp.zip", "cgcs2000", ""},
			{"gpkg", "epsg:4548", ""}, {"shp.zip", "epsg:4527", ""}, {"shp.zip", "epsg:4498", ""},
		} {
			if version == 1 && c.crs != "wgs84" {
				continue // the ground of an earlier version goes the same way
			}
			t.Run(fmt.Sprintf("%s %s v%d", c.format, c.crs, version), func(t *testing.T) {
				in := v.lay(g, NetInput{File: v.export(Job{What: Grids, Format: c.format, CRS: c.crs, Division: townCode, Version: version})})
				if got := assignmentOf(in); !reflect.DeepEqual(got, want) {
					t.Errorf("blocks went to %v, want %v", got, want)
				}
				if version == 2 && (len(in.Result.Flaws) > 0 || len(in.Result.Decisions) > 0) {
					t.Errorf("what was exported has flaws: %+v", in.Result.Flaws)
				}
			})
		}
		in := v.lay(g, NetInput{File: v.export(Job{What: Assignment, Format: "csv", Division: townCode, Version: version})})
		if got := assignmentOf(in); !reflect.DeepEqual(got, want) {
			t.Errorf("the table of blocks of version %d: %v, want %v", version, got, want)
		}
	}
}

// The live layout imported again changes nothing; an earlier one imported and published gives its grids, and what it was is in the history.
func TestPublishingWhatWasExported(t *testing.T) {
	v := newTown(t)
	propose := func(version int) *layout.Adopted {
		t.Helper()
		in := v.lay(v.ground(townCode), NetInput{File: v.export(Job{What: Grids, Format: "geojson", Division: townCode, Version: version})})
		var plan *layout.Adopted
		v.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			plan, err = Propose(ctx, tx, in.Ground, in.Result)
			return err
		})
		return plan
	}
	if plan := propose(2); !plan.Same || plan.Moved != 0 {
		t.Errorf("the live layout imported again: same %v, %d moved", plan.Same, plan.Moved)
	}
	first := v.load(townCode, 1)
	plan := propose(1)
	if plan.Same || plan.Moved != 6*120 {
		t.Errorf("version 1 imported: same %v, %d moved; want the second column of houses and two columns of the eastern village", plan.Same, plan.Moved)
	}
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := layout.Publish(ctx, tx, plan.Proposal, layout.Author{By: "test"})
		return err
	})
	third := v.load(townCode, 3)
	// The first version's second grid was merged into the first in version 2, so its code is gone for good.
	codes := make(map[layout.Code]bool)
	for _, g := range third.Grids {
		codes[g.Code] = true
	}
	var gone []layout.Code
	for _, g := range first.Grids {
		if !codes[g.Code] {
			gone = append(gone, g.Code)
		}
	}
	if want := []layout.Code{layout.Code(westCode.Community()*1000 + 2)}; len(third.Grids) != len(first.Grids) || !reflect.DeepEqual(gone, want) || third.Grids[0].Name != "甲网格" {
		t.Errorf("version 3 has grids %v, version 1 had %v", third.Grids, first.Grids)
	}
	sameGround := make(map[string]string)
	before, after := first.assignment(), third.assignment()
	for block, code := range after {
		if old, seen := sameGround[code]; seen && old != before[block] {
			t.Fatalf("block %d is in grid %s with blocks of %s and %s", block, code, old, before[block])
		}
		sameGround[code] = before[block]
	}
}

// Codes of a net that were never used are taken over by a layout that has others.
func TestAnImportedNetKeepsItsCodes(t *testing.T) {
	v := newTown(t)
	l := v.load(westCode, 2)
	for i := range l.Grids {
		l.Grids[i].Code = layout.Code(westCode.Community()*1000 + 101 + int64(i))
		l.Grids[i].Name = fmt.Sprintf("老网格%d", i)
	}
	order, err := ParseOrder(Grids, "geojson", "")
	if err != nil {
		t.Fatal(err)
	}
	path := file(t, "old.geojson", written(t, l, order))
	in := v.lay(v.ground(westCode), NetInput{File: path})
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		plan, err := Propose(ctx, tx, in.Ground, in.Result)
		if err != nil {
			return err
		}
		if plan.Same {
			t.Error("other codes are another layout")
		}
		_, err = layout.Publish(ctx, tx, plan.Proposal, layout.Author{By: "test"})
		return err
	})
	got := v.load(westCode, 0)
	v.tx(func(ctx context.Context, tx pgx.Tx) error {
		lines, err := got.Lineage(ctx, tx)
		for i, d := range lines { // the same ground under another code isn't "unchanged"
			if d.From == d.To || d.To != l.Grids[i].Code || d.Kind != layout.Complex {
				t.Errorf("lineage %+v", d.Descent)
			}
		}
		if len(lines) != len(l.Grids) {
			t.Errorf("%d lines of lineage", len(lines))
		}
		return err
	})
	for i, g := range got.Grids {
		if g.Code != l.Grids[i].Code || g.Name != l.Grids[i].Name {
			t.Errorf("grid %v %q, want %v %q", g.Code, g.Name, l.Grids[i].Code, l.Grids[i].Name)
		}
	}
	if !reflect.DeepEqual(got.assignment(), l.assignment()) {
		t.Errorf("blocks are in %v, want %v", got.assignment(), l.assignment())
	}
}
