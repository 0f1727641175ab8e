package crs

import (
	"fmt"
	"strings"

	"jingwei/internal/fault"
)

// System is a coordinate reference system of positions in degrees.
type System uint8

const (
	WGS84    System = iota // EPSG:4326
	CGCS2000               // EPSG:4490; here the same as WGS84, from which it differs by centimetres
	GCJ02                  // 国测局坐标: Amap, Tencent, Google's map of China
	BD09                   // 百度坐标
)

var names = [...]string{"wgs84", "cgcs2000", "gcj02", "bd09"}

// String is the name that Parse takes: wgs84, cgcs2000, gcj02, bd09.
func (s System) String() string {
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("system %d", uint8(s))
}

// Parse reads a system's name. Case, spaces, hyphens and underscores don't matter; EPSG:4326 and EPSG:4490
// are names too. An unknown name is a fault.Invalid.
func Parse(name string) (System, error) {
	plain := strings.NewReplacer("-", "", "_", "", " ", "", ":", "").Replace(strings.ToLower(name))
	switch plain {
	case "wgs84", "epsg4326", "gps":
		return WGS84, nil
	case "cgcs2000", "epsg4490":
		return CGCS2000, nil
	case "gcj02", "gcj", "mars", "火星坐标":
		return GCJ02, nil
	case "bd09", "bd09ll", "baidu", "百度坐标":
		return BD09, nil
	}
	return 0, fault.New(fault.Invalid,
		fmt.Sprintf("不认识坐标系“%s”，请用 wgs84、cgcs2000、gcj02 或 bd09", name),
		fmt.Sprintf("unknown coordinate system %q: use wgs84, cgcs2000, gcj02 or bd09", name))
}

// ToWGS84 gives a position of system s in WGS 84. Coming from GCJ-02 and BD-09, which have no closed inverse, it is
// exact to 1e-8 m.
func (s System) ToWGS84(lon, lat float64) (float64, float64) {
	switch s {
	case BD09:
		return gcjToWGS(bdToGCJ(lon, lat))
	case GCJ02:
		return gcjToWGS(lon, lat)
	}
	return lon, lat
}

// FromWGS84 gives a WGS 84 position in system s.
func (s System) FromWGS84(lon, lat float64) (float64, float64) {
	switch s {
	case BD09:
		return gcjToBD(wgsToGCJ(lon, lat))
	case GCJ02:
		return wgsToGCJ(lon, lat)
	}
	return lon, lat
}

// Plausible says whether the two numbers can be a longitude and a latitude at all.
func Plausible(lon, lat float64) bool {
	return lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90
}

// InChina says whether a position lies in the box around China, 73 to 136 degrees east, 3 to 54 north. The box
// holds much of the neighbours too: it is for finding swapped axes and projected metres, not for borders.
func InChina(lon, lat float64) bool {
	return lon >= 73 && lon <= 136 && lat >= 3 && lat <= 54
}
