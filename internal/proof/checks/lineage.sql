-- Invariant 4: what lineage says became of a grid is what became of its blocks. A block that stood is its own heir; one
-- that was born takes after the one that went from under its middle.
WITH was AS (
    SELECT county, block, grid, since, NULL::int AS until FROM grid_block
    UNION ALL SELECT county, block, grid, since, until FROM grid_block_past
), placed AS ( -- which block was in which grid at which version
    SELECT w.county, w.block, w.grid, w.grid / 1000 AS community, l.version
    FROM was w JOIN layout l ON l.county = w.county AND l.version >= w.since AND (w.until IS NULL OR l.version < w.until)
    JOIN proof_scope s ON s.county = w.county AND s.community = w.grid / 1000 AND s.mine
), published AS ( -- which community was published anew in which version: something of it changed, or lineage says so
    SELECT county, grid / 1000 AS community, since AS version FROM was
    UNION SELECT county, grid / 1000, until FROM was
    UNION SELECT county, to_grid / 1000, version FROM lineage
), descent AS (
    SELECT n.county, n.version, coalesce(o.grid, m.grid) AS from_grid, n.grid AS to_grid, n.block
    FROM placed n JOIN published p ON p.county = n.county AND p.community = n.community AND p.version = n.version
    LEFT JOIN placed o ON o.county = n.county AND o.block = n.block AND o.version = n.version - 1
    LEFT JOIN LATERAL (
        SELECT w.grid FROM block b JOIN block gone ON gone.county = b.county AND gone.community = b.community
            AND gone.retired = n.version AND gone.geom && b.geom AND ST_Intersects(gone.geom, ST_PointOnSurface(b.geom))
        JOIN was w ON w.county = gone.county AND w.block = gone.id AND w.until = n.version
        WHERE b.county = n.county AND b.id = n.block AND b.born = n.version ORDER BY gone.id LIMIT 1) m ON o.grid IS NULL
), expected AS (
    SELECT d.county, d.version, d.from_grid, d.to_grid, count(*)::int AS blocks, sum(b.residents)::int AS residents
    FROM descent d JOIN block b ON b.county = d.county AND b.id = d.block
    WHERE d.from_grid IS NOT NULL GROUP BY d.county, d.version, d.from_grid, d.to_grid
), said AS (
    SELECT l.* FROM lineage l JOIN proof_scope s ON s.county = l.county AND s.community = l.to_grid / 1000 AND s.mine
)
SELECT to_grid / 1000 AS community, 'grid ' || to_grid AS what, format('version %s, from grid %s: lineage says %s, its blocks say %s',
       version, from_grid, coalesce(format('%s blocks, %s residents', l.blocks, l.residents), 'nothing'),
       coalesce(format('%s blocks, %s residents', e.blocks, e.residents), 'nothing')) AS why
FROM said l FULL JOIN expected e USING (county, version, from_grid, to_grid)
WHERE (l.blocks, l.residents) IS DISTINCT FROM (e.blocks, e.residents)
