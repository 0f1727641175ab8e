-- Invariants 3 and 4: a code is its community's twelve digits and a sequence of three; it lives from one publication
-- to another without interruption, has blocks all the while, and never comes back.
WITH code AS (
    SELECT g.* FROM grid g JOIN proof_scope s ON s.county = g.county AND s.mine
        AND s.community IN (g.community, g.code / 1000)
), lived AS (
    SELECT w.county, w.grid AS code, range_agg(int4range(w.since, CASE WHEN w.until < w.since THEN w.since ELSE w.until END)) AS during
    FROM proof_was w JOIN proof_scope s USING (county, community) WHERE s.mine GROUP BY w.county, w.grid
)
SELECT community, 'grid ' || code AS what, CASE
    WHEN code NOT BETWEEN 100000000000000 AND 999999999999999 OR code % 1000 = 0 THEN 'isn''t a code of twelve digits and three'
    ELSE 'isn''t a code of community ' || community END AS why
FROM code WHERE code NOT BETWEEN 100000000000000 AND 999999999999999 OR code % 1000 = 0 OR code / 1000 <> community
UNION ALL
SELECT c.community, 'grid ' || c.code, format('was live in versions %s by its own account, and had blocks in %s',
       int4range(c.born, CASE WHEN c.retired < c.born THEN c.born ELSE c.retired END), coalesce(l.during::text, 'none'))
FROM code c LEFT JOIN lived l ON l.county = c.county AND l.code = c.code
WHERE l.during IS DISTINCT FROM int4multirange(int4range(c.born, CASE WHEN c.retired < c.born THEN c.born ELSE c.retired END))
  AND NOT (l.during IS NULL AND c.born = c.retired)
UNION ALL
SELECT l.code / 1000, 'grid ' || l.code, 'history speaks of it, and there is no such grid'
FROM lived l WHERE NOT EXISTS (SELECT FROM grid g WHERE g.county = l.county AND g.code = l.code)
UNION ALL
SELECT x.code / 1000, 'grid ' || x.code, 'lineage speaks of it, and there is no such grid'
FROM (SELECT county, from_grid AS code FROM lineage UNION SELECT county, to_grid FROM lineage) x
JOIN proof_scope s ON s.county = x.county AND s.community = x.code / 1000 AND s.mine
WHERE NOT EXISTS (SELECT FROM grid g WHERE g.county = x.county AND g.code = x.code)
UNION ALL
SELECT c.community, 'grid ' || c.code, format('speaks of a version that there isn''t (born %s, changed %s, retired %s)',
       c.born, c.changed, c.retired)
FROM code c WHERE EXISTS (SELECT FROM unnest(ARRAY[c.born, c.changed, c.retired]) v
    WHERE v IS NOT NULL AND NOT EXISTS (SELECT FROM layout l WHERE l.county = c.county AND l.version = v))
