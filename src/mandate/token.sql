-- Tokens of the API.

-- token_find: read @across
-- At every request of a program: whose token it is, for which space, while it lasts.
SELECT t.org_id, t.mandate_id, t.rights, m.starts_at, m.holder_person_id AS person_id, COALESCE(m.holder_member_id, 0) AS member_id,
       COALESCE(m.holder_contact_id, 0) AS contact_id, COALESCE(m.scope_client_id, 0) AS client_id,
       p.first_name || ' ' || p.last_name AS name, p.email, p.lang
FROM token t
JOIN mandate m ON m.org_id = t.org_id AND m.id = t.mandate_id
JOIN person p ON p.id = m.holder_person_id
WHERE t.hash = :hash AND m.kind = 'token' AND m.state = 'active' AND m.starts_at <= :now AND m.ends_at > :now

-- token_list: read @across
-- A person's own, in whichever space, also those past their date. CROSS JOIN: from the holder outwards.
SELECT m.id, t.name, t.rights, t.ends_on, m.starts_at AS given_at, x.used_at, o.slug, o.name AS org_name, COALESCE(cl.name, '') AS client_name,
       CASE WHEN m.holder_member_id IS NULL THEN 0 ELSE 1 END AS is_member, CASE WHEN m.ends_at > :now THEN 0 ELSE 1 END AS is_over
FROM mandate_holder h
CROSS JOIN mandate m
JOIN token t ON t.org_id = m.org_id AND t.mandate_id = m.id
JOIN organization o ON o.id = m.org_id
LEFT JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id
LEFT JOIN mandate_trace x ON x.org_id = m.org_id AND x.mandate_id = m.id
WHERE h.person_id = :person AND m.org_id = h.org_id AND m.id = h.mandate_id AND m.kind = 'token' AND m.state = 'active'
ORDER BY m.id DESC LIMIT 100

-- token_mandate_insert: write
INSERT INTO mandate (org_id, id, kind, state, holder_person_id, holder_member_id, holder_contact_id, scope_client_id, wording, agreed_by, agreed_how,
  starts_at, ends_at, created_at)
VALUES (:org, :id, 'token', 'active', :person, :of_member, :of_contact, :of_client, :wording, :person, 'form', :now, :ends_at, :now)

-- token_insert: write
INSERT INTO token (org_id, mandate_id, hash, name, rights, ends_on) VALUES (:org, :id, :hash, :name, :rights, :ends_on)

-- token_end: write @across
-- One's own, in whichever organization.
UPDATE mandate SET state = 'ended', ended_at = :now, ended_by = :person, ended_why = 'withdrawn'
WHERE (org_id, id) IN (SELECT h.org_id, h.mandate_id FROM mandate_holder h WHERE h.person_id = :person AND h.mandate_id = :token_id)
  AND kind = 'token' AND state = 'active'
RETURNING org_id

-- token_holder_drop: write
DELETE FROM mandate_holder WHERE person_id = :person AND org_id = :org_id AND mandate_id = :token_id
