package city

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sync/errgroup"

	"jingwei/internal/planar"
)

// Manifest says what was made. It is also written as manifest.json.
type Manifest struct {
	Invented    bool           `json:"invented"` // always true
	Note        string         `json:"note"`
	NoteEN      string         `json:"note_en"`
	Seed        uint64         `json:"seed"`
	People      int            `json:"people"`
	Code        string         `json:"code"`
	Name        string         `json:"name"`
	Communities []Community    `json:"communities"`
	Bounds      [4]float64     `json:"bounds"` // west, south, east, north in degrees
	Files       []ManifestFile `json:"files"`
	PeopleFiles []ManifestFile `json:"people_files,omitempty"` // rows of tables, not ground
}

// Community is one community or village of the manifest.
type Community struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	People int    `json:"people"`
}

// ManifestFile is one file that was written, with how many features or rows it holds.
type ManifestFile struct {
	Name     string `json:"name"`
	Features int    `json:"features"`
}

// features writes a GeoJSON FeatureCollection, one feature a line.
type features struct {
	out    *bufio.Writer
	prefix string
	count  int
	line   []byte
}

// tag is one property; values that are empty or nil aren't written.
type tag struct {
	key   string
	value any
}

func (f *features) add(kind string, rings []planar.Ring, tags ...tag) {
	f.addAs(fmt.Sprintf("%s%d", f.prefix, f.count+1), kind, rings, tags...)
}

// addAs writes one feature; its id stands both as the feature's and among its properties.
func (f *features) addAs(id, kind string, rings []planar.Ring, tags ...tag) {
	b := f.begin(id, kind, tags)
	switch kind {
	case "Point":
		b = appendPoint(b, rings[0][0])
	case "LineString":
		b = appendLine(b, rings[0], false)
	default:
		b = appendRings(b, rings)
	}
	f.end(b)
}

// addParts writes a feature of several polygons.
func (f *features) addParts(id string, parts []planar.Polygon, tags ...tag) {
	b := append(f.begin(id, "MultiPolygon", tags), '[')
	for i, p := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendRings(b, p)
	}
	f.end(append(b, ']'))
}

func (f *features) end(b []byte) {
	b = append(b, "}}"...)
	f.line = b
	f.out.Write(b) // an error stays with the writer and is seen at Flush
}

func appendRings(b []byte, rings []planar.Ring) []byte {
	b = append(b, '[')
	for i, r := range rings {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendLine(b, r, true)
	}
	return append(b, ']')
}

// begin writes a feature as far as its coordinates.
func (f *features) begin(id, kind string, tags []tag) []byte {
	f.count++
	b := f.line[:0]
	if f.count > 1 {
		b = append(b, ",\n"...)
	}
	b = append(b, `{"type":"Feature","id":`...)
	b = appendJSON(b, id)
	b = append(b, `,"properties":{"id":`...)
	b = appendJSON(b, id)
	for _, t := range tags {
		if t.value == nil || t.value == "" {
			continue
		}
		b = append(b, ',')
		b = appendJSON(b, t.key)
		b = append(b, ':')
		b = appendJSON(b, t.value)
	}
	b = append(b, `},"geometry":{"type":"`...)
	b = append(b, kind...)
	b = append(b, `","coordinates":`...)
	return b
}

func appendJSON(b []byte, v any) []byte {
	j, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and integers only
	}
	return append(b, j...)
}

func appendLine(b []byte, line planar.Ring, closed bool) []byte {
	b = append(b, '[')
	for i, p := range line {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPoint(b, p)
	}
	if closed {
		b = appendPoint(append(b, ','), line[0])
	}
	return append(b, ']')
}

func appendPoint(b []byte, p planar.Point) []byte {
	b = appendDegrees(append(b, '['), p.X)
	return append(appendDegrees(append(b, ','), p.Y), ']')
}

// appendDegrees writes k steps as degrees with seven decimals, from the integer itself.
func appendDegrees(b []byte, k int32) []byte {
	n := int64(k)
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/planar.Scale, 10)
	b = append(b, '.')
	frac := strconv.AppendInt(nil, planar.Scale+n%planar.Scale, 10)
	return append(b, frac[1:]...)
}

// write puts the files into the directory, side by side, and their numbers into the manifest.
func (t *town) write(ctx context.Context, o Options, m *Manifest) error {
	files := []struct {
		name, prefix string
		fill         func(*features)
	}{
		{"divisions.geojson", "", t.writeDivisions},
		{"streets.geojson", "s", t.writeStreets},
		{"rail.geojson", "r", t.writeRail},
		{"water.geojson", "w", t.writeWater},
		{"walls.geojson", "q", t.writeWalls},
		{"landuse.geojson", "l", t.writeLanduse},
		{"buildings.geojson", "b", t.writeBuildings},
		{"entrances.geojson", "", t.writeEntrances},
		{"facilities.geojson", "f", t.writeFacilities},
	}
	m.Files = make([]ManifestFile, len(files))
	o.Progress("write", 0)
	g, ctx := errgroup.WithContext(ctx)
	for i, f := range files {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			n, err := writeCollection(filepath.Join(o.Dir, f.name), f.prefix, f.fill)
			m.Files[i] = ManifestFile{f.name, n}
			return err
		})
	}
	return g.Wait()
}

// write puts the manifest beside the files, at last.
func (m *Manifest) write(o Options) error {
	o.Progress("write", 1)
	if o.nothing {
		return nil
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("city: manifest: %w", err)
	}
	if err := os.WriteFile(filepath.Join(o.Dir, "manifest.json"), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("city: %w", err)
	}
	return nil
}

func writeCollection(path, prefix string, fill func(*features)) (int, error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, fmt.Errorf("city: %w", err)
	}
	f := &features{out: bufio.NewWriterSize(file, 1<<18), prefix: prefix}
	f.out.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	fill(f)
	if f.count > 0 {
		f.out.WriteString("\n")
	}
	f.out.WriteString("]}\n")
	if err := f.out.Flush(); err != nil {
		file.Close()
		return 0, fmt.Errorf("city: %s: %w", path, err)
	}
	if err := file.Close(); err != nil {
		return 0, fmt.Errorf("city: %s: %w", path, err)
	}
	return f.count, nil
}

func (t *town) manifest(o Options) *Manifest {
	m := &Manifest{Invented: true, Seed: o.Seed, People: o.People, Code: TownCode, Name: t.names.town,
		Note:   "本镇及其社区、村庄、街道、楼栋和人口均为程序虚构，仅供演示；代码 " + TownCode + " 未曾颁发。",
		NoteEN: "This town, its communities, villages, streets, buildings and residents are invented by a program for demonstration; the code " + TownCode + " has not been issued."}
	for _, c := range t.communities {
		m.Communities = append(m.Communities, Community{c.Code, c.Name, c.People})
	}
	lo, hi := t.border[0][0], t.border[0][0]
	for _, p := range t.border[0] {
		lo = planar.Point{X: min(lo.X, p.X), Y: min(lo.Y, p.Y)}
		hi = planar.Point{X: max(hi.X, p.X), Y: max(hi.Y, p.Y)}
	}
	m.Bounds[0], m.Bounds[1] = lo.Degrees()
	m.Bounds[2], m.Bounds[3] = hi.Degrees()
	return m
}
