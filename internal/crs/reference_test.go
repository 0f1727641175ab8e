package crs

import (
	"math"
	"strconv"
	"testing"

	"jingwei/internal/fault"
)

// Every plane of EPSG:4491 to 4554 goes there and back, and is told by its zone number where it has one.
func TestProjectedPlanes(t *testing.T) {
	seen := make(map[Projected]bool)
	for epsg := 4491; epsg <= 4554; epsg++ {
		p, ok := ProjectedOf(epsg)
		if !ok || seen[p] || p.EPSG() != epsg {
			t.Fatalf("epsg:%d is %+v, %v, with code %d", epsg, p, ok, p.EPSG())
		}
		seen[p] = true
		lon, lat := p.Plane.Meridian+1.2, 35.4
		x, y := p.FromDegrees(lon, lat)
		if back, north := p.ToDegrees(x, y); math.Abs(back-lon) > 1e-10 || math.Abs(north-lat) > 1e-10 {
			t.Errorf("epsg:%d: %g %g came back as %g %g", epsg, lon, lat, back, north)
		}
		guess, told := GuessProjected(x, y)
		if told != (p.Zone > 0) || told && guess != p {
			t.Errorf("epsg:%d: x %.0f was taken for %+v, %v", epsg, x, guess, told)
		}
		if ref, err := ParseReference(" EPSG:" + strconv.Itoa(epsg)); err != nil || *ref.Projected != p || ref.String() != "epsg:"+strconv.Itoa(epsg) {
			t.Errorf("epsg:%d: %v, %v", epsg, ref, err)
		}
	}
	for _, epsg := range []int{4490, 4555, 0} {
		if _, ok := ProjectedOf(epsg); ok {
			t.Errorf("epsg:%d is a plane", epsg)
		}
	}
	for _, name := range []string{"epsg:4555", "xian80", "", "epsg:"} {
		if _, err := ParseReference(name); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	if r, err := ParseReference("GCJ-02"); err != nil || r.System != GCJ02 || r.Projected != nil || r.String() != "gcj02" {
		t.Errorf("gcj-02: %v, %v", r, err)
	}
}
