package tile

import (
	"context"

	"jingwei/internal/planar"
)

// Area is a polygon of a coverage that isn't the live one: of an earlier version, on its way to a file.
type Area struct {
	ID         uint64
	Parts      []planar.Polygon
	Label      *planar.Point // where its label stands; nil for none
	Properties []Property
}

// AreaLayer is a layer of areas that share their borders. Its labels are a layer of their own, of its name and "_labels".
type AreaLayer struct {
	Name  string
	Areas []Area
}

// DrawAreas draws layers into a tile as the server draws grids: borders stay shared, no area is left out. It gives the tile uncompressed, nothing for an
// empty one.
func DrawAreas(ctx context.Context, at Address, layers []AreaLayer) ([]byte, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	r := newRendering(ctx, nil, at)
	for _, l := range layers {
		areas, labels := r.coverage(r.layer(l.Name)), r.layer(l.Name+"_labels")
		for _, a := range l.Areas {
			tags := make([]tag, len(a.Properties))
			for i, p := range a.Properties {
				tags[i] = tag{p.Key, p.Value}
			}
			if err := areas.add(a.ID, planar.MultiPolygonEWKB(a.Parts), tags); err != nil {
				return nil, err
			}
			if a.Label != nil {
				r.point(labels, a.ID, *a.Label, 0, tags)
			}
		}
	}
	for _, f := range r.then {
		if err := f(); err != nil {
			return nil, err
		}
	}
	var out []byte
	for _, b := range r.layers {
		out = b.append(out)
	}
	return out, nil
}
