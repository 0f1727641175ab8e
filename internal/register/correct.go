package register

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/access"
	"jingwei/internal/fault"
	"jingwei/internal/outbox"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/typed"
)

// Correction is what the address of a house is to be, whole: what isn't to change is said again.
type Correction struct {
	House   ID
	Place   string // 小区 or 自然村, "" in an old quarter
	Number  string // 3号楼
	Unit    string // 2单元
	Floor   int    // 0: not known
	Room    string
	Address string
	At      *planar.Point // nil: it stands where it stood
}

// standingHouse is what a correction is set against.
type standingHouse struct {
	Correction
	at       planar.Point
	building int64 // 0: on no footprint
	entrance string
}

// Correct puts an address right, and where the house stands within its community. Its people stay in it.
//
// Faults: Invalid for a text or a place that can't be, and when nothing differs; Conflict for another house's address; NotFound and Forbidden for a house
// that isn't there, or where the actor doesn't keep the register: both where it stood and where it is to stand.
func (b *Book) Correct(ctx context.Context, tx pgx.Tx, c Correction) (ID, error) {
	house, err := b.keeps(ctx, tx, c.House)
	if err != nil {
		return ID{}, err
	}
	if err := c.check(); err != nil {
		return ID{}, err
	}
	if err := Hold(ctx, tx, c.House.County); err != nil {
		return ID{}, err
	}
	a := &acting{book: b, tx: tx, county: c.House.County}
	was, err := a.standing(ctx, house)
	if err != nil {
		return ID{}, err
	}
	is := was.differing(&c)
	if _, floor := is["floor"]; len(is) > 1 || len(is) == 1 && !floor {
		if err := c.says(); err != nil {
			return ID{}, err
		}
	}
	if c.At != nil && *c.At != was.at {
		if err := a.move(ctx, &was, *c.At, is); err != nil {
			return ID{}, err
		}
	}
	if len(is) == 0 {
		return ID{}, fault.New(fault.Invalid, "与登记的一样，没有可更正的", "it is on record like this: there is nothing to correct")
	}
	if err := a.set(ctx, "house", house.Number, is); err != nil {
		return ID{}, err
	}
	if err := a.follow(ctx, house, a.changes); err != nil {
		return ID{}, err
	}
	return a.write(ctx, Corrected, 0, house)
}

// check brings what was typed into one form.
func (c *Correction) check() (err error) {
	for _, f := range []struct {
		what, zh    string
		text        *string
		least, most int
	}{
		{"place", "小区或自然村", &c.Place, 0, 40}, {"number", "楼栋或门牌号", &c.Number, 0, 20}, {"unit", "单元", &c.Unit, 0, 20}, {"room", "房号", &c.Room, 0, 20},
		{"address", "标准地址", &c.Address, 1, 120},
	} {
		*f.text = strings.Join(strings.Fields(*f.text), "")
		if *f.text, err = typed.Text(f.what, f.zh, *f.text, f.least, f.most); err != nil {
			return err
		}
	}
	if c.Floor < -5 || c.Floor > 150 {
		return fault.New(fault.Invalid, "楼层应为 -5 至 150 的整数", "a floor is a whole number from -5 to 150").At("floor")
	}
	return nil
}

// says refuses an address that doesn't say what its parts say, in their order: the house couldn't be found by them. Behind a street the number may be the
// first of several: 2-1号 on the plot 2号.
func (c *Correction) says() error {
	rest := c.Address
	for _, part := range []string{c.Place, strings.TrimSuffix(c.Number, "号"), c.Unit, c.Room} {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return fault.New(fault.Invalid, fmt.Sprintf("标准地址里没有“%s”，或者次序不对：应依次写明小区、楼栋、单元、房号", part),
				fmt.Sprintf("the address doesn't say %q, or not in its place: compound, building, entrance and room follow one another", part)).At("address")
		}
		rest = after
	}
	return nil
}

// standing reads what a house's address is now, and holds it.
func (a *acting) standing(ctx context.Context, house HouseRef) (s standingHouse, err error) {
	var lon, lat float64
	err = a.tx.QueryRow(ctx, `SELECT place, number, unit, coalesce(floor, 0), room, address, ST_X(geom), ST_Y(geom), coalesce(building, 0), entrance FROM house WHERE county = $1 AND id = $2 FOR UPDATE`, a.county, house.Number).
		Scan(&s.Place, &s.Number, &s.Unit, &s.Floor, &s.Room, &s.Address, &lon, &lat, &s.building, &s.entrance)
	s.at = planar.FromDegrees(lon, lat)
	if err == pgx.ErrNoRows { // nobody but who may change it can hold it
		err = mayNot()
	}
	return s, err
}

// differing are the columns that a correction changes.
func (s *standingHouse) differing(c *Correction) map[string]any {
	is := map[string]any{}
	for column, pair := range map[string][2]string{"place": {s.Place, c.Place}, "number": {s.Number, c.Number}, "unit": {s.Unit, c.Unit}, "room": {s.Room, c.Room}, "address": {s.Address, c.Address}} {
		if pair[0] != pair[1] {
			is[column] = pair[1]
		}
	}
	if s.Floor != c.Floor {
		is["floor"] = nil
		if c.Floor != 0 {
			is["floor"] = int64(c.Floor)
		}
	}
	return is
}

// move adds that a house stands elsewhere: its position, and the footprint that is under it.
func (a *acting) move(ctx context.Context, was *standingHouse, at planar.Point, is map[string]any) error {
	lon, lat := at.Degrees()
	var geom string
	var building int64
	err := a.tx.QueryRow(ctx, `
		WITH p AS (SELECT ST_SetSRID(ST_MakePoint($2, $3), 4326) AS geom)
		SELECT p.geom::text, coalesce((SELECT b.id FROM building b WHERE b.county = $1 AND ST_Covers(b.geom, p.geom) ORDER BY b.id LIMIT 1), 0) FROM p`, a.county, lon, lat).Scan(&geom, &building)
	if err != nil {
		return err
	}
	is["geom"] = geom
	if building == was.building {
		return nil
	}
	is["building"] = nil
	if building != 0 {
		is["building"] = building
	}
	if was.entrance != "" { // of the building that it was in
		is["entrance"] = ""
	}
	return nil
}

// alone refuses an address that another house has. Who gives a house the same one meanwhile waits, and is refused.
func (a *acting) alone(ctx context.Context, house HouseRef, address string) error {
	if _, err := a.tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('jingwei.address'), hashtext($1 || ' ' || $2))`, fmt.Sprint(a.county), address); err != nil {
		return err
	}
	var code string
	err := a.tx.QueryRow(ctx, `SELECT code FROM house WHERE county = $1 AND address = $2 AND id <> $3 ORDER BY id LIMIT 1`, a.county, address, house.Number).Scan(&code)
	if err == pgx.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, fmt.Sprintf("房屋 %s 登记的就是这个地址；如果它写错了，请先更正它", code), fmt.Sprintf("house %s is on record under this address: if that is wrong, correct it first", code)).At("address")
}

// follow is what becomes true when rows of houses were written, or undone: no other house has the address, the block is that under the position, and whoever knows addresses hears of it.
func (a *acting) follow(ctx context.Context, house HouseRef, written []change) error {
	wrote, moved := false, false
	for _, c := range written {
		if c.Table == "house" {
			_, position := c.Is["geom"]
			wrote, moved = true, moved || position
			text, err := asText(c.Is["address"])
			if err == nil && text != nil {
				err = a.alone(ctx, house, *text)
			}
			if err != nil {
				return err
			}
		}
	}
	if !wrote {
		return nil
	}
	if moved {
		if err := a.stand(ctx, house); err != nil {
			return err
		}
	}
	return outbox.Write(ctx, a.tx, int(a.county), outbox.HousesChanged, Taken{Changed: 1})
}

// stand puts a house on the block under its position: one of its own community, where the actor keeps the register.
func (a *acting) stand(ctx context.Context, house HouseRef) error {
	var block, community int64
	var grid *int64
	var name string
	// Of several blocks that share a border with the point the lowest, as retie_houses has it.
	err := a.tx.QueryRow(ctx, `
		SELECT b.id, b.community, gb.grid, coalesce(d.name, b.community::text) FROM house h
		JOIN block b ON b.county = h.county AND b.retired IS NULL AND ST_Covers(b.geom, h.geom) LEFT JOIN grid_block gb ON gb.county = b.county AND gb.block = b.id
		LEFT JOIN division d ON d.code = lpad(b.community::text, 12, '0')
		WHERE h.county = $1 AND h.id = $2 ORDER BY b.id LIMIT 1`, a.county, house.Number).Scan(&block, &community, &grid, &name)
	switch {
	case err == pgx.ErrNoRows:
		return fault.New(fault.Invalid, "这个位置没有本县的网格；请在本社区内选一个位置", "no grid of this county is at this position: choose one within the community").At("at")
	case err != nil:
		return err
	case community*1000 != house.Ground:
		return fault.New(fault.Invalid, fmt.Sprintf("这个位置在%s；房屋只能在本社区（村）内移动", name), fmt.Sprintf("this position is in %s: a house is moved within its own community alone", name)).At("at")
	case grid == nil || !postgres.ActorOf(ctx).Scope[access.KeepRegister].Covers(*grid):
		return fault.New(fault.Forbidden, "这个位置不在您可以登记的范围内", "you don't keep the register at this position").At("at")
	}
	tag, err := a.tx.Exec(ctx, `UPDATE house SET block = $3 WHERE county = $1 AND id = $2`, a.county, house.Number, block)
	if err == nil && tag.RowsAffected() == 0 {
		err = mayNot()
	}
	return err
}
