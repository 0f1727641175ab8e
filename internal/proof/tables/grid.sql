CREATE TEMP TABLE proof_grid ON COMMIT DROP AS
SELECT g.* FROM grid g JOIN proof_scope s USING (county, community) WHERE g.retired IS NULL AND s.mine;
ALTER TABLE proof_grid ADD PRIMARY KEY (county, code);
ANALYZE proof_grid;
