-- Sites and equipment are brought in as well. What can be imported says src/features/transfer/import_kind.c, and no longer a check that would have
-- to be widened with each list.
CREATE TABLE import_made (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('checking', 'checked', 'writing', 'done', 'refused')),
    mode            TEXT NOT NULL DEFAULT '' CHECK (mode IN ('', 'all', 'good')),   -- everything or nothing, or the rows that are right
    is_update       INTEGER NOT NULL DEFAULT 0,         -- rows that are there already are changed
    lang            TEXT NOT NULL,                      -- of the messages
    name            TEXT NOT NULL,                      -- of the file
    hash            TEXT NOT NULL,                      -- of its bytes, kept for a week
    is_kept         INTEGER NOT NULL DEFAULT 1,
    is_cancelled    INTEGER NOT NULL DEFAULT 0,
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
INSERT INTO import_made (org_id, id, kind, state, mode, is_update, lang, name, hash, is_kept, is_cancelled, person_id, mandate_id, row_count, row_done, added, changed,
       refused, error_count, created_at, changed_at)
SELECT org_id, id, kind, state, mode, is_update, lang, name, hash, is_kept, is_cancelled, person_id, mandate_id, row_count, row_done, added, changed,
       refused, error_count, created_at, changed_at FROM import_run;

CREATE TABLE import_error_made (
    org_id          INTEGER NOT NULL,
    run_id          INTEGER NOT NULL,
    number          INTEGER NOT NULL,
    line            INTEGER NOT NULL,                   -- of the file; 1 is the heading
    column_name     TEXT NOT NULL,                      -- its heading, as written
    message         TEXT NOT NULL,
    PRIMARY KEY (org_id, run_id, number),
    FOREIGN KEY (org_id, run_id) REFERENCES import_made (org_id, id)
) STRICT;
INSERT INTO import_error_made (org_id, run_id, number, line, column_name, message) SELECT org_id, run_id, number, line, column_name, message FROM import_error;
DROP TABLE import_error;
DROP TABLE import_run;
ALTER TABLE import_made RENAME TO import_run;
ALTER TABLE import_error_made RENAME TO import_error;
CREATE INDEX import_run_kind ON import_run (org_id, kind, created_at, id);
CREATE INDEX import_run_hash ON import_run (org_id, hash);
