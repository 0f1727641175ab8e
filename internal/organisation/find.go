package organisation

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/creditcode"
	"jingwei/internal/fault"
	"jingwei/internal/mask"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// MostFound is how many organisations a search gives.
const MostFound = 50

// from joins an organisation to its place: its house, or its own.
const from = ` FROM organisation o LEFT JOIN house h ON h.county = o.county AND h.id = o.house
	LEFT JOIN grid_block gb ON gb.county = o.county AND gb.block = coalesce(o.block, h.block)
	LEFT JOIN division c ON c.code = left(lpad(o.ground::text, 15, '0'), 12) `

const shown = `o.county, o.id, coalesce(o.code, ''), o.name, o.kind, o.address, coalesce(o.staff, -1), o.contact, o.phone, coalesce(o.house, 0), coalesce(o.building, h.building, 0),
	ST_X(coalesce(o.geom, h.geom)), ST_Y(coalesce(o.geom, h.geom)), coalesce(gb.grid, 0), coalesce(c.name, '')`

func (b *Book) read(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]Organisation, error) {
	rows, err := tx.Query(ctx, `SELECT `+shown+from+`WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Organisation, err error) {
		var contact, phone []byte
		err = row.Scan(&o.ID.County, &o.ID.Number, &o.Code, &o.Name, &o.Kind, &o.Address, &o.Staff, &contact, &phone, &o.House.Number, &o.Building, &o.Lon, &o.Lat, &o.Grid, &o.Community)
		if err != nil {
			return o, err
		}
		if o.House.Number != 0 {
			o.House.County = o.ID.County
		}
		if o.Contact, err = b.open(contactPurpose, o.ID.County, o.ID.Number, contact); err != nil {
			return o, err
		}
		o.Phone, err = b.open(phonePurpose, o.ID.County, o.ID.Number, phone)
		o.Contact, o.Phone = mask.Name(o.Contact), mask.Phone(o.Phone)
		return o, err
	})
}

// InHouse are the organisations in a house.
func (b *Book) InHouse(ctx context.Context, tx pgx.Tx, house register.ID) ([]Organisation, error) {
	return b.read(ctx, tx, `o.county = $1 AND o.house = $2 ORDER BY o.name, o.id`, house.County, house.Number)
}

// InBuilding are those in the houses of a building, and those that have all of it.
func (b *Book) InBuilding(ctx context.Context, tx pgx.Tx, county int32, building int64) ([]Organisation, error) {
	return b.read(ctx, tx, `o.county = $1 AND (o.building = $2 OR o.house = ANY (ARRAY (SELECT x.id FROM house x WHERE x.county = $1 AND x.building = $2)))
		ORDER BY h.floor NULLS FIRST, h.room, o.name, o.id`, county, building)
}

// Search are organisations by a piece of their name, of two characters at least, or by their whole credit code; more tells that there are others.
//
// Faults: Invalid when too little is given, or a code that can't be one.
func (b *Book) Search(ctx context.Context, tx pgx.Tx, county int32, text string) (found []Organisation, more bool, err error) {
	text = strings.Join(strings.Fields(text), "")
	if len(text) == 18 && strings.Trim(strings.ToUpper(text), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		code, err := creditcode.Parse(text)
		if err != nil {
			return nil, false, err
		}
		found, err = b.read(ctx, tx, `o.county = $1 AND o.key = $2`, county, string(code))
		return found, false, err
	}
	if len([]rune(text)) < 2 {
		return nil, false, fault.New(fault.Invalid, "请至少输入两个字", "give two characters at least").At("text")
	}
	low, high, some := reach(ctx, county)
	if !some {
		return []Organisation{}, false, nil
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	// Those that are shown are chosen first: only their places are looked up.
	found, err = b.read(ctx, tx, `o.county = $1 AND o.id = ANY (ARRAY (SELECT x.id FROM organisation x WHERE x.county = $1 AND x.ground BETWEEN $2 AND $3 AND x.name LIKE $4
		ORDER BY length(x.name), x.name COLLATE "C", x.id LIMIT $5)) ORDER BY length(o.name), o.name COLLATE "C", o.id`, county, low, high, like, MostFound+1)
	if more = len(found) > MostFound; more {
		found = found[:MostFound]
	}
	return found, more, err
}

// reach is the narrowest range of communities in which the actor may see the register: the policy would look at each organisation of the county.
func reach(ctx context.Context, county int32) (low, high int64, some bool) {
	first := int64(county) * 1e9
	low, high = first+1e9, first-1
	for _, r := range postgres.ActorOf(ctx).Scope[access.ReadRegister] {
		if l, h := max(r.Low, first), min(r.High, first+1e9-1); l <= h {
			low, high, some = min(low, l/1000*1000), max(high, h), true
		}
	}
	return low, high, some
}
