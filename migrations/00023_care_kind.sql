-- Kinds of care (关爱类别): those that every county has, and those that a county defines; somebody put under care, or out of it, by hand.

-- +goose Up

-- County 0 is every county's. A kind is never removed, as people are under it: one that isn't used any more takes nobody new.
CREATE TABLE care_kind (
    county  integer NOT NULL,
    kind    text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9-]{0,39}$'),
    zh      text NOT NULL CHECK (zh <> ''),
    en      text NOT NULL CHECK (en <> ''),
    every   integer CHECK (every BETWEEN 1 AND 366),     -- days from one visit to the next; NULL: as it is planned each time
    special text CHECK (special IN ('released', 'correction', 'mental', 'drugs', 'youth', 'petition')),   -- the label that is needed to see who is under it
    place   integer NOT NULL,                            -- in the order in which they are shown
    used    boolean NOT NULL DEFAULT true,
    PRIMARY KEY (county, kind)
);
CREATE UNIQUE INDEX care_kind_zh ON care_kind (county, zh);

INSERT INTO care_kind (county, kind, zh, en, every, place) VALUES
    (0, 'alone', '独居老人', 'Old and alone', 7, 1), (0, 'empty-nest', '空巢老人', 'Old among themselves', 30, 2), (0, 'aged', '高龄', '80 or older', 30, 3),
    (0, 'disabled', '残疾', 'Disabled', 30, 4), (0, 'destitute', '特困', 'Destitute', 14, 5), (0, 'low-income', '低保', 'Low income', 30, 6),
    (0, 'left-behind', '留守儿童', 'Child left behind', 14, 7), (0, 'veteran', '退役军人', 'Veteran', 90, 8);

-- The names say nothing about a person. A county's are written by who defines them for all of it.
ALTER TABLE care_kind ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON care_kind FOR SELECT TO jingwei_app USING (true);
CREATE POLICY add ON care_kind FOR INSERT TO jingwei_app WITH CHECK (county > 0 AND (SELECT scope_of('care.define')) @> ground_of(county::text));
CREATE POLICY change ON care_kind FOR UPDATE TO jingwei_app
    USING (county > 0 AND (SELECT scope_of('care.define')) @> ground_of(county::text)) WITH CHECK (county > 0 AND (SELECT scope_of('care.define')) @> ground_of(county::text));
GRANT SELECT, INSERT ON care_kind TO jingwei_app;
GRANT UPDATE (zh, en, every, used) ON care_kind TO jingwei_app;

-- An act names the rows that it wrote by their numbers.
ALTER TABLE care ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX care_id ON care (county, id);
GRANT USAGE ON SEQUENCE care_id_seq TO jingwei_app;

-- That somebody came under the care of a special group is seen with its label alone, like the care.
ALTER TABLE register_act DROP CONSTRAINT register_act_kind_check;
ALTER TABLE register_act ADD CONSTRAINT register_act_kind_check CHECK (kind IN ('move-in', 'move-out', 'birth', 'death', 'split', 'correct', 'care', 'care-end', 'undo'));
ALTER TABLE register_act ADD COLUMN special text;
CREATE POLICY labelled ON register_act AS RESTRICTIVE FOR ALL TO jingwei_app USING (
    special IS NULL OR multirange_contains_elem(scope_of('special.' || special), ground) OR house_within(county, house, 'special.' || special));

-- A visit that wasn't made yet can be taken off the plan; one that was made stays.
CREATE POLICY remove ON visit FOR DELETE TO jingwei_app USING (
    done IS NULL AND (multirange_contains_elem((SELECT scope_of('register.change')), ground) OR house_within(county, house, 'register.change')));
GRANT DELETE ON visit TO jingwei_app;
CREATE INDEX visit_ground ON visit (county, ground, resident);

-- Why somebody is looked after, and their visits, go along with them to the house they move to, whoever brings them there: who keeps the register of that
-- house goes on with both.
-- +goose StatementBegin
CREATE FUNCTION care_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE care c SET house = n.house, ground = n.ground FROM old_rows o JOIN new_rows n USING (county, id)
    WHERE (o.house, o.ground) <> (n.house, n.ground) AND c.county = n.county AND c.resident = n.id;
    UPDATE visit v SET house = n.house, ground = n.ground FROM old_rows o JOIN new_rows n USING (county, id)
    WHERE (o.house, o.ground) <> (n.house, n.ground) AND v.county = n.county AND v.resident = n.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER care_follows AFTER UPDATE ON resident REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION care_follows();
REVOKE ALL ON FUNCTION care_follows FROM PUBLIC;

-- +goose Down
DROP TRIGGER care_follows ON resident;
DROP FUNCTION care_follows;
DROP INDEX visit_ground;
REVOKE DELETE ON visit FROM jingwei_app;
DROP POLICY remove ON visit;
DROP POLICY labelled ON register_act;
DELETE FROM register_act WHERE kind IN ('care', 'care-end');
ALTER TABLE register_act DROP COLUMN special;
ALTER TABLE register_act DROP CONSTRAINT register_act_kind_check;
ALTER TABLE register_act ADD CONSTRAINT register_act_kind_check CHECK (kind IN ('move-in', 'move-out', 'birth', 'death', 'split', 'correct', 'undo'));
DROP INDEX care_id;
ALTER TABLE care DROP COLUMN id;
DROP TABLE care_kind;
