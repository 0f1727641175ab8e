-- The borders on record of what stands beside the ground that was born ($2 is its version) are made those of its
-- blocks again: where there was nothing a block may lie now, where a block lay there may be nothing, and an edge
-- may have got a vertex. What was recorded about a stretch, what runs along it and its name, is kept.
WITH fresh AS MATERIALIZED (
    SELECT geom FROM block WHERE county = $1 AND (born = $2 OR retired = $2)
), beside AS MATERIALIZED (
    SELECT DISTINCT b.id, b.geom FROM fresh f JOIN block b ON b.geom && ST_Expand(f.geom, 2e-7)
    WHERE b.county = $1 AND b.retired IS NULL AND b.born <> $2
), close AS MATERIALIZED (
    SELECT DISTINCT b.id, b.geom FROM beside s JOIN block b ON b.geom && s.geom
    WHERE b.county = $1 AND b.retired IS NULL
), vertex AS (
    SELECT c.id, d.path[1] AS ring, d.path[2] AS n, d.geom AS at,
           (round(ST_X(d.geom) * 1e7)::bigint << 32) + round(ST_Y(d.geom) * 1e7)::bigint AS p
    FROM close c, ST_DumpPoints(ST_ForcePolygonCCW(c.geom)) d
), edge AS MATERIALIZED (
    SELECT * FROM (
        SELECT id, p, lead(p) OVER w AS q, at, lead(at) OVER w AS next FROM vertex WINDOW w AS (PARTITION BY id, ring ORDER BY n)) e
    WHERE q IS NOT NULL
), expected AS MATERIALIZED (
    SELECT e.id AS a, coalesce(o.id, 0) AS b, e.p, e.q, ST_MakeLine(e.at, e.next) AS line
    FROM edge e LEFT JOIN edge o ON o.p = e.q AND o.q = e.p
    WHERE (o.id IS NULL OR e.id < o.id)
      AND (e.id IN (SELECT id FROM beside) OR o.id IN (SELECT id FROM beside))
), recorded AS MATERIALIZED (
    SELECT r.* FROM block_border r WHERE r.county = $1
      AND (r.a IN (SELECT id FROM beside) OR r.b IN (SELECT id FROM beside))
), step AS MATERIALIZED (
    SELECT id, a, b, p, lead(p) OVER (PARTITION BY id ORDER BY n) AS q FROM (
        SELECT r.id, r.a, r.b, d.path[1] AS n,
               (round(ST_X(d.geom) * 1e7)::bigint << 32) + round(ST_Y(d.geom) * 1e7)::bigint AS p
        FROM recorded r, ST_DumpPoints(r.geom) d) v
), stale AS MATERIALIZED (
    SELECT DISTINCT s.id FROM step s LEFT JOIN expected e USING (a, b, p, q) WHERE s.q IS NOT NULL AND e.a IS NULL
), gone AS (
    DELETE FROM block_border r USING stale s WHERE r.county = $1 AND r.id = s.id
), missing AS (
    SELECT e.* FROM expected e WHERE NOT EXISTS (
        SELECT FROM step s WHERE s.a = e.a AND s.b = e.b AND s.p = e.p AND s.q = e.q AND s.id NOT IN (SELECT id FROM stale))
), named AS (
    SELECT m.a, m.b, m.line, coalesce(o.barrier, 0) AS barrier, coalesce(o.name, '') AS name
    FROM missing m LEFT JOIN LATERAL (
        SELECT r.barrier, r.name FROM recorded r JOIN stale USING (id)
        WHERE (r.a IN (m.a, m.b) OR r.b IN (m.a, nullif(m.b, 0)))
          AND ST_Distance(r.geom, ST_LineInterpolatePoint(m.line, 0.5)) < 2e-7
        ORDER BY ST_Distance(r.geom, ST_LineInterpolatePoint(m.line, 0.5)), r.id LIMIT 1) o ON true
), arc AS (
    SELECT a, b, barrier, name, (ST_Dump(ST_LineMerge(ST_Collect(line), true))).geom AS geom
    FROM named GROUP BY a, b, barrier, name
)
INSERT INTO block_border (county, a, b, barrier, name, length, geom)
SELECT $1, a, b, barrier, name, ST_Length(geom::geography), geom FROM arc
