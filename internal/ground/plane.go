package ground

import (
	"math"

	"jingwei/internal/crs"
	"jingwei/internal/planar"
)

// plane measures in metres: the Gauss-Krüger plane of a 3-degree zone.
type plane struct{ zone crs.Plane }

// planeOf is the plane of the zone in which the middle of some polygons lies.
func planeOf(parts []planar.Polygon) plane {
	b := boxOfPolygons(parts)
	lon, _ := planar.Point{X: b.minX/2 + b.maxX/2}.Degrees()
	return plane{crs.PlaneFor(lon)}
}

func (p plane) at(v planar.Point) spot {
	e, n := p.zone.Forward(v.Degrees())
	return spot{e, n}
}

func (p plane) length(line []planar.Point) float64 {
	sum := 0.0
	last := p.at(line[0])
	for _, v := range line[1:] {
		here := p.at(v)
		sum += here.minus(last).length()
		last = here
	}
	return sum
}

// areaScale is how many m² a square step is in the middle of some polygons.
func (p plane) areaScale(parts []planar.Polygon) float64 {
	const side = 10000 // steps, about 100 m
	b := boxOfPolygons(parts)
	o := planar.Point{X: b.minX/2 + b.maxX/2, Y: b.minY/2 + b.maxY/2}
	s := p.shape(planar.Polygon{{o, {X: o.X + side, Y: o.Y}, {X: o.X + side, Y: o.Y + side}, {X: o.X, Y: o.Y + side}}})
	return s.Area / (side * side)
}

// shape gives area, centroid and the second moment of area about it (Green's theorem on each edge; Steger
// 1996). Outer is left to the caller. Sums are taken about the first vertex, so that no digits are lost.
func (p plane) shape(polygon planar.Polygon) Shape {
	o := p.at(polygon[0][0])
	var area, sx, sy, second float64
	for _, ring := range polygon {
		a := p.at(ring[len(ring)-1]).minus(o)
		for _, v := range ring {
			b := p.at(v).minus(o)
			k := a.cross(b)
			area += k
			sx += k * (a.x + b.x)
			sy += k * (a.y + b.y)
			second += k * (a.dot(a) + a.dot(b) + b.dot(b))
			a = b
		}
	}
	area /= 2
	if area == 0 {
		return Shape{Cx: o.x, Cy: o.y}
	}
	cx, cy := sx/6/area, sy/6/area
	second = second/12 - area*(cx*cx+cy*cy)
	return Shape{Area: area, Cx: o.x + cx, Cy: o.y + cy, Second: math.Max(second, 0)}
}
