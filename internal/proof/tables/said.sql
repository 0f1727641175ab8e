-- The edges of the borders on record, in their direction.
CREATE TEMP TABLE proof_said ON COMMIT DROP AS
WITH arc AS (
    SELECT r.* FROM block_border r WHERE EXISTS (
        SELECT FROM proof_scope s WHERE s.county = r.county) AND (EXISTS (
        SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.a)
        OR EXISTS (SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.b)
        OR NOT EXISTS (SELECT FROM block b WHERE b.county = r.county AND b.id = r.a))
), segment AS (
    SELECT r.county, r.a, r.b, ST_StartPoint(d.geom) AS f, ST_EndPoint(d.geom) AS t
    FROM arc r, ST_DumpSegments(r.geom) d OFFSET 0
)
SELECT county, a, b, pg_temp.vertex(f) AS p, pg_temp.vertex(t) AS q FROM segment;
ANALYZE proof_said;
