-- The borders on record are the borders of the blocks: each edge once, the lower block on its left, what lies on the
-- other side on its right, 0 where nothing of the county does.
WITH arc AS (
    SELECT r.* FROM block_border r WHERE EXISTS (
        SELECT FROM proof_scope s WHERE s.county = r.county) AND (EXISTS (
        SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.a)
        OR EXISTS (SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.b)
        OR NOT EXISTS (SELECT FROM block b WHERE b.county = r.county AND b.id = r.a))
), segment AS ( -- OFFSET: or each end is taken from its segment once for x and once for y
    SELECT r.county, r.a, r.b, ST_StartPoint(d.geom) AS f, ST_EndPoint(d.geom) AS t FROM arc r, ST_DumpSegments(r.geom) d OFFSET 0
), said AS MATERIALIZED (
    SELECT county, a, b, (round(ST_X(f) * 1e7)::bigint << 32) + round(ST_Y(f) * 1e7)::bigint AS p,
           (round(ST_X(t) * 1e7)::bigint << 32) + round(ST_Y(t) * 1e7)::bigint AS q FROM segment
), expected AS (
    SELECT county, a, b, p, q FROM proof_border WHERE mine
), wrong AS (
    SELECT county, a, b, p, CASE WHEN s.p IS NULL THEN 'not on record' ELSE 'on record, but not theirs' END AS how
    FROM said s FULL JOIN expected e USING (county, a, b, p, q)
    WHERE s.p IS NULL OR e.p IS NULL
    UNION ALL
    SELECT county, a, b, p, 'on record more than once' FROM said
    WHERE (SELECT count(*) FROM said) <> (SELECT count(*) FROM expected) -- or else, when none is amiss, none is there twice
    GROUP BY county, a, b, p, q HAVING count(*) > 1
)
SELECT coalesce(k.community, 0) AS community, 'block ' || w.a AS what, format('%s edges of its border with %s are %s, the first at %s', count(*),
       CASE w.b WHEN 0 THEN 'nothing' ELSE 'block ' || w.b END, w.how, pg_temp.place(min(w.p))) AS why
FROM wrong w LEFT JOIN block k ON k.county = w.county AND k.id = w.a
GROUP BY k.community, w.a, w.b, w.how
