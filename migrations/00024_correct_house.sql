-- Who has one grid alone puts right the addresses of its houses. Their scope holds no community, so they are asked for the grid of the block that the
-- house stands on, before and after: they can't move it to another's ground.

-- +goose Up

-- Whether a block is in a grid where the actor may do a thing.
-- +goose StatementBegin
CREATE FUNCTION block_within(the_county integer, the_block bigint, capability text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM grid_block gb WHERE gb.county = the_county AND gb.block = the_block AND multirange_contains_elem(scope_of(capability), gb.grid))
$$;
-- +goose StatementEnd

ALTER POLICY change ON house
    USING (multirange_contains_elem((SELECT scope_of('register.change')), ground) OR block_within(county, block, 'register.change'))
    WITH CHECK (multirange_contains_elem((SELECT scope_of('register.change')), ground) OR block_within(county, block, 'register.change'));

-- +goose Down
ALTER POLICY change ON house
    USING (multirange_contains_elem((SELECT scope_of('register.change')), ground)) WITH CHECK (multirange_contains_elem((SELECT scope_of('register.change')), ground));
DROP FUNCTION block_within;
