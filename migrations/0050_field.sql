-- The ground of field work: sites of clients, and the equipment there (L-4, X-4).

-- The last number given to a site of an organization: S-00042.
CREATE TABLE site_counter (org_id INTEGER NOT NULL PRIMARY KEY REFERENCES organization (id), last INTEGER NOT NULL) STRICT;

CREATE TABLE site (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    client_id       INTEGER NOT NULL,
    number          TEXT NOT NULL,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    street          TEXT NOT NULL DEFAULT '',
    postcode        TEXT NOT NULL DEFAULT '',
    city            TEXT NOT NULL DEFAULT '',
    city_key        TEXT NOT NULL DEFAULT '',
    country         TEXT NOT NULL DEFAULT 'FR',
    contact_id      INTEGER,                            -- whom to ask for there; one of the client's
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, number),
    UNIQUE (org_id, client_id, id),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id),
    FOREIGN KEY (org_id, contact_id) REFERENCES contact (org_id, id)
) STRICT;
CREATE INDEX site_name ON site (org_id, name_key, id);
CREATE INDEX site_client_name ON site (org_id, client_id, name_key, id);
CREATE INDEX site_city_name ON site (org_id, city_key, name_key, id);
CREATE INDEX site_changed ON site (org_id, changed_at, id);
CREATE INDEX site_client_changed ON site (org_id, client_id, changed_at, id);
CREATE INDEX site_city_changed ON site (org_id, city_key, changed_at, id);
CREATE INDEX site_contact ON site (org_id, contact_id);

-- Long texts, apart from what lists read.
CREATE TABLE site_text (
    org_id          INTEGER NOT NULL,
    site_id         INTEGER NOT NULL,
    information     TEXT NOT NULL DEFAULT '',           -- meant for the client
    notes           TEXT NOT NULL DEFAULT '',           -- the team's own
    PRIMARY KEY (org_id, site_id),
    FOREIGN KEY (org_id, site_id) REFERENCES site (org_id, id)
) STRICT;

-- A piece of equipment is never deleted: it is put into store, or taken out of service. Its site is one of its client's: the key says so.
CREATE TABLE equipment (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    client_id       INTEGER NOT NULL,
    site_id         INTEGER,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    model           TEXT NOT NULL DEFAULT '',
    serial          TEXT NOT NULL DEFAULT '',
    serial_key      TEXT NOT NULL DEFAULT '',
    installed_on    INTEGER,
    warranty_on     INTEGER,                            -- the last day of it
    state           TEXT NOT NULL CHECK (state IN ('in_service', 'stored', 'retired')),
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, client_id) REFERENCES client (org_id, id),
    FOREIGN KEY (org_id, client_id, site_id) REFERENCES site (org_id, client_id, id)
) STRICT;
CREATE INDEX equipment_name ON equipment (org_id, name_key, id);
CREATE INDEX equipment_client_name ON equipment (org_id, client_id, name_key, id);
CREATE INDEX equipment_site_name ON equipment (org_id, site_id, name_key, id);
CREATE INDEX equipment_state_name ON equipment (org_id, state, name_key, id);
CREATE INDEX equipment_changed ON equipment (org_id, changed_at, id);
CREATE INDEX equipment_client_changed ON equipment (org_id, client_id, changed_at, id);
CREATE INDEX equipment_site_changed ON equipment (org_id, site_id, changed_at, id);
CREATE INDEX equipment_state_changed ON equipment (org_id, state, changed_at, id);
CREATE INDEX equipment_warranty ON equipment (org_id, warranty_on, id);
CREATE INDEX equipment_client_warranty ON equipment (org_id, client_id, warranty_on, id);
CREATE INDEX equipment_serial ON equipment (org_id, serial_key, id);

CREATE TABLE equipment_text (
    org_id          INTEGER NOT NULL,
    equipment_id    INTEGER NOT NULL,
    information     TEXT NOT NULL DEFAULT '',
    notes           TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, equipment_id),
    FOREIGN KEY (org_id, equipment_id) REFERENCES equipment (org_id, id)
) STRICT;

-- Both are found by their words. Whose words there are says the program; a check of its own made the whole table anew with each kind.
CREATE TABLE word_made (
    org_id          INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    word            TEXT NOT NULL,
    id              INTEGER NOT NULL,
    PRIMARY KEY (org_id, kind, word, id)
) STRICT, WITHOUT ROWID;
INSERT INTO word_made (org_id, kind, word, id) SELECT org_id, kind, word, id FROM word;
DROP TABLE word;
ALTER TABLE word_made RENAME TO word;
