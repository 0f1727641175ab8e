package ground

import (
	"testing"

	"pgregory.net/rapid"
)

// Sites on a small lattice: many lie in a line, on a circle, or on each other.
func drawSites(t *rapid.T) []site {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	span := rapid.SampledFrom([]int64{3, 12, 1 << 20}).Draw(t, "span")
	sites := make([]site, n)
	for i := range sites {
		sites[i] = site{rapid.Int64Range(-span, span).Draw(t, "x"), rapid.Int64Range(-span, span).Draw(t, "y")}
	}
	return sites
}

func TestTriangulationIsDelaunay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mesh := newTriangulation(1<<20, 8)
		for _, s := range drawSites(t) {
			mesh.insert(s)
		}
		if got, want := len(mesh.triangles), 2*(len(mesh.sites)-corners)+2; got != want {
			t.Fatalf("%d triangles for %d sites, want %d", got, len(mesh.sites), want)
		}
		for i := range mesh.triangles {
			tr := &mesh.triangles[i]
			if turn(mesh.sites[tr.corner[0]], mesh.sites[tr.corner[1]], mesh.sites[tr.corner[2]]) <= 0 {
				t.Fatalf("triangle %d doesn't turn left", i)
			}
			for v, s := range mesh.sites {
				if mesh.circleHolds(int32(i), s) {
					t.Fatalf("site %d lies in the circle of triangle %d", v, i)
				}
			}
			for k, n := range tr.next {
				if n >= 0 && mesh.triangles[n].next[indexOf(mesh.triangles[n].next, int32(i))] != int32(i) {
					t.Fatalf("triangle %d isn't its neighbour's neighbour across %d", i, k)
				}
			}
		}
	})
}

func indexOf(next [3]int32, t int32) int {
	for i, n := range next {
		if n == t {
			return i
		}
	}
	return 0
}

func TestNearestIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mesh := newTriangulation(1<<20, 8)
		sites := append(drawSites(t), site{1, 1})
		for _, s := range sites {
			mesh.insert(s)
		}
		p := site{rapid.Int64Range(-20, 20).Draw(t, "x"), rapid.Int64Range(-20, 20).Draw(t, "y")}
		square := func(s site) int64 { return (s.x-p.x)*(s.x-p.x) + (s.y-p.y)*(s.y-p.y) }
		got := square(mesh.sites[mesh.nearest(p)])
		for _, s := range sites {
			if square(s) < got {
				t.Fatalf("%v is nearer to %v than what was found", s, p)
			}
		}
	})
}
