package ingest

import (
	"strconv"
	"strings"

	"jingwei/internal/ground"
)

// tag is one key and its value; a source's tags keep their order. OSM's vocabulary is ours, whatever the
// file's format.
type tag struct{ key, value string }

type tags []tag

func (t tags) get(key string) string {
	for _, kv := range t {
		if kv.key == key {
			return kv.value
		}
	}
	return ""
}

// Layer narrows an import to one kind of feature; the empty one takes all.
type Layer string

// The layers that `import ground --layer` names.
const (
	Streets   Layer = "streets"
	Buildings Layer = "buildings"
	Water     Layer = "water"
	Rail      Layer = "rail"
	Walls     Layer = "walls"
	Landuse   Layer = "landuse"

	Facilities Layer = "facilities"
)

// Layers lists them in the order in which the usage does.
var Layers = []Layer{Streets, Buildings, Water, Rail, Walls, Landuse, Facilities}

// meaning is what the tags make of a feature.
type meaning struct {
	layer   Layer
	kind    string // of the row: street, rail, wall, water, landuse, a facility's kind; empty for a building
	class   string
	barrier ground.Barrier
	area    bool // the feature is its interior, not its line
}

// streetClasses are the values of highway=* that are a way on the ground. A motorway's barrier is that of
// a main road; a lane (service=alley, 胡同) is a street, other service ways belong to a compound.
var streetClasses = map[string]ground.Barrier{
	"motorway": ground.MainRoad, "motorway_link": ground.MainRoad, "trunk": ground.MainRoad,
	"trunk_link": ground.MainRoad, "primary": ground.MainRoad, "primary_link": ground.MainRoad,
	"secondary": ground.MainRoad, "secondary_link": ground.MainRoad,
	"tertiary": ground.Street, "tertiary_link": ground.Street, "residential": ground.Street,
	"unclassified": ground.Street, "living_street": ground.Street, "pedestrian": ground.Street,
	"road": ground.Street, "busway": ground.Street,
	"service": ground.Path, "footway": ground.Path, "cycleway": ground.Path, "path": ground.Path,
	"steps": ground.Path, "track": ground.Path, "bridleway": ground.Path,
}

var railClasses = map[string]ground.Barrier{
	"rail": ground.Rail, "subway": ground.Rail, "light_rail": ground.Rail, "monorail": ground.Rail,
	"narrow_gauge": ground.Rail, "tram": ground.Street, // people walk across a tram's rails
}

var waterLines = map[string]ground.Barrier{
	"river": ground.River, "canal": ground.River, "stream": ground.River,
	"ditch": ground.Nothing, "drain": ground.Nothing, // stepped over, often covered
}

var wallClasses = map[string]bool{"wall": true, "fence": true, "city_wall": true, "retaining_wall": true, "hedge": true}

// compounds are the grounds that have a wall or a fence round them more often than not.
var compounds = map[string]map[string]bool{
	"landuse": {"residential": true, "industrial": true, "military": true, "education": true, "institutional": true},
	"amenity": {"school": true, "university": true, "college": true, "hospital": true, "kindergarten": true, "prison": true},
}

// grounds are areas that the map shows and nobody stops at.
var grounds = map[string]map[string]bool{
	"landuse": {"commercial": true, "retail": true, "construction": true, "brownfield": true, "greenfield": true,
		"forest": true, "grass": true, "meadow": true, "farmland": true, "farmyard": true, "orchard": true,
		"vineyard": true, "cemetery": true, "recreation_ground": true, "village_green": true, "railway": true,
		"allotments": true, "greenhouse_horticulture": true, "quarry": true, "landfill": true, "religious": true, "depot": true},
	"leisure": {"park": true, "garden": true, "pitch": true, "playground": true, "sports_centre": true, "stadium": true,
		"golf_course": true, "nature_reserve": true, "track": true},
	"amenity": {"marketplace": true, "grave_yard": true, "place_of_worship": true, "parking": true},
	"natural": {"wood": true, "scrub": true, "grassland": true, "heath": true, "sand": true, "beach": true, "bare_rock": true},
}

// meaningOf says what a feature is by its tags alone; ok is false for what says nothing about the ground.
// closed says whether its geometry can be an area. What lies in a tunnel or underground is no barrier to
// anybody and nothing to see, and is left out; a passage through a building stays, being walked at ground level.
func meaningOf(t tags, closed bool) (m meaning, ok bool) {
	if b := t.get("building"); b != "" && b != "no" && closed {
		return meaning{layer: Buildings, class: useOf(t, b), area: true}, !underground(t)
	}
	if m, ok := waterOf(t, closed); ok {
		return m, !underground(t)
	}
	if h := t.get("highway"); h != "" {
		b, known := streetClasses[h]
		if h == "service" && t.get("service") == "alley" {
			b = ground.Street
		}
		if closed && t.get("area") == "yes" {
			return meaning{layer: Landuse, kind: "landuse", class: "square", area: true}, known && !underground(t)
		}
		m := meaning{layer: Streets, kind: "street", class: h, barrier: b}
		if underground(t) {
			m.barrier = ground.Nothing
			known = known && b > ground.Path
		}
		return m, known && t.get("indoor") != "yes"
	}
	if b, known := railClasses[t.get("railway")]; known {
		return meaning{layer: Rail, kind: "rail", class: t.get("railway"), barrier: b}, !underground(t)
	}
	if c := t.get("military"); c != "" && closed {
		return meaning{layer: Landuse, kind: "landuse", class: "military", barrier: ground.Wall, area: true}, true
	}
	if m, ok := landuseOf(t, closed); ok {
		if wallClasses[t.get("barrier")] {
			m.barrier = ground.Wall
		}
		return m, true
	}
	if c := t.get("barrier"); wallClasses[c] {
		return meaning{layer: Walls, kind: "wall", class: c, barrier: ground.Wall}, true
	}
	return meaning{}, false
}

func waterOf(t tags, closed bool) (meaning, bool) {
	if w := t.get("waterway"); w != "" {
		if b, known := waterLines[w]; known && !(closed && t.get("area") == "yes") {
			return meaning{layer: Water, kind: "water", class: w, barrier: b}, true
		}
		if closed && (w == "riverbank" || w == "dock" || t.get("area") == "yes") {
			return meaning{layer: Water, kind: "water", class: "river", barrier: ground.River, area: true}, true
		}
	}
	if !closed {
		return meaning{}, false
	}
	class := ""
	switch {
	case t.get("natural") == "water":
		if class = t.get("water"); class == "" {
			class = "water"
		}
	case t.get("landuse") == "reservoir" || t.get("landuse") == "basin":
		class = t.get("landuse")
	default:
		return meaning{}, false
	}
	return meaning{layer: Water, kind: "water", class: class, barrier: ground.River, area: true}, true
}

func landuseOf(t tags, closed bool) (meaning, bool) {
	if !closed {
		return meaning{}, false
	}
	m := meaning{layer: Landuse, kind: "landuse", area: true}
	for _, key := range []string{"amenity", "landuse"} { // a school's grounds before the landuse they lie in
		if v := t.get(key); compounds[key][v] {
			m.class, m.barrier = v, ground.Wall
			return m, true
		}
	}
	for _, key := range []string{"leisure", "landuse", "natural", "amenity"} {
		if v := t.get(key); grounds[key][v] {
			m.class = v
			return m, true
		}
	}
	return meaning{}, false
}

// underground says that a feature lies below the ground that people walk on.
func underground(t tags) bool {
	switch t.get("tunnel") {
	case "", "no", "building_passage":
	default:
		return true
	}
	if t.get("location") == "underground" || t.get("covered") == "culvert" {
		return true
	}
	if bridge := t.get("bridge"); bridge != "" && bridge != "no" || t.get("waterway") != "" {
		return false // layer=-1 on a stream says that bridges pass over it
	}
	layer, err := strconv.Atoi(t.get("layer"))
	return err == nil && layer < 0
}

// useOf is a building's use: its own value where that says something, or else what goes on inside.
func useOf(t tags, building string) string {
	if building != "yes" {
		return building
	}
	for _, key := range []string{"amenity", "leisure", "tourism"} {
		if v := t.get(key); v != "" {
			return v
		}
	}
	for _, key := range []string{"shop", "office", "industrial"} {
		if t.get(key) != "" {
			return map[string]string{"shop": "retail", "office": "office", "industrial": "industrial"}[key]
		}
	}
	return building
}

// addressOf writes the parts of an address in Chinese order.
func addressOf(t tags) string {
	if full := t.get("addr:full"); full != "" {
		return full
	}
	number := t.get("addr:housenumber")
	if number != "" && strings.Trim(number, "0123456789") == "" {
		number += "号"
	}
	street := t.get("addr:street")
	if street == "" {
		street = t.get("addr:place")
	}
	return street + number + t.get("addr:unit")
}
