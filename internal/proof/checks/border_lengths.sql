-- The length on record is that of the line, on the ellipsoid: the plane of a 3-degree zone differs by 4 in 10,000 at most.
SELECT coalesce(k.community, 0) AS community, 'block ' || r.a AS what, format('says %s m of border with %s, it has %s',
       round(r.length::numeric, 2), CASE r.b WHEN 0 THEN 'nothing' ELSE 'block ' || r.b END,
       round(ST_Length(r.geom::geography)::numeric, 2)) AS why
FROM block_border r LEFT JOIN block k ON k.county = r.county AND k.id = r.a
WHERE abs(r.length - ST_Length(r.geom::geography)) > 1e-3 * r.length + 0.01
  AND (EXISTS (SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.a)
       OR EXISTS (SELECT FROM proof_mine m WHERE m.county = r.county AND m.id = r.b))
