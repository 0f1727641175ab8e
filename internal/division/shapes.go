package division

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// Zooms for which shapes of divisions are kept. Above the last one every vertex shows.
const (
	firstShapeZoom = 4
	lastShapeZoom  = 11
)

// Shape makes the shapes of a level's divisions for small zooms anew, all as one coverage, so that
// neighbours keep sharing their borders (docs/decisions/0003). Ground that two divisions claim is shown as
// the first one's.
func Shape(ctx context.Context, tx pgx.Tx, all []Division) error {
	sets := make([][]planar.Polygon, len(all))
	for i, d := range all {
		sets[i] = d.Polygons
	}
	coverage, covers, err := planar.OverlayFaces(ctx, sets)
	if err != nil {
		return err
	}
	label := make([]int32, len(covers))
	shown := make(map[int32]int32) // division → label; one that lies wholly under another has none
	var order []int
	for f, by := range covers {
		label[f] = -1
		if len(by) == 0 {
			continue
		}
		l, seen := shown[by[0]]
		if !seen {
			l = int32(len(order))
			shown[by[0]] = l
			order = append(order, int(by[0]))
		}
		label[f] = l
	}
	coverage = coverage.Dissolve(label)
	for zoom := lastShapeZoom; zoom >= firstShapeZoom; zoom-- {
		coverage = coverage.Simplify(planar.ZoomTolerance(zoom))
		if err := writeShapes(ctx, tx, zoom, all, order, coverage); err != nil {
			return err
		}
	}
	return nil
}

func writeShapes(ctx context.Context, tx pgx.Tx, zoom int, all []Division, order []int, coverage *planar.Coverage) error {
	counties, ids, shapes := make([]int32, len(order)), make([]int64, len(order)), make([][]byte, len(order))
	for l, i := range order {
		counties[l], ids[l] = int32(all[i].County()), all[i].shapeID()
		shapes[l] = planar.MultiPolygonEWKB(coverage.Polygons(int32(l)))
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO tile_shape (county, layer, id, zoom, geom)
		SELECT county, 'divisions', id, $1, ST_GeomFromEWKB(geom) FROM unnest($2::int[], $3::bigint[], $4::bytea[]) AS s (county, id, geom)
		ON CONFLICT (county, layer, zoom, id) DO UPDATE SET geom = excluded.geom`, zoom, counties, ids, shapes)
	return err
}

// shapeID is the code padded to twelve digits. No community has 000 for its own three, nor has a town, so
// the three levels don't meet.
func (d Division) shapeID() int64 {
	id := int64(0)
	for _, c := range d.Code {
		id = id*10 + int64(c-'0')
	}
	for n := len(d.Code); n < 12; n++ {
		id *= 10
	}
	return id
}
