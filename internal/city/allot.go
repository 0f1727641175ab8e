package city

import (
	"fmt"
	"math"

	"jingwei/internal/planar"
)

// allot gives the fields to villages: each to the one whose site is nearest, as the crow flies over ground that
// is bent, so that territories are no cells of a honeycomb. Their borders run along fields.
func (m *mesh) allot(seed uint64, sites []vec) []int32 {
	d := throw(seed, forBorders)
	var bends []wave
	for range 3 {
		l := d.between(1500, 3200)
		bends = append(bends, newWave(d, l, l*.07))
	}
	favour := make([]float64, len(sites)) // some villages have more land than others
	for i := range favour {
		favour[i] = d.between(.86, 1.16)
	}
	label := make([]int32, len(m.cells))
	for i, f := range m.cells {
		p := f.at
		for _, w := range bends {
			p = p.add(w.at(f.at))
		}
		least := math.Inf(1)
		for k, s := range sites {
			far := p.dist(s) * favour[k]
			if own := f.at.dist(s); own < 260 { // a village's own doorstep
				far = math.Min(far, .3*own)
			}
			if far < least {
				least, label[i] = far, int32(k)
			}
		}
	}
	return label
}

// grant gives every site the field that it lies on, or the nearest that nobody was granted: where villages stand close together none
// goes without.
func (m *mesh) grant(sites []vec, label []int32, built func(vec) bool) {
	granted := make([]bool, len(m.cells)) // or a town's
	for i, f := range m.cells {
		granted[i] = built(f.at)
	}
	for k, s := range sites {
		best, least := -1, math.Inf(1)
		for i, f := range m.cells {
			if d := f.at.dist(s); d < least && !granted[i] {
				best, least = i, d
			}
		}
		if best >= 0 {
			granted[best], label[best] = true, int32(k)
		}
	}
}

// territories are the grounds of the villages, in the order of their sites; built says what is a town's ground.
func (m *mesh) territories(seed uint64, g globe, sites []vec, built func(vec) bool) ([][]planar.Polygon, error) {
	rings := make([]planar.Polygon, len(m.cells))
	for i, f := range m.cells {
		rings[i] = planar.Polygon{lattice(g, m.ring(f.rect), true)}
	}
	fields, err := planar.Build(rings)
	if err != nil {
		return nil, fmt.Errorf("city: fields: %w", err)
	}
	label := m.allot(seed, sites)
	rejoin(fields, label)
	m.grant(sites, label, built) // at last: of a village whose ground a town cuts, the larger piece may have been the town's
	villages := fields.Dissolve(label)
	out := make([][]planar.Polygon, len(sites))
	for i := range sites {
		if i < len(villages.Faces) {
			out[i] = villages.Polygons(int32(i))
		}
		if len(out[i]) == 0 {
			return nil, fmt.Errorf("city: no fields for village %d", i+1)
		}
	}
	return out, nil
}
