package tile

import (
	"fmt"
	"sync"

	"jingwei/internal/planar"
)

// poles keeps where the labels of divisions go: a division's pole of inaccessibility takes a while to find
// and is asked for by every tile that it touches.
type poles struct {
	mu   sync.Mutex
	kept map[string]planar.Point
}

// polePrecision is how near to the best place a division's label must be: 10 m.
const polePrecision = 1000

// at gives the pole of a polygon; the name stands for the polygon as it was imported.
func (p *poles) at(name string, geom []byte) (planar.Point, error) {
	p.mu.Lock()
	found, ok := p.kept[name]
	p.mu.Unlock()
	if ok {
		return found, nil
	}
	polygons, err := planar.ParsePolygons(geom)
	if err != nil {
		return found, fmt.Errorf("tile: division %s: %w", name, err)
	}
	found = planar.PoleOfInaccessibility(polygons, polePrecision)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil || len(p.kept) > 100_000 {
		p.kept = make(map[string]planar.Point)
	}
	p.kept[name] = found
	return found, nil
}

// divisionLabel adds the label of a division if it lies in this tile.
func (r *rendering) divisionLabel(b *builder, id uint64, name string, geom []byte, tags []tag) error {
	p, err := r.server.poles.at(name, geom)
	if err != nil {
		return err
	}
	r.point(b, id, p, 0, tags)
	return nil
}
