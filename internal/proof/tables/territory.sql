CREATE TEMP TABLE proof_territory ON COMMIT DROP AS
SELECT t.*, s.mine, CASE WHEN ST_IsValid(t.geom) THEN t.geom ELSE ST_MakeValid(t.geom) END AS solid
FROM territory t JOIN proof_scope s USING (county, community);
CREATE INDEX ON proof_territory USING gist (solid);
ANALYZE proof_territory;
