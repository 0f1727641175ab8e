-- The edges of a community's blocks put together, both directions in one row: p is the lower vertex, n counts the uses
-- in either direction, l is the block on the left of the way from p to q, r the one on its right, grid_l and
-- grid_r are their grids. A seam is closed when two blocks use it, once each way.
CREATE TEMP TABLE proof_seam ON COMMIT DROP AS
SELECT county, community, mine, least(p, q) AS p, greatest(p, q) AS q, count(*) AS n,
       min(id) FILTER (WHERE p < q) AS l, min(id) FILTER (WHERE p > q) AS r,
       min(grid) FILTER (WHERE p < q) AS grid_l, min(grid) FILTER (WHERE p > q) AS grid_r
FROM proof_edge GROUP BY county, community, mine, least(p, q), greatest(p, q);
ANALYZE proof_seam;

-- The edges of all seams that aren't closed, each in the direction of its block: those along the community's border,
-- and all that is wrong.
CREATE TEMP TABLE proof_open ON COMMIT DROP AS
WITH seam AS (
    SELECT *, (n = 2 AND l IS NOT NULL AND r IS NOT NULL) AS closed, (n = 1 AND (l IS NULL) <> (r IS NULL)) AS single FROM proof_seam
)
SELECT county, community, mine, coalesce(l, r) AS id, coalesce(grid_l, grid_r) AS grid,
       CASE WHEN r IS NULL THEN p ELSE q END AS p, CASE WHEN r IS NULL THEN q ELSE p END AS q
FROM seam WHERE single
UNION ALL
SELECT county, community, e.mine, e.id, e.grid, e.p, e.q
FROM seam s JOIN proof_edge e USING (county, community)
WHERE NOT s.single AND NOT s.closed AND least(e.p, e.q) = s.p AND greatest(e.p, e.q) = s.q;
ANALYZE proof_open;

-- The borders between blocks, across communities, too: each edge once, the lower block (a) on its left, what lies on
-- the other side on its right (b), 0 where nothing of the county does.
CREATE TEMP VIEW proof_border AS
SELECT county, mine, least(l, r) AS a, greatest(l, r) AS b,
       CASE WHEN l < r THEN p ELSE q END AS p, CASE WHEN l < r THEN q ELSE p END AS q,
       CASE WHEN l < r THEN grid_l ELSE grid_r END AS grid_a, CASE WHEN l < r THEN grid_r ELSE grid_l END AS grid_b
FROM proof_seam WHERE n = 2 AND l <> r
UNION ALL
SELECT s.county, s.mine OR coalesce(o.mine, false), s.id, coalesce(o.id, 0), s.p, s.q, s.grid, o.grid
FROM proof_open s LEFT JOIN proof_open o ON o.county = s.county AND o.p = s.q AND o.q = s.p
WHERE o.id IS NULL OR s.id < o.id;
