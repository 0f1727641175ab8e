package proof_test

import "fmt"

// A mutation spoils the fixture. With the triggers off it must be found by the named check of Verify, with the
// offender named; with them on, the database itself must refuse it at commit, with the state.
type mutation struct {
	name    string
	spoil   func(*writer)
	state   string // what the database refuses it with, "" for what only Verify proves
	check   string // the check of Verify that finds it
	names   string // in what the check says
	replica bool   // the refusal alone is tested otherwise: constraints would stop it before ours do
}

func sql(statements ...string) func(*writer) {
	return func(w *writer) {
		for _, s := range statements {
			w.exec(s)
		}
	}
}

// replaceGround retires a block and puts another in its place, with a point of its ring replaced (or removed,
// when by is ""), and the territory's likewise where it says so: what a wrong program would write, against
// what nobody may do by UPDATE.
func replaceGround(id int64, point xy, by string, territory bool) func(*writer) {
	return func(w *writer) {
		w.exec(`CREATE TEMP TABLE new_block ON COMMIT DROP AS SELECT * FROM block WHERE id = $1`, id)
		w.exec(`UPDATE block SET retired = 3 WHERE id = $1`, id)
		w.exec(`UPDATE new_block SET id = id + 100, born = 3, geom = ST_GeomFromText(`+edited+`, 4326)`, point.wkt(), by)
		w.exec(`INSERT INTO block SELECT * FROM new_block`)
		w.exec(`INSERT INTO grid_block SELECT county, block + 100, grid, 3 FROM grid_block WHERE block = $1`, id)
		w.exec(`DELETE FROM grid_block WHERE block = $1`, id)
		w.exec(`UPDATE block_building SET block = block + 100 WHERE block = $1`, id)
		if territory {
			w.exec(`UPDATE territory SET geom = ST_GeomFromText(`+edited+`, 4326)
				WHERE community = (SELECT community FROM new_block)`, point.wkt(), by)
		}
	}
}

// edited is a polygon's text with a point ($1) replaced by another ($2), or taken out.
const edited = `CASE WHEN $2 = '' THEN replace(ST_AsText(geom), $1 || ',', '') ELSE replace(ST_AsText(geom), $1, $2) END`

// editGround does it by UPDATE.
func editGround(id int64, point xy, by string) func(*writer) {
	return func(w *writer) {
		w.exec(`UPDATE block SET geom = ST_GeomFromText(`+edited+`, 4326) WHERE id = $3`, point.wkt(), by, id)
	}
}

func mutations() []mutation {
	id := func(i int64) string { return fmt.Sprint(i) }
	return []mutation{
		{name: "vertex moved by one step", spoil: editGround(6, xy{10, 10}, xy{10, 10}.moved(1, 0)),
			state: "JW003", check: "edges", names: "block 6"},
		{name: "vertex of a new block off by one step", spoil: replaceGround(6, xy{10, 10}, xy{10, 10}.moved(0, -1), false),
			state: "JW001", check: "edges", names: "block 106"},
		{name: "vertex off the lattice", spoil: replaceGround(1, xy{10, 10}, "116.30101357 40.00000001", false),
			state: "JW001", check: "polygons", names: "block 101"},
		{name: "vertex inserted into one side only", state: "JW001", check: "edges", names: "block 10",
			spoil: sql(`UPDATE block SET geom = ST_SetSRID(ST_MakePolygon(ST_AddPoint(ST_ExteriorRing(geom), ST_MakePoint(
				round(((ST_X(ST_PointN(ST_ExteriorRing(geom), 1)) + ST_X(ST_PointN(ST_ExteriorRing(geom), 2))) / 2 * 1e7)::numeric) / 1e7,
				round(((ST_Y(ST_PointN(ST_ExteriorRing(geom), 1)) + ST_Y(ST_PointN(ST_ExteriorRing(geom), 2))) / 2 * 1e7)::numeric) / 1e7), 1)), 4326)
				WHERE id = 10`)},
		{name: "block deleted", spoil: sql(`DELETE FROM block_building WHERE block = 7`, `DELETE FROM grid_block WHERE block = 7`, `DELETE FROM grid_block_past WHERE block = 7`, `DELETE FROM block WHERE id = 7`),
			state: "JW003", check: "edges", names: id(one)},
		{name: "block retired without an heir", spoil: sql(`DELETE FROM grid_block WHERE block = 7`, `UPDATE block SET retired = 3 WHERE id = 7`),
			state: "JW001", check: "edges", names: id(one)},
		{name: "block doubled", state: "JW001", check: "edges", names: "block 107", spoil: sql(
			`INSERT INTO block SELECT county, 107, community, 0, 'none', area, 3, NULL, NULL, geom FROM block WHERE id = 7`,
			`INSERT INTO grid_block SELECT county, 107, grid, 3 FROM grid_block WHERE block = 7`)},
		{name: "block doubled the other way round", state: "JW001", check: "polygons", names: "block 107", spoil: sql(
			`INSERT INTO block SELECT county, 107, community, 0, 'none', area, 3, NULL, NULL, ST_Reverse(geom) FROM block WHERE id = 7`,
			`INSERT INTO grid_block SELECT county, 107, grid, 3 FROM grid_block WHERE block = 7`)},
		{name: "ring reversed", spoil: sql(`UPDATE block SET geom = ST_Reverse(geom) WHERE id = 11`),
			state: "JW001", check: "polygons", names: "block 11"},
		{name: "every ring of a community reversed", state: "JW001", check: "polygons", names: "block 18",
			spoil: sql(`UPDATE block SET geom = ST_Reverse(geom) WHERE retired IS NULL AND community = 110108001002`,
				`UPDATE territory SET geom = ST_Reverse(geom) WHERE community = 110108001002`)},
		{name: "hole reversed", state: "JW001", check: "polygons", names: "block 6", spoil: sql(
			`UPDATE block SET geom = ST_MakePolygon(ST_ExteriorRing(geom), ARRAY[ST_Reverse(ST_InteriorRingN(geom, 1))]) WHERE id = 6`)},
		{name: "hole filled", state: "JW003", check: "edges", names: "block 17",
			spoil: sql(`UPDATE block SET geom = ST_MakePolygon(ST_ExteriorRing(geom)) WHERE id = 6`)},
		{name: "polygon crossing itself", state: "JW003", check: "polygons", names: "block 11", spoil: func(w *writer) {
			a, b := xy{20, 20}, xy{30, 20}
			w.exec(`UPDATE block SET geom = ST_GeomFromText(replace(replace(replace(ST_AsText(geom), $1, 'x'), $2, $1), 'x', $2), 4326)
				WHERE id = 11`, a.wkt(), b.wkt())
		}},
		{name: "T-junction vertex removed", spoil: editGround(26, xy{70, 32}, ""), state: "JW003", check: "edges", names: "block 26"},
		{name: "T-junction vertex missing in a new block", spoil: replaceGround(26, xy{70, 32}, "", false),
			state: "JW001", check: "edges", names: "block 126"},
		{name: "T-junction vertex missing across the communities' border", spoil: replaceGround(14, xy{40, 16}, "", true),
			state: "JW001", check: "neighbours", names: id(one)},
		{name: "territory shrunk", state: "JW001", check: "edges", names: id(two), spoil: func(w *writer) {
			w.exec(`UPDATE territory SET geom = ST_GeomFromText(replace(ST_AsText(geom), $1, $2), 4326) WHERE community = $3`,
				xy{80, 40}.wkt(), xy{80, 40}.moved(-5, -5), int64(two))
		}},
		{name: "territory grown into its neighbour", spoil: replaceGround(22, xy{40, 40}, xy{39, 39}.wkt(), true),
			state: "JW001", check: "neighbours", names: id(two)},
		{name: "sliver between two communities", spoil: replaceGround(22, xy{40, 32}, xy{40, 32}.moved(3, 0), true),
			state: "JW001", check: "neighbours", names: id(two)},
		{name: "territory off the lattice", check: "polygons", names: id(two), state: "JW001", spoil: func(w *writer) {
			w.exec(`UPDATE territory SET geom = ST_GeomFromText(replace(ST_AsText(geom), $1, $2), 4326) WHERE community = $3`,
				xy{80, 40}.wkt(), xy{80, 40}.moved(.04, 0), int64(two))
		}},
		{name: "territory far from its division", check: "divisions", names: id(one), spoil: func(w *writer) {
			w.exec(`UPDATE division SET geom = ST_GeomFromText(replace(ST_AsText(geom), $1, $2), 4326) WHERE code = $3`,
				xy{0, 40}.wkt(), xy{-2, 43}.wkt(), id(one))
		}},
		{name: "block in another community's grid", spoil: sql(`UPDATE grid_block SET grid = 110108001002001 WHERE block = 14`),
			state: "JW002", check: "one grid", names: "block 14"},
		{name: "block in no grid", spoil: sql(`DELETE FROM grid_block WHERE block = 14`), state: "JW002", check: "one grid", names: "block 14"},
		{name: "block in a retired grid", spoil: sql(`UPDATE grid_block SET grid = 110108001002002 WHERE block = 25`),
			state: "JW002", check: "one grid", names: "block 25"},
		{name: "retired block in a grid", spoil: sql(`INSERT INTO grid_block VALUES (110108, 27, 110108001002001, 3)`),
			state: "JW002", check: "one grid", names: "block 27"},
		{name: "live grid without blocks", spoil: sql(`INSERT INTO grid SELECT county, 110108001001009, community, name, 3, NULL, 3,
				0, 0, 0, 0, 0, 0, ST_GeomFromText('MULTIPOLYGON EMPTY', 4326), label FROM grid WHERE code = 110108001001001`),
			state: "JW002", check: "one grid", names: "110108001001009"},
		{name: "grid disconnected", check: "connected", names: "110108001001003", spoil: func(w *writer) {
			w.assign(one*1000+2, 3, 14)
			w.finish(finalPlots())
		}},
		{name: "grid connected through a point only", check: "connected", names: "110108001001003", spoil: func(w *writer) {
			w.assign(one*1000+2, 3, 14, 15)
			w.assign(one*1000+3, 3, 10)
			w.finish(finalPlots())
		}},
		{name: "grid disconnected, its polygon as before", check: "connected", names: "110108001001003",
			spoil: sql(`UPDATE grid_block SET grid = 110108001001002 WHERE block = 14`)},
		{name: "polygons of two grids exchanged", check: "grid polygons", names: "110108001001002", spoil: sql(
			`UPDATE grid g SET geom = o.geom FROM grid o WHERE (g.code, o.code) IN
				((110108001001001, 110108001001002), (110108001001002, 110108001001001))`)},
		{name: "grid polygon without its hole", check: "grid polygons", names: "110108001001001", spoil: func(w *writer) {
			w.assign(one*1000+9, 3, 17)
			w.finish(finalPlots())
			w.exec(`UPDATE grid SET geom = ST_Multi(ST_MakePolygon(ST_ExteriorRing(ST_GeometryN(geom, 1)))) WHERE code = 110108001001001`)
		}},
		{name: "grid polygon off the lattice", check: "polygons", names: "110108001001002", spoil: func(w *writer) {
			w.exec(`UPDATE grid SET geom = ST_GeomFromText(replace(ST_AsText(geom), $1, $2), 4326) WHERE code = 110108001001002`,
				xy{30, 40}.wkt(), xy{30, 40}.moved(.04, 0))
		}},
		{name: "grid polygon edited", check: "grid polygons", names: "110108001001002", spoil: func(w *writer) {
			w.exec(`UPDATE grid SET geom = ST_GeomFromText(replace(ST_AsText(geom), $1, $2), 4326) WHERE code = 110108001001002`,
				xy{30, 40}.wkt(), xy{30, 40}.moved(1, 1))
		}},
		{name: "grid polygon simplified", check: "grid polygons", names: "110108001002001",
			spoil: sql(`UPDATE grid SET geom = ST_Multi(ST_SimplifyPreserveTopology(geom, 1e-6)) WHERE code = 110108001002001`)},
		{name: "grid residents changed", check: "figures", names: "110108001001002",
			spoil: sql(`UPDATE grid SET residents = residents + 1 WHERE code = 110108001001002`)},
		{name: "grid's number of blocks changed", check: "figures", names: "110108001001002",
			spoil: sql(`UPDATE grid SET blocks = blocks - 1 WHERE code = 110108001001002`)},
		{name: "grid houses changed", check: "figures", names: "110108001001002",
			spoil: sql(`UPDATE grid SET houses = houses + 1 WHERE code = 110108001001002`)},
		{name: "grid area changed", check: "figures", names: "110108001001002",
			spoil: sql(`UPDATE grid SET area = area + 1 WHERE code = 110108001001002`)},
		{name: "grid workload without its blocks'", check: "figures", names: "110108001001002",
			spoil: sql(`UPDATE grid SET workload = residents WHERE code = 110108001001002`)},
		{name: "block workload changed", check: "figures", names: "110108001001002",
			spoil: sql(`UPDATE grid_block b SET workload = (SELECT residents FROM block WHERE county = b.county AND id = b.block) WHERE grid = 110108001001002`,
				`UPDATE grid SET workload = residents WHERE code = 110108001001002`, `UPDATE grid_block SET workload = workload + 1 WHERE block = 9`)},
		{name: "one block without workload", check: "figures", names: "110108001001002",
			spoil: sql(`UPDATE grid_block SET workload = 0 WHERE grid = 110108001001002 AND block <> 9`, `UPDATE grid SET workload = 0 WHERE code = 110108001001002`)},
		{name: "block area changed", check: "figures", names: "block 9",
			spoil: sql(`UPDATE block SET area = area * 1.01 WHERE id = 9`, `UPDATE grid SET area = area + (SELECT area - area / 1.01 FROM block WHERE id = 9) WHERE code = 110108001001002`)},
		{name: "code used again", check: "codes", names: "110108001002002", state: "JW003", spoil: func(w *writer) {
			w.exec(`UPDATE layout SET live = false`)
			w.exec(`INSERT INTO layout (county, version, live, published_by) VALUES ($1, 4, true, 'test')`, county)
			w.exec(`UPDATE grid SET retired = NULL, changed = 4 WHERE code = 110108001002002`)
			w.assign(two*1000+2, 4, 24)
			w.finish(finalPlots())
		}},
		{name: "code changed", check: "codes", names: "110108001001003", state: "JW003", replica: true,
			spoil: sql(`UPDATE grid SET code = 110108001001007 WHERE code = 110108001001003`,
				`UPDATE grid_block SET grid = 110108001001007 WHERE grid = 110108001001003`)},
		{name: "code of another community", check: "codes", names: "110108001002001", state: "JW003", replica: true,
			spoil: sql(`ALTER TABLE grid DROP CONSTRAINT grid_check`,
				`UPDATE grid SET community = 110108001001 WHERE code = 110108001002001`)},
		{name: "grid deleted that history speaks of", check: "codes", names: "110108001002002", state: "JW003",
			spoil: sql(`DELETE FROM grid WHERE code = 110108001002002`)},
		{name: "block's id changed", check: "history", names: "block 209", state: "JW003", replica: true,
			spoil: sql(`UPDATE block SET id = 209 WHERE id = 9`, `UPDATE grid_block SET block = 209 WHERE block = 9`,
				`UPDATE block_building SET block = 209 WHERE block = 9`, `UPDATE grid_block SET since = 3 WHERE block = 209`)},
		{name: "block back from retirement", check: "edges", names: "block 27", state: "JW003",
			spoil: sql(`UPDATE block SET retired = NULL WHERE id = 27`, `INSERT INTO grid_block VALUES (110108, 27, 110108001002001, 3)`)},
		{name: "history of a block dropped", check: "history", names: "block 8",
			spoil: sql(`DELETE FROM grid_block_past WHERE block = 8`)},
		{name: "home in a micro-grid of another grid", spoil: sql(`UPDATE micro_home SET block = 9 WHERE block = 7`), state: "JW002", check: "micro-grids", names: "block 9"},
		{name: "block that left its home behind", check: "micro-grids", names: "block 7", state: "JW002", spoil: func(w *writer) {
			w.assign(one*1000+2, 3, 7)
			w.finish(finalPlots())
		}},
		{name: "home that was in a micro-grid for longer than its block in the grid", spoil: sql(`UPDATE micro_home_past SET until = 3 WHERE block = 8`), check: "micro-grids", names: "block 8"},
		{name: "home in two micro-grids at once", spoil: sql(`INSERT INTO micro_home_past VALUES (110108, 1, 0, '', 110108001001001, 2, 0, 2)`), check: "micro-grids", names: "block 1"},
		{name: "micro-grid without a home", spoil: sql(`INSERT INTO micro_grid VALUES (110108, 110108001001002, 7, '', 2)`), state: "JW002", check: "micro-grids", names: "110108001001002"},
		{name: "micro-grid that isn't there", spoil: sql(`UPDATE micro_home SET number = 9 WHERE block = 1`), check: "micro-grids", names: "110108001001001"},
		{name: "lineage row dropped", check: "lineage", names: "110108001001003",
			spoil: sql(`DELETE FROM lineage WHERE version = 2 AND to_grid = 110108001001003`)},
		{name: "lineage figure changed", check: "lineage", names: "110108001001003",
			spoil: sql(`UPDATE lineage SET residents = residents - 1 WHERE version = 2 AND to_grid = 110108001001003`)},
		{name: "lineage row invented", check: "lineage", names: "110108001001001",
			spoil: sql(`INSERT INTO lineage VALUES (110108, 3, 110108001002002, 110108001001001, 'complex', 1, 1, 1)`)},
		{name: "lineage of a cut block changed", check: "lineage", names: "110108001002001",
			spoil: sql(`UPDATE lineage SET blocks = blocks - 1 WHERE version = 3 AND from_grid = 110108001002002`)},
		{name: "border row dropped", check: "borders", names: "block 3",
			spoil: sql(`DELETE FROM block_border WHERE a = 3 AND b = 7`)},
		{name: "border row doubled", check: "borders", names: "block 3",
			spoil: sql(`INSERT INTO block_border (county, a, b, barrier, length, geom) SELECT county, a, b, barrier, length, geom FROM block_border WHERE a = 3 AND b = 7`)},
		{name: "border row doubled and another dropped", check: "borders", names: "block 3", spoil: sql(
			`INSERT INTO block_border (county, a, b, barrier, length, geom) SELECT county, a, b, barrier, length, geom FROM block_border WHERE a = 3 AND b = 7`,
			`DELETE FROM block_border WHERE a = 3 AND b = 4`)},
		{name: "border with nothing dropped", check: "borders", names: "block 1", spoil: sql(`DELETE FROM block_border WHERE a = 1 AND b = 0`)},
		{name: "border between two communities dropped", check: "borders", names: "block 13",
			spoil: sql(`DELETE FROM block_border WHERE a = 13 AND b = 18`)},
		{name: "border turned round", check: "borders", names: "block 3",
			spoil: sql(`UPDATE block_border SET geom = ST_Reverse(geom) WHERE a = 3 AND b = 7`)},
		{name: "border of the wrong blocks", check: "borders", names: "block 3",
			spoil: sql(`UPDATE block_border SET b = 8 WHERE a = 3 AND b = 7`)},
		{name: "border length changed", check: "border lengths", names: "block 3",
			spoil: sql(`UPDATE block_border SET length = length + 1 WHERE a = 3 AND b = 7`)},
		{name: "building moved out of its block", check: "buildings", names: "house/11",
			spoil: sql(`UPDATE building SET geom = ST_Translate(geom, 0.0005, 0) WHERE source = 'house/11'`)},
		{name: "building of no block", check: "buildings", names: "house/12",
			spoil: sql(`DELETE FROM block_building WHERE block = 12`)},
		{name: "building counted in two blocks", check: "buildings", names: "house/12",
			spoil: sql(`INSERT INTO block_building SELECT county, 11, building, 0 FROM block_building WHERE block = 12`)},
		{name: "more people in the buildings than on the block", check: "buildings", names: "block 12",
			spoil: sql(`UPDATE block_building SET residents = residents + 1 WHERE block = 12`)},
		{name: "somebody lost", check: "residents", names: id(two),
			spoil: sql(`UPDATE division SET residents = residents + 1 WHERE code = '110108001002'`)},
		{name: "shape for tiles missing", check: "tile shapes", names: "110108001001002",
			spoil: sql(`DELETE FROM tile_shape WHERE id = 110108001001002 AND zoom = 12`)},
		{name: "shape for tiles of a retired grid", check: "tile shapes", names: "110108001002002",
			spoil: sql(`INSERT INTO tile_shape SELECT county, layer, 110108001002002, zoom, geom FROM tile_shape WHERE id = 110108001001002 AND zoom = 12`)},
		{name: "two live layouts", check: "one layout", names: "110108",
			spoil: sql(`DROP INDEX layout_one_live`, `UPDATE layout SET live = true WHERE version = 2`)},
		{name: "no live layout", check: "one layout", names: "110108", spoil: sql(`UPDATE layout SET live = false`)},
		{name: "an older layout is live", check: "one layout", names: "110108",
			spoil: sql(`UPDATE layout SET live = false`, `UPDATE layout SET live = true WHERE version = 2`)},
		{name: "house off its block", spoil: sql(`UPDATE house SET geom = ST_Translate(geom, 1, 0) WHERE code = 'h9'`), check: "houses", names: "house h9"},
		{name: "house seen by other ground", spoil: sql(`UPDATE house SET ground = 110108001002000 WHERE code = 'h9'`), check: "houses", names: "house h9"},
		{name: "house left on a block that was retired", spoil: sql(`UPDATE house SET block = 27 WHERE code = 'h28'`), check: "houses", names: "house h28"},
		{name: "resident seen by other ground", spoil: sql(`UPDATE resident SET ground = 110108001002000 WHERE id = 1`), check: "people", names: "resident 1"},
		{name: "household seen by other ground", spoil: sql(`UPDATE household SET ground = 110108001002000 WHERE code = 'd2'`), check: "people", names: "household 2"},
		{name: "occupancy seen by other ground", spoil: sql(`UPDATE occupancy SET ground = 110108001002000 WHERE house = 3`), check: "people", names: "occupancy of house 3"},
		{name: "residency of long ago seen by other ground", spoil: sql(`UPDATE residency SET ground = 110108001001000 + 110108001002000 - ground WHERE id = 30`), check: "people", names: "residency 30"},
		{name: "visit seen by other ground", spoil: sql(`UPDATE visit SET ground = 110108001002000 WHERE id = 4`), check: "people", names: "visit 4"},
		{name: "resident left with a former house", spoil: sql(`UPDATE resident SET house = house - 1 WHERE id = 5`), check: "people", names: "resident 5"},
		{name: "care left with a former house", spoil: sql(`UPDATE care SET house = house - 1 WHERE resident = 5`), check: "people", names: "resident 5"},
		{name: "resident who lives nowhere", spoil: sql(`DELETE FROM residency WHERE resident = 6`), check: "people", names: "resident 6"},
		{name: "visit to a house that is gone", spoil: sql(`UPDATE visit SET house = 9999 WHERE id = 7`), check: "people", names: "visit 7"},
	}
}
