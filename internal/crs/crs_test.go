package crs

import (
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"jingwei/internal/fault"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for name, want := range map[string]System{
		"gcj02": GCJ02, "GCJ-02": GCJ02, "Gcj_02": GCJ02, "bd09": BD09, "BD-09": BD09, "wgs84": WGS84, "WGS 84": WGS84,
		"cgcs2000": CGCS2000, "CGCS 2000": CGCS2000, "EPSG:4490": CGCS2000, "epsg:4326": WGS84,
	} {
		if got, err := Parse(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "epsg:3857", "gcj03", "utm"} {
		if _, err := Parse(name); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	for s := WGS84; s <= BD09; s++ {
		if got, err := Parse(s.String()); err != nil || got != s {
			t.Errorf("%v: %v, %v", s, got, err)
		}
	}
}

// Values that googollee/eviltransform publishes in its tests (latitude, longitude there).
func TestShiftAgainstPublishedValues(t *testing.T) {
	for _, c := range [][4]float64{
		{121.5272106, 31.1774276, 121.531541859215, 31.17530398364597},
		{113.912316, 22.543847, 113.9171764808363, 22.540796131694766},
		{116.377817, 39.911954, 116.38404722455657, 39.91334545536069},
	} {
		lon, lat := GCJ02.FromWGS84(c[0], c[1])
		if math.Abs(lon-c[2]) > 1e-12 || math.Abs(lat-c[3]) > 1e-12 {
			t.Errorf("%v: got %.13f %.13f", c, lon, lat)
		}
	}
}

// wandergis/coordtransform publishes this pair.
func TestBaiduAgainstPublishedValues(t *testing.T) {
	if lon, lat := gcjToBD(116.404, 39.915); math.Abs(lon-116.41036949371029) > 1e-12 || math.Abs(lat-39.92133699351021) > 1e-12 {
		t.Errorf("got %.14f %.14f", lon, lat)
	}
	lon, lat := GCJ02.ToWGS84(116.404, 39.915)
	x, y := BD09.FromWGS84(lon, lat)
	if math.Abs(x-116.41036949371029) > 1e-12 || math.Abs(y-39.92133699351021) > 1e-12 {
		t.Errorf("by way of WGS 84: %.14f %.14f", x, y)
	}
}

func TestShiftsThereAndBack(t *testing.T) {
	for s := WGS84; s <= BD09; s++ {
		rapid.Check(t, func(t *rapid.T) {
			lon := rapid.Float64Range(72.1, 137.7).Draw(t, "lon")
			lat := rapid.Float64Range(.9, 55.7).Draw(t, "lat")
			x, y := s.FromWGS84(lon, lat)
			backLon, backLat := s.ToWGS84(x, y)
			// The shift goes with the root of the distance to 105°E, whose slope has no bound there: a last digit more or less is 3e-8 m.
			if d := metres(lon, lat, backLon, backLat); d > 1e-6 {
				t.Fatalf("%v: %.10f %.10f comes back %g m off", s, lon, lat, d)
			}
			if d := metres(lon, lat, x, y); s >= GCJ02 && (d < 5 || d > 2500) || s < GCJ02 && d != 0 {
				t.Fatalf("%v: %.7f %.7f is shifted by %f m", s, lon, lat, d)
			}
		})
	}
}

func metres(lon, lat, lon2, lat2 float64) float64 {
	return math.Hypot((lon-lon2)*111320*math.Cos(lat*radian), (lat-lat2)*111320)
}

func TestNoShiftAbroad(t *testing.T) {
	for _, p := range [][2]float64{{0, 51.5}, {151, -33}, {-74, 40.7}, {71.9, 35}, {139.7, 35.7}, {104, .5}, {104, 56}} {
		if lon, lat := GCJ02.FromWGS84(p[0], p[1]); lon != p[0] || lat != p[1] {
			t.Errorf("%v moved to %f %f", p, lon, lat)
		}
		if lon, lat := GCJ02.ToWGS84(p[0], p[1]); lon != p[0] || lat != p[1] {
			t.Errorf("%v moved back to %f %f", p, lon, lat)
		}
	}
	if lon, lat := GCJ02.FromWGS84(math.NaN(), 30); !math.IsNaN(lon) || lat != 30 {
		t.Errorf("no number became %f %f", lon, lat)
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		lon, lat           float64
		plausible, chinese bool
	}{
		{116.3, 40, true, true}, {40, 116.3, false, false}, {448000, 4428000, false, false}, {40, 39, true, false},
		{121, 23.5, true, true}, {112, 4, true, true}, {135, 48, true, true}, {73.6, 39, true, true}, {123, 53.5, true, true},
		{math.NaN(), 30, false, false}, {116, math.Inf(1), false, false},
	} {
		if Plausible(c.lon, c.lat) != c.plausible || InChina(c.lon, c.lat) != c.chinese {
			t.Errorf("%v: plausible %v, in China %v", c, Plausible(c.lon, c.lat), InChina(c.lon, c.lat))
		}
	}
}

func TestPlaneThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon := rapid.Float64Range(73, 136).Draw(t, "lon")
		lat := rapid.Float64Range(-60, 80).Draw(t, "lat")
		p := PlaneFor(lon + rapid.Float64Range(-4, 4).Draw(t, "off"))
		x, y := p.Forward(lon, lat)
		backLon, backLat := p.Inverse(x, y)
		if d := metres(lon, lat, backLon, backLat); d > 1e-6 {
			t.Fatalf("%v: %.10f %.10f comes back %g m off", p, lon, lat, d)
		}
	})
}

// The projection is conformal, and true to scale on its meridian: that alone determines it.
func TestPlaneIsConformalAndTrueOnItsMeridian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := PlaneFor(rapid.Float64Range(73, 136).Draw(t, "lon"))
		lat := rapid.Float64Range(3, 54).Draw(t, "lat")
		off := rapid.Float64Range(-2, 2).Draw(t, "off")
		const h = 1e-5
		scale := func(off float64) (east, north, skew float64) {
			x0, y0 := p.Forward(p.Meridian+off-h, lat)
			x1, y1 := p.Forward(p.Meridian+off+h, lat)
			x2, y2 := p.Forward(p.Meridian+off, lat-h)
			x3, y3 := p.Forward(p.Meridian+off, lat+h)
			sin, cos := math.Sincos(lat * radian)
			w2 := 1 - ecc2*sin*sin
			parallel := earthA / math.Sqrt(w2) * cos * 2 * h * radian
			meridian := earthA * (1 - ecc2) / (w2 * math.Sqrt(w2)) * 2 * h * radian
			return math.Hypot(x1-x0, y1-y0) / parallel, math.Hypot(x3-x2, y3-y2) / meridian,
				((x1-x0)*(x3-x2) + (y1-y0)*(y3-y2)) / parallel / meridian
		}
		if east, north, _ := scale(0); math.Abs(east-1) > 1e-7 || math.Abs(north-1) > 1e-7 {
			t.Fatalf("scale on the meridian at %f: %.9f east, %.9f north", lat, east, north)
		}
		east, north, skew := scale(off)
		if math.Abs(east-north) > 1e-7 || math.Abs(skew) > 1e-7 {
			t.Fatalf("at %f, %f off: scale %.9f east, %.9f north, skew %g", lat, off, east, north, skew)
		}
	})
}

func TestPlaneFor(t *testing.T) {
	for lon, want := range map[float64]Plane{116.3: {117}, 115.4: {114}, 104.06: {105}, 75: {75}, 134.9: {135}} {
		if got := PlaneFor(lon); got != want {
			t.Errorf("%f: %v, want %v", lon, got, want)
		}
	}
	for _, c := range []struct {
		meridian float64
		code     int
	}{{75, 4534}, {117, 4548}, {135, 4554}, {72, 0}, {138, 0}, {116, 0}} {
		if got := (Plane{c.meridian}).EPSG(); got != c.code {
			t.Errorf("%v: EPSG:%d, want %d", c.meridian, got, c.code)
		}
	}
}

// PROJ is the other opinion.
func TestPlaneAgainstPROJ(t *testing.T) {
	program, err := exec.LookPath("gdaltransform")
	if err != nil {
		t.Skip("gdaltransform isn't installed: no PROJ to compare with")
	}
	for _, meridian := range []float64{75, 117, 135} {
		p := Plane{meridian}
		var in strings.Builder
		var want [][2]float64
		for lat := 3.; lat < 54; lat += 7.3 {
			for off := -2.; off <= 2; off += .8 {
				fmt.Fprintf(&in, "%.9f %.9f\n", meridian+off, lat)
				want = append(want, [2]float64{meridian + off, lat})
			}
		}
		cmd := exec.Command(program, "-s_srs", "+proj=longlat +ellps=GRS80 +no_defs", "-t_srs",
			fmt.Sprintf("+proj=tmerc +lat_0=0 +lon_0=%g +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs", meridian), "-output_xy")
		cmd.Stdin = strings.NewReader(in.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if len(lines) != len(want) {
			t.Fatalf("asked for %d points, got %q", len(want), out)
		}
		for i, line := range lines {
			var x, y float64
			if _, err := fmt.Sscan(line, &x, &y); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if gx, gy := p.Forward(want[i][0], want[i][1]); math.Hypot(gx-x, gy-y) > 1e-5 {
				t.Errorf("%v: got %.6f %.6f, PROJ %.6f %.6f", want[i], gx, gy, x, y)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("gcj02")
	f.Fuzz(func(t *testing.T, name string) {
		if s, err := Parse(name); (err == nil) == (fault.CodeOf(err) == fault.Invalid) || s > BD09 {
			t.Errorf("%q: %v %v", name, s, err)
		}
	})
}

func FuzzToWGS84(f *testing.F) {
	f.Add(116.3, 40.0)
	f.Add(137.834, 55.827)
	f.Fuzz(func(t *testing.T, lon, lat float64) {
		for s := WGS84; s <= BD09; s++ {
			x, y := s.ToWGS84(lon, lat)
			if InChina(lon, lat) && metres(lon, lat, x, y) > 5000 {
				t.Errorf("%v: %g %g moved to %g %g", s, lon, lat, x, y)
			}
		}
	})
}

func BenchmarkForward(b *testing.B) {
	p := PlaneFor(116.3)
	lon := 116.3
	for b.Loop() {
		x, _ := p.Forward(lon, 40)
		lon = 116.3 + x*1e-15
	}
}

func BenchmarkGCJToWGS84(b *testing.B) {
	for b.Loop() {
		GCJ02.ToWGS84(116.3, 40)
	}
}
