-- The words of a row in one place, each with a space before it: what they were when they change, and whether a second word is among them.
-- It takes the place of an index that held every word a second time, which was a third of an import.
CREATE TABLE word_of (
    org_id          INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    id              INTEGER NOT NULL,
    words           TEXT NOT NULL,
    PRIMARY KEY (org_id, kind, id)
) STRICT, WITHOUT ROWID;
{{sqlite:
INSERT INTO word_of (org_id, kind, id, words) SELECT org_id, kind, id, ' ' || group_concat(word, ' ') FROM word GROUP BY org_id, kind, id;
}}
{{postgresql:
INSERT INTO word_of (org_id, kind, id, words) SELECT org_id, kind, id, ' ' || string_agg(word, ' ' ORDER BY word) FROM word GROUP BY org_id, kind, id;
}}
DROP INDEX word_of_id;

-- Lists by their last change.
CREATE INDEX client_changed ON client (org_id, changed_at, id);
CREATE INDEX contact_changed ON contact (org_id, changed_at, id);

-- For whom somebody acts who is a contact of several clients of one organization: chosen at the top of the portal, by session.
CREATE TABLE session_client (
    session_id      INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    org_id          INTEGER NOT NULL,
    contact_id      INTEGER NOT NULL,
    PRIMARY KEY (session_id, org_id)
) STRICT;

-- What the page of personal data says of the organization (C-5).
ALTER TABLE organization ADD COLUMN dpo_email TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN personal_intro TEXT NOT NULL DEFAULT '';

-- A file looked at and then not wanted.
ALTER TABLE import_run ADD COLUMN is_cancelled INTEGER NOT NULL DEFAULT 0;

-- « Votre espace client » sent to all contacts (C-0): counted first, then sent, stretch by stretch.
CREATE TABLE portal_invitation_run (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('counting', 'counted', 'sending', 'done', 'cancelled')),
    audience        TEXT NOT NULL CHECK (audience IN ('given', 'all')),   -- who has been given something, or everybody
    is_again        INTEGER NOT NULL DEFAULT 0,         -- also who was invited within 30 days
    person_id       INTEGER NOT NULL,                   -- who asked for it, under which mandate
    mandate_id      INTEGER NOT NULL,
    by_name         TEXT NOT NULL,
    seen            INTEGER NOT NULL DEFAULT 0,         -- contacts looked at
    wanted          INTEGER NOT NULL DEFAULT 0,         -- of them: to be written to,
    without_email   INTEGER NOT NULL DEFAULT 0,
    without_access  INTEGER NOT NULL DEFAULT 0,
    recent          INTEGER NOT NULL DEFAULT 0,
    muted           INTEGER NOT NULL DEFAULT 0,
    doubled         INTEGER NOT NULL DEFAULT 0,         -- another contact has the same address
    sent            INTEGER NOT NULL DEFAULT 0,
    cursor_id       INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX portal_invitation_run_created ON portal_invitation_run (org_id, created_at, id);

-- The addresses that were invited, and when last.
CREATE TABLE portal_invitation (
    org_id          INTEGER NOT NULL,
    email_key       TEXT NOT NULL,
    run_id          INTEGER NOT NULL,
    invited_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, email_key)
) STRICT;

-- Addresses that messages nobody asked for do not go to.
CREATE TABLE mail_mute (
    org_id          INTEGER NOT NULL,
    email_key       TEXT NOT NULL,
    why             TEXT NOT NULL CHECK (why IN ('unsubscribed', 'bounced')),
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, email_key)
) STRICT;
