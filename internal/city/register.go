package city

import (
	"context"
	"time"

	"jingwei/internal/creditcode"
	"jingwei/internal/idcard"
	"jingwei/internal/planar"
)

// AsOf is the day that the register of an invented place is of. It stands still, so that a seed gives the same people on any day.
var AsOf = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// What a house is used for (用途).
const (
	OwnHome = "自住"
	LetHome = "出租"
	Vacant  = "空置"
	Trade   = "商用"
)

// How somebody lives in a house (居住类型): registered there, registered elsewhere in the county, or outside of it.
const (
	Registered = "户籍在册"
	Separated  = "人户分离"
	Floating   = "流动人口"
)

// House is a flat, a courtyard or a shop.
type House struct {
	Number    string // unlike any other's
	Community string // 12 digits
	Place     string // 小区 or 自然村, "" in an old quarter
	Building  string // 3号楼, 12号
	Unit      string // 2单元, "" where there is no staircase on record
	Floor     int
	Room      string  // 1502, "" for a whole courtyard
	Address   string  // unlike any other's
	Source    string  // the building's id in buildings.geojson
	Entrance  string  // the entrance's id in entrances.geojson, or ""
	Use       string  // OwnHome …
	Area      float64 // m², of floor, to a tenth
	At        planar.Point
}

// Resident is somebody's residency in a house, and who they are. One person has two of them when they lived in two houses.
type Resident struct {
	Name       string
	Sex        idcard.Sex
	Nation     string
	Born       time.Time
	ID         idcard.Number // under idcard.Invented
	Phone      string        // nobody's (PhoneSeries), or ""
	House      string
	Household  string // the same for all who live, or are registered, together; one of them is 户主
	Relation   string // to 户主
	Stay       string // Registered …
	Registered string // 户籍地址
	Since      time.Time
	Until      time.Time // zero for who lives there; they are as many as the building has residents
	Education  string    // or ""
	Labels     []string
}

// Lives tells whether the residency goes on.
func (r *Resident) Lives() bool { return r.Until.IsZero() }

// Organisation is a shop, works, school or office.
type Organisation struct {
	Name           string          // ends in InventedName
	Code           creditcode.Code // under idcard.Invented
	Kind, Address  string
	House          string // or "" where it has the building
	Source         string // the building's id
	Contact, Phone string
	Employees      int
	At             planar.Point // in the middle of the building
}

// Vehicle is a household's car. No authority gives plates of its series.
type Vehicle struct {
	Plate, Kind, Colour string
	Owner               string // name of a member of the household
	Household, House    string
}

// Takers are handed the register of a place, building by building in the order of the building file: a house with its residents, then
// its organisation or the vehicles of its households. What they are handed is made anew when they return. Nil ones take nothing; an
// error of one stops the making of the place.
type Takers struct {
	House        func(House, []Resident) error
	Organisation func(Organisation) error
	Vehicle      func(Vehicle) error
}

// People invents the place that o describes, as Generate does, writes nothing, and hands over its houses with their residents. The
// slice is used again when f returns. A seed gives the same people as in the files that Generate writes for it.
func People(ctx context.Context, o Options, f func(House, []Resident) error) error {
	return Register(ctx, o, Takers{House: f})
}

// Register is People with everything that a register has.
func Register(ctx context.Context, o Options, t Takers) error {
	o.Dir, o.Takers, o.PeopleFiles = "", t, false
	o.nothing = true
	_, err := Generate(ctx, o)
	return err
}

func (t Takers) none() bool { return t.House == nil && t.Organisation == nil && t.Vehicle == nil }
