package planar

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// divisions reads the Beijing divisions from the real data, which isn't part of this repository.
func divisions(t *testing.T) [][]Polygon {
	dir := os.Getenv("JINGWEI_REALDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	text, err := os.ReadFile(filepath.Join(dir, "beijing", "subdistricts.geojson"))
	if err != nil {
		t.Skipf("no real data (set JINGWEI_REALDATA): %v", err)
	}
	var file struct {
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var out [][]Polygon
	for _, f := range file.Features {
		var parts [][][][2]float64
		if f.Geometry.Type == "Polygon" {
			parts = make([][][][2]float64, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &parts[0])
		} else {
			err = json.Unmarshal(f.Geometry.Coordinates, &parts)
		}
		if err != nil {
			t.Fatal(err)
		}
		var rings []Ring
		for _, p := range parts {
			for _, r := range p {
				var ring Ring
				for _, v := range r {
					ring = append(ring, FromDegrees(v[0], v[1]))
				}
				rings = append(rings, ring)
			}
		}
		valid, err := MakeValid(rings)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, valid)
	}
	return out
}

// A city's real divisions: laid over one another they are a sound coverage at every zoom, and one that is
// moved shows as overlaps with its neighbours.
func TestRealDivisions(t *testing.T) {
	sets := divisions(t)
	c, covers, err := OverlayFaces(context.Background(), sets)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, c)
	overlaps := func(covers [][]int32) (n int) {
		for _, o := range covers {
			if len(o) > 1 {
				n++
			}
		}
		return n
	}
	gaps, parts := 0, 0
	for f := range covers {
		if len(covers[f]) == 0 {
			gaps++
		}
	}
	for _, s := range sets {
		parts += len(s)
	}
	t.Logf("%d divisions in %d parts: %d faces, of them %d overlaps and %d enclosed gaps", len(sets), parts, len(c.Faces), overlaps(covers), gaps)
	polygons := everything(c)
	border := everything(c.Dissolve(make([]int32, len(c.Faces))))
	if flaws := Check(polygons, border); flaws != nil {
		t.Errorf("flaws: %v", flaws)
	}
	for zoom := 6; zoom <= 14; zoom += 4 {
		sound(t, c.Simplify(ZoomTolerance(zoom)))
	}
	moved := slices.Clone(sets)
	moved[100] = nil
	for _, p := range sets[100] {
		var q Polygon
		for _, r := range p {
			var s Ring
			for _, v := range r {
				s = append(s, Point{v.X + 5850, v.Y}) // 50 m east
			}
			q = append(q, s)
		}
		moved[100] = append(moved[100], q)
	}
	c, after, err := OverlayFaces(context.Background(), moved)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, c)
	if overlaps(after) <= overlaps(covers) {
		t.Errorf("a division moved by 50 m: %d overlaps, %d before", overlaps(after), overlaps(covers))
	}
	for _, o := range after {
		if len(o) > 1 && !slices.Contains(o, 100) && overlaps(covers) == 0 {
			t.Errorf("divisions %v overlap, but only 100 was moved", o)
		}
	}
}
