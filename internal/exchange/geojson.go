package exchange

import (
	"bufio"
	"encoding/json"
	"io"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// writeGeoJSON writes a collection (RFC 7946). CGCS2000 is named as older readers expect it; its numbers are those of WGS 84.
func writeGeoJSON(to io.Writer, f *features, system crs.System) error {
	w := bufio.NewWriterSize(to, 1<<16)
	w.WriteString(`{"type":"FeatureCollection","name":"` + f.name + `",`)
	if system == crs.CGCS2000 {
		w.WriteString(`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},`)
	}
	w.WriteString("\"features\":[\n")
	var line []byte
	for i := range f.rows {
		if i > 0 {
			w.WriteString(",\n")
		}
		var err error
		if line, err = f.appendFeature(line[:0], &f.rows[i]); err != nil {
			return err
		}
		w.Write(line)
	}
	w.WriteString("\n]}\n")
	return w.Flush()
}

func (f *features) appendFeature(out []byte, row *feature) ([]byte, error) {
	out = append(out, `{"type":"Feature","properties":{`...)
	for k, field := range f.fields {
		if k > 0 {
			out = append(out, ',')
		}
		value, err := json.Marshal(row.values[k])
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, '"'), field...), `":`...)
		out = append(out, value...)
	}
	out = append(out, `},"geometry":`...)
	if len(row.parts) == 0 {
		return append(out, "null}"...), nil
	}
	out = append(out, `{"type":"MultiPolygon","coordinates":[`...)
	for i, part := range row.parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for j, ring := range part {
			if j > 0 {
				out = append(out, ',')
			}
			out = appendRing(out, ring)
		}
		out = append(out, ']')
	}
	return append(out, `]}}`...), nil
}

func appendRing(out []byte, ring planar.Ring) []byte {
	out = append(out, '[')
	for i := 0; i <= len(ring); i++ {
		if i > 0 {
			out = append(out, ',')
		}
		p := ring[i%len(ring)]
		out = appendDegrees(append(out, '['), p.X)
		out = append(appendDegrees(append(out, ','), p.Y), ']')
	}
	return append(out, ']')
}
