package tile

import (
	"math"

	"jingwei/internal/heatmap"
)

// renderPopulation shows the residents by H3 cell, at the resolution that fits the zoom. A cell of fewer than
// ten is left out: by the statement, so that it doesn't even leave the database.
func renderPopulation(r *rendering) {
	resolution := heatmap.ResolutionAt(r.at.Z)
	cells := heatmap.Covering(r.near[0], r.near[1], r.near[2], r.near[3], resolution)
	b := r.layer(string(Population))
	var id int64
	var residents int
	r.askAnywhere(Population, []any{&id, &residents}, func() error {
		outline := heatmap.Boundary(id)
		pixels := make(ring, len(outline))
		for i, p := range outline {
			pixels[i] = project(p, r.at.Z)
		}
		commands, extent := r.polygon(shape{polygons: [][]ring{{pixels}}}, 0)
		density := math.Round(float64(residents) / heatmap.Square(id) * 1e6)
		b.add(uint64(id), typePolygon, commands, extent, tag{"residents", residents}, tag{"density", density})
		return nil
	}, `
		SELECT cell, sum(residents)::int FROM population_cell
		WHERE county IN (SELECT county FROM layout WHERE live) AND resolution = $1 AND cell = ANY($2)
		GROUP BY cell HAVING sum(residents) >= $3 ORDER BY cell`, resolution, cells, heatmap.Fewest)
}
