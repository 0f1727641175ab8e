package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"jingwei/internal/fault"
)

// eachFeature calls f for every feature of a GeoJSON FeatureCollection, counted from 1, holding one at a time.
func eachFeature(path string, f func(n int, feature *geoFeature) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, fmt.Sprintf("无法打开 %s：%v", path, err), fmt.Sprintf("can't open %s: %v", path, err))
	}
	defer file.Close()
	if st, err := file.Stat(); err == nil && st.IsDir() {
		return fault.New(fault.Invalid, path+"：这是目录，请给出其中的 GeoJSON 文件", path+": this is a directory; give a GeoJSON file in it")
	}
	measured := &featureLimit{r: file}
	in := bufio.NewReaderSize(measured, 1<<20)
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	d := json.NewDecoder(in)
	d.UseNumber()
	begin, err := d.Token()
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, path+"：文件是空的", path+": the file is empty")
	}
	if err != nil || begin != json.Delim('{') {
		return notGeoJSON(path, err)
	}
	if err := features(d, path, measured, f); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) { // a second collection's blocks would be lost
		return fault.New(fault.Invalid, path+"：GeoJSON FeatureCollection 之后还有内容；请把多个文件合并成一个 FeatureCollection",
			path+": something comes after the GeoJSON FeatureCollection; make one FeatureCollection of several")
	}
	return nil
}

// maxFeature is the most bytes that one feature may take.
const maxFeature = 64 << 20

var errFeatureTooLong = errors.New("a feature takes more than 64 MB")

// featureLimit stops reading in a feature that has no end: a decoder would hold all of it.
type featureLimit struct {
	r    io.Reader
	read int // since the feature began, what was read ahead included
}

func (l *featureLimit) Read(p []byte) (int, error) {
	if l.read > maxFeature {
		return 0, errFeatureTooLong
	}
	n, err := l.r.Read(p)
	l.read += n
	return n, err
}

// features reads the members of the collection's object.
func features(d *json.Decoder, path string, limit *featureLimit, f func(n int, feature *geoFeature) error) error {
	found := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return notGeoJSON(path, err)
		}
		if key != "features" {
			var skipped json.RawMessage
			if err := d.Decode(&skipped); err != nil {
				return notGeoJSON(path, err)
			}
			if key == "type" && string(skipped) != `"FeatureCollection"` {
				return notGeoJSON(path, nil)
			}
			continue
		}
		if open, err := d.Token(); err != nil || open != json.Delim('[') {
			return notGeoJSON(path, err)
		}
		found = true
		for n := 1; d.More(); n++ {
			var raw json.RawMessage
			where := feature{path: path, n: n}
			limit.read = 0
			if err := d.Decode(&raw); err != nil {
				return notFeature(where, err)
			}
			one := &geoFeature{}
			if !utf8.Valid(raw) {
				return where.fault("文本不是 UTF-8 编码，请先转换（GB18030 文件可用 ogr2ogr 或 iconv）", "the text isn't UTF-8; convert it first (ogr2ogr or iconv do so from GB18030)")
			}
			if err := json.Unmarshal(raw, one); err != nil || one.Type != "Feature" {
				return where.fault("不是 GeoJSON 要素", "this is no GeoJSON Feature")
			}
			if err := f(n, one); err != nil {
				return err
			}
		}
		if _, err := d.Token(); err != nil {
			return notGeoJSON(path, err)
		}
	}
	if _, err := d.Token(); err != nil || !found {
		return notGeoJSON(path, err)
	}
	return nil
}

// notFeature says what is wrong with the text of one feature.
func notFeature(where feature, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return where.fault("不是有效的 JSON（%v）；NaN 和 Infinity 不是 JSON 数字，请改为数字或去掉", "it is no valid JSON (%v); NaN and Infinity are no numbers in JSON: give numbers, or leave them out", err)
	}
	return notGeoJSON(where.path, err)
}

func notGeoJSON(path string, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fault.Wrap(err, fault.Invalid, path+"：文件不完整，在中途结束", path+": the file is cut off before its end")
	}
	if errors.Is(err, errFeatureTooLong) {
		return fault.Wrap(err, fault.Invalid, path+"：有要素超过 64 MB，请检查文件", path+": a feature takes more than 64 MB; look at the file")
	}
	return fault.Wrap(err, fault.Invalid,
		path+"：不是 GeoJSON FeatureCollection；其他格式请先用 ogr2ogr 转换",
		path+": this is no GeoJSON FeatureCollection; convert other formats with ogr2ogr first")
}
