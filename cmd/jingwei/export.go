package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/exchange"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

type exportCommand struct {
	What     string `arg:"" help:"grids, blocks, lineage, assignment, micro-grids, map or comparison." enum:"grids,blocks,lineage,assignment,micro-grids,map,comparison"`
	Division string `required:"" help:"Code of the division."`
	Version  int    `help:"Version of the county's layout; without it, the live one."`
	With     int    `help:"comparison: the earlier version that it is compared with; without it, the one before."`
	Format   string `help:"geojson, gpkg, shp.zip, pmtiles or csv; pdf or png for a map; xlsx for a comparison. Without it, as the file's name ends."`
	CRS      string `help:"wgs84 or cgcs2000; for gpkg and shp.zip also a Gauss-Krüger plane, epsg:4491 to 4554."`
	English  bool   `help:"Maps and comparisons in English."`
	Out      string `required:"" help:"The file." placeholder:"FILE"`
}

func (c *exportCommand) Run(ctx context.Context, s *console) error {
	code, err := division.ParseCode(c.Division)
	if err != nil {
		return err
	}
	if c.Format == "" {
		c.Format = exchange.FormatOf(c.Out)
	}
	job, err := exchange.ParseJob(exchange.Job{What: c.What, Format: c.Format, CRS: c.CRS, Division: code, Version: c.Version, With: c.With, Counts: true, English: c.English})
	if err != nil {
		return err
	}
	db, err := s.openExisting(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	written, err := writeWhole(c.Out, func(to io.Writer) error {
		return postgres.Snapshot(ctx, db.App, func(tx pgx.Tx) error { return job.Run(ctx, tx, to, time.Now()) })
	})
	if err != nil {
		return err
	}
	return s.result(map[string]any{"file": c.Out, "bytes": written}, func(w io.Writer) {
		fmt.Fprintf(w, "已写入 %s（%d 字节）/ wrote %s, %d bytes\n", c.Out, written, c.Out, written)
	})
}

// writeWhole writes a file beside the one that is wanted and puts it in its place when it is whole.
func writeWhole(file string, write func(io.Writer) error) (int64, error) {
	f, err := os.CreateTemp(filepath.Dir(file), ".jingwei-*")
	if err != nil {
		return 0, fault.Wrap(err, fault.Invalid, "写不了文件 "+file, "can't write "+file)
	}
	defer os.Remove(f.Name()) // fails when it has got its name
	defer f.Close()
	if err := write(f); err != nil {
		return 0, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	if err := f.Chmod(0o644); err != nil {
		return 0, err
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	return size, os.Rename(f.Name(), file)
}
