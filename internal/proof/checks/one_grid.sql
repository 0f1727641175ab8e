-- Invariant 2: a live block is in one live grid of its own community, a retired one in none, and no live grid is empty.
SELECT b.community, 'block ' || b.id AS what, CASE
    WHEN gb.block IS NULL THEN 'is in no grid'
    WHEN g.code IS NULL THEN 'is in grid ' || gb.grid || ', which doesn''t exist'
    WHEN g.retired IS NOT NULL THEN 'is in the retired grid ' || gb.grid
    ELSE 'is in grid ' || gb.grid || ' of another community' END AS why
FROM proof_block b LEFT JOIN grid_block gb ON gb.county = b.county AND gb.block = b.id
LEFT JOIN grid g ON g.county = gb.county AND g.code = gb.grid
WHERE b.mine AND (g.code IS NULL OR g.retired IS NOT NULL OR g.community <> b.community)
UNION ALL
SELECT gb.grid / 1000, 'block ' || gb.block, CASE WHEN b.id IS NULL THEN 'doesn''t exist' ELSE 'is retired' END
       || ' and is in grid ' || gb.grid
FROM grid_block gb JOIN proof_scope s ON s.county = gb.county AND s.community = gb.grid / 1000 AND s.mine
LEFT JOIN block b ON b.county = gb.county AND b.id = gb.block
WHERE b.id IS NULL OR b.retired IS NOT NULL
UNION ALL
SELECT community, 'grid ' || code, 'is live and has no blocks'
FROM proof_grid g WHERE NOT EXISTS (SELECT FROM grid_block gb WHERE gb.county = g.county AND gb.grid = g.code)
