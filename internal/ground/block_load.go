package ground

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/planar"
)

// Live is the live ground of some communities, as it was saved.
type Live struct {
	IDs       []int64 // by block
	Blocks    []Block // Parts name buildings by Buildings' index
	Borders   []Border
	Buildings []int64 // row ids
}

// LoadBlocks reads the live blocks of communities with their buildings and borders, in the order of their
// ids. A border's other side is Border.Standing when it is a block of another community.
func LoadBlocks(ctx context.Context, tx pgx.Tx, county int32, communities []int64) (*Live, error) {
	l := &Live{}
	index := map[int64]int32{}
	if err := l.loadBlocks(ctx, tx, county, communities, index); err != nil {
		return nil, err
	}
	if err := l.loadParts(ctx, tx, county, communities, index); err != nil {
		return nil, err
	}
	if err := l.loadBorders(ctx, tx, county, communities, index); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Live) loadBlocks(ctx context.Context, tx pgx.Tx, county int32, communities []int64, index map[int64]int32) error {
	rows, err := tx.Query(ctx, `
		SELECT id, community, residents, residents_source, ST_AsEWKB(geom) FROM block
		WHERE county = $1 AND community = ANY($2) AND retired IS NULL ORDER BY id`, county, communities)
	if err != nil {
		return err
	}
	planes := map[int64]plane{} // one a community, as when its blocks were made
	var id int64
	var b Block
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &b.Community, &b.Residents, &b.Source, &geom}, func() error {
		polygon, err := onePolygon(geom)
		if err != nil {
			return err
		}
		p, ok := planes[b.Community]
		if !ok {
			p = planeOf([]planar.Polygon{polygon})
			planes[b.Community] = p
		}
		b.Polygon, b.Shape, b.Parts = polygon, p.shape(polygon), nil
		index[id] = int32(len(l.Blocks))
		l.IDs, l.Blocks = append(l.IDs, id), append(l.Blocks, b)
		return nil
	})
	return err
}

func (l *Live) loadParts(ctx context.Context, tx pgx.Tx, county int32, communities []int64, index map[int64]int32) error {
	rows, err := tx.Query(ctx, `
		SELECT h.block, h.building, h.residents FROM block_building h JOIN block b ON b.county = h.county AND b.id = h.block
		WHERE h.county = $1 AND b.county = $1 AND b.community = ANY($2) AND b.retired IS NULL ORDER BY h.building, h.block`, county, communities)
	if err != nil {
		return err
	}
	var block, building int64
	var residents int
	_, err = pgx.ForEachRow(rows, []any{&block, &building, &residents}, func() error {
		if n := len(l.Buildings); n == 0 || l.Buildings[n-1] != building {
			l.Buildings = append(l.Buildings, building)
		}
		b := &l.Blocks[index[block]]
		b.Parts = append(b.Parts, Part{len(l.Buildings) - 1, residents})
		return nil
	})
	return err
}

// bordersAround are the ids of the borders on either side of which a live block of the communities $2 lies. The two sides are looked up one
// by one: asked for at once, with an OR, the database may compare every border with every block.
const bordersAround = `
		mine AS MATERIALIZED (SELECT id FROM block WHERE county = $1 AND community = ANY($2) AND retired IS NULL),
		around AS MATERIALIZED (
			SELECT e.id FROM mine m JOIN block_border e ON e.county = $1 AND e.a = m.id
			UNION SELECT e.id FROM mine m JOIN block_border e ON e.county = $1 AND e.b = m.id)`

func (l *Live) loadBorders(ctx context.Context, tx pgx.Tx, county int32, communities []int64, index map[int64]int32) error {
	rows, err := tx.Query(ctx, `WITH `+bordersAround+`
		SELECT e.a, e.b, e.barrier, e.name, e.length, ST_AsEWKB(e.geom) FROM around JOIN block_border e ON e.county = $1 AND e.id = around.id
		ORDER BY e.id`, county, communities)
	if err != nil {
		return err
	}
	var a, b int64
	var barrier int16
	var e Border
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&a, &b, &barrier, &e.Name, &e.Length, &geom}, func() error {
		points, err := planar.ParseLine(geom)
		if err != nil {
			return err
		}
		left, here := index[a]
		right, there := index[b]
		e.Barrier, e.Standing, e.Points = Barrier(barrier), 0, points
		switch {
		case here && there:
			e.A, e.B = left, right
		case here:
			e.A, e.B, e.Standing = left, -1, b
		default:
			e.A, e.B, e.Standing, e.Points = right, -1, a, backwards(points)
		}
		for _, side := range [2]int32{e.A, e.B} {
			if side >= 0 && (e.B < 0 || l.Blocks[e.A].Community != l.Blocks[e.B].Community) {
				l.Blocks[side].Shape.Outer += e.Length
			}
		}
		l.Borders = append(l.Borders, e)
		return nil
	})
	return err
}
