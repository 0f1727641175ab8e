-- Who has one grid alone puts right the addresses of its houses. Their scope holds no community, so they are asked for the grid of the block that the
-- house stands on, before and after: they can't move it to another's ground.

-- +goose Up

ALTER POLICY change ON house
    USING (multirange_contains_elem((SELECT scope_of('register.change')), ground) OR block_within(county, block, 'register.change'))
    WITH CHECK (multirange_contains_elem((SELECT scope_of('register.change')), ground) OR block_within(county, block, 'register.change'));

-- +goose Down
ALTER POLICY change ON house
    USING (multirange_contains_elem((SELECT scope_of('register.change')), ground)) WITH CHECK (multirange_contains_elem((SELECT scope_of('register.change')), ground));
