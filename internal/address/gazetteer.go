package address

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"sync/atomic"
)

// Gazetteer is the places of a county in memory, as they are looked for. It never changes: With and New make another. All its methods may
// be called at once.
type Gazetteer struct {
	divisions  []division
	streets    []street
	compounds  []compound
	buildings  []building
	entrances  []entrance
	houses     []house
	doors      []door // by place and key
	yards      []yard // compounds by the street and number of their gate
	inside     []door // compounds by their community: key is the compound
	byCode     map[string]int32
	byStreet   map[int64]int32
	byCompound map[int64]int32
	keys       keys
	aliases    []Alias
	above      bool // divisions above the county are known
	county     int32
	names      names
}

// Live is the gazetteer as it is now. The zero value has none.
type Live struct{ now atomic.Pointer[Gazetteer] }

// Now is the gazetteer in use, nil where there is none yet. Who asks several questions of one picture takes it once.
func (l *Live) Now() *Gazetteer { return l.now.Load() }

// Put puts another in its place; questions under way are answered by the one they began with.
func (l *Live) Put(g *Gazetteer) { l.now.Store(g) }

type division struct {
	code, name, short string
	parent            int32
	at                spot
}

type street struct {
	id       int64
	name     string
	division int32
	at       spot
}

type compound struct {
	id               int64
	name             string
	division, street int32
	number           uint32
	at               spot
}

type building struct {
	id                         int64
	at                         spot
	compound, street, division int32
	name, number, section      uint32 // words as they were given
	sectionKey                 uint32
	entrance, house            int32 // the first of them; the next building's is where they end
}

type entrance struct {
	id        int64
	name, key uint32
	at        spot
}

type house struct {
	id        int64
	entrance  int32 // -1: none
	room, key uint32
}

// door says that a building is found at a place under a key.
type door struct {
	place place
	key   uint32
	to    int32
}

type yard struct {
	street int32
	key    uint32
	to     int32
}

// spot is a position in 1e-7 degrees.
type spot struct{ lon, lat int32 }

func spotOf(p Point) spot {
	return spot{int32(math.Round(p.Lon * 1e7)), int32(math.Round(p.Lat * 1e7))}
}
func (s spot) point() Point { return Point{float64(s.lon) / 1e7, float64(s.lat) / 1e7} }

// place is a named thing: its kind and where it stands in its list.
type place uint32

const (
	placeDivision place = iota << 28
	placeStreet
	placeCompound
	placeBuilding
	placeEntrance
	placeHouse
	placeKind place = 0xF << 28
	noPlace   place = 0xFFFFFFFF
)

func (p place) kind() place { return p & placeKind }
func (p place) index() int  { return int(p &^ placeKind) }

// keys are words kept once; word 0 is the empty one.
type keys struct {
	words []string
	of    map[string]uint32
}

func (k *keys) put(s string) uint32 {
	if n, ok := k.of[s]; ok {
		return n
	}
	n := uint32(len(k.words))
	k.words, k.of[s] = append(k.words, s), n
	return n
}

// find is the word's number, and false when nothing has that word.
func (k *keys) find(s string) (uint32, bool) {
	n, ok := k.of[s]
	return n, ok
}

// doorsAt are the buildings with a key at a place.
func (g *Gazetteer) doorsAt(p place, key uint32) []door {
	return span(g.doors, door{p, key, 0}, door{p, key + 1, 0})
}

// allDoors are all buildings at a place.
func (g *Gazetteer) allDoors(p place) []door { return span(g.doors, door{p, 0, 0}, door{p + 1, 0, 0}) }

// compoundsIn are the compounds of a community.
func (g *Gazetteer) compoundsIn(p place) []door {
	return span(g.inside, door{p, 0, 0}, door{p + 1, 0, 0})
}

func span(all []door, from, to door) []door {
	i, _ := slices.BinarySearchFunc(all, from, compareDoors)
	j, _ := slices.BinarySearchFunc(all[i:], to, compareDoors)
	return all[i : i+j]
}

func compareDoors(a, b door) int {
	return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.key, b.key), cmp.Compare(a.to, b.to))
}

func (g *Gazetteer) yardsAt(street int32, key uint32) []yard {
	i, _ := slices.BinarySearchFunc(g.yards, yard{street, key, 0}, compareYards)
	j := i
	for j < len(g.yards) && g.yards[j].street == street && g.yards[j].key == key {
		j++
	}
	return g.yards[i:j]
}

func compareYards(a, b yard) int {
	return cmp.Or(cmp.Compare(a.street, b.street), cmp.Compare(a.key, b.key), cmp.Compare(a.to, b.to))
}

// housesOf and entrancesOf are a building's, as places in the lists.
func (g *Gazetteer) housesOf(b int) (from, to int) {
	if b+1 < len(g.buildings) {
		return int(g.buildings[b].house), int(g.buildings[b+1].house)
	}
	return int(g.buildings[b].house), len(g.houses)
}

func (g *Gazetteer) entrancesOf(b int) (from, to int) {
	if b+1 < len(g.buildings) {
		return int(g.buildings[b].entrance), int(g.buildings[b+1].entrance)
	}
	return int(g.buildings[b].entrance), len(g.entrances)
}

// buildingOf is the building that a house or an entrance is in.
func (g *Gazetteer) buildingOfHouse(h int) int {
	return sort.Search(len(g.buildings), func(i int) bool { return int(g.buildings[i].house) > h }) - 1
}

func (g *Gazetteer) buildingOfEntrance(e int) int {
	return sort.Search(len(g.buildings), func(i int) bool { return int(g.buildings[i].entrance) > e }) - 1
}

// Len says how much the gazetteer holds.
func (g *Gazetteer) Len() (places, buildings, houses int) {
	return len(g.divisions) + len(g.streets) + len(g.compounds), len(g.buildings), len(g.houses)
}
