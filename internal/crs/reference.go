package crs

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"jingwei/internal/fault"
)

// Projected is a Gauss-Krüger plane of CGCS2000 as files use it: of a 3-degree or a 6-degree zone, with the zone's number in front of the eastings or
// without (GB/T 17798; EPSG:4491 to 4554).
type Projected struct {
	Plane Plane
	Wide  bool // a 6-degree zone
	Zone  int  // the number in front of eastings, 0 for none
}

// The first EPSG code of each kind, and what it is the code of.
const (
	epsgWideZones   = 4491 // 6 degrees, zones 13 to 23 with their number
	epsgWide        = 4502 // 6 degrees, 75° E to 135° E
	epsgNarrowZones = 4513 // 3 degrees, zones 25 to 45 with their number
	epsgNarrow      = 4534 // 3 degrees, 75° E to 135° E
	epsgLast        = 4554
)

// ProjectedOf is the plane of an EPSG code.
func ProjectedOf(epsg int) (Projected, bool) {
	switch {
	case epsg < epsgWideZones || epsg > epsgLast:
		return Projected{}, false
	case epsg < epsgWide:
		return zoned(13+epsg-epsgWideZones, true), true
	case epsg < epsgNarrowZones:
		return Projected{Plane{75 + 6*float64(epsg-epsgWide)}, true, 0}, true
	case epsg < epsgNarrow:
		return zoned(25+epsg-epsgNarrowZones, false), true
	}
	return Projected{Plane{75 + 3*float64(epsg-epsgNarrow)}, false, 0}, true
}

// zoned is the plane of a zone whose number stands in front of the eastings.
func zoned(zone int, wide bool) Projected {
	if wide {
		return Projected{Plane{float64(6*zone - 3)}, true, zone}
	}
	return Projected{Plane{float64(3 * zone)}, false, zone}
}

// EPSG is the code, 0 outside of China.
func (p Projected) EPSG() int {
	for epsg := epsgWideZones; epsg <= epsgLast; epsg++ {
		if q, _ := ProjectedOf(epsg); q == p {
			return epsg
		}
	}
	return 0
}

// ToDegrees gives the position of a point of the plane.
func (p Projected) ToDegrees(x, y float64) (lon, lat float64) {
	return p.Plane.Inverse(x-float64(p.Zone)*1e6, y)
}

// FromDegrees gives the point of a position.
func (p Projected) FromDegrees(lon, lat float64) (x, y float64) {
	x, y = p.Plane.Forward(lon, lat)
	return x + float64(p.Zone)*1e6, y
}

// GuessProjected tells the plane by the zone's number in front of an easting: 13 to 23 are zones of 6 degrees in China, 25 to 45 of 3 degrees. Without
// a number it can't be told.
func GuessProjected(x, y float64) (Projected, bool) {
	zone := int(x / 1e6)
	if y < 3e5 || y > 6.5e6 || math.Abs(x-float64(zone)*1e6-falseEasting) > 4e5 {
		return Projected{}, false
	}
	switch {
	case zone >= 13 && zone <= 23:
		return zoned(zone, true), true
	case zone >= 25 && zone <= 45:
		return zoned(zone, false), true
	}
	return Projected{}, false
}

// Reference is what a file's coordinates are in: degrees of a system, or metres of a plane.
type Reference struct {
	System    System
	Projected *Projected // nil for degrees
}

// ParseReference reads what Parse does, and the planes as EPSG:4491 to EPSG:4554. An unknown name is a fault.Invalid.
func ParseReference(name string) (Reference, error) {
	plain := strings.NewReplacer("-", "", "_", "", " ", "", ":", "").Replace(strings.ToLower(name))
	if epsg, err := strconv.Atoi(strings.TrimPrefix(plain, "epsg")); err == nil {
		if p, known := ProjectedOf(epsg); known {
			return Reference{CGCS2000, &p}, nil
		}
	}
	s, err := Parse(name)
	if err != nil {
		return Reference{}, fault.New(fault.Invalid,
			fmt.Sprintf("不认识坐标系“%.40s”，请用 wgs84、cgcs2000、gcj02、bd09，或 CGCS2000 高斯投影的 epsg:4491–4554（如 3 度带 39 带、带号在前：epsg:4527）", name),
			fmt.Sprintf("unknown coordinate system %.40q: use wgs84, cgcs2000, gcj02, bd09, or a Gauss-Krüger plane of CGCS2000, epsg:4491 to 4554 (3-degree zone 39 with its number: epsg:4527)", name))
	}
	return Reference{System: s}, nil
}

// String is a name that ParseReference takes.
func (r Reference) String() string {
	if r.Projected != nil {
		return fmt.Sprintf("epsg:%d", r.Projected.EPSG())
	}
	return r.System.String()
}
