package register

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/audit"
	"jingwei/internal/fault"
	"jingwei/internal/postgres"
)

// HouseKind is what a house is made for.
type HouseKind string

// The kinds of houses.
const (
	Home   HouseKind = "home"
	Shop   HouseKind = "shop"
	Office HouseKind = "office"
	Other  HouseKind = "other"
)

// Occupancy is what a home is used as, by who keeps the register; "" where nobody has said it. Whether anybody lives there says the register itself.
type Occupancy string

// The occupancies.
const (
	OwnerLives Occupancy = "owner"
	Rented     Occupancy = "rented"
	Vacant     Occupancy = "vacant"
)

// Stay is how somebody lives in a house.
type Stay string

// The stays.
const (
	Registered Stay = "registered" // 户籍在册: registered in this house
	Separated  Stay = "separated"  // 人户分离: registered elsewhere in the county
	Floating   Stay = "floating"   // 流动人口: registered outside of it
)

// House is a dwelling or a shop.
type House struct {
	ID              ID
	Code            string // 房屋编号
	Building        int64  // 0: on no footprint
	Place           string // 小区 or 自然村
	Number          string // 3号楼
	Unit            string // 2单元
	Floor           int    // 0: not known
	Room            string
	Address         string
	Kind            HouseKind
	Area            float64 // m², 0: not known
	Lon, Lat        float64
	Grid            int64
	Community, Town string // names
	CommunityCode   string // 12 digits
	Seen            bool   // the actor may see who lives there; what follows is empty otherwise
	Occupancy       Occupancy
}

const houseColumns = `h.county, h.id, h.code, coalesce(h.building, 0), h.place, h.number, h.unit, coalesce(h.floor, 0), h.room, h.address, h.kind,
	coalesce(h.area, 0), ST_X(h.geom), ST_Y(h.geom), coalesce(gb.grid, 0), c.name, t.name, left(lpad(h.ground::text, 15, '0'), 12), coalesce(o.kind, '')`

const fromHouse = ` FROM house h LEFT JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
	LEFT JOIN division c ON c.code = left(lpad(h.ground::text, 15, '0'), 12) LEFT JOIN division t ON t.code = left(lpad(h.ground::text, 15, '0'), 9)
	LEFT JOIN occupancy o ON o.county = h.county AND o.house = h.id `

// scanHouse reads a row of houseColumns.
func scanHouse(ctx context.Context) pgx.RowToFunc[*House] {
	mine := postgres.ActorOf(ctx).Scope[access.ReadRegister]
	return func(row pgx.CollectableRow) (*House, error) {
		h := new(House)
		var community, town *string
		err := row.Scan(&h.ID.County, &h.ID.Number, &h.Code, &h.Building, &h.Place, &h.Number, &h.Unit, &h.Floor, &h.Room, &h.Address, &h.Kind, &h.Area, &h.Lon, &h.Lat,
			&h.Grid, &community, &town, &h.CommunityCode, &h.Occupancy)
		if community != nil {
			h.Community = *community
		}
		if town != nil {
			h.Town = *town
		}
		h.Seen = mine.Covers(h.Grid)
		return h, err
	}
}

// buildingName is what the building of a house is called: 文苑小区1号楼, and where there is no compound with the street before its number, 解放路82号.
func buildingName(place, number, address, community string) string {
	if place != "" {
		return place + number
	}
	_, tail, found := strings.Cut(address, community)
	if !found || community == "" {
		tail = address
	}
	if i := strings.Index(tail, number); i >= 0 && number != "" {
		return tail[:i+len(number)]
	}
	return tail
}

// Household is who is together in a house.
type Household struct {
	Code    string // "" for those who are in none on record
	Members []Occupant
}

// HouseView is a house with who lives and lived there.
type HouseView struct {
	House
	Households []Household // who lives there, those in no household last
	Past       []Occupant  // who lived there, the latest first; without a name who is seen elsewhere now
}

// Look opens a house, and writes that into the trail: tx can write. Where the actor doesn't see the register there is the house and nobody in it,
// and nothing is written.
//
// Faults: NotFound when there is no such house; Unavailable when a field can't be opened.
func (b *Book) Look(ctx context.Context, tx pgx.Tx, id ID) (*HouseView, error) {
	rows, err := tx.Query(ctx, `SELECT `+houseColumns+fromHouse+`WHERE h.county = $1 AND h.id = $2`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	h, err := pgx.CollectExactlyOneRow(rows, scanHouse(ctx))
	if err == pgx.ErrNoRows {
		return nil, fault.New(fault.NotFound, fmt.Sprintf("没有房屋 %s", id), fmt.Sprintf("there is no house %s", id))
	}
	if err != nil {
		return nil, err
	}
	v := &HouseView{House: *h}
	if !h.Seen {
		return v, nil
	}
	all, err := b.occupants(ctx, tx, `x.county = $1 AND x.house = $2`, id.County, id.Number)
	if err != nil {
		return nil, err
	}
	v.arrange(all)
	return v, b.Trail.Write(ctx, tx, audit.Entry{County: int(id.County), Place: h.Grid, Action: audit.HouseLooked, Subject: "house:" + id.String()})
}

// arrange puts who lives there into their households, and who lived there into the past.
func (v *HouseView) arrange(all []Occupant) {
	byCode := map[string]int{}
	var single []Occupant
	for _, o := range all {
		switch at, there := byCode[o.Household]; {
		case o.Until != nil:
			v.Past = append(v.Past, o)
		case o.Household == "":
			single = append(single, o)
		case there:
			v.Households[at].Members = append(v.Households[at].Members, o)
		default:
			byCode[o.Household] = len(v.Households)
			v.Households = append(v.Households, Household{Code: o.Household, Members: []Occupant{o}})
		}
	}
	if len(single) > 0 {
		v.Households = append(v.Households, Household{Members: single})
	}
}
