-- The register: who may what, of whom, since when (M-1). Who was invited and has not accepted is called as the invitation says.

-- register_row: part
-- What the register says of a mandate m, wherever it does.
m.id, m.kind, m.detail, m.state, m.starts_at, m.ends_at, m.created_at, m.ended_at, m.ended_why, m.answer_by, m.holder_person_id, m.holder_contact_id,
  m.holder_member_id, m.grantor_client_id, m.scope_client_id,
  CASE WHEN i.mandate_id IS NOT NULL AND m.state IN ('requested', 'refused', 'expired') THEN i.first_name || ' ' || i.last_name
       WHEN ct.id IS NOT NULL THEN ct.first_name || ' ' || ct.last_name ELSE COALESCE(h.first_name || ' ' || h.last_name, ho.name, '') END AS holder_name,
  COALESCE(ho.name, '') AS holder_org_name, COALESCE(k.name, '') AS program_name, COALESCE(k.rights, '') AS token_rights,
  COALESCE(cl.name, '') AS client_name, COALESCE(g.first_name || ' ' || g.last_name, '') AS given_by_name, m.agreed_by,
  COALESCE(e.first_name || ' ' || e.last_name, '') AS ended_by_name, m.ended_by,
  CASE WHEN 0 < (SELECT COUNT(*) FROM member s WHERE s.org_id = m.org_id AND s.person_id = m.agreed_by) THEN 1 ELSE 0 END AS is_given_by_staff,
  CASE WHEN 0 < (SELECT COUNT(*) FROM member s WHERE s.org_id = m.org_id AND s.person_id = m.ended_by) THEN 1 ELSE 0 END AS is_ended_by_staff,
  t.used_at, o.name AS organization_name, o.slug, m.agreed_how, COALESCE(st.name, '') AS site_name, COALESCE(jb.number, 0) AS job_number

-- register_joins: part
JOIN organization o ON o.id = m.org_id
LEFT JOIN member_invitation i ON i.org_id = m.org_id AND i.mandate_id = m.id
LEFT JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id
LEFT JOIN client cl ON cl.org_id = m.org_id AND cl.id = COALESCE(m.scope_client_id, m.grantor_client_id)
LEFT JOIN person h ON h.id = m.holder_person_id
LEFT JOIN person g ON g.id = m.agreed_by
LEFT JOIN person e ON e.id = m.ended_by
LEFT JOIN token k ON k.org_id = m.org_id AND k.mandate_id = m.id
LEFT JOIN organization ho ON ho.id = m.holder_org_id
LEFT JOIN mandate_trace t ON t.org_id = m.org_id AND t.mandate_id = m.id
LEFT JOIN site st ON st.org_id = m.org_id AND st.id = m.scope_site_id
LEFT JOIN job jb ON jb.org_id = m.org_id AND jb.id = m.scope_job_id

-- register_list: read
SELECT {{>register_row}}
FROM mandate m
{{>register_joins}}
WHERE m.org_id = :org AND m.state = :state [[kind: AND m.kind = :kind]] [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- register_export: read
-- All of them, in whatever state: the register as a file.
SELECT {{>register_row}}
FROM mandate m
{{>register_joins}}
WHERE m.org_id = :org [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- register_search: read
-- By the words of holder or client. Driven by the longest word: of contacts, members and clients that begin so at most 500 each.
SELECT {{>register_row}}
FROM (SELECT DISTINCT s.id FROM (
    SELECT a.id FROM (SELECT w.id AS holder_id FROM word w WHERE w.org_id = :org AND w.kind = 'contact' AND w.word >= :word AND w.word < :word_end
      ORDER BY w.word, w.id LIMIT 500) x CROSS JOIN mandate a WHERE a.org_id = :org AND a.holder_contact_id = x.holder_id
    UNION ALL SELECT a.id FROM (SELECT w.member_id AS holder_id FROM member_word w WHERE w.org_id = :org AND w.word >= :word AND w.word < :word_end
      ORDER BY w.word, w.member_id LIMIT 500) x CROSS JOIN mandate a WHERE a.org_id = :org AND a.holder_member_id = x.holder_id
    UNION ALL SELECT a.id FROM (SELECT w.id AS scope_id FROM word w WHERE w.org_id = :org AND w.kind = 'client' AND w.word >= :word AND w.word < :word_end
      ORDER BY w.word, w.id LIMIT 500) x CROSS JOIN mandate a WHERE a.org_id = :org AND a.scope_client_id = x.scope_id) s) f
CROSS JOIN mandate m
{{>register_joins}}
WHERE m.org_id = :org AND m.id = f.id AND m.state = :state [[kind: AND m.kind = :kind]]
  [[word2: AND (EXISTS (SELECT 1 FROM word v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = m.holder_contact_id AND v.word >= :word2 AND v.word < :word2_end)
    OR EXISTS (SELECT 1 FROM word v WHERE v.org_id = :org AND v.kind = 'client' AND v.id = m.scope_client_id AND v.word >= :word2 AND v.word < :word2_end)
    OR EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = m.holder_member_id AND v.word >= :word2 AND v.word < :word2_end))]]
  [[word3: AND (EXISTS (SELECT 1 FROM word v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = m.holder_contact_id AND v.word >= :word3 AND v.word < :word3_end)
    OR EXISTS (SELECT 1 FROM word v WHERE v.org_id = :org AND v.kind = 'client' AND v.id = m.scope_client_id AND v.word >= :word3 AND v.word < :word3_end)
    OR EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = m.holder_member_id AND v.word >= :word3 AND v.word < :word3_end))]]
  [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- register_show: read
-- [[portal]]: what is of the client, or one's own.
SELECT {{>register_row}}, m.wording
FROM mandate m
{{>register_joins}}
WHERE m.org_id = :org AND m.id = :of_mandate [[portal: AND (m.scope_client_id = :client OR m.grantor_client_id = :client OR m.holder_contact_id = :contact)]]
  [[own: AND m.holder_contact_id = :contact]]

-- register_contact: read
-- What one contact may.
SELECT {{>register_row}}
FROM mandate m
{{>register_joins}}
WHERE m.org_id = :org AND m.holder_contact_id = :of_contact AND m.kind = 'access' AND m.state = 'active' ORDER BY m.detail LIMIT 20

-- register_client: read
-- What others may of one client's things: on the client, or given by it.
SELECT {{>register_row}}
FROM (SELECT a.id FROM (SELECT s.id FROM mandate s WHERE s.org_id = :org AND s.scope_client_id = :client AND s.state = :state
        [[page_after: AND s.id < :page_after]] ORDER BY s.id DESC LIMIT :page_limit) a
      UNION SELECT b.id FROM (SELECT s.id FROM mandate s WHERE s.org_id = :org AND s.grantor_client_id = :client AND s.state = :state
        [[page_after: AND s.id < :page_after]] ORDER BY s.id DESC LIMIT :page_limit) b) f
CROSS JOIN mandate m
{{>register_joins}}
WHERE m.org_id = :org AND m.id = f.id
ORDER BY m.id DESC LIMIT :page_limit

-- register_client_own: read
-- What one contact may there, tokens and all.
SELECT {{>register_row}}
FROM mandate m
{{>register_joins}}
WHERE m.org_id = :org AND m.holder_contact_id = :contact AND m.kind IN ('access', 'token') AND m.state = 'active' ORDER BY m.kind, m.detail, m.id LIMIT 50

-- register_elsewhere: read @across
-- What an organization may at others, by its people.
SELECT {{>register_row}}, m.org_id
FROM mandate m
{{>register_joins}}
WHERE m.holder_org_id = :org AND m.state = :state [[page_after: AND (m.org_id, m.id) > (:page_after, :page_id)]]
ORDER BY m.org_id, m.id LIMIT :page_limit

-- register_mine: read @across
-- What a person may, or might, everywhere.
SELECT {{>register_row}}
FROM mandate m
{{>register_joins}}
WHERE m.holder_person_id = :person AND m.state = :state [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- register_own: read @across
-- One of them, with its receipt; ended or not.
SELECT {{>register_row}}, m.org_id, m.wording
FROM mandate m
{{>register_joins}}
WHERE m.holder_person_id = :person AND m.state IN ('active', 'ended') AND m.id = :of_mandate

-- register_journal: read
-- What was done under a mandate (M-3), the last first.
SELECT j.number AS id, j.at, j.action, j.object_kind, j.object_id, j.entry FROM journal j
WHERE j.org_id = :org AND j.mandate_id = :of_mandate [[page_after: AND j.number < :page_after]]
ORDER BY j.number DESC LIMIT :page_limit

-- register_actor: read @across
-- Somebody who did something here.
SELECT first_name || ' ' || last_name AS name FROM person WHERE id = :of_person

-- register_person: read
-- Somebody who is or was given something here; nobody else has a name here.
SELECT p.first_name || ' ' || p.last_name AS name FROM person p
WHERE p.id = :of_person AND (EXISTS (SELECT 1 FROM member s WHERE s.org_id = :org AND s.person_id = p.id)
  OR EXISTS (SELECT 1 FROM contact c WHERE c.org_id = :org AND c.person_id = p.id [[portal: AND c.client_id = :client]])) [[portal: AND EXISTS (SELECT 1
  FROM contact c WHERE c.org_id = :org AND c.person_id = p.id AND c.client_id = :client)]]

-- register_people: read
-- Members and contacts with a login, by the words of their name: for choosing.
SELECT q.id, q.name, q.sub FROM (
  SELECT p.id, p.first_name || ' ' || p.last_name AS name, s.title AS sub
  FROM (SELECT DISTINCT a.member_id FROM (SELECT w.member_id FROM member_word w WHERE w.org_id = :org AND w.word >= :word AND w.word < :word_end
      ORDER BY w.word, w.member_id LIMIT 500) a) f CROSS JOIN member s JOIN person p ON p.id = s.person_id
  WHERE s.org_id = :org AND s.id = f.member_id
    [[word2: AND EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = s.id AND v.word >= :word2 AND v.word < :word2_end)]]
    [[word3: AND EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = s.id AND v.word >= :word3 AND v.word < :word3_end)]]
    AND EXISTS (SELECT 1 FROM mandate d WHERE d.org_id = s.org_id AND d.holder_member_id = s.id AND d.kind = 'membership' AND d.state IN ('active', 'ended'))
  UNION ALL
  SELECT p.id, p.first_name || ' ' || p.last_name AS name, COALESCE(cl.name, '') AS sub
  FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'contact' AND w.word >= :word AND w.word < :word_end
      ORDER BY w.word, w.id LIMIT 500) a) f CROSS JOIN contact c JOIN person p ON p.id = c.person_id LEFT JOIN client cl ON cl.org_id = c.org_id AND cl.id = c.client_id
  WHERE c.org_id = :org AND c.id = f.id
    [[word2: AND EXISTS (SELECT 1 FROM word v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = c.id AND v.word >= :word2 AND v.word < :word2_end)]]
    [[word3: AND EXISTS (SELECT 1 FROM word v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = c.id AND v.word >= :word3 AND v.word < :word3_end)]]) q
ORDER BY q.name, q.id LIMIT 20

-- register_contacts: read
-- Of which clients here somebody is a contact with something given to them, in the order the gate takes them.
SELECT ct.id, ct.client_id, cl.name FROM contact ct CROSS JOIN client cl
WHERE ct.org_id = :org AND ct.person_id = :of_person AND cl.org_id = ct.org_id AND cl.id = ct.client_id
  AND 0 < (SELECT COUNT(*) FROM mandate m WHERE m.org_id = ct.org_id AND m.holder_contact_id = ct.id AND m.kind = 'access' AND m.state = 'active')
ORDER BY ct.id + 0 LIMIT 50

-- register_colleagues: read
-- The contacts of one client who have a login.
SELECT p.id, c.first_name || ' ' || c.last_name AS name FROM contact c JOIN person p ON p.id = c.person_id
WHERE c.org_id = :org AND c.client_id = :client ORDER BY c.name_key, c.id LIMIT 100

-- register_holder: read
-- The person on one side of a mandate, while there is one.
SELECT h.email, h.first_name || ' ' || h.last_name AS name, h.lang FROM mandate m JOIN person h ON h.id = m.holder_person_id
WHERE m.org_id = :org AND m.id = :of_mandate

-- register_holder_house: read @across
-- Where an organization holds it and nobody by themself: its administrators.
SELECT p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM mandate m CROSS JOIN mandate a JOIN person p ON p.id = a.holder_person_id
WHERE m.org_id = :org AND m.id = :of_mandate AND m.holder_person_id IS NULL AND a.org_id = m.holder_org_id AND a.state = 'active'
  AND a.kind = 'membership' AND a.detail = 'administrator' ORDER BY a.id LIMIT 20

-- register_grantor: read
-- Who agreed to it for the other side, while they have a place there.
SELECT g.email, g.first_name || ' ' || g.last_name AS name, g.lang FROM mandate m JOIN person g ON g.id = m.agreed_by
WHERE m.org_id = :org AND m.id = :of_mandate AND EXISTS (SELECT 1 FROM mandate_holder x CROSS JOIN mandate y
  WHERE x.person_id = g.id AND x.org_id = m.org_id AND y.org_id = x.org_id AND y.id = x.mandate_id AND y.state = 'active'
    AND (y.kind = 'membership' OR m.grantor_client_id IS NOT NULL))

-- register_administrators: read
-- Who is told where that person has gone.
SELECT p.email, p.first_name || ' ' || p.last_name AS name, p.lang FROM mandate m JOIN person p ON p.id = m.holder_person_id
WHERE m.org_id = :org AND m.state = 'active' AND m.kind = 'membership' AND m.detail = 'administrator' ORDER BY m.id LIMIT 20

-- register_token: read
-- A program that may something here now, and as whom.
SELECT k.name, k.rights, m.holder_person_id AS person_id, COALESCE(m.holder_member_id, 0) AS member_id, COALESCE(m.holder_contact_id, 0) AS contact_id,
  COALESCE(m.scope_client_id, 0) AS client_id, m.starts_at, p.first_name || ' ' || p.last_name AS person_name
FROM token k JOIN mandate m ON m.org_id = k.org_id AND m.id = k.mandate_id JOIN person p ON p.id = m.holder_person_id
WHERE k.org_id = :org AND k.mandate_id = :of_token AND m.kind = 'token' AND m.state = 'active' AND m.starts_at <= :now AND m.ends_at > :now

-- register_link: read
-- A link that opens now, and on what.
SELECT m.id, m.kind, m.detail, m.starts_at, m.scope_client_id AS client_id, m.scope_job_id AS job_id, cl.name AS client_name, o.is_partner, o.is_operator,
  p.first_name || ' ' || p.last_name AS granted_by
FROM mandate m JOIN link l ON l.org_id = m.org_id AND l.mandate_id = m.id JOIN organization o ON o.id = m.org_id
JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id LEFT JOIN person p ON p.id = m.agreed_by
WHERE m.org_id = :org AND m.id = :of_link AND m.kind = 'link' AND m.state = 'active' AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now) AND l.paused_at IS NULL

-- journal_of_object: read
-- What was done to one thing, the last first.
SELECT j.number AS id, j.at, j.action, j.object_kind, j.object_id, j.entry FROM journal j
WHERE j.org_id = :org AND j.object_kind = :object_kind AND j.object_id = :object_id [[page_after: AND j.number < :page_after]]
ORDER BY j.number DESC LIMIT :page_limit
