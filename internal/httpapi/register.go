package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"jingwei/internal/layout"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// House is a dwelling or a shop, without anybody in it.
type House struct {
	ID        string       `json:"id" example:"370883-12"`
	Code      string       `json:"code" doc:"房屋编号"`
	Building  string       `json:"building" doc:"Empty when it stands on no footprint" example:"370883-7"`
	Address   string       `json:"address"`
	Place     string       `json:"place" doc:"小区 or natural village"`
	Number    string       `json:"number" doc:"楼栋" example:"3号楼"`
	Unit      string       `json:"unit" doc:"单元; empty where none is on record" example:"2单元"`
	Floor     int          `json:"floor" doc:"0: not known"`
	Room      string       `json:"room" example:"501"`
	Kind      string       `json:"kind" enum:"home,shop,office,other"`
	Area      float64      `json:"area" doc:"m², 0: not known"`
	Lon       float64      `json:"lon"`
	Lat       float64      `json:"lat"`
	Grid      string       `json:"grid" doc:"Empty outside of all grids"`
	Community DivisionName `json:"community"`
	Town      string       `json:"town"`
	Seen      bool         `json:"seen" doc:"Whether you may see who lives there"`
	Occupancy string       `json:"occupancy,omitempty" enum:"owner,rented,vacant" doc:"What it is used as, for who may see the register"`
}

// Occupant is somebody in a house, numbers masked.
type Occupant struct {
	Resident   string   `json:"resident" doc:"Empty for somebody who is seen elsewhere now"`
	Name       string   `json:"name" doc:"Empty likewise"`
	Card       string   `json:"card" doc:"ID number, masked; empty when none is on record"`
	Phone      string   `json:"phone" doc:"Masked; empty when none is on record"`
	Sex        string   `json:"sex" enum:"male,female,unknown"`
	Born       string   `json:"born,omitempty" format:"date"`
	Died       string   `json:"died,omitempty" format:"date"`
	Nation     string   `json:"nation"`
	Education  string   `json:"education"`
	Relation   string   `json:"relation" doc:"To the head of the household"`
	Stay       string   `json:"stay" enum:"registered,separated,floating"`
	Registered string   `json:"registered" doc:"Where they are registered, when it isn't this house"`
	Since      string   `json:"since,omitempty" format:"date"`
	Until      string   `json:"until,omitempty" format:"date" doc:"The first day on which they don't live there any more"`
	Care       []string `json:"care" doc:"Why they are looked after"`
	House      string   `json:"house"`
}

// Household is who is together in a house.
type Household struct {
	Code    string     `json:"code" doc:"户号; empty for those who are in none on record"`
	Members []Occupant `json:"members"`
}

// HousePeople is a house with who lives and lived there.
type HousePeople struct {
	House
	Households []Household `json:"households"`
	Past       []Occupant  `json:"past" doc:"Who lived there, the latest first"`
}

// StackRoom is a house of a building, and who lives there in brief.
type StackRoom struct {
	House
	Names     []string `json:"names" doc:"Masked"`
	Residents int      `json:"residents"`
	Floating  int      `json:"floating" doc:"Of them registered outside of the county"`
	Care      []string `json:"care"`
}

// Stack is a building as storeys and entrances (楼盘表).
type Stack struct {
	Building string      `json:"building"`
	Name     string      `json:"name"`
	Units    []string    `json:"units" doc:"Entrances from left to right, empty for houses without one"`
	Floors   []int       `json:"floors" doc:"From the top down, 0 for houses whose storey isn't known"`
	Rooms    []StackRoom `json:"rooms"`
	Seen     bool        `json:"seen" doc:"Whether you may see who lives in all of it"`
}

// BuildingFound is a building that a piece of an address is about.
type BuildingFound struct {
	ID        string  `json:"id" example:"370883-7"`
	Name      string  `json:"name" example:"文苑悦府6号楼"`
	Community string  `json:"community"`
	Houses    int     `json:"houses" doc:"How many of its houses have the piece in their address: two at least"`
	Lon       float64 `json:"lon"`
	Lat       float64 `json:"lat"`
	Seen      bool    `json:"seen" doc:"Whether you may see who lives in some of it"`
}

// HousesFound are houses found by a piece of their address.
type HousesFound struct {
	Houses        []House         `json:"houses"`
	More          bool            `json:"more" doc:"There are more houses than these"`
	Buildings     []BuildingFound `json:"buildings" doc:"Those of several such houses"`
	MoreBuildings bool            `json:"more_buildings" doc:"There are more buildings than these"`
}

// ResidentFound is somebody who was looked for, with the house they live in, or lived in last.
type ResidentFound struct {
	Occupant
	Home House `json:"home"`
}

// ResidentsFound are people who were looked for.
type ResidentsFound struct {
	Residents []ResidentFound `json:"residents"`
}

// ResidentHomes is a person: a house that they live or lived in each, where they live first, then the latest.
type ResidentHomes struct {
	Homes []ResidentFound `json:"homes" doc:"Those on ground where you may see who lives there; one at least"`
}

// ResidentNumbers are somebody's numbers in clear.
type ResidentNumbers struct {
	Name  string `json:"name"`
	Card  string `json:"card"`
	Phone string `json:"phone"`
}

// HouseInput says which house. It is exported because huma passes by what it embeds otherwise.
type HouseInput struct {
	ID string `path:"id" maxLength:"40" example:"370883-12"`
}

type housesInput struct {
	County   int32  `query:"county" minimum:"100000" maximum:"999999" required:"true"`
	Fragment string `query:"fragment" required:"true" maxLength:"100" doc:"A piece of an address, two characters at least"`
}

type findResidentsInput struct {
	Body struct {
		County    int32  `json:"county" minimum:"100000" maximum:"999999"`
		Card      string `json:"card,omitempty" maxLength:"40" doc:"A whole ID number"`
		Phone     string `json:"phone,omitempty" maxLength:"40" doc:"A whole telephone number"`
		Name      string `json:"name,omitempty" maxLength:"60" doc:"A whole name, with one of the following"`
		House     string `json:"house,omitempty" maxLength:"40"`
		Community string `json:"community,omitempty" maxLength:"12" doc:"Code of a town or a community"`
		Born      string `json:"born,omitempty" maxLength:"10" format:"date"`
	}
}

type numbersInput struct {
	HouseInput
	Body struct {
		Reason string `json:"reason" doc:"Why, in four characters or more; it is kept in the audit trail"`
	}
}

func (s *Server) registerRoutes() {
	s.book = &register.Book{Vault: s.Vault, Trail: s.Trail, Addresses: s.Addresses}
	op := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"register"}, Summary: summary, Description: description, DefaultStatus: http.StatusOK}
	}
	kept := "It is kept in the audit trail."
	personal(s, op("findHouses", http.MethodGet, "/api/houses", "Houses by a piece of their address", ""), s.findHouses)
	personal(s, op("getHouse", http.MethodGet, "/api/houses/{id}", "A house with who lives and lived there", kept), s.getHouse)
	personal(s, op("getStack", http.MethodGet, "/api/buildings/{id}/houses", "A building as storeys and rooms, with who lives there in brief", kept), s.getStack)
	personal(s, op("findResidents", http.MethodPost, "/api/residents/search", "People by ID number, telephone number, or name and something else",
		"That somebody looked is kept in the audit trail, what for isn't."), s.findResidents)
	personal(s, op("getResident", http.MethodGet, "/api/residents/{id}", "Somebody, with the houses they live and lived in", kept), s.getResident)
	personal(s, op("showResidentNumbers", http.MethodPost, "/api/residents/{id}/numbers", "Somebody's numbers in clear", "It is kept in the audit trail with its reason."), s.showResidentNumbers)
}

func (s *Server) findHouses(ctx context.Context, in *housesInput) (out HousesFound, err error) {
	ctx = postgres.ByKey(ctx)
	err = s.read(ctx, func(tx pgx.Tx) error {
		houses, more, err := s.book.Fragment(ctx, tx, in.County, in.Fragment)
		out = HousesFound{Houses: make([]House, len(houses)), More: more}
		for i, h := range houses {
			out.Houses[i] = houseOf(h)
		}
		if err != nil {
			return err
		}
		buildings, more, err := s.book.Buildings(ctx, tx, in.County, in.Fragment)
		out.Buildings, out.MoreBuildings = make([]BuildingFound, len(buildings)), more
		for i, b := range buildings {
			out.Buildings[i] = BuildingFound{b.ID.String(), b.Name, b.Community, b.Houses, b.Lon, b.Lat, b.Seen}
		}
		return err
	})
	return out, err
}

// noted does something of the register that leaves a trace. What isn't in the trail isn't shown: without a commit it gives nothing.
func noted[T any](ctx context.Context, s *Server, do func(tx pgx.Tx) (T, error)) (out T, err error) {
	err = s.write(ctx, func(tx pgx.Tx) error {
		out, err = do(tx)
		return err
	})
	if err != nil {
		var nothing T
		return nothing, err
	}
	return out, nil
}

// notedOf is noted, of what has a number in the register.
func notedOf[T any](ctx context.Context, s *Server, name string, do func(tx pgx.Tx, id register.ID) (T, error)) (out T, err error) {
	id, err := register.ParseID(name)
	if err != nil {
		return out, err
	}
	return noted(ctx, s, func(tx pgx.Tx) (T, error) { return do(tx, id) })
}

func (s *Server) getHouse(ctx context.Context, in *HouseInput) (HousePeople, error) {
	return notedOf(postgres.ByKey(ctx), s, in.ID, func(tx pgx.Tx, id register.ID) (out HousePeople, err error) {
		v, err := s.book.Look(ctx, tx, id)
		if err != nil {
			return out, err
		}
		out = HousePeople{House: houseOf(&v.House), Households: make([]Household, len(v.Households)), Past: occupantsOf(v.Past)}
		for i, h := range v.Households {
			out.Households[i] = Household{h.Code, occupantsOf(h.Members)}
		}
		return out, nil
	})
}

func (s *Server) getStack(ctx context.Context, in *HouseInput) (Stack, error) {
	return notedOf(ctx, s, in.ID, func(tx pgx.Tx, id register.ID) (out Stack, err error) {
		stack, err := s.book.Stack(ctx, tx, id.County, id.Number)
		if err != nil {
			return out, err
		}
		out = Stack{Building: in.ID, Name: stack.Name, Units: stack.Units, Floors: stack.Floors, Seen: stack.Seen, Rooms: make([]StackRoom, len(stack.Rooms))}
		for i, r := range stack.Rooms {
			out.Rooms[i] = StackRoom{houseOf(&r.House), listed(r.Names), r.Residents, r.Floating, listed(r.Care)}
		}
		return out, nil
	})
}

func (s *Server) findResidents(ctx context.Context, in *findResidentsInput) (out ResidentsFound, err error) {
	b := &in.Body
	sought := register.Sought{County: b.County, Card: b.Card, Phone: b.Phone, Name: b.Name, Community: b.Community}
	if b.House != "" {
		if sought.House, err = register.ParseID(b.House); err != nil {
			return out, err
		}
	}
	if sought.Born, err = dated("born", b.Born); err != nil {
		return out, err
	}
	if sought.Card != "" || sought.Phone != "" {
		ctx = postgres.ByKey(ctx)
	}
	return noted(ctx, s, func(tx pgx.Tx) (ResidentsFound, error) {
		found, err := s.book.Find(ctx, tx, sought)
		return ResidentsFound{foundOf(found)}, err
	})
}

func (s *Server) getResident(ctx context.Context, in *HouseInput) (ResidentHomes, error) {
	return notedOf(postgres.ByKey(ctx), s, in.ID, func(tx pgx.Tx, id register.ID) (ResidentHomes, error) {
		found, err := s.book.Meet(ctx, tx, id)
		return ResidentHomes{foundOf(found)}, err
	})
}

func (s *Server) showResidentNumbers(ctx context.Context, in *numbersInput) (ResidentNumbers, error) {
	return notedOf(ctx, s, in.ID, func(tx pgx.Tx, id register.ID) (ResidentNumbers, error) {
		c, err := s.book.Unmask(ctx, tx, id, in.Body.Reason)
		return ResidentNumbers{c.Name, c.Card, c.Phone}, err
	})
}

func houseOf(h *register.House) House {
	out := House{ID: h.ID.String(), Code: h.Code, Address: h.Address, Place: h.Place, Number: h.Number, Unit: h.Unit, Floor: h.Floor, Room: h.Room, Kind: string(h.Kind), Area: h.Area,
		Lon: h.Lon, Lat: h.Lat, Community: DivisionName{h.CommunityCode, h.Community}, Town: h.Town, Seen: h.Seen, Occupancy: string(h.Occupancy)}
	if h.Building != 0 {
		out.Building = register.ID{County: h.ID.County, Number: h.Building}.String()
	}
	if h.Grid != 0 {
		out.Grid = layout.Code(h.Grid).String()
	}
	return out
}

func occupantOf(o *register.Occupant) Occupant {
	return Occupant{Resident: o.Resident.String(), Name: o.Name, Card: o.Card, Phone: o.Phone, Sex: string(o.Sex), Born: dayOf(o.Born), Died: dayOf(o.Died), Nation: o.Nation,
		Education: o.Education, Relation: o.Relation, Stay: string(o.Stay), Registered: o.Registered, Since: dayOf(o.Since), Until: dayOf(o.Until), Care: listed(o.Care), House: o.House.String()}
}

func foundOf(all []register.Found) []ResidentFound {
	out := make([]ResidentFound, len(all))
	for i := range all {
		out[i] = ResidentFound{occupantOf(&all[i].Occupant), houseOf(&all[i].Home)}
	}
	return out
}

func occupantsOf(all []register.Occupant) []Occupant {
	out := make([]Occupant, len(all))
	for i := range all {
		out[i] = occupantOf(&all[i])
	}
	return out
}

// listed is a list that is never null in JSON.
func listed(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}
