-- The borders on record are the borders of the blocks: each edge once, the lower block on its left, what lies on the
-- other side on its right, 0 where nothing of the county does.
WITH side AS (
    SELECT county, id, mine, p, q FROM proof_edge WHERE kind = 'b'
), expected AS (
    SELECT s.county, s.id AS a, coalesce(o.id, 0) AS b, s.p, s.q
    FROM side s LEFT JOIN side o ON o.county = s.county AND o.p = s.q AND o.q = s.p
    WHERE (o.id IS NULL OR s.id < o.id) AND (s.mine OR o.mine)
), arc AS (
    SELECT r.* FROM block_border r WHERE EXISTS (
        SELECT FROM proof_scope s WHERE s.county = r.county) AND (EXISTS (
        SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.a)
        OR EXISTS (SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.b)
        OR NOT EXISTS (SELECT FROM block b WHERE b.county = r.county AND b.id = r.a))
), vertex AS (
    SELECT r.county, r.id, r.a, r.b, d.path[1] AS n,
           (round(ST_X(d.geom) * 1e7)::bigint << 32) + round(ST_Y(d.geom) * 1e7)::bigint AS p
    FROM arc r, ST_DumpPoints(r.geom) d
), step AS (
    SELECT county, a, b, p, lead(p) OVER (PARTITION BY county, id ORDER BY n) AS q FROM vertex
), said AS (
    SELECT county, a, b, p, q, count(*) AS n FROM step WHERE q IS NOT NULL GROUP BY county, a, b, p, q
)
SELECT coalesce(k.community, 0) AS community, 'block ' || w.a AS what, format('%s edges of its border with %s are %s, the first at %s', count(*),
       CASE w.b WHEN 0 THEN 'nothing' ELSE 'block ' || w.b END, w.how, pg_temp.place(min(w.p))) AS why
FROM (
    SELECT county, a, b, p, CASE WHEN s.n IS NULL THEN 'not on record' WHEN e.p IS NULL THEN 'on record, but not theirs'
           ELSE 'on record more than once' END AS how
    FROM said s FULL JOIN expected e USING (county, a, b, p, q)
    WHERE s.n IS DISTINCT FROM 1 OR e.p IS NULL
) w LEFT JOIN block k ON k.county = w.county AND k.id = w.a
GROUP BY k.community, w.a, w.b, w.how
UNION ALL
SELECT coalesce(k.community, 0), 'block ' || r.a, format('says %s m of border with %s, it has %s', round(r.length::numeric, 2),
       CASE r.b WHEN 0 THEN 'nothing' ELSE 'block ' || r.b END, round(ST_Length(r.geom::geography)::numeric, 2))
FROM arc r LEFT JOIN block k ON k.county = r.county AND k.id = r.a
WHERE abs(r.length - ST_Length(r.geom::geography)) > 1e-3 * r.length + 0.01
