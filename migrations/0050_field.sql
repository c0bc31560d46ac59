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

-- Both are found by their words.
CREATE TABLE word_made (
    org_id          INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind = 'client' OR kind = 'contact' OR kind = 'ticket' OR kind = 'site' OR kind = 'equipment'),
    word            TEXT NOT NULL,
    id              INTEGER NOT NULL,
    PRIMARY KEY (org_id, kind, word, id)
) STRICT, WITHOUT ROWID;
INSERT INTO word_made (org_id, kind, word, id) SELECT org_id, kind, word, id FROM word;
DROP TABLE word;
ALTER TABLE word_made RENAME TO word;

-- Both lists are exported.
CREATE TABLE export_made (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    kind            TEXT NOT NULL CHECK (kind IN ('clients', 'contacts', 'tickets', 'mandates', 'sites', 'equipment')),
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
