package httpapi

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/ground"
	"jingwei/internal/layout"
	"jingwei/internal/planar"
)

// Surroundings are 四至: what a grid borders on to the north, east, south and west.
type Surroundings struct {
	North  []Side `json:"north"`
	East   []Side `json:"east"`
	South  []Side `json:"south"`
	West   []Side `json:"west"`
	TextZH string `json:"text_zh" example:"东至平阳路，南至网格 …004，西至万泉河，北至成府路"`
	TextEN string `json:"text_en"`
}

// Side is one thing that a grid borders on in one direction, the longest first.
type Side struct {
	Kind   string  `json:"kind" enum:"path,street,main-road,wall,rail,river,grid,outside" doc:"What runs along the border; where nothing does, what lies behind it"`
	Name   string  `json:"name" doc:"Of the street or river, or the code of the grid behind the border, or the name of the division beyond; empty when it has none"`
	Share  float64 `json:"share" doc:"Of the length of the border in that direction"`
	TextZH string  `json:"text_zh"`
	TextEN string  `json:"text_en"`
}

// surroundingsOf reads the outline of a grid from the borders of its blocks: those of which one side is in it.
func surroundingsOf(ctx context.Context, tx pgx.Tx, code int64) (out Surroundings, err error) {
	rows, err := tx.Query(ctx, `
		WITH mine AS (SELECT block FROM grid_block WHERE county = $1 AND grid = $2),
		outline AS (
			SELECT e.id, e.barrier, e.name, e.b AS other, e.geom FROM block_border e
			WHERE e.county = $1 AND e.a IN (SELECT block FROM mine) AND e.b NOT IN (SELECT block FROM mine)
			UNION ALL
			SELECT e.id, e.barrier, e.name, e.a, ST_Reverse(e.geom) FROM block_border e
			WHERE e.county = $1 AND e.b IN (SELECT block FROM mine) AND e.a NOT IN (SELECT block FROM mine))
		SELECT o.barrier, o.name, coalesce(m.grid, 0), coalesce(n.name, ''), ST_AsBinary(o.geom, 'NDR')
		FROM outline o
		LEFT JOIN grid_block m ON m.county = $1 AND m.block = o.other
		-- Where no block is on the other side: another division within a metre, the smallest.
		LEFT JOIN LATERAL (
			SELECT d.name FROM division d
			WHERE o.other = 0 AND o.barrier = 0 AND NOT starts_with(lpad($2::text, 15, '0'), d.code)
				AND ST_DWithin(d.geom, ST_LineInterpolatePoint(o.geom, 0.5), 1e-5)
			ORDER BY length(d.code) DESC, d.code LIMIT 1) n ON true
		ORDER BY o.id`, countyOf(code), code)
	if err != nil {
		return out, err
	}
	var outline []layout.Stretch
	var barrier int16
	var name, beyond string
	var behind int64
	var geom []byte
	_, err = pgx.ForEachRow(rows, []any{&barrier, &name, &behind, &beyond, &geom}, func() error {
		points, err := planar.ParseLine(geom)
		outline = append(outline, layout.Stretch{Points: points, Barrier: ground.Barrier(barrier), Name: name, Behind: layout.Code(behind), Beyond: beyond})
		return err
	})
	s := layout.Surround(layout.Code(code), outline)
	return Surroundings{
		North: sidesOf(s.North), East: sidesOf(s.East), South: sidesOf(s.South), West: sidesOf(s.West),
		TextZH: s.ZH, TextEN: s.EN,
	}, err
}

func sidesOf(sides []layout.Side) []Side {
	out := make([]Side, len(sides))
	for i, s := range sides {
		out[i] = Side{Kind: s.Kind, Name: s.Name, Share: s.Share, TextZH: s.ZH, TextEN: s.EN}
	}
	return out
}
