package exchange

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"slices"

	"jingwei/internal/planar"
)

// A PMTiles archive, version 3 of its specification: a header of 127 bytes, a directory, metadata, leaves of the directory, tiles in the order of
// the Hilbert curve. Tiles of the same content are kept once.

// The zooms of an archive. At the last one a unit is 0.3 m.
const (
	firstZoom       = 6
	firstBlockZoom  = 13
	lastZoom        = 15
	simplifiedBelow = 14
)

const (
	headerSize  = 127
	mostRoot    = 16384 - headerSize // what a reader fetches first holds header and root
	leafEntries = 4096
)

// entry is a line of the directory.
type entry struct {
	id     uint64
	run    uint32
	length uint32
	offset uint64
}

type archive struct {
	data     *os.File
	length   uint64
	entries  []entry
	contents map[[sha256.Size]byte]entry
	tiles    uint64
}

// writePMTiles writes features as an archive.
func writePMTiles(ctx context.Context, to io.Writer, f *features, title string) error {
	data, err := os.CreateTemp("", "jingwei-tiles-")
	if err != nil {
		return err
	}
	defer os.Remove(data.Name())
	defer data.Close()
	a := &archive{data: data, contents: make(map[[sha256.Size]byte]entry)}
	first := firstZoom
	if f.name == Blocks {
		first = firstBlockZoom
	}
	if err := a.fill(ctx, f, first); err != nil {
		return err
	}
	return a.write(to, f, first, title)
}

// add takes a tile in; an empty one isn't kept.
func (a *archive) add(id uint64, drawn []byte) error {
	if len(drawn) == 0 {
		return nil
	}
	a.tiles++
	sum := sha256.Sum256(drawn)
	if same, seen := a.contents[sum]; seen {
		if last := &a.entries[len(a.entries)-1]; last.offset == same.offset && last.id+uint64(last.run) == id {
			last.run++
			return nil
		}
		a.entries = append(a.entries, entry{id, 1, same.length, same.offset})
		return nil
	}
	packed, err := packed(drawn)
	if err != nil {
		return err
	}
	e := entry{id, 1, uint32(len(packed)), a.length}
	if _, err := a.data.Write(packed); err != nil {
		return err
	}
	a.length += uint64(len(packed))
	a.contents[sum] = e
	a.entries = append(a.entries, e)
	return nil
}

func packed(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// directory is a list of entries as it stands in an archive.
func directory(entries []entry) ([]byte, error) {
	raw := binary.AppendUvarint(nil, uint64(len(entries)))
	var last uint64
	for _, e := range entries {
		raw = binary.AppendUvarint(raw, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		raw = binary.AppendUvarint(raw, uint64(e.run))
	}
	for _, e := range entries {
		raw = binary.AppendUvarint(raw, uint64(e.length))
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			raw = append(raw, 0)
		} else {
			raw = binary.AppendUvarint(raw, e.offset+1)
		}
	}
	return packed(raw)
}

// directories are the root and its leaves; there are none where the root holds everything.
func (a *archive) directories() (root, leaves []byte, err error) {
	if root, err = directory(a.entries); err != nil || len(root) <= mostRoot {
		return root, nil, err
	}
	for size := leafEntries; ; size *= 2 {
		var tops []entry
		leaves = nil
		for chunk := range slices.Chunk(a.entries, size) {
			leaf, err := directory(chunk)
			if err != nil {
				return nil, nil, err
			}
			tops = append(tops, entry{chunk[0].id, 0, uint32(len(leaf)), uint64(len(leaves))})
			leaves = append(leaves, leaf...)
		}
		if root, err = directory(tops); err != nil || len(root) <= mostRoot {
			return root, leaves, err
		}
	}
}

func (a *archive) write(to io.Writer, f *features, first int, title string) error {
	root, leaves, err := a.directories()
	if err != nil {
		return err
	}
	fields := make(map[string]string)
	for i, name := range f.fields {
		fields[name] = "String"
		if len(f.rows) > 0 {
			if _, text := f.rows[0].values[i].(string); !text {
				fields[name] = "Number"
			}
		}
	}
	about, err := json.Marshal(map[string]any{"name": title, "format": "pbf", "attribution": "© OpenStreetMap contributors (ODbL)",
		"vector_layers": []map[string]any{{"id": f.name, "minzoom": first, "maxzoom": lastZoom, "fields": fields}}})
	if err != nil {
		return err
	}
	if about, err = packed(about); err != nil {
		return err
	}
	for _, part := range [][]byte{a.header(f, first, len(root), len(about), len(leaves)), root, about, leaves} {
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	if _, err := a.data.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(to, a.data)
	return err
}

func (a *archive) header(f *features, first, root, about, leaves int) []byte {
	h := append([]byte("PMTiles"), 3)
	at := uint64(headerSize)
	for _, length := range []int{root, about, leaves} {
		h = binary.LittleEndian.AppendUint64(h, at)
		h = binary.LittleEndian.AppendUint64(h, uint64(length))
		at += uint64(length)
	}
	for _, n := range []uint64{at, a.length, a.tiles, uint64(len(a.entries)), uint64(len(a.contents))} {
		h = binary.LittleEndian.AppendUint64(h, n)
	}
	const clustered, gzipped, vector = 1, 2, 1
	h = append(h, clustered, gzipped, gzipped, vector, byte(first), lastZoom)
	var all []planar.Polygon
	for i := range f.rows {
		all = append(all, f.rows[i].parts...)
	}
	var low, high planar.Point
	if len(all) > 0 {
		low, high = extentOf(all)
	}
	for _, p := range []planar.Point{low, high} { // a step is 1e-7 degree there, too
		h = binary.LittleEndian.AppendUint32(h, uint32(p.X))
		h = binary.LittleEndian.AppendUint32(h, uint32(p.Y))
	}
	h = append(h, byte(min(lastZoom, max(first, 12))))
	h = binary.LittleEndian.AppendUint32(h, uint32(low.X/2+high.X/2))
	return binary.LittleEndian.AppendUint32(h, uint32(low.Y/2+high.Y/2))
}
