-- An existing organization invited to become a dossier, by the address of its administrator (S-15). Kept in a table of its own: whether the address
-- is anybody's here is not known before its owner answers, so a row stands for every address alike, and a dossier exists only once one accepts.
CREATE TABLE dossier_invite (
    org_id          INTEGER NOT NULL REFERENCES organization (id),      -- the partner
    id              INTEGER NOT NULL,
    link_id         INTEGER NOT NULL UNIQUE,            -- in the mailed link, behind a MAC
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    asked_by        INTEGER NOT NULL,                   -- a person
    asked_at        INTEGER NOT NULL,
    sent_at         INTEGER NOT NULL,                   -- last
    sent_count      INTEGER NOT NULL DEFAULT 1,
    expires_at      INTEGER NOT NULL,
    answer          TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'accepted', 'declined', 'withdrawn')),
    answered_at     INTEGER,
    dossier_id      INTEGER,                            -- what became of it
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX dossier_invite_open ON dossier_invite (org_id, answer, id);
CREATE UNIQUE INDEX dossier_invite_once ON dossier_invite (org_id, email_key) WHERE answer = '';

-- What thousands of dossiers need: one collaborator's in the order of the organizations, and two filters at once.
CREATE INDEX dossier_at_member ON dossier (org_id, member_id, client_org_id);
CREATE INDEX dossier_at_request ON dossier (org_id, request_member_id, client_org_id);
CREATE INDEX dossier_member_state ON dossier (org_id, member_id, state, name_key, id);
