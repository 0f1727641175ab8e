package crs

import "math"

// The shift of GCJ-02 was never published officially. The formula is the one that came to light in the
// "ChinaMapShift" sources and that every open conversion uses (googollee/eviltransform, wandergis/coordtransform); it
// reckons on the Krasovsky 1940 ellipsoid. BD-09 on top of it is Baidu's, from the same places.
const (
	krasovskyA  = 6378245.0
	krasovskyE2 = 0.00669342162296594323
	bdTurn      = math.Pi * 3000 / 180
)

// unshifted says whether the shift doesn't apply: outside the rectangle of the published formula.
func unshifted(lon, lat float64) bool {
	return !(lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271)
}

func wgsToGCJ(lon, lat float64) (float64, float64) {
	if unshifted(lon, lat) {
		return lon, lat
	}
	dLon, dLat := shift(lon, lat)
	return lon + dLon, lat + dLat
}

// shift gives how far GCJ-02 moves a WGS 84 position, in degrees.
func shift(lon, lat float64) (dLon, dLat float64) {
	x, y := lon-105, lat-35
	root := math.Sqrt(math.Abs(x))
	common := 20*math.Sin(6*math.Pi*x) + 20*math.Sin(2*math.Pi*x)
	north := -100 + 2*x + 3*y + .2*y*y + .1*x*y + .2*root + 2./3*(common+
		20*math.Sin(math.Pi*y)+40*math.Sin(math.Pi*y/3)+
		160*math.Sin(math.Pi*y/12)+320*math.Sin(math.Pi*y/30))
	east := 300 + x + 2*y + .1*x*x + .1*x*y + .1*root + 2./3*(common+
		20*math.Sin(math.Pi*x)+40*math.Sin(math.Pi*x/3)+
		150*math.Sin(math.Pi*x/12)+300*math.Sin(math.Pi*x/30))
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w2 := 1 - krasovskyE2*sin*sin
	w := math.Sqrt(w2)
	const degrees = 180 / math.Pi
	return east * degrees / (krasovskyA / w * cos), north * degrees / (krasovskyA * (1 - krasovskyE2) / (w2 * w))
}

// gcjToWGS inverts wgsToGCJ. A position that lies outside the formula's rectangle is left alone; within
// a kilometre of the rectangle's edge, far from any Chinese ground, the shift has no inverse, and what comes out is near only.
func gcjToWGS(lon, lat float64) (float64, float64) {
	if unshifted(lon, lat) {
		return lon, lat
	}
	return invert(lon, lat, func(x, y float64) (float64, float64) {
		dx, dy := shift(x, y)
		return x + dx, y + dy
	})
}

func gcjToBD(lon, lat float64) (float64, float64) {
	r := math.Hypot(lon, lat) + .00002*math.Sin(lat*bdTurn)
	sin, cos := math.Sincos(math.Atan2(lat, lon) + .000003*math.Cos(lon*bdTurn))
	return r*cos + .0065, r*sin + .006
}

func bdToGCJ(lon, lat float64) (float64, float64) { return invert(lon, lat, gcjToBD) }

// invert solves f(x, y) = (lon, lat) by x += lon − f(x). The shifts change by 0.3 % (GCJ-02) and 2 % (BD-09) of
// a step, so an error shrinks at least fiftyfold a round.
func invert(lon, lat float64, f func(x, y float64) (float64, float64)) (float64, float64) {
	const enough = 2e-14 // degrees: 2 nanometres, the last bit of a longitude
	x, y := lon, lat
	for range 12 {
		fx, fy := f(x, y)
		dx, dy := lon-fx, lat-fy
		x += dx
		y += dy
		if math.Abs(dx) <= enough && math.Abs(dy) <= enough {
			break
		}
	}
	return x, y
}
