package incident

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The tile that a position lies in (the formula of OpenStreetMap's wiki, "Slippy map tilenames") is the one whose range of cells holds it, at every zoom.
func TestCellsOfTiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(73, 136).Draw(t, "lon"), rapid.Float64Range(3, 54).Draw(t, "lat")
		z := rapid.IntRange(0, 18).Draw(t, "z")
		n := math.Exp2(float64(z))
		x := int(math.Floor((lon + 180) / 360 * n))
		phi := lat * math.Pi / 180
		y := int(math.Floor((1 - math.Log(math.Tan(phi)+1/math.Cos(phi))/math.Pi) / 2 * n))
		cell := cellOf(lon, lat)
		if r := tileCells(z, x, y); cell < r.low || cell >= r.high {
			t.Fatalf("cell %d of %v %v isn't in %v of tile %d/%d/%d", cell, lon, lat, r, z, x, y)
		}
		if r := tileCells(z, x+1, y); cell >= r.low && cell < r.high {
			t.Fatalf("cell %d of %v %v is in its neighbour's %v too", cell, lon, lat, r)
		}
	})
}

// Whatever lies within the distance lies in one of the ranges, and there are four at most, none of them much larger than that.
func TestCellsAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(73, 136).Draw(t, "lon"), rapid.Float64Range(3, 54).Draw(t, "lat")
		metres := rapid.Float64Range(1, 500).Draw(t, "metres")
		bearing, off := rapid.Float64Range(0, 2*math.Pi).Draw(t, "bearing"), rapid.Float64Range(0, 1).Draw(t, "off")
		around := cellsAround(lon, lat, metres)
		if len(around) > 4 {
			t.Fatalf("%d ranges", len(around))
		}
		const metresPerDegree = 111_320 // of longitude at the equator; of latitude there are 110,574 or more
		cell := cellOf(lon+off*metres*math.Sin(bearing)/(metresPerDegree*math.Cos(lat*math.Pi/180)), lat+off*metres*math.Cos(bearing)/111_695)
		within := false
		for _, r := range around {
			within = within || cell >= r.low && cell < r.high
			side := math.Sqrt(float64(r.high-r.low)) * 40075016.7 / (1 << cellBits) * math.Cos(lat*math.Pi/180)
			if side > 4.2*metres && metres > 2 {
				t.Fatalf("a range %f m wide for %f m", side, metres)
			}
		}
		if !within {
			t.Fatalf("a place %f m off isn't in %v", off*metres, around)
		}
	})
}
