package exchange

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/division"
	"jingwei/internal/fault"
	"jingwei/internal/sheet"
)

// What can be printed besides what Write writes.
const (
	Print      = "map"
	Comparison = "comparison"
)

// Job is an export as somebody asks for it, from the database to a file.
type Job struct {
	What, Format, CRS string
	Division          division.Code
	Version           int  // 0: the live one
	With              int  // of a comparison, the earlier version; 0: the one before
	Counts            bool // of people on each block
	English           bool
	order             Order
}

// FormatOf tells a format by the end of a file's name.
func FormatOf(name string) string {
	name = strings.ToLower(name)
	for _, format := range []string{"shp.zip", "geojson", "gpkg", "pmtiles", "csv", "pdf", "png", "xlsx"} {
		if strings.HasSuffix(name, "."+format) {
			return format
		}
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

var printed = map[string]string{"pdf": "application/pdf", "png": "image/png", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// ParseJob checks what is asked for. Fault: Invalid, naming what there is.
func ParseJob(j Job) (Job, error) {
	var err error
	switch j.What {
	case Print:
		if j.Format != "pdf" && j.Format != "png" {
			return j, fault.New(fault.Invalid, fmt.Sprintf("地图只能导出为 pdf 或 png，不能是 %.40q", j.Format), fmt.Sprintf("a map is written as pdf or png, not as %.40q", j.Format))
		}
	case Comparison:
		if j.Format != "xlsx" {
			return j, fault.New(fault.Invalid, fmt.Sprintf("对比表只能导出为 xlsx，不能是 %.40q", j.Format), fmt.Sprintf("a comparison is written as xlsx, not as %.40q", j.Format))
		}
	default:
		if j.order, err = ParseOrder(j.What, j.Format, j.CRS); err != nil {
			return j, err
		}
		j.Format, j.order.Counts = j.order.Format, j.Counts
		return j, nil
	}
	if j.CRS != "" {
		return j, fault.New(fault.Invalid, "地图和对比表不分坐标系，请不要指定 crs", "maps and comparisons have no coordinate system to choose; don't name one")
	}
	return j, nil
}

// MediaType is that of the file.
func (j Job) MediaType() string { return cmp.Or(printed[j.Format], j.order.MediaType()) }

// FileName is what the file may be called.
func (j Job) FileName() string {
	version := ""
	if j.Version > 0 {
		version = fmt.Sprintf("-v%d", j.Version)
	}
	return fmt.Sprintf("%s-%s%s.%s", j.What, j.Division, version, j.Format)
}

// Run writes the file. at is the day that a print bears.
//
// Faults: NotFound for a division or a version that isn't there; Invalid for a picture of several communities; Unavailable without GDAL or a font.
func (j Job) Run(ctx context.Context, tx pgx.Tx, to io.Writer, at time.Time) error {
	l, err := Load(ctx, tx, j.Division, j.Version)
	if err != nil {
		return err
	}
	in := sheet.Chinese
	if j.English {
		in = sheet.English
	}
	switch j.What {
	case Print:
		return l.print(ctx, tx, to, j.Format, at, in)
	case Comparison:
		with := j.With
		if with == 0 {
			with = l.Version - 1
		}
		if with <= 0 {
			return fault.New(fault.NotFound, fmt.Sprintf("第 %d 版之前没有可对比的版本", l.Version), fmt.Sprintf("there is no version before %d to compare with", l.Version))
		}
		c, err := l.Compare(ctx, tx, with)
		if err != nil {
			return err
		}
		return sheet.WriteTable(to, c, in)
	case Micro:
		return l.writeMicro(ctx, tx, to, j.order.Counts)
	}
	var lineage []Descent
	if j.What == Lines {
		if lineage, err = l.Lineage(ctx, tx); err != nil {
			return err
		}
	}
	return l.Write(ctx, to, j.order, lineage)
}

func (l *Layout) print(ctx context.Context, tx pgx.Tx, to io.Writer, format string, at time.Time, in sheet.Language) error {
	maps, err := l.Maps(ctx, tx, at)
	if err != nil {
		return err
	}
	if format == "pdf" {
		return sheet.WritePDF(to, l.title(), maps, in)
	}
	if len(maps) != 1 {
		return fault.New(fault.Invalid, fmt.Sprintf("%s 有 %d 个社区；PNG 一张只有一个社区，请指定社区代码，或用 PDF（每社区一页）", l.Division.Name, len(maps)),
			fmt.Sprintf("%s has %d communities; a PNG shows one: give the code of a community, or take a PDF with a page for each", l.Division.Name, len(maps)))
	}
	return sheet.WritePNG(to, &maps[0], in)
}
