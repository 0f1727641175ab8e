-- The outbox is followed by a number that each event gets once it is committed, instead of by transaction ids: before, an event had to wait
-- for every older writing transaction on the server, and so an incident for the import of a county.

-- +goose Up

ALTER TABLE outbox ADD COLUMN number bigint;
CREATE SEQUENCE outbox_number;
UPDATE outbox o SET number = n.number FROM (SELECT county, id, row_number() OVER (ORDER BY xid, id) AS number FROM outbox) n
    WHERE n.county = o.county AND n.id = o.id;
SELECT setval('outbox_number', (SELECT coalesce(max(number), 0) + 1 FROM outbox), false);
DROP INDEX outbox_order;
ALTER TABLE outbox DROP COLUMN xid;
CREATE UNIQUE INDEX outbox_number_key ON outbox (number) WHERE number IS NOT NULL;
CREATE INDEX outbox_unnumbered ON outbox (id) WHERE number IS NULL;

-- Numbers what is committed and has no number yet, and wakes all followers. One at a time: whoever has waited for the lock sees, with the next
-- statement's snapshot, what the one before has numbered, and what was committed meanwhile. Any follower calls it; it runs as the owner,
-- because followers may write nothing.
-- +goose StatementBegin
CREATE FUNCTION number_outbox() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    numbered integer;
BEGIN
    IF NOT EXISTS (SELECT FROM outbox WHERE number IS NULL) THEN
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('jingwei outbox'));
    WITH next AS MATERIALIZED (SELECT county, id FROM outbox WHERE number IS NULL ORDER BY id),
         given AS MATERIALIZED (SELECT county, id, nextval('outbox_number') AS number FROM next)
    UPDATE outbox o SET number = g.number FROM given g WHERE o.county = g.county AND o.id = g.id;
    GET DIAGNOSTICS numbered = ROW_COUNT;
    IF numbered > 0 THEN
        PERFORM pg_notify('jingwei_outbox', '');
    END IF;
    RETURN numbered;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION number_outbox FROM PUBLIC;
GRANT EXECUTE ON FUNCTION number_outbox TO jingwei_app, jingwei_reader;

-- +goose Down
DROP FUNCTION number_outbox;
DROP INDEX outbox_unnumbered, outbox_number_key;
ALTER TABLE outbox DROP COLUMN number;
DROP SEQUENCE outbox_number;
ALTER TABLE outbox ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX outbox_order ON outbox (xid, id);
