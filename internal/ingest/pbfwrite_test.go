package ingest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/zlib"
	"google.golang.org/protobuf/encoding/protowire"

	"jingwei/internal/planar"
)

// pbfWriter writes OSM PBF for tests: nodes first, then ways, then relations, as files in the wild do.
type pbfWriter struct {
	w      *bufio.Writer
	n      int64
	packed bool // zlib, as most files are; otherwise raw
	block  pbfBlock
}

type pbfBlock struct {
	strings map[string]uint64
	table   []byte
	count   int

	ids, lats, lons, kvs []byte
	id, lat, lon         int64
	tagged               bool
	group                []byte
}

func newPBF(w io.Writer, packed bool) *pbfWriter {
	p := &pbfWriter{w: bufio.NewWriterSize(w, 1<<20), packed: packed}
	head := bytesField(nil, 4, []byte("OsmSchema-V0.6"))
	p.blob("OSMHeader", bytesField(head, 4, []byte("DenseNodes")))
	p.reset()
	return p
}

func (p *pbfWriter) reset() { p.block = pbfBlock{strings: map[string]uint64{}}; p.block.string("") }

func (b *pbfBlock) string(s string) uint64 {
	if i, ok := b.strings[s]; ok {
		return i
	}
	i := uint64(len(b.strings))
	b.strings[s] = i
	b.table = bytesField(b.table, 1, []byte(s))
	return i
}

func (p *pbfWriter) node(id int64, at planar.Point, t ...string) {
	b := &p.block
	b.ids = protowire.AppendVarint(b.ids, protowire.EncodeZigZag(id-b.id))
	b.lats = protowire.AppendVarint(b.lats, protowire.EncodeZigZag(int64(at.Y)-b.lat))
	b.lons = protowire.AppendVarint(b.lons, protowire.EncodeZigZag(int64(at.X)-b.lon))
	b.id, b.lat, b.lon = id, int64(at.Y), int64(at.X)
	for _, s := range t {
		b.kvs = protowire.AppendVarint(b.kvs, b.string(s))
		b.tagged = true
	}
	b.kvs = append(b.kvs, 0)
	p.more()
}

func (p *pbfWriter) way(id int64, refs []int64, t ...string) {
	p.endNodes()
	m := varintField(nil, 1, uint64(id))
	m = p.tags(m, t)
	m = bytesField(m, 8, packDeltas(refs))
	p.block.group = bytesField(p.block.group, 3, m)
	p.more()
}

func (p *pbfWriter) relation(id int64, members []osmMember, t ...string) {
	p.endNodes()
	m := p.tags(varintField(nil, 1, uint64(id)), t)
	var roles, kinds []byte
	var refs []int64
	for _, o := range members {
		roles = protowire.AppendVarint(roles, p.block.string(o.role))
		kind := uint64(0)
		if o.way {
			kind = 1
		}
		kinds = protowire.AppendVarint(kinds, kind)
		refs = append(refs, o.ref)
	}
	m = bytesField(m, 8, roles)
	m = bytesField(m, 9, packDeltas(refs))
	p.block.group = bytesField(p.block.group, 4, bytesField(m, 10, kinds))
	p.more()
}

func (p *pbfWriter) tags(m []byte, t []string) []byte {
	var k, v []byte
	for i := 0; i < len(t); i += 2 {
		k = protowire.AppendVarint(k, p.block.string(t[i]))
		v = protowire.AppendVarint(v, p.block.string(t[i+1]))
	}
	return bytesField(bytesField(m, 2, k), 3, v)
}

// endNodes closes the blob of nodes before something else comes.
func (p *pbfWriter) endNodes() {
	if len(p.block.ids) > 0 {
		p.flush()
	}
}

func (p *pbfWriter) more() {
	if p.block.count++; p.block.count == 8000 {
		p.flush()
	}
}

func (p *pbfWriter) flush() {
	b := &p.block
	if b.count == 0 {
		return
	}
	group := b.group
	if len(b.ids) > 0 {
		dense := bytesField(nil, 1, b.ids)
		dense = bytesField(dense, 8, b.lats)
		dense = bytesField(dense, 9, b.lons)
		if b.tagged {
			dense = bytesField(dense, 10, b.kvs)
		}
		group = bytesField(nil, 2, dense)
	}
	p.blob("OSMData", bytesField(bytesField(nil, 1, b.table), 2, group))
	p.reset()
}

func (p *pbfWriter) blob(kind string, data []byte) {
	var blob []byte
	if p.packed {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		_, _ = w.Write(data)
		_ = w.Close()
		blob = bytesField(varintField(nil, 2, uint64(len(data))), 3, z.Bytes())
	} else {
		blob = bytesField(nil, 1, data)
	}
	head := varintField(bytesField(nil, 1, []byte(kind)), 3, uint64(len(blob)))
	frame := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	for _, part := range [][]byte{frame, head, blob} {
		_, _ = p.w.Write(part)
		p.n += int64(len(part))
	}
}

func (p *pbfWriter) close(t testing.TB) {
	t.Helper()
	p.flush()
	if err := p.w.Flush(); err != nil {
		t.Fatal(err)
	}
}

func bytesField(to []byte, num protowire.Number, b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, num, protowire.BytesType), b)
}

func varintField(to []byte, num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(to, num, protowire.VarintType), v)
}

func packDeltas(vs []int64) (out []byte) {
	last := int64(0)
	for _, v := range vs {
		out = protowire.AppendVarint(out, protowire.EncodeZigZag(v-last))
		last = v
	}
	return out
}

// writePBF writes a file with f.
func writePBF(t testing.TB, path string, packed bool, f func(*pbfWriter)) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := newPBF(file, packed)
	f(p)
	p.close(t)
}
