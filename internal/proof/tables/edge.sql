-- Every edge of every block's rings, from vertex to vertex, the block on the left; grid is the live one that it is in.
CREATE TEMP TABLE proof_edge ON COMMIT DROP AS
WITH segment AS ( -- OFFSET: or the ends are taken from the segment for x and again for y
    SELECT b.county, b.community, b.id, s.mine, g.code AS grid, ST_StartPoint(d.geom) AS a, ST_EndPoint(d.geom) AS b
    FROM block b JOIN proof_scope s ON s.county = b.county AND s.community = b.community
    LEFT JOIN (grid_block m JOIN proof_grid g ON g.county = m.county AND g.code = m.grid) ON m.county = b.county AND m.block = b.id,
    ST_DumpSegments(b.geom) d
    WHERE b.retired IS NULL OFFSET 0
)
SELECT county, community, id, mine, grid, pg_temp.vertex(a) AS p, pg_temp.vertex(b) AS q FROM segment;
ANALYZE proof_edge;
