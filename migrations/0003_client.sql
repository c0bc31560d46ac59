-- The last number given to a client of an organization: C-00482.
CREATE TABLE client_counter (org_id INTEGER NOT NULL PRIMARY KEY REFERENCES organization (id), last INTEGER NOT NULL) STRICT;
