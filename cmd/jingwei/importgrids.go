package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/exchange"
	"jingwei/internal/fault"
	"jingwei/internal/gridnet"
	"jingwei/internal/ingest"
	"jingwei/internal/layout"
	"jingwei/internal/postgres"
)

type importGridsCommand struct {
	File         string `arg:"" help:"An existing grid map: Shapefile (.shp or zipped), GeoPackage, GeoJSON, KML, or a CSV of blocks and grids."`
	Division     string `required:"" help:"Code of the division that it is laid over."`
	CRS          string `help:"Coordinates of the file when it doesn't say: wgs84, cgcs2000, gcj02, bd09, or a Gauss-Krüger plane of CGCS2000, epsg:4491 to 4554." default:"wgs84"`
	Net          string `help:"What the net is called (综治, 城管, …); without it, the file's name."`
	CodeField    string `help:"Field with the grids' codes; without it, guessed."`
	NameField    string `help:"Field with their names; without it, guessed."`
	SpecialField string `help:"Field with the kind of special grids; without it, guessed."`
	Decisions    string `help:"CSV of what was decided: columns block, code, polygon. For a block the polygon (its place in the report) that it goes to, or own; for a code the polygon that keeps it, or together." placeholder:"FILE"`
	AsProposed   bool   `help:"Let stand what is proposed for every decision."`
	Publish      bool   `help:"Make it live. Without this nothing is changed."`
}

// gridsImported is what the command reports.
type gridsImported struct {
	Version int             `json:"version"` // 0 when nothing was published
	Moved   int             `json:"moved"`   // of what the layout is measured by, what gets another grid
	Same    bool            `json:"same"`
	Fields  exchange.Fields `json:"fields"`
	Read    *ingest.Report  `json:"read,omitempty"`
	*gridnet.Result
}

func (c *importGridsCommand) Run(ctx context.Context, s *console) error {
	code, err := division.ParseCode(c.Division)
	if err != nil {
		return err
	}
	answers, err := readDecisions(c.Decisions)
	if err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	bar := s.progress()
	in := exchange.NetInput{File: c.File, Called: filepath.Base(c.File), Name: c.Net, CRS: c.CRS, Fields: exchange.Fields{Code: c.CodeField, Name: c.NameField, Special: c.SpecialField},
		Progress: func(p ingest.Progress) { bar.say("%s", importStage(p)) }}
	g, err := loadGround(ctx, db, code)
	if err != nil {
		return err
	}
	laid, err := g.Lay(ctx, in, answers)
	bar.clear()
	if err != nil {
		return err
	}
	out, err := s.adoptNet(ctx, db, g, laid.Result, c.Publish, c.AsProposed, laid.Net.Name)
	if err != nil && out == nil {
		return err
	}
	out.Fields, out.Read = laid.Fields, laid.Read
	if shown := s.result(out, out.print); shown != nil {
		return shown
	}
	return err
}

func loadGround(ctx context.Context, db *postgres.DB, code division.Code) (g *exchange.Ground, err error) {
	err = postgres.Snapshot(ctx, db.App, func(tx pgx.Tx) error {
		g, err = exchange.LoadGround(ctx, tx, code)
		return err
	})
	return g, err
}

// adoptNet says what a result would change, and publishes it where that is wanted and nothing is left to decide. With an error it may give a report, too.
func (s *console) adoptNet(ctx context.Context, db *postgres.DB, g *exchange.Ground, r *gridnet.Result, publish, asProposed bool, name string) (*gridsImported, error) {
	out := &gridsImported{Result: r}
	var plan *layout.Adopted
	err := db.InTx(ctx, func(tx pgx.Tx) (err error) {
		plan, err = exchange.Propose(ctx, tx, g, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	if out.Moved, out.Same = plan.Moved, plan.Same; !publish || out.Same {
		return out, nil
	}
	if n := len(r.Decisions); n > 0 && !asProposed {
		return out, fault.New(fault.Conflict,
			fmt.Sprintf("还有 %d 处需要决定，未发布；请用 --decisions 给出决定，或用 --as-proposed 全部按建议", n),
			fmt.Sprintf("%d things are still to be decided, so nothing was published: decide with --decisions, or take what is proposed with --as-proposed", n))
	}
	done, err := s.publish(ctx, db, plan.Proposal, "import "+name)
	if err != nil {
		return out, err
	}
	out.Version = done.Version
	return out, nil
}

// readDecisions reads what was decided.
func readDecisions(file string) (gridnet.Answers, error) {
	a := gridnet.Answers{Blocks: map[int64]int{}, Codes: map[string]int{}}
	if file == "" {
		return a, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return a, fault.Wrap(err, fault.Invalid, "打不开文件 "+file, "can't open "+file)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 || len(rows[0]) < 3 {
		return a, fault.Wrap(err, fault.Invalid, file+" 不是 block,code,polygon 三列的 CSV", file+" is no CSV of the columns block, code, polygon")
	}
	for i, row := range rows[1:] {
		polygon, err := strconv.Atoi(row[2])
		switch strings.TrimSpace(row[2]) {
		case "own":
			polygon, err = gridnet.OwnGrid, nil
		case "together":
			polygon, err = gridnet.Together, nil
		}
		var block int64
		if err == nil && row[0] != "" {
			block, err = strconv.ParseInt(strings.TrimSpace(row[0]), 10, 64)
		}
		if err != nil || (row[0] == "") == (row[1] == "") {
			return a, fault.New(fault.Invalid, fmt.Sprintf("%s 第 %d 行：应有 block 或 code 之一，和 polygon（数字、own 或 together）", file, i+2),
				fmt.Sprintf("%s, row %d: it takes a block or a code, and a polygon (a number, own or together)", file, i+2))
		}
		if row[0] != "" {
			a.Blocks[block] = polygon
		} else {
			a.Codes[strings.TrimSpace(row[1])] = polygon
		}
	}
	return a, nil
}

func (g *gridsImported) print(w io.Writer) {
	for i := range g.Flaws {
		f := &g.Flaws[i]
		mark := "已处理 resolved "
		if f.Open() {
			mark = "待决定 to decide"
		}
		fmt.Fprintf(w, "%s  %s；%s\n                   %s; %s\n", mark, f.What.ZH, f.Done.ZH, f.What.EN, f.Done.EN)
	}
	for i, d := range g.Decisions {
		fmt.Fprintf(w, "决定 decision %d: %s / %s\n", i+1, d.What.ZH, d.What.EN)
		for k, c := range d.Candidates {
			mark := " "
			if k == 0 {
				mark = "*" // what holds until somebody decides
			}
			fmt.Fprintf(w, "  %s polygon %d %s %s  %d 人 residents, %.0f m², %.0f %%\n", mark, c.Polygon, c.Code, c.Name, c.Residents, c.AreaM2, 100*c.Share)
		}
	}
	fmt.Fprintf(w, "%s: %d 个多边形成为 %d 个网格，%d 处重叠，%d 处空隙，%d 处待决定 / %d polygons make %d grids, %d overlaps, %d gaps, %d to decide\n", g.Net,
		g.Polygons, len(g.Grids), g.Count(gridnet.Overlap), g.Count(gridnet.Gap), len(g.Decisions),
		g.Polygons, len(g.Grids), g.Count(gridnet.Overlap), g.Count(gridnet.Gap), len(g.Decisions))
	switch {
	case g.Same:
		fmt.Fprintln(w, "与现有网格完全相同，无需发布 / the same as what is live: there is nothing to publish")
	case g.Version > 0:
		fmt.Fprintf(w, "已发布第 %d 版，%d 人换网格 / published as version %d, %d residents get another grid\n", g.Version, g.Moved, g.Version, g.Moved)
	default:
		fmt.Fprintf(w, "将有 %d 人换网格；未发布，发布请加 --publish / %d residents would get another grid; nothing was published, --publish does\n", g.Moved, g.Moved)
	}
}
