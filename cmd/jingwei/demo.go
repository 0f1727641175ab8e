package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/city"
	"jingwei/internal/crs"
	"jingwei/internal/division"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

// divisionsFile is the one of the town's files that isn't ground.
const divisionsFile = "divisions.geojson"

// demoCommand makes an invented town the way a county's own ground comes in: files, imports, a drawing.
// Each town has a data directory of its own, so that a demo never touches anybody's data, and the second
// start finds the first one's.
type demoCommand struct {
	serveFlags
	cityFlags
	Time         time.Duration `help:"How long to look for better grids." default:"5s"`
	AccountsFile string        `help:"Write the accounts and their passwords here too when they are made, as JSON, readable by you alone." placeholder:"FILE"`
}

func (c *demoCommand) Run(ctx context.Context, s *console) error {
	if err := city.CheckPeople(c.residents()); err != nil { // before anything is made
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	if s.DatabaseURL == "" {
		if s.DataDir == "" {
			s.DataDir = postgres.DefaultDataDir() + "-demo"
		}
		s.DataDir = filepath.Join(s.DataDir, fmt.Sprintf("%s-%d-%d", c.place(), c.residents(), c.Seed))
	}
	bar := s.progress()
	bar.step("数据库 database …")
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.Alone(ctx, "demo",
		func() {
			bar.step("另一程序正在建这个演示，等它完成 waiting for another program that makes this demo …")
		},
		func() error {
			if err := c.prepare(ctx, s, db, bar); err != nil {
				return err
			}
			return c.people(ctx, s, db, bar)
		})
	if err != nil {
		return err
	}
	if s.DatabaseURL == "" {
		bar.step("数据目录 data directory: %s （其他命令用 --data-dir 指向它 / for other commands: --data-dir）", s.DataDir)
	}
	if err := c.accounts(ctx, s, db); err != nil {
		return err
	}
	return serve(ctx, s, db, listener, c.serveFlags, true)
}

// accounts makes the demo's accounts when it has none, and prints them.
func (c *demoCommand) accounts(ctx context.Context, s *console, db *postgres.DB) error {
	in, err := s.entrance(ctx, db)
	if err != nil {
		return err
	}
	made, err := makeDemoAccounts(ctx, db, in.doors)
	if err != nil || len(made) == 0 {
		return err
	}
	if err := makeDemoIncidents(ctx, db, in, made[0].Code, workersGrid(made)); err != nil {
		return err
	}
	if err := makeDemoResponders(ctx, db, in, made[0].Code, workersGrid(made)); err != nil {
		return err
	}
	printDemoAccounts(s.stderr, made)
	if c.AccountsFile != "" {
		return writeDemoAccounts(c.AccountsFile, made)
	}
	return nil
}

// prepare makes what isn't there yet. Every step is one that can be repeated, so a demo that was
// interrupted goes on where it was.
func (c *demoCommand) prepare(ctx context.Context, s *console, db *postgres.DB, bar *progress) error {
	var ready bool
	err := db.InTx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM layout WHERE live)`).Scan(&ready)
	})
	if err != nil || ready {
		return err
	}
	start := time.Now()
	dir, err := os.MkdirTemp("", "jingwei-city-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	manifest, err := city.Generate(ctx, city.Options{
		City: c.place(), Seed: c.Seed, People: c.residents(), Dir: dir,
		Progress: func(stage string, done float64) {
			bar.say("虚构城镇 inventing a town: %s %3.0f %%", stage, 100*done)
		},
	})
	if err != nil {
		return err
	}
	bar.step("虚构城镇 invented %s: %d residents, %.1f s", manifest.Name, manifest.People, time.Since(start).Seconds())
	if err := c.bringIn(ctx, db, dir, manifest, bar); err != nil {
		return err
	}
	code, err := division.ParseCode(manifest.Code)
	if err != nil {
		return err
	}
	few := 2000 // of the demo: small changes are published at once, redrawing a town takes a leader
	if err := setRule(ctx, db, code, &few); err != nil {
		return err
	}
	result, err := s.drawDivision(ctx, db, bar, layout.Order{
		Division: code, Time: c.Time,
		Settings: layout.Settings{Target: 600, Tolerance: 0.15, Seed: c.Seed, Preset: "balanced", Special: layout.SpecialKinds},
	})
	if err != nil {
		return err
	}
	bar.step("网格 %d grids and %d special ones (专属) on %d blocks, %d of %d that can be are in band, %.1f s",
		result.Grids, len(result.Special), result.Blocks, result.InBandFeasible, result.Feasible, result.TotalSeconds)
	return nil
}

// bringIn runs the ordinary imports on the files of a town.
func (c *demoCommand) bringIn(ctx context.Context, db *postgres.DB, dir string, m *city.Manifest, bar *progress) error {
	start := time.Now()
	bar.say("导入区划 importing divisions")
	divisions, err := ingest.Divisions(ctx, db, ingest.DivisionsInput{
		File: filepath.Join(dir, divisionsFile), CodeField: "code", NameField: "name",
		ParentNameField: "county", CRS: crs.WGS84,
	})
	if err != nil {
		return err
	}
	var files []string
	for _, f := range m.Files {
		if f.Name != divisionsFile {
			files = append(files, filepath.Join(dir, f.Name))
		}
	}
	ground, err := ingest.Ground(ctx, db, ingest.GroundInput{
		Files: files, CRS: crs.WGS84,
		Progress: func(p ingest.Progress) { bar.say("导入 importing: %s", importStage(p)) },
	})
	if err != nil {
		return err
	}
	bar.step("导入 imported %d divisions, %d features, %.1f s", divisions.Total.Added, ground.Total.Added, time.Since(start).Seconds())
	return nil
}
