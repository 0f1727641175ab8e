-- A house stands on the block that it is tied to, and is seen by that block's community. Where there is no ground any more it stays with what was there
-- last.
WITH mine AS (
    SELECT h.county, h.id, h.code, h.geom, h.ground, b.id AS block, b.community, b.retired, b.geom AS solid
    FROM house h LEFT JOIN block b ON b.county = h.county AND b.id = h.block
    WHERE EXISTS (SELECT FROM proof_scope s WHERE s.county = h.county AND s.community = h.ground / 1000 AND s.mine)
)
SELECT ground / 1000 AS community, 'house ' || code AS what, 'is tied to a block that isn''t there' AS why FROM mine WHERE block IS NULL
UNION ALL
SELECT ground / 1000, 'house ' || code, format('is tied to block %s, and doesn''t stand on it', block) FROM mine WHERE retired IS NULL AND NOT ST_Covers(solid, geom)
UNION ALL
SELECT ground / 1000, 'house ' || code, format('is tied to block %s, which is retired, and stands on block %s', m.block, now.id)
FROM mine m JOIN LATERAL (SELECT b.id FROM block b WHERE b.county = m.county AND b.retired IS NULL AND ST_Covers(b.geom, m.geom) ORDER BY b.id LIMIT 1) now ON true
WHERE m.retired IS NOT NULL
UNION ALL
SELECT ground / 1000, 'house ' || code, format('is seen by ground %s and stands on block %s of community %s', ground, block, community) FROM mine WHERE ground <> community * 1000
