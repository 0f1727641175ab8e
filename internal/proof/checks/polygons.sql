-- The premise of the proof: valid polygons with some area, shells counter-clockwise, holes clockwise, every vertex on
-- the lattice.
WITH polygon AS (
    SELECT community, 'block ' || id AS what, geom FROM proof_block WHERE mine
    UNION ALL
    SELECT community, 'territory ' || community, t.geom FROM proof_territory t
    WHERE mine AND EXISTS (SELECT FROM proof_block b WHERE b.county = t.county AND b.community = t.community)
    UNION ALL
    SELECT community, 'grid ' || code, geom FROM proof_grid
)
SELECT community, what, CASE
    WHEN ST_IsEmpty(geom) THEN 'is empty'
    WHEN NOT ST_IsValid(geom) THEN 'isn''t valid: ' || ST_IsValidReason(geom)
    WHEN NOT ST_IsPolygonCCW(geom) THEN 'has a ring that runs the wrong way round'
    ELSE 'has no area' END AS why
FROM polygon
WHERE ST_IsEmpty(geom) OR NOT ST_IsValid(geom) OR NOT ST_IsPolygonCCW(geom) OR NOT ST_Area(geom) > 0
UNION ALL
SELECT community, CASE kind WHEN 'b' THEN 'block ' || id WHEN 'g' THEN 'grid ' || id ELSE 'territory ' || community END,
       format('%s vertices are off the lattice, the first near %s', count(*), pg_temp.place(min(p)))
FROM proof_edge WHERE mine AND NOT on_lattice GROUP BY community, kind, id
