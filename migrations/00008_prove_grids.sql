-- The check of a community's grids, without a trap: "ORDER BY id LIMIT 1" made the planner walk through all blocks of
-- the county in the order of their ids, because it expected to meet a bad one at once. A materialised list has no order to offer.

-- +goose Up

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION prove_grids(the_county integer, the_community bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    bad record;
BEGIN
    WITH placed AS MATERIALIZED (
        SELECT b.id, gb.grid, CASE
            WHEN gb.grid IS NULL THEN 'is in no grid'
            WHEN b.retired IS NOT NULL THEN 'is retired and still in a grid'
            WHEN g.retired IS NOT NULL THEN 'is in a retired grid'
            WHEN g.community <> b.community THEN 'is in another community''s grid' END AS what, CASE
            WHEN gb.grid IS NULL THEN '不在任何网格中'
            WHEN b.retired IS NOT NULL THEN '已撤销，却仍在网格中'
            WHEN g.retired IS NOT NULL THEN '在已撤销的网格中'
            WHEN g.community <> b.community THEN '在别的社区的网格中' END AS what_zh
        FROM block b LEFT JOIN grid_block gb ON gb.county = b.county AND gb.block = b.id
        LEFT JOIN grid g ON g.county = gb.county AND g.code = gb.grid
        WHERE b.county = the_county AND b.community = the_community AND (b.retired IS NULL OR gb.grid IS NOT NULL)
    )
    SELECT * INTO bad FROM placed WHERE what IS NOT NULL ORDER BY id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: block % % (grid %)', the_community, bad.id, bad.what, coalesce(bad.grid::text, '-')
            USING ERRCODE = 'JW002', HINT = format('社区 %s：地块 %s %s（网格 %s）。', the_community, bad.id, bad.what_zh,
                coalesce(bad.grid::text, '-'));
    END IF;
    WITH empty AS MATERIALIZED (
        SELECT g.code FROM grid g
        WHERE g.county = the_county AND g.community = the_community AND g.retired IS NULL
          AND NOT EXISTS (SELECT FROM grid_block gb WHERE gb.county = g.county AND gb.grid = g.code)
    )
    SELECT code INTO bad FROM empty ORDER BY code LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: the live grid % has no blocks', the_community, bad.code
            USING ERRCODE = 'JW002', HINT = format('社区 %s：网格 %s 在用，却没有地块。', the_community, bad.code);
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose Down

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION prove_grids(the_county integer, the_community bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    bad record;
BEGIN
    SELECT * INTO bad FROM (
        SELECT b.id, gb.grid, CASE
            WHEN gb.grid IS NULL THEN 'is in no grid'
            WHEN b.retired IS NOT NULL THEN 'is retired and still in a grid'
            WHEN g.retired IS NOT NULL THEN 'is in a retired grid'
            WHEN g.community <> b.community THEN 'is in another community''s grid' END AS what, CASE
            WHEN gb.grid IS NULL THEN '不在任何网格中'
            WHEN b.retired IS NOT NULL THEN '已撤销，却仍在网格中'
            WHEN g.retired IS NOT NULL THEN '在已撤销的网格中'
            WHEN g.community <> b.community THEN '在别的社区的网格中' END AS what_zh
        FROM block b LEFT JOIN grid_block gb ON gb.county = b.county AND gb.block = b.id
        LEFT JOIN grid g ON g.county = gb.county AND g.code = gb.grid
        WHERE b.county = the_county AND b.community = the_community AND (b.retired IS NULL OR gb.grid IS NOT NULL)
    ) p WHERE what IS NOT NULL ORDER BY id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: block % % (grid %)', the_community, bad.id, bad.what, coalesce(bad.grid::text, '-')
            USING ERRCODE = 'JW002', HINT = format('社区 %s：地块 %s %s（网格 %s）。', the_community, bad.id, bad.what_zh,
                coalesce(bad.grid::text, '-'));
    END IF;
    SELECT g.code INTO bad FROM grid g
    WHERE g.county = the_county AND g.community = the_community AND g.retired IS NULL
      AND NOT EXISTS (SELECT FROM grid_block gb WHERE gb.county = g.county AND gb.grid = g.code)
    ORDER BY g.code LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: the live grid % has no blocks', the_community, bad.code
            USING ERRCODE = 'JW002', HINT = format('社区 %s：网格 %s 在用，却没有地块。', the_community, bad.code);
    END IF;
END
$$;
-- +goose StatementEnd
