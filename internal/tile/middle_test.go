package tile

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jingwei/internal/postgres/pgtest"
)

// A shape's middle is within it, bays and holes or not.
func TestMiddleIsWithin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// A comb: teeth of any length on a bar, so that the middle of its extent is often outside.
		n := rapid.IntRange(1, 6).Draw(t, "teeth")
		deep := rapid.SliceOfN(rapid.Int32Range(0, 90), n, n).Draw(t, "deep")
		var comb ring
		for i, d := range deep {
			x := int32(20 * i)
			comb = append(comb, pixel{x, 0}, pixel{x, 10 + d}, pixel{x + 10, 10 + d}, pixel{x + 10, 0})
		}
		comb = append(comb, pixel{int32(20*n - 10), -10}, pixel{0, -10})
		hole := ring{{2, -8}, {8, -8}, {8, -2}, {2, -2}}
		s := shape{polygons: [][]ring{{{{-500, -500}, {-498, -500}, {-498, -498}}}, {comb, hole}}}
		p := s.middle()
		inside := false
		for _, x := range crossings([]ring{comb, hole}, float64(p.y)+0.25) {
			if x < float64(p.x)+0.5 {
				inside = !inside
			}
		}
		if !inside {
			t.Fatalf("%v isn't within %v", p, comb)
		}
	})
}

// Of the tiles that a building and a wood lie in, one names each; all show them.
func TestAShapeInSeveralTilesIsNamedOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	smallTown(t, db)
	at := tileAt(116.3205, 40.0005, 17)
	corner := at.bounds(0)
	west, north := corner[0], corner[3]
	box := fmt.Sprintf(`ST_Multi(ST_MakeEnvelope(%.9f, %.9f, %.9f, %.9f, 4326))`, west-0.0004, north-0.0001, west+0.0009, north+0.0006)
	change(t, db, `INSERT INTO building (county, source, name, digest, geom) SELECT 110108, 'x', '长楼', '', `+box)
	change(t, db, `INSERT INTO area_feature (county, source, kind, barrier, class, name, digest, geom) SELECT 110108, 'x', 'landuse', 0, 'wood', '大林', '', `+box)
	s := newServer(t, db)
	named := map[string]int{}
	shown := map[string]int{}
	for x := at.X - 2; x <= at.X+2; x++ {
		for y := at.Y - 2; y <= at.Y+2; y++ {
			_, layers := decode(t, raw(t, get(t, s, "buildings,landuse", Address{17, x, y})))
			for _, l := range layers {
				for _, f := range l.Features {
					if name := fmt.Sprint(f.Properties["name"]); slices.Contains([]string{"长楼", "大林"}, name) {
						named[name]++
					}
					if f.Properties["class"] == "wood" {
						shown["大林"]++
					}
				}
			}
		}
	}
	if named["长楼"] != 1 || named["大林"] != 1 || shown["大林"] < 4 {
		t.Errorf("named %v times, shown in %v tiles", named, shown)
	}
}
