-- Queries of db_test.c.

-- item_add: write
INSERT INTO item (org_id, id, name, note, price_cents, data, is_open, has_files, changed_at)
VALUES (:org, :id, :name, :note, :price_cents, :data, :is_open, :has_files, :now)

-- item_get: read
SELECT id, org_id, name, note, price_cents, data, is_open, has_files, changed_at, ':name' AS quoted
FROM item WHERE org_id = :org AND id = :id

-- item_list: read
-- A page by row-value comparison, with filters that may be left out.
SELECT id, name, changed_at FROM item WHERE org_id = :org
  [[name: AND name = :name]]
  [[page_after: AND (changed_at, id) < (:page_after, :page_id)]]
ORDER BY changed_at DESC, id DESC LIMIT :page_limit

-- item_scan: read
SELECT id FROM item WHERE org_id = :org AND note = :note

-- item_one: read
SELECT id FROM item WHERE org_id = :org AND id = :id

-- item_tail: read
-- Many rows of an index, few given back.
SELECT id FROM item WHERE org_id = :org AND changed_at > :now AND note = :note

-- item_sums: read
SELECT COUNT(*) AS count, SUM(price_cents) AS total_cents, SUM(id) > 3 AS is_large, MAX(name) AS last_name FROM item WHERE org_id = :org

-- item_average: read
SELECT AVG(price_cents) / 3.0 AS average FROM item WHERE org_id = :org

-- item_change: write
UPDATE item SET price_cents = price_cents + :more, note = COALESCE(:note, note) WHERE org_id = :org [[id: AND id = :id]]

-- item_close: write
UPDATE item SET is_open = 0 WHERE org_id = :org AND is_open = 1 RETURNING id, name

-- item_add_once: write
INSERT INTO item (org_id, id, name, changed_at) VALUES (:org, :id, :name, :now) ON CONFLICT DO NOTHING

-- item_later: read
SELECT id, :more + 5 AS soon_at FROM item WHERE org_id = :org

-- item_take: write
SELECT id FROM item WHERE org_id = :org ORDER BY id LIMIT 1 {{postgresql: FOR UPDATE SKIP LOCKED}}

-- part_add: write
INSERT INTO part (org_id, id, item_id) VALUES (:org, :id, :item)

-- counter_step: write
UPDATE counter SET count = count + 1 WHERE id = :id

-- counter_get: read
SELECT count FROM counter WHERE id = :id

-- backend_end: read @across
-- Ends another connection: only PostgreSQL knows how.
SELECT {{sqlite: 0}}{{postgresql: CASE WHEN pg_terminate_backend(CAST(:pid AS INTEGER)) THEN 1 ELSE 0 END}} AS ended

-- backend_pid: read @across
SELECT {{sqlite: 0}}{{postgresql: pg_backend_pid()}} AS pid
