-- « Accès & mandats »: an organization's mandates by state, the newest first.
CREATE INDEX mandate_register ON mandate (org_id, state, id);
