-- The support team's own ways: types and priorities that can be closed, due times, templates for answers, people who follow a
-- ticket, ties between tickets.

ALTER TABLE ticket_priority ADD COLUMN is_open INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ticket_priority ADD COLUMN due_hours INTEGER;              -- from opening to treated; NULL: no due time

ALTER TABLE ticket ADD COLUMN due_at INTEGER;                          -- NULL: none, or it is the client's turn
ALTER TABLE ticket ADD COLUMN due_from_at INTEGER NOT NULL DEFAULT 0;  -- the hours count from here: the opening, moved on by each pause; 0: not counted yet
ALTER TABLE ticket ADD COLUMN due_paused_at INTEGER;                   -- since when it waits for the client
ALTER TABLE ticket ADD COLUMN is_due_by_hand INTEGER NOT NULL DEFAULT 0;   -- promised: no priority and no pause moves it
CREATE INDEX ticket_due ON ticket (org_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX ticket_todo ON ticket (org_id, assignee_id, changed_at, id) WHERE status <> 'resolved';

-- The same lines of a conversation, and more kinds of change.
CREATE TABLE comment_made (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    ticket_id       INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('opening', 'answer', 'note', 'status', 'priority', 'assignee', 'due', 'follower', 'tie')),
    is_internal     INTEGER NOT NULL DEFAULT 0,
    contact_id      INTEGER,                            -- written by a contact
    member_id       INTEGER,                            -- or by a member
    author_name     TEXT NOT NULL,                      -- as it was then
    body            TEXT NOT NULL DEFAULT '',
    old_value       TEXT NOT NULL DEFAULT '',
    new_value       TEXT NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES ticket (org_id, id),
    CHECK (contact_id IS NULL OR member_id IS NULL)
) STRICT;
INSERT INTO comment_made (org_id, id, ticket_id, kind, is_internal, contact_id, member_id, author_name, body, old_value, new_value, created_at)
SELECT org_id, id, ticket_id, kind, is_internal, contact_id, member_id, author_name, body, old_value, new_value, created_at FROM comment;
DROP TABLE comment;
ALTER TABLE comment_made RENAME TO comment;
CREATE INDEX comment_ticket ON comment (org_id, ticket_id, id);

-- Answers written beforehand; at most 200 an organization.
CREATE TABLE answer_template (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    body            TEXT NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, name_key)
) STRICT;

-- Who else is told of what is said on a ticket: a member, or a contact of the ticket's client. At most 20 a ticket.
CREATE TABLE ticket_follower (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    ticket_id       INTEGER NOT NULL,
    member_id       INTEGER,
    contact_id      INTEGER,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, ticket_id, member_id),
    UNIQUE (org_id, ticket_id, contact_id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES ticket (org_id, id),
    FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id),
    FOREIGN KEY (org_id, contact_id) REFERENCES contact (org_id, id),
    CHECK ((member_id IS NULL) <> (contact_id IS NULL))
) STRICT;

-- What a ticket is about or belongs to. `kind` says what `object_id` is; a feature whose things can be tied (a service, a job, an
-- equipment, an invoice) makes this table anew with its kind in the list, and adds a row to tie_kinds in src/features/ticket/tie.c.
CREATE TABLE ticket_tie (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    ticket_id       INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind = 'ticket'),
    object_id       INTEGER NOT NULL,
    relation        TEXT NOT NULL CHECK (relation IN ('related', 'duplicate')),   -- duplicate: the ticket says the same as the object
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, ticket_id, kind, object_id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES ticket (org_id, id)
) STRICT;
CREATE INDEX ticket_tie_object ON ticket_tie (org_id, kind, object_id, id);
