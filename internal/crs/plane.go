package crs

import "math"

// Plane is a 3-degree Gauss-Krüger zone of CGCS2000 (GB/T 17798's projection): metres east, 500 000 on the central
// meridian, and metres north of the equator. There is no zone number in front of the easting.
//
// The series are Krüger's in the third flattening n, as in C. F. F. Karney, "Transverse Mercator with an
// accuracy of a few nanometers", Journal of Geodesy 85 (2011), equations 7 to 12, 35 and 36. Cut off after four terms they are exact
// to a micrometre as far as 10 degrees from the meridian.
type Plane struct {
	Meridian float64 // degrees east, a multiple of 3
}

const (
	falseEasting = 500_000
	earthA       = 6378137.0         // CGCS2000's ellipsoid, GB 22021
	earthF       = 1 / 298.257222101 //
	radian       = math.Pi / 180
)

var (
	thirdF  = earthF / (2 - earthF)
	ecc2    = earthF * (2 - earthF)
	ecc     = math.Sqrt(ecc2)
	radius  = rectifying(thirdF)
	forward = forwardSeries(thirdF)
	inverse = inverseSeries(thirdF)
)

// rectifying is the radius of the circle as long as a meridian.
func rectifying(n float64) float64 {
	n2 := n * n
	return earthA / (1 + n) * (1 + n2*(1./4+n2*(1./64+n2/256)))
}

func forwardSeries(n float64) [4]float64 {
	return [4]float64{
		n * (1./2 + n*(-2./3+n*(5./16+n*(41./180+n*(-127./288+n*7891/37800))))),
		n * n * (13./48 + n*(-3./5+n*(557./1440+n*(281./630-n*1983433/1935360)))),
		n * n * n * (61./240 + n*(-103./140+n*(15061./26880+n*167603/181440))),
		n * n * n * n * (49561./161280 + n*(-179./168+n*6601661/7257600)),
	}
}

func inverseSeries(n float64) [4]float64 {
	return [4]float64{
		n * (1./2 + n*(-2./3+n*(37./96+n*(-1./360+n*(-81./512+n*96199/604800))))),
		n * n * (1./48 + n*(1./15+n*(-437./1440+n*(46./105-n*1118711/3870720)))),
		n * n * n * (17./480 + n*(-37./840+n*(-209./4480+n*5569/90720))),
		n * n * n * n * (4397./161280 + n*(-11./504-n*830251/7257600)),
	}
}

// PlaneFor gives the zone whose meridian is nearest to the longitude.
func PlaneFor(lon float64) Plane { return Plane{3 * math.Round(lon/3)} }

// EPSG is the code of the zone without a zone number in its eastings, 4534 (75° E) to 4554 (135° E), or 0
// outside of China.
func (p Plane) EPSG() int {
	zone := int(p.Meridian / 3)
	if zone < 25 || zone > 45 || float64(zone*3) != p.Meridian {
		return 0
	}
	return 4534 + zone - 25
}

// Forward projects a position in degrees to metres: x east, y north.
func (p Plane) Forward(lon, lat float64) (x, y float64) {
	sinLat, cosLat := math.Sincos(lat * radian)
	sinLon, cosLon := math.Sincos((lon - p.Meridian) * radian)
	// The conformal latitude's tangent, times cosLat, and its secant likewise: so the poles are no exception.
	s := conformal(sinLat)
	hyp := math.Sqrt(1 + s*s)
	t := sinLat*hyp - s
	c := cosLon * cosLat
	sq := t*t + c*c
	// On the sphere: ξ' = atan(t/c), and e^2η' = (r+q)/(r−q) with q = sinLon·cosLat, r = sqrt(sq+q²).
	q := sinLon * cosLat
	r := math.Sqrt(sq + q*q)
	grown := (r + q) / (r - q)
	xi, eta := math.Atan2(t, c), .5*math.Log(grown)
	sin2, cos2 := 2*t*c/sq, (c*c-t*t)/sq
	sinh2, cosh2 := .5*(grown-1/grown), .5*(grown+1/grown)
	dXi, dEta := clenshaw(&forward, sin2, cos2, sinh2, cosh2)
	return falseEasting + radius*(eta+dEta), radius * (xi + dXi)
}

// conformal is sinh(e·atanh(e·sin φ)). Its argument is under 0.0068, so both functions are short polynomials.
func conformal(sinLat float64) float64 {
	u := ecc * sinLat
	u2 := u * u
	v := ecc * u * (1 + u2*(1./3+u2*(1./5+u2*(1./7+u2*(1./9+u2*(1./11+u2/13))))))
	v2 := v * v
	return v * (1 + v2*(1./6+v2/120))
}

// clenshaw sums Σ a[j]·sin(2(j+1)(ξ+iη)): real and imaginary part.
func clenshaw(a *[4]float64, sin2, cos2, sinh2, cosh2 float64) (re, im float64) {
	ar, ai := 2*cos2*cosh2, -2*sin2*sinh2 // 2 cos(2ζ)
	var b1r, b1i, b2r, b2i float64
	for j := 3; j >= 0; j-- {
		b1r, b1i, b2r, b2i = a[j]+ar*b1r-ai*b1i-b2r, ar*b1i+ai*b1r-b2i, b1r, b1i
	}
	sr, si := sin2*cosh2, cos2*sinh2 // sin(2ζ)
	return b1r*sr - b1i*si, b1r*si + b1i*sr
}

// Inverse gives the position in degrees of a point of the plane.
func (p Plane) Inverse(x, y float64) (lon, lat float64) {
	xi, eta := y/radius, (x-falseEasting)/radius
	sin2, cos2 := math.Sincos(2 * xi)
	grown := math.Exp(2 * eta)
	dXi, dEta := clenshaw(&inverse, sin2, cos2, .5*(grown-1/grown), .5*(grown+1/grown))
	xi -= dXi
	eta -= dEta
	sinXi, cosXi := math.Sincos(xi)
	sinhEta := math.Sinh(eta)
	lon = p.Meridian + math.Atan2(sinhEta, cosXi)/radian
	want := sinXi / math.Sqrt(sinhEta*sinhEta+cosXi*cosXi) // tangent of the conformal latitude
	return lon, math.Atan(geodetic(want)) / radian
}

// geodetic solves for the tangent of the latitude that has this tangent of its conformal latitude, by
// Newton's method (Karney, equations 19 to 21); from where it starts two rounds reach the last bit.
func geodetic(want float64) float64 {
	tau := want / (1 - ecc2)
	for range 3 {
		sec := math.Sqrt(1 + tau*tau)
		s := conformal(tau / sec)
		got := tau*math.Sqrt(1+s*s) - s*sec
		step := (want - got) / math.Sqrt(1+got*got) * (1 + (1-ecc2)*tau*tau) / ((1 - ecc2) * sec)
		tau += step
		if math.Abs(step) <= 1e-15*max(1, math.Abs(tau)) {
			break
		}
	}
	return tau
}
