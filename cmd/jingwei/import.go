package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/ingest"
	"jingwei/internal/postgres"
)

type importCommand struct {
	Divisions     importDivisionsCommand     `cmd:"" help:"Import division polygons: county, towns, communities."`
	Ground        importGroundCommand        `cmd:"" help:"Import streets, rail, water, walls, landuse and buildings."`
	Grids         importGridsCommand         `cmd:"" help:"Lay an existing grid map over a division: what is wrong with it, and which block goes to which grid."`
	Nets          importNetsCommand          `cmd:"" help:"Lay several nets over one another and make one of them, with a crosswalk table."`
	Houses        importHousesCommand        `cmd:"" help:"Import a table of houses (CSV or XLSX) into the register."`
	Residents     importResidentsCommand     `cmd:"" help:"Import a table of people (CSV or XLSX) into their houses."`
	Organisations importOrganisationsCommand `cmd:"" help:"Import a table of organisations (CSV or XLSX): into their houses, or at a place of their own."`
	Facilities    importFacilitiesCommand    `cmd:"" help:"Import a table of facilities (CSV or XLSX) onto the map."`
	Vehicles      importVehiclesCommand      `cmd:"" help:"Import a table of vehicles (CSV or XLSX) to the houses where they are kept."`
	Counts        importCountsCommand        `cmd:"" help:"Import what else is known of buildings: households, people over 80, people who live alone."`
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
	return s.importing(ctx, c.CRS, func(db *postgres.DB, system crs.System, tell func(ingest.Progress)) (*ingest.Report, error) {
		return ingest.Divisions(ctx, db, ingest.DivisionsInput{
			File: c.File, CodeField: c.CodeField, NameField: c.NameField, PopulationField: c.PopulationField,
			ParentNameField: c.ParentNameField, CRS: system, Progress: tell,
		})
	})
}

type importGroundCommand struct {
	Files []string `arg:"" help:"OSM PBF or XML, GeoJSON, or anything GDAL reads."`
	Layer string   `help:"What the files hold, where their tags don't say: streets, buildings, water, rail, walls, landuse or facilities." enum:",streets,buildings,water,rail,walls,landuse,facilities" default:""`
	CRS   string   `help:"Coordinates of the files when they don't say: wgs84, cgcs2000, gcj02 or bd09." default:"wgs84"`
}

func (c *importGroundCommand) Run(ctx context.Context, s *console) error {
	return s.importing(ctx, c.CRS, func(db *postgres.DB, system crs.System, tell func(ingest.Progress)) (*ingest.Report, error) {
		return ingest.Ground(ctx, db, ingest.GroundInput{
			Files: c.Files, Layer: ingest.Layer(c.Layer), CRS: system, Progress: tell,
		})
	})
}

// importing runs an import on the database, shows how far it is and prints its report.
func (s *console) importing(ctx context.Context, system string,
	run func(*postgres.DB, crs.System, func(ingest.Progress)) (*ingest.Report, error)) error {
	named, err := crs.Parse(system)
	if err != nil {
		return err
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	bar := s.progress()
	report, err := run(db, named, func(p ingest.Progress) { bar.say("%s", importStage(p)) })
	bar.clear()
	return s.imported(report, err)
}

// imported prints an import's report, then what stopped it. Features that were refused are said and are no
// failure of the command: the rest is in. A file that was refused whole is one.
func (s *console) imported(report *ingest.Report, failed error) error {
	nothing := report.Total == (ingest.Tally{}) && report.Repaired.Count == 0 && report.Refused.Count == 0
	if failed != nil && nothing && (!s.JSON || len(report.Files) == 0) {
		return failed
	}
	err := s.result(report, func(w io.Writer) {
		for _, f := range report.Repaired.Listed {
			fmt.Fprintf(w, "修复 repaired  %s\n", f)
		}
		more(w, report.Repaired)
		for _, f := range report.Refused.Listed {
			fmt.Fprintf(w, "拒收 refused   %s\n", f)
		}
		more(w, report.Refused)
		for _, p := range report.Partition {
			printPartition(w, p)
		}
		zh, en := report.Summary()
		fmt.Fprintf(w, "%s\n%s\n", zh, en)
		if report.Outside > 0 && report.Outside == report.Read {
			fmt.Fprintln(w, "所有要素都在已导入的区划之外：请检查文件的地点和 --crs / everything lies outside the divisions: check what place the file is of, and --crs")
		}
	})
	return cmp.Or(failed, err)
}

// more says how many findings the list leaves out.
func more(w io.Writer, l ingest.Findings) {
	if n := l.Count - len(l.Listed); n > 0 {
		fmt.Fprintf(w, "  …… 另有 %d 条 / and %d more\n", n, n)
	}
}

func printPartition(w io.Writer, p ingest.Partition) {
	if p.Clean() {
		fmt.Fprintf(w, "%s: %d 个区划无重叠、无缝隙 / %d divisions, no overlap and no gap, %.2f km²\n", p.Level, p.Divisions, p.Divisions, p.Area/1e6)
	}
	for _, o := range p.Overlaps {
		fmt.Fprintf(w, "重叠 overlap %10.1f m²  %s\n", o.Area, strings.Join(o.Names, " × "))
	}
	for _, g := range p.Gaps {
		fmt.Fprintf(w, "缝隙 gap     %10.1f m²  %s\n", g.Area, strings.Join(g.Names, " | "))
	}
	for _, r := range p.Refused {
		fmt.Fprintf(w, "拒收区划的地面 ground of refused divisions %.1f m²  %s\n", r.Area, strings.Join(r.Names, " "))
	}
}

func importStage(p ingest.Progress) string {
	names := map[string]string{"scan": "扫描 scanning", "nodes": "坐标 positions", "features": "要素 features", "merge": "入库 storing"}
	share := ""
	if p.Total > 0 {
		share = fmt.Sprintf(" %3.0f %%", 100*float64(p.Done)/float64(p.Total))
	}
	return fmt.Sprintf("%s %s%s (%d)", p.File, names[p.Step], share, p.Features)
}
