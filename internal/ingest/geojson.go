package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"jingwei/internal/ground"
	"jingwei/internal/planar"
)

// record is a feature as a file gives it: its id, its tags, its geometry on the lattice.
type record struct {
	id       string // "way/123", "17"; without the file's name
	known    bool   // id is an id of OpenStreetMap, the same in every file
	tags     tags
	geometry geometry
	notes    []note // what had to be mended to read it

	osm       bool // from OpenStreetMap's own format, where a building's outline holds its entrances
	entrances []ground.Entrance

	counted bool // its people are in the report already
}

// placer puts a position of the file's coordinate system on the lattice, or says why it can't be.
type placer func(x, y float64) (planar.Point, *note)

// note is a finding before it knows its file and feature.
type note struct{ kind, what, whatZH, done, doneZH string }

func (n *note) Error() string { return n.what }

func refuse(kind, zh, en string) *note {
	return &note{kind: kind, what: en, whatZH: zh, done: "refused", doneZH: "拒收"}
}

func mended(kind, zh, en, doneZH, done string) note {
	return note{kind: kind, what: en, whatZH: zh, done: done, doneZH: doneZH}
}

type jsonFeature struct {
	Type       string                     `json:"type"`
	ID         json.RawMessage            `json:"id"`
	Geometry   json.RawMessage            `json:"geometry"`
	Properties map[string]json.RawMessage `json:"properties"`

	Coordinates json.RawMessage   `json:"coordinates"` // of a bare geometry
	Geometries  []json.RawMessage `json:"geometries"`
}

// parseFeature reads the bytes of one GeoJSON feature. The second result says why it was refused.
func parseFeature(index int, raw []byte, place placer) (*record, *note) {
	if raw == nil {
		return nil, refuse(kindTooLong, "要素超过 64 MB", "the feature takes more than 64 MB")
	}
	var rec record
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
		rec.notes = append(rec.notes, mended(kindEncoding, "文字不是有效的 UTF-8", "text is not valid UTF-8",
			"坏字节换成 \uFFFD", "bad bytes were replaced by \uFFFD"))
	}
	var f jsonFeature
	if err := json.Unmarshal(raw, &f); err != nil {
		f = jsonFeature{}
		if json.Unmarshal(nullNaN(raw), &f) != nil {
			return nil, refuse(kindJSON, "不是有效的 JSON："+err.Error(), "it is not valid JSON: "+err.Error())
		}
		rec.notes = append(rec.notes, mended(kindNaN, "含有 NaN 或 Infinity", "it holds NaN or Infinity",
			"当作没有值", "taken as no value"))
	}
	rec.tags = properties(f.Properties)
	rec.id, rec.known = featureID(f, rec.tags, index)
	if f.Type != "Feature" && f.Type != "" && f.Geometry == nil {
		f.Geometry = raw
	}
	if len(f.Geometry) == 0 || string(f.Geometry) == "null" {
		return &rec, refuse(kindNoGeometry, "没有几何", "it has no geometry")
	}
	if n := rec.geometry.read(f.Geometry, place, 0); n != nil {
		return &rec, n
	}
	return &rec, nil
}

// nullNaN replaces the bare words NaN, Infinity and -Infinity, which Python writes, by null.
func nullNaN(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	quoted := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case quoted && c == '\\' && i+1 < len(raw):
			out = append(out, c, raw[i+1])
			i++
			continue
		case c == '"':
			quoted = !quoted
		case !quoted && (c == 'N' || c == 'I' || c == '-'):
			found := false
			for _, word := range []string{"NaN", "-NaN", "Infinity", "-Infinity"} {
				if bytes.HasPrefix(raw[i:], []byte(word)) {
					out = append(out, "null"...)
					i += len(word) - 1
					found = true
					break
				}
			}
			if found {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// properties gives the non-null properties as text; objects and lists aren't tags.
func properties(p map[string]json.RawMessage) tags {
	t := make(tags, 0, len(p))
	for key, raw := range p {
		if v, ok := scalar(raw); ok {
			t = append(t, tag{key, v})
		}
	}
	return t
}

func scalar(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 {
		return "", false
	}
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return "", false
		}
		s = strings.TrimSpace(strings.ReplaceAll(s, "\x00", ""))
		return s, s != ""
	case 'n', '{', '[':
		return "", false
	}
	return string(raw), true
}

// featureID finds the id that stays the same from one export to the next: OpenStreetMap's where a
// property or the feature's own id gives one, or else the file's own, or else the place in the file.
func featureID(f jsonFeature, t tags, index int) (id string, known bool) {
	own, _ := scalar(f.ID)
	for _, s := range []string{t.get("@id"), own, t.get("id")} {
		if kind, n, ok := strings.Cut(s, "/"); ok && isOSM(kind, n) {
			return s, true
		}
	}
	element := t.get("element")
	if element == "" {
		element = t.get("osm_type")
	}
	if element == "" && t.get("osm_id") != "" {
		element = "way"
	}
	for _, n := range []string{t.get("osm_id"), t.get("id")} {
		if element == "way" && strings.HasPrefix(n, "-") { // osm2pgsql writes relations so
			element, n = "relation", n[1:]
		}
		if n = strings.TrimSuffix(n, ".0"); isOSM(element, n) {
			return element + "/" + n, true
		}
	}
	for _, s := range []string{own, t.get("id"), t.get("fid")} {
		if s != "" && len(s) <= 200 {
			return s, false
		}
	}
	return strconv.Itoa(index), false
}

func isOSM(kind, n string) bool {
	if kind != "node" && kind != "way" && kind != "relation" {
		return false
	}
	v, err := strconv.ParseInt(n, 10, 64)
	return err == nil && v > 0
}

type jsonGeometry struct {
	Type        string            `json:"type"`
	Coordinates json.RawMessage   `json:"coordinates"`
	Geometries  []json.RawMessage `json:"geometries"`
}

// read adds one GeoJSON geometry.
func (g *geometry) read(raw json.RawMessage, place placer, depth int) *note {
	var j jsonGeometry
	if err := json.Unmarshal(raw, &j); err != nil {
		return refuse(kindGeometry, "几何读不懂："+err.Error(), "its geometry can't be read: "+err.Error())
	}
	if j.Type == "GeometryCollection" {
		if depth > 3 {
			return refuse(kindGeometry, "几何集合套得太深", "its geometry collections are nested too deep")
		}
		g.mixed = true
		for _, part := range j.Geometries {
			if n := g.read(part, place, depth+1); n != nil {
				return n
			}
		}
		return nil
	}
	levels, ok := map[string]int{"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3, "Polygon": 3,
		"MultiPolygon": 4}[j.Type]
	if !ok {
		return refuse(kindGeometry, fmt.Sprintf("几何类型 %.40q 不认识", j.Type), fmt.Sprintf("geometry type %.40q is unknown", j.Type))
	}
	r := coordinateReader{b: j.Coordinates, place: place}
	tree := r.read(levels)
	r.blank()
	if r.note == nil && len(r.b) > 0 {
		r.fail("坐标后面有多余内容", "there is something after the coordinates")
	}
	if r.note != nil {
		return r.note
	}
	switch j.Type {
	case "Point":
		g.points = append(g.points, tree.points...)
	case "MultiPoint":
		g.points = append(g.points, tree.points...)
	case "LineString":
		g.lines = append(g.lines, tree.points)
	case "MultiLineString":
		for _, line := range tree.parts {
			g.lines = append(g.lines, line.points)
		}
	case "Polygon":
		g.areas = append(g.areas, tree.rings())
	case "MultiPolygon":
		for _, p := range tree.parts {
			g.areas = append(g.areas, p.rings())
		}
	}
	return nil
}
