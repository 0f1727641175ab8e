-- Facilities (设施): the places that serve people, as points.

-- +goose Up

CREATE TABLE facility (
    county   integer NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    source   text NOT NULL,
    kind     text NOT NULL CHECK (kind <> ''),  -- one of the closed list in internal/facility
    name     text NOT NULL DEFAULT '',
    digest   bytea NOT NULL,
    geom     geometry(Point, 4326) NOT NULL,    -- of one drawn as an area: a point well inside it
    PRIMARY KEY (county, id),
    UNIQUE (county, source)
);
CREATE INDEX facility_geom ON facility USING gist (geom);

GRANT SELECT, INSERT, UPDATE, DELETE ON facility TO jingwei_app;
GRANT SELECT ON facility TO jingwei_reader;

-- +goose Down

DROP TABLE facility;
