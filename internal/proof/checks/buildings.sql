-- Invariant 5, as far as there are houses: a building stands on the block that counts it, and on one only, unless it
-- holds more people than a grid may, or a planner cut its block through it: then it stands on pieces only. What a division's border cuts off doesn't count, nor does ground that it shares
-- with another building. A square metre is allowed for.
WITH part AS (
    SELECT bb.county, b.community, bb.building, bb.block, bb.residents, b.solid AS geom, b.parent IS NOT NULL AS piece
    FROM block_building bb JOIN proof_block b ON b.county = bb.county AND b.id = bb.block WHERE b.mine
), whole AS (
    SELECT county, community, building, count(*) AS parts, sum(residents) AS residents, bool_and(piece) AS pieces,
           CASE count(*) WHEN 1 THEN (array_agg(geom))[1] ELSE ST_Union(geom) END AS ground
    FROM part GROUP BY county, community, building
), stands AS (
    SELECT w.*, h.source, h.geom, ST_Intersection(ST_Difference(ST_MakeValid(h.geom), w.ground), t.solid) AS outside
    FROM whole w JOIN building h ON h.county = w.county AND h.id = w.building
    JOIN proof_territory t ON t.county = w.county AND t.community = w.community
    WHERE NOT ST_CoveredBy(h.geom, w.ground)
), off AS (
    SELECT s.*, ST_Area(ST_Difference(s.outside, coalesce((
        SELECT ST_Union(ST_MakeValid(o.geom)) FROM building o
        WHERE o.county = s.county AND o.id <> s.building AND o.geom && s.outside AND ST_Intersects(ST_MakeValid(o.geom), s.outside)),
        'SRID=4326;POLYGON EMPTY'::geometry))::geography) AS area
    FROM stands s
    WHERE ST_Area(s.outside::geography) > 1
), upper AS (
    SELECT county, coalesce((settings->>'target')::float8, 600) * (1 + coalesce((settings->>'tolerance')::float8, 0.15)) AS most
    FROM layout WHERE live
), counted AS MATERIALIZED (
    SELECT county, community, (max(max(building)) OVER (PARTITION BY county)) AS latest FROM part GROUP BY county, community
)
SELECT community, 'building ' || source AS what, format('%s m² of it stand on other ground than the blocks that count it', round(area::numeric, 1)) AS why
FROM off WHERE area > 1
UNION ALL
SELECT w.community, 'building ' || h.source, format('is counted in %s blocks with %s residents', parts, w.residents)
FROM whole w JOIN building h ON h.county = w.county AND h.id = w.building LEFT JOIN upper u ON u.county = w.county
WHERE parts > 1 AND NOT w.pieces AND w.residents <= coalesce(u.most, 690)
UNION ALL
SELECT b.community, 'block ' || b.id, format('has %s residents, the buildings on it %s', b.residents, sum(p.residents))
FROM proof_block b JOIN part p ON p.county = b.county AND p.block = b.id
GROUP BY b.community, b.id, b.residents HAVING sum(p.residents) > b.residents
UNION ALL
SELECT t.community, 'building ' || h.source, 'stands here and is counted in no block'
FROM proof_territory t JOIN counted c ON c.county = t.county AND c.community = t.community
JOIN building h ON h.county = t.county AND h.geom && t.solid AND ST_Intersects(t.solid, ST_PointOnSurface(h.geom))
WHERE t.mine AND h.id < c.latest -- later ones came after the ground was made
  AND NOT EXISTS (SELECT FROM block_building bb JOIN block b ON b.county = bb.county AND b.id = bb.block AND b.retired IS NULL
                  WHERE bb.county = h.county AND bb.building = h.id)
UNION ALL
SELECT p.community, 'building ' || p.building, 'is counted in block ' || p.block || ' and doesn''t exist'
FROM part p WHERE NOT EXISTS (SELECT FROM building h WHERE h.county = p.county AND h.id = p.building)
