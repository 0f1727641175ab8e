package city

import (
	"fmt"
	"math"

	"jingwei/internal/planar"
)

// countyName is the real county that the invented town is put in; its code is the town code's first six digits.
const countyName = "邹城市"

func (t *town) writeDivisions(f *features) {
	f.addAs(TownCode, "Polygon", t.border, tag{"code", TownCode}, tag{"name", t.names.town}, tag{"level", "town"}, tag{"county", countyName}, tag{"invented", true})
	for _, c := range t.communities {
		f.addAs(c.Code, "Polygon", c.rings, tag{"code", c.Code}, tag{"name", c.Name}, tag{"level", "community"}, tag{"county", countyName}, tag{"invented", true})
	}
}

// line writes a line if two points of it are left on the lattice.
func (t *town) line(f *features, line []vec, tags ...tag) {
	if pts := lattice(t.globe, line, false); len(pts) > 1 {
		f.add("LineString", []planar.Ring{pts}, tags...)
	}
}

func (t *town) polygon(f *features, ring []vec, tags ...tag) {
	if pts := lattice(t.globe, ring, true); len(pts) > 2 {
		if pts.Area2() < 0 {
			pts.Reverse()
		}
		f.add("Polygon", []planar.Ring{pts}, tags...)
	}
}

// pieces are the parts of a street that border on ground of this town.
func (t *town) pieces(s street) [][]vec {
	var out [][]vec
	lo := math.Inf(1)
	at := s.lo
	flush := func() {
		if lo < at {
			out = append(out, t.net.run(s.lineID, lo, at))
		}
		lo = math.Inf(1)
	}
	marks := t.sides[s.lineID]
	for at < s.hi {
		next, ours := s.hi, false
		for _, m := range marks {
			if m.hi > at+1e-9 && m.lo <= at+1e-9 {
				ours = ours || m.taken
				next = min(next, m.hi)
			} else if m.lo > at+1e-9 {
				next = min(next, m.lo)
			}
		}
		if ours {
			lo = min(lo, at)
		} else {
			flush()
		}
		at = next
	}
	flush()
	return out
}

// sideSpan is one ward's side on a line.
type sideSpan struct {
	lo, hi float64
	taken  bool
}

func (p *plan) sideSpans() map[lineID][]sideSpan {
	out := map[lineID][]sideSpan{}
	for _, w := range p.wards {
		for s := south; s <= west; s++ {
			l, lo, hi := w.rect.side(s)
			out[l] = append(out[l], sideSpan{lo, hi, w.taken})
		}
	}
	return out
}

func (t *town) writeStreets(f *features) {
	for _, s := range t.streets {
		if s.edge.class == "river" || s.edge.class == "rail" {
			continue
		}
		tags := []tag{{"highway", s.edge.class}, {"name", s.edge.name}}
		if s.structure != "" {
			tags = append(tags, tag{s.structure, "yes"})
		}
		for _, line := range t.pieces(s) {
			t.line(f, line, tags...)
		}
	}
	for _, b := range t.built {
		if b == nil {
			continue
		}
		for _, w := range b.ways {
			t.line(f, w.line, tag{"highway", w.class}, tag{"name", w.name})
		}
	}
}

func (t *town) writeRail(f *features) {
	for _, s := range t.streets {
		if s.edge.class != "rail" {
			continue
		}
		tags := []tag{{"railway", "rail"}, {"name", s.edge.name}}
		if s.structure != "" {
			tags = append(tags, tag{s.structure, "yes"})
		}
		for _, line := range t.pieces(s) {
			t.line(f, line, tags...)
		}
	}
}

func (t *town) writeWater(f *features) {
	if !t.site.dry {
		t.writeRiver(f)
	}
	for _, b := range t.built {
		if b != nil {
			for _, w := range b.waters {
				t.polygon(f, w.ring, tag{w.key, w.value}, tag{"water", "pond"}, tag{"name", w.name})
			}
		}
	}
}

func (t *town) writeRiver(f *features) {
	var ring []vec
	n := int(t.root.w() / 10)
	for i := range n + 1 {
		u := lerp(t.root.u0, t.root.u1, float64(i)/float64(n))
		ring = append(ring, t.terrain.real(vec{u, t.bank(u, false)}))
	}
	for i := n; i >= 0; i-- {
		u := lerp(t.root.u0, t.root.u1, float64(i)/float64(n))
		ring = append(ring, t.terrain.real(vec{u, t.bank(u, true)}))
	}
	t.polygon(f, ring, tag{"natural", "water"}, tag{"water", "river"}, tag{"name", t.names.river})
	for _, s := range t.streets {
		if s.edge.class == "river" {
			for _, line := range t.pieces(s) {
				t.line(f, line, tag{"waterway", "river"}, tag{"name", t.names.river})
			}
		}
	}
}

func (t *town) writeWalls(f *features) {
	for _, b := range t.built {
		if b != nil {
			for _, w := range b.walls {
				t.line(f, w, tag{"barrier", "wall"})
			}
		}
	}
}

func (t *town) writeLanduse(f *features) {
	for _, b := range t.built {
		if b != nil {
			for _, g := range b.grounds {
				t.polygon(f, g.ring, tag{g.key, g.value}, tag{"name", g.name})
			}
		}
	}
}

func (t *town) writeBuildings(f *features) {
	for i, b := range t.buildings {
		ring := lattice(t.globe, b.ring, true)
		f.addAs(t.buildingID(i), "Polygon", []planar.Ring{ring}, tag{"building", b.use}, tag{"building:levels", b.levels},
			tag{"name", b.name}, tag{"addr:street", b.address.street}, tag{"addr:housenumber", b.address.number},
			tag{"addr:place", b.address.place}, tag{"residents", b.people})
	}
}

func (t *town) writeEntrances(f *features) {
	for i, b := range t.buildings {
		for k, s := range b.stairs {
			f.addAs(fmt.Sprintf("%s-%d", t.buildingID(i), k+1), "Point", []planar.Ring{{t.globe.point(s.at)}},
				tag{"entrance", "staircase"}, tag{"ref", s.ref}, tag{"building", t.buildingID(i)}, tag{"residents", s.people})
		}
	}
}

func (t *town) buildingID(i int) string { return fmt.Sprintf("b%s%d", t.site.prefix, i+1) }
