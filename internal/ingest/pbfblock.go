package ingest

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	"jingwei/internal/planar"
)

// block is a PrimitiveBlock's frame of reference.
type block struct {
	strings     [][]byte
	granularity int64
	lat, lon    int64
	tags        tags
	refs        []int64
	members     []osmMember
	k, v        []uint64
}

func visitBlock(data []byte, v osmVisitor) (holds osmKinds, err error) {
	b := block{granularity: 100}
	var groups [][]byte
	err = fields(data, func(num protowire.Number, n uint64, raw []byte) error {
		switch num {
		case 1:
			return fields(raw, func(num protowire.Number, _ uint64, s []byte) error {
				if num == 1 {
					b.strings = append(b.strings, s)
				}
				return nil
			})
		case 2:
			groups = append(groups, raw)
		case 17:
			b.granularity = int64(int32(n))
		case 19:
			b.lat = int64(n)
		case 20:
			b.lon = int64(n)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, g := range groups {
		err := fields(g, func(num protowire.Number, _ uint64, raw []byte) error {
			switch {
			case num == 1 || num == 2:
				holds |= osmNodes
			case num == 3:
				holds |= osmWays
			case num == 4:
				holds |= osmRelations
			}
			switch {
			case num == 1 && v.wants()&osmNodes != 0:
				return b.node(raw, v)
			case num == 2 && v.wants()&osmNodes != 0:
				return b.dense(raw, v)
			case num == 3 && v.way != nil:
				return b.way(raw, v)
			case num == 4 && v.relation != nil:
				return b.relation(raw, v)
			}
			return nil
		})
		if err != nil {
			return holds, err
		}
	}
	return holds, nil
}

// point puts a position on the lattice: degrees are 1e-9 × (offset + granularity × value), a step is 1e-7.
func (b *block) point(lat, lon int64) planar.Point {
	return planar.Point{X: steps(b.lon + b.granularity*lon), Y: steps(b.lat + b.granularity*lat)}
}

// steps rounds nanodegrees to lattice steps, halves away from zero, as planar.FromDegrees does.
func steps(nano int64) int32 {
	if nano >= 0 {
		nano += 50
	} else {
		nano -= 50
	}
	return int32(max(-1_800_000_000, min(nano/100, 1_800_000_000)))
}

func (b *block) text(i uint64) (string, error) {
	if i >= uint64(len(b.strings)) {
		return "", fmt.Errorf("string %d of %d", i, len(b.strings))
	}
	return string(b.strings[i]), nil
}

// dense visits a DenseNodes message: parallel, delta-coded lists.
func (b *block) dense(raw []byte, v osmVisitor) error {
	var ids, lats, lons, kvs []byte
	err := fields(raw, func(num protowire.Number, _ uint64, p []byte) error {
		switch num {
		case 1:
			ids = p
		case 8:
			lats = p
		case 9:
			lons = p
		case 10:
			kvs = p
		}
		return nil
	})
	if err != nil {
		return err
	}
	var id, lat, lon int64
	for len(ids) > 0 {
		var d [3]uint64
		for i, list := range []*[]byte{&ids, &lats, &lons} {
			n, size := protowire.ConsumeVarint(*list)
			if size < 0 {
				return errors.New("a list of nodes ends too early")
			}
			d[i], *list = n, (*list)[size:]
		}
		id += protowire.DecodeZigZag(d[0])
		lat += protowire.DecodeZigZag(d[1])
		lon += protowire.DecodeZigZag(d[2])
		b.tags = b.tags[:0]
		for len(kvs) > 0 {
			k, size := protowire.ConsumeVarint(kvs)
			if size < 0 {
				return errors.New("a list of tags ends too early")
			}
			kvs = kvs[size:]
			if k == 0 {
				break
			}
			val, size := protowire.ConsumeVarint(kvs)
			if size < 0 {
				return errors.New("a list of tags ends too early")
			}
			kvs = kvs[size:]
			if v.node == nil {
				continue
			}
			if err := b.tag(k, val); err != nil {
				return err
			}
		}
		if err := b.visitNode(v, id, lat, lon); err != nil {
			return err
		}
	}
	return nil
}

func (b *block) visitNode(v osmVisitor, id, lat, lon int64) error {
	if v.place != nil {
		v.place(id, b.point(lat, lon))
	}
	if v.node != nil && len(b.tags) > 0 {
		if err := v.node(id, b.point(lat, lon), b.tags); err != nil {
			return visitorError{err}
		}
	}
	return nil
}

func (b *block) tag(k, v uint64) error {
	key, err := b.text(k)
	if err != nil {
		return err
	}
	value, err := b.text(v)
	if err != nil {
		return err
	}
	b.tags = append(b.tags, tag{key, value})
	return nil
}

// node visits a plain Node message.
func (b *block) node(raw []byte, v osmVisitor) error {
	var id, lat, lon int64
	b.k, b.v = b.k[:0], b.v[:0]
	err := fields(raw, func(num protowire.Number, n uint64, p []byte) (err error) {
		switch num {
		case 1:
			id = protowire.DecodeZigZag(n)
		case 2:
			b.k, err = varints(b.k, n, p)
		case 3:
			b.v, err = varints(b.v, n, p)
		case 8:
			lat = protowire.DecodeZigZag(n)
		case 9:
			lon = protowire.DecodeZigZag(n)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := b.keyValues(); err != nil {
		return err
	}
	return b.visitNode(v, id, lat, lon)
}

func (b *block) keyValues() error {
	if len(b.k) != len(b.v) {
		return fmt.Errorf("%d keys and %d values", len(b.k), len(b.v))
	}
	b.tags = b.tags[:0]
	for i := range b.k {
		if err := b.tag(b.k[i], b.v[i]); err != nil {
			return err
		}
	}
	return nil
}

func (b *block) way(raw []byte, v osmVisitor) error {
	var id int64
	b.k, b.v, b.refs = b.k[:0], b.v[:0], b.refs[:0]
	err := fields(raw, func(num protowire.Number, n uint64, p []byte) (err error) {
		switch num {
		case 1:
			id = int64(n)
		case 2:
			b.k, err = varints(b.k, n, p)
		case 3:
			b.v, err = varints(b.v, n, p)
		case 8:
			b.refs, err = deltas(b.refs, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := b.keyValues(); err != nil {
		return err
	}
	if err := v.way(id, b.tags, b.refs); err != nil {
		return visitorError{err}
	}
	return nil
}

func (b *block) relation(raw []byte, v osmVisitor) error {
	var id int64
	var roles, kinds []uint64
	b.k, b.v, b.refs = b.k[:0], b.v[:0], b.refs[:0]
	err := fields(raw, func(num protowire.Number, n uint64, p []byte) (err error) {
		switch num {
		case 1:
			id = int64(n)
		case 2:
			b.k, err = varints(b.k, n, p)
		case 3:
			b.v, err = varints(b.v, n, p)
		case 8:
			roles, err = varints(roles, n, p)
		case 9:
			b.refs, err = deltas(b.refs, p)
		case 10:
			kinds, err = varints(kinds, n, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := b.keyValues(); err != nil {
		return err
	}
	if len(roles) != len(b.refs) || len(kinds) != len(b.refs) {
		return fmt.Errorf("a relation of %d members with %d roles", len(b.refs), len(roles))
	}
	b.members = b.members[:0]
	for i, ref := range b.refs {
		role, err := b.text(roles[i])
		if err != nil {
			return err
		}
		b.members = append(b.members, osmMember{way: kinds[i] == 1, ref: ref, role: role})
	}
	if err := v.relation(id, b.tags, b.members); err != nil {
		return visitorError{err}
	}
	return nil
}

// fields calls f for each field of a protobuf message: with the number of a varint, or with the bytes of
// anything that has a length.
func fields(b []byte, f func(num protowire.Number, v uint64, raw []byte) error) error {
	for len(b) > 0 {
		num, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return fmt.Errorf("a message is malformed: %w", protowire.ParseError(n))
		}
		b = b[n:]
		var v uint64
		var raw []byte
		switch kind {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			raw, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(num, kind, b)
		}
		if n < 0 {
			return fmt.Errorf("a message is malformed: %w", protowire.ParseError(n))
		}
		b = b[n:]
		if err := f(num, v, raw); err != nil {
			return err
		}
	}
	return nil
}

// varints appends a packed list, or the one number of an unpacked one.
func varints(to []uint64, v uint64, packed []byte) ([]uint64, error) {
	if packed == nil {
		return append(to, v), nil
	}
	for len(packed) > 0 {
		v, n := protowire.ConsumeVarint(packed)
		if n < 0 {
			return to, errors.New("a list ends too early")
		}
		to, packed = append(to, v), packed[n:]
	}
	return to, nil
}

// deltas appends a packed list of signed differences as their sums.
func deltas(to []int64, packed []byte) ([]int64, error) {
	sum := int64(0)
	for len(packed) > 0 {
		v, n := protowire.ConsumeVarint(packed)
		if n < 0 {
			return to, errors.New("a list ends too early")
		}
		sum += protowire.DecodeZigZag(v)
		to, packed = append(to, sum), packed[n:]
	}
	return to, nil
}
