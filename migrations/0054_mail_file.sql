-- A file that goes with a message: text made with it in the same transaction, gone with it.
CREATE TABLE mail_file (
    mail_id         INTEGER NOT NULL PRIMARY KEY REFERENCES mail (id),
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,                      -- as it stands in its header: "text/calendar; charset=utf-8; method=PUBLISH"
    text            TEXT NOT NULL
) STRICT;

-- Addresses that want no messages about jobs. Whoever asks for a job may name anybody's address.
CREATE TABLE job_mute (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    email_key       TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, email_key)
) STRICT;

-- The date of a job that the client was told last: what changes is said with it, and what nobody was told of needs no word of its end.
CREATE TABLE job_told (
    org_id          INTEGER NOT NULL,
    job_id          INTEGER NOT NULL,
    planned_start   INTEGER NOT NULL,
    planned_end     INTEGER NOT NULL,
    told_at         INTEGER NOT NULL,
    PRIMARY KEY (org_id, job_id),
    FOREIGN KEY (org_id, job_id) REFERENCES job (org_id, id)
) STRICT;
