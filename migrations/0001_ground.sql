-- The ground: people, organizations, mandates, journal, mail, work. One text for both databases (docs/sql.md).
-- Times are milliseconds UTC, ids 63 bits, truth values 0 or 1.

CREATE TABLE organization (
    id              INTEGER NOT NULL PRIMARY KEY,
    slug            TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    tagline         TEXT NOT NULL DEFAULT '',
    legal_name      TEXT NOT NULL DEFAULT '',
    siren           TEXT NOT NULL DEFAULT '',
    street          TEXT NOT NULL DEFAULT '',
    postcode        TEXT NOT NULL DEFAULT '',
    city            TEXT NOT NULL DEFAULT '',
    country         TEXT NOT NULL DEFAULT 'FR',
    email           TEXT NOT NULL DEFAULT '',
    phone           TEXT NOT NULL DEFAULT '',
    lang            TEXT NOT NULL DEFAULT 'fr',
    zone            TEXT NOT NULL DEFAULT 'Europe/Paris',
    brand_color     TEXT NOT NULL DEFAULT '#0b5563',
    logo            TEXT NOT NULL DEFAULT '',          -- hash of a file; empty: the initials
    brand_version   INTEGER NOT NULL DEFAULT 1,
    is_operator     INTEGER NOT NULL DEFAULT 0,
    is_partner      INTEGER NOT NULL DEFAULT 0,
    is_portal_open  INTEGER NOT NULL DEFAULT 0,
    operator_client_id INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
    id              INTEGER NOT NULL PRIMARY KEY,
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL UNIQUE,
    first_name      TEXT NOT NULL,
    last_name       TEXT NOT NULL,
    lang            TEXT NOT NULL DEFAULT 'fr',
    password_hash   TEXT,                               -- Argon2id; NULL: none set yet
    password_at     INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    id              INTEGER NOT NULL PRIMARY KEY,
    hash            TEXT NOT NULL UNIQUE,               -- SHA-256 of the cookie's 256 bits
    person_id       INTEGER NOT NULL REFERENCES person (id),
    remote          TEXT NOT NULL,
    agent           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    seen_at         INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,                   -- absolute end
    ended_at        INTEGER
) STRICT;
CREATE INDEX session_person ON session (person_id, ended_at, seen_at);
CREATE INDEX session_expires ON session (expires_at);

-- A link in a mail: its secret is derived from the server's key, id and generation, and stored nowhere.
CREATE TABLE mail_link (
    id              INTEGER NOT NULL PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('password')),
    person_id       INTEGER NOT NULL REFERENCES person (id),
    org_id          INTEGER,                            -- whose portal or back office it leads back to
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    used_at         INTEGER
) STRICT;
CREATE INDEX mail_link_person ON mail_link (person_id, used_at);
CREATE INDEX mail_link_expires ON mail_link (expires_at);

-- Limits: how often within a window, by a key that is a hash (address, account, …).
CREATE TABLE attempt (
    key             TEXT NOT NULL PRIMARY KEY,
    window_at       INTEGER NOT NULL,
    count           INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_window ON attempt (window_at);

-- A form sent twice is done once: the nonce of its token, and where the first one led.
CREATE TABLE form_seen (
    session_id      INTEGER NOT NULL,
    nonce           TEXT NOT NULL,
    location        TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (session_id, nonce)
) STRICT;
CREATE INDEX form_seen_created ON form_seen (created_at);

-- Customers of an organization, and the people there.
CREATE TABLE client (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    number          TEXT NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('company', 'private')),
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    siren           TEXT NOT NULL DEFAULT '',
    street          TEXT NOT NULL DEFAULT '',
    postcode        TEXT NOT NULL DEFAULT '',
    city            TEXT NOT NULL DEFAULT '',
    country         TEXT NOT NULL DEFAULT 'FR',
    email           TEXT NOT NULL DEFAULT '',
    phone           TEXT NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number)
) STRICT;
CREATE INDEX client_name ON client (org_id, name_key, id);

-- Long texts, apart from what lists read.
CREATE TABLE client_text (
    org_id          INTEGER NOT NULL,
    client_id       INTEGER NOT NULL,
    information     TEXT NOT NULL DEFAULT '',           -- the client sees it
    notes           TEXT NOT NULL DEFAULT '',           -- the staff alone
    PRIMARY KEY (org_id, client_id),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id)
) STRICT;

CREATE TABLE contact (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    client_id       INTEGER,                            -- NULL: signed up by themself, not placed yet (C-4)
    person_id       INTEGER REFERENCES person (id),     -- NULL: has no login
    first_name      TEXT NOT NULL,
    last_name       TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    job_title       TEXT NOT NULL DEFAULT '',
    email           TEXT NOT NULL DEFAULT '',
    email_key       TEXT NOT NULL DEFAULT '',
    phone           TEXT NOT NULL DEFAULT '',
    lang            TEXT NOT NULL DEFAULT 'fr',
    notes           TEXT NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id)
) STRICT;
CREATE INDEX contact_name ON contact (org_id, name_key, id);
CREATE INDEX contact_client ON contact (org_id, client_id, name_key, id);
CREATE INDEX contact_email ON contact (org_id, email_key);
CREATE INDEX contact_person ON contact (person_id, org_id);

-- Search: the words of a row's name, number and address, as keys; the same on both databases.
CREATE TABLE word (
    org_id          INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('client', 'contact', 'ticket')),
    word            TEXT NOT NULL,
    id              INTEGER NOT NULL,
    PRIMARY KEY (org_id, kind, word, id)
) STRICT;
CREATE INDEX word_id ON word (org_id, kind, id);

CREATE TABLE member (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    person_id       INTEGER NOT NULL REFERENCES person (id),
    title           TEXT NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, person_id)
) STRICT;
CREATE INDEX member_person ON member (person_id, org_id);

-- Mandates: who may do what, for whom, on what, from when until when, agreed by whom, withdrawn by whom.
CREATE TABLE mandate (
    org_id          INTEGER NOT NULL REFERENCES organization (id),   -- where the grantor lies
    id              INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('membership', 'support', 'payer', 'link', 'access', 'technical', 'administrative', 'renewal', 'token')),
    detail          TEXT NOT NULL DEFAULT '',           -- role, level or part (mandate_gives)
    state           TEXT NOT NULL CHECK (state IN ('requested', 'active', 'refused', 'expired', 'ended')),
    -- the grantor is the organization, or one of its clients
    grantor_client_id INTEGER,
    -- the holder
    holder_person_id  INTEGER REFERENCES person (id),
    holder_member_id  INTEGER,
    holder_contact_id INTEGER,
    holder_client_id  INTEGER,
    holder_org_id     INTEGER,
    -- the scope
    scope_client_id   INTEGER,
    scope_site_id     INTEGER,
    scope_job_id      INTEGER,
    scope_service_id  INTEGER,
    reach           TEXT NOT NULL DEFAULT 'all' CHECK (reach IN ('own', 'site', 'all')),
    -- the agreement
    wording         TEXT NOT NULL DEFAULT '',           -- what was agreed to, word for word
    agreed_by       INTEGER,                            -- a person
    agreed_how      TEXT NOT NULL DEFAULT '',           -- 'office', 'form', 'code', 'born'
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER,                            -- NULL: lasting
    created_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    ended_by        INTEGER,
    ended_why       TEXT NOT NULL DEFAULT '',
    hold_count      INTEGER NOT NULL DEFAULT 0,         -- acts done under it: what a write takes the row with
    PRIMARY KEY (org_id, id),
    CHECK (kind <> 'membership' OR (holder_member_id IS NOT NULL AND holder_person_id IS NOT NULL)),
    CHECK (kind <> 'support' OR (holder_person_id IS NOT NULL AND holder_org_id IS NOT NULL)),
    CHECK (kind <> 'payer' OR (holder_org_id IS NOT NULL OR holder_client_id IS NOT NULL)),
    CHECK (kind <> 'link' OR (scope_client_id IS NOT NULL AND holder_person_id IS NULL)),
    CHECK (kind <> 'access' OR holder_contact_id IS NOT NULL),
    CHECK (kind <> 'technical' OR (grantor_client_id IS NOT NULL AND holder_client_id IS NOT NULL AND scope_service_id IS NOT NULL)),
    CHECK (kind <> 'administrative' OR (grantor_client_id IS NOT NULL AND holder_client_id IS NOT NULL)),
    CHECK (kind <> 'renewal' OR (grantor_client_id IS NOT NULL AND scope_service_id IS NOT NULL)),
    CHECK (kind <> 'token' OR holder_person_id IS NOT NULL),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL))
) STRICT;
CREATE INDEX mandate_contact ON mandate (org_id, holder_contact_id, kind, detail);
CREATE INDEX mandate_member ON mandate (org_id, holder_member_id, kind);
CREATE INDEX mandate_state ON mandate (org_id, state, kind, id);
CREATE INDEX mandate_ends ON mandate (state, ends_at);
CREATE UNIQUE INDEX mandate_access_once ON mandate (org_id, holder_contact_id, detail) WHERE kind = 'access' AND state = 'active';

-- From a holder to the mandates, across organizations: all that lies outside an organization's own keys.
CREATE TABLE mandate_holder (
    person_id       INTEGER NOT NULL,
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    PRIMARY KEY (person_id, org_id, mandate_id)
) STRICT;

-- Traces of use: written apart from acts, deciding nothing.
CREATE TABLE mandate_trace (
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    used_at         INTEGER NOT NULL,
    PRIMARY KEY (org_id, mandate_id)
) STRICT;

-- The journal. `entry` holds the exact bytes; the columns beside it are for finding rows and are checked against it.
CREATE TABLE journal (
    org_id          INTEGER NOT NULL,                   -- 0: the server's own log
    number          INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    action          TEXT NOT NULL,
    object_kind     TEXT NOT NULL,
    object_id       INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    entry           TEXT NOT NULL,
    hash            BLOB NOT NULL,
    PRIMARY KEY (org_id, number)
) STRICT;
CREATE INDEX journal_object ON journal (org_id, object_kind, object_id, number);
CREATE INDEX journal_mandate ON journal (org_id, mandate_id, number);

CREATE TABLE journal_payload (
    org_id          INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    salt            BLOB NOT NULL,
    payload         TEXT NOT NULL,
    PRIMARY KEY (org_id, number)
) STRICT;

CREATE TABLE journal_head (
    org_id          INTEGER NOT NULL PRIMARY KEY,
    size            INTEGER NOT NULL,
    hash            BLOB NOT NULL
) STRICT;

{{sqlite:
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_payload_no_update BEFORE UPDATE ON journal_payload BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
}}
{{postgresql:
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_payload_no_update BEFORE UPDATE ON journal_payload FOR EACH ROW EXECUTE FUNCTION journal_refuse();
}}

-- Files: bytes lie on disk under their SHA-256; a row for each organization that holds one.
CREATE TABLE file (
    org_id          INTEGER NOT NULL,
    hash            TEXT NOT NULL,                      -- SHA-256, hex
    size_bytes      INTEGER NOT NULL,
    type            TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, hash)
) STRICT;
CREATE INDEX file_hash ON file (hash);                 -- does any organization still hold these bytes?

-- Mail: written in the transaction of the act, taken by the worker, sent once.
CREATE TABLE mail (
    id              INTEGER NOT NULL PRIMARY KEY,
    org_id          INTEGER NOT NULL,                   -- whose brand; 0: the server's
    kind            TEXT NOT NULL,                      -- the template's name
    to_email        TEXT NOT NULL,
    to_name         TEXT NOT NULL,
    from_name       TEXT NOT NULL,
    subject         TEXT NOT NULL,
    link_id         INTEGER,                            -- mail_link whose secret is put in when sent
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    tries           INTEGER NOT NULL DEFAULT 0,
    next_at         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    sent_at         INTEGER,
    last_error      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX mail_due ON mail (state, next_at, id);
CREATE INDEX mail_created ON mail (created_at, id);

CREATE TABLE mail_body (
    mail_id         INTEGER NOT NULL PRIMARY KEY REFERENCES mail (id),
    text            TEXT NOT NULL,
    html            TEXT NOT NULL
) STRICT;

-- Work: jobs written in the transaction of the act, and the times of what recurs.
CREATE TABLE work (
    id              INTEGER NOT NULL PRIMARY KEY,
    org_id          INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    data            TEXT NOT NULL DEFAULT '{}',
    state           TEXT NOT NULL CHECK (state IN ('queued', 'done', 'failed')),
    tries           INTEGER NOT NULL DEFAULT 0,
    run_at          INTEGER NOT NULL,
    last_error      TEXT NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX work_due ON work (state, run_at, id);

CREATE TABLE schedule (
    kind            TEXT NOT NULL PRIMARY KEY,
    run_at          INTEGER NOT NULL
) STRICT;
