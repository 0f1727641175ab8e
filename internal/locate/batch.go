package locate

import "jingwei/internal/planar"

// abreast is how many points are looked for at a time: while the memory for one is fetched the others' is asked for.
const abreast = 32

// AtAll is At for many points: out[i] is where points[i] lies, the zero Place outside of all. It gives the same answers several times as
// fast where points lie scattered over a large ground. out is at least as long as points.
func (x *Index) AtAll(points []planar.Point, out []Place) {
	for len(points) > 0 {
		n := min(abreast, len(points))
		x.atSome(points[:n], out[:n])
		points, out = points[n:], out[n:]
	}
}

func (x *Index) atSome(points []planar.Point, out []Place) {
	var at [abreast]cell
	var shift [abreast]uint8
	var faces [abreast]int32
	deeper := false
	for i, p := range points {
		dx, dy := int64(p.X)-x.top.x0, int64(p.Y)-x.top.y0
		if shift[i] = x.top.shift; dx >= 0 && dy >= 0 && dx>>shift[i] < x.top.cols && dy>>shift[i] < x.top.rows {
			at[i] = x.cells[dy>>shift[i]*x.top.cols+dx>>shift[i]]
			deeper = deeper || at[i]&kind == divided
		}
	}
	for deeper {
		deeper = false
		for i, p := range points {
			if at[i]&kind == divided {
				dx, dy := int64(p.X)-x.top.x0, int64(p.Y)-x.top.y0
				at[i] = x.inner(at[i], dx, dy, &shift[i])
				deeper = deeper || at[i]&kind == divided
			}
		}
	}
	for i := range points { // asks for the lists
		if at[i]&kind == listed {
			faces[i] = x.lists[at[i]&^kind]
		} else {
			faces[i] = int32(at[i])
		}
	}
	for i, p := range points {
		if at[i]&kind == listed {
			dx, dy := int64(p.X)-x.top.x0, int64(p.Y)-x.top.y0
			faces[i] = x.within(int(at[i]&^kind), p, x.top.x0+dx>>shift[i]<<shift[i], x.top.y0+dy>>shift[i]<<shift[i])
		}
	}
	for i := range points {
		out[i] = x.places[faces[i]]
	}
}
