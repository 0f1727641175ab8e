package city

import "jingwei/internal/planar"

// facility is a place that serves people, as a point.
type facility struct {
	tag  tag
	name string
	at   vec
}

// facilities are a place's clinic, canteen, police post, cameras and hydrants. They stand on its streets: hydrants and
// cameras at corners of main ways, the rest beside the middle.
func (t *town) facilities() []facility {
	d := throw(t.seed, forFacilities)
	var corners []vec
	seen := map[vec]bool{}
	note := func(line []vec) {
		for _, p := range []vec{line[0], line[len(line)-1]} {
			if !seen[p] {
				seen[p] = true
				corners = append(corners, p)
			}
		}
	}
	for _, s := range t.streets {
		if isMain(s.edge.class) || s.edge.class == "tertiary" {
			for _, line := range t.pieces(s) {
				note(line)
			}
		}
	}
	for _, b := range t.built {
		if b != nil {
			for _, w := range b.ways {
				if w.class == "residential" {
					note(w.line)
				}
			}
		}
	}
	var out []facility
	for _, p := range corners {
		if d.chance(.5) {
			out = append(out, facility{tag{"man_made", "surveillance"}, "", p.add(vec{d.between(3, 5), d.between(3, 5)})})
		}
		if d.chance(.6) {
			out = append(out, facility{tag{"emergency", "fire_hydrant"}, "", p.sub(vec{d.between(3, 5), d.between(3, 5)})})
		}
	}
	for i, b := range t.buildings {
		at := vec{}
		for _, p := range b.ring {
			at = at.add(p.mul(1 / float64(len(b.ring))))
		}
		switch {
		case b.use == "civic" && b.name != "" && t.site.dry: // a village's committee house
			out = append(out, facility{tag{"amenity", "clinic"}, short(t.site.name) + "村卫生室", at})
			if d.chance(.35) {
				out = append(out, facility{tag{"amenity", "social_facility"}, short(t.site.name) + "村幸福食堂", at.add(vec{6, 0})})
			}
		case b.use == "retail" && b.homes == 0 && !t.site.dry:
			switch k := throw(t.seed, forFacilities, uint64(i)).unit(); {
			case k < .015:
				out = append(out, facility{tag{"amenity", "clinic"}, "社区卫生服务站", at})
			case k < .03:
				out = append(out, facility{tag{"amenity", "social_facility"}, "社区食堂", at})
			case k < .036:
				out = append(out, facility{tag{"amenity", "police"}, "警务室", at})
			case k < .05:
				out = append(out, facility{tag{"amenity", "pharmacy"}, "药店", at})
			}
		}
	}
	return out
}

func (t *town) writeFacilities(f *features) {
	for _, x := range t.facilities() {
		f.add("Point", []planar.Ring{{t.globe.point(x.at)}}, x.tag, tag{"name", x.name})
	}
}
