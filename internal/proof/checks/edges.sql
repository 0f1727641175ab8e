-- Invariant 1: each edge between two lattice points is used once in each direction, the territory's border counting
-- as the other side. Then the borders cancel, every point has winding number one, and is covered exactly once. Seams
-- that are closed are so; what remains is looked at here.
WITH side AS (
    SELECT community, id, p, q FROM proof_open WHERE mine
    UNION ALL
    SELECT community, 0, q, p FROM proof_outline WHERE mine
), wrong AS (
    SELECT community, least(p, q) AS low, greatest(p, q) AS high FROM side GROUP BY 1, 2, 3
    HAVING count(*) <> 2 OR sum(sign(p - q)) <> 0
), suspect AS MATERIALIZED (
    SELECT s.* FROM side s JOIN wrong w ON w.community = s.community AND w.low = least(s.p, s.q) AND w.high = greatest(s.p, s.q)
), lone AS (
    SELECT community, id, p, q, 'has nothing on its other side' AS why FROM suspect s
    WHERE NOT EXISTS (SELECT FROM suspect o WHERE o.community = s.community AND o.p = s.q AND o.q = s.p)
), doubled AS (
    SELECT community, unnest(ids) AS id, p, q, 'is used more than once in one direction' AS why
    FROM (SELECT community, p, q, array_agg(id) AS ids FROM suspect GROUP BY community, p, q HAVING count(*) > 1) d
)
SELECT community, CASE id WHEN 0 THEN 'territory ' || community ELSE 'block ' || id END AS what,
       format('%s edges %s, the first from %s to %s', count(*), why, pg_temp.place(min(p)),
              pg_temp.place((array_agg(q ORDER BY p))[1])) AS why
FROM (SELECT * FROM lone UNION ALL SELECT * FROM doubled) w GROUP BY community, id, why
UNION ALL
SELECT community, 'community ' || community, format('its blocks have %s square degrees, its territory %s', blocks, ground)
FROM (
    SELECT t.community, ST_Area(t.geom) AS ground, coalesce(b.area, 0) AS blocks
    FROM proof_territory t LEFT JOIN (
        SELECT county, community, sum(ST_Area(geom)) AS area FROM block WHERE retired IS NULL GROUP BY 1, 2) b USING (county, community)
    WHERE t.mine) a
WHERE abs(blocks - ground) > 1e-7 * ground -- a second opinion: sums of floats
