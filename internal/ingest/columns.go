package ingest

import "strings"

// columnsOf are the names under which other sources than OpenStreetMap keep what we read by its tags, in
// lower case: a Shapefile cuts names at ten characters, an office writes Chinese.
var columnsOf = map[string][]string{
	"name":             {"name", "名称", "楼名", "楼栋名称", "建筑名称", "小区名称", "道路名称", "路名", "mc", "name_chn", "name_zh"},
	"building:levels":  {"levels", "building_l", "building:l", "building_levels", "floor", "floors", "层数", "楼层", "楼层数", "地上层数", "cs"},
	"residents":        {"residents", "人口", "人数", "常住人口", "居民数"},
	"addr:full":        {"addr_full", "address", "addr", "地址", "门牌地址", "详细地址"},
	"addr:street":      {"addr_street", "addr_stree", "addr:stree"},
	"addr:housenumber": {"addr_housenumber", "addr_house", "addr:house", "门牌号"},
}

// classColumns hold a feature's class where its layer is known from the command line.
var classColumns = []string{"fclass", "class", "type", "kind", "类型", "类别", "等级", "用途"}

// readColumns adds the tags that other columns stand for, and with a layer given also what the layer says.
func readColumns(t tags, layer Layer, g *geometry) tags {
	for key, names := range columnsOf {
		if t.get(key) == "" {
			if v := t.column(names); v != "" {
				t = append(t, tag{key, v})
			}
		}
	}
	class := strings.ToLower(t.column(classColumns))
	add := func(key, value string) { t = append(t, tag{key, value}) }
	area := len(g.areas) > 0
	if area && t.get("highway") != "" && t.get("area") == "" {
		add("area", "yes") // a square drawn as a polygon
	}
	switch {
	case layer == Streets && t.get("highway") == "":
		if _, known := streetClasses[class]; !known {
			class = "unclassified"
		}
		add("highway", class)
	case layer == Buildings && t.get("building") == "":
		if class == "" || class == "building" {
			class = "yes"
		}
		add("building", class)
	case layer == Rail && t.get("railway") == "":
		if _, known := railClasses[class]; !known {
			class = "rail"
		}
		add("railway", class)
	case layer == Water && t.get("waterway") == "" && t.get("natural") == "":
		if _, known := waterLines[class]; area {
			add("natural", "water")
		} else if known {
			add("waterway", class)
		} else {
			add("waterway", "river")
		}
	case layer == Walls && t.get("barrier") == "":
		if !wallClasses[class] {
			class = "wall"
		}
		add("barrier", class)
	case layer == Landuse && t.get("landuse") == "" && t.get("leisure") == "" && t.get("amenity") == "" && t.get("natural") == "":
		if !compounds["landuse"][class] && !grounds["landuse"][class] {
			class = "residential"
		}
		add("landuse", class)
	}
	return t
}

func (t tags) column(names []string) string {
	for _, name := range names {
		for _, kv := range t {
			if strings.ToLower(kv.key) == name {
				return kv.value
			}
		}
	}
	return ""
}
