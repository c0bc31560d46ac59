-- Secure links. An address names a link alone, so what is asked at the door crosses organizations.

-- link_row: part
l.org_id, l.mandate_id AS id, l.generation, l.most_openings, l.openings, l.opened_at, l.paused_at, l.asks_code, l.contact_id,
  m.state, m.detail, m.starts_at, m.ends_at, m.ended_why, m.scope_client_id AS client_id, m.scope_site_id AS site_id, m.scope_job_id AS job_id

-- link_find: read @across
SELECT {{>link_row}}, o.slug, o.name AS org_name, cl.name AS client_name,
  CASE WHEN COALESCE(t.used_at, 0) >= COALESCE(l.opened_at, 0) THEN t.used_at ELSE l.opened_at END AS used_at
FROM link l JOIN mandate m ON m.org_id = l.org_id AND m.id = l.mandate_id
JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id
JOIN organization o ON o.id = l.org_id
LEFT JOIN mandate_trace t ON t.org_id = l.org_id AND t.mandate_id = l.mandate_id
WHERE l.mandate_id = :of_link

-- link_browser_find: read @across
SELECT id FROM link_browser WHERE hash = :hash AND expires_at > :now

-- link_browser_insert: write
INSERT INTO link_browser (id, hash, created_at, expires_at) VALUES (:id, :hash, :now, :expires_at)

-- link_browser_renew: write
UPDATE link_browser SET hash = :hash, expires_at = :expires_at WHERE id = :id

-- link_place: read
-- Has this link been opened by this browser, or from this network?
SELECT 1 AS is_known FROM link_opening WHERE org_id = :org AND mandate_id = :mandate AND network = :network AND opened_at IS NOT NULL
UNION ALL SELECT 1 AS is_known FROM link_opening WHERE org_id = :org AND browser_id = :browser_id AND mandate_id = :mandate AND opened_at IS NOT NULL LIMIT 1

-- link_count: write
-- Atomically against its limit: of two at once the later one finds the row as the first has left it.
UPDATE link SET openings = openings + 1, opened_at = :now
WHERE org_id = :org AND mandate_id = :mandate AND generation = :generation AND paused_at IS NULL AND (most_openings IS NULL OR openings < most_openings)

-- link_opening_clear: write
-- A browser has one session of a link.
UPDATE link_opening SET ended_at = :now WHERE org_id = :org AND browser_id = :browser_id AND mandate_id = :mandate AND ended_at IS NULL

-- link_opening_insert: write
INSERT INTO link_opening (org_id, id, mandate_id, generation, browser_id, network, agent, created_at, opened_at, seen_at, expires_at, code_id, code_until)
VALUES (:org, :id, :mandate, :generation, :browser_id, :network, :agent, :now, :opened_at, :now, :expires_at, :code_id, :code_until)

-- link_waiting: read @across
SELECT s.id, s.org_id, s.code_id, s.code_until, s.code_tries FROM link_opening s
WHERE s.browser_id = :browser_id AND s.mandate_id = :of_link AND s.ended_at IS NULL AND s.opened_at IS NULL AND s.expires_at > :now ORDER BY s.id DESC LIMIT 1

-- link_code_try: write
UPDATE link_opening SET code_tries = code_tries + 1
WHERE org_id = :org AND id = :session_id AND ended_at IS NULL AND opened_at IS NULL AND code_tries < :tries_most AND code_until > :now RETURNING code_id

-- link_proved: write
UPDATE link_opening SET opened_at = :now, seen_at = :now, expires_at = :expires_at, code_id = NULL, code_until = NULL
WHERE org_id = :org AND id = :session_id AND ended_at IS NULL AND opened_at IS NULL AND generation = :generation

-- authority_of_link: read @across
-- At every request behind a link: from the cookie to the session of this link, while everything it rests on stands (CROSS JOIN keeps the order).
SELECT s.id AS session_id, m.org_id, m.id, m.kind, m.detail, m.starts_at, m.scope_client_id AS client_id, m.scope_site_id AS site_id, m.scope_job_id AS job_id,
       p.first_name || ' ' || p.last_name AS granted_by, o.is_partner, o.is_operator
FROM link_browser b CROSS JOIN link_opening s CROSS JOIN link l CROSS JOIN mandate m
JOIN organization o ON o.id = m.org_id
LEFT JOIN person p ON p.id = m.agreed_by
WHERE b.hash = :hash AND b.expires_at > :now AND s.browser_id = b.id AND s.mandate_id = :of_link AND s.opened_at IS NOT NULL AND s.ended_at IS NULL
  AND s.expires_at > :now AND s.seen_at > :idle_since
  AND l.org_id = s.org_id AND l.mandate_id = s.mandate_id AND l.generation = s.generation AND l.paused_at IS NULL
  AND m.org_id = l.org_id AND m.id = l.mandate_id AND m.kind = 'link' AND m.state = 'active' AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
ORDER BY s.id DESC LIMIT 1

-- link_session_hold: write
UPDATE link_opening SET seen_at = :now WHERE org_id = :org AND id = :session AND mandate_id = :mandate AND ended_at IS NULL AND expires_at > :now

-- link_session_seen: write
UPDATE link_opening SET seen_at = :seen_at WHERE org_id = :org_id AND id = :session_id AND seen_at < :seen_at

-- link_close: write
UPDATE link_opening SET ended_at = :now WHERE org_id = :org AND id = :session AND ended_at IS NULL

-- link_take: write
-- The first lock of whoever changes a link.
UPDATE mandate SET hold_count = hold_count + 1 WHERE org_id = :org AND id = :of_link AND kind = 'link' AND state = 'active' AND (ends_at IS NULL OR ends_at > :now)

-- link_scope: read
-- The client, and what of it the link is to open.
SELECT cl.id AS client_id FROM client cl
WHERE cl.org_id = :org AND cl.id = :of_client
  [[of_site: AND 0 < (SELECT COUNT(*) FROM site s WHERE s.org_id = :org AND s.client_id = cl.id AND s.id = :of_site)]]
  [[of_job: AND 0 < (SELECT COUNT(*) FROM job j WHERE j.org_id = :org AND j.client_id = cl.id AND j.id = :of_job)]]
  [[of_contact: AND 0 < (SELECT COUNT(*) FROM contact ct WHERE ct.org_id = :org AND ct.client_id = cl.id AND ct.id = :of_contact AND ct.email <> '')]]

-- link_mandate_insert: write
INSERT INTO mandate (org_id, id, kind, detail, state, scope_client_id, scope_site_id, scope_job_id, wording, agreed_by, agreed_how, starts_at, ends_at, created_at)
VALUES (:org, :id, 'link', :detail, 'active', :of_client, :of_site, :of_job, :wording, :agreed_by, 'office', :now, :ends_at, :now)

-- link_insert: write
INSERT INTO link (org_id, mandate_id, most_openings, asks_code, contact_id) VALUES (:org, :id, :most_openings, :asks_code, :of_contact)

-- link_mandate_put: write
UPDATE mandate SET ends_at = :ends_at WHERE org_id = :org AND id = :of_link AND kind = 'link' AND state = 'active'

-- link_word: write
UPDATE mandate SET wording = :wording WHERE org_id = :org AND id = :of_link AND kind = 'link' AND state = 'active'

-- link_put: write
UPDATE link SET most_openings = :most_openings, asks_code = :asks_code, contact_id = :of_contact WHERE org_id = :org AND mandate_id = :of_link

-- link_pause: write
UPDATE link SET paused_at = :now WHERE org_id = :org AND mandate_id = :of_link AND paused_at IS NULL

-- link_resume: write
UPDATE link SET paused_at = NULL WHERE org_id = :org AND mandate_id = :of_link AND paused_at IS NOT NULL

-- link_renew: write
UPDATE link SET generation = generation + 1, openings = 0, paused_at = NULL WHERE org_id = :org AND mandate_id = :of_link

-- link_calendars_end: write
UPDATE calendar SET ended_at = :now WHERE org_id = :org AND mandate_id = :of_link AND ended_at IS NULL

-- link_sessions_end: write
UPDATE link_opening SET ended_at = :now WHERE org_id = :org AND mandate_id = :of_link AND ended_at IS NULL

-- link_waiting_purge: write @across
DELETE FROM link_opening WHERE (org_id, id) IN (SELECT s.org_id, s.id FROM link_opening s WHERE s.created_at < :before AND s.opened_at IS NULL ORDER BY s.created_at LIMIT :most)

-- link_opening_purge: write @across
DELETE FROM link_opening WHERE (org_id, id) IN (SELECT s.org_id, s.id FROM link_opening s WHERE s.created_at < :before ORDER BY s.created_at LIMIT :most)

-- link_browser_purge: write @across
DELETE FROM link_browser WHERE id IN (SELECT b.id FROM link_browser b WHERE b.expires_at < :now ORDER BY b.expires_at LIMIT :most)
