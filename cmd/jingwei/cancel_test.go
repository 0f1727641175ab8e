package main

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/audit"
	"jingwei/internal/city"
	"jingwei/internal/division"
	"jingwei/internal/layout"
	"jingwei/internal/postgres/pgtest"
	"jingwei/internal/vault"
)

// Ctrl-C while grids are being improved: the best so far is whole, can be published, and is proved.
func TestADrawingThatIsStoppedGivesTheBestSoFar(t *testing.T) {
	t.Parallel()
	d, dir := newDesk(t), t.TempDir()
	var town city.Manifest
	d.do(&town, "city", dir, "--people", "5000", "--seed", "2")
	d.do(nil, "import", "divisions", filepath.Join(dir, divisionsFile), "--code-field", "code", "--name-field", "name")
	d.do(nil, "import", "ground", filepath.Join(dir, "streets.geojson"), filepath.Join(dir, "buildings.geojson"))

	db := pgtest.Open(t, d.url)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	stopped := false
	err := db.InTx(context.Background(), func(tx pgx.Tx) error {
		out, err := layout.Plan(ctx, tx, layout.Order{
			Division: division.Code(town.Code),
			Settings: layout.Settings{Target: 600, Tolerance: .15, Seed: 1},
			Progress: func(stage string, _ float64) {
				if stage == "improve" {
					stopped = true
					stop()
				}
			},
		})
		if err != nil {
			return err
		}
		residents := 0
		for _, b := range out.Proposal.Blocks {
			residents += b.Residents
		}
		if r := out.Proposal.Report; residents != 5000 || r.Broken != 0 || r.Crossing != 0 || !r.StoppedEarly {
			t.Errorf("%d residents, %d broken, %d crossing, stopped early: %v", residents, r.Broken, r.Crossing, r.StoppedEarly)
		}
		ctx := audit.WithCaller(context.Background(), audit.Caller{Name: "test"})
		_, err = layout.Publish(ctx, tx, out.Proposal, layout.Author{By: "test"}, publicationHooks(audit.New(vault.New(vault.Generate())), nil)...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !stopped {
		t.Fatal("the drawing was over before it could be stopped")
	}
	d.prove()
}
