-- Who may see what: accounts, grants, sessions, and the two questions that every policy asks.
--
-- A transaction says who acts and how far that reaches in two settings that postgres.InTx sets and nothing else:
--   jingwei.actor   the account's id
--   jingwei.scope   a JSON object: capability -> a multirange of grid codes (15 digits)
-- A division is the range of all grid codes that begin with its code, a grid is its own code: so one comparison of integers,
-- by b-tree, serves a county, a town, a community and a grid. What isn't set reads NULL, or '' on a connection that was
-- used before: both see nothing.

-- +goose Up

-- +goose StatementBegin
CREATE FUNCTION actor() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('jingwei.actor', true), '')::bigint
$$;
-- +goose StatementEnd

-- Where the actor may do a thing, as ranges of grid codes; empty when nowhere. Policies call it in a sub-select, so that it is
-- worked out once a statement and not once a row.
-- +goose StatementBegin
CREATE FUNCTION scope_of(capability text) RETURNS int8multirange LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((nullif(current_setting('jingwei.scope', true), '')::jsonb ->> capability)::int8multirange, '{}')
$$;
-- +goose StatementEnd

-- The range of grid codes of a division's or a grid's code.
-- +goose StatementBegin
CREATE FUNCTION ground_of(code text) RETURNS int8range LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT int8range(rpad(code, 15, '0')::bigint, rpad(code, 15, '9')::bigint, '[]')
$$;
-- +goose StatementEnd

-- Accounts -----------------------------------------------------------------------------------------
-- Not keyed by county: who signs in gives a name, before any county is known. Like division they are a small table, the same
-- on every node.

CREATE TABLE account (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),  -- what is typed to sign in
    display       text NOT NULL CHECK (display <> '' AND length(display) <= 80),      -- what others see
    kind          text NOT NULL CHECK (kind IN ('person', 'machine')),
    division      text NOT NULL CHECK (division ~ '^[0-9]{6}([0-9]{3}){0,2}$'),        -- where it belongs: whose administrator looks after it
    ground        int8range NOT NULL GENERATED ALWAYS AS (ground_of(division)) STORED,
    password      text,                    -- argon2id, NULL: none yet, or a machine
    password_at   timestamptz,
    must_change   boolean NOT NULL DEFAULT false,   -- somebody else knows the password
    totp          bytea,                   -- the second factor's secret, sealed; NULL: none
    totp_step     bigint NOT NULL DEFAULT 0,        -- the last time step that was used: none counts twice
    disabled_at   timestamptz,
    signed_in_at  timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    bigint,                  -- NULL: at the command line
    CHECK (kind = 'person' OR password IS NULL AND totp IS NULL)
);

CREATE TABLE account_grant (
    account    bigint NOT NULL REFERENCES account (id),
    role       text NOT NULL CHECK (role IN ('planner', 'dispatcher', 'leader', 'grid-worker', 'clerk', 'administrator', 'security-officer', 'auditor')),
    code       text NOT NULL CHECK (code ~ '^[0-9]{6}([0-9]{3}){0,3}$'),  -- a division's; a grid worker's is a grid's
    granted_at timestamptz NOT NULL DEFAULT now(),
    granted_by bigint,
    PRIMARY KEY (account, role, code),
    CHECK ((role = 'grid-worker') = (length(code) = 15)),
    -- 三员分立: nobody holds two of these three, whoever writes, in whatever order transactions commit
    CONSTRAINT three_officers EXCLUDE USING gist (account WITH =, role WITH <>) WHERE (role IN ('administrator', 'security-officer', 'auditor'))
);

-- Special groups of people are a label of their own: no role brings it along.
CREATE TABLE account_label (
    account    bigint NOT NULL REFERENCES account (id),
    label      text NOT NULL CHECK (label IN ('released', 'correction', 'mental', 'drugs', 'youth', 'petition')),
    code       text NOT NULL CHECK (code ~ '^[0-9]{6}([0-9]{3}){0,3}$'),
    granted_at timestamptz NOT NULL DEFAULT now(),
    granted_by bigint,
    PRIMARY KEY (account, label, code)
);

-- Sessions and tokens. Both are kept as SHA-256 of what the client holds: who reads the table can't use them.
CREATE TABLE session (
    token      bytea PRIMARY KEY,
    account    bigint NOT NULL REFERENCES account (id),
    stage      text NOT NULL CHECK (stage IN ('second-factor', 'enrol', 'password', 'open')),  -- what is still to be done
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz NOT NULL,       -- however busy it is
    address    text NOT NULL DEFAULT '',
    agent      text NOT NULL DEFAULT '',
    pending    bytea                       -- a second factor that is being set up, sealed
);
CREATE INDEX session_account ON session (account);
CREATE INDEX session_ends ON session (ends_at);

CREATE TABLE api_token (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account    bigint NOT NULL REFERENCES account (id),  -- a machine
    token      bytea NOT NULL UNIQUE,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by bigint,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz
);
CREATE INDEX api_token_account ON api_token (account);

CREATE TABLE recovery_code (
    account bigint NOT NULL REFERENCES account (id),
    code    bytea NOT NULL,                -- a keyed hash
    used_at timestamptz,
    PRIMARY KEY (account, code)
);

-- Wrong passwords, counted for (account, address) and for (account, known browser); the key is a keyed hash of either.
CREATE TABLE sign_in_failure (
    key     bytea PRIMARY KEY,
    failed  integer NOT NULL,
    until   timestamptz NOT NULL,          -- the next try is taken from then on
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failure_at ON sign_in_failure (at);

-- Policies -----------------------------------------------------------------------------------------
-- 'account.door' is what the program holds while somebody stands at the door; no role has it.
-- 'account.manage' is the administrator's, 'account.grant' the security officer's, 'audit.read' the auditor's.

ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON account FOR SELECT TO jingwei_app USING (
    id = (SELECT actor()) OR (SELECT scope_of('account.door')) @> ground OR (SELECT scope_of('account.manage')) @> ground
    OR (SELECT scope_of('account.grant')) @> ground OR (SELECT scope_of('audit.read')) @> ground);
CREATE POLICY add ON account FOR INSERT TO jingwei_app WITH CHECK (
    (SELECT scope_of('account.door')) @> ground OR (SELECT scope_of('account.manage')) @> ground);
CREATE POLICY change ON account FOR UPDATE TO jingwei_app
    USING ((SELECT scope_of('account.door')) @> ground OR (SELECT scope_of('account.manage')) @> ground)
    WITH CHECK ((SELECT scope_of('account.door')) @> ground OR (SELECT scope_of('account.manage')) @> ground);

ALTER TABLE account_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON account_grant FOR SELECT TO jingwei_app USING (EXISTS (SELECT FROM account a WHERE a.id = account));
CREATE POLICY add ON account_grant FOR INSERT TO jingwei_app WITH CHECK (
    (SELECT scope_of('account.door')) @> ground_of(code)
    OR (SELECT scope_of('account.grant')) @> ground_of(code) AND account <> (SELECT actor())
       AND EXISTS (SELECT FROM account a WHERE a.id = account));
CREATE POLICY remove ON account_grant FOR DELETE TO jingwei_app USING (
    (SELECT scope_of('account.door')) @> ground_of(code)
    OR (SELECT scope_of('account.grant')) @> ground_of(code) AND account <> (SELECT actor()));

ALTER TABLE account_label ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON account_label FOR SELECT TO jingwei_app USING (EXISTS (SELECT FROM account a WHERE a.id = account));
CREATE POLICY add ON account_label FOR INSERT TO jingwei_app WITH CHECK (
    (SELECT scope_of('account.door')) @> ground_of(code)
    OR (SELECT scope_of('account.grant')) @> ground_of(code) AND account <> (SELECT actor())
       AND EXISTS (SELECT FROM account a WHERE a.id = account));
CREATE POLICY remove ON account_label FOR DELETE TO jingwei_app USING (
    (SELECT scope_of('account.door')) @> ground_of(code)
    OR (SELECT scope_of('account.grant')) @> ground_of(code) AND account <> (SELECT actor()));

-- One's own sessions, and those of the accounts one looks after (to end them).
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
CREATE POLICY door ON session FOR ALL TO jingwei_app USING (NOT isempty((SELECT scope_of('account.door'))))
    WITH CHECK (NOT isempty((SELECT scope_of('account.door'))));
CREATE POLICY own ON session FOR SELECT TO jingwei_app USING (account = (SELECT actor()));
CREATE POLICY leave ON session FOR DELETE TO jingwei_app USING (account = (SELECT actor())
    OR EXISTS (SELECT FROM account a WHERE a.id = account AND (SELECT scope_of('account.manage')) @> a.ground));

ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY door ON api_token FOR ALL TO jingwei_app USING (NOT isempty((SELECT scope_of('account.door'))))
    WITH CHECK (NOT isempty((SELECT scope_of('account.door'))));
CREATE POLICY manage ON api_token FOR ALL TO jingwei_app
    USING (EXISTS (SELECT FROM account a WHERE a.id = account AND (SELECT scope_of('account.manage')) @> a.ground))
    WITH CHECK (EXISTS (SELECT FROM account a WHERE a.id = account AND a.kind = 'machine' AND (SELECT scope_of('account.manage')) @> a.ground));

ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY door ON recovery_code FOR ALL TO jingwei_app USING (NOT isempty((SELECT scope_of('account.door'))))
    WITH CHECK (NOT isempty((SELECT scope_of('account.door'))));
CREATE POLICY own ON recovery_code FOR SELECT TO jingwei_app USING (account = (SELECT actor()));

ALTER TABLE sign_in_failure ENABLE ROW LEVEL SECURITY;
CREATE POLICY door ON sign_in_failure FOR ALL TO jingwei_app USING (NOT isempty((SELECT scope_of('account.door'))))
    WITH CHECK (NOT isempty((SELECT scope_of('account.door'))));

GRANT SELECT, INSERT, UPDATE ON account TO jingwei_app;
GRANT SELECT, INSERT, DELETE ON account_grant, account_label TO jingwei_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, api_token, recovery_code, sign_in_failure TO jingwei_app;

-- The trail ----------------------------------------------------------------------------------------
-- Entries are written in the transaction of what they tell of and never changed. They are chained a moment later, as they are
-- committed, by whichever node holds the lock (internal/audit): so nobody waits for another's entry.

CREATE TABLE audit_entry (
    county  integer NOT NULL,
    id      bigint GENERATED ALWAYS AS IDENTITY,
    day     date NOT NULL,                 -- in the county's time
    at      timestamptz NOT NULL,
    place   bigint NOT NULL,               -- grid code, or the first one of a division: whose auditor may read it
    account bigint,                        -- NULL: nobody signed in, or the command line
    actor   text NOT NULL,                 -- the account's name then, or 'command line'
    action  text NOT NULL,                 -- 'sign-in', 'incident.unmasked', …
    subject text NOT NULL DEFAULT '',      -- 'incident:123', 'account:5': a thing's number, never a person's name
    reason  text NOT NULL DEFAULT '',
    details jsonb NOT NULL DEFAULT '{}',
    address text NOT NULL DEFAULT '',
    xid     xid8 NOT NULL DEFAULT pg_current_xact_id(),
    mac     bytea NOT NULL,                -- keyed hash of the entry itself
    PRIMARY KEY (county, id)
);
CREATE INDEX audit_entry_order ON audit_entry (xid, id);
CREATE INDEX audit_entry_day ON audit_entry (county, day, id);
CREATE INDEX audit_entry_account ON audit_entry (county, account, id);
CREATE INDEX audit_entry_subject ON audit_entry (county, subject, id);
CREATE INDEX audit_entry_place ON audit_entry (county, place, id);

CREATE TABLE audit_link (
    county integer NOT NULL,
    day    date NOT NULL,
    seq    integer NOT NULL CHECK (seq > 0),  -- without gaps
    entry  bigint NOT NULL,
    mac    bytea NOT NULL,                 -- keyed hash of the link before it and the entry
    PRIMARY KEY (county, day, seq),
    UNIQUE (county, entry)
);

-- How far the chain has come: what was committed in this snapshot is linked. One row, or none before the first entry.
CREATE TABLE audit_position (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    seen   pg_snapshot NOT NULL,
    last   text[] NOT NULL                 -- the chains that the last batch went into, each as 'county day'
);

-- What is left of a day whose time was over.
CREATE TABLE audit_checkpoint (
    county     integer NOT NULL,
    day        date NOT NULL,
    entries    integer NOT NULL,
    head       bytea NOT NULL,             -- the mac of its last link
    dropped_at timestamptz NOT NULL,
    mac        bytea NOT NULL,             -- keyed hash of the row
    PRIMARY KEY (county, day)
);

-- Only retention removes, days at a time, as the owner and after having said so in its transaction; it isn't the application's.
-- +goose StatementBegin
CREATE FUNCTION keep_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('jingwei.retention', true) = 'drop' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail (%) is only ever added to', TG_TABLE_NAME
        USING ERRCODE = 'JW003', HINT = format('审计记录（%s）只能追加。', TG_TABLE_NAME);
END
$$;
-- +goose StatementEnd
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION keep_trail();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION keep_trail();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION keep_trail();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION keep_trail();

ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON audit_entry FOR SELECT TO jingwei_app
    USING ((SELECT scope_of('audit.read')) @> place OR NOT isempty((SELECT scope_of('audit.chain'))));
CREATE POLICY write ON audit_entry FOR INSERT TO jingwei_app
    WITH CHECK (account IS NOT DISTINCT FROM (SELECT actor()) OR NOT isempty((SELECT scope_of('account.door'))));
ALTER TABLE audit_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON audit_link FOR SELECT TO jingwei_app USING (NOT isempty((SELECT scope_of('audit.read'))) OR NOT isempty((SELECT scope_of('audit.chain'))));
CREATE POLICY write ON audit_link FOR INSERT TO jingwei_app WITH CHECK (NOT isempty((SELECT scope_of('audit.chain'))));
ALTER TABLE audit_checkpoint ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON audit_checkpoint FOR SELECT TO jingwei_app USING (NOT isempty((SELECT scope_of('audit.read'))) OR NOT isempty((SELECT scope_of('audit.chain'))));

ALTER TABLE audit_position ENABLE ROW LEVEL SECURITY;
CREATE POLICY chain ON audit_position FOR ALL TO jingwei_app USING (NOT isempty((SELECT scope_of('audit.chain'))))
    WITH CHECK (NOT isempty((SELECT scope_of('audit.chain'))));

GRANT SELECT, INSERT ON audit_entry, audit_link TO jingwei_app;
GRANT USAGE ON SEQUENCE audit_entry_id_seq TO jingwei_app;  -- an entry's number is in its mac, so it is asked for first
GRANT SELECT, INSERT, UPDATE ON audit_position TO jingwei_app;
GRANT SELECT ON audit_checkpoint TO jingwei_app;

-- +goose Down
DROP TABLE audit_checkpoint, audit_position, audit_link, audit_entry, sign_in_failure, recovery_code, api_token, session, account_label, account_grant, account;
DROP FUNCTION keep_trail, ground_of, scope_of, actor;
