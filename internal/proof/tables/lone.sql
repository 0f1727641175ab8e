-- Edges of territories that no neighbour shares, as lines whose unit is a lattice step, and their ends.
CREATE TEMP TABLE proof_lone ON COMMIT DROP AS
SELECT county, community, mine, p, q, ST_MakeLine(
    ST_MakePoint((p >> 32)::float8, (p - ((p >> 32) << 32))::float8),
    ST_MakePoint((q >> 32)::float8, (q - ((q >> 32) << 32))::float8)) AS geom
FROM proof_outline e
WHERE NOT EXISTS (
    SELECT FROM proof_outline o WHERE o.county = e.county AND o.p = e.q AND o.q = e.p);
CREATE INDEX ON proof_lone USING gist (geom);
ANALYZE proof_lone;

CREATE TEMP TABLE proof_end ON COMMIT DROP AS
SELECT county, community, mine, p, ST_MakePoint((p >> 32)::float8, (p - ((p >> 32) << 32))::float8) AS geom
FROM (SELECT county, community, mine, p FROM proof_lone UNION SELECT county, community, mine, q FROM proof_lone) e;
CREATE INDEX ON proof_end (county, community, p);
ANALYZE proof_end;
