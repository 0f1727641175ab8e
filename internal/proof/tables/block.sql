-- solid is the polygon made valid where it isn't, so that the checks that measure ground can go on.
CREATE TEMP TABLE proof_block ON COMMIT DROP AS
SELECT b.*, CASE WHEN valid THEN geom ELSE ST_MakeValid(geom) END AS solid
FROM (SELECT b.*, s.mine, ST_IsValid(b.geom) AS valid
      FROM block b JOIN proof_scope s USING (county, community) WHERE b.retired IS NULL OFFSET 0) b;
ALTER TABLE proof_block ADD PRIMARY KEY (county, id);
ANALYZE proof_block;
