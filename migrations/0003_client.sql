-- The last number given to a client of an organization: C-00482.
CREATE TABLE client_counter (org_id INTEGER NOT NULL PRIMARY KEY REFERENCES organization (id), last INTEGER NOT NULL) STRICT;

-- Searching by several words asks whether one row has another word: answered by the index alone.
DROP INDEX word_id;
CREATE INDEX word_of_id ON word (org_id, kind, id, word);
