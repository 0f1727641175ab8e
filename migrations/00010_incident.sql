-- Incidents (事件): what was reported, where it lies, whose it is.

-- +goose Up

-- What was said and whom to call is sealed (internal/vault): nobody reads it from a disk, a dump or a log.
CREATE TABLE incident (
    county        integer NOT NULL,
    id            bigint GENERATED ALWAYS AS IDENTITY,
    kind          text NOT NULL CHECK (kind <> ''),     -- one of the closed list in internal/incident
    severity      smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),  -- 1 is the gravest
    special       text,                    -- the special group that it concerns: seen only with that label
    state         text NOT NULL DEFAULT 'reported' CHECK (state IN ('reported')),
    details       bytea NOT NULL,          -- sealed: what happened, in words
    contact       bytea,                   -- sealed: who reported it and how to reach them
    contact_index bytea,                   -- keyed hash of the phone number, for exact look-up
    given_x       double precision NOT NULL,  -- the position as it came
    given_y       double precision NOT NULL,
    given_crs     text NOT NULL CHECK (given_crs IN ('wgs84', 'gcj02', 'bd09')),
    geom          geometry(Point, 4326) NOT NULL,
    cell          bigint NOT NULL,         -- the position on a Z-order curve of 2^28 by 2^28 over the Mercator square: a tile is a range of it
    block         bigint NOT NULL,
    building      bigint,                  -- the nearest one, when there is one near enough to mean something
    building_m    real,
    filed_grid    bigint NOT NULL,         -- the grid it was filed under, with the version then live
    filed_version integer NOT NULL,
    grid          bigint NOT NULL,         -- the grid whose ground it lies on now; a publication moves it
    near_border   boolean NOT NULL DEFAULT false,  -- two grids were named and somebody chose
    reported_at   timestamptz NOT NULL DEFAULT now(),
    reported_by   bigint NOT NULL REFERENCES account (id),
    request       text NOT NULL,           -- the reporter's own name for the report: the same one twice is one incident
    PRIMARY KEY (county, id),
    UNIQUE (county, reported_by, request),
    FOREIGN KEY (county, filed_grid) REFERENCES grid (county, code)
);
CREATE INDEX incident_grid ON incident (county, grid, id);
CREATE INDEX incident_cell ON incident (county, cell);
CREATE INDEX incident_contact ON incident (county, contact_index) WHERE contact_index IS NOT NULL;
CREATE INDEX incident_building ON incident (county, building, id) WHERE building IS NOT NULL;

-- The first comparisons go by b-tree, the multirange then leaves out what lies between two grants, and a special group needs its
-- label as well.
ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON incident FOR SELECT TO jingwei_app USING (
    grid >= (SELECT lower(scope_of('incident.read'))) AND grid < (SELECT upper(scope_of('incident.read')))
    AND (SELECT scope_of('incident.read')) @> grid
    AND (special IS NULL OR scope_of('special.' || special) @> grid));
CREATE POLICY add ON incident FOR INSERT TO jingwei_app WITH CHECK (
    (SELECT scope_of('incident.report')) @> grid AND reported_by = (SELECT actor())
    AND (special IS NULL OR scope_of('special.' || special) @> grid));

GRANT SELECT, INSERT ON incident TO jingwei_app;

-- A publication takes the incidents on the ground it changed along to their new grids. Who publishes needn't be allowed to see them, so
-- it runs as the owner; it gives nothing back. An incident whose block was retired goes to the block that now holds its point.
-- +goose StatementBegin
CREATE FUNCTION retie_incidents(the_county integer, the_communities bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE incident i SET block = b.id FROM block old, block b
    WHERE i.county = the_county AND old.county = i.county AND old.id = i.block AND old.retired IS NOT NULL
      AND old.community = ANY (the_communities)
      AND b.county = i.county AND b.retired IS NULL AND ST_Covers(b.geom, i.geom);
    UPDATE incident i SET grid = gb.grid FROM block b, grid_block gb
    WHERE i.county = the_county AND b.county = i.county AND b.id = i.block AND b.community = ANY (the_communities)
      AND gb.county = i.county AND gb.block = i.block AND NOT i.near_border AND gb.grid <> i.grid;
    -- Chosen by a person at a border: it stays as chosen while that grid lives.
    UPDATE incident i SET grid = gb.grid, near_border = false FROM block b, grid_block gb, grid g
    WHERE i.county = the_county AND b.county = i.county AND b.id = i.block AND b.community = ANY (the_communities)
      AND gb.county = i.county AND gb.block = i.block AND i.near_border
      AND g.county = i.county AND g.code = i.grid AND g.retired IS NOT NULL;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION retie_incidents FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retie_incidents TO jingwei_app;

-- +goose Down
DROP FUNCTION retie_incidents;
DROP TABLE incident;
