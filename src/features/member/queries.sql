-- Members and their invitations. Somebody who is only asked goes by the name that was typed.

-- member_all: part
-- What every order shows beside the ids, and where it comes from.
CASE WHEN d.state = 'requested' THEN i.first_name || ' ' || i.last_name ELSE p.first_name || ' ' || p.last_name END AS name,
       CASE WHEN d.state = 'requested' THEN i.email ELSE p.email END AS email, m.title, d.detail AS role, d.state, d.starts_at AS since_at,
       g.first_name || ' ' || g.last_name AS invited_by_name, t.used_at, i.expires_at,
       CASE WHEN d.state = 'requested' AND i.expires_at <= :now THEN 1 ELSE 0 END AS is_expired, CASE WHEN m.id = :member THEN 1 ELSE 0 END AS is_self
FROM member m CROSS JOIN mandate d JOIN person p ON p.id = m.person_id
LEFT JOIN person g ON g.id = d.agreed_by
LEFT JOIN mandate_trace t ON t.org_id = d.org_id AND t.mandate_id = d.id
LEFT JOIN member_invitation i ON i.org_id = d.org_id AND i.mandate_id = d.id
WHERE m.org_id = :org AND d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership' AND d.detail <> 'collaborator'
  AND d.state IN ('requested', 'active')

-- member_found: part
-- Driven by the longest word: of what begins so at most 2,000 are looked at.
CASE WHEN d.state = 'requested' THEN i.first_name || ' ' || i.last_name ELSE p.first_name || ' ' || p.last_name END AS name,
       CASE WHEN d.state = 'requested' THEN i.email ELSE p.email END AS email, m.title, d.detail AS role, d.state, d.starts_at AS since_at,
       (SELECT g.first_name || ' ' || g.last_name FROM person g WHERE g.id = d.agreed_by) AS invited_by_name,
       (SELECT t.used_at FROM mandate_trace t WHERE t.org_id = d.org_id AND t.mandate_id = d.id) AS used_at, i.expires_at,
       CASE WHEN d.state = 'requested' AND i.expires_at <= :now THEN 1 ELSE 0 END AS is_expired, CASE WHEN m.id = :member THEN 1 ELSE 0 END AS is_self
FROM (SELECT DISTINCT a.member_id FROM (SELECT w.member_id FROM member_word w WHERE w.org_id = :org AND w.word >= :word AND w.word < :word_end
                                        ORDER BY w.word, w.member_id LIMIT 2000) a) f
CROSS JOIN member m CROSS JOIN mandate d JOIN person p ON p.id = m.person_id
LEFT JOIN member_invitation i ON i.org_id = d.org_id AND i.mandate_id = d.id
WHERE m.org_id = :org AND m.id = f.member_id AND d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership'
  AND d.detail <> 'collaborator' AND d.state IN ('requested', 'active')
  [[word2: AND EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = m.id AND v.word >= :word2 AND v.word < :word2_end)]]
  [[word3: AND EXISTS (SELECT 1 FROM member_word v WHERE v.org_id = :org AND v.member_id = m.id AND v.word >= :word3 AND v.word < :word3_end)]]

-- member_list: read
SELECT m.id, m.name_key, {{>member_all}}
  [[page_after: AND (m.name_key, m.id) > (:page_after, :page_id)]]
ORDER BY m.name_key, m.id LIMIT :page_limit

-- member_by_created: read
-- Ids are ordered by time.
SELECT m.id, {{>member_all}}
  [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- member_search: read
SELECT m.id, m.name_key, {{>member_found}}
  [[page_after: AND (m.name_key, m.id) > (:page_after, :page_id)]]
ORDER BY m.name_key, m.id LIMIT :page_limit

-- member_search_by_created: read
SELECT m.id, {{>member_found}}
  [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- member_show: read
SELECT m.id, CASE WHEN d.state = 'requested' THEN i.first_name || ' ' || i.last_name ELSE p.first_name || ' ' || p.last_name END AS name,
       CASE WHEN d.state = 'requested' THEN i.email ELSE p.email END AS email, m.title, d.id AS mandate_id, d.detail AS role, d.state,
       d.starts_at AS since_at, g.first_name || ' ' || g.last_name AS invited_by_name, t.used_at, i.sent_at, i.expires_at,
       CASE WHEN d.state = 'requested' AND i.expires_at <= :now THEN 1 ELSE 0 END AS is_expired, CASE WHEN m.id = :member THEN 1 ELSE 0 END AS is_self
FROM member m CROSS JOIN mandate d JOIN person p ON p.id = m.person_id
LEFT JOIN person g ON g.id = d.agreed_by
LEFT JOIN mandate_trace t ON t.org_id = d.org_id AND t.mandate_id = d.id
LEFT JOIN member_invitation i ON i.org_id = d.org_id AND i.mandate_id = d.id
WHERE m.org_id = :org AND m.id = :of_member AND d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership'
  AND d.detail <> 'collaborator' AND d.state IN ('requested', 'active')

-- member_take: write
-- Takes the row for the rest of the transaction: one change at a time.
UPDATE member SET title = title WHERE org_id = :org AND id = :of_member RETURNING person_id

-- member_title_put: write
UPDATE member SET title = :title WHERE org_id = :org AND id = :of_member

-- member_space: read
SELECT name FROM organization WHERE id = :org

-- member_lang: read
SELECT lang, CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password FROM person WHERE id = :person_id

-- member_person: read
SELECT id, lang, CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password FROM person WHERE email_key = :email_key

-- member_person_add: write
INSERT INTO person (id, email, email_key, first_name, last_name, lang, created_at)
VALUES (:id, :email, :email_key, :first_name, :last_name, :lang, :now) ON CONFLICT (email_key) DO NOTHING

-- member_of_person: read
SELECT d.state FROM member m JOIN mandate d ON d.org_id = m.org_id AND d.holder_member_id = m.id
WHERE m.org_id = :org AND m.person_id = :person_id AND d.kind = 'membership' AND d.detail <> 'collaborator' AND d.state IN ('requested', 'active')

-- collaborator_of_person: read
SELECT d.state FROM member m JOIN mandate d ON d.org_id = m.org_id AND d.holder_member_id = m.id
WHERE m.org_id = :org AND m.person_id = :person_id AND d.kind = 'membership' AND d.detail = 'collaborator' AND d.state IN ('requested', 'active')

-- invitation_add: write
INSERT INTO member_invitation (org_id, mandate_id, member_id, person_id, link_id, email, email_key, first_name, last_name, sent_at, expires_at)
VALUES (:org, :mandate_id, :member_id, :person_id, :link_id, :email, :email_key, :first_name, :last_name, :now, :expires_at)

-- invitation_link: read
SELECT link_id FROM member_invitation WHERE org_id = :org AND member_id = :of_member AND answered_at IS NULL ORDER BY link_id DESC LIMIT 1

-- invitation_renew: write
UPDATE member_invitation SET link_id = :link_id, sent_at = :now, expires_at = :expires_at
WHERE org_id = :org AND mandate_id = :mandate_id AND answered_at IS NULL
RETURNING person_id, email, first_name || ' ' || last_name AS name

-- invitation_open: read @across
-- A link that still works: who asks whom to what. An address that is no longer the person's opens nothing.
SELECT i.org_id, i.mandate_id, i.member_id, i.person_id, i.link_id, i.email, i.expires_at, d.detail AS role, d.agreed_by, m.title, o.name AS org_name,
       o.slug, o.is_portal_open, g.first_name || ' ' || g.last_name AS by_name, g.email AS by_email, g.lang AS by_lang, p.first_name, p.last_name,
       i.first_name || ' ' || i.last_name AS name, CASE WHEN p.password_hash IS NULL THEN 0 ELSE 1 END AS has_password,
       COALESCE((SELECT pa.name FROM dossier x JOIN organization pa ON pa.id = x.org_id WHERE x.client_org_id = i.org_id AND x.joining_id = i.mandate_id), '') AS partner_name
FROM member_invitation i
JOIN mandate d ON d.org_id = i.org_id AND d.id = i.mandate_id
JOIN member m ON m.org_id = i.org_id AND m.id = i.member_id
JOIN organization o ON o.id = i.org_id
JOIN person p ON p.id = i.person_id
LEFT JOIN person g ON g.id = d.agreed_by
WHERE i.link_id = :link_id AND i.answered_at IS NULL AND i.expires_at > :now AND d.state = 'requested' AND p.email_key = i.email_key

-- member_partner: read
-- A partner as named in what it sends to strangers.
SELECT id, name, legal_name, siren, street, postcode, city, phone, email FROM organization WHERE id = :org

-- invitation_take: write @across
-- Once.
UPDATE member_invitation SET answered_at = :now WHERE link_id = :link_id AND answered_at IS NULL AND expires_at > :now

-- invitation_end: write
UPDATE member_invitation SET answered_at = :now WHERE org_id = :org AND mandate_id = :mandate_id AND answered_at IS NULL

-- account_organizations: read @across
-- Where a person is a member, in which role; one's own role before that of a collaborator.
SELECT o.id, o.slug, o.name, o.city, o.is_partner, d.detail AS role, d.starts_at AS since_at, m.title, m.id AS member_id
FROM mandate_holder h CROSS JOIN mandate d JOIN organization o ON o.id = d.org_id
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
WHERE h.person_id = :person AND d.org_id = h.org_id AND d.id = h.mandate_id AND d.kind = 'membership' AND d.state = 'active'
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY o.name, o.id, CASE WHEN d.detail = 'collaborator' THEN 1 ELSE 0 END LIMIT 50

-- account_organization_members: read @across
-- The first members of one of these organizations: memberships alone, nobody's support (S-9).
SELECT m.id, p.first_name || ' ' || p.last_name AS name, m.title, d.detail AS role, CASE WHEN p.id = :person THEN 1 ELSE 0 END AS is_self
FROM member m CROSS JOIN mandate d JOIN person p ON p.id = m.person_id
WHERE m.org_id = :of_org AND d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership' AND d.detail <> 'collaborator'
  AND d.state = 'active'
ORDER BY m.name_key, m.id LIMIT :most
