-- Epochs: how often this database has come back from a backup. Each is cited by an entry `epoch_open` in every log of the journal.

CREATE TABLE epoch (
    number          INTEGER NOT NULL PRIMARY KEY,       -- from 1; none: it was never restored
    opened_at       INTEGER NOT NULL,
    backup_at       INTEGER NOT NULL,                   -- when the backup was made
    manifest        TEXT NOT NULL                       -- SHA-256 of its manifest, hex
) STRICT;
