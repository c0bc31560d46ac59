-- Sessions, limits, forms sent once, files.

-- session_find: read @across
SELECT s.id AS session_id, s.created_at, s.seen_at, s.is_delegating, p.id AS person_id, p.first_name || ' ' || p.last_name AS name, p.email, p.lang
FROM session s JOIN person p ON p.id = s.person_id
WHERE s.hash = :hash AND s.ended_at IS NULL AND s.expires_at > :now AND s.seen_at > :idle_since

-- session_insert: write
INSERT INTO session (id, hash, person_id, remote, agent, created_at, seen_at, expires_at)
VALUES (:id, :hash, :holder_id, :remote, :agent, :now, :now, :expires_at)

-- session_renew: write
UPDATE session SET hash = :hash WHERE id = :session AND person_id = :person AND ended_at IS NULL RETURNING expires_at

-- session_stop: write
UPDATE session SET ended_at = :now WHERE id = :session_id AND person_id = :person AND ended_at IS NULL

-- session_stop_all: write
UPDATE session SET ended_at = :now WHERE person_id = :holder_id AND id <> :but_id AND ended_at IS NULL

-- session_seen: write
UPDATE session SET seen_at = :seen_at WHERE id = :session_id AND seen_at < :seen_at

-- organization_by_slug: read @across
SELECT id, slug, name, tagline, street, postcode, city, email, phone, lang, zone, logo, brand_color, brand_version, is_portal_open, is_operator, is_partner, brand_org_id
FROM organization WHERE slug = :slug

-- organization_by_id: read @across
-- Behind a link the link says whose space it is.
SELECT id, slug, name, tagline, street, postcode, city, email, phone, lang, zone, logo, brand_color, brand_version, is_portal_open, is_operator, is_partner, brand_org_id
FROM organization WHERE id = :at_org

-- link_shell: read
-- What the card says of the link that opened the page.
SELECT m.detail, m.starts_at, m.ends_at, cl.name AS client_name, COALESCE(s.name, '') AS site_name, COALESCE(j.number, 0) AS job_number, COALESCE(p.first_name || ' ' || p.last_name, '') AS given_by_name
FROM mandate m JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id
LEFT JOIN site s ON s.org_id = m.org_id AND s.id = m.scope_site_id
LEFT JOIN job j ON j.org_id = m.org_id AND j.id = m.scope_job_id
LEFT JOIN person p ON p.id = m.agreed_by
WHERE m.org_id = :org AND m.id = :mandate AND m.kind = 'link'

-- organization_brand: read @across
-- White label (S-15): the partner whose brand stands on an organization's back office, while it lends it and the dossier is active; of several the
-- one with the oldest dossier.
SELECT b.slug, b.name, b.logo, b.brand_color, b.brand_version FROM mandate m
JOIN organization b ON b.id = m.holder_org_id AND b.is_white_label = 1 AND b.is_partner = 1
WHERE m.org_id = :at_org AND m.state = 'active' AND m.kind = 'dossier' ORDER BY m.id LIMIT 1

-- spaces_of_person: read @across
-- Where a person can go: its memberships and, for contacts, the portals of their accesses. CROSS JOIN: from the holder outwards. A contact with
-- several parts has a row for each, one behind the other: DISTINCT would make a table for it at every page. One's own role before that of a collaborator.
SELECT o.slug, o.name, o.is_partner, o.is_operator, m.kind, m.detail, COALESCE(m.holder_contact_id, 0) AS contact_id, COALESCE(cl.name, '') AS client_name
FROM mandate_holder h
CROSS JOIN mandate m
JOIN organization o ON o.id = m.org_id
LEFT JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id
LEFT JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id
WHERE h.person_id = :person AND m.org_id = h.org_id AND m.id = h.mandate_id AND m.state = 'active' AND m.kind IN ('membership', 'access')
  AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
  AND (m.kind <> 'access' OR m.scope_client_id IS NULL OR m.scope_client_id = ct.client_id)
ORDER BY m.kind DESC, o.name, o.slug, client_name, contact_id, CASE WHEN m.detail = 'collaborator' THEN 1 ELSE 0 END LIMIT 200

-- client_title: read
SELECT name FROM client WHERE org_id = :org AND id = :client

-- member_title: read
-- And, in the same journey, whether somebody may come in here to help, and whether somebody is in now (S-14).
SELECT m.title, CASE WHEN EXISTS (SELECT 1 FROM mandate d WHERE d.org_id = :org AND d.state = 'active' AND d.kind = 'support') THEN 1 ELSE 0 END AS is_helped,
       CASE WHEN EXISTS (SELECT 1 FROM support_session s WHERE s.org_id = :org AND s.ended_at IS NULL AND s.ends_at > :now) THEN 1 ELSE 0 END AS is_live
FROM member m WHERE m.org_id = :org AND m.id = :member

-- attempt_count: write
INSERT INTO attempt (key, window_at, count) VALUES (:key, :now, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN attempt.window_at < :window_since THEN 1 ELSE attempt.count + 1 END,
  window_at = CASE WHEN attempt.window_at < :window_since THEN :now ELSE attempt.window_at END
RETURNING count

-- form_once_put: write
INSERT INTO form_seen (session_id, nonce, location, created_at) VALUES (:session, :once, '', :now) ON CONFLICT DO NOTHING

-- form_once_get: read
SELECT location FROM form_seen WHERE session_id = :session AND nonce = :once

-- form_once_done: write
UPDATE form_seen SET location = :location WHERE session_id = :session AND nonce = :once

-- file_lock: write
-- Two acts that keep or drop the same bytes take turns (SQLite has one writer anyway).
{{sqlite: UPDATE file SET size_bytes = size_bytes WHERE org_id = :org AND hash = :hash}}
{{postgresql: SELECT COUNT(pg_advisory_xact_lock(:lock)) AS taken WHERE :org >= 0 AND :hash <> ''}}

-- file_put: write
INSERT INTO file (org_id, hash, size_bytes, type, created_at) VALUES (:org, :hash, :size_bytes, :type, :now) ON CONFLICT DO NOTHING

-- file_used: read @across
SELECT 1 AS is_used FROM file WHERE hash = :hash LIMIT 1
