-- Field work: jobs of clients, from the request to the report (L-3 to L-7).

-- Kinds of job, the organization's own. One that is no longer wanted is put aside and stays on the jobs that had it.
CREATE TABLE job_type (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    minutes         INTEGER NOT NULL DEFAULT 120,       -- how long one takes, when it is planned
    position        INTEGER NOT NULL,
    is_offered      INTEGER NOT NULL DEFAULT 1,         -- clients may choose it
    is_active       INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, name_key)
) STRICT;

-- The last number given to a job of an organization: I-1192.
CREATE TABLE job_counter (org_id INTEGER NOT NULL PRIMARY KEY REFERENCES organization (id), last INTEGER NOT NULL) STRICT;

-- Visits that recur by contract: what makes a job when its day comes near.
CREATE TABLE visit (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    client_id       INTEGER NOT NULL,
    site_id         INTEGER,
    type_id         INTEGER NOT NULL,
    title           TEXT NOT NULL,
    description     TEXT NOT NULL,
    every_months    INTEGER NOT NULL CHECK (every_months BETWEEN 1 AND 60),
    lead_days       INTEGER NOT NULL DEFAULT 30,        -- the job is there so long before its day
    next_on         INTEGER NOT NULL,
    ends_on         INTEGER,
    is_active       INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id),
    FOREIGN KEY (org_id, client_id, site_id) REFERENCES site (org_id, client_id, id),
    FOREIGN KEY (org_id, type_id) REFERENCES job_type (org_id, id)
) STRICT;
CREATE INDEX visit_next ON visit (org_id, is_active, next_on, id);
CREATE INDEX visit_due ON visit (is_active, next_on);
CREATE INDEX visit_client ON visit (org_id, client_id, next_on, id);

CREATE TABLE job (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    number          INTEGER NOT NULL,                   -- shown as I-1192
    client_id       INTEGER NOT NULL,
    type_id         INTEGER NOT NULL,
    site_id         INTEGER,
    title           TEXT NOT NULL,                      -- the first line of the description
    -- on the way: planned, with left_at
    state           TEXT NOT NULL CHECK (state IN ('to_plan', 'planned', 'started', 'done', 'cancelled')),
    is_urgent       INTEGER NOT NULL DEFAULT 0,
    before_on       INTEGER,                            -- the last day that suits
    member_id       INTEGER,                            -- the technician
    planned_start   INTEGER,                            -- ms UTC, as all that follow
    planned_end     INTEGER,
    plan_count      INTEGER NOT NULL DEFAULT 0,         -- how often it was planned: grows with each change that a calendar must learn
    left_at         INTEGER,
    arrived_at      INTEGER,
    finished_at     INTEGER,
    cancelled_at    INTEGER,
    cancel_reason   TEXT NOT NULL DEFAULT '',
    street          TEXT NOT NULL DEFAULT '',
    postcode        TEXT NOT NULL DEFAULT '',
    city            TEXT NOT NULL DEFAULT '',
    contact_id      INTEGER,                            -- of the client; whoever is meant, the three columns below say it as it was typed
    contact_name    TEXT NOT NULL DEFAULT '',
    contact_phone   TEXT NOT NULL DEFAULT '',
    contact_email   TEXT NOT NULL DEFAULT '',
    asked_how       TEXT NOT NULL CHECK (asked_how IN ('office', 'portal', 'link', 'contract')),
    asked_contact_id INTEGER,
    asked_mandate_id INTEGER,                           -- the link or the access it was asked under
    asked_name      TEXT NOT NULL,                      -- as it was then
    visit_id        INTEGER,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id),
    FOREIGN KEY (org_id, client_id, site_id) REFERENCES site (org_id, client_id, id),
    FOREIGN KEY (org_id, type_id) REFERENCES job_type (org_id, id),
    FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id),
    FOREIGN KEY (org_id, contact_id) REFERENCES contact (org_id, id),
    FOREIGN KEY (org_id, visit_id) REFERENCES visit (org_id, id),
    CHECK ((planned_start IS NULL) = (planned_end IS NULL)),
    CHECK (planned_start IS NULL OR planned_start < planned_end),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK (state <> 'planned' OR (planned_start IS NOT NULL AND member_id IS NOT NULL))
) STRICT;
-- In a list by client, by site or of all, the newest first (numbers grow), and the same of each state and type.
CREATE INDEX job_client ON job (org_id, client_id, id);
CREATE INDEX job_client_state ON job (org_id, client_id, state, id);
CREATE INDEX job_site ON job (org_id, site_id, id);
CREATE INDEX job_state ON job (org_id, state, id);
CREATE INDEX job_type_of ON job (org_id, type_id, id);
CREATE INDEX job_member ON job (org_id, member_id, id);
CREATE INDEX job_changed ON job (org_id, changed_at, id);
CREATE INDEX job_contact ON job (org_id, contact_id, id);
CREATE INDEX job_asked ON job (org_id, asked_mandate_id, id);
CREATE INDEX job_visit ON job (org_id, visit_id, id);
-- The board: what lies in a week; what is late.
CREATE INDEX job_start ON job (org_id, planned_start, id);
CREATE INDEX job_member_start ON job (org_id, member_id, planned_start, id);
CREATE INDEX job_state_start ON job (org_id, state, planned_start, id);
CREATE INDEX job_client_start ON job (org_id, client_id, planned_start, id);
CREATE INDEX job_finished ON job (org_id, finished_at, id);
-- To plan: the urgent first, then by the day it must be done before, then as asked.
CREATE INDEX job_waiting ON job (org_id, is_urgent, id) WHERE state = 'to_plan';

-- Long texts, apart from what lists read.
CREATE TABLE job_text (
    org_id          INTEGER NOT NULL,
    job_id          INTEGER NOT NULL,
    description     TEXT NOT NULL,
    information     TEXT NOT NULL DEFAULT '',           -- the client's too
    report          TEXT NOT NULL DEFAULT '',           -- the client's too, once the job is done
    notes           TEXT NOT NULL DEFAULT '',           -- the team's own
    signed_name     TEXT NOT NULL DEFAULT '',
    signed_at       INTEGER,
    PRIMARY KEY (org_id, job_id),
    FOREIGN KEY (org_id, job_id) REFERENCES job (org_id, id)
) STRICT;

-- What it is about; all of the client's own.
CREATE TABLE job_equipment (
    org_id          INTEGER NOT NULL,
    job_id          INTEGER NOT NULL,
    equipment_id    INTEGER NOT NULL,
    PRIMARY KEY (org_id, job_id, equipment_id),
    FOREIGN KEY (org_id, job_id) REFERENCES job (org_id, id),
    FOREIGN KEY (org_id, equipment_id) REFERENCES equipment (org_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_equipment_of ON job_equipment (org_id, equipment_id, job_id);

-- Files of a job: what was brought with the request or by the team, photos of the report, the signature.
CREATE TABLE job_file (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    job_id          INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('attachment', 'photo', 'signature', 'sheet')),
    hash            TEXT NOT NULL,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    size_bytes      INTEGER NOT NULL,
    is_private      INTEGER NOT NULL DEFAULT 0,         -- the team alone
    -- photos: pictures made from them, without what they say of where they were taken
    shown_hash      TEXT,
    small_hash      TEXT,
    picture_state   TEXT NOT NULL DEFAULT 'none' CHECK (picture_state IN ('none', 'queued', 'ready', 'refused')),
    added_name      TEXT NOT NULL,                      -- as it was then
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, job_id) REFERENCES job (org_id, id),
    FOREIGN KEY (org_id, hash) REFERENCES file (org_id, hash),
    FOREIGN KEY (org_id, shown_hash) REFERENCES file (org_id, hash),
    FOREIGN KEY (org_id, small_hash) REFERENCES file (org_id, hash)
) STRICT;
CREATE INDEX job_file_job ON job_file (org_id, job_id, kind, id);
-- Is a file still used?
CREATE INDEX job_file_hash ON job_file (org_id, hash);
CREATE INDEX job_file_shown ON job_file (org_id, shown_hash);
CREATE INDEX job_file_small ON job_file (org_id, small_hash);

-- What the client says of the work: once a job, changeable for a while.
CREATE TABLE job_rating (
    org_id          INTEGER NOT NULL,
    job_id          INTEGER NOT NULL,
    stars           INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    word            TEXT NOT NULL DEFAULT '',
    by_name         TEXT NOT NULL,
    mandate_id      INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, job_id),
    FOREIGN KEY (org_id, job_id) REFERENCES job (org_id, id)
) STRICT;
CREATE INDEX job_rating_changed ON job_rating (org_id, changed_at, job_id);

-- Another date asked for by the client.
CREATE TABLE job_wish (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    job_id          INTEGER NOT NULL,
    wanted_on       INTEGER,                            -- a day; NULL: any
    part            TEXT NOT NULL CHECK (part IN ('any', 'morning', 'afternoon')),
    reason          TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined')),
    answer          TEXT NOT NULL DEFAULT '',
    by_name         TEXT NOT NULL,
    mandate_id      INTEGER NOT NULL,
    answered_by     TEXT NOT NULL DEFAULT '',
    answered_at     INTEGER,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, job_id) REFERENCES job (org_id, id)
) STRICT;
CREATE INDEX job_wish_job ON job_wish (org_id, job_id, id);
CREATE UNIQUE INDEX job_wish_open ON job_wish (org_id, job_id) WHERE state = 'open';

-- When a technician is not there to be planned, and how long a week is theirs.
CREATE TABLE absence (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    member_id       INTEGER NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    label           TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id),
    CHECK (starts_at < ends_at)
) STRICT;
CREATE INDEX absence_ends ON absence (org_id, ends_at, id);
CREATE INDEX absence_member ON absence (org_id, member_id, ends_at, id);

CREATE TABLE technician (
    org_id          INTEGER NOT NULL,
    member_id       INTEGER NOT NULL,
    week_minutes    INTEGER NOT NULL DEFAULT 2100,
    phone           TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, member_id),
    FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id)
) STRICT;

-- L-6: parts of the portal, on or off. client_id 0 is for the whole organization; where a client has a row, it counts.
CREATE TABLE portal_option (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    client_id       INTEGER NOT NULL,
    name            TEXT NOT NULL,
    is_on           INTEGER NOT NULL,
    PRIMARY KEY (org_id, client_id, name)
) STRICT, WITHOUT ROWID;

-- Paid options of an organization's plan: "gallery".
CREATE TABLE organization_option (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    name            TEXT NOT NULL,
    since_at        INTEGER NOT NULL,
    PRIMARY KEY (org_id, name)
) STRICT, WITHOUT ROWID;

-- Calendars to follow. What one shows is what its mandate still gives; its secret is derived and stands nowhere.
CREATE TABLE calendar (
    id              INTEGER NOT NULL PRIMARY KEY,
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    mandate_id      INTEGER NOT NULL,                   -- a link, an access or a membership
    client_id       INTEGER,
    site_id         INTEGER,
    member_id       INTEGER,                            -- a technician's own
    generation      INTEGER NOT NULL DEFAULT 1,
    created_at      INTEGER NOT NULL,
    used_at         INTEGER,
    ended_at        INTEGER
) STRICT;
CREATE INDEX calendar_mandate ON calendar (org_id, mandate_id, ended_at);
