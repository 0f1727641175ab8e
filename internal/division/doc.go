// Package division is the tree of divisions (区划): county, town, community, and their codes.
//
// A code says where in the tree it stands: 6 digits for a county (GB/T 2260), 9 for a town or street and
// 12 for a community or village (GB/T 10114). Divisions come in with their polygons (internal/ingest reads
// the files); a parent that no file brought is known by its code alone. The blocks are made for the leaves:
// the divisions with a polygon and no child with one.
package division
