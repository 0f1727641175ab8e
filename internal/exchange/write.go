package exchange

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
)

// The formats, by the endings of their files.
var formats = map[string][]string{
	Grids:      {"geojson", "gpkg", "shp.zip", "pmtiles", "csv"},
	Blocks:     {"geojson", "gpkg", "shp.zip", "pmtiles"},
	Lines:      {"geojson", "gpkg", "shp.zip", "pmtiles", "csv"},
	Assignment: {"csv"},
	Micro:      {"csv"},
}

// mediaTypes are those of the formats.
var mediaTypes = map[string]string{
	"geojson": "application/geo+json", "gpkg": "application/geopackage+sqlite3", "shp.zip": "application/zip",
	"pmtiles": "application/vnd.pmtiles", "csv": "text/csv; charset=utf-8",
}

// formatNames are what formats are called besides.
var formatNames = map[string]string{"geopackage": "gpkg", "shp": "shp.zip", "shapefile": "shp.zip", "zip": "shp.zip", "json": "geojson"}

// Order is what is to be written, and how.
type Order struct {
	What   string
	Format string
	CRS    crs.Reference // WGS 84, CGCS2000, or a plane of CGCS2000 (GeoPackage and Shapefile alone)
	Counts bool          // of people on each block
}

// ParseOrder reads an order as somebody typed it. Fault: Invalid, naming what there is.
func ParseOrder(what, format, system string) (o Order, err error) {
	o.What, o.Format = what, strings.ToLower(strings.TrimPrefix(format, "."))
	known, there := formats[what]
	if !there {
		return o, fault.New(fault.Invalid, fmt.Sprintf("不能导出 %.40q；可导出 grids（网格）、blocks（基本单元）、lineage（沿革）、assignment（单元归属）、micro-grids（微网格）", what),
			fmt.Sprintf("%.40q can't be exported; there are grids, blocks, lineage, assignment and micro-grids", what))
	}
	if name, alias := formatNames[o.Format]; alias {
		o.Format = name
	}
	if !slices.Contains(known, o.Format) {
		list := strings.Join(known, ", ")
		return o, fault.New(fault.Invalid, fmt.Sprintf("%s 不能导出为 %.40q；可用：%s", what, format, list), fmt.Sprintf("%s can't be written as %.40q; there are %s", what, format, list))
	}
	if system == "" {
		system = "wgs84"
	}
	if o.CRS, err = crs.ParseReference(system); err != nil {
		return o, err
	}
	flat := o.Format == "gpkg" || o.Format == "shp.zip"
	switch {
	case o.CRS.System == crs.GCJ02 || o.CRS.System == crs.BD09:
		return o, fault.New(fault.Invalid, "导出的坐标系只能是 wgs84 或 cgcs2000：偏移坐标不能作为成果", "an export is in wgs84 or cgcs2000; shifted coordinates are no basis for anything")
	case o.CRS.Projected != nil && !flat:
		return o, fault.New(fault.Invalid, fmt.Sprintf("%s 只能用经纬度（wgs84、cgcs2000）；投影坐标请用 gpkg 或 shp.zip", o.Format),
			fmt.Sprintf("%s holds degrees (wgs84, cgcs2000); for metres of a plane take gpkg or shp.zip", o.Format))
	case o.Format == "pmtiles" && o.CRS.System != crs.WGS84:
		return o, fault.New(fault.Invalid, "PMTiles 的坐标系固定，请不要指定 crs", "PMTiles have one coordinate system; don't name another")
	}
	return o, nil
}

// MediaType of the order's file.
func (o Order) MediaType() string { return mediaTypes[o.Format] }

// Write writes an order. The lineage is asked for where it is wanted.
//
// Faults: Unavailable when ogr2ogr isn't installed and the format needs it.
func (l *Layout) Write(ctx context.Context, to io.Writer, o Order, lineage []Descent) error {
	var f features
	switch o.What {
	case Grids:
		f = l.grids()
	case Blocks:
		f = l.blocks(o.Counts)
	case Lines:
		f = l.lines(lineage)
	case Assignment:
		return l.writeAssignment(to, o.Counts)
	}
	switch o.Format {
	case "csv":
		return writeTable(to, &f)
	case "geojson":
		return writeGeoJSON(to, &f, o.CRS.System)
	case "pmtiles":
		return writePMTiles(ctx, to, &f, l.title())
	}
	return writeOGR(ctx, to, &f, o)
}

// writeAssignment writes which grid each block is in.
func (l *Layout) writeAssignment(to io.Writer, counts bool) error {
	w, err := table(to)
	if err != nil {
		return err
	}
	head := []string{"block", "grid", "community", "version"}
	if counts {
		head = append(head, "residents", "houses")
	}
	_ = w.Write(head)
	for _, b := range l.Blocks {
		row := []string{strconv.FormatInt(b.ID, 10), l.Grids[b.Grid].Code.String(), communityCode(b.Community), strconv.Itoa(l.Version)}
		if counts {
			row = append(row, strconv.Itoa(b.Residents), strconv.Itoa(b.Houses))
		}
		_ = w.Write(row)
	}
	w.Flush()
	return w.Error()
}

// table begins a CSV that spreadsheets open as UTF-8.
func table(to io.Writer) (*csv.Writer, error) {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return nil, err
	}
	w := csv.NewWriter(to)
	w.UseCRLF = true
	return w, nil
}

// writeTable writes features without their ground.
func writeTable(to io.Writer, f *features) error {
	w, err := table(to)
	if err != nil {
		return err
	}
	_ = w.Write(f.fields)
	for _, row := range f.rows {
		cells := make([]string, len(row.values))
		for i, v := range row.values {
			cells[i] = Harmless(fmt.Sprint(v))
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return w.Error()
}

// Harmless keeps a spreadsheet from taking a name for a formula.
func Harmless(cell string) string {
	if begins := strings.TrimLeft(cell, " \u00a0\u3000"); begins != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(begins)[0]) {
		return "'" + cell
	}
	return cell
}

// writeOGR lets ogr2ogr write a GeoPackage or a Shapefile of the features.
func writeOGR(ctx context.Context, to io.Writer, f *features, o Order) error {
	dir, err := os.MkdirTemp("", "jingwei-export-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	source := filepath.Join(dir, "source.geojson")
	if err := createWith(source, func(w io.Writer) error { return writeGeoJSON(w, f, crs.WGS84) }); err != nil {
		return err
	}
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		return err
	}
	args := []string{"-nln", f.name, "-nlt", "MULTIPOLYGON"}
	switch {
	case o.CRS.Projected != nil:
		args = append(args, "-s_srs", "EPSG:4490", "-t_srs", fmt.Sprintf("EPSG:%d", o.CRS.Projected.EPSG()))
	case o.CRS.System == crs.CGCS2000:
		args = append(args, "-a_srs", "EPSG:4490")
	default:
		args = append(args, "-a_srs", "EPSG:4326")
	}
	file := filepath.Join(out, f.name+".gpkg")
	if o.Format == "shp.zip" {
		file = filepath.Join(out, f.name+".shp")
		args = append(args, "-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8")
	} else {
		args = append(args, "-f", "GPKG")
	}
	cmd := exec.CommandContext(ctx, "ogr2ogr", append(args, file, source)...)
	said, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return fault.Wrap(err, fault.Unavailable, "导出 GeoPackage 和 Shapefile 需要 GDAL 的 ogr2ogr 程序，本机没有；请安装：apt-get install gdal-bin（或导出 GeoJSON）",
			"to write GeoPackage and Shapefile takes GDAL's program ogr2ogr, which isn't installed: apt-get install gdal-bin (or write GeoJSON)")
	case err != nil:
		return fmt.Errorf("exchange: ogr2ogr: %w: %.500s", err, said)
	}
	if o.Format == "gpkg" {
		from, err := os.Open(file)
		if err != nil {
			return err
		}
		defer from.Close()
		_, err = io.Copy(to, from)
		return err
	}
	return zipAll(to, out)
}

func createWith(file string, write func(io.Writer) error) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// zipAll packs the files of a directory.
func zipAll(to io.Writer, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	archive := zip.NewWriter(to)
	for _, e := range entries {
		from, err := os.Open(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		into, err := archive.Create(e.Name())
		if err == nil {
			_, err = io.Copy(into, from)
		}
		from.Close()
		if err != nil {
			return err
		}
	}
	return archive.Close()
}
