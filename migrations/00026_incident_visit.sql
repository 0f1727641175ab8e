-- Visits to be made because of an incident (五必到: disputes, hardship, serious illness, emergencies; household events are the register's own).

-- +goose Up

-- One for an incident. It has no place of its own: it is where the incident is, and goes along with it.
CREATE TABLE incident_visit (
    county   integer NOT NULL,
    incident bigint NOT NULL,
    reason   text NOT NULL CHECK (reason IN ('dispute', 'hardship', 'illness', 'emergency')),
    due      date NOT NULL,
    done     date,                      -- NULL: still to be made
    done_by  text NOT NULL DEFAULT '',
    note     bytea,                     -- sealed: what was seen
    PRIMARY KEY (county, incident),
    FOREIGN KEY (county, incident) REFERENCES incident (county, id),
    CHECK ((done IS NULL) = (done_by = ''))
);
CREATE INDEX incident_visit_due ON incident_visit (county, due) WHERE done IS NULL;

-- Seen by who sees the incident (its own policy holds within) and reads the register where it is; entered, or taken off the plan, by who keeps it there.
ALTER TABLE incident_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON incident_visit FOR SELECT TO jingwei_app USING (EXISTS (
    SELECT FROM incident i WHERE i.county = incident_visit.county AND i.id = incident AND multirange_contains_elem((SELECT scope_of('register.read')), i.grid)));
CREATE POLICY change ON incident_visit FOR UPDATE TO jingwei_app USING (EXISTS (
    SELECT FROM incident i WHERE i.county = incident_visit.county AND i.id = incident AND multirange_contains_elem((SELECT scope_of('register.change')), i.grid)));
CREATE POLICY remove ON incident_visit FOR DELETE TO jingwei_app USING (done IS NULL AND EXISTS (
    SELECT FROM incident i WHERE i.county = incident_visit.county AND i.id = incident AND multirange_contains_elem((SELECT scope_of('register.change')), i.grid)));
GRANT SELECT, DELETE ON incident_visit TO jingwei_app;
GRANT UPDATE (done, done_by, note) ON incident_visit TO jingwei_app;

-- Who reports an incident needn't keep the register where it happened: the visit is planned all the same, for an incident of the reporter's own.
-- +goose StatementBegin
CREATE FUNCTION plan_incident_visit(the_county integer, the_incident bigint, the_reason text, days integer) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    INSERT INTO incident_visit (county, incident, reason, due)
    SELECT i.county, i.id, the_reason, current_date + days FROM incident i WHERE i.county = the_county AND i.id = the_incident AND i.reported_by = actor()
    ON CONFLICT DO NOTHING
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION plan_incident_visit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION plan_incident_visit TO jingwei_app;

-- +goose Down
DROP FUNCTION plan_incident_visit;
DROP TABLE incident_visit;
