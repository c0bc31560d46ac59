-- The operator's list of organizations, and how each came to be a partner (S-0).

-- What happened between an organization and the operator about being a partner, one row a step. partner_ask says how it stands, this how it came.
CREATE TABLE partner_event (
    org_id          INTEGER NOT NULL REFERENCES organization (id),
    id              INTEGER NOT NULL,
    what            TEXT NOT NULL CHECK (what IN ('asked', 'cancelled', 'approved', 'made', 'refused', 'withdrawn')),
    note            TEXT NOT NULL DEFAULT '',           -- the organization's reason to ask, the operator's to refuse or withdraw
    person_id       INTEGER,
    at              INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;

-- The words that an organization is found by, for the operator alone: of its names, city, SIREN and address.
CREATE TABLE organization_word (
    word            TEXT NOT NULL,
    organization_id INTEGER NOT NULL,
    PRIMARY KEY (word, organization_id)
) STRICT;
CREATE INDEX organization_word_of ON organization_word (organization_id, word);

-- Sorting key and words are made in C: what was there before has none yet, and a job makes them.
ALTER TABLE organization ADD COLUMN is_worded INTEGER NOT NULL DEFAULT 0;
CREATE INDEX organization_unworded ON organization (id) WHERE is_worded = 0;
CREATE INDEX organization_partner ON organization (is_partner, name_key, id);
