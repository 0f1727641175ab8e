package draft

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/drawing"
	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// BuildingsCut is a fault Conflict: the line leads through buildings, and nobody has said that it may.
type BuildingsCut struct {
	Fault     *fault.Error
	Buildings []Building
}

// Building is one that a line would cut.
type Building struct {
	ID   int64      `json:"id"`
	Name string     `json:"name"`
	At   [2]float64 `json:"at"`
	// Its ground, as polygons of rings of points, longitude and latitude, as in GeoJSON.
	Outline [][][][2]float64 `json:"outline"`
}

func (b *BuildingsCut) Error() string { return b.Fault.Error() }

// Unwrap makes it the fault it is.
func (b *BuildingsCut) Unwrap() error { return b.Fault }

// tooLittle is how much of a building, in m², may lie across the line before it counts as cut: what `jingwei verify` lets stand beside a block.
const tooLittle = 0.9

// divided is what a line made of some blocks.
type divided struct {
	cut    int     // blocks that were cut
	pieces []int32 // all that the blocks are now, whether cut or not
}

// divide cuts the blocks that the line leads across, shares their people out among the pieces, and leaves the others as they are.
func (s *step) divide(ctx context.Context, blocks []int32, line []planar.Point) (*divided, error) {
	low, high := boxOfLine(line)
	out := &divided{}
	var fresh []*cut
	made := make(map[int32][]int32)
	for _, i := range blocks {
		b := s.blocks[i]
		if b.box[1].X < low.X || b.box[0].X > high.X || b.box[1].Y < low.Y || b.box[0].Y > high.Y {
			continue
		}
		sheet, err := s.sheet(b.community)
		if err != nil {
			return nil, err
		}
		after, pieces, err := sheet.Cut(b.key, line, func(int) int64 { s.piece--; return s.piece })
		var span *planar.SpanError
		switch {
		case errors.Is(err, planar.ErrNoCut), errors.Is(err, planar.ErrCutTooClose):
			continue // beside it, or along its border: it stays whole
		case errors.As(err, &span):
			return nil, invalid("线太长", "the line is too long")
		case err != nil:
			return nil, err
		}
		s.sheets[b.community] = after
		s.last++
		c := &cut{id: s.last, community: b.community, block: b.key, line: line}
		for _, p := range pieces {
			c.pieces = append(c.pieces, p.Key)
			at := s.putPiece(block{key: p.Key, source: b.source, cut: c.id, at: p.Inside}, p, &b)
			s.grid[at] = Gone // until the patch is applied
			made[i] = append(made[i], at)
		}
		s.cuts[c.id] = c
		fresh = append(fresh, c)
	}
	for _, i := range blocks {
		if pieces := made[i]; pieces != nil {
			out.pieces = append(out.pieces, pieces...)
			out.cut++
		} else {
			out.pieces = append(out.pieces, i)
		}
	}
	if out.cut > 0 {
		if err := s.shareOut(ctx, made); err != nil {
			return nil, err
		}
		if len(s.through) > 0 && !s.act.CutBuildings {
			return nil, s.throughBuildings(ctx)
		}
		s.refence(made)
	}
	for _, c := range fresh {
		s.made = append(s.made, c)
		s.patch.Cuts = append(s.patch.Cuts, c.id)
	}
	for i := range made {
		s.patch.Moves = append(s.patch.Moves, Move{s.blocks[i].key, s.grid[i], Gone})
	}
	return out, nil
}

// refence adds the borders of the pieces, as the sheets have them now.
func (s *step) refence(made map[int32][]int32) {
	pieces, done := make(map[int32]bool), make(map[int64]bool)
	for i, all := range made {
		for _, p := range all {
			pieces[p] = true
		}
		done[s.blocks[i].community] = true
	}
	for community := range done {
		for _, arc := range s.sheets[community].Arcs() {
			a, b := s.index[arc.Left], int32(-1)
			if arc.Right != 0 {
				b = s.index[arc.Right]
			}
			if pieces[a] || b >= 0 && pieces[b] {
				s.joinArc(arc, s.sheets[community].Length(arc.Points))
			}
		}
	}
}

// shareOut gives the pieces of each block the people of its buildings: a building's go with its ground, those of one that is cut by its parts,
// and people that no building is known for by the ground itself. All of them add up to what the block had.
func (s *step) shareOut(ctx context.Context, made map[int32][]int32) error {
	for _, i := range slices.Sorted(maps.Keys(made)) {
		pieces := made[i]
		shares, err := s.standOn(ctx, i, pieces)
		if err != nil {
			return err
		}
		b := &s.blocks[i]
		left := b.residents
		for _, p := range b.parts {
			at := shares[p.building]
			if at == nil { // its ground is elsewhere, as where two are drawn over one another: it stays on the largest piece
				at = make([]float64, len(pieces))
				at[s.largest(pieces)] = 1
			}
			exact := make([]float64, len(pieces))
			for n := range pieces {
				exact[n] = at[n] * float64(p.residents)
			}
			for n, people := range drawing.RoundTogether(exact) {
				if people > 0 || at[n] > 0 {
					piece := &s.blocks[pieces[n]]
					piece.parts = append(piece.parts, part{p.building, int(people)})
					piece.residents += int(people)
					piece.homes += b2i(people > 0)
				}
			}
			left -= p.residents
		}
		exact := make([]float64, len(pieces))
		for n, p := range pieces {
			exact[n] = float64(left) * s.blocks[p].shape.Area / max(b.shape.Area, 1e-9)
		}
		s.spread(pieces, exact, left, func(p *block, n int64) { p.residents += int(n) })
		for n, p := range pieces {
			exact[n] = float64(b.weight) * portion(s.blocks[p].residents, b.residents, s.blocks[p].shape.Area/max(b.shape.Area, 1e-9))
		}
		s.spread(pieces, exact, int(b.weight), func(p *block, n int64) { p.weight += n })
	}
	return nil
}

// spread rounds shares of a sum so that they add up to it.
func (s *step) spread(pieces []int32, exact []float64, sum int, add func(*block, int64)) {
	rounded := drawing.RoundTogether(exact)
	for n, p := range pieces {
		add(&s.blocks[p], rounded[n])
		sum -= int(rounded[n])
	}
	add(&s.blocks[pieces[0]], int64(sum)) // what the areas' own rounding left over
}

func portion(part, whole int, otherwise float64) float64 {
	if whole == 0 {
		return otherwise
	}
	return float64(part) / float64(whole)
}

// standOn is, for each building on a block, which share of what of it stands there stands on which piece, a part of less than tooLittle going with
// the rest. Buildings that are cut are noted.
func (s *step) standOn(ctx context.Context, i int32, pieces []int32) (map[int64][]float64, error) {
	shapes := make([][]byte, len(pieces))
	for n, p := range pieces {
		shapes[n] = planar.PolygonEWKB(s.polygon(p))
	}
	low, high := s.blocks[i].box[0], s.blocks[i].box[1]
	west, south := low.Degrees()
	east, north := high.Degrees()
	rows, err := s.tx.Query(ctx, `
		SELECT b.id, b.name, p.i - 1, ST_Area(ST_Intersection(b.geom, p.geom)::geography), ST_X(ST_PointOnSurface(b.geom)), ST_Y(ST_PointOnSurface(b.geom))
		FROM building b, (SELECT i, ST_GeomFromEWKB(w.geom) AS geom FROM unnest($2::bytea[]) WITH ORDINALITY AS w (geom, i)) p
		WHERE b.county = $1 AND b.geom && ST_MakeEnvelope($3, $4, $5, $6, 4326) AND ST_Intersects(b.geom, p.geom) ORDER BY b.id, p.i`,
		s.id.County, shapes, west, south, east, north)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	areas := make(map[int64][]float64)
	about := make(map[int64]Building)
	var order []int64
	for rows.Next() {
		var b Building
		var n int
		var area float64
		if err := rows.Scan(&b.ID, &b.Name, &n, &area, &b.At[0], &b.At[1]); err != nil {
			return nil, err
		}
		if areas[b.ID] == nil {
			areas[b.ID] = make([]float64, len(pieces))
			order = append(order, b.ID)
		}
		areas[b.ID][n], about[b.ID] = area, b
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var cut []Building
	for _, id := range order {
		var sum, most float64
		for _, a := range areas[id] {
			sum, most = sum+a, max(most, a)
		}
		if sum-most >= tooLittle {
			cut = append(cut, about[id])
		}
		for n, a := range areas[id] { // shares, without the splinters
			switch {
			case sum-most < tooLittle && a == most:
				areas[id][n] = 1
			case sum-most < tooLittle:
				areas[id][n] = 0
			default:
				areas[id][n] = a / sum
			}
		}
	}
	s.through = append(s.through, cut...)
	return areas, nil
}

// largest is the place of the piece with most ground.
func (d *desk) largest(pieces []int32) (best int) {
	for n, p := range pieces {
		if d.blocks[p].shape.Area > d.blocks[pieces[best]].shape.Area {
			best = n
		}
	}
	return best
}

func (s *step) throughBuildings(ctx context.Context) error {
	cut := s.through
	if err := s.outlines(ctx, cut); err != nil {
		return err
	}
	var names []string
	for _, b := range cut[:min(3, len(cut))] {
		if b.Name != "" {
			names = append(names, b.Name)
		}
	}
	zh, en := "", ""
	if len(names) > 0 {
		zh, en = "（"+strings.Join(names, "、")+"）", " ("+strings.Join(names, ", ")+")"
	}
	return &BuildingsCut{fault.New(fault.Conflict,
		fmt.Sprintf("这条线穿过 %d 栋建筑%s：请绕开，或确认切开建筑", len(cut), zh),
		fmt.Sprintf("the line leads through %d buildings%s: draw it round them, or say that they may be cut", len(cut), en)).At("line"), cut}
}

// outlines says where the buildings stand: whoever is asked whether they may be cut wants to see them.
func (s *step) outlines(ctx context.Context, buildings []Building) error {
	ids := make([]int64, len(buildings))
	at := make(map[int64][]int)
	for n, b := range buildings { // one that lies on several blocks is there for each of them
		ids[n], at[b.ID] = b.ID, append(at[b.ID], n)
	}
	rows, err := s.tx.Query(ctx, `SELECT id, ST_AsGeoJSON(ST_Multi(geom), 7)::jsonb -> 'coordinates' FROM building WHERE county = $1 AND id = ANY($2)`, s.id.County, ids)
	if err != nil {
		return err
	}
	var id int64
	var outline [][][][2]float64
	_, err = pgx.ForEachRow(rows, []any{&id, &outline}, func() error {
		for _, n := range at[id] {
			buildings[n].Outline = outline
		}
		outline = nil
		return nil
	})
	return err
}
