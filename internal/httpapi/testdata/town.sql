-- A town of twelve square blocks of a thousandth of a degree, four wide and three high, in three grids of
-- one community, and a second community of one small grid east of it. South-west corner 116.32 40.00.
--
--   row 2 |  9 10 11 12 | 14      grid 1: blocks 1 2 5 6 9 10 (west)
--   row 1 |  5  6  7  8 |         grid 2: blocks 3 4 7 8      (south-east)
--   row 0 |  1  2  3  4 | 13      grid 3: blocks 11 12        (north-east)
--                                 community 002: blocks 13, 14 in grid 1 of its own
INSERT INTO division (code, county, level, parent, name, residents, residents_source, geom, source) VALUES
	('110108', 110108, 'county', NULL, '海淀区', NULL, NULL, NULL, 'code'),
	('110108014', 110108, 'town', '110108', '清华园街道', 2000, 'test', ST_Multi(ST_MakeEnvelope(116.32, 40, 116.325, 40.003, 4326)), 'test/0'),
	('110108014001', 110108, 'community', '110108014', '南楼社区', 1700, 'test', ST_Multi(ST_MakeEnvelope(116.32, 40, 116.324, 40.003, 4326)), 'test/1'),
	('110108014002', 110108, 'community', '110108014', '东楼社区', 300, 'test', ST_Multi(ST_MakeEnvelope(116.324, 40, 116.325, 40.003, 4326)), 'test/2'),
	('110108015', 110108, 'town', '110108', '未划镇', 50, 'test', ST_Multi(ST_MakeEnvelope(116.325, 40, 116.33, 40.003, 4326)), 'test/3'),
	('110105', 110105, 'county', NULL, '朝阳区', NULL, NULL, ST_Multi(ST_MakeEnvelope(116.45, 39.9, 116.5, 39.95, 4326)), 'test/4');

INSERT INTO layout (county, version, live, published_at, published_by, note, settings) VALUES
	(110108, 1, false, '2026-03-01 08:00+08', 'test', '', '{"target": 600, "tolerance": 0.15}'),
	(110108, 2, true, '2026-03-02 08:00+08', 'test', 'second', '{"target": 600, "tolerance": 0.15}');

INSERT INTO territory (county, community, division, geom, features) VALUES
	(110108, 110108014001, '110108014001', ST_GeomFromText('MULTIPOLYGON(((116.32 40,116.321 40,116.322 40,116.323 40,116.324 40,116.324 40.001,116.324 40.002,116.324 40.003,116.323 40.003,116.322 40.003,116.321 40.003,116.32 40.003,116.32 40.002,116.32 40.001,116.32 40)))', 4326), ''),
	(110108, 110108014002, '110108014002', ST_GeomFromText('MULTIPOLYGON(((116.324 40,116.325 40,116.325 40.001,116.325 40.002,116.325 40.003,116.324 40.003,116.324 40.002,116.324 40.001,116.324 40)))', 4326), '');

CREATE TEMP TABLE cell AS
	SELECT row_number() OVER (ORDER BY y, x) AS id, 110108014001 AS community, x, y, 1 AS high FROM generate_series(0, 3) x, generate_series(0, 2) y
	UNION ALL VALUES (13, 110108014002, 4, 0, 2), (14, 110108014002, 4, 2, 1);
-- T-junctions are vertices on both sides: every lattice corner on a side of a block is one of its vertices.
INSERT INTO block (county, id, community, residents, residents_source, area, born, geom)
SELECT 110108, id, community, CASE WHEN community = 110108014002 THEN 150 ELSE 140 + id::int END, 'estimate', 9480 * high, 1,
	ST_GeomFromText('POLYGON((' || array_to_string(array_agg(pt ORDER BY n), ',') || '))', 4326)
FROM (
	SELECT c.*, n, ((1163200000 + px * 10000)::numeric / 10000000)::text || ' ' || ((400000000 + py * 10000)::numeric / 10000000)::text AS pt
	FROM cell c CROSS JOIN LATERAL (VALUES (0, x, y), (1, x + 1, y), (2, x + 1, y + 1), (3, x + 1, y + high), (4, x, y + high), (5, x, y + 1), (6, x, y)) v(n, px, py)
	WHERE NOT (high = 1 AND n IN (3, 5))
) p GROUP BY id, community, high;

INSERT INTO grid (county, code, community, name, born, retired, changed, residents, blocks, houses, area, perimeter, compactness, geom, label)
SELECT 110108, code, code / 1000, name, 1, retired, 2, residents, 1, 2, ST_Area(geom::geography), ST_Perimeter(geom::geography), .9, ST_Multi(geom), ST_Centroid(geom)
FROM (VALUES
	(110108014001001, '西区', NULL, 873, ST_GeomFromText('POLYGON((116.32 40,116.321 40,116.322 40,116.322 40.001,116.322 40.002,116.322 40.003,116.321 40.003,116.32 40.003,116.32 40.002,116.32 40.001,116.32 40))', 4326)),
	(110108014001002, '', NULL, 582, ST_GeomFromText('POLYGON((116.322 40,116.323 40,116.324 40,116.324 40.001,116.324 40.002,116.323 40.002,116.322 40.002,116.322 40.001,116.322 40))', 4326)),
	(110108014001003, '', NULL, 303, ST_GeomFromText('POLYGON((116.322 40.002,116.323 40.002,116.324 40.002,116.324 40.003,116.323 40.003,116.322 40.003,116.322 40.002))', 4326)),
	(110108014001009, '旧', 2, 1, ST_MakeEnvelope(116.32, 40, 116.321, 40.001, 4326)),
	(110108014002001, '', NULL, 300, ST_GeomFromText('POLYGON((116.324 40,116.325 40,116.325 40.001,116.325 40.002,116.325 40.003,116.324 40.003,116.324 40.002,116.324 40.001,116.324 40))', 4326))
) v(code, name, retired, residents, geom);

INSERT INTO grid_block (county, block, grid, since)
SELECT 110108, id, CASE WHEN community = 110108014002 THEN 110108014002001
	WHEN x < 2 THEN 110108014001001 WHEN y < 2 THEN 110108014001002 ELSE 110108014001003 END, 1 FROM cell;

-- Between the west and the east runs 平阳路, a street; along the south 清华东路, a main road; a river in the north of
-- the west; nothing between the south-east and the north-east; a wall without a name in the west.
INSERT INTO block_border (county, a, b, barrier, name, length, geom)
SELECT 110108, a, b, barrier, name, CASE WHEN x0 = x1 THEN 111.0 ELSE 85.4 END,
	ST_SetSRID(ST_MakeLine(ST_MakePoint((1163200000 + x0 * 10000) / 1e7, (400000000 + y0 * 10000) / 1e7), ST_MakePoint((1163200000 + x1 * 10000) / 1e7, (400000000 + y1 * 10000) / 1e7)), 4326)
FROM (VALUES
	(2, 3, 2, '平阳路', 2, 0, 2, 1), (6, 7, 2, '平阳路', 2, 1, 2, 2), (10, 11, 2, '平阳路', 2, 2, 2, 3),
	(7, 11, 0, '', 3, 2, 2, 2), (8, 12, 0, '', 4, 2, 3, 2),
	(1, 0, 3, '清华东路', 0, 0, 1, 0), (2, 0, 3, '清华东路', 1, 0, 2, 0), (3, 0, 3, '清华东路', 2, 0, 3, 0), (4, 0, 3, '清华东路', 3, 0, 4, 0),
	(9, 0, 6, '万泉河', 1, 3, 0, 3), (10, 0, 6, '万泉河', 2, 3, 1, 3),
	(1, 0, 4, '', 0, 1, 0, 0), (5, 0, 4, '', 0, 2, 0, 1), (9, 0, 0, '', 0, 3, 0, 2),
	(4, 13, 0, '', 4, 0, 4, 1), (8, 13, 0, '', 4, 1, 4, 2), (12, 14, 0, '', 4, 2, 4, 3),
	(11, 0, 0, '', 3, 3, 2, 3), (12, 0, 0, '', 4, 3, 3, 3),
	(13, 0, 0, '', 5, 0, 5, 2), (14, 0, 0, '', 5, 2, 5, 3), -- the undrawn town
	(1, 2, 0, '', 1, 0, 1, 1), (13, 14, 0, '', 5, 2, 4, 2),
	(3, 4, 0, '', 3, 0, 3, 1), (5, 6, 0, '', 1, 1, 1, 2), (7, 8, 0, '', 3, 1, 3, 2), (9, 10, 0, '', 1, 2, 1, 3), (11, 12, 0, '', 3, 2, 3, 3),
	(1, 5, 0, '', 1, 1, 0, 1), (2, 6, 0, '', 2, 1, 1, 1), (3, 7, 0, '', 3, 1, 2, 1), (4, 8, 0, '', 4, 1, 3, 1), (5, 9, 0, '', 1, 2, 0, 2), (6, 10, 0, '', 2, 2, 1, 2),
	(13, 0, 0, '', 4, 0, 5, 0), (14, 0, 0, '', 5, 3, 4, 3)
) v(a, b, barrier, name, x0, y0, x1, y1);

INSERT INTO line_feature (county, source, kind, barrier, class, name, digest, geom) VALUES
	(110108, 'way/1', 'street', 2, 'residential', '平阳路', '', ST_GeomFromText('LINESTRING(116.322 40,116.322 40.003)', 4326)),
	(110108, 'way/2', 'street', 3, 'secondary', '清华东路', '', ST_GeomFromText('LINESTRING(116.32 40,116.324 40)', 4326)),
	(110108, 'way/3', 'street', 1, 'path', '100%_路', '', ST_GeomFromText('LINESTRING(116.324 40.0015,116.328 40.0015)', 4326)),
	(110108, 'way/4', 'street', 2, 'residential', '平阳路', '', ST_GeomFromText('LINESTRING(116.322 40.003,116.322 40.004)', 4326));
INSERT INTO area_feature (county, source, kind, barrier, class, name, digest, geom) VALUES
	(110108, 'way/9', 'water', 6, 'water', '荷塘', '', ST_Multi(ST_MakeEnvelope(116.3202, 40.0022, 116.3206, 40.0026, 4326)));
INSERT INTO building (county, source, name, use, levels, residents, digest, geom) VALUES
	(110108, 'way/20', '南1楼', 'residential', 6, 150, '', ST_Multi(ST_MakeEnvelope(116.3202, 40.0002, 116.3206, 40.0004, 4326))),
	(110108, 'way/21', 'Library''s "new" hall', 'school', 3, NULL, '', ST_Multi(ST_MakeEnvelope(116.3222, 40.0002, 116.3226, 40.0004, 4326)));
INSERT INTO block_building (county, block, building, residents)
SELECT 110108, CASE source WHEN 'way/20' THEN 1 ELSE 3 END, id, coalesce(residents, 0) FROM building;
