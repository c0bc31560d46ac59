-- Imports and exports by CSV, and files kept with a client.

-- A file brought in: looked at first, row by row, then written or not.
CREATE TABLE import_run (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('clients', 'contacts')),
    state           TEXT NOT NULL CHECK (state IN ('checking', 'checked', 'writing', 'done', 'refused')),
    mode            TEXT NOT NULL DEFAULT '' CHECK (mode IN ('', 'all', 'good')),   -- everything or nothing, or the rows that are right
    is_update       INTEGER NOT NULL DEFAULT 0,         -- rows that are there already are changed
    lang            TEXT NOT NULL,                      -- of the messages
    name            TEXT NOT NULL,                      -- of the file
    hash            TEXT NOT NULL,                      -- of its bytes, kept for a week
    is_kept         INTEGER NOT NULL DEFAULT 1,
    person_id       INTEGER NOT NULL,                   -- who brought it, under which mandate
    mandate_id      INTEGER NOT NULL,
    row_count       INTEGER NOT NULL DEFAULT 0,         -- rows of the file, without the heading
    row_done        INTEGER NOT NULL DEFAULT 0,
    added           INTEGER NOT NULL DEFAULT 0,
    changed         INTEGER NOT NULL DEFAULT 0,
    refused         INTEGER NOT NULL DEFAULT 0,
    error_count     INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX import_run_kind ON import_run (org_id, kind, created_at, id);

CREATE TABLE import_error (
    org_id          INTEGER NOT NULL,
    run_id          INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    line            INTEGER NOT NULL,                   -- of the file; 1 is the heading
    column_name     TEXT NOT NULL,                      -- its heading, as written
    message         TEXT NOT NULL,
    PRIMARY KEY (org_id, run_id, number),
    FOREIGN KEY (org_id, run_id) REFERENCES import_run (org_id, id)
) STRICT;

-- A list written into a file, stretch by stretch: `cursor_…` is where the next one goes on, `byte_count` what is written so far.
CREATE TABLE export_run (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('clients', 'contacts', 'tickets')),
    state           TEXT NOT NULL CHECK (state IN ('writing', 'done')),
    filters         TEXT NOT NULL,                      -- JSON
    is_all          INTEGER NOT NULL,                   -- without filter
    lang            TEXT NOT NULL,
    hash            TEXT NOT NULL DEFAULT '',
    person_id       INTEGER NOT NULL,
    row_done        INTEGER NOT NULL DEFAULT 0,
    byte_count      INTEGER NOT NULL DEFAULT 0,
    cursor_text     TEXT NOT NULL DEFAULT '',
    cursor_at       INTEGER NOT NULL DEFAULT 0,
    cursor_id       INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX export_run_created ON export_run (org_id, created_at, id);
CREATE INDEX export_run_person ON export_run (org_id, person_id, created_at, id);

-- Files kept with a client: the team's own, or shown to the client.
CREATE TABLE client_attachment (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    client_id       INTEGER NOT NULL,
    hash            TEXT NOT NULL,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    size_bytes      INTEGER NOT NULL,
    is_shared       INTEGER NOT NULL DEFAULT 0,
    author_name     TEXT NOT NULL,                      -- as it was then
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id),
    FOREIGN KEY (org_id, hash) REFERENCES file (org_id, hash)
) STRICT;
CREATE INDEX client_attachment_client ON client_attachment (org_id, client_id, id);

-- Is a file still used?
CREATE INDEX import_run_hash ON import_run (org_id, hash);
CREATE INDEX export_run_hash ON export_run (org_id, hash);
CREATE INDEX client_attachment_hash ON client_attachment (org_id, hash);
CREATE INDEX attachment_hash ON attachment (org_id, hash);

-- The words of search are their own index: one tree less to write for each of them.
CREATE TABLE word_made (
    org_id          INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('client', 'contact', 'ticket')),
    word            TEXT NOT NULL,
    id              INTEGER NOT NULL,
    PRIMARY KEY (org_id, kind, word, id)
) STRICT, WITHOUT ROWID;
INSERT INTO word_made (org_id, kind, word, id) SELECT org_id, kind, word, id FROM word;
DROP TABLE word;
ALTER TABLE word_made RENAME TO word;
CREATE INDEX word_of_id ON word (org_id, kind, id, word);
