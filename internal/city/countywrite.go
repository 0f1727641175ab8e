package city

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"jingwei/internal/planar"
)

// countyFiles are what a county is written as; each place adds its part to each of them.
var countyFiles = []struct {
	name, prefix string
	fill         func(*town, *features)
}{
	{"streets.geojson", "s", (*town).writeStreets},
	{"rail.geojson", "r", (*town).writeRail},
	{"water.geojson", "w", (*town).writeWater},
	{"walls.geojson", "q", (*town).writeWalls},
	{"landuse.geojson", "l", (*town).writeLanduse},
	{"buildings.geojson", "b", (*town).writeBuildings},
	{"entrances.geojson", "", (*town).writeEntrances},
	{"facilities.geojson", "f", (*town).writeFacilities},
}

// chunk is one place's part of one file.
type chunk struct {
	text  []byte
	count int
}

func newChunk(prefix string, fill func(*features)) (chunk, error) {
	var b bytes.Buffer
	f := &features{out: bufio.NewWriterSize(&b, 1<<16), prefix: prefix}
	fill(f)
	err := f.out.Flush()
	return chunk{b.Bytes(), f.count}, err
}

// collection is a GeoJSON file that chunks are added to.
type collection struct {
	name  string
	file  *os.File
	out   *bufio.Writer
	count int
}

func newCollection(dir, name string) (*collection, error) {
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("city: %w", err)
	}
	c := &collection{name: name, file: file, out: bufio.NewWriterSize(file, 1<<20)}
	c.out.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	return c, nil
}

func (c *collection) add(k chunk) {
	if k.count == 0 {
		return
	}
	if c.count > 0 {
		c.out.WriteString(",\n")
	}
	c.out.Write(k.text) // an error stays with the writer and is seen at Flush
	c.count += k.count
}

func (c *collection) close() error {
	if c.count > 0 {
		c.out.WriteString("\n")
	}
	c.out.WriteString("]}\n")
	if err := c.out.Flush(); err != nil {
		c.file.Close()
		return fmt.Errorf("city: %s: %w", c.name, err)
	}
	if err := c.file.Close(); err != nil {
		return fmt.Errorf("city: %s: %w", c.name, err)
	}
	return nil
}

// write builds the villages and puts everything into the files, place by place in a fixed order. Only a
// batch of villages is in memory at a time.
func (c *county) write(ctx context.Context, o Options) (*Manifest, error) {
	r, err := newRegistrar(o, c.wheres())
	if err != nil {
		return nil, err
	}
	defer r.stop()
	m := c.manifest(o)
	if o.nothing {
		err = c.writePlaces(ctx, nil, r)
	} else {
		err = c.writeGround(ctx, o, m, r)
	}
	if err != nil {
		return nil, err
	}
	if m.PeopleFiles, err = r.close(); err != nil {
		return nil, err
	}
	return m, m.write(o)
}

// writeGround writes the files of everything but the register, and their numbers into the manifest.
func (c *county) writeGround(ctx context.Context, o Options, m *Manifest, r *registrar) error {
	if _, err := writeCollection(filepath.Join(o.Dir, "divisions.geojson"), "", c.writeDivisions); err != nil {
		return err
	}
	m.Files = append(m.Files, ManifestFile{"divisions.geojson", 1 + len(c.towns) + len(c.lots)})
	var files []*collection
	defer func() {
		for _, f := range files {
			f.file.Close() // a second time where all went well
		}
	}()
	for _, f := range countyFiles {
		file, err := newCollection(o.Dir, f.name)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	open, err := c.openCountry()
	if err != nil {
		return err
	}
	for i, k := range open {
		files[i].add(k)
	}
	if err := c.writePlaces(ctx, files, r); err != nil {
		return err
	}
	for _, f := range files {
		if err := f.close(); err != nil {
			return err
		}
		m.Files = append(m.Files, ManifestFile{f.name, f.count})
	}
	return nil
}

// openCountry is what lies between the places: roads, the railway, the rivers and the fields.
func (c *county) openCountry() ([]chunk, error) {
	t := &town{globe: c.globe}
	roads := func(f *features) {
		for _, l := range c.links {
			t.line(f, l.line, tag{"highway", l.class}, tag{"name", l.name})
		}
	}
	rail := func(f *features) {
		for _, k := range c.courses {
			if k.kind == "rail" {
				t.line(f, k.line, tag{"railway", "rail"}, tag{"name", k.name})
			}
		}
	}
	water := func(f *features) {
		for _, k := range c.courses {
			if k.kind == "rail" || len(k.line) < 2 {
				continue
			}
			t.line(f, k.line, tag{"waterway", k.kind}, tag{"name", k.name})
			for from := 0; from < len(k.line)-1; from += 24 {
				part := k.line[from:min(from+25, len(k.line))]
				t.polygon(f, strap(part, k.half), tag{"natural", "water"}, tag{"water", "river"}, tag{"name", k.name})
			}
		}
	}
	nothing := func(*features) {}
	var out []chunk
	for i, fill := range []func(*features){roads, rail, water, nothing, c.writeFields, nothing, nothing, nothing} {
		k, err := newChunk(countyFiles[i].prefix+"0-", fill)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// strap is a line as a band so wide on either side.
func strap(line []vec, half float64) []vec {
	var left, right []vec
	for i, p := range line {
		d := line[min(i+1, len(line)-1)].sub(line[max(i-1, 0)])
		n := vec{-d.y, d.x}.mul(half / d.len())
		left, right = append(left, p.add(n)), append(right, p.sub(n))
	}
	slices.Reverse(left)
	return append(right, left...)
}

func (c *county) writeDivisions(f *features) {
	add := func(code, name, level, parent string, polygons []planar.Polygon) {
		tags := []tag{{"code", code}, {"name", name}, {"level", level}, {"county", parent}, {"invented", true}}
		if len(polygons) == 1 {
			f.addAs(code, "Polygon", polygons[0], tags...)
		} else {
			f.addParts(code, polygons, tags...)
		}
	}
	add(c.code, c.name, "county", "", c.outer())
	for i, t := range c.towns {
		add(t.code, t.name, "town", c.name, c.townPolygons(i))
	}
	for _, l := range c.lots {
		add(l.code, l.name, "community", c.towns[l.town].name, l.polygons)
	}
}

// dissolved joins the communities' ground by a label.
func (c *county) dissolved(label func(lot) int32) *planar.Coverage {
	parts := make([][]planar.Polygon, len(c.lots))
	labels := make([]int32, len(c.lots))
	for i, l := range c.lots {
		parts[i], labels[i] = l.polygons, label(l)
	}
	whole, err := planar.BuildMulti(parts)
	if err != nil {
		panic(fmt.Sprintf("city: %v", err)) // they were one coverage
	}
	return whole.Dissolve(labels)
}

// outer is the county's outline with all vertices of the communities along it.
func (c *county) outer() []planar.Polygon {
	return c.dissolved(func(lot) int32 { return 0 }).Polygons(0)
}

func (c *county) townPolygons(i int) []planar.Polygon {
	if c.byTown == nil {
		c.byTown = c.dissolved(func(l lot) int32 { return int32(l.town) })
	}
	return c.byTown.Polygons(int32(i))
}

func (c *county) manifest(o Options) *Manifest {
	m := &Manifest{Invented: true, Seed: o.Seed, People: o.People, Code: c.code, Name: c.name,
		Note:   "仅代码、名称和县界轮廓为公开事实（见 geodata/zoucheng）；镇、社区、村的界线和街道、楼栋、河流、人口均为程序虚构，仅供演示。",
		NoteEN: "Only codes, names and the county's outline are published facts (see geodata/zoucheng); the borders of towns, communities and villages, and all streets, buildings, rivers and residents are invented by a program for demonstration."}
	for _, l := range c.lots {
		m.Communities = append(m.Communities, Community{l.code, l.name, l.people})
	}
	box := bounds(c.border)
	lo, hi := c.globe.point(vec{box.u0, box.v0}), c.globe.point(vec{box.u1, box.v1})
	m.Bounds[0], m.Bounds[1] = lo.Degrees()
	m.Bounds[2], m.Bounds[3] = hi.Degrees()
	return m
}
