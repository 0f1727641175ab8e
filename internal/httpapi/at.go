package httpapi

import (
	"context"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/locate"
	"jingwei/internal/planar"
)

// GridAt is the grid at a point, and those so near that one should ask.
type GridAt struct {
	Grid Grid       `json:"grid"`
	Near []NearGrid `json:"near" doc:"Other grids within 20 m of the point, the nearest first: ask which one is meant"`
	Lon  float64    `json:"lon" doc:"The point in WGS 84"`
	Lat  float64    `json:"lat"`
	CRS  string     `json:"crs" enum:"wgs84,gcj02,bd09" doc:"What the point was given in"`
}

// NearGrid is a grid close to a point.
type NearGrid struct {
	Code      string  `json:"code"`
	Name      string  `json:"name"`
	DistanceM float64 `json:"distance_m"`
}

type gridAtInput struct {
	Lon float64 `query:"lon" required:"true" minimum:"-180" maximum:"180" doc:"Longitude in degrees" example:"116.326"`
	Lat float64 `query:"lat" required:"true" minimum:"-90" maximum:"90" doc:"Latitude in degrees" example:"40.003"`
	CRS string  `query:"crs" enum:"wgs84,gcj02,bd09" default:"wgs84" doc:"wgs84 (CGCS2000 is the same to centimetres), gcj02 (Amap, Tencent), bd09 (Baidu)"`
}

// nearMetres is how near to a border a point is told its neighbour too.
const nearMetres = 20

func (s *Server) gridAt(ctx context.Context, in *gridAtInput) (out GridAt, err error) {
	if math.IsNaN(in.Lon) || math.IsNaN(in.Lat) {
		return out, fault.New(fault.Invalid, "lon 和 lat 应为数字（度）", "lon and lat must be numbers (degrees)")
	}
	out.CRS = in.CRS
	if out.Lon, out.Lat, err = toWGS84(in.CRS, in.Lon, in.Lat); err != nil {
		return out, err
	}
	for range 3 {
		if ahead, err := s.gridThere(ctx, &out); err != nil || !ahead {
			return out, err
		}
	}
	return out, fault.New(fault.Unavailable, "网格正在发布，请稍后再试", "grids are being published; try again in a moment")
}

// gridThere fills in the grid at a point. The ground in memory is ahead when another publication than the transaction sees has brought its
// grid; then the question is to be asked again.
func (s *Server) gridThere(ctx context.Context, out *GridAt) (ahead bool, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		live, err := s.ground.Fresh(ctx, tx)
		if err != nil {
			return err
		}
		code, near, found := live.Grid(planar.FromDegrees(out.Lon, out.Lat), nearMetres, nil)
		if !found {
			return nowhere(ctx, tx, out.Lon, out.Lat)
		}
		if out.Grid, err = gridOf(ctx, tx, code); err != nil {
			ahead = fault.CodeOf(err) == fault.NotFound
			return err
		}
		out.Near, err = nameNear(ctx, tx, near)
		return err
	})
	if ahead {
		return true, nil
	}
	return false, err
}

// nameNear gives grids close to a point their names. One that was retired since is left out.
func nameNear(ctx context.Context, tx pgx.Tx, near []locate.Nearby) ([]NearGrid, error) {
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

// nowhere says why there is no grid at a point: outside of every division, or in one that isn't drawn yet.
func nowhere(ctx context.Context, tx pgx.Tx, lon, lat float64) error {
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
