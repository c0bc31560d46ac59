-- Tokens of the API: what a mandate of kind 'token' has besides its row. The secret stands nowhere, only its hash.
CREATE TABLE token (
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    hash            TEXT NOT NULL UNIQUE,               -- SHA-256 of the secret, hex
    name            TEXT NOT NULL,                      -- given by the person: what the program is
    rights          TEXT NOT NULL,                      -- words of rights.def, one space between
    ends_on         INTEGER NOT NULL,                   -- last day; the mandate's ends_at is the end of it
    PRIMARY KEY (org_id, mandate_id),
    FOREIGN KEY (org_id, mandate_id) REFERENCES mandate (org_id, id)
) STRICT;
