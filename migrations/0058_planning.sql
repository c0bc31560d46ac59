-- Why there is no signature on a job that is done (L-7); and what soon ends of an organization's mandates, for its first page.
ALTER TABLE job_text ADD COLUMN refused_reason TEXT NOT NULL DEFAULT '';

CREATE INDEX mandate_ending ON mandate (org_id, state, ends_at, id) WHERE ends_at IS NOT NULL;
