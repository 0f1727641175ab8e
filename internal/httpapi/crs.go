package httpapi

import (
	"fmt"

	"jingwei/internal/crs"
	"jingwei/internal/fault"
)

// toWGS84 gives a position of a named system in WGS 84. One that lies outside of China afterwards is refused:
// it was most likely given in the wrong order.
func toWGS84(system string, lon, lat float64) (float64, float64, error) {
	s, err := crs.Parse(system)
	if err != nil {
		return 0, 0, err
	}
	x, y := s.ToWGS84(lon, lat)
	if !crs.InChina(x, y) {
		return 0, 0, fault.New(fault.Invalid,
			fmt.Sprintf("点（%g，%g）不在中国境内；lon 是经度，lat 是纬度，请检查是否颠倒", lon, lat),
			fmt.Sprintf("the point (%g, %g) isn't in China; lon is the longitude and lat the latitude: have they been swapped?", lon, lat))
	}
	return x, y, nil
}
