package ingest

import (
	"fmt"
	"math"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// placeIn gives the placer for the coordinate system that a file's degrees are in.
func placeIn(system crs.System) placer {
	return func(x, y float64) (planar.Point, *note) {
		if n := notDegrees(x, y); n != nil {
			return planar.Point{}, n
		}
		return planar.FromDegrees(system.ToWGS84(x, y)), nil
	}
}

// notDegrees says why a position can't be one in China.
func notDegrees(x, y float64) *note {
	switch {
	case math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0):
		return refuse(kindNaN, "坐标不是数字", "a coordinate isn't a number")
	case crs.InChina(x, y):
		return nil
	case math.Abs(x) > 180 || math.Abs(y) > 90:
		if crs.InChina(y, x) {
			return swapped(x, y)
		}
		return refuse(kindNotDegrees,
			fmt.Sprintf("坐标 (%.7g, %.7g) 不是经纬度，像是投影坐标（米）；请用带坐标系的文件（如有 .prj 的 Shapefile、GeoPackage），或先转换为经纬度", x, y),
			fmt.Sprintf("the coordinates (%.7g, %.7g) can't be degrees; they look like projected metres: give a file that carries its coordinate system (a Shapefile with its .prj, a GeoPackage), or convert it", x, y))
	case crs.InChina(y, x):
		return swapped(x, y)
	}
	return refuse(kindOutsideChina,
		fmt.Sprintf("坐标 (%.6f, %.6f) 在中国以外；请检查文件的坐标系（--crs gcj02、bd09）和经纬度顺序", x, y),
		fmt.Sprintf("the coordinates (%.6f, %.6f) lie outside China; check the file's coordinate system (--crs gcj02, bd09) and that longitude comes first", x, y))
}

func swapped(x, y float64) *note {
	return refuse(kindOutsideChina,
		fmt.Sprintf("坐标 (%.6f, %.6f) 在中国以外，像是纬度写在了前面；应先经度后纬度", x, y),
		fmt.Sprintf("the coordinates (%.6f, %.6f) lie outside China and look like latitude first; longitude comes first", x, y))
}
