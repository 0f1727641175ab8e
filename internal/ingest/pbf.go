package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"

	"jingwei/internal/planar"
)

// The reader of OSM PBF (https://wiki.openstreetmap.org/wiki/PBF_Format). It is ours because a file read
// several times over wants only one kind of element each time: whole blobs are skipped by what an earlier
// pass found in them, and nodes nobody refers to cost no allocation. And because outside bytes may be
// anything: every index is checked, where the library at hand panics in a goroutine of its own.

const (
	maxBlobHeader = 64 << 10
	maxBlob       = 32 << 20
)

// pbfFile is a PBF file on disk, with what is known of its blobs after the first whole pass.
type pbfFile struct {
	path  string
	blobs []pbfBlob
	known bool // blobs holds every blob of the file and what it contains
	zstd  *zstd.Decoder
}

// pbfPass is one pass over the file. A visitor may begin another one while it is called, so each has a
// buffer of its own.
type pbfPass struct {
	*pbfFile
	raw []byte
}

// pbfBlob is where a blob's data lies and which kinds of elements it holds.
type pbfBlob struct {
	at    int64
	size  int
	holds osmKinds
}

func (f *pbfFile) scan(ctx context.Context, v osmVisitor, tell func(done int64)) (err error) {
	file, err := os.Open(f.path)
	if err != nil {
		return unreadable(f.path, err)
	}
	defer file.Close()
	pass := pbfPass{pbfFile: f}
	if f.known {
		return pass.revisit(ctx, file, v, tell)
	}
	c := &counter{r: file, ctx: ctx, tell: tell}
	var blobs []pbfBlob
	for first := true; ; first = false {
		kind, blob, at, err := readBlob(c)
		if err == io.EOF && !first {
			break
		}
		if err == io.EOF {
			return &brokenError{feature: -1, err: errEmpty}
		}
		if err == nil {
			var holds osmKinds
			if holds, err = pass.blob(kind, blob, first, v); err == nil && kind == "OSMData" {
				blobs = append(blobs, pbfBlob{at, len(blob), holds})
			}
		}
		if err != nil {
			return pbfBroken(err, c.n)
		}
	}
	f.blobs, f.known = blobs, true
	return nil
}

// revisit reads again only the blobs that hold what the visitor wants.
func (f *pbfPass) revisit(ctx context.Context, file *os.File, v osmVisitor, tell func(int64)) error {
	want := v.wants()
	var buf []byte
	for i, b := range f.blobs {
		if b.holds&want == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if cap(buf) < b.size {
			buf = make([]byte, b.size)
		}
		buf = buf[:b.size]
		if _, err := file.ReadAt(buf, b.at); err != nil {
			return pbfBroken(err, b.at)
		}
		if _, err := f.blob("OSMData", buf, false, v); err != nil {
			return pbfBroken(err, b.at)
		}
		if tell != nil && i%256 == 0 {
			tell(b.at)
		}
	}
	return nil
}

// visitorError carries an error of the visitor's own through the reader, unlike one of the file.
type visitorError struct{ error }

func (e visitorError) Unwrap() error { return e.error }

func pbfBroken(err error, at int64) error {
	var own visitorError
	switch {
	case errors.As(err, &own):
		return own.error
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = errCut
	}
	return &brokenError{at: at, feature: -1, err: err}
}

// readBlob reads the next blob's frame: the length of its header, the header, its bytes. io.EOF comes only
// at the end of a whole blob.
func readBlob(r *counter) (kind string, blob []byte, at int64, err error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return "", nil, 0, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxBlobHeader {
		return "", nil, 0, fmt.Errorf("a blob header of %d bytes: this is not OSM PBF", n)
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(r, head); err != nil {
		return "", nil, 0, io.ErrUnexpectedEOF
	}
	length := -1
	err = fields(head, func(num protowire.Number, v uint64, b []byte) error {
		switch num {
		case 1:
			kind = string(b)
		case 3:
			length = int(v)
		}
		return nil
	})
	if err != nil {
		return "", nil, 0, err
	}
	if length < 0 || length > maxBlob {
		return "", nil, 0, fmt.Errorf("a blob of %d bytes: this is not OSM PBF", length)
	}
	at = r.n
	blob = make([]byte, length)
	if _, err := io.ReadFull(r, blob); err != nil {
		return "", nil, 0, io.ErrUnexpectedEOF
	}
	return kind, blob, at, nil
}

// blob unpacks one blob and visits what it holds.
func (f *pbfPass) blob(kind string, blob []byte, first bool, v osmVisitor) (osmKinds, error) {
	if first && kind != "OSMHeader" {
		return 0, fmt.Errorf("it begins with %.20q: this is not OSM PBF", kind)
	}
	if kind != "OSMData" && kind != "OSMHeader" {
		return 0, nil // the format says to pass over what one doesn't know
	}
	data, err := f.unpack(blob)
	if err != nil {
		return 0, err
	}
	if kind == "OSMHeader" {
		return 0, checkHeader(data)
	}
	return visitBlock(data, v)
}

func (f *pbfPass) unpack(blob []byte) ([]byte, error) {
	var plain, packed []byte
	size, method := 0, protowire.Number(0)
	err := fields(blob, func(num protowire.Number, v uint64, b []byte) error {
		switch num {
		case 1:
			plain = b
		case 2:
			size = int(v)
		case 3, 4, 5, 6, 7:
			method, packed = num, b
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case plain != nil:
		return plain, nil
	case size < 0 || size > maxBlob:
		return nil, fmt.Errorf("a block of %d bytes", size)
	}
	switch method {
	case 3:
		r, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, err
		}
		if cap(f.raw) < size {
			f.raw = make([]byte, size+size/4)
		}
		f.raw = f.raw[:size]
		_, err = io.ReadFull(r, f.raw)
		if err != nil {
			return nil, fmt.Errorf("unpacking a block: %w", noEOF(err))
		}
		return f.raw, nil
	case 7:
		if f.zstd == nil {
			if f.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlob)); err != nil {
				return nil, err
			}
		}
		f.raw, err = f.zstd.DecodeAll(packed, f.raw[:0])
		return f.raw, err
	case 0:
		return nil, errors.New("a blob without data")
	}
	return nil, fmt.Errorf("a compression we don't read (field %d); write the file with zlib or zstd", method)
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it is shorter than it says")
	}
	return err
}

func checkHeader(data []byte) error {
	return fields(data, func(num protowire.Number, _ uint64, b []byte) error {
		if num == 4 && string(b) != "OsmSchema-V0.6" && string(b) != "DenseNodes" {
			return fmt.Errorf("it needs %.40q, which we don't read", b)
		}
		return nil
	})
}

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
