-- The communities in question, and those around them, whose borders are needed. $1 is the division's code, '' for
-- all.
CREATE TEMP TABLE proof_scope ON COMMIT DROP AS
SELECT county, community, true AS mine FROM (
    SELECT county, community FROM territory
    UNION SELECT county, community FROM block
    UNION SELECT county, community FROM grid) c
WHERE lpad(community::text, 12, '0') LIKE $1 || '%' OR $1 = lpad(county::text, 6, '0');

INSERT INTO proof_scope
SELECT DISTINCT o.county, o.community, false
FROM proof_scope s JOIN territory t ON t.county = s.county AND t.community = s.community
JOIN territory o ON o.county = t.county AND ST_DWithin(o.geom, t.geom, 1e-5)
WHERE $1 <> '' AND NOT EXISTS (SELECT FROM proof_scope p WHERE p.county = o.county AND p.community = o.community);
ANALYZE proof_scope;

-- All blocks of the communities in question that ever were.
CREATE TEMP TABLE proof_mine ON COMMIT DROP AS
SELECT b.county, b.id FROM block b JOIN proof_scope s USING (county, community) WHERE s.mine;
ALTER TABLE proof_mine ADD PRIMARY KEY (county, id);
ANALYZE proof_mine;

-- A vertex as a number: x·2³² + y in lattice steps.
CREATE FUNCTION pg_temp.vertex(point geometry) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT (round(ST_X(point) * 1e7)::bigint << 32) + round(ST_Y(point) * 1e7)::bigint
$$;

-- One for people: degrees.
CREATE FUNCTION pg_temp.place(p bigint) RETURNS text LANGUAGE sql AS $$
    SELECT format('(%s %s)', round((p >> 32)::numeric / 1e7, 7), round((p - ((p >> 32) << 32))::numeric / 1e7, 7))
$$;
