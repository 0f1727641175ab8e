-- Nobody is lost and nobody invented: a territory's blocks have the residents that its division has on record. Where
-- every one of them is known by building, the buildings have the last word.
WITH total AS (
    SELECT t.community, t.division, d.residents AS record, coalesce(sum(b.residents), 0) AS residents,
           coalesce(bool_or(b.residents_source = 'estimate'), false) AS estimated,
           sum((SELECT coalesce(sum(bb.residents), 0) FROM block_building bb WHERE bb.county = b.county AND bb.block = b.id)) AS housed
    FROM proof_territory t LEFT JOIN division d ON d.code = t.division
    LEFT JOIN proof_block b ON b.county = t.county AND b.community = t.community
    WHERE t.mine AND NOT ST_IsEmpty(t.geom) GROUP BY t.community, t.division, d.residents
)
SELECT community, 'community ' || community AS what, format('has %s residents on record, its blocks %s', record, residents) AS why
FROM total WHERE record <> residents AND (estimated OR residents <> housed)
