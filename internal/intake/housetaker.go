package intake

import (
	"context"
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/address"
	"jingwei/internal/locate"
	"jingwei/internal/planar"
	"jingwei/internal/postgres"
	"jingwei/internal/register"
)

// houseTaker takes houses.
type houseTaker struct {
	in        *Intake
	county    int32
	where     where
	layout    *columnLayout
	job       *Job
	names     map[string]string // of communities, by code
	buildings map[string]int64  // by what a file may call them; 0: several are called so
	seed      maphash.Seed
	seen      map[uint64]int32 // codes → the line that they were on
}

func newHouseTaker(ctx context.Context, in *Intake, j *Job) (*houseTaker, error) {
	t := &houseTaker{in: in, county: j.ID.County, job: j, layout: newLayout(j.Kind, j.Columns, j.Mapping, nil), seed: maphash.MakeSeed(), seen: map[uint64]int32{}}
	err := postgres.Snapshot(ctx, in.DB, func(tx pgx.Tx) (err error) {
		if t.where, t.names, err = lookAround(ctx, tx, j); err != nil {
			return err
		}
		// The ground first: while it is read it takes twice the memory that it keeps, and the buildings' names needn't come on top of that.
		if _, err := in.Ground.Fresh(ctx, tx); err != nil {
			return err
		}
		t.buildings, err = buildingNames(ctx, tx, j.ID.County)
		return err
	})
	return t, err
}

// lookAround reads where an import is for, and what the county's divisions are called.
func lookAround(ctx context.Context, tx pgx.Tx, j *Job) (where, map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT code, name FROM division WHERE county = $1`, j.ID.County)
	if err != nil {
		return where{}, nil, err
	}
	names := map[string]string{}
	var code, name string
	if _, err := pgx.ForEachRow(rows, []any{&code, &name}, func() error { names[code] = name; return nil }); err != nil {
		return where{}, nil, err
	}
	w := where{division: postgres.GroundOf(j.Division)[0], name: j.Division}
	if n := names[j.Division]; n != "" {
		w.name = n
	}
	return w, names, nil
}

// buildingNames are what the county's buildings may be called: their sources, and what comes after the slash where only one is called so.
func buildingNames(ctx context.Context, tx pgx.Tx, county int32) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `SELECT source, id FROM building WHERE county = $1`, county)
	if err != nil {
		return nil, err
	}
	known := map[string]int64{}
	var source string
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&source, &id}, func() error {
		if _, short, cut := strings.Cut(source, "/"); cut {
			if _, taken := known[short]; taken {
				id = 0
			}
			known[short] = id
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	rows, err = tx.Query(ctx, `SELECT source, id FROM building WHERE county = $1`, county)
	if err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&source, &id}, func() error { known[source] = id; return nil })
	return known, err
}

func (t *houseTaker) remember(rows []Row) {
	for _, row := range rows {
		h := readHouse(t.layout, t.job.CRS, row)
		t.build(h) // as check does: a row that went back is nobody's double
		if len(h.problems) == 0 {
			t.twice(h)
		}
	}
}

// twice notes a house that was on another line.
func (t *houseTaker) twice(h *houseRow) {
	if h.house.Code == "" {
		return
	}
	key := maphash.String(t.seed, h.house.Code)
	if line, there := t.seen[key]; there {
		h.wrong("code", Twice, fmt.Sprintf("与第 %d 行是同一套房屋", line), fmt.Sprintf("it is the same house as on line %d", line))
		return
	}
	t.seen[key] = int32(h.row.Line)
}

func (t *houseTaker) check(ctx context.Context, rows []Row) (batch, error) {
	var all []*houseRow
	for _, row := range rows {
		h := readHouse(t.layout, t.job.CRS, row)
		t.build(h)
		if len(h.problems) == 0 {
			t.twice(h)
		}
		all = append(all, h)
	}
	if err := t.place(ctx, all); err != nil {
		return nil, err
	}
	return houseBatch{rowsOf(all, t.take, "数据库拒收这一行：可能与刚刚由他人登记的内容冲突", "the database refuses this row: it may contradict what somebody else entered just now")}, nil
}

// build finds the building that a row names.
func (t *houseTaker) build(h *houseRow) {
	if h.source == "" {
		return
	}
	id, there := t.buildings[h.source]
	switch {
	case !there:
		h.wrong("source", NoBuilding, "没有这个标识的楼栋", "no building has this id")
	case id == 0:
		h.wrong("source", NoBuilding, "有多栋楼用这个标识，请写全（如 buildings.geojson/17）", "several buildings have this id: write it in full, as buildings.geojson/17")
	default:
		h.house.Building = id
	}
}

// place finds where houses are that have no position of their own, and on which footprints those are that name none.
func (t *houseTaker) place(ctx context.Context, all []*houseRow) error {
	for _, h := range all {
		if len(h.problems) == 0 && !h.placed && h.house.Building == 0 {
			if err := t.byAddress(ctx, h); err != nil {
				return err
			}
		}
	}
	return postgres.Snapshot(ctx, t.in.DB, func(tx pgx.Tx) error {
		if err := t.intoBuildings(ctx, tx, all); err != nil {
			return err
		}
		return t.onFootprints(ctx, tx, all)
	})
}

// byAddress places a house where its address leads to for sure.
func (t *houseTaker) byAddress(ctx context.Context, h *houseRow) error {
	g, err := t.in.Addresses(ctx, t.county)
	if err != nil {
		return err
	}
	a := g.Match(h.house.Address, address.Options{Within: t.job.Division})
	if c := a.Best; c.Sure >= sureEnough && a.Whole && !a.Near && c.Level >= address.Building {
		h.house.At, h.placed = planar.FromDegrees(c.At.Lon, c.At.Lat), true
		h.house.Building = max(c.Building, 0)
		return nil
	}
	h.wrong("address", NoPlace, "没有坐标，也没有楼栋标识，按地址也无法确定位置", "there is neither a position nor a building's id, and the address doesn't say for sure where it is")
	return nil
}

// intoBuildings puts houses with a building and without a position into it.
func (t *houseTaker) intoBuildings(ctx context.Context, tx pgx.Tx, all []*houseRow) error {
	var ids []int64
	for _, h := range all {
		if !h.placed && h.house.Building != 0 {
			ids = append(ids, h.house.Building)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT id, ST_X(p), ST_Y(p) FROM (SELECT id, ST_PointOnSurface(geom) AS p FROM building WHERE county = $1 AND id = ANY ($2)) b`, t.county, ids)
	if err != nil {
		return err
	}
	at := map[int64]planar.Point{}
	var id int64
	var lon, lat float64
	if _, err := pgx.ForEachRow(rows, []any{&id, &lon, &lat}, func() error { at[id] = planar.FromDegrees(lon, lat); return nil }); err != nil {
		return err
	}
	for _, h := range all {
		if p, there := at[h.house.Building]; there && !h.placed {
			h.house.At, h.placed = p, true
		}
	}
	return nil
}

// onFootprints finds the footprint under houses that name no building.
func (t *houseTaker) onFootprints(ctx context.Context, tx pgx.Tx, all []*houseRow) error {
	var at []int32
	var lons, lats []float64
	for i, h := range all {
		if h.placed && h.house.Building == 0 {
			lon, lat := h.house.At.Degrees()
			at, lons, lats = append(at, int32(i)), append(lons, lon), append(lats, lat)
		}
	}
	if len(at) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT ON (g.i) g.i, b.id FROM unnest($2::int[], $3::float8[], $4::float8[]) AS g (i, lon, lat)
		JOIN building b ON b.county = $1 AND ST_Covers(b.geom, ST_SetSRID(ST_MakePoint(g.lon, g.lat), 4326)) ORDER BY g.i, b.id`, t.county, at, lons, lats)
	if err != nil {
		return err
	}
	var i int32
	var id int64
	_, err = pgx.ForEachRow(rows, []any{&i, &id}, func() error { all[i].house.Building = id; return nil })
	return err
}

// houseBatch is some houses on their way in.
type houseBatch struct{ *rowBatch[*houseRow] }

// parts are all of it: no house is in two parts, so none waits for those before.
func (b houseBatch) parts() (ahead, rest batch) { return b, nil }

// take writes houses that were checked.
func (t *houseTaker) take(ctx context.Context, tx pgx.Tx, rows []*houseRow, r *result) error {
	if err := register.Hold(ctx, tx, t.county); err != nil {
		return err
	}
	ground, err := t.in.Ground.Fresh(ctx, tx)
	if err != nil {
		return err
	}
	var houses []register.NewHouse
	var codes []string
	for _, h := range rows {
		row := *h // what was wrong the first time may not be the second
		t.stand(ctx, ground, &row)
		if len(row.problems) > 0 {
			r.reject(&row.reading)
			continue
		}
		houses, codes = append(houses, row.house), append(codes, row.house.Code)
	}
	if len(houses) == 0 {
		return nil
	}
	if houses, err = t.mine(ctx, tx, rows, houses, codes, r); err != nil || len(houses) == 0 {
		return err
	}
	taken, err := t.in.Book.TakeHouses(ctx, tx, t.county, houses)
	r.Accepted, r.Same = r.Accepted+taken.Added+taken.Changed, r.Same+taken.Same
	return err
}

// mine leaves out houses that are on record where the actor doesn't keep the register.
func (t *houseTaker) mine(ctx context.Context, tx pgx.Tx, rows []*houseRow, houses []register.NewHouse, codes []string, r *result) ([]register.NewHouse, error) {
	refs, err := t.in.Book.Refs(ctx, tx, t.county, codes)
	if err != nil || len(refs) == 0 {
		return houses, err
	}
	line := map[string]*houseRow{}
	for _, h := range rows {
		line[h.house.Code] = h
	}
	out := houses[:0]
	for _, h := range houses {
		if ref, there := refs[h.Code]; there {
			row := line[h.Code].reading
			if t.where.within(ctx, &row, "code", ref.Ground); len(row.problems) > 0 {
				r.reject(&row)
				continue
			}
		}
		out = append(out, h)
	}
	return out, nil
}

// stand finds the block that a house stands on.
func (t *houseTaker) stand(ctx context.Context, ground *locate.Live, h *houseRow) {
	county, place, found := ground.At(h.house.At)
	if !found || place.Grid == 0 || int32(county) != t.county {
		h.wrong(h.placedBy(), NoGround, "坐标所在处没有本县的网格；请核对坐标及其坐标系", "no grid of this county is at the position: check it, and its system of coordinates")
		return
	}
	h.house.Block, h.house.Community = place.Block, place.Grid/1000
	t.compare(ctx, h)
}

// compare sets what the file says of a house's ground against where it is.
func (t *houseTaker) compare(ctx context.Context, h *houseRow) {
	its := fmt.Sprintf("%012d", h.house.Community)
	if h.community != "" && h.community != its {
		there, given := t.named(its), t.named(h.community)
		h.wrong("community", OtherGround, fmt.Sprintf("坐标在%s，表中填的是%s", there, given), fmt.Sprintf("the position is in %s, the file says %s", there, given))
		return
	}
	t.where.within(ctx, &h.reading, h.placedBy(), h.house.Community*1000)
}

// placedBy is the column that says where a house is.
func (h *houseRow) placedBy() string {
	for _, field := range []string{"lon", "source"} {
		if h.text(field, 80) != "" {
			return field
		}
	}
	return "address"
}

func (t *houseTaker) named(code string) string {
	if n := t.names[code]; n != "" {
		return n
	}
	return code
}
