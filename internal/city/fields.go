package city

import (
	"math"
	"slices"
)

// gap is half of the balk between two fields, in metres.
const gap = 1.1

// writeFields covers the open country with what is grown there, a run of the mesh's cells at a time: woods on the tops, orchards on
// the terraces below, fields on the plain.
func (c *county) writeFields(f *features) {
	t := &town{globe: c.globe}
	d := throw(c.seed, forFields, 1)
	county := fenced(c.border)
	var outlines []fence
	for _, p := range c.places {
		outlines = append(outlines, fenced(c.globe.ring(p.border[0])))
	}
	within := func(m field) bool {
		return county.deep(m.at, 60+math.Hypot(m.rect.w(), m.rect.h())/2) ||
			inside(m.at, c.border) && !slices.ContainsFunc(c.mesh.patch(m.rect), func(p vec) bool { return !county.deep(p, 3) })
	}
	open := func(m field) bool {
		return within(m) && !slices.ContainsFunc(outlines, func(f fence) bool { return f.near(m.at, 0) })
	}
	cells := c.mesh.cells
	for i := 0; i < len(cells); {
		if !open(cells[i]) {
			i++
			continue
		}
		r, crop, most := cells[i].rect, c.crop(cells[i].at, d), pick(d, 1, 1, 2, 2, 3)
		for n := 1; ; n++ {
			if i++; n >= most || i >= len(cells) || cells[i].rect.u0 != r.u0 || cells[i].rect.v0 != r.v1 || !open(cells[i]) {
				break
			}
			r.v1 = cells[i].rect.v1
		}
		if crop != "forest" {
			r = r.grow(-gap)
		}
		t.polygon(f, c.mesh.patch(r), tag{"landuse", crop})
	}
}

// crop is what grows at a place.
func (c *county) crop(at vec, d *dice) string {
	switch h := c.relief.hill(at); {
	case h > woodline:
		return "forest"
	case h > terraceline:
		return pick(d, "orchard", "orchard", "orchard", "forest", "farmland")
	}
	switch k := d.unit(); {
	case k < .045:
		return "orchard"
	case k < .075:
		return "forest" // poplars
	case k < .09:
		return "meadow"
	}
	return "farmland"
}

// patch is a rectangle of the mesh as it lies, with vertices along its sides.
func (m *mesh) patch(r rect) []vec {
	var out []vec
	corners := r.corners()
	for i, p := range corners {
		q := corners[(i+1)%4]
		n := math.Max(1, math.Round(p.dist(q)/(1.6*meshStep)))
		for k := 0.0; k < n; k++ {
			out = append(out, m.warp(vec{lerp(p.x, q.x, k/n), lerp(p.y, q.y, k/n)}))
		}
	}
	return out
}
