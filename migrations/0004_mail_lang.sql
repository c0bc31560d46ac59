-- A message says which language it is written in.
ALTER TABLE mail ADD COLUMN lang TEXT NOT NULL DEFAULT 'fr';
