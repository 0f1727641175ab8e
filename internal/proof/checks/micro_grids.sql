-- Micro-grids: a home is in one at a time, all the while on a block of its grid; none is empty, none outlives its grid.
WITH micro AS (
    SELECT county, block, building, entrance, grid, number, int4range(since, NULL) AS during FROM micro_home
    UNION ALL
    SELECT county, block, building, entrance, grid, number, int4range(since, until) FROM micro_home_past
), mine AS (
    SELECT m.* FROM micro m JOIN proof_scope s ON s.county = m.county AND s.community = m.grid / 1000 AND s.mine
), lay AS (
    SELECT county, block, grid, range_agg(int4range(since, CASE WHEN until < since THEN since ELSE until END)) AS during FROM proof_was GROUP BY county, block, grid
)
SELECT m.grid / 1000 AS community, 'block ' || m.block AS what, format('a home on it was in micro-grid %s of grid %s in versions %s, the block was in that grid in versions %s',
       m.number, m.grid, m.during, coalesce(l.during::text, 'none')) AS why
FROM mine m LEFT JOIN lay l ON l.county = m.county AND l.block = m.block AND l.grid = m.grid
WHERE NOT coalesce(l.during @> m.during, false)
UNION ALL
SELECT m.grid / 1000, 'block ' || m.block, format('a home on it was in micro-grid %s of grid %s and in %s of grid %s at the same time', m.number, m.grid, o.number, o.grid)
FROM mine m JOIN micro o ON (o.county, o.block, o.building, o.entrance) = (m.county, m.block, m.building, m.entrance)
  AND o.during && m.during AND (o.grid, o.number) > (m.grid, m.number)
UNION ALL
SELECT m.grid / 1000, 'grid ' || m.grid, format('has homes in its micro-grid %s, which isn''t on record', m.number)
FROM mine m WHERE upper_inf(m.during) AND NOT EXISTS (SELECT FROM micro_grid g WHERE g.county = m.county AND g.grid = m.grid AND g.number = m.number)
GROUP BY m.grid, m.number
UNION ALL
SELECT g.grid / 1000, 'grid ' || g.grid, format('has micro-grid %s with no home in it', g.number)
FROM micro_grid g JOIN proof_scope s ON s.county = g.county AND s.community = g.grid / 1000 AND s.mine
WHERE NOT EXISTS (SELECT FROM micro_home h WHERE h.county = g.county AND h.grid = g.grid AND h.number = g.number)
