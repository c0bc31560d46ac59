-- Support requests and the answers on them.
CREATE TABLE ticket_type (
    org_id INTEGER NOT NULL REFERENCES organization (id), id INTEGER NOT NULL,
    name TEXT NOT NULL, position INTEGER NOT NULL, is_open INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id)
) STRICT;

CREATE TABLE ticket_priority (
    org_id INTEGER NOT NULL REFERENCES organization (id), id INTEGER NOT NULL,
    name TEXT NOT NULL, tone TEXT NOT NULL CHECK (tone IN ('low', 'normal', 'high', 'urgent')), position INTEGER NOT NULL,
    is_default INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, id)
) STRICT;

CREATE TABLE ticket_counter (org_id INTEGER NOT NULL PRIMARY KEY REFERENCES organization (id), last INTEGER NOT NULL) STRICT;

CREATE TABLE ticket (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    number          INTEGER NOT NULL,                   -- shown as T-1208
    client_id       INTEGER NOT NULL,
    contact_id      INTEGER NOT NULL,
    title           TEXT NOT NULL,
    type_id         INTEGER NOT NULL,
    priority_id     INTEGER NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('new', 'open', 'waiting', 'resolved')),
    assignee_id     INTEGER,                            -- a member
    comment_count   INTEGER NOT NULL DEFAULT 0,         -- public ones, without the description
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id),
    FOREIGN KEY (org_id, contact_id) REFERENCES contact (org_id, id),
    FOREIGN KEY (org_id, type_id) REFERENCES ticket_type (org_id, id),
    FOREIGN KEY (org_id, priority_id) REFERENCES ticket_priority (org_id, id),
    FOREIGN KEY (org_id, assignee_id) REFERENCES member (org_id, id)
) STRICT;
CREATE INDEX ticket_client ON ticket (org_id, client_id, changed_at, id);
CREATE INDEX ticket_client_status ON ticket (org_id, client_id, status, changed_at, id);
CREATE INDEX ticket_client_priority ON ticket (org_id, client_id, priority_id, changed_at, id);
CREATE INDEX ticket_contact ON ticket (org_id, contact_id, changed_at, id);
CREATE INDEX ticket_changed ON ticket (org_id, changed_at, id);
CREATE INDEX ticket_status ON ticket (org_id, status, changed_at, id);
CREATE INDEX ticket_priority_changed ON ticket (org_id, priority_id, changed_at, id);
CREATE INDEX ticket_assignee ON ticket (org_id, assignee_id, changed_at, id);

-- What was said and what happened, in one order. kind: the description ('opening'), an answer, an internal note, or a change.
CREATE TABLE comment (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    ticket_id       INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('opening', 'answer', 'note', 'status', 'priority', 'assignee')),
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
CREATE INDEX comment_ticket ON comment (org_id, ticket_id, id);

CREATE TABLE attachment (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    ticket_id       INTEGER NOT NULL,
    comment_id      INTEGER NOT NULL,
    hash            TEXT NOT NULL,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    size_bytes      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES ticket (org_id, id),
    FOREIGN KEY (org_id, hash) REFERENCES file (org_id, hash)
) STRICT;
CREATE INDEX attachment_ticket ON attachment (org_id, ticket_id, comment_id, id);
