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
