-- Everything that reads or writes mandates and the journal. No other folder names these tables.

-- authority_of_member: read
-- At every request: from the holder to their few mandates, never through all those of the organization (CROSS JOIN keeps the order).
SELECT m.id, m.kind, m.detail, m.holder_member_id, 0 AS holder_contact_id, 0 AS client_id, m.starts_at, p.first_name || ' ' || p.last_name AS granted_by,
       o.is_partner, o.is_operator
FROM mandate_holder h
CROSS JOIN mandate m
JOIN organization o ON o.id = m.org_id
LEFT JOIN person p ON p.id = m.agreed_by
WHERE h.person_id = :person AND h.org_id = :at_org AND m.org_id = h.org_id AND m.id = h.mandate_id AND m.kind = 'membership' AND m.state = 'active'
  AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
ORDER BY m.id LIMIT 100

-- authority_of_contact: read
-- An access is on one client: a contact who goes to another one does not take it along.
SELECT m.id, m.kind, m.detail, 0 AS holder_member_id, m.holder_contact_id, ct.client_id, m.starts_at, p.first_name || ' ' || p.last_name AS granted_by
FROM mandate_holder h
CROSS JOIN mandate m
JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id
LEFT JOIN person p ON p.id = m.agreed_by
WHERE h.person_id = :person AND h.org_id = :at_org AND m.org_id = h.org_id AND m.id = h.mandate_id AND m.kind = 'access' AND m.state = 'active'
  AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
  AND (m.scope_client_id IS NULL OR m.scope_client_id = ct.client_id)
ORDER BY m.holder_contact_id, m.id LIMIT 400

-- session_client_show: read @across
-- As which contact this session acts: asked before the organization is entered.
SELECT contact_id FROM session_client WHERE session_id = :session AND org_id = :at_org

-- session_client_put: write
INSERT INTO session_client (session_id, org_id, contact_id) VALUES (:session, :org, :contact_id)
ON CONFLICT (session_id, org_id) DO UPDATE SET contact_id = :contact_id

-- mandate_hold: write
-- Takes the row for the rest of the transaction: a withdrawal waits for it, or has won already.
UPDATE mandate SET hold_count = hold_count + 1
WHERE org_id = :org AND id = :mandate AND state = 'active' AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)

-- session_hold: write
UPDATE session SET seen_at = :now WHERE id = :session AND person_id = :person AND ended_at IS NULL AND expires_at > :now

-- access_contact: read
SELECT id, person_id, client_id, email FROM contact WHERE org_id = :org AND id = :contact_id

-- access_insert: write
INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_contact_id, scope_client_id, wording, agreed_by, agreed_how, starts_at, created_at)
VALUES (:org, :id, 'access', :part, 'active', :holder_id, :contact_id, :scope_id, :wording, :agreed_by, 'office', :now, :now)

-- holder_insert: write
INSERT INTO mandate_holder (person_id, org_id, mandate_id) VALUES (:holder_id, :org_id, :mandate_id)

-- access_end: write
UPDATE mandate SET state = 'ended', ended_at = :now, ended_by = :ended_by, ended_why = 'withdrawn'
WHERE org_id = :org AND holder_contact_id = :contact_id AND kind = 'access' AND detail = :part AND state = 'active'

-- holder_purge: write
-- Rows of mandates of this contact that are no longer active.
DELETE FROM mandate_holder WHERE org_id = :org AND person_id = :holder_id AND mandate_id IN (
  SELECT m.id FROM mandate m WHERE m.org_id = :org AND m.holder_contact_id = :contact_id AND m.kind = 'access' AND m.state <> 'active')

-- access_list: read
SELECT m.id AS mandate_id, m.detail AS part, m.starts_at AS given_at, p.first_name || ' ' || p.last_name AS given_by_name, t.used_at
FROM mandate m
LEFT JOIN person p ON p.id = m.agreed_by
LEFT JOIN mandate_trace t ON t.org_id = m.org_id AND t.mandate_id = m.id
WHERE m.org_id = :org AND m.holder_contact_id = :contact_id AND m.kind = 'access' AND m.state = 'active'
ORDER BY m.detail LIMIT 20

-- access_bind_contact: write
UPDATE contact SET person_id = :holder_id WHERE org_id = :org AND id = :contact_id AND (person_id IS NULL OR person_id = :holder_id)

-- access_bind_mandates: write
UPDATE mandate SET holder_person_id = :holder_id
WHERE org_id = :org AND holder_contact_id = :contact_id AND kind = 'access' AND state = 'active' AND holder_person_id IS NULL

-- access_bind_holders: write
INSERT INTO mandate_holder (person_id, org_id, mandate_id)
SELECT :holder_id, m.org_id, m.id FROM mandate m
WHERE m.org_id = :org AND m.holder_contact_id = :contact_id AND m.kind = 'access' AND m.state = 'active'
ON CONFLICT DO NOTHING

-- mandate_trace_put: write
INSERT INTO mandate_trace (org_id, mandate_id, used_at) VALUES (:org_id, :mandate_id, :used_at)
ON CONFLICT (org_id, mandate_id) DO UPDATE SET used_at = :used_at

-- journal_head_make: write
INSERT INTO journal_head (org_id, size, hash) VALUES (:log, 0, :zero) ON CONFLICT DO NOTHING

-- journal_head_take: write
-- Locks the log's head for the rest of the transaction: numbers have no gap.
UPDATE journal_head SET size = size + 1 WHERE org_id = :log RETURNING size, hash

-- journal_insert: write
INSERT INTO journal (org_id, number, at, action, object_kind, object_id, mandate_id, entry, hash)
VALUES (:log, :number, :at, :action, :object_kind, :object_id, :mandate_id, :entry, :hash)

-- journal_payload_insert: write
INSERT INTO journal_payload (org_id, number, salt, payload) VALUES (:log, :number, :salt, :payload)

-- journal_head_put: write
UPDATE journal_head SET hash = :hash WHERE org_id = :log

-- journal_payload_delete: write
DELETE FROM journal_payload WHERE org_id = :log AND number = :number

-- journal_logs: read @across
-- Every log that left anything anywhere; read by `mandat journal verify` alone.
SELECT l.org_id FROM (SELECT org_id FROM journal_head UNION SELECT org_id FROM journal UNION SELECT org_id FROM journal_payload) l
WHERE l.org_id > :after ORDER BY l.org_id LIMIT 500

-- journal_logs_written: read @across
SELECT DISTINCT org_id FROM journal WHERE org_id > :after ORDER BY org_id LIMIT 500

-- journal_head_read: read @across
SELECT size, hash FROM journal_head WHERE org_id = :log

-- journal_read: read @across
-- A stretch of a log. `place` is where the key has the row, the rest comes from the rows themselves: SQLite would give numbers out of
-- the index, and a number changed in the row alone would go unseen. LEFT: a row
-- that a damaged page hides is still named by its key. For the same reason the payload is looked up twice.
SELECT k.number AS place, j.org_id, j.number, j.at, j.action, j.object_kind, j.object_id, j.mandate_id, j.entry, j.hash,
  p.org_id AS payload_org_id, p.number AS payload_number, p.salt, p.payload,
  {{sqlite: typeof(j.object_kind)}}{{postgresql: 'text'}} AS kind_type
FROM (SELECT org_id, number {{sqlite: , rowid AS line}} FROM journal WHERE org_id = :log AND number > :after ORDER BY number LIMIT :most) k
LEFT JOIN journal j {{sqlite: NOT INDEXED ON j.rowid = k.line}}{{postgresql: ON j.org_id = k.org_id AND j.number = k.number}}
LEFT JOIN journal_payload x ON x.org_id = k.org_id AND x.number = k.number
LEFT JOIN journal_payload p {{sqlite: NOT INDEXED ON p.rowid = x.rowid}}{{postgresql: ON p.org_id = x.org_id AND p.number = x.number}}
ORDER BY k.number LIMIT :most

-- journal_erasure: read @across
-- The entry that says a payload was erased.
SELECT j.number FROM journal j
WHERE j.org_id = :log AND j.object_kind = 'journal' AND j.object_id = :number AND j.action = 'journal_erase' AND j.number > :number ORDER BY j.number LIMIT 1

-- journal_stray: read @across
SELECT p.org_id, p.number FROM journal_payload p
WHERE p.org_id = :log AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.org_id = p.org_id AND j.number = p.number) ORDER BY p.number LIMIT 100
