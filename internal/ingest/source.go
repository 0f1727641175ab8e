package ingest

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"jingwei/internal/fault"
)

// format is how a file is to be read.
type format int

const (
	formatOGR format = iota // through the program ogr2ogr
	formatGeoJSON
	formatOSMXML
	formatPBF
)

// sniff tells a file's format by its first bytes, whatever its name.
func sniff(path string) (format, error) {
	st, err := os.Stat(path)
	if err != nil {
		return 0, unreadable(path, err)
	}
	if st.IsDir() { // a file geodatabase is a folder
		return formatOGR, nil
	}
	if st.Mode()&os.ModeNamedPipe != 0 { // it is read more than once, and opening one waits for ever
		return 0, fault.New(fault.Invalid, fmt.Sprintf("%s 是管道，请先存成文件", path),
			fmt.Sprintf("%s is a pipe; write what comes through it into a file first", path))
	}
	r, err := openPlain(path)
	if err != nil {
		return 0, unreadable(path, err)
	}
	defer r.Close()
	head, err := bufio.NewReaderSize(r, 8192).Peek(8192)
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, unreadable(path, err)
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return 0, emptyFile(path)
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	text = bytes.TrimLeft(text, "\x1e")
	switch {
	case len(head) > 20 && bytes.Contains(head[:min(len(head), 64)], []byte("OSMHeader")), strings.HasSuffix(path, ".pbf"):
		return formatPBF, nil
	case bytes.HasPrefix(text, []byte("<")) && (bytes.Contains(head, []byte("<osm")) || strings.HasSuffix(path, ".osm")):
		return formatOSMXML, nil
	case bytes.HasPrefix(text, []byte("{")) && bytes.Contains(head, []byte(`"Topology"`)):
		return formatOGR, nil
	case bytes.HasPrefix(text, []byte("{")) || strings.HasSuffix(path, "json"):
		if foreignCRS(head) {
			return formatOGR, nil
		}
		return formatGeoJSON, nil
	}
	return formatOGR, nil
}

var crsCode = regexp.MustCompile(`"crs"\s*:\s*\{[^{}]*\{[^{}]*?EPSG[^0-9{}]{1,4}([0-9]*:)?([0-9]{4,6})`)

// foreignCRS says that an old GeoJSON names a system that isn't longitude and latitude of WGS 84 or
// CGCS2000: then GDAL converts it.
func foreignCRS(head []byte) bool {
	m := crsCode.FindSubmatch(head)
	return m != nil && string(m[2]) != "4326" && string(m[2]) != "4490"
}

// openPlain opens a file, unpacking .gz and .bz2.
func openPlain(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasSuffix(path, ".gz"):
		z, err := gzip.NewReader(f)
		if err != nil {
			f.Close()
			return nil, err
		}
		return readCloser{z, f}, nil
	case strings.HasSuffix(path, ".bz2"):
		return readCloser{bzip2.NewReader(f), f}, nil
	}
	return f, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// UTF8Reader gives a text file's bytes as UTF-8: one that isn't, and holds no impossible byte of GB18030, is
// read as that, which Chinese offices still write. The second result says so.
func UTF8Reader(r io.Reader) (io.Reader, bool) {
	b := bufio.NewReaderSize(r, 1<<17)
	head, _ := b.Peek(1 << 17)
	if validPrefix(head) {
		return b, false
	}
	plain, _, err := transform.Bytes(simplifiedchinese.GB18030.NewDecoder(), head)
	if err != nil || bytes.Count(plain, []byte("\uFFFD")) > 1 { // the last character may be cut in two
		return b, false
	}
	return transform.NewReader(b, simplifiedchinese.GB18030.NewDecoder()), true
}

// validPrefix is utf8.Valid for bytes that may end in the middle of a character.
func validPrefix(b []byte) bool {
	for i := 0; i < 3 && len(b) > 0; i++ {
		if utf8.Valid(b) {
			return true
		}
		b = b[:len(b)-1]
	}
	return utf8.Valid(b)
}

func gb18030Note() *note {
	n := mended(kindEncoding, "文件不是 UTF-8 而是 GB18030", "the file is not UTF-8 but GB18030", "按 GB18030 读取", "read as GB18030")
	return &n
}

// counter counts the bytes that went through and tells progress, at most once every few megabytes.
type counter struct {
	r    io.Reader
	ctx  context.Context
	n    int64
	told int64
	tell func(done int64)
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.tell != nil && (c.n-c.told > 1<<21 || err != nil) {
		c.told = c.n
		c.tell(c.n)
	}
	return n, err
}

func unreadable(path string, err error) error {
	return fault.Wrap(err, fault.Invalid,
		fmt.Sprintf("打不开文件 %s：%v", path, err), fmt.Sprintf("can't open %s: %v", path, err))
}

func emptyFile(path string) error {
	return fault.New(fault.Invalid, fmt.Sprintf("文件 %s 是空的", path), fmt.Sprintf("the file %s is empty", path))
}

// brokenFile turns a reader's error into a fault that says where the file breaks, leaving cancellation and
// the database's errors alone.
func brokenFile(path string, err error) error {
	var b *brokenError
	if !errors.As(err, &b) {
		return err
	}
	if errors.Is(b, errEmpty) {
		return emptyFile(path)
	}
	why := b.err.Error()
	switch {
	case errors.Is(b, errCut):
		why = "文件在中间断了"
	case errors.Is(b, errJSON):
		why = "不是 GeoJSON"
	}
	where := fmt.Sprintf("第 %d 字节", b.at)
	if b.feature >= 0 {
		where += fmt.Sprintf("、第 %d 个要素", b.feature)
	}
	return fault.Wrap(b.err, fault.Invalid,
		fmt.Sprintf("文件 %s 在%s处损坏：%s；整个文件未导入", baseName(path), where, why),
		fmt.Sprintf("%s is %v; nothing of it was imported", baseName(path), b))
}

func baseName(path string) string { return filepath.Base(path) }
