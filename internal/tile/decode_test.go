package tile

import (
	"encoding/binary"
	"fmt"
	"io"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
)

// The tests read tiles with another reader than ours: orb's.

// decoded is a tile's polygons by layer and feature id, as rings of whole units.
type decoded map[string]map[uint64][][]unit

type unit struct{ x, y int32 }

func decode(t testing.TB, raw []byte) (decoded, mvt.Layers) {
	t.Helper()
	layers, err := mvt.Unmarshal(raw)
	if err != nil {
		t.Fatalf("the tile can't be read: %v", err)
	}
	out := decoded{}
	for _, l := range layers {
		if l.Version != 2 || l.Extent != Extent {
			t.Errorf("layer %s: version %d, extent %d", l.Name, l.Version, l.Extent)
		}
		out[l.Name] = map[uint64][][]unit{}
		for _, f := range l.Features {
			id := idOf(t, f.ID)
			if _, again := out[l.Name][id]; again {
				t.Errorf("layer %s has feature %d twice", l.Name, id)
			}
			out[l.Name][id] = ringsOf(f.Geometry)
		}
	}
	return out, layers
}

func idOf(t testing.TB, id any) uint64 {
	switch id := id.(type) {
	case float64:
		return uint64(id)
	case uint64:
		return id
	case int:
		return uint64(id)
	}
	t.Fatalf("a feature's id is a %T", id)
	return 0
}

func ringsOf(g orb.Geometry) (out [][]unit) {
	switch g := g.(type) {
	case orb.Polygon:
		for _, r := range g {
			ring := make([]unit, len(r))
			for i, p := range r {
				ring[i] = unit{int32(p[0]), int32(p[1])}
			}
			if len(ring) > 1 && ring[0] == ring[len(ring)-1] {
				ring = ring[:len(ring)-1]
			}
			out = append(out, ring)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			out = append(out, ringsOf(p)...)
		}
	}
	return out
}

func area2(r []unit) (sum int64) {
	for i, a := range r {
		b := r[(i+1)%len(r)]
		sum += int64(a.x)*int64(b.y) - int64(b.x)*int64(a.y)
	}
	return sum
}

// checkCommands reads the wire form itself, for what orb is lenient about: that the version is written as 2, that ids are
// whole, and that each polygon begins with a shell (positive area, y pointing down) and has only holes
// (negative area) after it, none of them empty.
func checkCommands(raw []byte) error {
	return fields(raw, func(field int, layer []byte) error {
		if field != 3 {
			return fmt.Errorf("field %d in a tile", field)
		}
		version := uint64(0)
		err := fields(layer, func(field int, v []byte) error {
			switch field {
			case 15:
				version, _ = binary.Uvarint(v)
			case 2:
				return checkFeature(v)
			}
			return nil
		})
		if err == nil && version != 2 {
			err = fmt.Errorf("version %d", version)
		}
		return err
	})
}

func checkFeature(f []byte) error {
	kind := uint64(0)
	var geometry []byte
	if err := fields(f, func(field int, v []byte) error {
		switch field {
		case 3:
			kind, _ = binary.Uvarint(v)
		case 4:
			geometry = v
		}
		return nil
	}); err != nil {
		return err
	}
	if kind != typePolygon {
		return nil
	}
	var at unit
	var ring []unit
	first := true
	for len(geometry) > 0 {
		c, n := binary.Uvarint(geometry)
		geometry = geometry[n:]
		switch id, count := c&7, int(c>>3); id {
		case 1, 2:
			if id == 1 {
				ring = nil
			}
			for range count {
				x, n := binary.Uvarint(geometry)
				y, m := binary.Uvarint(geometry[n:])
				geometry = geometry[n+m:]
				at.x += int32(x>>1) ^ -int32(x&1)
				at.y += int32(y>>1) ^ -int32(y&1)
				ring = append(ring, at)
			}
		case 7:
			a := area2(ring)
			if a == 0 {
				return fmt.Errorf("a ring of no area: %v", ring)
			}
			if first && a < 0 {
				return fmt.Errorf("the first ring is a hole: %v", ring)
			}
			first = false
		default:
			return fmt.Errorf("command %d", id)
		}
	}
	return nil
}

// fields calls f for each field of a protobuf message; a number comes as its varint.
func fields(b []byte, f func(field int, value []byte) error) error {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return io.ErrUnexpectedEOF
		}
		b = b[n:]
		size := 0
		switch tag & 7 {
		case 0:
			_, size = binary.Uvarint(b)
		case 1:
			size = 8
		case 2:
			l, n := binary.Uvarint(b)
			b = b[n:]
			size = int(l)
		default:
			return fmt.Errorf("wire type %d", tag&7)
		}
		if size <= 0 && tag&7 != 2 || size > len(b) {
			return io.ErrUnexpectedEOF
		}
		if err := f(int(tag>>3), b[:size]); err != nil {
			return err
		}
		b = b[size:]
	}
	return nil
}
