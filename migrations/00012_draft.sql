-- Drafts (草案): what planners propose for a division. A draft keeps what differs from the live layout it is based on, and a journal of every
-- act; it is the journal that undo, redo and "who did what" read from. Nothing in it is about residents, but whose draft it is and who may change
-- it is the database's to say: a planner of one town can't touch another.

-- +goose Up

-- What a county asks for before a draft may be published.
CREATE TABLE county_rule (
    county       integer PRIMARY KEY,
    approve_over integer CHECK (approve_over >= 0)  -- a second person approves where more residents than this get another grid; NULL: never
);

-- The last number that a county's drafts were given.
CREATE TABLE draft_counter (
    county integer PRIMARY KEY,
    last   bigint NOT NULL
);

CREATE TABLE draft (
    county       integer NOT NULL,
    id           bigint NOT NULL,           -- counted per county
    division     text NOT NULL REFERENCES division (code),
    ground       int8range NOT NULL,        -- of the division, in grid codes
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    note         text NOT NULL DEFAULT '' CHECK (char_length(note) <= 2000),
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'handed-in', 'approved', 'scheduled', 'published', 'withdrawn')),
    base         integer NOT NULL,          -- the version of the live layout that its differences are from
    revision     integer NOT NULL DEFAULT 0, -- goes up with every act
    made_by      bigint NOT NULL REFERENCES account (id),
    made_at      timestamptz NOT NULL DEFAULT now(),
    changed_by   bigint NOT NULL REFERENCES account (id),
    changed_at   timestamptz NOT NULL DEFAULT now(),
    handed_in_by bigint REFERENCES account (id),
    approved_by  bigint REFERENCES account (id) CHECK (approved_by <> handed_in_by), -- a second person, whoever writes
    people       jsonb NOT NULL DEFAULT '{}', -- {"made": {"name", "display"}, "changed", "handed_in", "approved"}: what they were called then
    publish_on   date,                      -- when it takes effect, where that isn't at once
    publish_by   bigint REFERENCES account (id),
    publish_note text NOT NULL DEFAULT '',
    refused      text NOT NULL DEFAULT '',  -- why a publication that was to take effect on a day did not
    published    integer,                   -- the version it became
    PRIMARY KEY (county, id)
);
CREATE INDEX draft_recent ON draft (county, changed_at DESC);
CREATE INDEX draft_due ON draft (publish_on) WHERE state = 'scheduled';

-- Colleagues who may change it besides its maker.
CREATE TABLE draft_member (
    county  integer NOT NULL,
    draft   bigint NOT NULL,
    account bigint NOT NULL REFERENCES account (id),
    name    text NOT NULL,
    display text NOT NULL,
    PRIMARY KEY (county, draft, account),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);

-- The journal. patch says what the act changed, both ways; undone is the act that took it back.
CREATE TABLE draft_act (
    county  integer NOT NULL,
    draft   bigint NOT NULL,
    seq     integer NOT NULL,               -- the revision that the act made
    account bigint NOT NULL REFERENCES account (id),
    name    text NOT NULL,
    display text NOT NULL,
    at      timestamptz NOT NULL DEFAULT now(),
    kind    text NOT NULL,
    zh      text NOT NULL,
    en      text NOT NULL,
    patch   jsonb NOT NULL,
    undoes  integer,                        -- the act that this one takes back
    undone  integer,                        -- the act that took this one back
    request text,                           -- the sender's own name for it: sent again it isn't done again
    PRIMARY KEY (county, draft, seq),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);
CREATE UNIQUE INDEX draft_act_request ON draft_act (county, draft, account, request) WHERE request IS NOT NULL;

-- Blocks that are elsewhere than in the live layout. A grid over 0 is a live grid's code or was one; under 0 one that the draft made; 0 is no grid;
-- NULL: the block is no more, it was cut.
CREATE TABLE draft_block (
    county integer NOT NULL,
    draft  bigint NOT NULL,
    block  bigint NOT NULL,                 -- under 0: a piece
    grid   bigint,
    PRIMARY KEY (county, draft, block),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);

-- Cuts and the pieces that they made. The pieces' ground is the live ground cut again along the lines, in their order.
CREATE TABLE draft_cut (
    county    integer NOT NULL,
    draft     bigint NOT NULL,
    id        integer NOT NULL,             -- counted per draft
    seq       integer NOT NULL,             -- the act
    community bigint NOT NULL,
    block     bigint NOT NULL,              -- what was cut; under 0: a piece
    line      geometry(LineString, 4326) NOT NULL,
    active    boolean NOT NULL DEFAULT true, -- false: undone
    PRIMARY KEY (county, draft, id),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);

CREATE TABLE draft_piece (
    county    integer NOT NULL,
    draft     bigint NOT NULL,
    piece     bigint NOT NULL CHECK (piece < 0),
    cut       integer NOT NULL,
    inside    geometry(Point, 4326) NOT NULL, -- a point of it, by which it is known again
    residents integer NOT NULL CHECK (residents >= 0),
    weight    bigint NOT NULL,
    source    text NOT NULL,
    parts     jsonb NOT NULL,                -- [[building, residents], …]
    PRIMARY KEY (county, draft, piece),
    FOREIGN KEY (county, draft, cut) REFERENCES draft_cut (county, draft, id)
);

-- Grids whose name, kind or lock is another than in the live layout, and those the draft made.
CREATE TABLE draft_grid (
    county  integer NOT NULL,
    draft   bigint NOT NULL,
    key     bigint NOT NULL,
    name    text NOT NULL DEFAULT '' CHECK (char_length(name) <= 60),
    special text NOT NULL DEFAULT '',
    locked  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (county, draft, key),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);

CREATE TABLE draft_lock (
    county integer NOT NULL,
    draft  bigint NOT NULL,
    block  bigint NOT NULL,
    PRIMARY KEY (county, draft, block),
    FOREIGN KEY (county, draft) REFERENCES draft (county, id)
);

-- Who looks at a draft, and where. It may be lost.
CREATE UNLOGGED TABLE draft_presence (
    county  integer NOT NULL,
    draft   bigint NOT NULL,
    account bigint NOT NULL,
    name    text NOT NULL,
    display text NOT NULL,
    lon     double precision NOT NULL,
    lat     double precision NOT NULL,
    zoom    double precision NOT NULL,
    doing   text NOT NULL CHECK (char_length(doing) <= 60),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (county, draft, account)
);

-- Policies: 'grid.plan' is the planner's, 'grid.approve' the leader's; 'draft.due' the program's own, which publishes on the day. Who looks at
-- a draft must have its whole division.
ALTER TABLE draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON draft FOR SELECT TO jingwei_app USING (
    (SELECT scope_of('grid.plan')) @> ground OR (SELECT scope_of('grid.approve')) @> ground OR (SELECT scope_of('draft.due')) @> ground);
CREATE POLICY add ON draft FOR INSERT TO jingwei_app WITH CHECK ((SELECT scope_of('grid.plan')) @> ground AND made_by = (SELECT actor()));
CREATE POLICY change ON draft FOR UPDATE TO jingwei_app
    USING ((SELECT scope_of('grid.plan')) @> ground OR (SELECT scope_of('grid.approve')) @> ground OR (SELECT scope_of('draft.due')) @> ground)
    WITH CHECK ((SELECT scope_of('grid.plan')) @> ground OR (SELECT scope_of('grid.approve')) @> ground OR (SELECT scope_of('draft.due')) @> ground);

-- What hangs on a draft is seen with it. Its journal and who is there are written by whoever sees it; the rest by planners of all of its ground.
-- +goose StatementBegin
DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['draft_act', 'draft_presence'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY use ON %I TO jingwei_app
            USING (EXISTS (SELECT FROM draft d WHERE d.county = %1$I.county AND d.id = %1$I.draft))
            WITH CHECK (EXISTS (SELECT FROM draft d WHERE d.county = %1$I.county AND d.id = %1$I.draft))', part);
    END LOOP;
    FOREACH part IN ARRAY ARRAY['draft_member', 'draft_block', 'draft_cut', 'draft_piece', 'draft_grid', 'draft_lock'] LOOP
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

-- Who may be asked to share a draft: an account that is named exactly and plans on all of its ground. It goes past the policies of accounts, and says
-- no more than that there is such a planner.
-- +goose StatementBegin
CREATE FUNCTION planner_named(the_name text, the_ground int8range) RETURNS TABLE (account bigint, name text, display text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, a.name, a.display FROM account a
    WHERE a.name = the_name AND a.disabled_at IS NULL AND scope_of('grid.plan') @> the_ground
      AND EXISTS (SELECT FROM account_grant g WHERE g.account = a.id AND g.role = 'planner' AND ground_of(g.code) @> the_ground)
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION planner_named(text, int8range) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planner_named(text, int8range) TO jingwei_app;

GRANT SELECT, INSERT, UPDATE ON draft_counter TO jingwei_app;
GRANT SELECT ON county_rule TO jingwei_app;
GRANT SELECT, INSERT, UPDATE ON draft, draft_cut TO jingwei_app;
GRANT SELECT, INSERT ON draft_piece TO jingwei_app;
GRANT SELECT, INSERT, UPDATE (undone) ON draft_act TO jingwei_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON draft_member, draft_block, draft_grid, draft_lock, draft_presence TO jingwei_app;

-- +goose Down
DROP FUNCTION planner_named;
DROP TABLE draft_presence, draft_lock, draft_grid, draft_piece, draft_cut, draft_block, draft_act, draft_member, draft, draft_counter, county_rule;
