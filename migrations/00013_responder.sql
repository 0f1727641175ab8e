-- Responders (处置人员), who of them holds which post of which grid, and 四至 that were corrected by hand.

-- +goose Up

-- Phone numbers are sealed (internal/vault). What somebody is called and where they work stands on the board in front of every community's office.
CREATE TABLE responder (
    county      integer NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,   -- taken before the row is written: what is sealed names it
    kind        text NOT NULL CHECK (kind IN ('grid-worker', 'grid-leader', 'police', 'volunteer', 'repair')),
    name        text NOT NULL CHECK (name <> ''),
    phone       bytea,                                 -- sealed; NULL: none is on record
    phone_index bytea,                                 -- keyed hash of the number, for exact look-up
    division    text NOT NULL CHECK (division ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
    ground      int8range NOT NULL GENERATED ALWAYS AS (ground_of(division)) STORED,
    account     text REFERENCES account (name),        -- what they sign in with, if they do
    ended       date,                                  -- the first day on which they don't work there any more
    added_at    timestamptz NOT NULL DEFAULT now(),
    added_by    bigint,                                -- NULL: at the command line
    PRIMARY KEY (county, id),
    CHECK (left(division, 6)::integer = county)
);
CREATE UNIQUE INDEX responder_account ON responder (county, account) WHERE account IS NOT NULL AND ended IS NULL;
CREATE INDEX responder_phone ON responder (county, phone_index) WHERE phone_index IS NOT NULL;

-- Who holds a post of a grid, from a day up to another, and who stands in for them for a while. A post that nobody holds is a vacancy: that is the
-- absence of a row. A slip that was mended on the same day is a row that begins and ends on one day.
CREATE TABLE posting (
    county          integer NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY,
    grid            bigint NOT NULL,
    post            text NOT NULL CHECK (post IN ('worker', 'leader')),
    responder       bigint NOT NULL,
    since           date NOT NULL,
    until           date,                              -- the first day on which they don't hold it any more
    substitute      bigint,
    substitute_from date,                              -- both days included
    substitute_to   date,
    assigned_at     timestamptz NOT NULL DEFAULT now(),
    assigned_by     bigint,
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, grid) REFERENCES grid (county, code),
    FOREIGN KEY (county, responder) REFERENCES responder (county, id),
    FOREIGN KEY (county, substitute) REFERENCES responder (county, id),
    CHECK (until >= since),
    CHECK (num_nulls(substitute, substitute_from, substitute_to) IN (0, 3)),
    CHECK (substitute_to >= substitute_from AND substitute_from >= since),
    CHECK (substitute <> responder),
    -- Nobody else holds it at the same time, whoever writes, in whatever order transactions commit.
    CONSTRAINT one_at_a_time EXCLUDE USING gist (county WITH =, grid WITH =, post WITH =, daterange(since, until) WITH &&)
);
CREATE INDEX posting_grid ON posting (county, grid, post, since);
CREATE INDEX posting_responder ON posting (county, responder);
CREATE INDEX posting_substitute ON posting (county, substitute) WHERE substitute IS NOT NULL;

-- What goes past the policies, as the owner, and applies the scope itself ---------------------------

-- Who holds a post, or stands in, on ground where the actor may see responders: they are seen wherever they belong. Worked out once a statement.
-- +goose StatementBegin
CREATE FUNCTION posted_in_sight() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT w.id), '{}')
    FROM posting p CROSS JOIN LATERAL (VALUES (p.responder), (p.substitute)) w (id)
    WHERE (p.until IS NULL OR p.until > current_date) AND w.id IS NOT NULL AND (SELECT scope_of('responder.read')) @> p.grid
$$;
-- +goose StatementEnd

-- Whether the actor may see a responder: nobody is given a post, and so brought into sight, by who doesn't see them.
-- +goose StatementBegin
CREATE FUNCTION responder_in_sight(the_county integer, the_id bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM responder r WHERE r.county = the_county AND r.id = the_id
        AND (scope_of('responder.read') @> r.ground OR r.id = ANY (posted_in_sight())))
$$;
-- +goose StatementEnd

-- Whether an account may be named as a responder's: a person's, on ground that the actor keeps responders of or around it.
-- +goose StatementBegin
CREATE FUNCTION account_to_name(the_name text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM account a WHERE a.name = the_name AND a.kind = 'person' AND a.disabled_at IS NULL
        AND scope_of('responder.manage') && a.ground)
$$;
-- +goose StatementEnd

-- A publication ends the postings of the grids that it retires, whoever publishes. It tells of those that the actor may see who worked there, and
-- how many posts they still hold.
-- +goose StatementBegin
CREATE FUNCTION end_postings(the_county integer, the_version integer)
RETURNS TABLE (grid bigint, post text, responder bigint, name text, remain integer, seen boolean) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH ended AS (
        UPDATE posting p SET until = greatest(p.since, current_date) FROM grid g
        WHERE g.county = the_county AND g.retired = the_version AND p.county = g.county AND p.grid = g.code
          AND (p.until IS NULL OR p.until > current_date)
        RETURNING p.id, p.grid, p.post, p.responder)
    SELECT e.grid, e.post, e.responder, r.name,
        (SELECT count(*)::integer FROM posting o WHERE o.county = the_county AND o.responder = e.responder
            AND (o.until IS NULL OR o.until > current_date) AND o.id NOT IN (SELECT id FROM ended)),
        scope_of('responder.read') @> e.grid
    FROM ended e JOIN responder r ON r.county = the_county AND r.id = e.responder
    ORDER BY e.grid, e.post DESC;
END
$$;
-- +goose StatementEnd

-- Who stops working leaves all of their posts, those on ground of others too. For who keeps the responders of that division.
-- +goose StatementBegin
CREATE FUNCTION leave_postings(the_county integer, the_id bigint) RETURNS TABLE (grid bigint, post text) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM responder r WHERE r.county = the_county AND r.id = the_id AND scope_of('responder.manage') @> r.ground) THEN
        RETURN;
    END IF;
    UPDATE posting p SET substitute = NULL, substitute_from = NULL, substitute_to = NULL
    WHERE p.county = the_county AND p.substitute = the_id AND p.substitute_to >= current_date;
    RETURN QUERY
    UPDATE posting p SET until = greatest(p.since, current_date)
    WHERE p.county = the_county AND p.responder = the_id AND (p.until IS NULL OR p.until > current_date)
    RETURNING p.grid, p.post;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION posted_in_sight, responder_in_sight, account_to_name, end_postings, leave_postings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION posted_in_sight, responder_in_sight, account_to_name, end_postings, leave_postings TO jingwei_app;

-- Policies -----------------------------------------------------------------------------------------

ALTER TABLE responder ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON responder FOR SELECT TO jingwei_app USING (
    (SELECT scope_of('responder.read')) @> ground OR id = ANY ((SELECT posted_in_sight())::bigint[]));
CREATE POLICY add ON responder FOR INSERT TO jingwei_app WITH CHECK ((SELECT scope_of('responder.manage')) @> ground);
CREATE POLICY change ON responder FOR UPDATE TO jingwei_app
    USING ((SELECT scope_of('responder.manage')) @> ground) WITH CHECK ((SELECT scope_of('responder.manage')) @> ground);

ALTER TABLE posting ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON posting FOR SELECT TO jingwei_app USING ((SELECT scope_of('responder.read')) @> grid);
CREATE POLICY add ON posting FOR INSERT TO jingwei_app WITH CHECK (
    (SELECT scope_of('responder.manage')) @> grid AND responder_in_sight(county, responder)
    AND (substitute IS NULL OR responder_in_sight(county, substitute)));
CREATE POLICY change ON posting FOR UPDATE TO jingwei_app USING ((SELECT scope_of('responder.manage')) @> grid)
    WITH CHECK ((SELECT scope_of('responder.manage')) @> grid AND responder_in_sight(county, responder)
        AND (substitute IS NULL OR responder_in_sight(county, substitute)));

GRANT SELECT, INSERT, UPDATE ON responder, posting TO jingwei_app;
GRANT USAGE ON SEQUENCE responder_id_seq TO jingwei_app;

-- 四至 in words as somebody has put them right. The program's own words are made from the ground each time and kept nowhere.
CREATE TABLE surroundings (
    county     integer NOT NULL,
    grid       bigint NOT NULL,
    zh         text NOT NULL CHECK (zh <> ''),
    en         text NOT NULL DEFAULT '',              -- empty: nobody has said it in English
    version    integer NOT NULL,                      -- what was live then: a border that was changed by a later one needs a look
    written_at timestamptz NOT NULL DEFAULT now(),
    written_by text NOT NULL,                         -- the account's name, or the command line
    PRIMARY KEY (county, grid),
    FOREIGN KEY (county, grid) REFERENCES grid (county, code)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON surroundings TO jingwei_app;

-- +goose Down
DROP TABLE surroundings, posting, responder;
DROP FUNCTION leave_postings, end_postings, account_to_name, responder_in_sight, posted_in_sight;
