package draft

import (
	"context"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/postgres"
)

// Draft is a draft as a page opens it.
type Draft struct {
	Head        *Head       `json:"head"`
	Settings    Settings    `json:"settings"`
	Communities []Community `json:"communities"`
	Grids       []*Grid     `json:"grids"`
	Problems    []Problem   `json:"problems"`
	Undo        *Step       `json:"undo"`
	Redo        *Step       `json:"redo"`
	Moved       int         `json:"moved"`
	Approvers   []Person    `json:"approvers"` // who may approve it, besides whoever hands it in; 20 at most
}

// Settings are what its grids are measured by.
type Settings struct {
	Target    float64 `json:"target"`
	Tolerance float64 `json:"tolerance"`
	Lower     int     `json:"lower"`
	Upper     int     `json:"upper"`
	Unit      string  `json:"unit"` // "persons", or what the workload is called
}

// Community is one that the draft covers.
type Community struct {
	Code      string     `json:"code"`
	Name      string     `json:"name"`
	Blocks    int        `json:"blocks"`
	Residents int        `json:"residents"`
	Bounds    [4]float64 `json:"bounds"`
}

// Open gives a draft with its grids and problems.
func (r *Room) Open(ctx context.Context, id ID) (*Draft, error) {
	var out *Draft
	err := r.at(ctx, id, false, func(tx pgx.Tx, h *Head, d *desk) (bool, error) {
		d.workers = nil // who opens it may just have assigned somebody
		s := d.live.Settings
		lower, upper := d.band.Bounds()
		out = &Draft{Head: h, Settings: Settings{s.Target, s.Tolerance, lower, upper, s.Unit()}, Grids: d.figures(nil), Moved: d.movedPeople()}
		var err error
		if out.Problems, err = d.problems(ctx, tx); err != nil {
			return true, err
		}
		if err = d.manned(ctx, tx, out.Grids); err != nil {
			return true, err
		}
		if out.Communities, err = d.communities(ctx, tx); err != nil {
			return true, err
		}
		if out.Approvers, err = h.approvers(ctx, tx); err != nil {
			return true, err
		}
		out.Undo, out.Redo, err = steps(ctx, tx, id, postgres.ActorOf(ctx).Account)
		return true, err
	})
	return out, err
}

func (d *desk) communities(ctx context.Context, tx pgx.Tx) ([]Community, error) {
	rows, err := tx.Query(ctx, `SELECT t.community, coalesce(v.name, ''), ST_XMin(t.geom), ST_YMin(t.geom), ST_XMax(t.geom), ST_YMax(t.geom)
		FROM territory t LEFT JOIN division v ON v.code = t.division WHERE t.county = $1 AND t.community = ANY($2) ORDER BY t.community`,
		d.id.County, d.live.Communities)
	if err != nil {
		return nil, err
	}
	at := make(map[int64]int)
	var out []Community
	var code int64
	var c Community
	_, err = pgx.ForEachRow(rows, []any{&code, &c.Name, &c.Bounds[0], &c.Bounds[1], &c.Bounds[2], &c.Bounds[3]}, func() error {
		c.Code = communityCode(code)
		at[code] = len(out)
		out = append(out, c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range d.blocks {
		if d.grid[i] == Gone {
			continue
		}
		c := &out[at[d.blocks[i].community]]
		c.Blocks++
		c.Residents += d.blocks[i].residents
	}
	return out, nil
}
