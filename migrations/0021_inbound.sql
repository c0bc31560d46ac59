-- Answers by e-mail.

-- What a message is answered about, and as whom: the address of the answer is derived from these when it is sent. All NULL: it has none.
ALTER TABLE mail ADD COLUMN reply_ticket_id INTEGER;
ALTER TABLE mail ADD COLUMN reply_contact_id INTEGER;
ALTER TABLE mail ADD COLUMN reply_member_id INTEGER;

-- A message that came is done once: by whom, on what, under which Message-ID, as one hash. Counted for the limit of a ticket.
CREATE TABLE inbound_seen (
    org_id          INTEGER NOT NULL,
    hash            TEXT NOT NULL,
    ticket_id       INTEGER NOT NULL,
    is_comment      INTEGER NOT NULL DEFAULT 0,
    seen_at         INTEGER NOT NULL,
    PRIMARY KEY (org_id, hash)
) STRICT;
CREATE INDEX inbound_seen_ticket ON inbound_seen (org_id, ticket_id, is_comment, seen_at);
CREATE INDEX inbound_seen_at ON inbound_seen (seen_at);

-- Set aside for the staff, for 30 days: what could not become a comment, and what became one without all of it ('cut').
CREATE TABLE inbound_mail (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    reason          TEXT NOT NULL CHECK (reason IN ('signature', 'sender', 'access', 'ticket', 'limit', 'cut')),
    ticket_id       INTEGER,                            -- where it is known
    from_email      TEXT NOT NULL,
    from_name       TEXT NOT NULL DEFAULT '',
    subject         TEXT NOT NULL,
    file_count      INTEGER NOT NULL DEFAULT 0,
    hash            TEXT NOT NULL DEFAULT '',           -- of the whole message, kept as a file; '': not kept
    created_at      INTEGER NOT NULL,
    added_at        INTEGER,                            -- somebody of the staff has added it to its ticket
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX inbound_mail_created ON inbound_mail (org_id, created_at, id);
CREATE INDEX inbound_mail_age ON inbound_mail (created_at);
CREATE INDEX inbound_mail_hash ON inbound_mail (org_id, hash);

CREATE TABLE inbound_text (
    org_id          INTEGER NOT NULL,
    mail_id         INTEGER NOT NULL,
    text            TEXT NOT NULL,
    PRIMARY KEY (org_id, mail_id),
    FOREIGN KEY (org_id, mail_id) REFERENCES inbound_mail (org_id, id)
) STRICT;

-- Addresses that mail does not reach: since when, and what the other side said.
CREATE TABLE mail_bounce (
    org_id          INTEGER NOT NULL,
    email_key       TEXT NOT NULL,
    bounced_at      INTEGER NOT NULL,
    said            TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, email_key)
) STRICT;
