package tile

import (
	"encoding/binary"
	"math"
)

// The wire form of a vector tile (Mapbox Vector Tile Specification 2.1), written by hand: it is a handful of
// fields, and this way ids keep their 64 bits and the version is 2.

const (
	typePoint   = 1
	typeLine    = 2
	typePolygon = 3
)

// builder gathers the features of one layer.
type builder struct {
	name     string
	keys     map[string]uint64
	keyList  []string
	values   map[string]uint64 // encoded value → index
	valList  []string
	features []feature
}

// feature is a feature, encoded but for its tags, with what decides whether it stays when a tile is too large.
type feature struct {
	head, tail []byte      // its id; its kind and geometry
	tags       [][2]uint64 // key, value
	rank       float64     // its extent in units; the smaller, the sooner it is dropped
}

// encoded is the feature as it stands in a tile.
func (f *feature) encoded() []byte {
	out := append([]byte(nil), f.head...)
	var packed []byte
	for _, t := range f.tags {
		packed = binary.AppendUvarint(binary.AppendUvarint(packed, t[0]), t[1])
	}
	if len(packed) > 0 {
		out = appendBytes(out, 2, packed)
	}
	return append(out, f.tail...)
}

// size is about what it takes in the tile, without its values.
func (f *feature) size() int { return len(f.head) + len(f.tail) + 3*len(f.tags) + 6 }

func newBuilder(name string) *builder {
	return &builder{name: name, keys: map[string]uint64{}, values: map[string]uint64{}}
}

// tag is a property of a feature: text, a whole number or a number.
type tag struct {
	key   string
	value any // string, int, int64 or float64; "" is left out
}

// add encodes a feature. Commands are the geometry in the tile's own coordinates.
func (b *builder) add(id uint64, kind int, commands []uint32, rank float64, tags ...tag) {
	if len(commands) == 0 {
		return
	}
	f := feature{head: binary.AppendUvarint([]byte{varint(1)}, id), rank: rank}
	for _, t := range tags {
		if value := appendValue(nil, t.value); value != nil {
			f.tags = append(f.tags, [2]uint64{b.key(t.key), b.value(value)})
		}
	}
	var packed []byte
	for _, c := range commands {
		packed = binary.AppendUvarint(packed, uint64(c))
	}
	f.tail = appendBytes([]byte{varint(3), byte(kind)}, 4, packed)
	b.features = append(b.features, f)
}

func (b *builder) key(k string) uint64 {
	i, ok := b.keys[k]
	if !ok {
		i = uint64(len(b.keyList))
		b.keys[k], b.keyList = i, append(b.keyList, k)
	}
	return i
}

func (b *builder) value(v []byte) uint64 {
	i, ok := b.values[string(v)]
	if !ok {
		i = uint64(len(b.valList))
		b.values[string(v)], b.valList = i, append(b.valList, string(v))
	}
	return i
}

// appendValue encodes a Value message; nothing for an empty text.
func appendValue(out []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil
		}
		return appendBytes(out, 1, []byte(v))
	case float64:
		return binary.LittleEndian.AppendUint64(append(out, 3<<3|1), math.Float64bits(v))
	case int:
		return appendInt(out, int64(v))
	case int64:
		return appendInt(out, v)
	}
	panic("tile: a property of a type that tiles don't have")
}

func appendInt(out []byte, v int64) []byte {
	if v >= 0 {
		return binary.AppendUvarint(append(out, varint(5)), uint64(v))
	}
	return binary.AppendUvarint(append(out, varint(6)), uint64(v<<1)^uint64(v>>63))
}

// varint is the tag of a field that holds a number (wire type 0); the fields here are under 16.
func varint(field int) byte { return byte(field << 3) }

func appendBytes(out []byte, field int, b []byte) []byte {
	out = binary.AppendUvarint(out, uint64(field)<<3|2)
	out = binary.AppendUvarint(out, uint64(len(b)))
	return append(out, b...)
}

// size is about what the layer takes in the tile.
func (b *builder) size() int {
	n := 32 + len(b.name)
	for i := range b.features {
		n += b.features[i].size()
	}
	for _, v := range b.valList {
		n += valueSize(v)
	}
	return n
}

func valueSize(v string) int { return len(v) + 3 }

// append writes the layer into a tile, unless it is empty.
func (b *builder) append(out []byte) []byte {
	if len(b.features) == 0 {
		return out
	}
	layer := []byte{varint(15), 2} // version
	layer = appendBytes(layer, 1, []byte(b.name))
	for i := range b.features {
		layer = appendBytes(layer, 2, b.features[i].encoded())
	}
	for _, k := range b.keyList {
		layer = appendBytes(layer, 3, []byte(k))
	}
	for _, v := range b.valList {
		layer = appendBytes(layer, 4, []byte(v))
	}
	layer = append(layer, varint(5))
	layer = binary.AppendUvarint(layer, Extent)
	return appendBytes(out, 3, layer)
}

// pen writes the geometry commands of one feature: moves relative to where the last one ended.
type pen struct {
	out    []uint32
	origin pixel
	at     pixel
}

func newPen(a Address) *pen {
	return &pen{origin: pixel{int32(a.X) * Extent, int32(a.Y) * Extent}}
}

func command(id, count int) uint32 { return uint32(id) | uint32(count)<<3 }

func zigzag(v int32) uint32 { return uint32(v<<1) ^ uint32(v>>31) }

func (p *pen) to(q pixel) {
	t := pixel{q.x - p.origin.x, q.y - p.origin.y}
	p.out = append(p.out, zigzag(t.x-p.at.x), zigzag(t.y-p.at.y))
	p.at = t
}

func (p *pen) point(q pixel) {
	p.out = append(p.out, command(1, 1))
	p.to(q)
}

func (p *pen) line(l ring) {
	p.out = append(p.out, command(1, 1))
	p.to(l[0])
	p.out = append(p.out, command(2, len(l)-1))
	for _, q := range l[1:] {
		p.to(q)
	}
}

func (p *pen) ring(r ring) {
	p.line(r)
	p.out = append(p.out, command(7, 1))
}
