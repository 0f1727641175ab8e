-- Invariant 3: from its first block one comes to every block of a grid through borders.
WITH RECURSIVE member AS MATERIALIZED (
    SELECT g.community, g.code, gb.block
    FROM proof_grid g JOIN grid_block gb ON gb.county = g.county AND gb.grid = g.code
), reached AS (
    SELECT code, min(block) AS block FROM member GROUP BY code
    UNION
    SELECT r.code, n.b FROM reached r JOIN proof_next_to n ON n.code = r.code AND n.a = r.block
)
SELECT m.community, 'grid ' || m.code AS what, format('isn''t connected: %s of its blocks are cut off, the first is block %s',
       count(*), min(m.block)) AS why
FROM member m LEFT JOIN reached r ON r.code = m.code AND r.block = m.block
WHERE r.block IS NULL GROUP BY m.community, m.code
