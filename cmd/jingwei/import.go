package main

import (
	"context"
	"fmt"
	"io"

	"jingwei/internal/crs"
	"jingwei/internal/ingest"
)

type importCommand struct {
	Divisions importDivisionsCommand `cmd:"" help:"Import division polygons: county, towns, communities."`
	Ground    importGroundCommand    `cmd:"" help:"Import streets, rail, water, walls, landuse and buildings."`
}

type importDivisionsCommand struct {
	File            string `arg:"" help:"GeoJSON, or anything GDAL reads (Shapefile, GeoPackage, KML …)."`
	CodeField       string `required:"" help:"Property with the division's code (6, 9 or 12 digits)."`
	NameField       string `required:"" help:"Property with its name."`
	PopulationField string `help:"Property with its number of residents."`
	ParentNameField string `help:"Property with the name of the division above it, for parents that the file doesn't hold."`
	CRS             string `help:"Coordinates of the file when it doesn't say: wgs84, cgcs2000, gcj02 or bd09." default:"wgs84"`
}

func (c *importDivisionsCommand) Run(ctx context.Context, s *console) error {
	system, err := crs.Parse(c.CRS)
	if err != nil {
		return err
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := ingest.Divisions(ctx, db.App, ingest.DivisionsInput{
		File: c.File, CodeField: c.CodeField, NameField: c.NameField, PopulationField: c.PopulationField,
		ParentNameField: c.ParentNameField, CRS: system,
	})
	if err != nil {
		return err
	}
	return s.imported(report)
}

type importGroundCommand struct {
	Files []string `arg:"" help:"OSM PBF or XML, GeoJSON, or anything GDAL reads."`
	Layer string   `help:"What the files hold, where their tags don't say: streets, buildings, water, rail, walls or landuse." enum:",streets,buildings,water,rail,walls,landuse" default:""`
	CRS   string   `help:"Coordinates of the files when they don't say: wgs84, cgcs2000, gcj02 or bd09." default:"wgs84"`
}

func (c *importGroundCommand) Run(ctx context.Context, s *console) error {
	system, err := crs.Parse(c.CRS)
	if err != nil {
		return err
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	bar := s.progress()
	report, err := ingest.Ground(ctx, db.App, ingest.GroundInput{
		Files: c.Files, Layer: ingest.Layer(c.Layer), CRS: system,
		Progress: func(p ingest.Progress) { bar.say("%s", p) },
	})
	bar.clear()
	if err != nil {
		return err
	}
	return s.imported(report)
}

// imported prints an import's report. What was refused is said, and is no failure of the command: the rest is in.
func (s *console) imported(report *ingest.Report) error {
	return s.result(report, func(w io.Writer) { fmt.Fprint(w, report.Text()) })
}
