-- Who may approve a draft: whoever hands one in is told beforehand whom it waits for.

-- +goose Up

-- People with a leader's role on all of some ground, for those who plan or approve there. Past the policies, because a planner reads no accounts: names alone,
-- which every draft shows of those who approved it.
-- +goose StatementBegin
CREATE FUNCTION approvers_of(the_ground int8range) RETURNS TABLE (account bigint, name text, display text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.name, a.display FROM account a
    WHERE a.disabled_at IS NULL AND (scope_of('grid.plan') @> the_ground OR scope_of('grid.approve') @> the_ground)
      AND EXISTS (SELECT FROM account_grant g WHERE g.account = a.id AND g.role = 'leader' AND ground_of(g.code) @> the_ground)
    ORDER BY a.id LIMIT 20
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION approvers_of(int8range) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION approvers_of(int8range) TO jingwei_app;

-- +goose Down
DROP FUNCTION approvers_of;
