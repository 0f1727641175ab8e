-- Addresses of imported people that lead to no house for sure (internal/intake): somebody places each once on the map, the rows that wait for it go in,
-- and the next file knows it.
--
-- A text is read relative to the ground that its file is for: "3号楼2单元501" is one house in one community's file and another one in the next's. So it is
-- told apart by the division of the import, and what it was placed at holds for files of that division and of those within.

-- +goose Up

CREATE TABLE unplaced_address (
    county     integer NOT NULL,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    division   text NOT NULL CHECK (division ~ '^[0-9]{6}([0-9]{3}){0,2}$'),   -- that the import was for
    area       int8range NOT NULL GENERATED ALWAYS AS (ground_of(division)) STORED,
    key        bytea NOT NULL,                            -- a keyed hash of the text as it is compared
    content    bytea NOT NULL,                            -- the text, sealed: files have names and numbers in every column
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'placed', 'closed')),   -- closed: it is no address here
    house      bigint,                                    -- where it was placed
    made_at    timestamptz NOT NULL DEFAULT now(),
    decided_by text NOT NULL DEFAULT '',                  -- who did, as others see them
    decided_at timestamptz,
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, house) REFERENCES house (county, id),
    CHECK ((state = 'placed') = (house IS NOT NULL)),
    CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX unplaced_address_key ON unplaced_address (county, key, division);
CREATE INDEX unplaced_address_state ON unplaced_address (county, state, decided_at);
CREATE INDEX unplaced_address_house ON unplaced_address (county, house) WHERE house IS NOT NULL;

-- The rows that wait for an address, and those that went in by it. They are rejects of their import until they go in; with the part that they are in
-- they are gone.
CREATE TABLE unplaced_row (
    county  integer NOT NULL,
    job     bigint NOT NULL,
    line    integer NOT NULL,
    part    integer NOT NULL,
    address bigint NOT NULL,
    taken   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (county, job, line),
    FOREIGN KEY (county, job, part) REFERENCES intake_part (county, job, part) ON DELETE CASCADE,
    FOREIGN KEY (county, address) REFERENCES unplaced_address (county, id)
);
CREATE INDEX unplaced_row_address ON unplaced_row (county, address, taken);
CREATE INDEX unplaced_row_part ON unplaced_row (county, job, part);

-- Both are seen by whom the import is seen by: who may bring files onto all of its ground.
ALTER TABLE unplaced_address ENABLE ROW LEVEL SECURITY;
CREATE POLICY use ON unplaced_address TO jingwei_app
    USING ((SELECT scope_of('register.import')) @> area) WITH CHECK ((SELECT scope_of('register.import')) @> ground_of(division));
ALTER TABLE unplaced_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY use ON unplaced_row TO jingwei_app
    USING (EXISTS (SELECT FROM unplaced_address a WHERE a.county = unplaced_row.county AND a.id = unplaced_row.address))
    WITH CHECK (EXISTS (SELECT FROM unplaced_address a WHERE a.county = unplaced_row.county AND a.id = unplaced_row.address));

GRANT SELECT, INSERT, UPDATE, DELETE ON unplaced_address, unplaced_row TO jingwei_app;
GRANT USAGE ON SEQUENCE unplaced_address_id_seq TO jingwei_app;

-- +goose Down
DROP TABLE unplaced_row, unplaced_address;
