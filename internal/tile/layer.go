package tile

import (
	"fmt"
	"slices"
	"strings"

	"jingwei/internal/fault"
)

// Layer is one layer that can be asked for.
type Layer string

// The layers, in the order in which they lie on each other.
const (
	Landuse    Layer = "landuse"
	Water      Layer = "water"
	Buildings  Layer = "buildings"
	Rail       Layer = "rail"
	Walls      Layer = "walls"
	Streets    Layer = "streets"
	Population Layer = "population"
	Blocks     Layer = "blocks"
	Grids      Layer = "grids"
	Facilities Layer = "facilities"
	Divisions  Layer = "divisions"
)

// MaxZoom is the last zoom there are tiles for: beyond it a client enlarges them. A tile's unit is 2 cm there.
const MaxZoom = 18

// description is what is known of a layer besides its features.
type description struct {
	layer    Layer
	minZoom  int    // nothing is shown below it
	labels   string // the layer with its label points, "" when it has none
	lettered int    // labels are shown from this zoom on
	about    string
	fields   map[string]string
	render   func(*rendering)
}

// descriptions are all layers, in the order of Layer. It is filled in by init because the functions it
// names read it in turn.
var descriptions []description

func init() {
	descriptions = []description{
		{Landuse, 11, "", 0, "用地 parks, schools, compounds", map[string]string{"class": "String", "name": "String"}, renderLanduse},
		{Water, 8, "", 0, "水系 lakes and rivers", map[string]string{"class": "String", "name": "String"}, renderWater},
		{Buildings, 13, "", 0, "楼栋 buildings", map[string]string{"use": "String", "levels": "Number", "name": "String"}, renderBuildings},
		{Rail, 10, "", 0, "铁路 railways", map[string]string{"class": "String", "name": "String"}, renderRail},
		{Walls, 15, "", 0, "围墙 walls and fences", map[string]string{"class": "String", "name": "String"}, renderWalls},
		{Streets, 9, "", 0, "街巷 streets, more of them the nearer one looks", map[string]string{"class": "String", "barrier": "String", "name": "String"}, renderStreets},
		{Population, 9, "", 0, "人口热力 residents by H3 cell, cells of fewer than ten left out", map[string]string{"residents": "Number", "density": "Number"}, renderPopulation},
		{Blocks, 15, "", 0, "基本单元 the blocks that grids are made of", map[string]string{"grid": "String", "community": "String"}, renderBlocks},
		{Grids, 8, "grid_labels", labelGrids, "网格 the live grids", map[string]string{"code": "String", "name": "String", "residents": "Number", "deviation": "Number", "band": "String"}, renderGrids},
		{Facilities, 13, "", 0, "设施 clinics, schools, police posts, canteens, cameras, hydrants; the smaller ones the nearer one looks", map[string]string{"kind": "String", "name": "String"}, renderFacilities},
		{Divisions, 3, "division_labels", 3, "区划 counties, towns and communities", map[string]string{"code": "String", "name": "String", "level": "String"}, renderDivisions},
	}
}

// Layers is a set of layers, one bit each in the order of Layer: a request's "grids,water" and "water,grids"
// are the same tile.
type Layers uint16

// ParseLayers reads layer names joined by commas. The fault names the known ones.
func ParseLayers(joined string) (Layers, error) {
	var set Layers
	for _, name := range strings.Split(joined, ",") {
		i := slices.IndexFunc(descriptions, func(d description) bool { return string(d.layer) == name })
		if i < 0 {
			if len(name) > 40 {
				name = strings.ToValidUTF8(name[:40], "") + "…"
			}
			return 0, fault.New(fault.NotFound,
				fmt.Sprintf("没有图层 %q；已有图层：%s（可用逗号连接几个）", name, Known()),
				fmt.Sprintf("there is no layer %q; the layers are %s (several may be joined by commas)", name, Known()))
		}
		set |= 1 << i
	}
	return set, nil
}

// Known are the names of all layers, for a message.
func Known() string {
	names := make([]string, len(descriptions))
	for i, d := range descriptions {
		names[i] = string(d.layer)
	}
	return strings.Join(names, ", ")
}

// each gives the descriptions of the layers in the set, from the lowest upwards.
func (l Layers) each(yield func(description) bool) {
	for i, d := range descriptions {
		if l&(1<<i) != 0 && !yield(d) {
			return
		}
	}
}

// Has says whether the set holds a layer.
func (l Layers) Has(layer Layer) bool {
	for d := range l.each {
		if d.layer == layer {
			return true
		}
	}
	return false
}

func (l Layers) String() string {
	var names []string
	for d := range l.each {
		names = append(names, string(d.layer))
	}
	return strings.Join(names, ",")
}
