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
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
	r := reachOf(ctx, county)
	// Those that are shown are chosen first: only their places are looked up.
	found, err = b.read(ctx, tx, `o.county = $1 AND o.id = ANY (ARRAY (`+inReach+`)) ORDER BY length(o.name), o.name COLLATE "C", o.id`,
		county, r.communities.low, r.communities.high, r.grids.low, r.grids.high, like, MostFound+1)
	if more = len(found) > MostFound; more {
		found = found[:MostFound]
	}
	return found, more, err
}

// inReach chooses organisations by a piece of their name. The policy is asked of each row that a table gives before the name is looked at, so no more rows than
// the actor may see are taken from it: those of whole communities by their number; for a grid alone those on its blocks, and in the houses on its blocks, as
// lists of keys, since only the first could be told to be few by who plans a join.
const inReach = `SELECT x.id FROM (
	SELECT o.id, o.name FROM unnest($2::bigint[], $3::bigint[]) AS c (low, high) JOIN organisation o ON o.county = $1 AND o.ground BETWEEN c.low AND c.high WHERE o.name LIKE $6
	UNION SELECT o.id, o.name FROM organisation o WHERE o.county = $1 AND o.name LIKE $6 AND o.block = ANY (ARRAY (
		SELECT gb.block FROM unnest($4::bigint[], $5::bigint[]) AS g (low, high) JOIN grid_block gb ON gb.county = $1 AND gb.grid BETWEEN g.low AND g.high))
	UNION SELECT o.id, o.name FROM organisation o WHERE o.county = $1 AND o.name LIKE $6 AND o.house = ANY (ARRAY (
		SELECT h.id FROM house h WHERE h.county = $1 AND h.block = ANY (ARRAY (
			SELECT gb.block FROM unnest($4::bigint[], $5::bigint[]) AS g (low, high) JOIN grid_block gb ON gb.county = $1 AND gb.grid BETWEEN g.low AND g.high))))
) x ORDER BY length(x.name), x.name COLLATE "C", x.id LIMIT $7`

// ranges are pairs of a low and a high number, both included.
type ranges struct{ low, high []int64 }

func (r *ranges) add(low, high int64) { r.low, r.high = append(r.low, low), append(r.high, high) }

// reach is where in a county the actor may see the register.
type reach struct {
	communities ranges // of their numbers followed by 000: all of the community is seen
	grids       ranges // of communities of which only these are
}

// reachOf parts what the actor may see as the policies do: whoever has the number that ends in 000 has the community.
func reachOf(ctx context.Context, county int32) reach {
	r := reach{communities: ranges{[]int64{}, []int64{}}, grids: ranges{[]int64{}, []int64{}}}
	first := int64(county) * 1e9
	for _, seen := range postgres.ActorOf(ctx).Scope[access.ReadRegister] {
		low, high := max(seen.Low, first), min(seen.High, first+1e9-1)
		if low > high {
			continue
		}
		whole := (low + 999) / 1000 * 1000 // the first community that is in it from its beginning
		if whole <= high {
			r.communities.add(whole, high)
		}
		if low < whole {
			r.grids.add(low, min(high, whole-1))
		}
	}
	return r
}
