package planar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The well-known binary forms that PostGIS takes and gives (EWKB, little-endian, SRID 4326). Coordinates
// are written as k/1e7, so that a lattice point read back is the same lattice point.

const (
	wkbLineString   = 2
	wkbPolygon      = 3
	wkbMultiPolygon = 6
	wkbPoint        = 1
	wkbSRID         = 0x20000000
	srid            = 4326
)

// ErrOffLattice says that a geometry holds a vertex that is no lattice point.
var ErrOffLattice = errors.New("planar: vertex is not on the lattice of 1e-7 degree")

// PointEWKB is p as an EWKB point.
func PointEWKB(p Point) []byte {
	return appendPoint(appendHead(nil, wkbPoint, true), p)
}

// LineEWKB is a line string.
func LineEWKB(points []Point) []byte {
	b := make([]byte, 0, 13+16*len(points))
	b = appendHead(b, wkbLineString, true)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(points)))
	for _, p := range points {
		b = appendPoint(b, p)
	}
	return b
}

// PolygonEWKB is a polygon; its rings are closed on the way.
func PolygonEWKB(p Polygon) []byte {
	return appendRings(appendHead(make([]byte, 0, 64+16*p.vertices()), wkbPolygon, true), p)
}

// MultiPolygonEWKB is a multipolygon of any number of parts.
func MultiPolygonEWKB(parts []Polygon) []byte {
	size := 13
	for _, p := range parts {
		size += 64 + 16*p.vertices()
	}
	b := appendHead(make([]byte, 0, size), wkbMultiPolygon, true)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(parts)))
	for _, p := range parts {
		b = appendRings(appendHead(b, wkbPolygon, false), p)
	}
	return b
}

func (p Polygon) vertices() int {
	n := 0
	for _, r := range p {
		n += len(r) + 1
	}
	return n
}

func appendHead(b []byte, kind uint32, withSRID bool) []byte {
	b = append(b, 1)
	if !withSRID {
		return binary.LittleEndian.AppendUint32(b, kind)
	}
	b = binary.LittleEndian.AppendUint32(b, kind|wkbSRID)
	return binary.LittleEndian.AppendUint32(b, srid)
}

func appendPoint(b []byte, p Point) []byte {
	lon, lat := p.Degrees()
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(lon))
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(lat))
}

func appendRings(b []byte, p Polygon) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
	for _, r := range p {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(r)+1))
		for _, v := range r {
			b = appendPoint(b, v)
		}
		b = appendPoint(b, r[0])
	}
	return b
}

// ParsePolygons reads a WKB or EWKB polygon or multipolygon. It returns ErrOffLattice for a vertex that
// isn't exactly a lattice point: what is in the database was written by MultiPolygonEWKB or it is broken.
func ParsePolygons(b []byte) ([]Polygon, error) {
	r := wkbReader{b: b}
	kind := r.head()
	var out []Polygon
	switch kind {
	case wkbPolygon:
		out = append(out, r.polygon())
	case wkbMultiPolygon:
		n := r.count(9)
		for range n {
			if k := r.head(); r.err == nil && k != wkbPolygon {
				return nil, fmt.Errorf("planar: part of type %d in a multipolygon", k)
			}
			out = append(out, r.polygon())
		}
	default:
		if r.err == nil {
			r.err = fmt.Errorf("planar: geometry of type %d where a polygon was expected", kind)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	return out, nil
}

// ParseLine reads a WKB or EWKB line string, with the same demand on its vertices as ParsePolygons.
func ParseLine(b []byte) ([]Point, error) {
	r := wkbReader{b: b}
	if kind := r.head(); r.err == nil && kind != wkbLineString {
		return nil, fmt.Errorf("planar: geometry of type %d where a line was expected", kind)
	}
	points := r.points()
	return points, r.err
}

type wkbReader struct {
	b     []byte
	order binary.ByteOrder
	err   error
}

var errShort = errors.New("planar: geometry ends too early")

func (r *wkbReader) head() uint32 {
	if len(r.b) < 5 {
		r.fail(errShort)
		return 0
	}
	r.order = binary.LittleEndian
	if r.b[0] == 0 {
		r.order = binary.BigEndian
	}
	r.b = r.b[1:]
	kind := r.uint32()
	if kind&wkbSRID != 0 {
		r.uint32()
		kind &^= wkbSRID
	}
	return kind
}

func (r *wkbReader) uint32() uint32 {
	if len(r.b) < 4 || r.order == nil {
		r.fail(errShort)
		return 0
	}
	v := r.order.Uint32(r.b)
	r.b = r.b[4:]
	return v
}

// count reads a number of parts and refuses one that the rest of the bytes can't hold.
func (r *wkbReader) count(size int) int {
	n := int(r.uint32())
	if n*size > len(r.b) {
		r.fail(errShort)
		return 0
	}
	return n
}

func (r *wkbReader) polygon() Polygon {
	n := r.count(4)
	p := make(Polygon, 0, n)
	for range n {
		points := r.points()
		if r.err != nil {
			return nil
		}
		if len(points) < 4 || points[0] != points[len(points)-1] {
			r.fail(errors.New("planar: ring is not closed"))
			return nil
		}
		p = append(p, Ring(points[:len(points)-1]))
	}
	return p
}

func (r *wkbReader) points() []Point {
	n := r.count(16)
	points := make([]Point, n)
	for i := range points {
		lon := math.Float64frombits(r.order.Uint64(r.b))
		lat := math.Float64frombits(r.order.Uint64(r.b[8:]))
		r.b = r.b[16:]
		points[i] = FromDegrees(lon, lat)
		if x, y := points[i].Degrees(); x != lon || y != lat {
			r.fail(fmt.Errorf("%w: %.10f %.10f", ErrOffLattice, lon, lat))
			return nil
		}
	}
	return points
}

func (r *wkbReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}
