-- Documents that a client sees on the portal.
CREATE INDEX client_attachment_shared ON client_attachment (org_id, client_id, id) WHERE is_shared = 1;

-- The register is a list that is exported, too. What can be exported says src/features/transfer/export.c, and no longer a check that would have
-- to be widened with each list.
CREATE TABLE export_made (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
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
INSERT INTO export_made (org_id, id, kind, state, filters, is_all, lang, hash, person_id, row_done, byte_count, cursor_text, cursor_at, cursor_id, created_at, ends_at)
SELECT org_id, id, kind, state, filters, is_all, lang, hash, person_id, row_done, byte_count, cursor_text, cursor_at, cursor_id, created_at, ends_at FROM export_run;
DROP TABLE export_run;
ALTER TABLE export_made RENAME TO export_run;
CREATE INDEX export_run_created ON export_run (org_id, created_at, id);
CREATE INDEX export_run_person ON export_run (org_id, person_id, created_at, id);
CREATE INDEX export_run_hash ON export_run (org_id, hash);
