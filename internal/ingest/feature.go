package ingest

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"sort"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// feature is one row to be: a line, an area, a building, or a facility.
type feature struct {
	source  string
	layer   Layer
	kind    string
	class   string // a building's use
	barrier ground.Barrier
	name    string

	line  []planar.Point
	parts []planar.Polygon
	at    planar.Point // of a facility

	levels    float64
	address   string
	people    int // −1: not known
	entrances []ground.Entrance
	whole     bool // entrances are all there are: the source keeps them with the building
}

// digest is a hash of everything the row says; shape of its geometry alone, a line's direction apart.
func (f *feature) digest() (digest, shape []byte) {
	geom := f.ewkb()
	h := sha256.New()
	text := func(parts ...string) {
		for _, s := range parts {
			h.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(s))))
			h.Write([]byte(s))
		}
	}
	number := func(v uint64) { h.Write(binary.LittleEndian.AppendUint64(nil, v)) }
	text(f.source, f.kind, f.class, f.name, f.address)
	number(uint64(f.barrier))
	number(math.Float64bits(f.levels))
	number(uint64(int64(f.people)))
	h.Write(geom)
	for _, e := range f.entrances {
		text(e.Ref)
		number(uint64(int64(e.People)))
		h.Write(planar.PointEWKB(e.At))
	}
	sum := h.Sum(nil)
	if f.line != nil && less(f.line[len(f.line)-1], f.line[0]) {
		back := append([]planar.Point(nil), f.line...)
		planar.Ring(back).Reverse()
		geom = planar.LineEWKB(back)
	}
	form := sha256.Sum256(geom)
	return sum[:16], form[:16]
}

func (f *feature) ewkb() []byte {
	if f.layer == Facilities {
		return planar.PointEWKB(f.at)
	}
	if f.line != nil {
		return planar.LineEWKB(f.line)
	}
	return planar.MultiPolygonEWKB(f.parts)
}

// counties gives those whose divisions the feature touches; of a building the one in which most of it stands, so that
// nobody in it is counted by two.
func (f *feature) counties(ix *countyIndex) []int {
	if f.layer == Facilities {
		found := ix.point(f.at)
		return found[:min(1, len(found))] // on a border: it is one place
	}
	if f.line != nil {
		return ix.line(f.line)
	}
	found := ix.area(f.parts)
	if f.layer == Buildings && len(found) > 1 {
		return ix.most(f.parts)
	}
	return found
}

// sortEntrances orders them by their ref, so that the digest doesn't depend on the file's order.
func (f *feature) sortEntrances() {
	sort.Slice(f.entrances, func(i, j int) bool { return f.entrances[i].Ref < f.entrances[j].Ref })
}
