-- The edges of the territories.
CREATE TEMP TABLE proof_outline ON COMMIT DROP AS
WITH segment AS (
    SELECT county, community, mine, ST_StartPoint(d.geom) AS a, ST_EndPoint(d.geom) AS b
    FROM proof_territory t, ST_DumpSegments(t.geom) d OFFSET 0
)
SELECT county, community, mine, pg_temp.vertex(a) AS p, pg_temp.vertex(b) AS q FROM segment;
ANALYZE proof_outline;
