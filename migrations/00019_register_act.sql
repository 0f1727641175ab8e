-- What was done to the register by hand: who moved in or out, was born, died, which household was divided. Each act is a patch of rows that can be turned round.

-- +goose Up

CREATE TABLE register_act (
    county    integer NOT NULL,
    id        bigint GENERATED ALWAYS AS IDENTITY,
    kind      text NOT NULL CHECK (kind IN ('move-in', 'move-out', 'birth', 'death', 'split', 'correct', 'undo')),
    resident  bigint,                -- whom it is about; NULL: a house
    house     bigint NOT NULL,
    ground    bigint NOT NULL,
    patch     jsonb NOT NULL,        -- numbers and days of rows, none of what is sealed
    undone_by bigint,                -- the act that took it back
    at        timestamptz NOT NULL DEFAULT now(),
    account   bigint NOT NULL,       -- 0: at the command line
    display   text NOT NULL,         -- who did it, as others see them
    PRIMARY KEY (county, id)
);
CREATE INDEX register_act_house ON register_act (county, house, id);
CREATE INDEX register_act_resident ON register_act (county, resident, id) WHERE resident IS NOT NULL;

ALTER TABLE register_act ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON register_act FOR SELECT TO jingwei_app USING (
    multirange_contains_elem((SELECT scope_of('register.read')), ground) OR house_within(county, house, 'register.read'));
CREATE POLICY add ON register_act FOR INSERT TO jingwei_app WITH CHECK (
    multirange_contains_elem((SELECT scope_of('register.change')), ground) OR house_within(county, house, 'register.change'));
CREATE POLICY change ON register_act FOR UPDATE TO jingwei_app USING (
    multirange_contains_elem((SELECT scope_of('register.change')), ground) OR house_within(county, house, 'register.change'));
GRANT SELECT, INSERT ON register_act TO jingwei_app;
GRANT UPDATE (undone_by) ON register_act TO jingwei_app;

-- When somebody who is looked after was visited, and is to be visited (五必到: disputes, hardship, serious illness, household events, emergencies).
CREATE TABLE visit (
    county   integer NOT NULL,
    id       bigint GENERATED ALWAYS AS IDENTITY,
    resident bigint NOT NULL,
    reason   text NOT NULL CHECK (reason IN ('care', 'dispute', 'hardship', 'illness', 'household', 'emergency')),
    house    bigint NOT NULL,
    ground   bigint NOT NULL,
    due      date NOT NULL,
    done     date,                   -- NULL: still to be made
    done_by  text NOT NULL DEFAULT '',
    note     bytea,                  -- sealed: what was seen
    made_at  timestamptz NOT NULL DEFAULT now(),
    made_by  bigint NOT NULL,
    PRIMARY KEY (county, id),
    FOREIGN KEY (county, resident) REFERENCES resident (county, id),
    CHECK ((done IS NULL) = (done_by = ''))
);
CREATE INDEX visit_resident ON visit (county, resident, done);
CREATE INDEX visit_due ON visit (county, ground, due) WHERE done IS NULL;
CREATE INDEX visit_house ON visit (county, house);

ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON visit FOR SELECT TO jingwei_app USING (
    multirange_contains_elem((SELECT scope_of('register.read')), ground) OR house_within(county, house, 'register.read'));
CREATE POLICY add ON visit FOR INSERT TO jingwei_app WITH CHECK (
    multirange_contains_elem((SELECT scope_of('register.change')), ground) OR house_within(county, house, 'register.change'));
CREATE POLICY change ON visit FOR UPDATE TO jingwei_app USING (
    multirange_contains_elem((SELECT scope_of('register.change')), ground) OR house_within(county, house, 'register.change'));
GRANT SELECT, INSERT, UPDATE ON visit TO jingwei_app;
GRANT USAGE ON SEQUENCE register_act_id_seq, visit_id_seq TO jingwei_app;

-- Somebody who has left their last house is entered in the next one by whose ground that is, who needn't see where they were before: by the whole ID
-- number alone. It gives nothing for who still lives somewhere, or isn't on record.
-- +goose StatementBegin
CREATE FUNCTION take_over_resident(the_county integer, the_indexes bytea[], the_house bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    who bigint;
    now record;
BEGIN
    SELECT h.id, h.ground, gb.grid INTO now FROM house h JOIN grid_block gb ON gb.county = h.county AND gb.block = h.block WHERE h.county = the_county AND h.id = the_house;
    IF now.grid IS NULL OR NOT scope_of('register.change') @> now.grid THEN
        RETURN NULL;
    END IF;
    SELECT r.id INTO who FROM resident r
    WHERE r.county = the_county AND r.card_index = ANY (the_indexes) AND r.died IS NULL
      AND NOT EXISTS (SELECT FROM residency x WHERE x.county = r.county AND x.resident = r.id AND x.until IS NULL)
    FOR UPDATE;
    UPDATE resident SET house = now.id, ground = now.ground WHERE county = the_county AND id = who;
    UPDATE care SET house = now.id, ground = now.ground WHERE county = the_county AND resident = who;
    RETURN who;
END
$$;
-- +goose StatementEnd

-- When that is taken back, they are seen again by whose ground they left last.
-- +goose StatementBegin
CREATE FUNCTION give_back_resident(the_county integer, the_resident bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    last record;
BEGIN
    SELECT h.id, h.ground INTO last FROM residency x JOIN house h ON h.county = x.county AND h.id = x.house
    WHERE x.county = the_county AND x.resident = the_resident ORDER BY x.until IS NOT NULL, x.until DESC, x.id DESC LIMIT 1;
    UPDATE resident r SET house = last.id, ground = last.ground
    WHERE r.county = the_county AND r.id = the_resident AND last.id IS NOT NULL AND r.house <> last.id
      AND (multirange_contains_elem(scope_of('register.change'), r.ground) OR house_within(r.county, r.house, 'register.change'));
    IF FOUND THEN
        UPDATE care SET house = last.id, ground = last.ground WHERE county = the_county AND resident = the_resident;
    END IF;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION take_over_resident, give_back_resident FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_over_resident, give_back_resident TO jingwei_app;

-- +goose Down
DROP FUNCTION take_over_resident, give_back_resident;
DROP TABLE visit, register_act;
