-- Every live grid, and no other, has its shape at each zoom of the county's, and no two shapes of a zoom use an edge in
-- the same direction.
WITH shape AS (
    SELECT county, id, zoom, geom FROM tile_shape WHERE layer = 'grids'
), zoom AS (
    SELECT DISTINCT county, zoom FROM shape
), segment AS (
    SELECT s.county, s.zoom, s.id, g.geom FROM shape s JOIN proof_grid p ON p.county = s.county AND p.code = s.id, ST_DumpSegments(s.geom) g
)
SELECT g.community, 'grid ' || g.code AS what, CASE WHEN z.zoom IS NULL THEN 'has no shape for tiles' ELSE 'has no shape for zoom ' || z.zoom END AS why
FROM proof_grid g LEFT JOIN zoom z ON z.county = g.county
WHERE NOT EXISTS (SELECT FROM shape s WHERE s.county = g.county AND s.id = g.code AND s.zoom = z.zoom)
UNION ALL
SELECT s.id / 1000, 'grid ' || s.id, 'has a shape for zoom ' || s.zoom || ' and isn''t live'
FROM shape s JOIN proof_scope c ON c.county = s.county AND c.community = s.id / 1000 AND c.mine
WHERE NOT EXISTS (SELECT FROM proof_grid g WHERE g.county = s.county AND g.code = s.id)
UNION ALL
SELECT min(id) / 1000, 'grid ' || min(id), format('its shape for zoom %s overlaps that of %s', zoom, max(id))
FROM segment GROUP BY county, zoom, geom::bytea HAVING count(*) > 1
