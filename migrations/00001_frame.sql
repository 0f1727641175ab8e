-- The frame: the roles, the tree of divisions, the ground, the layout, the outbox.
--
-- Every table that grows with the population has county (the 6-digit code as an integer) first in its
-- primary key, its unique keys and its foreign keys. Geometry columns are EPSG:4326, on the lattice of
-- 1e-7 degree: coordinates are written as k/1e7 and compared as integers.

-- +goose Up

-- Roles --------------------------------------------------------------------------------------------
-- jingwei_app serves; jingwei_reader follows the outbox and renders tiles from tables without persons.
-- Both are groups without login: the login user is granted them and sets the role for each connection.
-- The owner is whoever migrates.

-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jingwei_app') THEN
        CREATE ROLE jingwei_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jingwei_reader') THEN
        CREATE ROLE jingwei_reader NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of the same server made it in this instant
END
$$;
-- +goose StatementEnd

-- Divisions ----------------------------------------------------------------------------------------
-- Codes are GB/T 2260 + GB/T 10114: county 6, town 9, community 12 digits. Not keyed by county: it is a
-- small reference table, the same on every node.

CREATE TABLE division (
    code              text PRIMARY KEY CHECK (code ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
    county            integer NOT NULL,
    level             text NOT NULL CHECK (level IN ('county', 'town', 'community')),
    parent            text REFERENCES division (code) DEFERRABLE INITIALLY DEFERRED,
    name              text NOT NULL,
    residents         integer CHECK (residents >= 0),  -- the total on record, NULL when there is none
    residents_source  text,                            -- 'pop_worldpop of boundary.geojson'
    geom              geometry(MultiPolygon, 4326),     -- as imported, on the lattice; NULL for a parent known by its code alone
    source            text NOT NULL,
    imported_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX division_parent ON division (parent);
CREATE INDEX division_county ON division (county);
CREATE INDEX division_geom ON division USING gist (geom);

-- The sources' features ----------------------------------------------------------------------------
-- digest is a hash of everything the row says, so that the same import twice changes nothing.

CREATE TABLE line_feature (
    county   integer NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    source   text NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('street', 'rail', 'wall', 'water')),
    barrier  smallint NOT NULL,
    class    text NOT NULL,
    name     text NOT NULL DEFAULT '',
    digest   bytea NOT NULL,
    geom     geometry(LineString, 4326) NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, source)
);
CREATE INDEX line_feature_geom ON line_feature USING gist (geom);

CREATE TABLE area_feature (
    county   integer NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    source   text NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('water', 'landuse')),
    barrier  smallint NOT NULL,
    class    text NOT NULL,
    name     text NOT NULL DEFAULT '',
    digest   bytea NOT NULL,
    geom     geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, source)
);
CREATE INDEX area_feature_geom ON area_feature USING gist (geom);

CREATE TABLE building (
    county    integer NOT NULL,
    id        bigint GENERATED ALWAYS AS IDENTITY,
    source    text NOT NULL,
    name      text NOT NULL DEFAULT '',
    use       text NOT NULL DEFAULT 'yes',
    levels    real NOT NULL DEFAULT 0,   -- 0: not known
    address   text NOT NULL DEFAULT '',
    residents integer,                   -- NULL: not known
    digest    bytea NOT NULL,
    geom      geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, source)
);
CREATE INDEX building_geom ON building USING gist (geom);
CREATE INDEX building_name ON building USING gin (name gin_trgm_ops);

CREATE TABLE entrance (
    county    integer NOT NULL,
    building  bigint NOT NULL,
    ref       text NOT NULL,
    residents integer,
    geom      geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (county, building, ref),
    FOREIGN KEY (county, building) REFERENCES building (county, id) ON DELETE CASCADE
);

-- Layout versions ----------------------------------------------------------------------------------

CREATE TABLE layout (
    county       integer NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    live         boolean NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    published_by text NOT NULL,
    note         text NOT NULL DEFAULT '',
    settings     jsonb NOT NULL DEFAULT '{}',   -- target, tolerance, seed, weights it was drawn with
    PRIMARY KEY (county, version)
);
CREATE UNIQUE INDEX layout_one_live ON layout (county) WHERE live;

-- The ground ---------------------------------------------------------------------------------------

-- A territory is the ground of one community (or of a town without communities, its code then ending in
-- 000): the border as the blocks see it, noded with its neighbours and with what crosses it.
CREATE TABLE territory (
    county    integer NOT NULL,
    community bigint NOT NULL,            -- 12 digits
    division  text NOT NULL REFERENCES division (code),
    geom      geometry(MultiPolygon, 4326) NOT NULL,
    made_at   timestamptz NOT NULL DEFAULT now(),
    features  bytea NOT NULL,             -- a digest of the features and settings it was made from
    report    jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (county, community)
);
CREATE INDEX territory_geom ON territory USING gist (geom);

CREATE TABLE block (
    county           integer NOT NULL,
    id               bigint NOT NULL,     -- counted per county, never used again
    community        bigint NOT NULL,
    residents        integer NOT NULL CHECK (residents >= 0),
    residents_source text NOT NULL CHECK (residents_source IN ('known', 'estimate', 'none')),
    area             double precision NOT NULL,   -- m², Gauss-Krüger plane of its 3-degree zone
    born             integer NOT NULL,
    retired          integer,
    parent           bigint,              -- the block it was cut from
    geom             geometry(Polygon, 4326) NOT NULL,
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, community) REFERENCES territory (county, community),
    FOREIGN KEY (county, born) REFERENCES layout (county, version) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX block_community ON block (county, community) WHERE retired IS NULL;
CREATE INDEX block_geom ON block USING gist (geom);

-- Which building stands on which block, with the people counted there. A building lies in one block,
-- unless it holds more than a grid may: then each of its parts does.
CREATE TABLE block_building (
    county    integer NOT NULL,
    block     bigint NOT NULL,
    building  bigint NOT NULL,
    residents integer NOT NULL,
    PRIMARY KEY (county, block, building),
    FOREIGN KEY (county, block) REFERENCES block (county, id),
    FOREIGN KEY (county, building) REFERENCES building (county, id)
);
CREATE INDEX block_building_building ON block_building (county, building);

-- The borders of the live blocks, one row an arc: the stretch between two junctions along which one thing
-- runs. a < b; b is 0 where nothing of this county's ground lies on the other side. The line runs with
-- block a on its left.
CREATE TABLE block_border (
    county  integer NOT NULL,
    id      bigint GENERATED ALWAYS AS IDENTITY,
    a       bigint NOT NULL,
    b       bigint NOT NULL,
    barrier smallint NOT NULL,
    name    text NOT NULL DEFAULT '',
    length  double precision NOT NULL,    -- m
    geom    geometry(LineString, 4326) NOT NULL,
    PRIMARY KEY (county, id),
    CHECK (b = 0 OR a < b)
);
CREATE INDEX block_border_a ON block_border (county, a);
CREATE INDEX block_border_b ON block_border (county, b);

-- Grids --------------------------------------------------------------------------------------------
-- A grid is a set of blocks. Its polygon is derived when it is published and kept beside it.

CREATE TABLE grid (
    county      integer NOT NULL,
    code        bigint NOT NULL,          -- 15 digits: community + sequence; never used again
    community   bigint NOT NULL,
    name        text NOT NULL DEFAULT '',
    born        integer NOT NULL,         -- version it first appears in
    retired     integer,                  -- version it is gone from
    changed     integer NOT NULL,         -- version that last changed its blocks
    residents   integer NOT NULL,
    blocks      integer NOT NULL,
    houses      integer NOT NULL DEFAULT 0,       -- buildings with residents, until the register counts houses
    area        double precision NOT NULL,        -- m²
    perimeter   double precision NOT NULL,        -- m
    compactness double precision NOT NULL,        -- A²/(2πI), a circle is 1
    geom        geometry(MultiPolygon, 4326) NOT NULL,
    label       geometry(Point, 4326) NOT NULL,   -- pole of inaccessibility
    PRIMARY KEY (county, code),
    CHECK (code / 1000 = community)
);
CREATE INDEX grid_live ON grid (county, community) WHERE retired IS NULL;
CREATE INDEX grid_geom ON grid USING gist (geom);

-- The live layout: a block is in exactly one grid, by primary key.
CREATE TABLE grid_block (
    county integer NOT NULL,
    block  bigint NOT NULL,
    grid   bigint NOT NULL,
    since  integer NOT NULL,
    PRIMARY KEY (county, block),
    FOREIGN KEY (county, block) REFERENCES block (county, id),
    FOREIGN KEY (county, grid) REFERENCES grid (county, code)
);
CREATE INDEX grid_block_grid ON grid_block (county, grid);

-- What the live layout was before: the same rows, with the version they ended in.
CREATE TABLE grid_block_past (
    county integer NOT NULL,
    block  bigint NOT NULL,
    grid   bigint NOT NULL,
    since  integer NOT NULL,
    until  integer NOT NULL,
    PRIMARY KEY (county, block, since),
    FOREIGN KEY (county, block) REFERENCES block (county, id),
    FOREIGN KEY (county, grid) REFERENCES grid (county, code)
);

CREATE TABLE lineage (
    county    integer NOT NULL,
    version   integer NOT NULL,
    from_grid bigint NOT NULL,
    to_grid   bigint NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('unchanged', 'moved', 'split', 'merged', 'complex')),
    blocks    integer NOT NULL,
    houses    integer NOT NULL,
    residents integer NOT NULL,
    PRIMARY KEY (county, version, from_grid, to_grid),
    FOREIGN KEY (county, version) REFERENCES layout (county, version)
);

-- Shapes for the zooms below the one where every vertex shows, simplified an arc at a time over the whole
-- coverage, so that neighbours keep sharing their borders. A row holds for zooms up to its zoom.
CREATE TABLE tile_shape (
    county integer NOT NULL,
    layer  text NOT NULL CHECK (layer IN ('divisions', 'grids')),
    id     bigint NOT NULL,               -- division code padded to 12 digits, or grid code
    zoom   smallint NOT NULL,
    geom   geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (county, layer, zoom, id)
);
CREATE INDEX tile_shape_geom ON tile_shape USING gist (geom);

-- Residents by H3 cell: what the population layer is made of. Cells under ten are suppressed when read,
-- never stored away: the figure of a coarser cell needs them.
CREATE TABLE population_cell (
    county     integer NOT NULL,
    community  bigint NOT NULL,
    resolution smallint NOT NULL,
    cell       bigint NOT NULL,
    residents  integer NOT NULL,
    PRIMARY KEY (county, resolution, cell, community)
);

-- The outbox ---------------------------------------------------------------------------------------
-- What happened, written in the transaction in which it happened, followed in the order of commits: a
-- follower reads only rows whose transaction id lies below the oldest one still running.

CREATE TABLE outbox (
    id       bigint GENERATED ALWAYS AS IDENTITY,
    county   integer NOT NULL,
    kind     text NOT NULL,               -- 'layout.published', 'ground.imported', 'divisions.imported'
    payload  jsonb NOT NULL,
    xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (county, id)
);
CREATE INDEX outbox_order ON outbox (xid, id);

GRANT USAGE ON SCHEMA public TO jingwei_app, jingwei_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO jingwei_app;
REVOKE DELETE ON layout, lineage, grid, block FROM jingwei_app;
GRANT SELECT ON division, line_feature, area_feature, layout, territory, block, block_border, grid,
    grid_block, grid_block_past, lineage, tile_shape, population_cell, outbox TO jingwei_reader;
GRANT SELECT (county, id, source, name, use, levels, geom) ON building TO jingwei_reader;

-- +goose Down
DROP TABLE outbox, population_cell, tile_shape, lineage, grid_block_past, grid_block, grid, block_border,
    block_building, block, territory, layout, entrance, building, area_feature, line_feature, division;
