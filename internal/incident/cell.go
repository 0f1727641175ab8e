package incident

import "math"

// Positions lie on a Z-order curve over the square of Web Mercator, cellBits for each axis (15 cm at the equator), counted from the north-west
// as tiles are. A tile of any zoom up to cellBits is one range of the curve, and so is each quarter of it.
const cellBits = 28

// cells is a range of the curve: low ≤ cell < high.
type cells struct{ low, high int64 }

// cellOf is where a position in WGS 84 lies on the curve.
func cellOf(lon, lat float64) int64 {
	x, y := square(lon, lat)
	return interleave(x, y)
}

// square is a position in cells from the west and from the north.
func square(lon, lat float64) (x, y uint32) {
	const n = 1 << cellBits
	lat = min(max(lat, -85.05112877980659), 85.05112877980659)
	across := (lon + 180) / 360 * n
	down := (0.5 - math.Atanh(math.Sin(lat*math.Pi/180))/(2*math.Pi)) * n
	return uint32(min(max(across, 0), n-1)), uint32(min(max(down, 0), n-1))
}

// tileCells is the range of a tile.
func tileCells(z, x, y int) cells {
	shift := 2 * (cellBits - z)
	first := interleave(uint32(x), uint32(y))
	return cells{first << shift, (first + 1) << shift}
}

// cellsAround are at most four ranges that hold everything within so many metres of a position: the tiles about it of a zoom at which one is
// wider than the circle.
func cellsAround(lon, lat, metres float64) []cells {
	const equator = 40075016.7 // metres, as Web Mercator has them
	wide := 2 * metres / math.Cos(lat*math.Pi/180) * 1.01
	zoom := min(max(int(math.Floor(math.Log2(equator/wide))), 0), cellBits)
	x, y := square(lon, lat)
	reach := uint32(math.Ceil(wide / 2 / equator * (1 << cellBits)))
	shift := uint(cellBits - zoom)
	last := uint32(1<<cellBits - 1)
	x0, x1 := (x-min(x, reach))>>shift, min(x+reach, last)>>shift
	y0, y1 := (y-min(y, reach))>>shift, min(y+reach, last)>>shift
	var out []cells
	for ty := y0; ty <= y1; ty++ {
		for tx := x0; tx <= x1; tx++ {
			out = append(out, tileCells(zoom, int(tx), int(ty)))
		}
	}
	return out
}

// interleave puts the bits of x between those of y, x lowest.
func interleave(x, y uint32) int64 { return int64(spread(x) | spread(y)<<1) }

// spread puts a 0 after each bit.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000FFFF0000FFFF
	x = (x | x<<8) & 0x00FF00FF00FF00FF
	x = (x | x<<4) & 0x0F0F0F0F0F0F0F0F
	x = (x | x<<2) & 0x3333333333333333
	x = (x | x<<1) & 0x5555555555555555
	return x
}
