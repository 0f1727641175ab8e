package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
	"google.golang.org/protobuf/encoding/protowire"

	"jingwei/internal/planar"
)

func place(x, y int32) planar.Point {
	return planar.Point{X: 1_163_450_000 + x*100, Y: 399_990_000 + y*100}
}

// ring4 writes the nodes of a square, x, y, w in metres or so, and gives the closed list of them.
func ring4(p *pbfWriter, first int64, x, y, w int32) []int64 {
	for i, d := range [4][2]int32{{0, 0}, {w, 0}, {w, w}, {0, w}} {
		p.node(first+int64(i), place(x+d[0], y+d[1]))
	}
	return []int64{first, first + 1, first + 2, first + 3, first}
}

// TestOSM is about what OSM's own formats bring: relations, ways cut off, elements twice, tunnels, entrances.
func TestOSM(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "o.osm.pbf")
	writePBF(t, path, true, func(p *pbfWriter) {
		shell, hole := ring4(p, 10, 0, 0, 40), ring4(p, 20, 10, 10, 10)
		p.node(30, place(100, 0), "entrance", "staircase", "ref", "2", "residents", "30")
		p.node(31, place(120, 0), "entrance", "yes", "ref", "1")
		p.node(32, place(120, 20))
		p.node(33, place(100, 20), "entrance", "exit", "ref", "3")
		for i := range int32(6) {
			p.node(40+int64(i), place(200+10*i, 0))
		}
		lone := ring4(p, 50, 300, 0, 20)
		touch := ring4(p, 60, 0, 10, 10) // touches the shell's west side
		p.way(1, shell[:3])              // the shell in two parts, the second turned round
		p.way(2, []int64{10, 13, 12})
		p.way(3, hole)
		p.way(4, []int64{30, 31, 32, 33, 30}, "building", "apartments", "building:levels", "6", "addr:street", "双清路", "addr:housenumber", "30")
		p.way(5, []int64{40, 41, 999, 42, 43, 44, 45, 998}, "highway", "residential", "name", "路")
		p.way(6, []int64{40, 41, 999, 40}, "building", "yes")
		p.way(7, []int64{999, 40, 998}, "highway", "service")
		p.way(8, []int64{40, 45}, "railway", "subway", "tunnel", "yes")
		p.way(9, []int64{40, 44}, "highway", "footway", "tunnel", "building_passage")
		p.way(10, lone, "building", "yes", "name", "成员")
		p.way(11, []int64{44, 40}, "highway", "path") // way 9 turned round, but a line of its own
		p.way(9, []int64{40, 41}, "highway", "steps") // 9 again
		p.way(12, touch)
		p.way(13, []int64{40, 42}, "waterway", "stream", "layer", "-1")
		p.way(14, []int64{40, 43}, "waterway", "drain", "tunnel", "culvert")
		p.way(15, []int64{41, 45})
		p.relation(1, []osmMember{{true, 1, "outer"}, {true, 2, "outer"}, {true, 3, "inner"}}, "type", "multipolygon", "building", "university", "name", "回字楼")
		p.relation(2, []osmMember{{true, 10, "outer"}}, "type", "multipolygon", "building", "yes", "name", "关系")
		p.relation(3, []osmMember{{true, 777, "outer"}, {true, 1, "outer"}}, "type", "multipolygon", "landuse", "residential")
		p.relation(4, []osmMember{{true, 10, "outer"}, {true, 776, "inner"}}, "type", "multipolygon", "landuse", "grass")
		p.relation(5, []osmMember{{true, 4, ""}}, "type", "route", "route", "bus")
		p.relation(6, []osmMember{{true, 1, "outer"}, {true, 2, "outer"}, {true, 12, "inner"}}, "type", "multipolygon", "leisure", "park")
	})
	db := town(t)
	r := importGround(t, db, GroundInput{Files: []string{path}})

	wantBuildings := []string{
		"relation/1 回字楼 university 0  MULTIPOLYGON(((116.345 39.999,116.3454 39.999,116.3454 39.9994,116.345 39.9994,116.345 39.999),(116.3451 39.9991,116.3451 39.9992,116.3452 39.9992,116.3452 39.9991,116.3451 39.9991)))",
		"relation/2 关系 yes 0  MULTIPOLYGON(((116.348 39.999,116.3482 39.999,116.3482 39.9992,116.348 39.9992,116.348 39.999)))",
		"way/4  apartments 6 双清路30号 MULTIPOLYGON(((116.346 39.999,116.3462 39.999,116.3462 39.9992,116.346 39.9992,116.346 39.999)))",
	}
	if got := query(t, db, `SELECT format('%s %s %s %s %s %s', source, name, use, levels, address, ST_AsText(geom)) FROM building ORDER BY source`); !slices.Equal(got, wantBuildings) {
		t.Errorf("buildings:\n%s", strings.Join(got, "\n"))
	}
	wantLines := []string{"way/11 path 1 5", "way/13 stream 6 2", "way/5 residential 2 4", "way/9 footway 1 2"}
	got := query(t, db, `SELECT format('%s %s %s %s', source, class, barrier, CASE WHEN source = 'way/11' THEN 5 ELSE ST_NPoints(geom) END) FROM line_feature ORDER BY source`)
	// way 11 has way 9's shape and kind: it is the same line twice
	wantLines = slices.DeleteFunc(wantLines, func(s string) bool { return strings.HasPrefix(s, "way/11") })
	if !slices.Equal(got, wantLines) {
		t.Errorf("lines: %q", got)
	}
	wantAreas := []string{"relation/4 grass 0", "relation/6 park 0"}
	if got := query(t, db, `SELECT format('%s %s %s', source, class, barrier) FROM area_feature ORDER BY source`); !slices.Equal(got, wantAreas) {
		t.Errorf("areas: %q", got)
	}
	if got := query(t, db, `SELECT ref || ' ' || coalesce(residents, -1) FROM entrance ORDER BY ref`); !slices.Equal(got, []string{"1 -1", "2 30"}) {
		t.Errorf("entrances: %q", got)
	}
	findings := func(l Findings) (out []string) {
		for _, f := range l.Listed {
			out = append(out, f.Feature+" "+f.Kind)
		}
		slices.Sort(out)
		return out
	}
	wantRepaired := []string{"relation/4 incomplete", "relation/6 self-crossing", "way/10 in-relation", "way/11 duplicate", "way/5 cut-off", "way/9 same-id"}
	if got := findings(r.Repaired); !slices.Equal(got, wantRepaired) {
		t.Errorf("repaired: %q", got)
	}
	if got := findings(r.Refused); !slices.Equal(got, []string{"relation/3 incomplete", "way/6 cut-off", "way/7 cut-off"}) {
		t.Errorf("refused: %q", got)
	}

	// an entrance gone from the source goes from its building
	writePBF(t, path, true, func(p *pbfWriter) {
		p.node(30, place(100, 0), "entrance", "staircase", "ref", "2", "residents", "31")
		p.node(31, place(120, 0))
		p.node(32, place(120, 20))
		p.node(33, place(100, 20))
		p.way(4, []int64{30, 31, 32, 33, 30}, "building", "apartments", "building:levels", "6")
	})
	r = importGround(t, db, GroundInput{Files: []string{path}})
	if got := query(t, db, `SELECT ref || ' ' || coalesce(residents, -1) FROM entrance ORDER BY ref`); !slices.Equal(got, []string{"2 31"}) || r.Tables["building"] != (Tally{Changed: 1}) {
		t.Errorf("entrances after the second import: %q\n%s", got, dump(r))
	}
}

// TestHolesGoToTheirShells: a hole in an island in a hole belongs to the island.
func TestHolesGoToTheirShells(t *testing.T) {
	sq := func(x, w int32) planar.Ring {
		return planar.Ring{place(x, x), place(x+w, x), place(x+w, x+w), place(x, x+w)}
	}
	got := withHoles([]planar.Ring{sq(0, 100), sq(20, 50)}, []planar.Ring{sq(30, 10), sq(10, 80), sq(200, 5)})
	want := [][]planar.Point{{place(0, 0), place(10, 10)}, {place(20, 20), place(30, 30)}, {place(200, 200)}}
	for i, rings := range got {
		var starts []planar.Point
		for j, r := range rings {
			if r.Area2() > 0 != (j == 0) {
				t.Errorf("area %d, ring %d runs the wrong way", i, j)
			}
			starts = append(starts, rotate(r)[0])
		}
		if !slices.Equal(starts, want[i]) {
			t.Errorf("area %d has rings at %v, want %v", i, starts, want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d areas", len(got))
	}
}

// TestOSMRounds reads a file in many small rounds and gets the same as in one.
func TestOSMRounds(t *testing.T) {
	path := realData(t, "osm/haidian-xueyuanlu.osm.pbf")
	read := func(refs, ways, members int) []string {
		defer func(a, b, c int) { maxRefs, maxHeldWays, maxHeldMembers = a, b, c }(maxRefs, maxHeldWays, maxHeldMembers)
		maxRefs, maxHeldWays, maxHeldMembers = refs, ways, members
		db := town(t)
		importGround(t, db, GroundInput{Files: []string{path}})
		return rows(t, db)
	}
	if a, b := read(maxRefs, maxHeldWays, maxHeldMembers), read(100, 7, 1); !slices.Equal(a, b) || len(a) == 0 {
		t.Errorf("one round gives %d rows, many %d, or others", len(a), len(b))
	}
}

// element is one element of a file as text, to compare two readers.
func elements(t testing.TB, f osmFile) []string {
	t.Helper()
	var out []string
	v := osmVisitor{
		node: func(id int64, p planar.Point, t tags) error { out = append(out, fmt.Sprint("n", id, p, t)); return nil },
		way: func(id int64, t tags, refs []int64) error {
			out = append(out, fmt.Sprint("w", id, t, refs))
			return nil
		},
		relation: func(id int64, t tags, m []osmMember) error {
			out = append(out, fmt.Sprint("r", id, t, m))
			return nil
		},
	}
	if err := f.scan(context.Background(), v, nil); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPBFAgainstLibrary compares our reader with paulmach/osm on the extract: every element, and on the second
// pass too, which skips blobs.
func TestPBFAgainstLibrary(t *testing.T) {
	t.Parallel()
	path := realData(t, "osm/haidian-xueyuanlu.osm.pbf")
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := osmpbf.New(context.Background(), file, 1)
	defer s.Close()
	var want []string
	nodes := 0
	v := osmVisitor{
		node: func(id int64, p planar.Point, t tags) error {
			want = append(want, fmt.Sprint("n", id, p, t))
			return nil
		},
		way: func(id int64, t tags, refs []int64) error {
			want = append(want, fmt.Sprint("w", id, t, refs))
			return nil
		},
		relation: func(id int64, t tags, m []osmMember) error {
			want = append(want, fmt.Sprint("r", id, t, m))
			return nil
		},
	}
	for s.Scan() {
		if _, ok := s.Object().(*osm.Node); ok {
			nodes++
		}
		if err := visitObject(s.Object(), v); err != nil {
			t.Fatal(err)
		}
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	f := &pbfFile{path: path}
	if got := elements(t, f); !slices.Equal(got, want) || len(got) < 1000 {
		t.Errorf("we read %d elements, the library %d, or others", len(got), len(want))
	}
	placed := 0
	if err := f.scan(context.Background(), osmVisitor{place: func(int64, planar.Point) { placed++ }}, nil); err != nil {
		t.Fatal(err)
	}
	if placed != nodes {
		t.Errorf("the second pass placed %d nodes of %d", placed, nodes)
	}
	if got := elements(t, &xmlFile{path: realData(t, "osm/haidian-xueyuanlu.osm")}); !slices.Equal(got, want) {
		t.Errorf("the XML reader gives %d elements, or others", len(got))
	}
}

// TestPBFPlainNodes reads nodes that aren't dense, which the format allows and old programs write.
func TestPBFPlainNodes(t *testing.T) {
	t.Parallel()
	node := varintField(nil, 1, protowire.EncodeZigZag(7))
	node = bytesField(node, 2, []byte{1})
	node = bytesField(node, 3, []byte{2})
	node = varintField(node, 8, protowire.EncodeZigZag(399990000))
	node = varintField(node, 9, protowire.EncodeZigZag(1163450000))
	table := bytesField(bytesField(bytesField(nil, 1, nil), 1, []byte("entrance")), 1, []byte("yes"))
	var b bytes.Buffer
	p := newPBF(&b, true)
	p.blob("OSMData", bytesField(bytesField(nil, 1, table), 2, bytesField(nil, 1, node)))
	p.close(t)
	got := elements(t, &pbfFile{path: write(t, "p.osm.pbf", b.String())})
	if want := []string{fmt.Sprint("n", 7, planar.Point{X: 1163450000, Y: 399990000}, tags{{"entrance", "yes"}})}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzPBF feeds the reader anything: it may refuse it, with an error that says where, and not panic.
func FuzzPBF(f *testing.F) {
	for _, packed := range []bool{true, false} {
		var b bytes.Buffer
		p := newPBF(&b, packed)
		p.node(1, planar.Point{X: 1163450000, Y: 399990000}, "entrance", "yes")
		p.way(1, []int64{1, 2, 3, 1}, "building", "yes")
		p.relation(1, []osmMember{{true, 1, "outer"}}, "type", "multipolygon")
		p.close(f)
		f.Add(b.Bytes())
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(dir, "f.pbf")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		file := &pbfFile{path: path}
		v := osmVisitor{
			place:    func(int64, planar.Point) {},
			node:     func(int64, planar.Point, tags) error { return nil },
			way:      func(int64, tags, []int64) error { return nil },
			relation: func(int64, tags, []osmMember) error { return nil },
		}
		err := file.scan(context.Background(), v, nil)
		var broken *brokenError
		if err != nil && !errors.As(err, &broken) {
			t.Fatalf("an error that doesn't say where: %v", err)
		}
		if err == nil {
			if err := file.scan(context.Background(), v, nil); err != nil {
				t.Fatalf("the second pass fails: %v", err)
			}
		}
	})
}
