-- A partner's dossiers, from its own copy: what it may do in one of them is never read from here (src/mandate/support.sql).

-- dossier_row: part
d.id, d.name, d.name_key, d.city, d.state, d.level, d.is_lasting, d.ends_at, d.asked_at, d.note, d.reason, d.member_id, d.request_id, d.changed_at,
       p.first_name || ' ' || p.last_name AS member_name, q.first_name || ' ' || q.last_name AS request_member_name,
       CASE WHEN d.state = 'active' AND m.person_id = :person THEN 1 ELSE 0 END AS is_mine, CASE WHEN n.person_id = :person THEN 1 ELSE 0 END AS is_asked_for_me

-- dossier_joins: part
-- The collaborator in charge (p), and the one asked for (q).
LEFT JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN member n ON n.org_id = d.org_id AND n.id = d.request_member_id
LEFT JOIN person q ON q.id = n.person_id

-- dossier_list: read
SELECT {{>dossier_row}}
FROM dossier d
{{>dossier_joins}}
WHERE d.org_id = :org [[state: AND d.state = :state]] [[support: AND d.member_id = :support]]
  [[page_after: AND (d.name_key, d.id) > (:page_after, :page_id)]]
ORDER BY d.name_key, d.id LIMIT :page_limit

-- dossier_ending: read
-- Access that ends by a time, the soonest first.
SELECT {{>dossier_row}}
FROM dossier d
{{>dossier_joins}}
WHERE d.org_id = :org AND d.state = 'active' AND d.ends_at <= :until
  [[page_after: AND (d.ends_at, d.id) > (:page_after, :page_id)]]
ORDER BY d.ends_at, d.id LIMIT :page_limit

-- dossier_search: read
-- By the words of the organization's name and city; of what begins so at most 2,000 are looked at.
SELECT {{>dossier_row}}
FROM (SELECT DISTINCT a.dossier_id FROM (SELECT w.dossier_id FROM dossier_word w WHERE w.org_id = :org AND w.word >= :word AND w.word < :word_end
                                         ORDER BY w.word, w.dossier_id LIMIT 2000) a) f
CROSS JOIN dossier d
{{>dossier_joins}}
WHERE d.org_id = :org AND d.id = f.dossier_id
  [[word2: AND EXISTS (SELECT 1 FROM dossier_word v WHERE v.org_id = :org AND v.dossier_id = d.id AND v.word >= :word2 AND v.word < :word2_end)]]
  [[word3: AND EXISTS (SELECT 1 FROM dossier_word v WHERE v.org_id = :org AND v.dossier_id = d.id AND v.word >= :word3 AND v.word < :word3_end)]]
  [[page_after: AND (d.name_key, d.id) > (:page_after, :page_id)]]
ORDER BY d.name_key, d.id LIMIT :page_limit

-- dossier_show: read
SELECT d.id, d.client_org_id, d.mandate_id, d.name, d.city, d.state, d.level, d.is_lasting, d.ends_at, d.asked_at, d.note, d.reason, d.member_id, d.support_id, d.request_id,
       p.first_name || ' ' || p.last_name AS member_name, q.first_name || ' ' || q.last_name AS request_member_name,
       CASE WHEN d.state = 'active' AND m.person_id = :person THEN 1 ELSE 0 END AS is_mine, CASE WHEN n.person_id = :person THEN 1 ELSE 0 END AS is_asked_for_me
FROM dossier d
{{>dossier_joins}}
WHERE d.org_id = :org AND d.id = :dossier

-- dossier_ids: read
-- Those of one state or one collaborator, for an act on all of them.
SELECT f.id FROM (SELECT d.id FROM dossier d WHERE d.org_id = :org [[state: AND d.state = :state]] [[support: AND d.member_id = :support]]
                    AND d.state NOT IN ('invited', 'left') ORDER BY d.name_key, d.id LIMIT 1001) f
ORDER BY f.id LIMIT 1001

-- collaborator_row: part
-- Who is only asked goes by the name that was typed. Dossiers of one are counted up to 101.
m.id, m.name_key, CASE WHEN d.state = 'requested' THEN i.first_name || ' ' || i.last_name ELSE p.first_name || ' ' || p.last_name END AS name,
       CASE WHEN d.state = 'requested' THEN i.email ELSE p.email END AS email, m.phone, d.state, d.starts_at AS since_at,
       (SELECT g.first_name || ' ' || g.last_name FROM person g WHERE g.id = d.agreed_by) AS invited_by_name,
       (SELECT t.used_at FROM mandate_trace t WHERE t.org_id = d.org_id AND t.mandate_id = d.id) AS used_at, i.expires_at,
       CASE WHEN d.state = 'requested' AND i.expires_at <= :now THEN 1 ELSE 0 END AS is_expired, CASE WHEN m.id = :member THEN 1 ELSE 0 END AS is_self,
       (SELECT COUNT(*) FROM (SELECT x.id FROM dossier x WHERE x.org_id = :org AND x.member_id = m.id LIMIT 101) n) AS dossier_count

-- collaborator_list: read
-- The partner's people (S-1).
SELECT {{>collaborator_row}}
FROM member m CROSS JOIN mandate d JOIN person p ON p.id = m.person_id
LEFT JOIN member_invitation i ON i.org_id = d.org_id AND i.mandate_id = d.id
WHERE m.org_id = :org AND m.is_collaborator = 1
  AND d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership' AND d.detail = 'collaborator' AND d.state IN ('requested', 'active')
  [[page_after: AND (m.name_key, m.id) > (:page_after, :page_id)]]
ORDER BY m.name_key, m.id LIMIT :page_limit

-- collaborator_search: read
-- By the words of name and address; of what begins so at most 2,000 are looked at.
SELECT {{>collaborator_row}}
FROM (SELECT DISTINCT a.member_id FROM (SELECT w.member_id FROM member_word w WHERE w.org_id = :org AND w.word >= :word AND w.word < :word_end
                                        ORDER BY w.word, w.member_id LIMIT 2000) a) f
CROSS JOIN member m CROSS JOIN mandate d JOIN person p ON p.id = m.person_id
LEFT JOIN member_invitation i ON i.org_id = d.org_id AND i.mandate_id = d.id
WHERE m.org_id = :org AND m.id = f.member_id
  AND d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership' AND d.detail = 'collaborator' AND d.state IN ('requested', 'active')
  [[word2: AND EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = m.id AND v.word >= :word2 AND v.word < :word2_end)]]
  [[word3: AND EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = m.id AND v.word >= :word3 AND v.word < :word3_end)]]
  [[page_after: AND (m.name_key, m.id) > (:page_after, :page_id)]]
ORDER BY m.name_key, m.id LIMIT :page_limit

-- collaborator_show: read
SELECT m.id, CASE WHEN d.state = 'requested' THEN i.first_name || ' ' || i.last_name ELSE p.first_name || ' ' || p.last_name END AS name,
       CASE WHEN d.state = 'requested' THEN i.email ELSE p.email END AS email, m.phone, d.id AS mandate_id, d.state, d.starts_at AS since_at,
       g.first_name || ' ' || g.last_name AS invited_by_name, t.used_at, i.expires_at,
       CASE WHEN d.state = 'requested' AND i.expires_at <= :now THEN 1 ELSE 0 END AS is_expired, CASE WHEN m.id = :member THEN 1 ELSE 0 END AS is_self
FROM member m CROSS JOIN mandate d JOIN person p ON p.id = m.person_id
LEFT JOIN person g ON g.id = d.agreed_by
LEFT JOIN mandate_trace t ON t.org_id = d.org_id AND t.mandate_id = d.id
LEFT JOIN member_invitation i ON i.org_id = d.org_id AND i.mandate_id = d.id
WHERE m.org_id = :org AND m.id = :of_member
  AND d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership' AND d.detail = 'collaborator' AND d.state IN ('requested', 'active')

-- collaborator_phone_put: write
UPDATE member SET phone = :phone WHERE org_id = :org AND id = :of_member

-- collaborator_dossiers: read
-- What ends with a collaborator, the first by name: in charge, asked for, or asked to take over.
SELECT x.id, x.name, x.name_key, x.is_active FROM (
  SELECT y.id, y.name, y.name_key, y.is_active FROM (SELECT d.id, d.name, d.name_key, CASE WHEN d.state = 'active' AND d.member_id = :of_member THEN 1 ELSE 0 END AS is_active
                 FROM dossier d WHERE d.org_id = :org AND d.member_id = :of_member ORDER BY d.name_key, d.id LIMIT 20) y
  UNION
  SELECT y.id, y.name, y.name_key, y.is_active FROM (SELECT d.id, d.name, d.name_key, CASE WHEN d.state = 'active' AND d.member_id = :of_member THEN 1 ELSE 0 END AS is_active
                 FROM dossier d WHERE d.org_id = :org AND d.request_member_id = :of_member ORDER BY d.name_key, d.id LIMIT 20) y) x
ORDER BY x.name_key, x.id LIMIT 20

-- collaborator_dossier_count: read
SELECT (SELECT COUNT(*) FROM (SELECT d.id FROM dossier d WHERE d.org_id = :org AND d.member_id = :of_member
                              UNION SELECT e.id FROM dossier e WHERE e.org_id = :org AND e.request_member_id = :of_member) x) AS count
FROM member m WHERE m.org_id = :org AND m.id = :of_member

-- dossier_of_siren: read @across
-- An organization that this partner follows already, by its number; of nobody else's is anything said.
SELECT d.id FROM organization o
JOIN dossier d ON d.client_org_id = o.id AND d.org_id = :org
JOIN mandate m ON m.org_id = d.client_org_id AND m.id = d.mandate_id AND m.state = 'active'
WHERE o.siren = :siren ORDER BY d.id LIMIT 1

-- partner_person: read
-- Somebody who works for this partner, in whatever role.
SELECT m.id FROM person p JOIN member m ON m.person_id = p.id AND m.org_id = :org
JOIN mandate d ON d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership' AND d.state = 'active'
WHERE p.email_key = :email_key ORDER BY m.id LIMIT 1

-- dossier_take: write
-- One change at a time of a dossier that waits for its administrator.
UPDATE dossier SET changed_at = :now WHERE org_id = :org AND id = :dossier

-- dossier_waiting: read @across
-- The organization that this partner made and that nobody has entered yet, and who was asked to.
SELECT d.client_org_id, d.mandate_id, d.joining_id, d.name, j.state AS offer_state, i.member_id, i.first_name, i.last_name, i.first_name || ' ' || i.last_name AS admin_name,
       i.email, i.sent_at, i.expires_at
FROM dossier d
JOIN mandate m ON m.org_id = d.client_org_id AND m.id = d.mandate_id AND m.state = 'active'
JOIN mandate j ON j.org_id = d.client_org_id AND j.id = d.joining_id AND j.state IN ('requested', 'expired')
JOIN member_invitation i ON i.org_id = j.org_id AND i.mandate_id = j.id
WHERE d.org_id = :org AND d.id = :dossier

-- dossier_invite_list: read
-- Whom this partner invited, the last first; which organization that is only where it has accepted.
SELECT v.id, v.email, v.asked_at, v.sent_at, v.sent_count, v.expires_at, v.answer, v.answered_at, v.dossier_id, COALESCE(d.name, '') AS client_name,
       p.first_name || ' ' || p.last_name AS asked_by_name, CASE WHEN v.answer = '' AND v.expires_at <= :now THEN 1 ELSE 0 END AS is_expired
FROM dossier_invite v
LEFT JOIN dossier d ON d.org_id = v.org_id AND d.id = v.dossier_id
LEFT JOIN person p ON p.id = v.asked_by
WHERE v.org_id = :org [[page_after: AND v.id < :page_after]] ORDER BY v.id DESC LIMIT :page_limit

-- dossier_invite_show: read
SELECT id, answer FROM dossier_invite WHERE org_id = :org AND id = :invite

-- dossier_invite_standing: read
-- What speaks against inviting this address once more: one that is open, or a refusal of late.
SELECT v.answer FROM dossier_invite v
WHERE v.org_id = :org AND v.email_key = :email_key AND ((v.answer = '' AND v.expires_at > :now) OR (v.answer = 'declined' AND v.answered_at > :since))
ORDER BY v.answer LIMIT 1

-- dossier_invite_clear: write
-- One that nobody answered in its time makes room for another.
UPDATE dossier_invite SET answer = 'withdrawn', answered_at = expires_at WHERE org_id = :org AND email_key = :email_key AND answer = '' AND expires_at <= :now

-- dossier_invite_add: write
INSERT INTO dossier_invite (org_id, id, link_id, email, email_key, asked_by, asked_at, sent_at, expires_at)
VALUES (:org, :id, :link_id, :email, :email_key, :person, :now, :now, :expires_at) ON CONFLICT DO NOTHING

-- dossier_invite_renew: write
-- Another link, and the one before is dead; not too often.
UPDATE dossier_invite SET link_id = :link_id, sent_at = :now, sent_count = sent_count + 1, expires_at = :expires_at
WHERE org_id = :org AND id = :invite AND answer = '' AND sent_at <= :sent_before RETURNING email, email_key

-- dossier_invite_withdraw: write
UPDATE dossier_invite SET answer = 'withdrawn', answered_at = :now WHERE org_id = :org AND id = :invite AND answer = ''

-- dossier_invite_find: read @across
-- A link that still works: which partner asks, and by whom.
SELECT v.id, v.link_id, v.email, v.email_key, v.expires_at, o.id AS partner_id, o.slug AS partner_slug, o.name AS partner_name, o.legal_name AS partner_legal_name,
       o.siren AS partner_siren, o.street AS partner_street, o.postcode AS partner_postcode, o.city AS partner_city, o.phone AS partner_phone, o.email AS partner_email,
       p.first_name || ' ' || p.last_name AS asked_by_name, p.email AS asked_by_email, p.lang AS asked_by_lang
FROM dossier_invite v
JOIN organization o ON o.id = v.org_id AND o.is_partner = 1
JOIN person p ON p.id = v.asked_by
WHERE v.link_id = :link_id AND v.answer = '' AND v.expires_at > :now

-- dossier_invite_organizations: read @across
-- The organizations that a person administers, and which of them this partner looks after, or is asked to, already.
SELECT o.id, o.name, o.city, o.slug, CASE WHEN EXISTS (SELECT 1 FROM mandate x WHERE x.org_id = o.id AND x.holder_org_id = :partner_id AND x.kind = 'dossier'
                                                       AND x.state IN ('requested', 'active')) THEN 1 ELSE 0 END AS is_dossier
FROM mandate_holder h CROSS JOIN mandate d JOIN organization o ON o.id = d.org_id
WHERE h.person_id = :person AND d.org_id = h.org_id AND d.id = h.mandate_id AND d.kind = 'membership' AND d.detail = 'administrator' AND d.state = 'active'
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now) AND o.id <> :partner_id
ORDER BY o.name, o.id LIMIT 50

-- dossier_invite_answer: write @across
-- Once.
UPDATE dossier_invite SET answer = :answer, answered_at = :now WHERE link_id = :link_id AND answer = '' AND expires_at > :now

-- dossier_invite_became: write @across
UPDATE dossier_invite SET dossier_id = :dossier_id WHERE link_id = :link_id AND answer = 'accepted'

-- white_label_show: read
SELECT name, is_white_label FROM organization WHERE id = :org

-- white_label_put: write
UPDATE organization SET is_white_label = :is_white_label WHERE id = :org
