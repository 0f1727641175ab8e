package ingest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"jingwei/internal/fault"
)

// Everything that isn't OSM or GeoJSON goes through GDAL's ogr2ogr as a program: it turns any format and any
// coordinate system into a stream of GeoJSON features in longitude and latitude.

// ogrLayers lists the vector layers of a file.
func ogrLayers(ctx context.Context, path string) ([]string, error) {
	out, err := ogr(ctx, path, "ogrinfo", "-ro", "-q", ogrPath(path))
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if m := ogrLayer.FindStringSubmatch(strings.TrimRight(line, "\r")); m != nil {
			names = append(names, m[1])
		}
	}
	if len(names) == 0 {
		return nil, fault.New(fault.Invalid,
			fmt.Sprintf("文件 %s 中没有矢量图层", path), fmt.Sprintf("%s has no vector layer", path))
	}
	return names, nil
}

var ogrLayer = regexp.MustCompile(`^\d+: (.*?)(?: \([A-Za-z0-9 ]*\))?$`)

func ogrPath(path string) string {
	if strings.HasSuffix(strings.ToLower(path), ".zip") {
		return "/vsizip/" + path
	}
	return path
}

// ogrStream runs ogr2ogr on one layer and hands its output to read. A GeoJSON sequence is in WGS 84 by
// definition, so a source that knows its coordinate system is converted; one that doesn't keeps its numbers.
func ogrStream(ctx context.Context, path, layer string, read func(io.Reader) error) error {
	args := []string{"-f", "GeoJSONSeq", "/vsistdout/", "-dim", "XY", "-nlt", "CONVERT_TO_LINEAR", "-skipfailures",
		"-lco", "COORDINATE_PRECISION=9"}
	if enc := dbfEncoding(path); enc != "" {
		args = append(args, "-oo", "ENCODING="+enc)
	}
	cmd := exec.CommandContext(ctx, "ogr2ogr", append(args, ogrPath(path), layer)...)
	var stderr tail
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return noGDAL("ogr2ogr", err)
	}
	readErr := read(out)
	if readErr != nil {
		_ = cmd.Process.Kill()
	}
	waitErr := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case readErr != nil && waitErr == nil, readErr != nil && !errors.Is(readErr, errCut) && !errors.Is(readErr, errEmpty):
		return readErr
	case waitErr != nil:
		return ogrFailed(path, stderr.String(), waitErr)
	}
	return readErr
}

func ogr(ctx context.Context, path, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var out bytes.Buffer
	var stderr tail
	cmd.Stdout, cmd.Stderr = &out, &stderr
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return nil, noGDAL(program, err)
	case err != nil:
		return nil, ogrFailed(path, stderr.String(), err)
	}
	return out.Bytes(), nil
}

func noGDAL(program string, err error) error {
	return fault.Wrap(err, fault.Unavailable,
		fmt.Sprintf("读这种文件需要 GDAL 的 %s 程序，本机没有；请安装：apt-get install gdal-bin（或先转换为 GeoJSON）", program),
		fmt.Sprintf("this kind of file needs GDAL's program %s, which isn't installed: apt-get install gdal-bin (or convert the file to GeoJSON first)", program))
}

func ogrFailed(path, said string, err error) error {
	if said = strings.TrimSpace(said); said == "" {
		said = err.Error() // ogrinfo -q says nothing about a file of no format it knows
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			return fault.Wrap(err, fault.Invalid,
				fmt.Sprintf("%s 是目录，不是 GDAL 能读的数据（如 .gdb）；请给出其中的文件", path),
				fmt.Sprintf("%s is a directory and no data that GDAL can read (such as a .gdb); give the files in it", path))
		}
	}
	return fault.Wrap(err, fault.Invalid,
		fmt.Sprintf("GDAL 读不了文件 %s：%s；整个文件未导入", path, said),
		fmt.Sprintf("GDAL can't read %s: %s; nothing of it was imported", path, said))
}

// tail keeps the last part of what a program says.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if len(t.b) > 2000 {
		t.b = append(t.b[:0], t.b[len(t.b)-2000:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.ToValidUTF8(string(t.b), "") }

// dbfEncoding names the encoding of a Shapefile that doesn't say it (no .cpg, no language byte in the .dbf):
// GBK unless its text is UTF-8. GDAL would take Latin-1. It gives "" where GDAL knows better.
func dbfEncoding(path string) string {
	ext := filepath.Ext(path)
	if !strings.EqualFold(ext, ".shp") {
		return ""
	}
	stem := strings.TrimSuffix(path, ext)
	for _, cpg := range []string{".cpg", ".CPG"} {
		if _, err := os.Stat(stem + cpg); err == nil {
			return ""
		}
	}
	for _, dbf := range []string{".dbf", ".DBF"} {
		f, err := os.Open(stem + dbf)
		if err != nil {
			continue
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, 4<<20))
		if err != nil || len(b) < 32 || b[29] != 0 {
			return ""
		}
		body := b[min(len(b), int(binary.LittleEndian.Uint16(b[8:]))):]
		if utf8.Valid(body) || validPrefix(body) {
			return "UTF-8"
		}
		return "GBK"
	}
	return ""
}
