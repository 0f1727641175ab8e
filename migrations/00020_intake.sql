-- Files of houses and residents on their way into the register (internal/intake).
--
-- A file comes in as parts of some thousand rows, sealed as they were written. A part goes into the register in one transaction, which also moves
-- next_part and the counters: wherever it is broken off, it goes on exactly there, and accepted + same + proposed + rejected are the rows of the
-- parts that are through. What is wrong with a row is kept without what is in its cells.

-- +goose Up

CREATE TABLE intake_job (
    county      integer NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    kind        text NOT NULL CHECK (kind IN ('houses', 'residents')),
    file        text NOT NULL,                            -- what it is called
    division    text NOT NULL CHECK (division ~ '^[0-9]{6}([0-9]{3}){0,2}$'),   -- whose houses and people may be in it
    ground      int8range NOT NULL GENERATED ALWAYS AS (ground_of(division)) STORED,
    account     bigint REFERENCES account (id),           -- NULL: the command line
    by          text NOT NULL,                            -- its name then
    columns     text[] NOT NULL DEFAULT '{}',             -- of the file, as it calls them
    mapping     jsonb NOT NULL DEFAULT '{}',              -- field → place of its column
    crs         text NOT NULL DEFAULT 'wgs84',
    state       text NOT NULL CHECK (state IN ('reading', 'waiting', 'running', 'paused', 'cancelled', 'done', 'failed')),
    problem_zh  text NOT NULL DEFAULT '',                 -- why it failed
    problem_en  text NOT NULL DEFAULT '',
    digest      bytea NOT NULL DEFAULT '',                -- a keyed hash of the file's bytes
    gb18030     boolean NOT NULL DEFAULT false,           -- that is how it was read
    rows        integer NOT NULL DEFAULT 0,
    parts       integer NOT NULL DEFAULT 0,
    next_part   integer NOT NULL DEFAULT 0,
    done        integer NOT NULL DEFAULT 0,               -- rows of the parts before next_part
    accepted    integer NOT NULL DEFAULT 0,
    same        integer NOT NULL DEFAULT 0,
    proposed    integer NOT NULL DEFAULT 0,
    rejected    integer NOT NULL DEFAULT 0,
    made_at     timestamptz NOT NULL DEFAULT now(),
    started_at  timestamptz,
    ended_at    timestamptz,
    PRIMARY KEY (county, id),
    CHECK (accepted + same + proposed + rejected = done)
);
CREATE INDEX intake_job_recent ON intake_job (county, made_at DESC);
CREATE INDEX intake_job_running ON intake_job (id) WHERE state IN ('running', 'reading');

-- Rows as they came, sealed.
CREATE TABLE intake_part (
    county    integer NOT NULL,
    job       bigint NOT NULL,
    part      integer NOT NULL,
    rows      integer NOT NULL,
    content   bytea NOT NULL,
    PRIMARY KEY (county, job, part),
    FOREIGN KEY (county, job) REFERENCES intake_job (county, id) ON DELETE CASCADE
);
ALTER TABLE intake_part ALTER COLUMN content SET STORAGE EXTERNAL;   -- what is sealed can't be made smaller

-- What is wrong with a row: column, kind, sentences; nothing of what the cells say about a person.
CREATE TABLE intake_reject (
    county   integer NOT NULL,
    job      bigint NOT NULL,
    line     integer NOT NULL,                            -- of the file
    part     integer NOT NULL,
    problems jsonb NOT NULL,
    PRIMARY KEY (county, job, line),
    FOREIGN KEY (county, job) REFERENCES intake_job (county, id) ON DELETE CASCADE
);

-- What an import would change of somebody who is on record: somebody decides.
CREATE TABLE proposal (
    county     integer NOT NULL,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    job        bigint,                                     -- NULL: the import isn't kept any more
    line       integer NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('move', 'differs', 'elsewhere', 'overlaps')),
    resident   bigint,                                     -- NULL: out of the sight of who brought it
    house      bigint NOT NULL,                            -- where they live by the file
    ground     bigint NOT NULL,
    details    bytea NOT NULL,                             -- the row, sealed
    same       bytea NOT NULL,                             -- a keyed hash of it: the same again is no second proposal
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'refused')),
    made_at    timestamptz NOT NULL DEFAULT now(),
    decided_by bigint REFERENCES account (id),
    decided_at timestamptz,
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, job) REFERENCES intake_job (county, id) ON DELETE SET NULL (job),
    FOREIGN KEY (county, resident) REFERENCES resident (county, id),
    FOREIGN KEY (county, house) REFERENCES house (county, id)
);
CREATE UNIQUE INDEX proposal_same ON proposal (county, same);
CREATE INDEX proposal_open ON proposal (county, ground, id) WHERE state = 'open';
CREATE INDEX proposal_job ON proposal (county, job);
CREATE INDEX proposal_house ON proposal (county, house);

-- Policies: an import is seen by who may bring files onto all of its ground; 'intake.run' is the program's own, which looks for what is to be done.
ALTER TABLE intake_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON intake_job FOR SELECT TO jingwei_app USING ((SELECT scope_of('register.import')) @> ground OR (SELECT scope_of('intake.run')) @> ground);
CREATE POLICY add ON intake_job FOR INSERT TO jingwei_app WITH CHECK ((SELECT scope_of('register.import')) @> ground_of(division) AND account IS NOT DISTINCT FROM (SELECT actor()));
CREATE POLICY change ON intake_job FOR UPDATE TO jingwei_app
    USING ((SELECT scope_of('register.import')) @> ground OR (SELECT scope_of('intake.run')) @> ground)
    WITH CHECK ((SELECT scope_of('register.import')) @> ground OR (SELECT scope_of('intake.run')) @> ground);
CREATE POLICY remove ON intake_job FOR DELETE TO jingwei_app USING ((SELECT scope_of('intake.run')) @> ground);

-- What hangs on an import is seen with it. The program may drop the rows of one that is over, and sees nothing of them.
-- +goose StatementBegin
DO $$
DECLARE
    piece text;
BEGIN
    FOREACH piece IN ARRAY ARRAY['intake_part', 'intake_reject'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', piece);
        EXECUTE format('CREATE POLICY use ON %1$I TO jingwei_app
            USING (EXISTS (SELECT FROM intake_job j WHERE j.county = %1$I.county AND j.id = %1$I.job))
            WITH CHECK (EXISTS (SELECT FROM intake_job j WHERE j.county = %1$I.county AND j.id = %1$I.job))', piece);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- A proposal is seen by who keeps the register where it would bring somebody.
ALTER TABLE proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY use ON proposal TO jingwei_app
    USING (multirange_contains_elem((SELECT scope_of('register.change')), ground) OR house_within(county, house, 'register.change'))
    WITH CHECK (multirange_contains_elem((SELECT scope_of('register.change')), ground) OR house_within(county, house, 'register.change'));

GRANT SELECT, INSERT, UPDATE, DELETE ON intake_job, intake_part, intake_reject, proposal TO jingwei_app;
GRANT USAGE ON SEQUENCE intake_job_id_seq, proposal_id_seq TO jingwei_app;

-- +goose Down
DROP TABLE proposal, intake_reject, intake_part, intake_job;
