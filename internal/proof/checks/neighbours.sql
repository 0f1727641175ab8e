-- Invariant 1 across the borders of communities: no common ground, no vertex on one side only, no sliver between.
WITH side AS (
    SELECT county, community, mine, p, q FROM proof_outline
), near AS ( -- a neighbour's vertex in the middle of an edge, or half a step off it
    SELECT l.county, l.community, v.community AS other, v.p AS at, ST_Distance(l.geom, v.geom) = 0 AS on_it, l.p, l.q
    FROM proof_end v JOIN proof_lone l ON l.county = v.county AND l.community <> v.community AND v.p NOT IN (l.p, l.q)
     AND (v.mine OR l.mine) AND ST_DWithin(l.geom, v.geom, 0.7072)
), hole AS ( -- ground that territories enclose and none has; a large one may be so, a sliver not
    SELECT u.county, ST_MakePolygon(ST_ExteriorRing(r.geom)) AS geom
    FROM (SELECT county, ST_Union(solid) AS geom FROM proof_territory GROUP BY county) u,
         ST_Dump(u.geom) part, ST_DumpRings(part.geom) r
    WHERE r.path[1] > 0
), sliver AS (
    SELECT county, geom, ST_Area(geom::geography) AS area, ST_Perimeter(geom::geography) AS around FROM hole
)
SELECT a.community, 'territory ' || a.community AS what, 'overlaps territory ' || o.community AS why
FROM proof_territory a JOIN proof_territory o ON o.county = a.county AND o.community <> a.community AND o.solid && a.solid
WHERE a.mine AND ST_Relate(a.solid, o.solid, 'T********')
UNION ALL
SELECT min(community), 'territory ' || min(community), format('territories %s use the edge from %s to %s in one direction',
       string_agg(community::text, ', ' ORDER BY community), pg_temp.place(p), pg_temp.place(q))
FROM side GROUP BY county, p, q HAVING count(*) > 1 AND bool_or(mine)
UNION ALL
SELECT community, 'territory ' || community, format('lacks the vertex %s that territory %s has on their border', pg_temp.place(at), other)
FROM near n
WHERE on_it OR (EXISTS (SELECT FROM proof_end e WHERE (e.county, e.community, e.p) = (n.county, n.other, n.p))
            AND EXISTS (SELECT FROM proof_end e WHERE (e.county, e.community, e.p) = (n.county, n.other, n.q)))
UNION ALL
SELECT t.community, 'territory ' || t.community, format('borders on a sliver of %s m² that belongs to nobody, near (%s %s)',
       round(area::numeric, 3), round(ST_X(ST_PointN(ST_ExteriorRing(s.geom), 1))::numeric, 7),
       round(ST_Y(ST_PointN(ST_ExteriorRing(s.geom), 1))::numeric, 7))
FROM sliver s JOIN proof_territory t ON t.county = s.county AND t.solid && s.geom AND ST_Intersects(t.solid, s.geom)
WHERE t.mine AND (area <= 100 OR 2 * area / around <= 2)
