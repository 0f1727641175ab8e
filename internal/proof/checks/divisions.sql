-- A territory is its division's polygon as imported, but for what noding and the settling of small overlaps and gaps
-- moved: pieces up to 100 m², or not wider than 2 m.
WITH pair AS (
    SELECT t.community, t.division, t.solid AS ground, ST_MakeValid(d.geom) AS law
    FROM proof_territory t LEFT JOIN division d ON d.code = t.division
    WHERE t.mine AND NOT ST_IsEmpty(t.geom)
), piece AS (
    SELECT community, p.geom, ST_Area(p.geom::geography) AS area, ST_Perimeter(p.geom::geography) AS around
    FROM pair, ST_Dump(ST_CollectionExtract(ST_SymDifference(ground, law), 3)) p
)
SELECT community, 'territory ' || community AS what,
       format('differs from its division''s polygon by %s m²', round(sum(area)::numeric, 1)) AS why
FROM piece WHERE area > 100 AND 2 * area / around > 2 GROUP BY community
UNION ALL
SELECT community, 'territory ' || community, CASE WHEN law IS NULL THEN 'its division ' || division || ' has no polygon'
       ELSE 'its code isn''t that of its division ' || division END
FROM pair WHERE law IS NULL OR rpad(division, 12, '0') <> lpad(community::text, 12, '0')
