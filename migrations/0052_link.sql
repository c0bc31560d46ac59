-- Secure links (L-1, L-2, L-8): what a mandate of the kind 'link' has beside its row. The secret of its address stands nowhere: it is derived
-- (docs/decisions/0014).
CREATE TABLE link (
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    generation      INTEGER NOT NULL DEFAULT 1,         -- renewed: one more, and the address before opens nothing
    most_openings   INTEGER CHECK (most_openings > 0),  -- NULL: without limit
    openings        INTEGER NOT NULL DEFAULT 0,         -- of this generation
    opened_at       INTEGER,
    paused_at       INTEGER,
    asks_code       INTEGER NOT NULL DEFAULT 0,
    contact_id      INTEGER,                            -- who gets the code
    PRIMARY KEY (org_id, mandate_id),
    FOREIGN KEY (org_id, mandate_id) REFERENCES mandate (org_id, id),
    FOREIGN KEY (org_id, contact_id) REFERENCES contact (org_id, id)
) STRICT;
CREATE INDEX link_paused ON link (org_id, mandate_id) WHERE paused_at IS NOT NULL;
CREATE UNIQUE INDEX link_mandate ON link (mandate_id);  -- an address names the link alone

-- A browser that has opened links: one cookie for all of them.
CREATE TABLE link_browser (
    id              INTEGER NOT NULL PRIMARY KEY,
    hash            TEXT NOT NULL UNIQUE,               -- SHA-256 of the cookie's 256 bits
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX link_browser_expires ON link_browser (expires_at);

-- Each opening, and the narrow session it began.
CREATE TABLE link_opening (
    org_id          INTEGER NOT NULL,
    id              INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    generation      INTEGER NOT NULL,
    browser_id      INTEGER NOT NULL,
    network         TEXT NOT NULL,                      -- where from, shortened
    agent           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    opened_at       INTEGER,                            -- NULL: waits for its code
    seen_at         INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,                   -- absolute end
    ended_at        INTEGER,
    code_id         INTEGER,                            -- what the code is derived from
    code_until      INTEGER,
    code_tries      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, mandate_id) REFERENCES link (org_id, mandate_id)
) STRICT;
CREATE INDEX link_opening_browser ON link_opening (browser_id, mandate_id, id);
CREATE INDEX link_opening_mandate ON link_opening (org_id, mandate_id, opened_at, id);
CREATE INDEX link_opening_network ON link_opening (org_id, mandate_id, network);
CREATE INDEX link_opening_created ON link_opening (created_at);
CREATE INDEX link_opening_waiting ON link_opening (created_at) WHERE opened_at IS NULL;

-- Asked through a link, and no contact's yet.
CREATE INDEX job_unclaimed ON job (org_id, client_id, id) WHERE asked_how = 'link' AND asked_contact_id IS NULL;

-- Links of an organization, the last given first; of one client; of one site and one job.
CREATE INDEX mandate_link ON mandate (org_id, id) WHERE kind = 'link';
CREATE INDEX mandate_link_client ON mandate (org_id, scope_client_id, id) WHERE kind = 'link';
