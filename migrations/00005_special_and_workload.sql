-- Special grids (专属网格) and grids measured by work instead of heads.

-- +goose Up

ALTER TABLE grid
    ADD COLUMN special  text NOT NULL DEFAULT '' CHECK (special IN ('', 'school', 'hospital', 'industrial', 'market')),
    ADD COLUMN workload bigint CHECK (workload >= 0);  -- by the formula in its layout's settings; NULL: measured by residents

ALTER TABLE grid_block
    ADD COLUMN workload bigint CHECK (workload >= 0);  -- the block's part of it

-- What is known of a building besides its residents: households, people over 80, people who live alone, …
CREATE TABLE building_count (
    county   integer NOT NULL,
    building text NOT NULL,               -- building.source
    kind     text NOT NULL,               -- as the file's column is called
    n        integer NOT NULL CHECK (n >= 0),
    PRIMARY KEY (county, building, kind)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON building_count TO jingwei_app;

-- +goose Down

DROP TABLE building_count;
ALTER TABLE grid_block DROP COLUMN workload;
ALTER TABLE grid DROP COLUMN special, DROP COLUMN workload;
