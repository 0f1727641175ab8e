-- Invariant 4: what lineage says became of a grid is what became of its blocks. A block that stood is its own heir; one
-- that was born takes after the one that went from under its middle.
WITH published AS MATERIALIZED ( -- which community was published anew in which version: something of it changed, or lineage says so
    SELECT county, community, since AS version FROM proof_was
    UNION SELECT county, community, until FROM proof_was WHERE until IS NOT NULL
    UNION SELECT county, to_grid / 1000, version FROM lineage
), held AS MATERIALIZED ( -- the blocks of each grid in that version, and the grid that each was in before
    SELECT p.version, w.county, w.community, w.block, w.grid AS to_grid,
           CASE WHEN w.since < p.version THEN w.grid ELSE o.grid END AS from_grid
    FROM published p JOIN proof_scope s ON s.county = p.county AND s.community = p.community AND s.mine
    JOIN proof_was w ON w.county = p.county AND w.community = p.community
        AND w.since <= p.version AND (w.until IS NULL OR w.until > p.version)
    LEFT JOIN proof_was o ON o.county = w.county AND o.block = w.block AND o.until = w.since AND w.since = p.version
), recast AS MATERIALIZED ( -- where and when blocks went: elsewhere and otherwise no block has one to take after
    SELECT DISTINCT county, community, retired AS version FROM block WHERE retired IS NOT NULL
), newborn AS (
    SELECT DISTINCT ON (h.county, h.version, h.block) h.version, h.county, h.block, h.to_grid, w.grid AS from_grid
    FROM held h JOIN recast USING (county, community, version)
    JOIN block b ON b.county = h.county AND b.id = h.block AND b.born = h.version
    JOIN block gone ON gone.county = b.county AND gone.community = b.community AND gone.retired = h.version
        AND gone.geom && b.geom AND ST_Intersects(gone.geom, ST_PointOnSurface(b.geom))
    JOIN proof_was w ON w.county = gone.county AND w.block = gone.id AND w.until = h.version
    WHERE h.from_grid IS NULL
    ORDER BY h.county, h.version, h.block, gone.id
), descent AS (
    SELECT version, county, block, to_grid, from_grid FROM held WHERE from_grid IS NOT NULL
    UNION ALL SELECT version, county, block, to_grid, from_grid FROM newborn
), expected AS (
    SELECT d.county, d.version, d.from_grid, d.to_grid, count(*)::int AS blocks, sum(b.residents)::int AS residents
    FROM descent d JOIN block b ON b.county = d.county AND b.id = d.block
    GROUP BY d.county, d.version, d.from_grid, d.to_grid
), said AS (
    SELECT l.* FROM lineage l JOIN proof_scope s ON s.county = l.county AND s.community = l.to_grid / 1000 AND s.mine
)
SELECT to_grid / 1000 AS community, 'grid ' || to_grid AS what, format('version %s, from grid %s: lineage says %s, its blocks say %s',
       version, from_grid, coalesce(format('%s blocks, %s residents', l.blocks, l.residents), 'nothing'),
       coalesce(format('%s blocks, %s residents', e.blocks, e.residents), 'nothing')) AS why
FROM said l FULL JOIN expected e USING (county, version, from_grid, to_grid)
WHERE (l.blocks, l.residents) IS DISTINCT FROM (e.blocks, e.residents)
