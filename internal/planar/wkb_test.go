package planar

import (
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestWKBRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) Point {
			return Point{rapid.Int32Range(-1800000000, 1800000000).Draw(t, "x"), rapid.Int32Range(-900000000, 900000000).Draw(t, "y")}
		})
		ring := rapid.Map(rapid.SliceOfN(point, 3, 9), func(p []Point) Ring { return Ring(p) })
		parts := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(ring, 1, 3), func(r []Ring) Polygon { return Polygon(r) }), 1, 4).Draw(t, "parts")
		got, err := ParsePolygons(MultiPolygonEWKB(parts))
		if err != nil || !reflect.DeepEqual(got, parts) {
			t.Fatalf("got %v, %v; want %v", got, err, parts)
		}
		line := rapid.SliceOfN(point, 2, 9).Draw(t, "line")
		if got, err := ParseLine(LineEWKB(line)); err != nil || !reflect.DeepEqual(got, line) {
			t.Fatalf("line %v, %v; want %v", got, err, line)
		}
	})
}

func TestWKBRefusesAVertexOffTheLattice(t *testing.T) {
	b := MultiPolygonEWKB([]Polygon{{{{1, 1}, {9, 1}, {9, 9}}}})
	b[len(b)-8] ^= 1      // the last bit of the closing latitude
	b[len(b)-16*3-8] ^= 1 // and of the first, so that the ring stays closed
	if _, err := ParsePolygons(b); !errors.Is(err, ErrOffLattice) {
		t.Fatalf("got %v", err)
	}
}

func FuzzParsePolygons(f *testing.F) {
	f.Add(MultiPolygonEWKB([]Polygon{{{{1, 1}, {9, 1}, {9, 9}}}}))
	f.Add(PolygonEWKB(Polygon{{{1, 1}, {9, 1}, {9, 9}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		parts, err := ParsePolygons(b)
		if err != nil {
			return
		}
		again, err := ParsePolygons(MultiPolygonEWKB(parts))
		if err != nil || !reflect.DeepEqual(again, parts) {
			t.Fatalf("%v: %v became %v", err, parts, again)
		}
	})
}
