-- Which blocks of a grid lie beside which, through a border.
CREATE TEMP TABLE proof_next_to ON COMMIT DROP AS
WITH pair AS (
    SELECT DISTINCT grid_a AS code, a, b FROM proof_border WHERE grid_a = grid_b
)
SELECT code, a, b FROM pair UNION ALL SELECT code, b, a FROM pair;
CREATE INDEX ON proof_next_to (code, a);
ANALYZE proof_next_to;
