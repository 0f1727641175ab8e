package exchange

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"io"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	ours "jingwei/internal/planar"
)

// pmtiles reads an archive as the specification says.
type pmtiles struct {
	content []byte
	entries map[uint64][]byte
	about   map[string]any
}

func unzipped(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func readPMTiles(t *testing.T, content []byte) *pmtiles {
	t.Helper()
	if string(content[:7]) != "PMTiles" || content[7] != 3 {
		t.Fatalf("begins with %q", content[:8])
	}
	number := func(at int) uint64 { return binary.LittleEndian.Uint64(content[at:]) }
	p := &pmtiles{content: content, entries: make(map[uint64][]byte)}
	if err := json.Unmarshal(unzipped(t, content[number(24):number(24)+number(32)]), &p.about); err != nil {
		t.Fatal(err)
	}
	p.directory(t, content[number(8):number(8)+number(16)])
	if n := uint64(len(p.entries)); n != number(72) {
		t.Errorf("%d tiles are addressed, the header says %d", n, number(72))
	}
	return p
}

func (p *pmtiles) directory(t *testing.T, packed []byte) {
	t.Helper()
	r := bytes.NewReader(unzipped(t, packed))
	read := func() uint64 {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	type line struct{ id, run, length, offset uint64 }
	lines := make([]line, read())
	for i := range lines {
		if lines[i].id = read(); i > 0 {
			lines[i].id += lines[i-1].id
		}
	}
	for i := range lines {
		lines[i].run = read()
	}
	for i := range lines {
		lines[i].length = read()
	}
	for i := range lines {
		if lines[i].offset = read(); lines[i].offset == 0 {
			lines[i].offset = lines[i-1].offset + lines[i-1].length
		} else {
			lines[i].offset--
		}
	}
	leaves, data := binary.LittleEndian.Uint64(p.content[40:]), binary.LittleEndian.Uint64(p.content[56:])
	for _, l := range lines {
		if l.run == 0 {
			p.directory(t, p.content[leaves+l.offset:leaves+l.offset+l.length])
			continue
		}
		for k := range l.run {
			p.entries[l.id+k] = p.content[data+l.offset : data+l.offset+l.length]
		}
	}
}

// Tile numbers are those that the specification gives as examples.
func TestTileNumbers(t *testing.T) {
	for _, c := range []struct {
		z, x, y int
		want    uint64
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := tileID(c.z, c.x, c.y); got != c.want {
			t.Errorf("tile %d/%d/%d is number %d, want %d", c.z, c.x, c.y, got, c.want)
		}
	}
}

// Every block's middle lies in the polygon of its own grid in the tiles, for every version: the archive gives the same layout.
func TestPMTilesGiveTheSameLayout(t *testing.T) {
	v := newTown(t)
	for version := 1; version <= 2; version++ {
		l := v.load(townCode, version)
		p := readPMTiles(t, v.exported(Job{What: Grids, Format: "pmtiles", Division: townCode, Version: version}))
		if p.about["vector_layers"].([]any)[0].(map[string]any)["id"] != "grids" {
			t.Errorf("metadata %v", p.about)
		}
		for _, b := range l.Blocks {
			x, y := ours.InteriorPoint([]ours.Polygon{b.Polygon})
			at := orb.Point{x / ours.Scale, y / ours.Scale}
			for _, zoom := range []maptile.Zoom{firstZoom + 8, lastZoom} {
				address := maptile.At(at, zoom)
				raw, there := p.entries[tileID(int(zoom), int(address.X), int(address.Y))]
				if !there {
					t.Fatalf("there is no tile %v", address)
				}
				layers, err := mvt.Unmarshal(unzipped(t, raw))
				if err != nil {
					t.Fatal(err)
				}
				layers.ProjectToWGS84(address)
				var found []any
				for _, layer := range layers {
					for _, f := range layer.Features {
						if layer.Name == "grids" && inside(f.Geometry, at) {
							found = append(found, f.Properties["code"])
						}
					}
				}
				if want := l.Grids[b.Grid].Code.String(); len(found) != 1 || found[0] != want {
					t.Errorf("version %d, zoom %d, block %d lies in %v, want %s", version, zoom, b.ID, found, want)
				}
			}
		}
	}
}

func inside(g orb.Geometry, at orb.Point) bool {
	switch g := g.(type) {
	case orb.Polygon:
		return planar.PolygonContains(g, at)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(g, at)
	}
	return false
}

// A directory that is too large for the root has leaves, and all of its entries are found.
func TestLeaves(t *testing.T) {
	a := &archive{}
	for i := range uint64(50_000) {
		a.entries = append(a.entries, entry{i*7 + i*i%5, 1, uint32(100 + i%977), i * 1009})
	}
	root, leaves, err := a.directories()
	if err != nil || len(root) > mostRoot || len(leaves) == 0 {
		t.Fatalf("root of %d bytes, leaves of %d: %v", len(root), len(leaves), err)
	}
	content := make([]byte, 80, 80+len(leaves))
	binary.LittleEndian.PutUint64(content[40:], 80)
	p := &pmtiles{content: append(append(content, leaves...), make([]byte, 50_001*1009+2000)...), entries: make(map[uint64][]byte)}
	p.directory(t, root)
	for _, e := range a.entries {
		if got, there := p.entries[e.id]; !there || len(got) != int(e.length) {
			t.Fatalf("entry %+v: found %v with %d bytes", e, there, len(got))
		}
	}
}
