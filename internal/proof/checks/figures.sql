-- A figure is the sum of what it counts. Areas and lengths are compared with those on the ellipsoid: the plane of a
-- 3-degree zone differs from it by 4 in 10,000 at most.
WITH block_figure AS (
    SELECT b.county, b.id, b.residents, b.area,
           (SELECT count(*) FROM block_building bb WHERE bb.county = b.county AND bb.block = b.id AND bb.residents > 0) AS houses
    FROM proof_block b WHERE b.mine
), sum AS (
    SELECT gb.county, gb.grid, count(*) AS blocks, sum(b.residents) AS residents, sum(b.houses) AS houses, sum(b.area) AS area
    FROM grid_block gb JOIN block_figure b ON b.county = gb.county AND b.id = gb.block GROUP BY gb.county, gb.grid
)
SELECT g.community, 'grid ' || g.code AS what,
       format('says %s blocks, %s residents, %s houses, %s m²; its blocks have %s, %s, %s, %s',
              g.blocks, g.residents, g.houses, round(g.area::numeric, 1), s.blocks, s.residents, s.houses, round(s.area::numeric, 1)) AS why
FROM proof_grid g LEFT JOIN sum s ON s.county = g.county AND s.grid = g.code
WHERE (g.blocks, g.residents, g.houses) IS DISTINCT FROM (s.blocks::int, s.residents::int, s.houses::int)
   OR s.area IS NULL OR abs(g.area - s.area) > 1e-6 * s.area + 1e-6
UNION ALL
SELECT community, 'block ' || id, format('says %s m², its ground has %s', round(area::numeric, 2),
       round(ST_Area(geom::geography)::numeric, 2))
FROM proof_block WHERE mine AND abs(area - ST_Area(geom::geography)) > 1e-3 * area + 0.01
UNION ALL
SELECT community, 'grid ' || code, format('says its border is %s m long, it has %s', round(perimeter::numeric, 1),
       round(ST_Perimeter(geom::geography)::numeric, 1))
FROM proof_grid WHERE abs(perimeter - ST_Perimeter(geom::geography)) > 1e-3 * perimeter + 0.01
UNION ALL
SELECT community, 'grid ' || code, 'says its compactness is ' || compactness
FROM proof_grid WHERE NOT (compactness > 0 AND compactness < 1.0001)
UNION ALL
SELECT c.community, 'population cells of resolution ' || c.resolution,
       format('count %s residents, the blocks have %s', c.residents, b.residents)
FROM (SELECT county, community, resolution, sum(residents) AS residents FROM population_cell GROUP BY 1, 2, 3) c
JOIN (SELECT county, community, sum(residents) AS residents FROM proof_block WHERE mine GROUP BY 1, 2) b USING (county, community)
WHERE c.residents <> b.residents
UNION ALL
SELECT g.community, 'grid ' || g.code, format('says a workload of %s, its blocks have %s', coalesce(g.workload::text, 'nothing'),
       CASE WHEN s.without > 0 AND s.workload IS NOT NULL THEN 'partly none' ELSE coalesce(s.workload::text, 'nothing') END)
FROM proof_grid g JOIN (
    SELECT county, grid, sum(workload) AS workload, count(*) FILTER (WHERE workload IS NULL) AS without FROM grid_block GROUP BY county, grid
) s ON s.county = g.county AND s.grid = g.code
WHERE g.workload IS DISTINCT FROM s.workload OR s.without > 0 AND s.workload IS NOT NULL
