package tile

import (
	"math"

	"jingwei/internal/planar"
)

// Extent is the width of a tile in its own units.
const Extent = 4096

// pixel is a position in units of a zoom, counted from the north-west corner of the world: the same point
// has the same pixel in every tile and in every feature of a zoom. At zoom 18 the world is 2^30 units wide.
type pixel struct{ x, y int32 }

// project gives the pixel of a lattice point: Web Mercator, rounded to the nearest unit. It looks at nothing
// but the point and the zoom. Everything said about shared borders rests on that.
func project(p planar.Point, zoom int) pixel {
	lon, lat := p.Degrees()
	return pixelOf(lon, lat, zoom)
}

// pixelOf is project for a position off the lattice.
func pixelOf(lon, lat float64, zoom int) pixel {
	world := float64(int64(Extent) << zoom)
	lat = min(max(lat, -85.05112877980659), 85.05112877980659)
	sin := math.Sin(lat * math.Pi / 180)
	x := (lon + 180) / 360 * world
	y := (0.5 - math.Atanh(sin)/(2*math.Pi)) * world
	return pixel{int32(min(world, math.Round(x))), int32(min(world, math.Round(y)))}
}

// ring is a closed line of pixels, its last joined to its first, or (as a line) an open one.
type ring []pixel

// area2 is twice the signed area with y pointing down: positive when the ring runs clockwise on the screen,
// which is what the specification wants of a shell.
func (r ring) area2() int64 {
	if len(r) < 3 {
		return 0
	}
	o := r[0]
	var sum int64
	for i := 1; i+1 < len(r); i++ {
		sum += int64(r[i].x-o.x)*int64(r[i+1].y-o.y) - int64(r[i+1].x-o.x)*int64(r[i].y-o.y)
	}
	return sum
}

// tidy drops what rounding has left of no extent: a vertex on top of the one before, and a spike that goes
// out and comes back the same way. A spike's two edges cancel each other, so what runs along it in the
// neighbours stays paired.
func (r ring) tidy() ring {
	out := r[:0:0]
	for _, p := range r {
		out = append(out, p)
		for len(out) >= 2 {
			n := len(out)
			if out[n-1] == out[n-2] {
				out = out[:n-1]
			} else if n >= 3 && out[n-1] == out[n-3] {
				out = out[:n-2]
			} else {
				break
			}
		}
	}
	for len(out) >= 2 { // the same across the end
		n := len(out)
		switch {
		case out[0] == out[n-1]:
			out = out[:n-1]
		case n >= 3 && out[0] == out[n-2]:
			out = out[:n-2]
		case n >= 3 && out[1] == out[n-1]:
			out = out[1 : n-1]
		default:
			return out
		}
	}
	return nil
}
