package httpapi

import (
	"context"
	"math"

	"github.com/jackc/pgx/v5"

	"jingwei/internal/fault"
	"jingwei/internal/layout"
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
type NearGrid = layout.NearGrid

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
			return layout.Nowhere(ctx, tx, out.Lon, out.Lat)
		}
		if out.Grid, err = gridOf(ctx, tx, code); err != nil {
			ahead = fault.CodeOf(err) == fault.NotFound
			return err
		}
		out.Near, err = layout.NameNear(ctx, tx, near)
		return err
	})
	if ahead {
		return true, nil
	}
	return false, err
}
