-- An organization that a partner made (S-15): the offer by which its first administrator comes in, a mandate in the client's organization. While nobody
-- has accepted one, nobody is inside, and the dossier waits.
ALTER TABLE dossier ADD COLUMN joining_id INTEGER;
CREATE INDEX organization_siren ON organization (siren);
CREATE INDEX dossier_invite_answered ON dossier_invite (org_id, email_key, answered_at);
