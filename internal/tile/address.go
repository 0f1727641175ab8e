package tile

import (
	"fmt"
	"math"

	"jingwei/internal/fault"
)

// Address names a tile of the Web Mercator pyramid: x from the west, y from the north.
type Address struct{ Z, X, Y int }

// Check says whether there is such a tile.
func (a Address) Check() error {
	if a.Z < 0 || a.Z > MaxZoom {
		return fault.New(fault.NotFound,
			fmt.Sprintf("没有第 %d 级的瓦片；级别为 0 至 %d", a.Z, MaxZoom),
			fmt.Sprintf("there are no tiles at zoom %d; zooms are 0 to %d", a.Z, MaxZoom))
	}
	if n := 1 << a.Z; a.X < 0 || a.Y < 0 || a.X >= n || a.Y >= n {
		return fault.New(fault.NotFound,
			fmt.Sprintf("第 %d 级没有瓦片 %d/%d；x 和 y 为 0 至 %d", a.Z, a.X, a.Y, n-1),
			fmt.Sprintf("there is no tile %d/%d at zoom %d; x and y are 0 to %d", a.X, a.Y, a.Z, n-1))
	}
	return nil
}

func (a Address) String() string { return fmt.Sprintf("%d/%d/%d", a.Z, a.X, a.Y) }

// Bounds are west, south, east, north in degrees.
type Bounds [4]float64

// bounds of the tile with a margin on each side, in shares of its width.
func (a Address) bounds(margin float64) Bounds {
	n := float64(int(1) << a.Z)
	lat := func(y float64) float64 { return math.Atan(math.Sinh(math.Pi*(1-2*y/n))) * 180 / math.Pi }
	return Bounds{
		(float64(a.X)-margin)/n*360 - 180, lat(float64(a.Y+1) + margin),
		(float64(a.X+1)+margin)/n*360 - 180, lat(float64(a.Y) - margin),
	}
}

// meets says whether two rectangles touch.
func (b Bounds) meets(c Bounds) bool {
	return b[0] <= c[2] && c[0] <= b[2] && b[1] <= c[3] && c[1] <= b[3]
}
