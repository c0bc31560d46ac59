-- A holder's mandates are found by their state as well: among indexes that look alike, SQLite takes the one made last, and the
-- organization's active ones are many.
DROP INDEX mandate_contact;
CREATE INDEX mandate_contact ON mandate (org_id, holder_contact_id, kind, state, detail);
DROP INDEX mandate_member;
CREATE INDEX mandate_member ON mandate (org_id, holder_member_id, kind, state);
