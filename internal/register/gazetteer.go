package register

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/address"
)

// Gazetteer makes the gazetteer of a county of its register: its divisions, the streets and compounds that addresses name, buildings, entrances and
// houses. Houses go by their numbers, buildings by those of their footprints (below zero for those without one), divisions by their codes.
// It says nothing about who lives anywhere. A county of 300,000 houses takes some seconds.
func Gazetteer(ctx context.Context, tx pgx.Tx, county int32) (*address.Gazetteer, error) {
	g, _, err := places(ctx, tx, county)
	return g, err
}

// places makes all that is kept in memory of a county's addresses.
func places(ctx context.Context, tx pgx.Tx, county int32) (*address.Gazetteer, *pieces, error) {
	w := newGazetteering()
	if err := w.readDivisions(ctx, tx, county); err != nil {
		return nil, nil, err
	}
	rows, err := tx.Query(ctx, `SELECT id, coalesce(building, 0), ground / 1000, place, number, unit, room, address, ST_X(geom), ST_Y(geom) FROM house WHERE county = $1 ORDER BY id`, county)
	if err != nil {
		return nil, nil, err
	}
	var h standing
	_, err = pgx.ForEachRow(rows, []any{&h.id, &h.building, &h.community, &h.place, &h.number, &h.unit, &h.room, &h.address, &h.at.Lon, &h.at.Lat}, func() error {
		w.add(&h)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	g, err := address.New(w.in)
	return g, w.parts.done(), err
}

// gazetteering gathers the places of a county.
type gazetteering struct {
	in        address.Input
	parts     *piecing
	divisions map[string]string // names by codes
	county    string            // name
	above     bool              // the divisions above the county are in
	places    map[string]int64  // streets and compounds by what they are told apart by
	buildings map[buildingKey]int64
	entrances map[entranceKey]int64
	used      map[int64]bool // numbers of buildings
	last      int64
}

func newGazetteering() *gazetteering {
	return &gazetteering{parts: newPiecing(), places: map[string]int64{}, buildings: map[buildingKey]int64{}, entrances: map[entranceKey]int64{}, used: map[int64]bool{}, divisions: map[string]string{}}
}

type buildingKey struct {
	compound, footprint int64
	community, name     string
}

type entranceKey struct {
	building int64
	name     string
}

// standing is a house with the words of its address.
type standing struct {
	id, building, community            int64
	place, number, unit, room, address string
	at                                 address.Point
}

func (w *gazetteering) readDivisions(ctx context.Context, tx pgx.Tx, county int32) error {
	rows, err := tx.Query(ctx, `SELECT code, name, coalesce(ST_X(ST_PointOnSurface(geom)), 0), coalesce(ST_Y(ST_PointOnSurface(geom)), 0) FROM division WHERE county = $1 ORDER BY code`, county)
	if err != nil {
		return err
	}
	var d address.DivisionEntry
	_, err = pgx.ForEachRow(rows, []any{&d.Code, &d.Name, &d.At.Lon, &d.At.Lat}, func() error { w.divide(d); return nil })
	return err
}

func (w *gazetteering) divide(d address.DivisionEntry) {
	w.in.Divisions = append(w.in.Divisions, d)
	w.divisions[d.Code] = d.Name
	if len(d.Code) == 6 {
		w.county, w.parts.county = d.Name, folded(d.Name)
	}
}

// next numbers what has no number of its own.
func (w *gazetteering) next() int64 { w.last++; return w.last }

func (w *gazetteering) add(h *standing) {
	w.parts.add(h.id, h.building, w.belowCounty(h.address), tailOf(h))
	community := fmt.Sprintf("%012d", h.community)
	rest := w.below(h.address, community)
	var compound int64
	var gate string // street and number
	at := strings.Index(rest, h.place)
	named := h.place != "" && at >= 0
	if named {
		gate = rest[:at]
	} else {
		gate, _ = w.untilRoom(rest, h)
	}
	street, number := splitGate(gate)
	if street == h.number { // a named building that no street is told of
		street = ""
	}
	road := w.street(street, community)
	if named {
		compound = w.compound(h.place, community, road, number, h.at)
	}
	house := address.HouseEntry{ID: h.id, Building: w.building(h, community, compound, road, number), Room: h.room}
	if h.unit != "" {
		house.Entrance = w.entrance(house.Building, h.unit, h.at)
	}
	w.in.Houses = append(w.in.Houses, house)
}

// belowCounty is what an address says below the county.
func (w *gazetteering) belowCounty(full string) string {
	if at := strings.Index(full, w.county); at >= 0 && w.county != "" {
		return full[at+len(w.county):]
	}
	return full
}

// tailOf is the end of an address that tells the houses of a building apart: its entrance and room.
func tailOf(h *standing) string {
	for _, part := range []string{h.unit, h.room} {
		if at := strings.LastIndex(h.address, part); part != "" && at > 0 {
			return h.address[at:]
		}
	}
	return ""
}

// below is what an address says below its community. Of the first it takes the names above the county as well.
func (w *gazetteering) below(full, community string) string {
	rest := full
	if at := strings.Index(rest, w.county); at >= 0 && w.county != "" {
		if !w.above {
			w.nameAbove(rest[:at])
			w.above = true
		}
		rest = rest[at+len(w.county):]
	}
	for _, code := range []string{community[:9], community} {
		rest = strings.TrimPrefix(rest, w.divisions[code])
	}
	return rest
}

// nameAbove enters province and prefecture, as an address names them.
func (w *gazetteering) nameAbove(names string) {
	code := w.in.Divisions[0].Code[:4]
	for _, kind := range []string{"自治区", "省"} {
		if province, rest, found := strings.Cut(names, kind); found {
			w.in.Divisions = append(w.in.Divisions, address.DivisionEntry{Code: code[:2], Name: province + kind})
			names = rest
			break
		}
	}
	if names != "" {
		w.in.Divisions = append(w.in.Divisions, address.DivisionEntry{Code: code, Name: names})
	}
}

// untilRoom is an address below its community without entrance and room.
func (w *gazetteering) untilRoom(rest string, h *standing) (string, bool) {
	return strings.CutSuffix(strings.TrimSuffix(strings.TrimSuffix(rest, "室"), h.room), h.unit)
}

// splitGate parts a street from the number behind it: "建国中路169号" is 建国中路 and 169号.
func splitGate(gate string) (street, number string) {
	at := strings.IndexAny(gate, "0123456789")
	if at < 0 {
		return gate, ""
	}
	return gate[:at], gate[at:]
}

// street gives the number of a street; of a town, as long ones pass through many communities.
func (w *gazetteering) street(name, community string) int64 {
	if name == "" {
		return 0
	}
	key := "s" + community[:9] + name
	if id, there := w.places[key]; there {
		return id
	}
	id := w.next()
	w.places[key] = id
	w.in.Streets = append(w.in.Streets, address.StreetEntry{ID: id, Name: name, Division: community[:9]})
	return id
}

func (w *gazetteering) compound(name, community string, street int64, number string, at address.Point) int64 {
	key := fmt.Sprintf("c%s%s %d %s", community, name, street, number)
	if id, there := w.places[key]; there {
		return id
	}
	id := w.next()
	w.places[key] = id
	w.in.Compounds = append(w.in.Compounds, address.CompoundEntry{ID: id, Name: name, Community: community, Street: street, Number: number, At: at})
	return id
}

// building gives the number of a house's building. In a compound it goes by its name there, elsewhere by the number behind the street or village.
func (w *gazetteering) building(h *standing, community string, compound, street int64, number string) int64 {
	name := h.number
	if compound == 0 && number != "" {
		name = number
	}
	key := buildingKey{compound, h.building, community, name}
	if id, there := w.buildings[key]; there {
		return id
	}
	id := h.building
	if id == 0 || w.used[id] { // on no footprint, or one of several on one
		id = -w.next()
	}
	w.buildings[key], w.used[id] = id, true
	b := address.BuildingEntry{ID: id, Compound: compound, Community: community, At: h.at}
	if compound != 0 {
		b.Name = name
	} else {
		b.Street, b.Number = street, name
		if at, there := strings.CutSuffix(number, h.number); there && strings.HasSuffix(at, "号") && h.number != "" { // 86号 and 金鼎商厦
			b.Number, b.Name = at, h.number
		}
	}
	w.in.Buildings = append(w.in.Buildings, b)
	return id
}

func (w *gazetteering) entrance(building int64, name string, at address.Point) int64 {
	key := entranceKey{building, name}
	if id, there := w.entrances[key]; there {
		return id
	}
	id := w.next()
	w.entrances[key] = id
	w.in.Entrances = append(w.in.Entrances, address.EntranceEntry{ID: id, Building: building, Name: name, At: at})
	return id
}
