-- Partners, their dossiers, and support by consent (S-0 to S-15).

-- A kind of mandate more: 'dossier', by which a client organization lets a partner look after it. It opens nothing by itself.
{{sqlite:
CREATE TABLE mandate_made (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('membership', 'support', 'payer', 'link', 'access', 'technical', 'administrative', 'renewal', 'token', 'dossier')),
    detail          TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL CHECK (state IN ('requested', 'active', 'refused', 'expired', 'ended')),
    grantor_client_id INTEGER,
    holder_person_id  INTEGER REFERENCES person (id),
    holder_member_id  INTEGER,
    holder_contact_id INTEGER,
    holder_client_id  INTEGER,
    holder_org_id     INTEGER,
    scope_client_id   INTEGER,
    scope_site_id     INTEGER,
    scope_job_id      INTEGER,
    scope_service_id  INTEGER,
    reach           TEXT NOT NULL DEFAULT 'all' CHECK (reach IN ('own', 'site', 'all')),
    wording         TEXT NOT NULL DEFAULT '',
    agreed_by       INTEGER,
    agreed_how      TEXT NOT NULL DEFAULT '',
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER,
    created_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    ended_by        INTEGER,
    ended_why       TEXT NOT NULL DEFAULT '',
    hold_count      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, id),
    CHECK (kind <> 'membership' OR (holder_member_id IS NOT NULL AND holder_person_id IS NOT NULL)),
    CHECK (kind <> 'support' OR (holder_person_id IS NOT NULL AND holder_org_id IS NOT NULL)),
    CHECK (kind <> 'dossier' OR (holder_org_id IS NOT NULL AND holder_person_id IS NULL)),
    CHECK (kind <> 'payer' OR (holder_org_id IS NOT NULL OR holder_client_id IS NOT NULL)),
    CHECK (kind <> 'link' OR (scope_client_id IS NOT NULL AND holder_person_id IS NULL)),
    CHECK (kind <> 'access' OR holder_contact_id IS NOT NULL),
    CHECK (kind <> 'technical' OR (grantor_client_id IS NOT NULL AND holder_client_id IS NOT NULL AND scope_service_id IS NOT NULL)),
    CHECK (kind <> 'administrative' OR (grantor_client_id IS NOT NULL AND holder_client_id IS NOT NULL)),
    CHECK (kind <> 'renewal' OR (grantor_client_id IS NOT NULL AND scope_service_id IS NOT NULL)),
    CHECK (kind <> 'token' OR holder_person_id IS NOT NULL),
    CHECK ((state = 'ended') = (ended_at IS NOT NULL))
) STRICT;
INSERT INTO mandate_made (org_id, id, kind, detail, state, grantor_client_id, holder_person_id, holder_member_id, holder_contact_id, holder_client_id,
    holder_org_id, scope_client_id, scope_site_id, scope_job_id, scope_service_id, reach, wording, agreed_by, agreed_how, starts_at, ends_at, created_at,
    ended_at, ended_by, ended_why, hold_count)
SELECT org_id, id, kind, detail, state, grantor_client_id, holder_person_id, holder_member_id, holder_contact_id, holder_client_id,
    holder_org_id, scope_client_id, scope_site_id, scope_job_id, scope_service_id, reach, wording, agreed_by, agreed_how, starts_at, ends_at, created_at,
    ended_at, ended_by, ended_why, hold_count FROM mandate;
DROP TABLE mandate;
ALTER TABLE mandate_made RENAME TO mandate;
CREATE INDEX mandate_state ON mandate (org_id, state, kind, id);
CREATE INDEX mandate_ends ON mandate (state, ends_at);
CREATE UNIQUE INDEX mandate_access_once ON mandate (org_id, holder_contact_id, detail) WHERE kind = 'access' AND state = 'active';
CREATE UNIQUE INDEX mandate_membership_once ON mandate (org_id, holder_member_id)
WHERE kind = 'membership' AND detail <> 'collaborator' AND state IN ('requested', 'active');
CREATE INDEX mandate_register ON mandate (org_id, state, id);
CREATE INDEX mandate_contact ON mandate (org_id, holder_contact_id, kind, state, detail);
CREATE INDEX mandate_member ON mandate (org_id, holder_member_id, kind, state);
}}
{{postgresql:
ALTER TABLE mandate DROP CONSTRAINT mandate_kind_check;
ALTER TABLE mandate ADD CHECK (kind IN ('membership', 'support', 'payer', 'link', 'access', 'technical', 'administrative', 'renewal', 'token', 'dossier'));
ALTER TABLE mandate ADD CHECK (kind <> 'dossier' OR (holder_org_id IS NOT NULL AND holder_person_id IS NULL));
}}
-- One collaborator membership at a time; one dossier and one support of a partner in an organization.
CREATE UNIQUE INDEX mandate_collaborator_once ON mandate (org_id, holder_member_id)
WHERE kind = 'membership' AND detail = 'collaborator' AND state IN ('requested', 'active');
CREATE UNIQUE INDEX mandate_dossier_once ON mandate (org_id, holder_org_id) WHERE kind = 'dossier' AND state IN ('requested', 'active');
CREATE UNIQUE INDEX mandate_support_once ON mandate (org_id, holder_org_id) WHERE kind = 'support' AND state = 'active';

-- S-0: who asks to be a partner, and what the operator answered. organization.is_partner is what counts.
CREATE TABLE partner_ask (
    org_id          INTEGER NOT NULL PRIMARY KEY REFERENCES organization (id),
    state           TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'ended')),
    message         TEXT NOT NULL DEFAULT '',
    asked_by        INTEGER,
    asked_at        INTEGER NOT NULL,
    answered_by     INTEGER,
    answered_at     INTEGER,
    note            TEXT NOT NULL DEFAULT ''            -- the operator's reason, shown to who asked
) STRICT;
CREATE INDEX partner_ask_state ON partner_ask (state, asked_at, org_id);

-- White label (S-15): the partner whose name, logo and colours stand on this organization's back office and in its mails.
ALTER TABLE organization ADD COLUMN brand_org_id INTEGER;
ALTER TABLE organization ADD COLUMN is_white_label INTEGER NOT NULL DEFAULT 0;      -- of a partner: lends its brand to its dossiers
ALTER TABLE organization ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
CREATE INDEX organization_name ON organization (name_key, id);

-- A dossier as its partner sees it: one client organization, and how far the support there is. What it says of the mandates is a
-- copy, changed in the same transaction as they are; rights are never read from here.
CREATE TABLE dossier (
    org_id          INTEGER NOT NULL REFERENCES organization (id),      -- the partner
    id              INTEGER NOT NULL,
    client_org_id   INTEGER NOT NULL REFERENCES organization (id),
    mandate_id      INTEGER NOT NULL,                   -- of kind 'dossier', in the client's organization
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    city            TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL CHECK (state IN ('invited', 'none', 'asked', 'active', 'refused', 'ended', 'left')),
    member_id       INTEGER,                            -- the collaborator in charge, or asked for
    support_id      INTEGER,                            -- mandate of kind 'support' that is active
    request_id      INTEGER,                            -- mandate of kind 'support' that is asked for
    request_member_id INTEGER,
    level           TEXT NOT NULL DEFAULT '',
    is_lasting      INTEGER NOT NULL DEFAULT 0,
    ends_at         INTEGER,                            -- of the access; of the request where there is no access; when it ended
    asked_at        INTEGER,
    reason          TEXT NOT NULL DEFAULT '',           -- of the assignment: fills in that of a session
    note            TEXT NOT NULL DEFAULT '',           -- why the client refused
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, client_org_id)
) STRICT;
CREATE INDEX dossier_name ON dossier (org_id, name_key, id);
CREATE INDEX dossier_state ON dossier (org_id, state, name_key, id);
CREATE INDEX dossier_member ON dossier (org_id, member_id, name_key, id);
CREATE INDEX dossier_ends ON dossier (org_id, state, ends_at, id);
CREATE INDEX dossier_client ON dossier (client_org_id, org_id);

CREATE TABLE dossier_word (
    org_id          INTEGER NOT NULL,
    word            TEXT NOT NULL,
    dossier_id      INTEGER NOT NULL,
    PRIMARY KEY (org_id, word, dossier_id)
) STRICT;

-- What a partner asked a client organization for, beside the mandate that it would become.
CREATE TABLE support_request (
    org_id          INTEGER NOT NULL,                   -- the client's organization
    mandate_id      INTEGER NOT NULL,
    partner_id      INTEGER NOT NULL REFERENCES organization (id),
    dossier_id      INTEGER NOT NULL,
    member_id       INTEGER NOT NULL,                   -- of the partner: the collaborator
    level           TEXT NOT NULL CHECK (level IN ('read', 'management', 'accounting')),
    hours           INTEGER NOT NULL,                   -- asked for; 0: lasting
    reason          TEXT NOT NULL,
    asked_by        INTEGER NOT NULL,                   -- a person
    asked_at        INTEGER NOT NULL,
    sent_at         INTEGER NOT NULL,                   -- last
    sent_count      INTEGER NOT NULL DEFAULT 1,
    dies_at         INTEGER NOT NULL,
    replaces_id     INTEGER,                            -- the active mandate that ends when this one begins
    answer          TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'granted', 'refused', 'withdrawn', 'died')),
    answered_by     INTEGER,
    answered_at     INTEGER,
    note            TEXT NOT NULL DEFAULT '',           -- the reason of a refusal
    is_lasting      INTEGER NOT NULL DEFAULT 0,         -- as granted
    PRIMARY KEY (org_id, mandate_id),
    FOREIGN KEY (org_id, mandate_id) REFERENCES mandate (org_id, id)
) STRICT;
CREATE INDEX support_request_dies ON support_request (answer, dies_at);
CREATE INDEX support_request_open ON support_request (org_id, answer, mandate_id);
CREATE INDEX support_request_partner ON support_request (org_id, partner_id, answer, mandate_id);

-- The letter of one request to one administrator: its link, and the code that proves the mailbox.
CREATE TABLE support_letter (
    link_id         INTEGER NOT NULL PRIMARY KEY,       -- in the mailed link, behind a MAC
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    person_id       INTEGER NOT NULL REFERENCES person (id),
    email_key       TEXT NOT NULL,
    sent_at         INTEGER NOT NULL,
    code_id         INTEGER,                            -- what the code is derived from; NULL: none asked for
    code_until      INTEGER,
    code_count      INTEGER NOT NULL DEFAULT 0,         -- sent so far
    code_tries      INTEGER NOT NULL DEFAULT 0          -- wrong ones; three: no more
) STRICT;
CREATE INDEX support_letter_request ON support_letter (org_id, mandate_id, person_id);

-- A session of support: entered with a reason, for an hour, under one mandate and one session of the browser.
CREATE TABLE support_session (
    org_id          INTEGER NOT NULL,                   -- the client's organization
    id              INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    person_id       INTEGER NOT NULL,
    partner_id      INTEGER NOT NULL,
    session_id      INTEGER NOT NULL,
    reason          TEXT NOT NULL,
    started_at      INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    ended_at        INTEGER,
    ended_why       TEXT NOT NULL DEFAULT '' CHECK (ended_why IN ('', 'left', 'time', 'mandate', 'signed out')),
    act_count       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, mandate_id) REFERENCES mandate (org_id, id)
) STRICT;
CREATE UNIQUE INDEX support_session_open ON support_session (session_id, org_id) WHERE ended_at IS NULL;
CREATE INDEX support_session_live ON support_session (org_id, ended_at, id);
CREATE INDEX support_session_mandate ON support_session (org_id, mandate_id, id);
CREATE INDEX support_session_due ON support_session (ended_at, ends_at);
CREATE INDEX support_session_partner ON support_session (partner_id, ended_at, id);

-- Pages looked at in such a session, written before the answer.
CREATE TABLE support_trace (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    support_session_id INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    route           TEXT NOT NULL,
    path            TEXT NOT NULL,
    remote          TEXT NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX support_trace_session ON support_trace (org_id, support_session_id, id);
CREATE INDEX support_trace_at ON support_trace (at);

-- Does this session of a browser stand inside a support session anywhere? Spares everybody else a look.
ALTER TABLE session ADD COLUMN is_delegating INTEGER NOT NULL DEFAULT 0;
