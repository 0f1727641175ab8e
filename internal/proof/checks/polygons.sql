-- The premise of the proof: valid polygons with some area, shells counter-clockwise, holes clockwise, every vertex on
-- the lattice: the float nearest to so many ten-millionths.
WITH polygon AS (
    SELECT community, 'block ' || id AS what, geom, valid, true AS counts FROM proof_block WHERE mine
    UNION ALL
    SELECT community, 'territory ' || community, t.geom, ST_IsValid(t.geom),
           EXISTS (SELECT FROM proof_block b WHERE b.county = t.county AND b.community = t.community)
    FROM proof_territory t WHERE mine
    UNION ALL
    SELECT community, 'grid ' || code, geom, ST_IsValid(geom), true FROM proof_grid
), vertex AS (
    SELECT community, what, ST_X(d.geom) AS x, ST_Y(d.geom) AS y FROM polygon, ST_DumpPoints(geom) d
)
SELECT community, what, CASE
    WHEN ST_IsEmpty(geom) THEN 'is empty'
    WHEN NOT valid THEN 'isn''t valid: ' || ST_IsValidReason(geom)
    WHEN NOT ST_IsPolygonCCW(geom) THEN 'has a ring that runs the wrong way round'
    ELSE 'has no area' END AS why
FROM polygon
WHERE counts AND (ST_IsEmpty(geom) OR NOT valid OR NOT ST_IsPolygonCCW(geom) OR NOT ST_Area(geom) > 0)
UNION ALL
SELECT community, what, format('%s vertices are off the lattice, the first near (%s %s)', count(*),
       round(min(x)::numeric, 7), round((array_agg(y ORDER BY x))[1]::numeric, 7))
FROM vertex WHERE NOT (round(x * 1e7) / 1e7::float8 = x AND round(y * 1e7) / 1e7::float8 = y) GROUP BY community, what
