package layout

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/locate"
)

// NearGrid is a grid close to a point.
type NearGrid struct {
	Code      string  `json:"code"`
	Name      string  `json:"name"`
	DistanceM float64 `json:"distance_m"`
}

// NameNear gives grids close to a point their names, the nearest first. One that was retired since is left out.
func NameNear(ctx context.Context, tx pgx.Tx, near []locate.Nearby) ([]NearGrid, error) {
	codes, metres := make([]int64, len(near)), make([]float64, len(near))
	for i, n := range near {
		codes[i], metres[i] = n.Grid, n.Metres
	}
	rows, err := tx.Query(ctx, `
		SELECT lpad(w.code::text, 15, '0'), g.name, w.metres FROM unnest($1::bigint[], $2::float8[]) AS w (code, metres)
		JOIN grid g ON g.county = w.code / 1000000000 AND g.code = w.code AND g.retired IS NULL ORDER BY w.metres, w.code`, codes, metres)
	if err != nil {
		return nil, err
	}
	return pgx.AppendRows([]NearGrid{}, rows, pgx.RowToStructByPos[NearGrid])
}

// Nowhere says (as a fault, NotFound) why there is no grid at a point: outside of every division, or in one that isn't drawn yet.
func Nowhere(ctx context.Context, tx pgx.Tx, lon, lat float64) error {
	var code, name string
	err := tx.QueryRow(ctx, `
		SELECT code, name FROM division WHERE ST_Covers(geom, ST_SetSRID(ST_MakePoint($1, $2), 4326))
		ORDER BY length(code) DESC, code LIMIT 1`, lon, lat).Scan(&code, &name)
	switch {
	case err == pgx.ErrNoRows:
		return fault.New(fault.NotFound,
			fmt.Sprintf("点（%.7f，%.7f）不在任何已登记的区划之内；请核对坐标及其坐标系", lon, lat),
			fmt.Sprintf("the point (%.7f, %.7f) lies in no division on record; check the coordinates and their system", lon, lat))
	case err != nil:
		return err
	}
	return fault.New(fault.NotFound,
		fmt.Sprintf("点（%.7f，%.7f）在 %s（%s）之内，但那里还没有网格", lon, lat, name, code),
		fmt.Sprintf("the point (%.7f, %.7f) lies in %s (%s), which has no grid there yet", lon, lat, name, code))
}
