-- The edges of the polygons of live grids.
CREATE TEMP TABLE proof_grid_edge ON COMMIT DROP AS
WITH segment AS (
    SELECT code, ST_StartPoint(d.geom) AS a, ST_EndPoint(d.geom) AS b FROM proof_grid g, ST_DumpSegments(g.geom) d OFFSET 0
)
SELECT code, pg_temp.vertex(a) AS p, pg_temp.vertex(b) AS q FROM segment;
ANALYZE proof_grid_edge;
