package main

import (
	"jingwei/internal/fault"
	"jingwei/internal/layout"
)

// readAreas reads the polygons of a GeoJSON file with their names, the property name or else their id. No file has none.
func readAreas(path string) (areas []layout.Area, err error) {
	if path == "" {
		return nil, nil
	}
	err = eachFeature(path, func(n int, f *geoFeature) error {
		name, ok := textOrNumber(f.Properties["name"])
		if !ok || name == "" {
			if name, err = f.id(path, n); err != nil {
				return feature{path: path, n: n}.fault("缺少 name 属性或 id，结果中无法称呼它", "it has neither a property name nor an id to call it by")
			}
		}
		polygons, err := f.polygons(feature{path, n, name})
		if err != nil {
			return err
		}
		areas = append(areas, layout.Area{Name: name, Polygons: polygons})
		return nil
	})
	if err == nil && len(areas) == 0 {
		return nil, fault.New(fault.Invalid, path+"：文件中没有任何要素", path+": the file holds no features")
	}
	return areas, err
}
