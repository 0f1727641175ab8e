package tile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"jingwei/internal/planar"
)

// shape is a geometry in pixels: polygons with their rings, or lines.
type shape struct {
	polygons [][]ring
	lines    []ring
	points   []planar.Point
}

// withSRID marks an EWKB geometry that says its reference system.
const withSRID = 0x20000000

var errBadWKB = errors.New("tile: a geometry ends too early")

// readShape projects a WKB geometry on its way in. Rings lose their repeated last vertex.
func readShape(b []byte, zoom int) (shape, error) {
	r := wkbReader{b: b, zoom: zoom}
	var s shape
	r.geometry(&s, 0)
	return s, r.err
}

type wkbReader struct {
	b    []byte
	zoom int
	err  error
}

func (r *wkbReader) geometry(s *shape, depth int) {
	if len(r.b) < 5 || r.b[0] != 1 || depth > 4 {
		r.fail(errBadWKB)
		return
	}
	kind := binary.LittleEndian.Uint32(r.b[1:])
	r.b = r.b[5:]
	if kind&withSRID != 0 && len(r.b) >= 4 {
		kind, r.b = kind&^withSRID, r.b[4:]
	}
	switch kind {
	case 1:
		if p, ok := r.point(); ok {
			s.points = append(s.points, p)
		}
	case 2:
		s.lines = append(s.lines, r.path())
	case 3:
		rings := make([]ring, r.count(4))
		for i := range rings {
			if rings[i] = r.path(); len(rings[i]) > 0 {
				rings[i] = rings[i][:len(rings[i])-1]
			}
		}
		s.polygons = append(s.polygons, rings)
	case 4, 5, 6, 7:
		for range r.count(5) {
			if r.geometry(s, depth+1); r.err != nil {
				return
			}
		}
	default:
		r.fail(fmt.Errorf("tile: geometry of type %d", kind))
	}
}

// count reads a number of parts and refuses one that the rest of the bytes can't hold.
func (r *wkbReader) count(size int) int {
	if len(r.b) < 4 {
		r.fail(errBadWKB)
		return 0
	}
	n := int(binary.LittleEndian.Uint32(r.b))
	r.b = r.b[4:]
	if n*size > len(r.b) {
		r.fail(errBadWKB)
		return 0
	}
	return n
}

func (r *wkbReader) path() ring {
	n := r.count(16)
	out := make(ring, n)
	for i := range out {
		p, _ := r.point()
		out[i] = project(p, r.zoom)
	}
	return out
}

func (r *wkbReader) point() (planar.Point, bool) {
	if len(r.b) < 16 {
		r.fail(errBadWKB)
		return planar.Point{}, false
	}
	lon := math.Float64frombits(binary.LittleEndian.Uint64(r.b))
	lat := math.Float64frombits(binary.LittleEndian.Uint64(r.b[8:]))
	r.b = r.b[16:]
	return planar.FromDegrees(lon, lat), true
}

func (r *wkbReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}
