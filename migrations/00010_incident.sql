-- Incidents (事件): what was reported, where it lies, whose it is.

-- +goose Up

-- What was said and whom to call is sealed (internal/vault): nobody reads it from a disk, a dump or a log.
CREATE TABLE incident (
    county        integer NOT NULL,
    id            bigint GENERATED ALWAYS AS IDENTITY,  -- taken before the row is written: what is sealed names it
    kind          text NOT NULL CHECK (kind <> ''),     -- one of the closed list in internal/incident
    severity      smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),  -- 1 is the gravest
    special       text,                    -- the special group that it concerns: seen only with that label
    state         text NOT NULL DEFAULT 'reported' CHECK (state IN ('reported')),
    details       bytea NOT NULL,          -- sealed: what happened, in words
    contact       bytea,                   -- sealed: who reported it and how to reach them
    contact_index bytea,                   -- keyed hash of the phone number, for exact look-up
    given_x       double precision NOT NULL,  -- the position as it came
    given_y       double precision NOT NULL,
    given_crs     text NOT NULL CHECK (given_crs IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
    geom          geometry(Point, 4326) NOT NULL,  -- on the lattice
    cell          bigint NOT NULL,         -- the position on a Z-order curve of 2^28 by 2^28 over the Mercator square: a tile is a range of it
    block         bigint NOT NULL,         -- the block that holds the point; a publication that makes new ones moves it
    building      bigint,                  -- the nearest one, when there is one near enough to mean something
    building_m    real,
    filed_grid    bigint NOT NULL,         -- the grid it was filed under, with the version then live
    filed_version integer NOT NULL,
    grid          bigint NOT NULL,         -- the grid whose ground it lies on now; a publication moves it to a block's grid, so a foreign key would only slow that
    near_border   boolean NOT NULL DEFAULT false,  -- at a border somebody chose the neighbour of the ground it lies on
    reported_at   timestamptz NOT NULL DEFAULT now(),
    reported_by   bigint NOT NULL REFERENCES account (id),
    request       text NOT NULL,           -- the reporter's own name for the report: the same one twice is one incident
    PRIMARY KEY (county, id),
    UNIQUE (county, reported_by, request),
    FOREIGN KEY (county, block) REFERENCES block (county, id),
    FOREIGN KEY (county, filed_grid) REFERENCES grid (county, code)
);
CREATE INDEX incident_grid ON incident (county, grid, id);
CREATE INDEX incident_cell ON incident (county, cell);
CREATE INDEX incident_block ON incident (county, block);
CREATE INDEX incident_contact ON incident (county, contact_index) WHERE contact_index IS NOT NULL;
CREATE INDEX incident_building ON incident (county, building, id) WHERE building IS NOT NULL;

-- For retie_incidents: what a version retired.
CREATE INDEX block_retired ON block (county, retired) WHERE retired IS NOT NULL;

-- A special group needs its label as well. The scope is asked by a function and not by the operator @>, and its bounds aren't compared beside it:
-- the planner knows nothing of a setting's value, takes either for one row in 200, whoever asks, and then reads and sorts all incidents of a county
-- to show the newest fifty (300,000: 790 ms; this way 3 ms). Of a function it thinks a third. So every query of internal/incident names, as
-- constants, the range of grids that the scope amounts to, and a tile its range of cells: those go by the b-trees; the policy decides.
ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON incident FOR SELECT TO jingwei_app USING (
    multirange_contains_elem((SELECT scope_of('incident.read')), grid)
    AND (special IS NULL OR scope_of('special.' || special) @> grid));
CREATE POLICY add ON incident FOR INSERT TO jingwei_app WITH CHECK (
    (SELECT scope_of('incident.report')) @> grid AND reported_by = (SELECT actor())
    AND (special IS NULL OR scope_of('special.' || special) @> grid));

GRANT SELECT, INSERT ON incident TO jingwei_app;
GRANT USAGE ON SEQUENCE incident_id_seq TO jingwei_app;

-- What goes past the policies, as the owner, and applies the scope itself ---------------------------

-- What the actor has reported under a name of their own. Who reports next door, as a grid worker does, isn't shown the incident afterwards, but
-- is answered, and answered the same when the answer got lost and the report comes again.
-- +goose StatementBegin
CREATE FUNCTION my_report(the_county integer, the_request text) RETURNS SETOF incident LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT * FROM incident i WHERE i.county = the_county AND i.reported_by = actor() AND i.request = the_request
$$;
-- +goose StatementEnd

-- What the reporter of an incident is called, for who sees the incident or has reported it: who takes a report up needn't look after accounts.
-- +goose StatementBegin
CREATE FUNCTION reporter_of(the_county integer, the_id bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT a.display FROM incident i JOIN account a ON a.id = i.reported_by
    WHERE i.county = the_county AND i.id = the_id
      AND (i.reported_by = actor()
        OR scope_of('incident.read') @> i.grid AND (i.special IS NULL OR scope_of('special.' || i.special) @> i.grid))
$$;
-- +goose StatementEnd

-- A publication takes the incidents on the ground it changed along to their new grids. Who publishes needn't be allowed to see them; it gives
-- nothing back. Reports hold the lock shared from before they look for their grid until they are committed: so each is either seen here or
-- made on the new version.
-- +goose StatementBegin
CREATE FUNCTION retie_incidents(the_county integer, the_version integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('jingwei.incident'), the_county);
    -- A block was retired: to the one that now holds the point, of several that share a border with it the lowest. Where no ground is any
    -- more it stays with what was there last.
    UPDATE incident i SET block = (
        SELECT b.id FROM block b WHERE b.county = i.county AND b.retired IS NULL AND ST_Covers(b.geom, i.geom) ORDER BY b.id LIMIT 1)
    FROM block old
    WHERE old.county = the_county AND old.retired = the_version AND i.county = old.county AND i.block = old.id
      AND EXISTS (SELECT FROM block b WHERE b.county = i.county AND b.retired IS NULL AND ST_Covers(b.geom, i.geom));
    UPDATE incident i SET grid = gb.grid FROM grid_block gb
    WHERE gb.county = the_county AND gb.since = the_version
      AND i.county = gb.county AND i.block = gb.block AND NOT i.near_border AND i.grid <> gb.grid;
    -- Chosen by a person at a border: it stays as chosen while that grid lives.
    UPDATE incident i SET grid = gb.grid, near_border = false FROM grid g, grid_block gb
    WHERE g.county = the_county AND g.retired = the_version
      AND i.county = g.county AND i.grid = g.code AND i.near_border AND gb.county = i.county AND gb.block = i.block;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION my_report, reporter_of, retie_incidents FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_report, reporter_of, retie_incidents TO jingwei_app;

-- +goose Down
DROP FUNCTION my_report, reporter_of, retie_incidents;
DROP INDEX block_retired;
DROP TABLE incident;
