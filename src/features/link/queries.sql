-- Secure links: the door, and the back office's lists.

-- link_contact: read
-- Who gets the code.
SELECT email, first_name || ' ' || last_name AS name, lang FROM contact WHERE org_id = :org AND id = :of_contact AND email <> ''

-- link_line: part
m.id, m.state, m.detail, m.starts_at, m.ends_at, m.ended_at, m.ended_why, m.scope_client_id AS client_id, m.scope_site_id AS site_id, m.scope_job_id AS job_id, m.wording,
  l.generation, l.most_openings, l.openings, l.opened_at, l.paused_at, l.asks_code, l.contact_id, cl.name AS client_name, cl.number AS client_number,
  COALESCE(s.name, '') AS site_name, COALESCE(j.number, 0) AS job_number, COALESCE(p.first_name || ' ' || p.last_name, '') AS given_by_name,
  CASE WHEN COALESCE(t.used_at, 0) >= COALESCE(l.opened_at, 0) THEN t.used_at ELSE l.opened_at END AS used_at

-- link_joins: part
JOIN link l ON l.org_id = m.org_id AND l.mandate_id = m.id
JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id
LEFT JOIN site s ON s.org_id = m.org_id AND s.id = m.scope_site_id
LEFT JOIN job j ON j.org_id = m.org_id AND j.id = m.scope_job_id
LEFT JOIN person p ON p.id = m.agreed_by
LEFT JOIN mandate_trace t ON t.org_id = m.org_id AND t.mandate_id = m.id

-- link_live: read
-- Those of one client that stand, the last given first.
SELECT {{>link_line}} FROM mandate m
{{>link_joins}}
WHERE m.org_id = :org AND m.kind = 'link' AND m.scope_client_id = :of_client AND m.state = 'active' ORDER BY m.id DESC LIMIT 20

-- link_list: read
SELECT {{>link_line}} FROM mandate m
{{>link_joins}}
WHERE m.org_id = :org AND m.kind = 'link' AND m.state = :of_state [[of_client: AND m.scope_client_id = :of_client]] [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- link_list_paused: read
SELECT {{>link_line}}
FROM (SELECT x.org_id, x.mandate_id FROM link x WHERE x.org_id = :org AND x.paused_at IS NOT NULL) f
CROSS JOIN mandate m
{{>link_joins}}
WHERE m.org_id = f.org_id AND m.id = f.mandate_id AND m.state = 'active' [[of_client: AND m.scope_client_id = :of_client]] [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- link_show: read
SELECT {{>link_line}} FROM mandate m
{{>link_joins}}
WHERE m.org_id = :org AND m.kind = 'link' AND m.id = :of_link

-- link_openings: read
-- Every opening, the last first.
SELECT s.id, s.opened_at, s.network, s.agent, s.seen_at, CASE WHEN s.ended_at IS NULL AND s.expires_at > :now AND s.seen_at > :idle_since THEN 1 ELSE 0 END AS is_open
FROM link_opening s WHERE s.org_id = :org AND s.mandate_id = :of_link AND s.opened_at IS NOT NULL
  [[page_after: AND (s.opened_at, s.id) < (:page_after, :page_id)]]
ORDER BY s.opened_at DESC, s.id DESC LIMIT :page_limit

-- link_client: read
SELECT id, name, number FROM client WHERE org_id = :org AND id = :of_client

-- link_sites: read
SELECT id, name FROM site WHERE org_id = :org AND client_id = :of_client ORDER BY name_key, id LIMIT 200

-- link_jobs: read
-- The newest of the client's.
SELECT id, 'I-' || number || ' · ' || title AS name FROM job WHERE org_id = :org AND client_id = :of_client ORDER BY id DESC LIMIT 100

-- link_contacts: read
-- Whom it can be sent to, and who can get a code.
SELECT id, first_name || ' ' || last_name AS name, email FROM contact WHERE org_id = :org AND client_id = :of_client AND email <> '' ORDER BY name_key, id LIMIT 100

-- link_contact_of: read
SELECT id, email, first_name || ' ' || last_name AS name, lang FROM contact WHERE org_id = :org AND client_id = :of_client AND id = :of_contact AND email <> ''

-- link_claimants: read @across
-- As whom this person is a contact, with the address that they have proved.
SELECT ct.org_id, ct.id, p.email FROM contact ct CROSS JOIN person p WHERE ct.person_id = :of_person AND p.id = ct.person_id ORDER BY ct.org_id, ct.id LIMIT 100

-- link_unclaimed: read
-- Asked through a link of the contact's client, and nobody's yet.
SELECT j.id, j.contact_email FROM contact ct CROSS JOIN job j
WHERE ct.org_id = :org AND ct.id = :of_contact AND j.org_id = ct.org_id AND j.client_id = ct.client_id AND j.asked_how = 'link' AND j.asked_contact_id IS NULL
ORDER BY j.id DESC LIMIT 500

-- link_claim_job: write
UPDATE job SET asked_contact_id = :of_contact WHERE org_id = :org AND id = :of_job AND asked_how = 'link' AND asked_contact_id IS NULL
