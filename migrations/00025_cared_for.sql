-- How many people are looked after in each of some pieces of ground: for who draws grids or approves them there without seeing the register.
--
-- Figures that follow a border being drawn could be subtracted from one another until they are about one house. So none is exact: it is off by two at
-- most, by an amount that hangs on who exactly is counted, the same each time the same people are (the cell-key method of statistical offices); and
-- fewer than five, none among them, isn't said. Special groups, which need a label of their own, aren't counted at all.

-- +goose Up

-- slots says for each block what it is counted into. kind '' is everybody once, whatever the kinds; people NULL is fewer than five.
-- +goose StatementBegin
CREATE FUNCTION cared_for(the_county integer, the_blocks bigint[], the_slots integer[]) RETURNS TABLE (slot integer, kind text, people integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT scope_of('grid.plan') + scope_of('grid.approve') + scope_of('register.read') AS ground),
    cared AS (
        SELECT u.slot, c.kind, r.id, hashtextextended(encode(r.name_index, 'hex') || r.id, 0) AS mark
        FROM unnest(the_blocks, the_slots) AS u (block, slot)
        JOIN house h ON h.county = the_county AND h.block = u.block
        JOIN care c ON c.county = h.county AND c.house = h.id AND c.special IS NULL
        JOIN resident r ON r.county = c.county AND r.id = c.resident AND r.died IS NULL
        WHERE multirange_contains_elem((SELECT ground FROM mine), h.ground)),
    counted AS (
        SELECT c.slot, c.kind, count(*) AS n, bit_xor(c.mark) AS cell FROM cared c GROUP BY c.slot, c.kind
        UNION ALL
        SELECT e.slot, '', count(*), bit_xor(e.mark) FROM (SELECT DISTINCT c.slot, c.id, c.mark FROM cared c) e GROUP BY e.slot)
    SELECT t.slot, t.kind, CASE WHEN t.n >= 5 THEN greatest(5, t.n + (t.cell % 5 + 5) % 5 - 2)::integer END FROM counted t
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION cared_for FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cared_for TO jingwei_app;

-- +goose Down
DROP FUNCTION cared_for;
