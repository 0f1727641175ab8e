-- Communities that no drawing can bring into band, as the engine proved it of their ground when it drew them. The
-- total alone shows it of most; what the ground adds (a building of 900, a neck) only the engine sees.

-- +goose Up

CREATE TABLE infeasible (
    county    integer NOT NULL,
    community bigint NOT NULL,
    version   integer NOT NULL,
    reason_zh text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (county, community),
    FOREIGN KEY (county, version) REFERENCES layout (county, version)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON infeasible TO jingwei_app;
GRANT SELECT ON infeasible TO jingwei_reader;

-- +goose Down

DROP TABLE infeasible;
