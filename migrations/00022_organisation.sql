-- Organisations (单位), vehicles (车辆), and where facilities (设施) stand.
--
-- An organisation is in a house, and then everything about its place is the house's; or it has a place of its own, on a block by its position. A vehicle is
-- where its keeper lives or works: at a house. Both are seen like what is about the people of a house: by ground, the community's code and 000, or by the
-- house, or the block, for who has one grid alone. What is about a person (whom to ask for, their telephone; a plate, its owner) is sealed.

-- +goose Up

CREATE TABLE organisation (
    county       integer NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,   -- taken before the row is written: what is sealed names it
    key          text NOT NULL CHECK (key <> ''),       -- what it is known by: its code, or its name and place where it has none
    code         text CHECK (length(code) = 18),        -- 统一社会信用代码; NULL: none on record
    name         text NOT NULL CHECK (name <> ''),
    kind         text NOT NULL CHECK (kind IN ('company', 'trader', 'government', 'school', 'hospital', 'society', 'committee', 'other')),
    address      text NOT NULL DEFAULT '',
    staff        integer CHECK (staff >= 0),            -- NULL: not known
    contact      bytea,                                 -- the legal person, or whom to ask for
    contact_index bytea,
    phone        bytea,
    phone_index  bytea,
    house        bigint,
    building     bigint,                                -- of one without a house; NULL: on no footprint
    geom         geometry(Point, 4326),                 -- likewise, on the lattice
    block        bigint,                                -- likewise
    ground       bigint NOT NULL,                       -- the house's, or the block's community and 000
    digest       bytea NOT NULL,                        -- of what an import said that isn't sealed
    PRIMARY KEY (county, id),
    UNIQUE (county, key),
    CHECK ((house IS NULL) = (block IS NOT NULL) AND (block IS NULL) = (geom IS NULL) AND (house IS NULL OR building IS NULL)),
    FOREIGN KEY (county, house) REFERENCES house (county, id),
    FOREIGN KEY (county, building) REFERENCES building (county, id) ON DELETE SET NULL (building),
    FOREIGN KEY (county, block) REFERENCES block (county, id)
);
CREATE INDEX organisation_house ON organisation (county, house) WHERE house IS NOT NULL;
CREATE INDEX organisation_building ON organisation (county, building) WHERE building IS NOT NULL;
CREATE INDEX organisation_block ON organisation (county, block) WHERE block IS NOT NULL;
CREATE INDEX organisation_ground ON organisation (county, ground);

CREATE TABLE vehicle (
    county       integer NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    plate        bytea NOT NULL,
    plate_index  bytea NOT NULL,
    kind         text NOT NULL DEFAULT '',              -- 小型汽车, as the file has it
    colour       text NOT NULL DEFAULT '',
    owner        bytea,                                 -- the name of who has it; NULL: none on record
    owner_index  bytea,
    resident     bigint,                                -- who that is, where one resident of the house bears the name
    organisation bigint,                                -- likewise of its organisations
    house        bigint NOT NULL,
    ground       bigint NOT NULL,
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, resident) REFERENCES resident (county, id) ON DELETE SET NULL (resident),
    FOREIGN KEY (county, organisation) REFERENCES organisation (county, id) ON DELETE SET NULL (organisation),
    FOREIGN KEY (county, house) REFERENCES house (county, id),
    CHECK (resident IS NULL OR organisation IS NULL)
);
CREATE UNIQUE INDEX vehicle_plate ON vehicle (county, plate_index);
CREATE INDEX vehicle_house ON vehicle (county, house);
CREATE INDEX vehicle_resident ON vehicle (county, resident) WHERE resident IS NOT NULL;
CREATE INDEX vehicle_organisation ON vehicle (county, organisation) WHERE organisation IS NOT NULL;

-- Policies -----------------------------------------------------------------------------------------

-- Whether a block is in a grid where the actor may do a thing: for who has a grid alone.
-- +goose StatementBegin
CREATE FUNCTION block_within(the_county integer, the_block bigint, capability text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM grid_block gb WHERE gb.county = the_county AND gb.block = the_block AND multirange_contains_elem(scope_of(capability), gb.grid))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $do$
DECLARE
    the_table text;
    seen text;
BEGIN
    FOREACH the_table IN ARRAY ARRAY['organisation', 'vehicle'] LOOP
        seen := $$(multirange_contains_elem((SELECT scope_of('register.%1$s')), ground) OR house_within(county, house, 'register.%1$s')$$
            || CASE the_table WHEN 'organisation' THEN $$ OR block_within(county, block, 'register.%1$s'))$$ ELSE ')' END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', the_table);
        EXECUTE format('CREATE POLICY see ON %I FOR SELECT TO jingwei_app USING (%s)', the_table, format(seen, 'read'));
        EXECUTE format('CREATE POLICY add ON %I FOR INSERT TO jingwei_app WITH CHECK (%s)', the_table, format(seen, 'change'));
        EXECUTE format('CREATE POLICY change ON %I FOR UPDATE TO jingwei_app USING (%s) WITH CHECK (%s)', the_table, format(seen, 'change'), format(seen, 'change'));
        EXECUTE format('CREATE POLICY remove ON %I FOR DELETE TO jingwei_app USING (%s)', the_table, format(seen, 'change'));
    END LOOP;
END
$do$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE, DELETE ON organisation, vehicle TO jingwei_app;
GRANT USAGE ON SEQUENCE organisation_id_seq, vehicle_id_seq TO jingwei_app;

-- Facilities ---------------------------------------------------------------------------------------

-- The block that a facility stands on; NULL where no ground is.
ALTER TABLE facility ADD block bigint;
ALTER TABLE facility ADD FOREIGN KEY (county, block) REFERENCES block (county, id);
CREATE INDEX facility_block ON facility (county, block);
UPDATE facility f SET block = (SELECT b.id FROM block b WHERE b.county = f.county AND b.retired IS NULL AND ST_Covers(b.geom, f.geom) ORDER BY b.id LIMIT 1);

-- Whoever brings a facility, by a table or with the ground, has it tied by its position.
-- +goose StatementBegin
CREATE FUNCTION tie_facility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.block := (SELECT b.id FROM block b WHERE b.county = NEW.county AND b.retired IS NULL AND ST_Covers(b.geom, NEW.geom) ORDER BY b.id LIMIT 1);
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER tie_facility BEFORE INSERT OR UPDATE OF geom ON facility FOR EACH ROW EXECUTE FUNCTION tie_facility();

-- What a publication does ---------------------------------------------------------------------------

-- It takes organisations with a place of their own along from the blocks that it retired to those that hold them now, and facilities, those among them that
-- no ground was under before. Who publishes needn't be allowed to see an organisation. The lock is that of houses (retie_houses).
-- +goose StatementBegin
CREATE FUNCTION retie_places(the_county integer, the_version integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('jingwei.house'), the_county);
    -- Of several blocks that share a border with the point the lowest. Where no ground is any more it stays with what was there last.
    WITH now AS (
        SELECT DISTINCT ON (o.id) o.id, b.id AS block, b.community * 1000 AS ground
        FROM block old JOIN organisation o ON o.county = old.county AND o.block = old.id
        JOIN block b ON b.county = o.county AND b.retired IS NULL AND ST_Covers(b.geom, o.geom)
        WHERE old.county = the_county AND old.retired = the_version
        ORDER BY o.id, b.id)
    UPDATE organisation o SET block = now.block, ground = now.ground FROM now WHERE o.county = the_county AND o.id = now.id;
    WITH now AS (
        SELECT DISTINCT ON (f.id) f.id, b.id AS block
        FROM facility f LEFT JOIN block old ON old.county = f.county AND old.id = f.block
        JOIN block b ON b.county = f.county AND b.retired IS NULL AND ST_Covers(b.geom, f.geom)
        WHERE f.county = the_county AND (f.block IS NULL OR old.retired = the_version)
        ORDER BY f.id, b.id)
    UPDATE facility f SET block = now.block FROM now WHERE f.county = the_county AND f.id = now.id;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION retie_places FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retie_places TO jingwei_app;

-- Imports -------------------------------------------------------------------------------------------

ALTER TABLE intake_job DROP CONSTRAINT intake_job_kind_check;
ALTER TABLE intake_job ADD CONSTRAINT intake_job_kind_check CHECK (kind IN ('houses', 'residents', 'organisations', 'facilities', 'vehicles'));

-- +goose Down
DELETE FROM intake_job WHERE kind IN ('organisations', 'facilities', 'vehicles');
ALTER TABLE intake_job DROP CONSTRAINT intake_job_kind_check;
ALTER TABLE intake_job ADD CONSTRAINT intake_job_kind_check CHECK (kind IN ('houses', 'residents'));
DROP FUNCTION retie_places;
DROP TRIGGER tie_facility ON facility;
DROP FUNCTION tie_facility;
ALTER TABLE facility DROP COLUMN block;
DROP TABLE vehicle, organisation;
DROP FUNCTION block_within;
