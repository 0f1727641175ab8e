-- Which block was in which grid from which version until which; until is NULL for what is so now.
CREATE TEMP TABLE proof_was ON COMMIT DROP AS
SELECT w.*, w.grid / 1000 AS community FROM (
    SELECT county, block, grid, since, NULL::integer AS until FROM grid_block
    UNION ALL SELECT county, block, grid, since, until FROM grid_block_past) w
JOIN proof_scope s ON s.county = w.county AND s.community = w.grid / 1000;
CREATE INDEX ON proof_was (county, block);
ANALYZE proof_was;
