-- A block was in one grid at each version from its birth to its retirement, and in none before or after; a cut one
-- went when its parts came.
WITH was AS (
    SELECT county, block, grid, int4range(since, CASE WHEN until < since THEN since ELSE until END) AS during FROM proof_was
), life AS (
    SELECT county, block, range_agg(during) AS during FROM was GROUP BY county, block
)
SELECT b.community, 'block ' || b.id AS what, format('lived in versions %s and was in grids in %s',
       int4range(b.born, CASE WHEN b.retired < b.born THEN b.born ELSE b.retired END), coalesce(l.during::text, 'none')) AS why
FROM block b JOIN proof_scope s ON s.county = b.county AND s.community = b.community AND s.mine
LEFT JOIN life l ON l.county = b.county AND l.block = b.id
WHERE l.during IS DISTINCT FROM int4multirange(int4range(b.born, CASE WHEN b.retired < b.born THEN b.born ELSE b.retired END))
UNION ALL
SELECT a.grid / 1000, 'block ' || a.block, format('was in grids %s and %s at the same time', a.grid, o.grid)
FROM was a JOIN was o ON o.county = a.county AND o.block = a.block AND o.grid > a.grid AND o.during && a.during
JOIN proof_scope s ON s.county = a.county AND s.community = a.grid / 1000 AND s.mine
UNION ALL
SELECT b.community, 'block ' || b.id, format('was cut from block %s, which %s', b.parent,
       CASE WHEN p.id IS NULL THEN 'doesn''t exist' ELSE 'didn''t go when it came' END)
FROM block b JOIN proof_scope s ON s.county = b.county AND s.community = b.community AND s.mine
LEFT JOIN block p ON p.county = b.county AND p.id = b.parent
WHERE b.parent IS NOT NULL AND p.retired IS DISTINCT FROM b.born
