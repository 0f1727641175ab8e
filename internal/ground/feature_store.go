package ground

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// LoadFeatures reads the features of a county that touch the ground of the polygons (a division's, or several
// neighbours'), each kind in the order of its sources. The digest says what was loaded: the same digest means
// the same features, so blocks needn't be made again. Without polygons it reads the whole county.
func LoadFeatures(ctx context.Context, tx pgx.Tx, county int, within []planar.Polygon) (*Features, []byte, error) {
	var area []byte
	if len(within) > 0 {
		area = planar.MultiPolygonEWKB(within)
	}
	sum := sha256.New()
	f := &Features{}
	var err error
	if f.Lines, err = loadLines(ctx, tx, county, area, sum); err != nil {
		return nil, nil, fmt.Errorf("reading line features of %d: %w", county, err)
	}
	if f.Areas, err = loadAreas(ctx, tx, county, area, sum); err != nil {
		return nil, nil, fmt.Errorf("reading area features of %d: %w", county, err)
	}
	if f.Buildings, err = loadBuildings(ctx, tx, county, area, sum); err != nil {
		return nil, nil, fmt.Errorf("reading buildings of %d: %w", county, err)
	}
	return f, sum.Sum(nil), nil
}

// touching keeps to what has a point in common with $2; the polygons of neighbouring divisions taken together
// may be invalid as one multipolygon, so they are compared part by part.
const touching = `county = $1 AND ($2::bytea IS NULL OR EXISTS (
	SELECT FROM ST_Dump(ST_GeomFromEWKB($2)) part WHERE t.geom && part.geom AND ST_Intersects(t.geom, part.geom)))`

func loadLines(ctx context.Context, tx pgx.Tx, county int, area []byte, sum hash.Hash) ([]Line, error) {
	rows, err := tx.Query(ctx, `
		SELECT source, barrier, class, name, ST_AsBinary(geom), digest FROM line_feature t
		WHERE `+touching+` ORDER BY source COLLATE "C"`, county, area)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Line, err error) {
		var geom, digest []byte
		if err = row.Scan(&l.Source, &l.Barrier, &l.Class, &l.Name, &geom, &digest); err != nil {
			return l, err
		}
		sum.Write(digest)
		if l.Points, err = planar.ParseLine(geom); err != nil {
			err = fmt.Errorf("%s: %w", l.Source, err)
		}
		return l, err
	})
}

func loadAreas(ctx context.Context, tx pgx.Tx, county int, area []byte, sum hash.Hash) ([]Area, error) {
	rows, err := tx.Query(ctx, `
		SELECT source, kind = 'water', barrier, class, name, ST_AsBinary(geom), digest FROM area_feature t
		WHERE `+touching+` ORDER BY source COLLATE "C"`, county, area)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Area, err error) {
		var geom, digest []byte
		if err = row.Scan(&a.Source, &a.Water, &a.Barrier, &a.Class, &a.Name, &geom, &digest); err != nil {
			return a, err
		}
		sum.Write(digest)
		if a.Polygons, err = planar.ParsePolygons(geom); err != nil {
			err = fmt.Errorf("%s: %w", a.Source, err)
		}
		return a, err
	})
}

func loadBuildings(ctx context.Context, tx pgx.Tx, county int, area []byte, sum hash.Hash) ([]Building, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, source, name, use, levels, address, coalesce(residents, -1), ST_AsBinary(geom), digest
		FROM building t WHERE `+touching+` ORDER BY source COLLATE "C"`, county, area)
	if err != nil {
		return nil, err
	}
	at := map[int64]int{} // id → index
	var ids []int64
	buildings, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Building, err error) {
		var id int64
		var levels float32
		var geom, digest []byte
		if err = row.Scan(&id, &b.Source, &b.Name, &b.Use, &levels, &b.Address, &b.People, &geom, &digest); err != nil {
			return b, err
		}
		sum.Write(digest)
		b.Levels = float64(levels)
		at[id] = len(ids)
		ids = append(ids, id)
		if b.Polygons, err = planar.ParsePolygons(geom); err != nil {
			err = fmt.Errorf("%s: %w", b.Source, err)
		}
		return b, err
	})
	if err != nil || len(ids) == 0 {
		return buildings, err
	}
	rows, err = tx.Query(ctx, `
		SELECT building, ref, coalesce(residents, -1), ST_X(geom), ST_Y(geom) FROM entrance
		WHERE county = $1 AND building = ANY($2) ORDER BY building, ref COLLATE "C"`, county, ids)
	if err != nil {
		return nil, err
	}
	byBuilding := make([][]Entrance, len(buildings))
	var id int64
	var e Entrance
	var lon, lat float64
	if _, err = pgx.ForEachRow(rows, []any{&id, &e.Ref, &e.People, &lon, &lat}, func() error {
		e.At = planar.FromDegrees(lon, lat)
		byBuilding[at[id]] = append(byBuilding[at[id]], e)
		return nil
	}); err != nil {
		return nil, err
	}
	for i, es := range byBuilding {
		buildings[i].Entrances = es
		for _, e := range es { // of this building, in its place: ids differ from one database to the next
			sum.Write([]byte(buildings[i].Source + "\x00" + e.Ref + "\x00"))
			sum.Write(binary.LittleEndian.AppendUint64(nil, uint64(int64(e.People))))
			sum.Write(planar.PointEWKB(e.At))
		}
	}
	return buildings, nil
}
