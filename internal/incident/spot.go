package incident

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
	"jingwei/internal/locate"
	"jingwei/internal/planar"
)

const (
	nearMetres     = 20 // so near to another grid one is asked which one is meant
	buildingMetres = 50 // a building farther off says nothing about where it is
)

// Ambiguous is the fault (Conflict) of a report so near to a border that its reporter has to say which grid is meant.
type Ambiguous struct {
	Choices []layout.NearGrid // the grid that the position lies in first
	fault   *fault.Error
}

func (a *Ambiguous) Error() string { return a.fault.Error() }

// Unwrap makes it a fault.
func (a *Ambiguous) Unwrap() error { return a.fault }

// spot is where a report lies in the live ground.
type spot struct {
	locate.Place
	county int32
	near   []locate.Nearby // other grids of the county within nearMetres
}

// find locates a report. Faults: Invalid outside of all grids, with the reason.
func (d *Desk) find(ctx context.Context, tx pgx.Tx, r *located) (spot, error) {
	live, err := d.Ground.Fresh(ctx, tx)
	if err != nil {
		return spot{}, err
	}
	p := planar.FromDegrees(r.lon, r.lat)
	county, place, found := live.At(p)
	if !found || place.Grid == 0 {
		return spot{}, outside(ctx, tx, r)
	}
	s := spot{Place: place, county: int32(county)}
	// Ground across the county's border is another county's: there nobody here has a say.
	for _, n := range live.Near(p, place.Grid, nearMetres, nil) {
		if n.Grid/1_000_000_000 == place.Grid/1_000_000_000 {
			s.near = append(s.near, n)
		}
	}
	return s, nil
}

// outside says why there is no grid at a position, and where there are some.
func outside(ctx context.Context, tx pgx.Tx, r *located) error {
	err := layout.Nowhere(ctx, tx, r.lon, r.lat)
	f := new(fault.Error)
	if !errors.As(err, &f) {
		return err
	}
	rows, err := tx.Query(ctx, `
		SELECT d.name || '（' || d.code || '）' FROM layout l JOIN division d ON d.code = lpad(l.county::text, 6, '0') WHERE l.live ORDER BY d.code LIMIT 3`)
	if err != nil {
		return err
	}
	known, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(known) == 0 {
		return fault.New(fault.Invalid, f.ZH+"；目前没有任何县有网格", f.EN+"; no county has grids yet").At("lon")
	}
	names := strings.Join(known, "、")
	return fault.New(fault.Invalid, f.ZH+"；目前有网格的是"+names, f.EN+"; there are grids in "+names).At("lon")
}

// choose settles on a grid. neighbour says that it isn't the one that the position lies in. Faults: Ambiguous; Invalid for a grid that isn't one of those.
func (s *spot) choose(ctx context.Context, tx pgx.Tx, wanted string) (grid int64, neighbour bool, err error) {
	switch {
	case wanted == Nearest, wanted == "" && len(s.near) == 0, wanted == layout.Code(s.Grid).String():
		return s.Grid, false, nil
	}
	for _, n := range s.near {
		if wanted == layout.Code(n.Grid).String() {
			return n.Grid, true, nil
		}
	}
	choices, err := layout.NameNear(ctx, tx, append([]locate.Nearby{{Grid: s.Grid}}, s.near...))
	if err != nil {
		return 0, false, err
	}
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = strings.TrimSpace(c.Code + " " + c.Name)
	}
	names := strings.Join(words, ", ")
	if wanted != "" {
		return 0, false, fault.New(fault.Invalid, fmt.Sprintf("该位置不在网格 %.20q 之内或附近；那里是 %s", wanted, names),
			fmt.Sprintf("the position is neither in grid %.20q nor near it; what is there is %s", wanted, names)).At("grid")
	}
	return 0, false, &Ambiguous{choices, fault.New(fault.Conflict,
		fmt.Sprintf("该位置距网格边界不到 %d 米，请选择所属网格（grid）：%s", nearMetres, names),
		fmt.Sprintf("the position lies within %d m of a border: say which grid is meant (grid): %s", nearMetres, names)).At("grid")}
}

// holdGround keeps publications of a county from taking their incidents along before this transaction has ended; one that is about to end is
// waited for, and what it has published is seen then. Fault: Unavailable when that takes too long.
func holdGround(ctx context.Context, tx pgx.Tx, county int32) error {
	_, err := tx.Exec(ctx, `SELECT set_config('lock_timeout', '5s', true), pg_advisory_xact_lock_shared(hashtext('jingwei.incident'), $1)`, county)
	const lockNotAvailable = "55P03"
	if e := new(pgconn.PgError); errors.As(err, &e) && e.Code == lockNotAvailable {
		return fault.Wrap(err, fault.Unavailable, "网格正在发布，请几秒后再试", "grids are being published; try again in a few seconds")
	}
	return err
}
