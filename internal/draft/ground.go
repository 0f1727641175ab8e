package draft

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/planar"
)

// mostShown is how many blocks are given at once.
const mostShown = 40_000

// Ground is the ground of a draft as a page draws it: blocks, and the arcs between them, of which the blocks' polygons are put together.
type Ground struct {
	Revision    int               `json:"revision"`
	Communities []CommunityGround `json:"communities"`
}

// CommunityGround is that of one community.
type CommunityGround struct {
	Code   string       `json:"code"`
	Blocks []GroundUnit `json:"blocks"`
	Arcs   []Arc        `json:"arcs"`
}

// GroundUnit is a block.
type GroundUnit struct {
	Key       int64      `json:"key"`
	Grid      Key        `json:"grid"`
	Base      Key        `json:"base"` // in the live layout
	Residents int        `json:"residents"`
	Weight    int64      `json:"weight"`
	Houses    int        `json:"houses"`
	At        [2]float64 `json:"at"`
	Locked    bool       `json:"locked,omitempty"`
	People    string     `json:"people"`             // known, estimate, none
	Compound  string     `json:"compound,omitempty"` // the housing compound it is part of
}

// Arc is a stretch of border, the left block on the left of who goes along it.
type Arc struct {
	Left    int64   `json:"l"`           // 0: outside of the community
	Right   int64   `json:"r"`           // the same
	Barrier int     `json:"b"`           // ground.Barrier
	Name    string  `json:"n,omitempty"` // of the street or river
	Points  []int32 `json:"p"`           // lattice x, y of the first point, then differences
}

// Ground gives the ground of one community of a draft, "" for all of them. Fault: Invalid for more than mostShown blocks.
func (r *Room) Ground(ctx context.Context, id ID, community string) (*Ground, error) {
	only := int64(0)
	if community != "" {
		n, err := strconv.ParseInt(community, 10, 64)
		if err != nil || len(community) != 12 || n <= 0 {
			return nil, invalid("%.20q 不是社区代码：应为 12 位数字", "%.20q is no community's code: it has 12 digits", community)
		}
		only = n
	}
	var out *Ground
	err := r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		if only == 0 && len(d.blocks) > mostShown {
			return true, invalid("草案有 %d 个基本单元，请逐个社区读取", "the draft has %d blocks: ask for one community at a time", len(d.blocks))
		}
		compounds, err := d.compounds(ctx, tx)
		if err != nil {
			return true, err
		}
		out = &Ground{Revision: d.revision, Communities: []CommunityGround{}}
		arcs := d.arcs()
		for _, c := range d.live.Communities {
			if only != 0 && c != only {
				continue
			}
			g := CommunityGround{Code: communityCode(c), Blocks: []GroundUnit{}, Arcs: arcs[c]}
			for i := range d.blocks {
				if b := &d.blocks[i]; b.community == c && d.grid[i] != Gone {
					g.Blocks = append(g.Blocks, d.unit(int32(i), compounds))
				}
			}
			out.Communities = append(out.Communities, g)
		}
		if only != 0 && len(out.Communities) == 0 {
			return true, fault.New(fault.NotFound, "社区 "+community+" 不在草案中", "community "+community+" isn't in the draft")
		}
		return true, nil
	})
	return out, err
}

func (d *desk) unit(i int32, compounds map[int64]string) GroundUnit {
	b := &d.blocks[i]
	lon, lat := d.inside(i).Degrees()
	return GroundUnit{Key: b.key, Grid: d.grid[i], Base: b.base, Residents: b.residents, Weight: b.weight, Houses: b.homes,
		At: [2]float64{lon, lat}, Locked: d.held[b.key], People: b.source, Compound: compounds[b.root]}
}

// arcs are the borders by community; one between two communities is given to both.
func (d *desk) arcs() map[int64][]Arc {
	out := make(map[int64][]Arc)
	l := d.live.Live
	for _, e := range l.Borders {
		a := l.Blocks[e.A].Community
		b := int64(0)
		if e.B >= 0 {
			b = l.Blocks[e.B].Community
		}
		points := flat(e.Points)
		if a == b {
			if d.sheets[a] == nil {
				out[a] = append(out[a], Arc{l.IDs[e.A], l.IDs[e.B], int(e.Barrier), e.Name, points})
			}
			continue
		}
		if d.sheets[a] == nil {
			out[a] = append(out[a], Arc{l.IDs[e.A], 0, int(e.Barrier), e.Name, points})
		}
		if b != 0 && d.sheets[b] == nil {
			out[b] = append(out[b], Arc{0, l.IDs[e.B], int(e.Barrier), e.Name, points})
		}
	}
	for c, s := range d.sheets {
		for _, arc := range s.Arcs() {
			out[c] = append(out[c], Arc{arc.Left, arc.Right, int(arc.Barrier), arc.Name, flat(arc.Points)})
		}
	}
	return out
}

func flat(points []planar.Point) []int32 {
	out := make([]int32, 0, 2*len(points))
	var last planar.Point
	for _, p := range points {
		out = append(out, p.X-last.X, p.Y-last.Y)
		last = p
	}
	return out
}

// compounds are the names of the housing compounds (小区) that standing blocks are part of: those of which it covers half.
func (d *desk) compounds(ctx context.Context, tx pgx.Tx) (map[int64]string, error) {
	if d.compound != nil {
		return d.compound, nil
	}
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT ON (b.id) b.id, CASE WHEN a.name <> '' THEN a.name ELSE a.source END FROM area_feature a
		JOIN block b ON b.county = $1 AND b.retired IS NULL AND b.community = ANY($2) AND b.geom && a.geom AND ST_Contains(a.geom, ST_PointOnSurface(b.geom))
		WHERE a.county = $1 AND a.kind = 'landuse' AND a.class = 'residential' ORDER BY b.id, ST_Area(a.geom)`, d.id.County, d.live.Communities)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]string)
	var id int64
	var name string
	if _, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error { out[id] = name; return nil }); err != nil {
		return nil, err
	}
	d.compound = out
	return out, nil
}
