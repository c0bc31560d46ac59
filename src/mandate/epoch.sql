-- What a backup's manifest says of the journal, and the epoch that a restore opens.

-- epoch_heads: read @across
-- @bounded: one row a log; a manifest names them all.
SELECT h.org_id, h.size, h.hash FROM journal_head h ORDER BY h.org_id

-- epoch_next: read @across
SELECT COALESCE(MAX(e.number), 0) + 1 AS number FROM epoch e

-- epoch_insert: write @across
INSERT INTO epoch (number, opened_at, backup_at, manifest) VALUES (:number, :now, :backup_at, :manifest)

-- backup_files: read @across
-- @bounded: a backup names every file.
-- Every kept file once, whoever holds it.
SELECT f.hash, MAX(f.size_bytes) AS size_bytes FROM file f GROUP BY f.hash ORDER BY f.hash

-- backup_schema: read @across
SELECT m.name FROM migration m ORDER BY m.name DESC LIMIT 1
