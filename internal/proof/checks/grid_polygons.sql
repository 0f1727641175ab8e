-- Invariant 2: a grid's polygon is the union of its blocks, to the last vertex: the edges of the blocks together
-- with the polygon's, reversed, cancel.
WITH side AS (
    SELECT g.community, g.code, e.p, e.q
    FROM proof_grid g JOIN grid_block gb ON gb.county = g.county AND gb.grid = g.code
    JOIN proof_edge e ON e.kind = 'b' AND e.county = g.county AND e.id = gb.block
    UNION ALL
    SELECT community, id, q, p FROM proof_edge WHERE kind = 'g'
), wrong AS ( -- one pass over all of them; what is wrong with the few that are is asked afterwards
    SELECT code, least(p, q) AS low, greatest(p, q) AS high FROM side GROUP BY 1, 2, 3
    HAVING count(*) <> 2 OR sum(sign(p - q)) <> 0
), used AS (
    SELECT s.community, s.code, s.p, s.q, count(*) AS n
    FROM side s JOIN wrong w ON w.code = s.code AND w.low = least(s.p, s.q) AND w.high = greatest(s.p, s.q)
    GROUP BY s.community, s.code, s.p, s.q
)
SELECT u.community, 'grid ' || u.code AS what, format('%s edges of its polygon aren''t those of its blocks, the first at %s',
       count(*), pg_temp.place(min(u.p))) AS why
FROM used u LEFT JOIN used o ON o.code = u.code AND o.p = u.q AND o.q = u.p
WHERE u.n <> 1 OR o.n IS DISTINCT FROM 1
GROUP BY u.community, u.code
