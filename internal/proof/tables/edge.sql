-- Every edge of every ring, from vertex to vertex, its polygon on the left. A vertex is x·2³² + y in lattice steps.
-- kind: b block, t territory, g grid; id is the block's, grid that of the grid or of the live one that the block is in.
CREATE TEMP TABLE proof_edge ON COMMIT DROP AS
WITH polygon AS (
    SELECT 'b'::"char" AS kind, b.county, b.community, b.id, s.mine, g.code AS grid, b.geom
    FROM block b JOIN proof_scope s ON s.county = b.county AND s.community = b.community
    LEFT JOIN (grid_block m JOIN proof_grid g ON g.county = m.county AND g.code = m.grid) ON m.county = b.county AND m.block = b.id
    WHERE b.retired IS NULL
    UNION ALL
    SELECT 't', county, community, 0, mine, NULL, geom FROM proof_territory
    UNION ALL
    SELECT 'g', county, community, 0, true, code, geom FROM proof_grid
), segment AS ( -- OFFSET: or each end is taken from its segment once for x and once for y
    SELECT kind, county, community, id, mine, grid, ST_StartPoint(d.geom) AS a, ST_EndPoint(d.geom) AS b
    FROM polygon, ST_DumpSegments(geom) d OFFSET 0
)
SELECT kind, county, community, id, mine, grid,
       (round(ST_X(a) * 1e7)::bigint << 32) + round(ST_Y(a) * 1e7)::bigint AS p,
       (round(ST_X(b) * 1e7)::bigint << 32) + round(ST_Y(b) * 1e7)::bigint AS q
FROM segment;
ANALYZE proof_edge;
