// Package exchange brings grid maps in from files and layouts out to files.
//
// In: a file of polygons (ReadNet: what GDAL reads, in any of the coordinate systems that Chinese offices use) or a table of blocks (ReadTable) becomes a
// net, which is laid over the blocks that stand (LoadGround, internal/gridnet) and can be published (Proposal, internal/layout).
//
// Out: any version of a layout (Load) as GeoJSON, GeoPackage, Shapefile, PMTiles and CSV (Write), and what differs between two (Compare). What was written
// and is read again gives the same layout, block by block.
package exchange
