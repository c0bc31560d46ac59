-- Becoming a partner (S-0), and the operator's list of organizations. Those that cross are the operator's: the right says so, before any of them runs.

-- partner_ask_show: read
SELECT o.name, o.slug, o.is_partner, COALESCE(a.state, '') AS state, COALESCE(a.message, '') AS message, COALESCE(a.note, '') AS note, a.asked_at, a.answered_at
FROM organization o LEFT JOIN partner_ask a ON a.org_id = o.id WHERE o.id = :org

-- partner_ask_put: write
-- Asked, or asked again after a refusal or an end. One that waits, or was approved, stays.
INSERT INTO partner_ask (org_id, state, message, asked_by, asked_at) VALUES (:org, 'asked', :message, :person, :now)
ON CONFLICT (org_id) DO UPDATE SET state = 'asked', message = :message, asked_by = :person, asked_at = :now, answered_by = NULL, answered_at = NULL, note = ''
WHERE partner_ask.state IN ('refused', 'ended')

-- partner_ask_drop: write
-- Taken back: what came before stays among the events.
DELETE FROM partner_ask WHERE org_id = :org AND state = 'asked'

-- partner_event_add: write @across
INSERT INTO partner_event (org_id, id, what, note, person_id, at) VALUES (:organization_id, :id, :what, :note, :person, :now)

-- partner_history: read
-- What the organization reads of how it came: without who of the operator it was.
SELECT e.id, e.what, e.note, e.at FROM partner_event e WHERE e.org_id = :org ORDER BY e.id DESC LIMIT 20

-- operator_organizations: read @across
-- Every organization, or every partner, by name.
SELECT o.id, o.name, o.name_key, o.city, o.siren, o.slug, o.is_partner, o.is_operator, o.created_at, COALESCE(a.state, '') AS ask_state, a.asked_at
FROM organization o LEFT JOIN partner_ask a ON a.org_id = o.id
WHERE 1 = 1 [[partners: AND o.is_partner = :partners]] [[page_after: AND (o.name_key, o.id) > (:page_after, :page_id)]]
ORDER BY o.name_key, o.id LIMIT :page_limit

-- operator_asks: read @across
-- Those whose request stands so, the longest waiting first.
SELECT o.id, o.name, o.name_key, o.city, o.siren, o.slug, o.is_partner, o.is_operator, o.created_at, a.state AS ask_state, a.asked_at
FROM partner_ask a JOIN organization o ON o.id = a.org_id
WHERE a.state = :ask_state [[page_after: AND (a.asked_at, a.org_id) > (:page_after, :page_id)]]
ORDER BY a.asked_at, a.org_id LIMIT :page_limit

-- operator_search: read @across
-- By the words of name, SIREN, city and address; of what begins so at most 2,000 are looked at.
SELECT o.id, o.name, o.name_key, o.city, o.siren, o.slug, o.is_partner, o.is_operator, o.created_at, COALESCE(a.state, '') AS ask_state, a.asked_at
FROM (SELECT DISTINCT b.organization_id FROM (SELECT w.organization_id FROM organization_word w WHERE w.word >= :word AND w.word < :word_end
                                              ORDER BY w.word, w.organization_id LIMIT 2000) b) f
CROSS JOIN organization o
LEFT JOIN partner_ask a ON a.org_id = o.id
WHERE o.id = f.organization_id [[partners: AND o.is_partner = :partners]] [[ask_state: AND a.state = :ask_state]]
  [[word2: AND 0 < (SELECT COUNT(*) FROM organization_word v WHERE v.organization_id = o.id AND v.word >= :word2 AND v.word < :word2_end)]]
  [[word3: AND 0 < (SELECT COUNT(*) FROM organization_word v WHERE v.organization_id = o.id AND v.word >= :word3 AND v.word < :word3_end)]]
  [[page_after: AND (o.name_key, o.id) > (:page_after, :page_id)]]
ORDER BY o.name_key, o.id LIMIT :page_limit

-- operator_organization: read @across
SELECT o.id, o.name, o.slug, o.legal_name, o.siren, o.street, o.postcode, o.city, o.email, o.phone, o.is_partner, o.is_operator, o.is_portal_open, o.created_at,
       COALESCE(a.state, '') AS ask_state, COALESCE(a.message, '') AS message, COALESCE(a.note, '') AS note, a.asked_at, a.answered_at,
       COALESCE(p.first_name || ' ' || p.last_name, '') AS asked_by_name
FROM organization o LEFT JOIN partner_ask a ON a.org_id = o.id LEFT JOIN person p ON p.id = a.asked_by
WHERE o.id = :organization_id

-- operator_history: read @across
-- What happened about being a partner, the last first.
SELECT e.id, e.what, e.note, e.at, COALESCE(p.first_name || ' ' || p.last_name, '') AS by_name
FROM partner_event e LEFT JOIN person p ON p.id = e.person_id
WHERE e.org_id = :organization_id ORDER BY e.id DESC LIMIT 50

-- partner_set: write @across
UPDATE organization SET is_partner = :is_partner WHERE id = :organization_id AND is_partner <> :is_partner

-- partner_ask_answer: write @across
-- The answer; also where nobody asked, for the operator can make a partner by itself.
INSERT INTO partner_ask (org_id, state, asked_at, answered_by, answered_at, note) VALUES (:organization_id, :ask_state, :now, :person, :now, :note)
ON CONFLICT (org_id) DO UPDATE SET state = :ask_state, answered_by = :person, answered_at = :now, note = :note

-- partner_ask_refuse: write @across
UPDATE partner_ask SET state = 'refused', answered_by = :person, answered_at = :now, note = :note WHERE org_id = :organization_id AND state = 'asked'

-- partner_ask_take: write @across
-- The request that the operator has before its eyes: another one, or none any more, changes nothing.
UPDATE partner_ask SET answered_at = answered_at WHERE org_id = :organization_id AND state = 'asked' AND asked_at = :asked_at

-- partner_touched: read @across
-- What ends with a partner: its dossiers, and how far each is.
SELECT COUNT(*) AS dossier_count, COALESCE(SUM(CASE WHEN d.state = 'active' THEN 1 ELSE 0 END), 0) AS support_count,
       COALESCE(SUM(CASE WHEN d.request_id IS NOT NULL THEN 1 ELSE 0 END), 0) AS request_count,
       COALESCE(SUM(CASE WHEN d.state = 'invited' THEN 1 ELSE 0 END), 0) AS invited_count,
       COUNT(DISTINCT CASE WHEN d.state = 'active' THEN d.member_id ELSE NULL END) AS collaborator_count,
       (SELECT COUNT(*) FROM dossier_invite i WHERE i.org_id = :organization_id AND i.answer = '') AS letter_count
FROM dossier d WHERE d.org_id = :organization_id AND d.state <> 'left'

-- partner_touched_list: read @across
-- The first of them by name.
SELECT d.id, d.name, d.city, d.state FROM dossier d WHERE d.org_id = :organization_id AND d.state <> 'left' ORDER BY d.name_key, d.id LIMIT 20

-- partner_left_dossiers: read @across
-- The next of what a partner had when it was withdrawn, in the order of the organizations, so that two such acts do not wait for each other. What was under way
-- when it was withdrawn is of that time as well: all that began before it was approved again.
SELECT d.client_org_id AS id, d.mandate_id, d.support_id, d.request_id, d.state, d.name, o.name AS partner_name, COALESCE(p.first_name || ' ' || p.last_name, '') AS member_name
FROM dossier d JOIN organization o ON o.id = d.org_id
JOIN mandate g ON g.org_id = d.client_org_id AND g.id = d.mandate_id AND (g.created_at <= :before_at OR g.created_at < COALESCE(
  (SELECT MIN(e.at) FROM partner_event e WHERE e.org_id = :partner_id AND e.what IN ('approved', 'made') AND e.at >= :before_at), 9000000000000000000))
LEFT JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id
LEFT JOIN person p ON p.id = m.person_id
WHERE d.org_id = :partner_id AND d.client_org_id > :after AND d.state <> 'left'
ORDER BY d.client_org_id LIMIT 25

-- partner_left_letters: read @across
-- Addresses asked to bring their organization along, which have not answered.
SELECT i.id, i.email, o.name AS partner_name FROM dossier_invite i JOIN organization o ON o.id = i.org_id
WHERE i.org_id = :partner_id AND i.answer = '' AND i.asked_at <= :before_at ORDER BY i.id LIMIT 25

-- partner_left_letter: write @across
UPDATE dossier_invite SET answer = 'withdrawn', answered_at = :now WHERE org_id = :partner_id AND id = :id AND answer = ''
