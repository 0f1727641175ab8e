package intake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"

	"jingwei/internal/address"
	"jingwei/internal/vault"
)

// What a part has at most: rows for one transaction of some tenths of a second, and bytes that are still opened again (unpacker).
const (
	partRows  = 2000
	partBytes = 32 << 20
)

// aboutPart is what a part is sealed about.
func aboutPart(county int32, job int64, part int32) string {
	return fmt.Sprintf("intake_part.content:%d:%d:%d", county, job, part)
}

var (
	packer, _   = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	unpacker, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
)

// pack writes rows as bytes: of each its line (how many after the one before), whether it is broken, its cells.
func pack(rows []Row) []byte {
	var b []byte
	line := 0
	for _, r := range rows {
		b = binary.AppendUvarint(b, uint64(r.Line-line))
		line = r.Line
		n := uint64(len(r.Cells)) << 1
		if r.Broken {
			n |= 1
		}
		b = binary.AppendUvarint(b, n)
		for _, c := range r.Cells {
			c = clip(c, longestCell)
			b = binary.AppendUvarint(b, uint64(len(c)))
			b = append(b, c...)
		}
	}
	return packer.EncodeAll(b, nil)
}

// clip cuts a text behind so many bytes at most, between two characters: one that was cut into would look garbled, and not too long.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for i := most; i > most-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
	return s[:most]
}

// trim takes from a row what no field can be: cells beyond those that a table has, and the ends of cells that are too long. It says how many bytes are left.
func (r *Row) trim() (size int) {
	if len(r.Cells) > widestRow {
		r.Cells = slices.Clone(r.Cells[:widestRow])
	}
	for i, c := range r.Cells {
		r.Cells[i] = clip(c, longestCell)
		size += len(r.Cells[i]) + 16
	}
	return size
}

var errPart = errors.New("intake: a part of a file can't be read")

// unpack reads what pack wrote.
func unpack(packed []byte) (rows []Row, err error) {
	b, err := unpacker.DecodeAll(packed, nil)
	if err != nil {
		return nil, errPart
	}
	text := string(b) // once, and every cell is a piece of it
	at := 0
	number := func() int {
		v, n := binary.Uvarint(b[at:])
		if n <= 0 || v > 1<<40 {
			err = errPart
			return 0
		}
		at += n
		return int(v)
	}
	line := 0
	for at < len(b) {
		line += number()
		n := number()
		if err != nil || n>>1 > len(b) {
			return nil, errPart
		}
		r := Row{Line: line, Broken: n&1 == 1, Cells: make([]string, n>>1)}
		for i := range r.Cells {
			size := number()
			if err != nil || size > len(b)-at {
				return nil, errPart
			}
			r.Cells[i] = text[at : at+size]
			at += size
		}
		rows = append(rows, r)
	}
	return rows, err
}

// SealedColumns are what of imports is sealed, for vault.RotateColumns.
func SealedColumns() []vault.Column {
	return []vault.Column{
		{Table: "intake_part", Key: []string{"county", "job", "part"}, Sealed: "content",
			About: func(key []any) string { return aboutPart(key[0].(int32), key[1].(int64), key[2].(int32)) }},
		{Table: "proposal", Key: []string{"county", "id"}, Sealed: "details", Index: "same", Purpose: samePurpose,
			About: func(key []any) string { return aboutProposal(key[0].(int32), key[1].(int64)) },
			Value: func(plain []byte) string { return string(plain) }},
		{Table: "unplaced_address", Key: []string{"county", "id"}, Sealed: "content", Index: "key", Purpose: addressPurpose,
			About: func(key []any) string { return aboutAddress(key[0].(int32), key[1].(int64)) },
			Value: func(plain []byte) string { return address.Folded(string(plain)) }},
	}
}
