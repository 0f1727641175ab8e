// Package bench measures the whole house: each speed beside a baseline that does the same in the same run
// (PostGIS in SQL, gpmetis, raw COPY), since a number of seconds says more about the machine than about us.
//
// `make bench` runs it (scripts/bench.sh) and writes results.md. Everything here is a benchmark, so that
// `go test ./...` passes it by:
//
//	page_test.go      the page and its tables
//	clock_test.go     times, percentiles, memory
//	county_test.go    a database with a county in it, brought in from files
//	town_test.go      the demo town from files to tiles; 清华园街道 from files to grids
//	ground_test.go    blocks, beside noding and polygonising in PostGIS
//	drawing_test.go   grids on those blocks; metis_test.go: beside gpmetis; voronoi_test.go: what internal/drawing measures
//	dissolve_test.go  blocks → grids, beside ST_Union; cells_test.go: 250,000 of them
//	tiles_test.go     tiles over HTTP; mvt_test.go: beside ST_AsMVT
//	locate_test.go    points to blocks and grids, beside ST_Covers
//	report_test.go    incidents reported over HTTP, beside bare inserts
//	report_test.go    incidents reported at a steady rate; serving_test.go: the whole program on a database that flushes
//	live_test.go      incidents on a thousand open maps; flood_test.go: wrong passwords, and everybody else
//	check_test.go     the database's own check at commit
//	addresses_test.go addresses of houses to their house; writers_test.go: who writes them how; slips_test.go: names with a slip in them
//	heldout_test.go   ways to write addresses that the grammar wasn't mended by; heldoutwords_test.go: their numerals and signs; heldoutlook_test.go: how they look
//	import_test.go    rows from files, beside COPY; intake_test.go: houses and people
package bench
