// Package ingest turns files into rows: divisions, the features of the ground, and counts of its buildings.
//
//	Divisions  polygons with codes → division, with a check of their partition
//	Ground     streets, rail, water, walls, landuse, buildings, entrances → the feature tables
//	Counts     a CSV of households, people over 80, … by building → building_count
//
// A file streams through: OSM PBF (pbf.go, pbfblock.go) and XML (osmxml.go) in passes over the file (osm.go,
// osmrelation.go), GeoJSON feature by feature (splitter.go, geojson.go), everything else through the program
// ogr2ogr (ogr.go). Tags say what a feature is (tags.go), its geometry is put on the lattice and repaired
// (shape.go), the counties whose divisions it touches are found in memory (county.go). Rows go to temporary
// tables by COPY (stage.go), and from there into the tables where they differ (merge.go), one transaction a
// file. What couldn't be taken as it was stands in the Report: repaired or refused, with file, feature, reason.
package ingest
