package tile

import (
	"slices"

	"jingwei/internal/facility"
)

// renderFacilities shows the kinds that a zoom has room for. In a tile that is too large the commonest go first.
func renderFacilities(r *rendering) {
	b := r.layer(string(Facilities))
	kinds := facility.Shown(r.at.Z)
	var id int64
	var kind, name string
	var geom []byte
	r.ask(Facilities, []any{&id, &kind, &name, &geom}, func() error {
		s, err := readShape(geom, r.at.Z)
		if err != nil {
			return err
		}
		rank := float64(len(kinds) - slices.Index(kinds, kind))
		for _, p := range s.points {
			r.point(b, uint64(id), p, rank, []tag{{"kind", kind}, {"name", name}})
		}
		return nil
	}, `
		SELECT id, kind, name, ST_AsBinary(geom, 'NDR') FROM facility
		WHERE kind = ANY($5) AND `+nearby("geom")+` ORDER BY county, id`, kinds)
}
