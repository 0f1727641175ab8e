-- Invariant 2: a grid's polygon is the union of its blocks, to the last vertex: the edges of its blocks that have no
-- other block of it on their other side, together with the polygon's, reversed, cancel.
WITH parting AS MATERIALIZED (
    SELECT grid_a, grid_b, p, q FROM proof_border WHERE grid_a IS DISTINCT FROM grid_b
), side AS (
    SELECT grid_a AS code, p, q FROM parting WHERE grid_a IS NOT NULL
    UNION ALL
    SELECT grid_b, q, p FROM parting WHERE grid_b IS NOT NULL
    UNION ALL
    SELECT code, q, p FROM proof_grid_edge
), wrong AS ( -- one pass over all of them; what is wrong with the few that are is asked afterwards
    SELECT code, least(p, q) AS low, greatest(p, q) AS high FROM side GROUP BY 1, 2, 3
    HAVING count(*) <> 2 OR sum(sign(p - q)) <> 0
), used AS (
    SELECT s.code, s.p, s.q, count(*) AS n
    FROM side s JOIN wrong w ON w.code = s.code AND w.low = least(s.p, s.q) AND w.high = greatest(s.p, s.q)
    GROUP BY s.code, s.p, s.q
)
SELECT u.code / 1000 AS community, 'grid ' || u.code AS what, format('%s edges of its polygon aren''t those of its blocks, the first at %s',
       count(*), pg_temp.place(min(u.p))) AS why
FROM used u LEFT JOIN used o ON o.code = u.code AND o.p = u.q AND o.q = u.p
WHERE u.n <> 1 OR o.n IS DISTINCT FROM 1
GROUP BY u.code
