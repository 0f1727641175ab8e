package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// blockFile is a file of blocks, in its order.
type blockFile struct {
	path     string
	features []blockFeature
	within   []string // communities in the order they first occur
}

type blockFeature struct {
	id         string
	population int64
	within     int32
	polygons   []planar.Polygon // as the file has them, on the lattice; rings closed without repeating a vertex
}

// geoFeature is one feature of a GeoJSON file, its parts still to be read.
type geoFeature struct {
	Type       string
	ID         json.RawMessage
	Properties map[string]json.RawMessage
	Geometry   *struct {
		Type        string
		Coordinates json.RawMessage
	}
}

// readBlocks reads polygons with an id, a population and a community. One feature that can't be right stops the
// reading, because a drawing without it would lose people or ground.
func readBlocks(path, populationField, withinField string) (*blockFile, error) {
	b := &blockFile{path: path}
	ids, communities := make(map[string]int), make(map[string]int32)
	err := eachFeature(path, func(n int, f *geoFeature) error {
		block := blockFeature{}
		var err error
		if block.id, err = f.id(path, n); err != nil {
			return err
		}
		where := feature{path, n, block.id}
		if first, twice := ids[block.id]; twice {
			return where.fault("id 与第 %d 个要素相同，每个地块的 id 必须唯一", "the same id as feature %d: every block needs an id of its own", first)
		}
		ids[block.id] = n
		if block.population, err = f.population(where, populationField); err != nil {
			return err
		}
		name, err := f.community(where, withinField)
		if err != nil {
			return err
		}
		at, known := communities[name]
		if !known {
			at = int32(len(b.within))
			communities[name] = at
			b.within = append(b.within, name)
		}
		block.within = at
		if block.polygons, err = f.polygons(where); err != nil {
			return err
		}
		b.features = append(b.features, block)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(b.features) == 0 {
		return nil, fault.New(fault.Invalid, path+"：文件中没有任何要素，请检查导出是否完整", path+": the file holds no features; see whether it was exported whole")
	}
	return b, nil
}

// feature says where a fault is.
type feature struct {
	path string
	n    int
	id   string
}

func (f feature) fault(zh, en string, args ...any) error {
	who := fmt.Sprintf("%d", f.n)
	if f.id != "" {
		who += " (id " + f.id + ")"
	}
	return fault.New(fault.Invalid,
		fmt.Sprintf("%s：第 %s 个要素：", f.path, who)+fmt.Sprintf(zh, args...),
		fmt.Sprintf("%s: feature %s: ", f.path, who)+fmt.Sprintf(en, args...))
}

// id is the feature's own, or the property of that name; text or a number.
func (f *geoFeature) id(path string, n int) (string, error) {
	raw := f.ID
	if absent(raw) {
		raw = f.Properties["id"]
	}
	id, ok := textOrNumber(raw)
	if !ok || id == "" {
		return "", feature{path: path, n: n}.fault("缺少 id（要素的 id 成员或 id 属性，文本或数字）", "it has no id (a member or a property of that name, text or number)")
	}
	if utf8.RuneCountInString(id) > maxID {
		return "", feature{path: path, n: n}.fault("id 超过 %d 个字", "its id has more than %d characters", maxID)
	}
	return id, nil
}

// maxID is the most characters of an id, or of a community's name: they go into codes and messages.
const maxID = 200

func (f *geoFeature) population(where feature, field string) (int64, error) {
	raw := f.Properties[field]
	if absent(raw) {
		return 0, where.fault("缺少人口字段 %q（可用 --population-field 指定）", "it has no property %q with its population (name another one with --population-field)", field)
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		x, errFloat := strconv.ParseFloat(string(raw), 64)
		if errFloat != nil || x != math.Trunc(x) || math.Abs(x) > 1e15 {
			return 0, where.fault("人口 %s 不是整数", "its population %s is no whole number", raw)
		}
		n = int64(x)
	}
	if n < 0 {
		return 0, where.fault("人口 %d 为负数", "its population %d is negative", n)
	}
	if n > 1e12 {
		return 0, where.fault("人口 %d 大得不可能", "its population %d can't be", n)
	}
	return n, nil
}

func (f *geoFeature) community(where feature, field string) (string, error) {
	if field == "" {
		return "", nil
	}
	name, ok := textOrNumber(f.Properties[field])
	if !ok || name == "" {
		return "", where.fault("缺少社区字段 %q（可用 --within-field 指定；若全部属于同一社区，请用 --within-field ''）",
			"it has no property %q with its community (name another one with --within-field, or give --within-field '' when all blocks lie in one)", field)
	}
	if utf8.RuneCountInString(name) > maxID {
		return "", where.fault("社区名 %.20q… 超过 %d 个字", "the name of its community, %.20q…, has more than %d characters", name, maxID)
	}
	return name, nil
}

func absent(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func textOrNumber(raw json.RawMessage) (string, bool) {
	if absent(raw) {
		return "", false
	}
	if raw[0] == '"' {
		var s string
		err := json.Unmarshal(raw, &s)
		return strings.TrimSpace(s), err == nil
	}
	_, err := strconv.ParseFloat(string(raw), 64)
	return string(raw), err == nil
}

// polygons reads a Polygon or MultiPolygon onto the lattice. Repeated vertices are dropped, and holes that are nothing.
func (f *geoFeature) polygons(where feature) ([]planar.Polygon, error) {
	if f.Geometry == nil {
		return nil, where.fault("没有几何", "it has no geometry")
	}
	var parts [][][][]float64
	var err error
	switch f.Geometry.Type {
	case "Polygon":
		parts = make([][][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &parts[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &parts)
	default:
		return nil, where.fault("几何类型是 %s，地块必须是 Polygon 或 MultiPolygon", "its geometry is a %s; a block is a Polygon or a MultiPolygon", f.Geometry.Type)
	}
	if err != nil {
		return nil, where.fault("坐标格式有误", "its coordinates can't be read")
	}
	var out []planar.Polygon
	for _, part := range parts {
		var polygon planar.Polygon
		for i, ring := range part {
			points, err := lattice(where, ring)
			if err != nil {
				return nil, err
			}
			if n := len(points); n > 1 && points[0] == points[n-1] {
				points = points[:n-1]
			}
			if len(points) >= 3 {
				polygon = append(polygon, points)
			} else if i == 0 {
				break
			}
		}
		if len(polygon) > 0 {
			out = append(out, polygon)
		}
	}
	if len(out) == 0 {
		return nil, where.fault("多边形没有面积（少于三个不同的顶点）", "its polygon has no area (fewer than three different vertices)")
	}
	return out, nil
}

// lattice rounds positions in degrees to lattice points, successive ones different.
func lattice(where feature, positions [][]float64) ([]planar.Point, error) {
	points := make([]planar.Point, 0, len(positions))
	for _, c := range positions {
		switch {
		case len(c) < 2:
			return nil, where.fault("坐标不足两个数", "a position has fewer than two numbers")
		case !crs.InChina(c[0], c[1]) && crs.InChina(c[1], c[0]):
			return nil, where.fault("坐标 (%v, %v) 的经纬度顺序颠倒，应为先经度后纬度", "(%v, %v) has latitude first; longitude comes first", c[0], c[1])
		case !crs.Plausible(c[0], c[1]):
			return nil, where.fault("坐标 (%v, %v) 不是经纬度；投影坐标请先用 ogr2ogr -t_srs EPSG:4326 转换", "(%v, %v) are no degrees; convert projected coordinates first: ogr2ogr -t_srs EPSG:4326", c[0], c[1])
		case !crs.InChina(c[0], c[1]):
			return nil, where.fault("坐标 (%v, %v) 在中国范围之外，请检查坐标系", "(%v, %v) lies outside of China; see which coordinate system the file is in", c[0], c[1])
		}
		if p := planar.FromDegrees(c[0], c[1]); len(points) == 0 || points[len(points)-1] != p {
			points = append(points, p)
		}
	}
	return points, nil
}
