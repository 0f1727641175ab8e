package register

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/outbox"
	"jingwei/internal/planar"
)

// NewHouse is a house as an import brings it, found on the ground by its caller.
type NewHouse struct {
	Code      string // 房屋编号, unlike any other's of the county
	Building  int64  // 0: on no footprint
	Entrance  string // of the building, "" where none is on record
	Place     string // 小区 or 自然村, "" in an old quarter
	Number    string // 3号楼
	Unit      string // 2单元
	Floor     int    // 0: not known
	Room      string
	Address   string
	Kind      HouseKind
	Occupancy Occupancy
	Area      float64 // m², 0: not known
	At        planar.Point
	Block     int64
	Community int64 // 12 digits, of the block
}

// Taken is what became of what was brought.
type Taken struct{ Added, Changed, Same int }

// Hold keeps publications from retiring the county's blocks until the transaction ends: whoever brings houses looks for their blocks after it.
func Hold(ctx context.Context, tx pgx.Tx, county int32) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock_shared(hashtext('jingwei.house'), $1)`, county)
	return err
}

// TakeHouses writes houses, known by their codes. One that is there as it comes is left alone; one that differs is changed, and its people go with it.
//
// Faults: those of the database, for houses on ground that the actor doesn't keep the register of.
func (b *Book) TakeHouses(ctx context.Context, tx pgx.Tx, county int32, houses []NewHouse) (Taken, error) {
	c := arraysOf(houses)
	var t Taken
	err := tx.QueryRow(ctx, `
		WITH given AS (
			SELECT * FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::text[], $10::text[],
				$11::text[], $12::real[], $13::float8[], $14::float8[], $15::bigint[], $16::bigint[], $17::bytea[])
				AS g (code, building, entrance, place, number, unit, floor, room, address, kind, area, lon, lat, block, ground, digest)),
		written AS (
			INSERT INTO house AS h (county, code, building, entrance, place, number, unit, floor, room, address, kind, area, geom, block, ground, digest)
			SELECT $1, code, nullif(building, 0), entrance, place, number, unit, nullif(floor, 0), room, address, kind, nullif(area, 0),
				ST_SetSRID(ST_MakePoint(lon, lat), 4326), block, ground, digest FROM given
			ON CONFLICT (county, code) DO UPDATE SET building = excluded.building, entrance = excluded.entrance, place = excluded.place, number = excluded.number,
				unit = excluded.unit, floor = excluded.floor, room = excluded.room, address = excluded.address, kind = excluded.kind,
				area = excluded.area, geom = excluded.geom, block = excluded.block, ground = excluded.ground, digest = excluded.digest
			WHERE h.digest <> excluded.digest
			RETURNING xmax = 0 AS added)
		SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written`,
		county, c.code, c.building, c.entrance, c.place, c.number, c.unit, c.floor, c.room, c.address, c.kind, c.area, c.lon, c.lat, c.block, c.ground,
		c.digest).Scan(&t.Added, &t.Changed)
	if err != nil {
		return t, err
	}
	t.Same = len(houses) - t.Added - t.Changed
	if t.Added+t.Changed > 0 {
		if err := outbox.Write(ctx, tx, int(county), outbox.HousesChanged, t); err != nil {
			return t, err
		}
	}
	return t, occupy(ctx, tx, county, houses)
}

// occupy writes what homes are used as.
func occupy(ctx context.Context, tx pgx.Tx, county int32, houses []NewHouse) error {
	var codes, kinds []string
	for _, h := range houses {
		if h.Occupancy != "" {
			codes, kinds = append(codes, h.Code), append(kinds, string(h.Occupancy))
		}
	}
	if len(codes) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO occupancy AS o (county, house, ground, kind)
		SELECT $1, h.id, h.ground, g.kind FROM unnest($2::text[], $3::text[]) AS g (code, kind) JOIN house h ON h.county = $1 AND h.code = g.code
		ON CONFLICT (county, house) DO UPDATE SET kind = excluded.kind, ground = excluded.ground WHERE (o.kind, o.ground) <> (excluded.kind, excluded.ground)`,
		county, codes, kinds)
	return err
}

// houseArrays are houses as one array a column.
type houseArrays struct {
	code, entrance, place, number, unit, room, address, kind []string
	building, block, ground                                  []int64
	floor                                                    []int16
	area                                                     []float32
	lon, lat                                                 []float64
	digest                                                   [][]byte
}

func arraysOf(houses []NewHouse) (c houseArrays) {
	for _, h := range houses {
		lon, lat := h.At.Degrees()
		c.code, c.entrance, c.place, c.number = append(c.code, h.Code), append(c.entrance, h.Entrance), append(c.place, h.Place), append(c.number, h.Number)
		c.unit, c.room, c.address = append(c.unit, h.Unit), append(c.room, h.Room), append(c.address, h.Address)
		c.kind, c.floor, c.area = append(c.kind, string(h.Kind)), append(c.floor, int16(h.Floor)), append(c.area, float32(h.Area))
		c.building, c.block, c.ground = append(c.building, h.Building), append(c.block, h.Block), append(c.ground, h.Community*1000)
		c.lon, c.lat = append(c.lon, lon), append(c.lat, lat)
		sum := sha256.Sum256(fmt.Appendf(nil, "%#v", h))
		c.digest = append(c.digest, sum[:12])
	}
	return c
}

// Refs are houses by their codes, of those that are there.
func (b *Book) Refs(ctx context.Context, tx pgx.Tx, county int32, codes []string) (map[string]HouseRef, error) {
	rows, err := tx.Query(ctx, `SELECT code, id, ground FROM house WHERE county = $1 AND code = ANY ($2)`, county, codes)
	if err != nil {
		return nil, err
	}
	out := make(map[string]HouseRef, len(codes))
	var code string
	var ref HouseRef
	_, err = pgx.ForEachRow(rows, []any{&code, &ref.Number, &ref.Ground}, func() error { out[code] = ref; return nil })
	return out, err
}
