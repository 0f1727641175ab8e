-- Micro-grids (微网格): parts of a grid, of whole homes. A home is an entrance, or a building without any, on a block; building 0 is those people of
-- a block whom no building has. What home is in which micro-grid is versioned as blocks are: the live rows say since when, the past ones until when.
--
-- A micro-grid never crosses its grid: every home's block is in the grid. The database proves it at commit, whoever writes: when micro-grids
-- change, and when blocks change their grid (they are noted in touched as ever). A publication therefore ends what no longer holds.

-- +goose Up

CREATE TABLE micro_grid (
    county integer NOT NULL,
    grid   bigint NOT NULL,
    number smallint NOT NULL CHECK (number BETWEEN 1 AND 999), -- within its grid
    name   text NOT NULL DEFAULT '' CHECK (char_length(name) <= 60),
    since  integer NOT NULL,
    PRIMARY KEY (county, grid, number),
    FOREIGN KEY (county, grid) REFERENCES grid (county, code),
    FOREIGN KEY (county, since) REFERENCES layout (county, version)
);

CREATE TABLE micro_grid_past (
    county integer NOT NULL,
    grid   bigint NOT NULL,
    number smallint NOT NULL,
    name   text NOT NULL,
    since  integer NOT NULL,
    until  integer NOT NULL CHECK (until > since),
    PRIMARY KEY (county, grid, number, since),
    FOREIGN KEY (county, grid) REFERENCES grid (county, code)
);

-- A home is in one micro-grid, by primary key.
CREATE TABLE micro_home (
    county   integer NOT NULL,
    block    bigint NOT NULL,
    building bigint NOT NULL,
    entrance text NOT NULL,               -- entrance.ref, '' for a building without any
    grid     bigint NOT NULL,
    number   smallint NOT NULL,
    since    integer NOT NULL,
    PRIMARY KEY (county, block, building, entrance),
    FOREIGN KEY (county, block) REFERENCES block (county, id),
    FOREIGN KEY (county, grid, number) REFERENCES micro_grid (county, grid, number) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (county, since) REFERENCES layout (county, version)
);
CREATE INDEX micro_home_grid ON micro_home (county, grid, number);

CREATE TABLE micro_home_past (
    county   integer NOT NULL,
    block    bigint NOT NULL,
    building bigint NOT NULL,
    entrance text NOT NULL,
    grid     bigint NOT NULL,
    number   smallint NOT NULL,
    since    integer NOT NULL,
    until    integer NOT NULL CHECK (until > since),
    PRIMARY KEY (county, block, building, entrance, since),
    FOREIGN KEY (county, block) REFERENCES block (county, id),
    FOREIGN KEY (county, grid) REFERENCES grid (county, code)
);
CREATE INDEX micro_home_past_grid ON micro_home_past (county, grid);

-- The proof at commit ------------------------------------------------------------------------------

-- Communities whose micro-grids the running transaction has touched; as touched, but only the cheap proof follows.
CREATE TABLE touched_micro (
    county    integer NOT NULL,
    community bigint NOT NULL,
    xid       xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (county, community, xid)
);

-- +goose StatementBegin
CREATE FUNCTION note_micro_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'micro-grids are written under READ COMMITTED only, this transaction is %: at commit it couldn''t see what others committed',
            upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'JW004', HINT = format('微网格只能在 READ COMMITTED 事务中写入，当前是 %s。', upper(current_setting('transaction_isolation')));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO touched_micro (county, community) SELECT DISTINCT county, grid / 1000 FROM new_rows ON CONFLICT DO NOTHING;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO touched_micro (county, community) SELECT DISTINCT county, grid / 1000 FROM old_rows ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER note_insert AFTER INSERT ON micro_home REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_micro_touched();
CREATE TRIGGER note_update AFTER UPDATE ON micro_home REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_micro_touched();
CREATE TRIGGER note_delete AFTER DELETE ON micro_home REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION note_micro_touched();
CREATE TRIGGER note_insert AFTER INSERT ON micro_grid REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_micro_touched();
CREATE TRIGGER note_update AFTER UPDATE ON micro_grid REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_micro_touched();

-- Every home of a micro-grid stands on a block of its grid, and no micro-grid is empty. Materialised, so that "the first one" isn't looked for
-- through the whole county.
-- +goose StatementBegin
CREATE FUNCTION prove_micro_grids(the_county integer, the_community bigint) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    bad record;
BEGIN
    WITH astray AS MATERIALIZED (
        SELECT h.block, h.building, h.entrance, h.grid, h.number, gb.grid AS lies FROM micro_home h
        LEFT JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
        WHERE h.county = the_county AND h.grid >= the_community * 1000 AND h.grid < (the_community + 1) * 1000 AND gb.grid IS DISTINCT FROM h.grid
    )
    SELECT * INTO bad FROM astray ORDER BY block, building, entrance LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: a home on block % is in micro-grid % of grid %, its block is in grid %',
            the_community, bad.block, bad.number, bad.grid, coalesce(bad.lies::text, '-')
            USING ERRCODE = 'JW002', HINT = format('社区 %s：地块 %s 上的一户在网格 %s 的微网格 %s 中，而该地块在网格 %s 中。',
                the_community, bad.block, bad.grid, bad.number, coalesce(bad.lies::text, '-'));
    END IF;
    WITH empty AS MATERIALIZED (
        SELECT m.grid, m.number FROM micro_grid m
        WHERE m.county = the_county AND m.grid >= the_community * 1000 AND m.grid < (the_community + 1) * 1000
          AND NOT EXISTS (SELECT FROM micro_home h WHERE h.county = m.county AND h.grid = m.grid AND h.number = m.number)
    )
    SELECT * INTO bad FROM empty ORDER BY grid, number LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'community %: micro-grid % of grid % has no home', the_community, bad.number, bad.grid
            USING ERRCODE = 'JW002', HINT = format('社区 %s：网格 %s 的微网格 %s 中没有住处。', the_community, bad.grid, bad.number);
    END IF;
END
$$;
-- +goose StatementEnd

-- The deferred check, for what was noted in either table. The lock is the community's own, so that of two sessions that would err together, one
-- moving a block and the other its homes, the second one sees what the first one did.
-- +goose StatementBegin
CREATE FUNCTION check_micro_touched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    ours CONSTANT bigint := x'4a57000000000000'::bigint;
    key bigint;
BEGIN
    IF TG_TABLE_NAME = 'touched_micro' THEN
        FOR key IN SELECT community FROM touched_micro WHERE xid = pg_current_xact_id() ORDER BY 1 LOOP
            PERFORM pg_advisory_xact_lock(ours + key);
        END LOOP;
        DELETE FROM touched_micro t WHERE t.county = NEW.county AND t.community = NEW.community AND t.xid = NEW.xid;
    ELSE
        PERFORM pg_advisory_xact_lock(ours + NEW.community); -- which check_touched has
    END IF;
    PERFORM prove_micro_grids(NEW.county, NEW.community);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE CONSTRAINT TRIGGER check_micro AFTER INSERT ON touched_micro DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_micro_touched();
CREATE CONSTRAINT TRIGGER proves_micro AFTER INSERT ON touched DEFERRABLE INITIALLY DEFERRED -- after check_touched, by its name
    FOR EACH ROW EXECUTE FUNCTION check_micro_touched();

CREATE TRIGGER keep_table BEFORE TRUNCATE ON micro_grid FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON micro_grid_past FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON micro_home FOR EACH STATEMENT EXECUTE FUNCTION keep_table();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON micro_home_past FOR EACH STATEMENT EXECUTE FUNCTION keep_table();

-- Drafts -------------------------------------------------------------------------------------------

-- Homes whose micro-grid is another than in the live layout. number 0 is none; a block under 0 is a piece.
CREATE TABLE draft_micro_home (
    county   integer NOT NULL,
    draft    bigint NOT NULL,
    block    bigint NOT NULL,
    building bigint NOT NULL,
    entrance text NOT NULL,
    grid     bigint NOT NULL,             -- as in draft_block
    number   smallint NOT NULL CHECK (number BETWEEN 0 AND 999),
    PRIMARY KEY (county, draft, block, building, entrance),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);

-- Micro-grids whose name is another than in the live layout.
CREATE TABLE draft_micro_grid (
    county integer NOT NULL,
    draft  bigint NOT NULL,
    grid   bigint NOT NULL,
    number smallint NOT NULL CHECK (number BETWEEN 1 AND 999),
    name   text NOT NULL CHECK (char_length(name) <= 60),
    PRIMARY KEY (county, draft, grid, number),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);

-- As what else hangs on a draft (00012).
-- +goose StatementBegin
DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['draft_micro_home', 'draft_micro_grid'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY see ON %I FOR SELECT TO jingwei_app
            USING (EXISTS (SELECT FROM draft d WHERE d.county = %1$I.county AND d.id = %1$I.draft))', part);
        EXECUTE format('CREATE POLICY change ON %I TO jingwei_app
            USING (EXISTS (SELECT FROM draft d WHERE d.county = %1$I.county AND d.id = %1$I.draft AND scope_of(''grid.plan'') @> d.ground))
            WITH CHECK (EXISTS (SELECT FROM draft d WHERE d.county = %1$I.county AND d.id = %1$I.draft AND scope_of(''grid.plan'') @> d.ground))', part);
    END LOOP;
END
$$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE, DELETE ON micro_grid, micro_home TO jingwei_app;
GRANT SELECT, INSERT ON micro_grid_past, micro_home_past TO jingwei_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON draft_micro_home, draft_micro_grid TO jingwei_app;

-- +goose Down
DROP TRIGGER proves_micro ON touched;
DROP TABLE draft_micro_grid, draft_micro_home, touched_micro, micro_home_past, micro_home, micro_grid_past, micro_grid;
DROP FUNCTION check_micro_touched, note_micro_touched, prove_micro_grids;
