-- What is proved, in temporary tables that go with the transaction.

-- The communities in question, and those around them, whose borders are needed. $1 is the division's code, '' for
-- all.
CREATE TEMP TABLE proof_scope ON COMMIT DROP AS
SELECT county, community, true AS mine FROM (
    SELECT county, community FROM territory
    UNION SELECT county, community FROM block
    UNION SELECT county, community FROM grid) c
WHERE lpad(community::text, 12, '0') LIKE $1 || '%' OR $1 = lpad(county::text, 6, '0');

INSERT INTO proof_scope
SELECT DISTINCT o.county, o.community, false
FROM proof_scope s JOIN territory t ON t.county = s.county AND t.community = s.community
JOIN territory o ON o.county = t.county AND ST_DWithin(o.geom, t.geom, 1e-5)
WHERE NOT EXISTS (SELECT FROM proof_scope p WHERE p.county = o.county AND p.community = o.community);
ANALYZE proof_scope;

-- solid is the polygon made valid where it isn't, so that the checks that measure ground can go on.
CREATE TEMP TABLE proof_block ON COMMIT DROP AS
SELECT b.*, s.mine, CASE WHEN ST_IsValid(b.geom) THEN b.geom ELSE ST_MakeValid(b.geom) END AS solid
FROM block b JOIN proof_scope s USING (county, community) WHERE b.retired IS NULL;
ALTER TABLE proof_block ADD PRIMARY KEY (county, id);
ANALYZE proof_block;

-- All blocks of the communities in question that ever were.
CREATE TEMP TABLE proof_mine ON COMMIT DROP AS
SELECT b.county, b.id FROM block b JOIN proof_scope s USING (county, community) WHERE s.mine;
ALTER TABLE proof_mine ADD PRIMARY KEY (county, id);
ANALYZE proof_mine;

CREATE TEMP TABLE proof_territory ON COMMIT DROP AS
SELECT t.*, s.mine, CASE WHEN ST_IsValid(t.geom) THEN t.geom ELSE ST_MakeValid(t.geom) END AS solid
FROM territory t JOIN proof_scope s USING (county, community);
CREATE INDEX ON proof_territory USING gist (solid);
ANALYZE proof_territory;

CREATE TEMP TABLE proof_grid ON COMMIT DROP AS
SELECT g.* FROM grid g JOIN proof_scope s USING (county, community) WHERE g.retired IS NULL AND s.mine;
ALTER TABLE proof_grid ADD PRIMARY KEY (county, code);
ANALYZE proof_grid;

-- Which block was in which grid from which version until which; until is NULL for what is so now.
CREATE TEMP TABLE proof_was ON COMMIT DROP AS
SELECT w.*, w.grid / 1000 AS community FROM (
    SELECT county, block, grid, since, NULL::integer AS until FROM grid_block
    UNION ALL SELECT county, block, grid, since, until FROM grid_block_past) w
JOIN proof_scope s ON s.county = w.county AND s.community = w.grid / 1000;
CREATE INDEX ON proof_was (county, block);
ANALYZE proof_was;

-- Every edge of every ring, from vertex to vertex. A vertex is x·2³² + y in lattice steps; on_lattice says whether
-- it is the float nearest to that many ten-millionths. kind: b block, t territory, g grid.
CREATE TEMP TABLE proof_edge ON COMMIT DROP AS
WITH polygon AS (
    SELECT 'b' AS kind, county, community, id, mine, geom FROM proof_block
    UNION ALL
    SELECT 't', county, community, 0, mine, geom FROM proof_territory
    UNION ALL
    SELECT 'g', county, community, code, true, geom FROM proof_grid
), vertex AS (
    SELECT kind, county, community, id, mine, d.path[:cardinality(d.path) - 1] AS ring, d.path[cardinality(d.path)] AS n,
           ST_X(d.geom) AS x, ST_Y(d.geom) AS y
    FROM polygon, ST_DumpPoints(geom) d
), packed AS (
    SELECT kind, county, community, id, mine, ring, n,
           (round(x * 1e7)::bigint << 32) + round(y * 1e7)::bigint AS p,
           round(x * 1e7) / 1e7::float8 = x AND round(y * 1e7) / 1e7::float8 = y AS on_lattice
    FROM vertex
), step AS (
    SELECT *, lead(p) OVER (PARTITION BY kind, county, community, id, ring ORDER BY n) AS q FROM packed
)
SELECT kind, county, community, id, mine, p, q, on_lattice FROM step WHERE q IS NOT NULL;
ANALYZE proof_edge;

-- Edges of territories that no neighbour shares, as lines whose unit is a lattice step, and their ends.
CREATE TEMP TABLE proof_lone ON COMMIT DROP AS
SELECT county, community, mine, p, q, ST_MakeLine(
    ST_MakePoint((p >> 32)::float8, (p - ((p >> 32) << 32))::float8),
    ST_MakePoint((q >> 32)::float8, (q - ((q >> 32) << 32))::float8)) AS geom
FROM proof_edge e
WHERE kind = 't' AND NOT EXISTS (
    SELECT FROM proof_edge o WHERE o.kind = 't' AND o.county = e.county AND o.p = e.q AND o.q = e.p);
CREATE INDEX ON proof_lone USING gist (geom);
ANALYZE proof_lone;

CREATE TEMP TABLE proof_end ON COMMIT DROP AS
SELECT county, community, mine, p, ST_MakePoint((p >> 32)::float8, (p - ((p >> 32) << 32))::float8) AS geom
FROM (SELECT county, community, mine, p FROM proof_lone UNION SELECT county, community, mine, q FROM proof_lone) e;
CREATE INDEX ON proof_end (county, community, p);
ANALYZE proof_end;

-- A vertex for people: degrees.
CREATE FUNCTION pg_temp.place(p bigint) RETURNS text LANGUAGE sql AS $$
    SELECT format('(%s %s)', round((p >> 32)::numeric / 1e7, 7), round((p - ((p >> 32) << 32))::numeric / 1e7, 7))
$$;
