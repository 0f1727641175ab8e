-- The register: houses (房屋), who lives in them (居民, 居住关系, 户), and what was decided about either.
--
-- A house stands on a block, by its position; which grid it is in follows from that and is written nowhere, so a publication moves only the houses
-- whose block it retired. What is about a person carries the ground it is seen by in two columns: ground is the community's code followed by 000,
-- which no grid bears, so whoever's scope holds that number holds the whole community; house is for who has one grid alone.

-- +goose Up

-- A dwelling or a shop. Like buildings it says nothing about who lives there, and everybody who may see the map may see it.
CREATE TABLE house (
    county   integer NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    code     text NOT NULL CHECK (code <> ''),   -- what it is called in the files (房屋编号)
    building bigint,                             -- NULL: on no footprint
    entrance text NOT NULL DEFAULT '',           -- entrance.ref, '' where none is on record
    place    text NOT NULL DEFAULT '',           -- 小区 or 自然村, '' in an old quarter
    number   text NOT NULL DEFAULT '',           -- 楼栋: 3号楼
    unit     text NOT NULL DEFAULT '',           -- 单元: 2单元
    floor    smallint,
    room     text NOT NULL DEFAULT '',           -- 房号: 1502
    address  text NOT NULL CHECK (address <> ''),
    kind     text NOT NULL CHECK (kind IN ('home', 'shop', 'office', 'other')),
    area     real CHECK (area > 0),              -- m² of floor; NULL: not known
    geom     geometry(Point, 4326) NOT NULL,     -- on the lattice
    block    bigint NOT NULL,
    ground   bigint NOT NULL,                    -- the block's community and 000
    digest   bytea NOT NULL,                     -- of what an import said: the same again changes nothing
    PRIMARY KEY (county, id),
    UNIQUE (county, code),
    FOREIGN KEY (county, building) REFERENCES building (county, id) ON DELETE SET NULL (building),
    FOREIGN KEY (county, block) REFERENCES block (county, id)
);
CREATE INDEX house_building ON house (county, building, floor);
CREATE INDEX house_block ON house (county, block);
CREATE INDEX house_ground ON house (county, ground, place, number);
CREATE INDEX house_address ON house (county, address);

-- What a house is used as says whether somebody is at home: it is seen with the register.
CREATE TABLE occupancy (
    county integer NOT NULL,
    house  bigint NOT NULL,
    ground bigint NOT NULL,
    kind   text NOT NULL CHECK (kind IN ('owner', 'rented', 'vacant')),
    PRIMARY KEY (county, house),
    FOREIGN KEY (county, house) REFERENCES house (county, id) ON DELETE CASCADE
);

-- People registered together (户).
CREATE TABLE household (
    county integer NOT NULL,
    id     bigint GENERATED ALWAYS AS IDENTITY,
    code   text NOT NULL CHECK (code <> ''),     -- 户号
    house  bigint NOT NULL,
    ground bigint NOT NULL,
    PRIMARY KEY (county, id),
    UNIQUE (county, code),
    FOREIGN KEY (county, house) REFERENCES house (county, id)
);
CREATE INDEX household_house ON household (county, house);

-- A person. Name, ID number and telephone are sealed, each with a keyed hash for exact look-up. house is where they live, or lived last.
CREATE TABLE resident (
    county      integer NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,   -- taken before the row is written: what is sealed names it
    name        bytea NOT NULL,
    name_index  bytea NOT NULL,
    card        bytea,                                 -- the ID number; NULL: none on record
    card_index  bytea,
    phone       bytea,
    phone_index bytea,
    sex         text NOT NULL CHECK (sex IN ('male', 'female', 'unknown')),
    born        date,
    nation      text NOT NULL DEFAULT '',
    education   text NOT NULL DEFAULT '',
    died        date,
    house       bigint NOT NULL,
    ground      bigint NOT NULL,
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, house) REFERENCES house (county, id)
);
CREATE UNIQUE INDEX resident_card ON resident (county, card_index) WHERE card_index IS NOT NULL;
CREATE INDEX resident_name ON resident (county, name_index, ground);
CREATE INDEX resident_phone ON resident (county, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX resident_house ON resident (county, house);

-- That a person lives, or lived, in a house. A row ends and stays.
CREATE TABLE residency (
    county     integer NOT NULL,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    resident   bigint NOT NULL,
    house      bigint NOT NULL,
    ground     bigint NOT NULL,
    household  bigint,
    relation   text NOT NULL DEFAULT '',               -- to the head of the household (与户主关系)
    stay       text NOT NULL CHECK (stay IN ('registered', 'separated', 'floating')),  -- 户籍在册, 人户分离, 流动人口
    registered text NOT NULL DEFAULT '',               -- where they are registered, when it isn't this house
    since      date,                                   -- NULL: not known
    until      date,                                   -- the first day on which they don't live there any more
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, resident) REFERENCES resident (county, id),
    FOREIGN KEY (county, house) REFERENCES house (county, id),
    FOREIGN KEY (county, household) REFERENCES household (county, id),
    CHECK (until >= since)
);
-- Nobody lives in two houses.
CREATE UNIQUE INDEX residency_now ON residency (county, resident) WHERE until IS NULL;
CREATE INDEX residency_house ON residency (county, house);
CREATE INDEX residency_resident ON residency (county, resident);
CREATE INDEX residency_household ON residency (county, household) WHERE household IS NOT NULL;

-- Why somebody is looked after (old and alone, disabled, low income, what the county adds). A special group of GB/T 31000 needs its label as well.
CREATE TABLE care (
    county   integer NOT NULL,
    resident bigint NOT NULL,
    kind     text NOT NULL CHECK (kind <> ''),
    special  text,
    house    bigint NOT NULL,
    ground   bigint NOT NULL,
    since    date NOT NULL DEFAULT current_date,
    PRIMARY KEY (county, resident, kind),
    FOREIGN KEY (county, resident) REFERENCES resident (county, id)
);
CREATE INDEX care_house ON care (county, house);
CREATE INDEX care_ground ON care (county, ground, kind);

-- Policies -----------------------------------------------------------------------------------------

-- Whether a house stands in a grid where the actor may do a thing: for who has a grid alone. A house says nothing about a person, so nothing goes past
-- a policy here.
-- +goose StatementBegin
CREATE FUNCTION house_within(the_county integer, the_house bigint, capability text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM house h JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block
        WHERE h.county = the_county AND h.id = the_house AND multirange_contains_elem(scope_of(capability), gb.grid))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $do$
DECLARE
    the_table text;
    seen text;
BEGIN
    FOREACH the_table IN ARRAY ARRAY['occupancy', 'household', 'resident', 'residency', 'care'] LOOP
        seen := $$(multirange_contains_elem((SELECT scope_of('register.%1$s')), ground) OR house_within(county, house, 'register.%1$s'))$$
            || CASE the_table WHEN 'care' THEN $$ AND (special IS NULL OR multirange_contains_elem(scope_of('special.' || special), ground)
                OR house_within(county, house, 'special.' || special))$$ ELSE '' END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', the_table);
        EXECUTE format('CREATE POLICY see ON %I FOR SELECT TO jingwei_app USING (%s)', the_table, format(seen, 'read'));
        EXECUTE format('CREATE POLICY add ON %I FOR INSERT TO jingwei_app WITH CHECK (%s)', the_table, format(seen, 'change'));
        EXECUTE format('CREATE POLICY change ON %I FOR UPDATE TO jingwei_app USING (%s) WITH CHECK (%s)', the_table, format(seen, 'change'), format(seen, 'change'));
        EXECUTE format('CREATE POLICY remove ON %I FOR DELETE TO jingwei_app USING (%s)', the_table, format(seen, 'change'));
    END LOOP;
END
$do$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE, DELETE ON occupancy, household, resident, residency, care TO jingwei_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON house TO jingwei_app;
GRANT SELECT ON house TO jingwei_reader;
GRANT USAGE ON SEQUENCE house_id_seq, household_id_seq, resident_id_seq, residency_id_seq TO jingwei_app;

-- A house's place is for everybody to see, and for those to write who keep the register there.
ALTER TABLE house ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON house FOR SELECT TO jingwei_app, jingwei_reader USING (true);
CREATE POLICY add ON house FOR INSERT TO jingwei_app WITH CHECK (multirange_contains_elem((SELECT scope_of('register.change')), ground));
CREATE POLICY change ON house FOR UPDATE TO jingwei_app
    USING (multirange_contains_elem((SELECT scope_of('register.change')), ground)) WITH CHECK (multirange_contains_elem((SELECT scope_of('register.change')), ground));
CREATE POLICY remove ON house FOR DELETE TO jingwei_app USING (multirange_contains_elem((SELECT scope_of('register.change')), ground));

-- What goes past the policies, as the owner ----------------------------------------------------------

-- Who of some ID numbers is on record in the county: whether the actor may see them or not, as nobody is to be on record twice. Of those out of sight it
-- says that they are there.
-- +goose StatementBegin
CREATE FUNCTION known_cards(the_county integer, the_indexes bytea[]) RETURNS TABLE (card_index bytea, id bigint, mine boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.card_index, CASE WHEN w.mine THEN r.id ELSE 0 END, w.mine
    FROM resident r, LATERAL (SELECT multirange_contains_elem(scope_of('register.change'), r.ground) OR house_within(r.county, r.house, 'register.change') AS mine) w
    WHERE r.county = the_county AND r.card_index = ANY (the_indexes) AND scope_of('register.change') <> '{}'
$$;
-- +goose StatementEnd

-- What is about the people of a house goes along when the house comes to another community's ground, whoever moves it: every table that names a house and
-- the ground it is seen by, those that are made later among them.
-- +goose StatementBegin
CREATE FUNCTION people_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    the_table regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows o JOIN new_rows n USING (county, id) WHERE o.ground <> n.ground) THEN
        RETURN NULL;
    END IF;
    FOR the_table IN
        SELECT c.oid FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname IN ('county', 'house', 'ground') AND NOT a.attisdropped) = 3
    LOOP
        EXECUTE format('UPDATE %s t SET ground = n.ground FROM old_rows o JOIN new_rows n USING (county, id)
            WHERE o.ground <> n.ground AND t.county = n.county AND t.house = n.id AND t.ground <> n.ground', the_table);
    END LOOP;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER people_follow AFTER UPDATE ON house REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION people_follow();

-- A publication takes the houses on the blocks that it retired along to those that hold them now, and says how many of them are another community's
-- since. Who publishes needn't be allowed to see their people. Imports of houses hold the lock shared from before they look for a block until they are
-- committed.
-- +goose StatementBegin
CREATE FUNCTION retie_houses(the_county integer, the_version integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('jingwei.house'), the_county);
    -- Of several blocks that share a border with the point the lowest. Where no ground is any more it stays with what was there last.
    WITH now AS (
        SELECT DISTINCT ON (h.id) h.id, h.ground AS was, b.id AS block, b.community * 1000 AS ground
        FROM block old JOIN house h ON h.county = old.county AND h.block = old.id
        JOIN block b ON b.county = h.county AND b.retired IS NULL AND ST_Covers(b.geom, h.geom)
        WHERE old.county = the_county AND old.retired = the_version
        ORDER BY h.id, b.id),
    retied AS (
        UPDATE house h SET block = now.block, ground = now.ground FROM now WHERE h.county = the_county AND h.id = now.id
        RETURNING now.was <> now.ground AS moved)
    SELECT count(*) FILTER (WHERE retied.moved) INTO moved FROM retied;
    RETURN moved;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION known_cards, people_follow, retie_houses FROM PUBLIC;
GRANT EXECUTE ON FUNCTION known_cards, retie_houses TO jingwei_app;

-- +goose Down
DROP FUNCTION known_cards, retie_houses;
DROP TABLE care, residency, resident, household, occupancy, house;
DROP FUNCTION house_within, people_follow;
