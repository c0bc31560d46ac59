-- Support by consent and dossiers. These cross from a partner's organization to its client's and back, which is what they are for: each says both.

-- authority_of_support: read @across
-- Inside a support session: while it lasts, the mandate is active, the partner is one, and the person still its collaborator.
SELECT m.id, m.kind, m.detail, 0 AS holder_member_id, 0 AS holder_contact_id, 0 AS client_id, m.starts_at, p.first_name || ' ' || p.last_name AS granted_by,
       s.id AS support_id, s.partner_id, o.name AS partner_name, s.reason AS support_reason, s.ends_at AS support_ends_at
FROM support_session s
CROSS JOIN mandate m
JOIN organization o ON o.id = s.partner_id AND o.is_partner = 1
LEFT JOIN person p ON p.id = m.agreed_by
WHERE s.session_id = :session AND s.org_id = :at_org AND s.ended_at IS NULL AND s.ends_at > :now AND s.person_id = :person
  AND m.org_id = s.org_id AND m.id = s.mandate_id AND m.kind = 'support' AND m.state = 'active' AND m.holder_person_id = :person AND m.holder_org_id = s.partner_id
  AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
  AND EXISTS (SELECT 1 FROM mandate_holder h CROSS JOIN mandate d WHERE h.person_id = :person AND h.org_id = s.partner_id AND d.org_id = h.org_id AND d.id = h.mandate_id
              AND d.kind = 'membership' AND d.detail = 'collaborator' AND d.state = 'active')
ORDER BY m.id LIMIT 1

-- support_own: read @across
-- The support that a person holds in an organization while it stands, its dossier at the partner's, and whether they have been inside.
SELECT o.slug AS partner_slug, d.id AS dossier_id,
       CASE WHEN EXISTS (SELECT 1 FROM support_session s WHERE s.org_id = m.org_id AND s.mandate_id = m.id) THEN 1 ELSE 0 END AS was_inside
FROM mandate_holder h
CROSS JOIN mandate m
JOIN organization o ON o.id = m.holder_org_id AND o.is_partner = 1
JOIN dossier d ON d.org_id = m.holder_org_id AND d.client_org_id = m.org_id
WHERE h.person_id = :person AND h.org_id = :at_org AND m.org_id = h.org_id AND m.id = h.mandate_id AND m.kind = 'support' AND m.state = 'active'
  AND m.holder_person_id = :person AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
  AND EXISTS (SELECT 1 FROM mandate_holder k CROSS JOIN mandate c WHERE k.person_id = :person AND k.org_id = m.holder_org_id AND c.org_id = k.org_id AND c.id = k.mandate_id
              AND c.kind = 'membership' AND c.detail = 'collaborator' AND c.state = 'active')
ORDER BY m.id LIMIT 1

-- support_hold: write @across
UPDATE support_session SET act_count = act_count + 1
WHERE org_id = :org AND id = :support_id AND session_id = :session AND person_id = :person AND ended_at IS NULL AND ends_at > :now

-- support_dossier: read @across
-- A dossier of this partner and the organization behind it, while the client lets it be one.
SELECT d.id, d.client_org_id, d.mandate_id, d.support_id, d.request_id, o.name, o.slug, m.state
FROM dossier d
JOIN mandate m ON m.org_id = d.client_org_id AND m.id = d.mandate_id AND m.kind = 'dossier' AND m.state = 'active'
JOIN organization o ON o.id = d.client_org_id
LEFT JOIN mandate j ON j.org_id = d.client_org_id AND j.id = d.joining_id
WHERE d.org_id = :org AND d.id = :dossier_id AND COALESCE(j.state, 'active') IN ('active', 'ended')

-- support_lasting: read @across
-- A lasting access that stands, and what it was asked for with; nothing where it is asked for anew already.
SELECT d.org_id AS partner_id, d.id AS dossier_id, r.member_id, m.detail AS level, r.reason, r.asked_by
FROM support_request r
JOIN mandate m ON m.org_id = r.org_id AND m.id = r.mandate_id AND m.state = 'active'
JOIN dossier d ON d.org_id = r.partner_id AND d.id = r.dossier_id AND d.support_id = r.mandate_id AND d.request_id IS NULL
WHERE r.org_id = :at_org AND r.mandate_id = :of_mandate AND r.answer = 'granted' AND r.is_lasting = 1

-- support_take: write @across
-- Takes a mandate's row for the rest of the transaction, whatever its state.
UPDATE mandate SET hold_count = hold_count + 1 WHERE org_id = :at_org AND id = :of_mandate RETURNING kind, state, detail, holder_org_id, holder_person_id, starts_at, ends_at

-- support_collaborator: read
-- A collaborator of this partner who has set the password (S-4).
SELECT m.id, m.person_id, p.first_name || ' ' || p.last_name AS name
FROM member m JOIN mandate d ON d.org_id = m.org_id AND d.holder_member_id = m.id AND d.kind = 'membership' AND d.state = 'active' AND d.detail = 'collaborator'
JOIN person p ON p.id = m.person_id AND p.password_hash IS NOT NULL
WHERE m.org_id = :org AND m.id = :member_id

-- support_mandate_insert: write @across
INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_org_id, starts_at, created_at)
VALUES (:at_org, :id, 'support', :level, 'requested', :holder_id, :org, :now, :now)

-- support_request_insert: write @across
INSERT INTO support_request (org_id, mandate_id, partner_id, dossier_id, member_id, level, hours, reason, asked_by, asked_at, sent_at, dies_at, replaces_id)
VALUES (:at_org, :id, :org, :dossier_id, :member_id, :level, :hours, :reason, :person, :now, :now, :dies_at, :replaces_id)

-- support_request_close: write @across
-- in_time: only before it dies and while who asked is a partner, whether or not the job that says so has come by.
UPDATE support_request SET answer = :answer, answered_by = :answered_by, answered_at = :now, note = :note, is_lasting = :is_lasting
WHERE org_id = :at_org AND mandate_id = :of_mandate AND answer = '' [[in_time: AND dies_at > :in_time AND EXISTS (SELECT 1 FROM organization o WHERE o.id = partner_id AND o.is_partner = 1)]]
RETURNING partner_id, dossier_id, member_id, level, hours, replaces_id

-- support_asked_lately: read @across
-- How many requests of this partner to an organization were taken back, or replaced by another, of late: of the last few.
SELECT COUNT(*) AS count FROM (SELECT r.answered_at FROM support_request r WHERE r.org_id = :at_org AND r.partner_id = :org AND r.answer = 'withdrawn'
                               ORDER BY r.mandate_id DESC LIMIT 5) f WHERE f.answered_at > :since

-- support_mandate_drop: write @across
UPDATE mandate SET state = :state, ended_why = :why, ended_by = :ended_by WHERE org_id = :at_org AND id = :of_mandate AND kind = 'support' AND state = 'requested'

-- support_mandate_begin: write
UPDATE mandate SET state = 'active', detail = :level, wording = :wording, agreed_by = :person, agreed_how = :how, starts_at = :now, ends_at = :ends_at
WHERE org_id = :org AND id = :of_mandate AND kind = 'support' AND state = 'requested' RETURNING holder_person_id, holder_org_id

-- support_active: read @across
-- What a partner has in an organization now.
SELECT m.id, m.holder_person_id FROM mandate m WHERE m.org_id = :at_org AND m.kind = 'support' AND m.state = 'active' AND m.holder_org_id = :partner_id

-- support_mandate_end: write @across
UPDATE mandate SET state = 'ended', ended_at = :now, ended_by = :ended_by, ended_why = :why
WHERE org_id = :at_org AND id = :of_mandate AND kind = 'support' AND state = 'active' RETURNING holder_person_id, holder_org_id

-- support_holder_drop: write @across
DELETE FROM mandate_holder WHERE person_id = :holder_id AND org_id = :at_org AND mandate_id = :of_mandate

-- support_mandate: read @across
SELECT m.holder_org_id FROM mandate m WHERE m.org_id = :at_org AND m.id = :of_mandate AND m.kind = 'support'

-- support_sessions_stop: write @across
UPDATE support_session SET ended_at = :now, ended_why = 'mandate' WHERE org_id = :at_org AND mandate_id = :of_mandate AND ended_at IS NULL

-- support_of_member: read @across
-- All that a collaborator has or is asked for; in the order of the organizations, so that two such acts do not wait for each other.
SELECT d.client_org_id AS org_id, d.id AS dossier_id, d.name,
       CASE WHEN d.member_id = :member_id THEN d.support_id ELSE NULL END AS support_id, CASE WHEN d.request_member_id = :member_id THEN d.request_id ELSE NULL END AS request_id
FROM (SELECT a.client_org_id FROM (SELECT x.client_org_id FROM dossier x WHERE x.org_id = :org AND x.member_id = :member_id AND x.client_org_id > :after
                                   ORDER BY x.client_org_id LIMIT 500) a
      UNION SELECT b.client_org_id FROM (SELECT y.client_org_id FROM dossier y WHERE y.org_id = :org AND y.request_member_id = :member_id AND y.client_org_id > :after
                                   ORDER BY y.client_org_id LIMIT 500) b) f
CROSS JOIN dossier d
WHERE d.org_id = :org AND d.client_org_id = f.client_org_id
ORDER BY f.client_org_id LIMIT 500

-- support_session_find: read @across
SELECT id FROM support_session WHERE session_id = :session AND org_id = :at_org AND mandate_id = :of_mandate AND ended_at IS NULL AND ends_at > :now

-- support_entered_lately: read @across
-- How many sessions of an access began of late: of the last few.
SELECT COUNT(*) AS count FROM (SELECT s.started_at FROM support_session s WHERE s.org_id = :at_org AND s.mandate_id = :of_mandate ORDER BY s.id DESC LIMIT 12) f
WHERE f.started_at > :since

-- support_session_clear: write @across
-- One in an organization for a session of the browser: what is over makes room.
UPDATE support_session SET ended_at = :now, ended_why = 'time' WHERE session_id = :session AND org_id = :at_org AND ended_at IS NULL

-- support_session_insert: write @across
INSERT INTO support_session (org_id, id, mandate_id, person_id, partner_id, session_id, reason, started_at, ends_at)
VALUES (:at_org, :id, :of_mandate, :person, :org, :session, :reason, :now, :ends_at)

-- support_session_mark: write @across
UPDATE session SET is_delegating = 1 WHERE id = :session AND person_id = :person AND ended_at IS NULL

-- support_prolong: write
UPDATE support_session SET ends_at = :ends_at WHERE org_id = :org AND id = :support_id AND ended_at IS NULL AND ends_at < :ends_at

-- support_session_row: read
SELECT s.started_at, s.ends_at, m.ends_at AS mandate_ends_at FROM support_session s JOIN mandate m ON m.org_id = s.org_id AND m.id = s.mandate_id
WHERE s.org_id = :org AND s.id = :support_id

-- support_session_names: read
SELECT s.partner_id, s.reason, o.name AS partner_name, p.first_name || ' ' || p.last_name AS person_name
FROM support_session s JOIN organization o ON o.id = s.partner_id JOIN person p ON p.id = s.person_id
WHERE s.org_id = :org AND s.id = :support_id

-- support_leave: write
UPDATE support_session SET ended_at = :now, ended_why = 'left' WHERE org_id = :org AND id = :support_id AND ended_at IS NULL

-- support_look: write
-- In a session that is still open alone, and stays so until this is over.
INSERT INTO support_trace (org_id, id, support_session_id, at, route, path, remote)
SELECT s.org_id, :id, s.id, :now, :route, :path, :remote FROM support_session s
WHERE s.org_id = :org AND s.id = :support_id AND s.ended_at IS NULL AND s.ends_at > :now
{{postgresql: FOR SHARE OF s}}

-- support_sessions_due: read @across
SELECT s.org_id, s.id, s.mandate_id, s.person_id, s.partner_id, CASE WHEN s.ends_at <= :now THEN 'time' ELSE 'signed out' END AS ended_why
FROM (SELECT org_id, id FROM support_session WHERE ended_at IS NULL AND ends_at <= :now
      UNION
      SELECT x.org_id, x.id FROM support_session x JOIN session b ON b.id = x.session_id WHERE x.ended_at IS NULL AND b.ended_at IS NOT NULL) f
CROSS JOIN support_session s
WHERE s.org_id = f.org_id AND s.id = f.id ORDER BY s.org_id, s.id LIMIT 100

-- support_session_close: write @across
UPDATE support_session SET ended_at = :now, ended_why = :why WHERE org_id = :at_org AND id = :support_id AND ended_at IS NULL

-- support_requests_due: read @across
SELECT r.org_id, r.mandate_id, r.partner_id, r.dossier_id, r.asked_by FROM support_request r WHERE r.answer = '' AND r.dies_at <= :now ORDER BY r.dies_at LIMIT 100

-- dossier_insert: write @across
INSERT INTO dossier (org_id, id, client_org_id, mandate_id, name, name_key, city, state, created_at, changed_at)
SELECT :org, :id, o.id, :of_mandate, o.name, :name_key, o.city, :state, :now, :now FROM organization o WHERE o.id = :at_org
ON CONFLICT (org_id, client_org_id) DO UPDATE SET mandate_id = :of_mandate, state = :state, note = '', joining_id = NULL, changed_at = :now
RETURNING id

-- dossier_partner_take: write
-- Is one still, and stays one for the rest of the transaction.
UPDATE organization SET is_partner = is_partner WHERE id = :org AND is_partner = 1

-- dossier_word_add: write
INSERT INTO dossier_word (org_id, word, dossier_id) VALUES (:org, :word, :dossier_id) ON CONFLICT DO NOTHING

-- dossier_mandate_insert: write @across
INSERT INTO mandate (org_id, id, kind, state, holder_org_id, wording, agreed_by, agreed_how, starts_at, created_at)
VALUES (:at_org, :id, 'dossier', :state, :org, :wording, :agreed_by, :how, :now, :now)
ON CONFLICT DO NOTHING

-- dossier_accept: write
UPDATE mandate SET state = 'active', agreed_by = :person, agreed_how = 'form', starts_at = :now
WHERE org_id = :org AND id = :of_mandate AND kind = 'dossier' AND state = 'requested' RETURNING holder_org_id

-- dossier_decline: write
UPDATE mandate SET state = 'refused', ended_by = :person, ended_why = 'refused'
WHERE org_id = :org AND id = :of_mandate AND kind = 'dossier' AND state = 'requested' RETURNING holder_org_id

-- dossier_mandate_end: write @across
UPDATE mandate SET state = 'ended', ended_at = :now, ended_by = :ended_by, ended_why = :why
WHERE org_id = :at_org AND id = :of_mandate AND kind = 'dossier' AND state = 'active'

-- dossier_mandate_drop: write @across
UPDATE mandate SET state = 'expired', ended_why = :why WHERE org_id = :at_org AND id = :of_mandate AND kind = 'dossier' AND state = 'requested' RETURNING holder_org_id

-- dossier_mandate: read @across
SELECT m.holder_org_id FROM mandate m WHERE m.org_id = :at_org AND m.id = :of_mandate AND m.kind = 'dossier'

-- dossier_truth: read @across
-- How things stand between a partner and an organization, from the mandates.
SELECT m.state AS dossier_state, s.id AS support_id, s.detail AS level, s.ends_at, r.member_id, r.is_lasting, r.reason,
       q.mandate_id AS request_id, q.member_id AS request_member_id, q.level AS request_level, q.dies_at, q.asked_at, q.reason AS request_reason,
       COALESCE(j.state, '') AS joining_state
FROM dossier d
JOIN mandate m ON m.org_id = d.client_org_id AND m.id = d.mandate_id
LEFT JOIN mandate j ON j.org_id = d.client_org_id AND j.id = d.joining_id
LEFT JOIN mandate s ON s.org_id = d.client_org_id AND s.kind = 'support' AND s.state = 'active' AND s.holder_org_id = d.org_id
LEFT JOIN support_request r ON r.org_id = s.org_id AND r.mandate_id = s.id
LEFT JOIN support_request q ON q.org_id = d.client_org_id AND q.partner_id = d.org_id AND q.answer = ''
WHERE d.org_id = :partner_id AND d.client_org_id = :at_org
ORDER BY q.mandate_id DESC LIMIT 1

-- dossier_answer_last: read @across
SELECT r.answer, r.note, r.answered_at, r.member_id, r.level, m.ended_at
FROM support_request r JOIN mandate m ON m.org_id = r.org_id AND m.id = r.mandate_id
WHERE r.org_id = :at_org AND r.partner_id = :partner_id AND r.answer IN ('granted', 'refused') ORDER BY r.answered_at DESC, r.mandate_id DESC LIMIT 1

-- dossier_put: write @across
UPDATE dossier SET state = :state, member_id = :member_id, support_id = :support_id, request_id = :request_id, request_member_id = :request_member_id,
  level = :level, is_lasting = :is_lasting, ends_at = :ends_at, asked_at = :asked_at, reason = :reason, note = :note, changed_at = :now
WHERE org_id = :partner_id AND client_org_id = :at_org

-- dossier_brand_lend: write @across
-- White label (S-15): there is somebody whose brand the organization may wear; whose it is, of those who lend it, is asked at every page and mail.
UPDATE organization SET brand_org_id = :partner_id WHERE id = :at_org AND brand_org_id IS NULL

-- dossier_brand_drop: write @across
-- The dossier has ended: another partner's takes its place, or none.
UPDATE organization SET brand_org_id = (SELECT m.holder_org_id FROM mandate m WHERE m.org_id = :at_org AND m.state = 'active' AND m.kind = 'dossier'
                                          AND m.holder_org_id <> :partner_id ORDER BY m.id LIMIT 1)
WHERE id = :at_org AND brand_org_id = :partner_id

-- dossier_joining_put: write @across
-- In the partner's space, or before anybody is in the client's: by which offer its first administrator comes in.
UPDATE dossier SET joining_id = :joining_id, changed_at = :now WHERE org_id = :org AND client_org_id = :at_org

-- dossier_joining_of: read @across
-- The dossier whose organization waits, or waited, for the answer to this offer, and whose it is; none where the dossier has ended.
SELECT d.org_id AS partner_id, d.id AS dossier_id, d.mandate_id, d.name AS client_name, o.slug AS partner_slug
FROM dossier d JOIN organization o ON o.id = d.org_id JOIN mandate m ON m.org_id = d.client_org_id AND m.id = d.mandate_id AND m.state = 'active'
WHERE d.client_org_id = :at_org AND d.joining_id = :of_mandate

-- dossier_organization_drop: write @across
-- Nobody will ever be inside: its address is free for the next one of that name.
UPDATE organization SET slug = slug || '-' || CAST(id AS TEXT) WHERE id = :at_org

-- dossier_organization: read @across
SELECT name, city FROM organization WHERE id = :at_org

-- support_administrators: read @across
-- Who can agree for an organization.
SELECT p.id AS person_id, p.email, p.email_key, p.first_name || ' ' || p.last_name AS name, p.lang
FROM mandate d JOIN person p ON p.id = d.holder_person_id
WHERE d.org_id = :at_org AND d.state = 'active' AND d.kind = 'membership' AND d.detail = 'administrator'
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 50

-- support_letter_add: write @across
INSERT INTO support_letter (link_id, org_id, mandate_id, person_id, email_key, sent_at) VALUES (:link_id, :at_org, :of_mandate, :person_id, :email_key, :now)

-- support_letter_find: read @across
-- Whom a letter's link was sent to; an address that is no longer theirs opens nothing.
SELECT l.link_id, l.org_id, l.mandate_id, l.person_id, l.code_tries, l.code_count, l.code_until, p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM support_letter l JOIN person p ON p.id = l.person_id AND p.email_key = l.email_key
WHERE l.link_id = :link_id

-- support_code_new: write @across
-- Another code; what was tried wrong stays counted.
UPDATE support_letter SET code_id = :code_id, code_until = :until, code_count = code_count + 1
WHERE link_id = :link_id AND code_tries < :tries_most AND code_count < :codes_most

-- support_code_try: write @across
-- One try, counted before it is looked at.
UPDATE support_letter SET code_tries = code_tries + 1 WHERE link_id = :link_id AND code_tries < :tries_most AND code_id IS NOT NULL AND code_until > :now
RETURNING code_id, code_tries

-- support_code_right: write @across
-- The right one does not count as a try.
UPDATE support_letter SET code_tries = code_tries - 1 WHERE link_id = :link_id AND code_tries > 0

-- support_code_spend: write @across
-- Once.
UPDATE support_letter SET code_id = NULL WHERE link_id = :link_id AND code_id = :code_id

-- support_request_show: read @across
-- A request with everybody who is named in it.
SELECT r.org_id, r.mandate_id, r.partner_id, r.dossier_id, r.level, r.hours, r.reason, r.asked_by, r.asked_at, r.dies_at, r.answer, r.answered_at, r.note,
       m.holder_person_id, m.detail AS level_given, m.ends_at, m.state, r.is_lasting, o.name AS org_name, o.slug AS org_slug,
       pa.is_partner, pa.name AS partner_name, pa.slug AS partner_slug, pa.legal_name AS partner_legal_name, pa.siren AS partner_siren, pa.street AS partner_street,
       pa.postcode AS partner_postcode, pa.city AS partner_city, pa.phone AS partner_phone, pa.email AS partner_email,
       h.first_name || ' ' || h.last_name AS collaborator_name, h.email AS collaborator_email, h.lang AS collaborator_lang,
       a.first_name || ' ' || a.last_name AS asked_by_name, a.email AS asked_by_email, a.lang AS asked_by_lang, COALESCE(mb.title, '') AS asked_by_title,
       COALESCE(w.first_name || ' ' || w.last_name, '') AS answered_by_name, COALESCE(b.first_name || ' ' || b.last_name, '') AS replaced_name
FROM support_request r
JOIN mandate m ON m.org_id = r.org_id AND m.id = r.mandate_id
JOIN organization o ON o.id = r.org_id
JOIN organization pa ON pa.id = r.partner_id
JOIN person h ON h.id = m.holder_person_id
JOIN person a ON a.id = r.asked_by
LEFT JOIN member mb ON mb.org_id = r.partner_id AND mb.person_id = r.asked_by
LEFT JOIN person w ON w.id = r.answered_by
LEFT JOIN mandate bm ON bm.org_id = r.org_id AND bm.id = r.replaces_id AND bm.state = 'active'
LEFT JOIN person b ON b.id = bm.holder_person_id
WHERE r.org_id = :at_org AND r.mandate_id = :of_mandate

-- support_request_resend: write @across
-- The same request once more: by who asked, while it is open, and not too often.
UPDATE support_request SET sent_at = :now, sent_count = sent_count + 1
WHERE org_id = :at_org AND mandate_id = :of_mandate AND partner_id = :org AND answer = '' AND sent_at <= :sent_before

-- support_request_sent: read @across
-- When this partner's open request went out last.
SELECT sent_at FROM support_request WHERE org_id = :at_org AND mandate_id = :of_mandate AND partner_id = :org AND answer = ''

-- support_operator: read @across
-- Who runs this server, as named in what is sent to strangers.
SELECT id, slug, name, street, postcode, city, email FROM organization WHERE is_operator = 1 ORDER BY id LIMIT 1

-- support_asked_list: read
-- What partners ask of this organization.
SELECT r.mandate_id AS id, r.level, r.hours, r.reason, r.asked_at, r.dies_at, pa.name AS partner_name, h.first_name || ' ' || h.last_name AS collaborator_name
FROM support_request r
JOIN mandate m ON m.org_id = r.org_id AND m.id = r.mandate_id
JOIN organization pa ON pa.id = r.partner_id
JOIN person h ON h.id = m.holder_person_id
WHERE r.org_id = :org AND r.answer = '' AND r.dies_at > :now ORDER BY r.mandate_id DESC LIMIT 50

-- support_given_list: read
-- Who may come in now (S-9: here, and in no list of members).
SELECT m.id, m.detail AS level, m.starts_at, m.ends_at, r.is_lasting, r.reason, pa.name AS partner_name, h.first_name || ' ' || h.last_name AS collaborator_name,
       COALESCE(g.first_name || ' ' || g.last_name, '') AS granted_by_name, t.used_at,
       (SELECT MAX(s.id) FROM support_session s WHERE s.org_id = :org AND s.mandate_id = m.id AND s.ended_at IS NULL AND s.ends_at > :now) AS live_id
FROM mandate m
JOIN support_request r ON r.org_id = m.org_id AND r.mandate_id = m.id
JOIN organization pa ON pa.id = m.holder_org_id
JOIN person h ON h.id = m.holder_person_id
LEFT JOIN person g ON g.id = m.agreed_by
LEFT JOIN mandate_trace t ON t.org_id = m.org_id AND t.mandate_id = m.id
WHERE m.org_id = :org AND m.state = 'active' AND m.kind = 'support' ORDER BY m.id DESC LIMIT 50

-- support_given_show: read
SELECT m.id, m.detail AS level, m.starts_at, m.ends_at, m.holder_person_id, pa.name AS partner_name, h.first_name || ' ' || h.last_name AS collaborator_name
FROM mandate m
JOIN organization pa ON pa.id = m.holder_org_id
JOIN person h ON h.id = m.holder_person_id
WHERE m.org_id = :org AND m.id = :of_mandate AND m.kind = 'support' AND m.state = 'active'

-- support_live_list: read
-- Who is inside now (S-14), the last first.
SELECT s.id, s.mandate_id, s.reason, s.started_at, pa.name AS partner_name, h.first_name || ' ' || h.last_name AS collaborator_name
FROM support_session s
JOIN organization pa ON pa.id = s.partner_id
JOIN person h ON h.id = s.person_id
WHERE s.org_id = :org AND s.ended_at IS NULL AND s.ends_at > :now ORDER BY s.id DESC LIMIT 5

-- support_session_list: read
-- Who came, when, why, and how much they did; the last first.
SELECT s.id, s.mandate_id, s.reason, s.started_at, s.ends_at, s.ended_at, s.ended_why, s.act_count, pa.name AS partner_name, h.first_name || ' ' || h.last_name AS collaborator_name,
       CASE WHEN s.ended_at IS NULL AND s.ends_at > :now THEN 1 ELSE 0 END AS is_live
FROM support_session s
JOIN organization pa ON pa.id = s.partner_id
JOIN person h ON h.id = s.person_id
WHERE s.org_id = :org [[page_after: AND s.id < :page_after]]
ORDER BY s.id DESC LIMIT :page_limit

-- support_digest_show: read
-- How often this member wants to be told; no row: never.
SELECT every FROM support_digest WHERE org_id = :org AND member_id = :member

-- support_digest_put: write
INSERT INTO support_digest (org_id, member_id, every, since_at, next_at) VALUES (:org, :member, :every, :now, :next_at)
ON CONFLICT (org_id, member_id) DO UPDATE SET every = :every, next_at = :next_at

-- support_digest_drop: write
DELETE FROM support_digest WHERE org_id = :org AND member_id = :of_member

-- support_digests_due: read @across
-- Whom to tell now, and whether they are still an administrator there.
SELECT g.org_id, g.member_id, g.every, g.since_at, o.name AS org_name, o.slug AS org_slug, p.email, p.first_name || ' ' || p.last_name AS name, p.lang,
       CASE WHEN EXISTS (SELECT 1 FROM mandate d WHERE d.org_id = g.org_id AND d.holder_member_id = g.member_id AND d.kind = 'membership' AND d.state = 'active'
                         AND d.detail = 'administrator' AND (d.ends_at IS NULL OR d.ends_at > :now)) THEN 1 ELSE 0 END AS is_administrator
FROM support_digest g
JOIN organization o ON o.id = g.org_id
JOIN member m ON m.org_id = g.org_id AND m.id = g.member_id
JOIN person p ON p.id = m.person_id
WHERE g.next_at <= :now ORDER BY g.next_at, g.org_id, g.member_id LIMIT 100

-- support_digest_told: write
-- Once: whoever else is at it finds it done.
UPDATE support_digest SET since_at = :now, next_at = :next_at WHERE org_id = :org AND member_id = :of_member AND since_at = :since_at AND next_at <= :now

-- support_digest_visits: read
-- Visits that ended in a stretch of time, the last first.
SELECT s.id, s.reason, s.started_at, s.ended_at, s.act_count, pa.name AS partner_name, h.first_name || ' ' || h.last_name AS collaborator_name
FROM support_session s
JOIN organization pa ON pa.id = s.partner_id
JOIN person h ON h.id = s.person_id
WHERE s.org_id = :org AND s.ended_at > :since_at AND s.ended_at <= :now ORDER BY s.ended_at DESC, s.id DESC LIMIT 51

-- support_session_show: read
SELECT s.id, s.mandate_id, s.reason, s.started_at, s.ends_at, s.ended_at, s.ended_why, s.act_count, pa.name AS partner_name, h.first_name || ' ' || h.last_name AS collaborator_name,
       CASE WHEN s.ended_at IS NULL AND s.ends_at > :now THEN 1 ELSE 0 END AS is_live, CASE WHEN m.state = 'active' THEN 1 ELSE 0 END AS is_standing
FROM support_session s
JOIN mandate m ON m.org_id = s.org_id AND m.id = s.mandate_id
JOIN organization pa ON pa.id = s.partner_id
JOIN person h ON h.id = s.person_id
WHERE s.org_id = :org AND s.id = :support_id

-- support_act_add: write
INSERT INTO support_act (org_id, support_session_id, number, partner_number, at, remote) VALUES (:org, :support_id, :number, :partner_number, :now, :remote)

-- support_session_acts: read
-- What was done in a session, in its order.
SELECT j.number AS id, j.at, j.action, j.object_kind, j.object_id, j.entry
FROM (SELECT a.number FROM support_act a WHERE a.org_id = :org AND a.support_session_id = :support_id [[page_after: AND a.number > :page_after]]
      ORDER BY a.number LIMIT :page_limit) f
CROSS JOIN journal j
WHERE j.org_id = :org AND j.number = f.number ORDER BY j.number LIMIT :page_limit

-- support_session_looks: read
-- Pages looked at in it, the last first; of old ones the address has gone.
SELECT t.id, t.at, t.route, t.path FROM support_trace t WHERE t.org_id = :org AND t.support_session_id = :support_id ORDER BY t.id DESC LIMIT 100

-- support_traces_fade: write @across
-- Addresses go, the oldest first; that a page was looked at stays.
UPDATE support_trace SET path = '', remote = '' WHERE (org_id, id) IN
  (SELECT t.org_id, t.id FROM support_trace t WHERE t.path <> '' AND t.at < :before ORDER BY t.at, t.org_id, t.id LIMIT :most)

-- support_acts_fade: write @across
UPDATE support_act SET remote = '' WHERE (org_id, support_session_id, number) IN
  (SELECT a.org_id, a.support_session_id, a.number FROM support_act a WHERE a.remote <> '' AND a.at < :before ORDER BY a.at, a.org_id, a.support_session_id, a.number LIMIT :most)

-- partner_session_list: read @across
-- Who of the partner went where, when, why, and with how many acts; the last first.
SELECT s.id, s.reason, s.started_at, s.ends_at, s.ended_at, s.ended_why, s.act_count, d.id AS dossier_id, d.name AS dossier_name,
       h.first_name || ' ' || h.last_name AS collaborator_name, CASE WHEN s.ended_at IS NULL AND s.ends_at > :now THEN 1 ELSE 0 END AS is_live
FROM support_session s
JOIN dossier d ON d.org_id = s.partner_id AND d.client_org_id = s.org_id
JOIN person h ON h.id = s.person_id
WHERE s.partner_id = :org [[collaborator: AND s.person_id = (SELECT m.person_id FROM member m WHERE m.org_id = :org AND m.id = :collaborator)]]
  [[dossier: AND s.org_id = (SELECT x.client_org_id FROM dossier x WHERE x.org_id = :org AND x.id = :dossier)]] [[since: AND s.started_at >= :since]]
  [[page_after: AND (s.started_at, s.id) < (:page_after, :page_id)]]
ORDER BY s.started_at DESC, s.id DESC LIMIT :page_limit

-- partner_dossier_name: read
SELECT id, name FROM dossier WHERE org_id = :org AND id = :dossier

-- partner_session_show: read @across
-- One of them; by its id alone, for a partner does not know its client's.
SELECT s.id, s.org_id AS client_org_id, s.reason, s.started_at, s.ends_at, s.ended_at, s.ended_why, s.act_count, d.id AS dossier_id, d.name AS dossier_name,
       h.first_name || ' ' || h.last_name AS collaborator_name, CASE WHEN s.ended_at IS NULL AND s.ends_at > :now THEN 1 ELSE 0 END AS is_live
FROM dossier d
CROSS JOIN support_session s
JOIN person h ON h.id = s.person_id
WHERE d.org_id = :org AND d.id = :dossier AND s.org_id = d.client_org_id AND s.id = :support_id AND s.partner_id = :org

-- partner_session_acts: read @across
-- The lines of the partner's own log that cite what was done in it: which act and when, nothing of the client's.
SELECT j.number AS id, j.at, j.action, j.object_kind, j.object_id, j.entry
FROM (SELECT a.partner_number FROM support_act a WHERE a.org_id = :at_org AND a.support_session_id = :support_id AND a.partner_number > 0 [[page_after: AND a.partner_number > :page_after]]
      ORDER BY a.number LIMIT :page_limit) f
CROSS JOIN journal j
WHERE j.org_id = :org AND j.number = f.partner_number ORDER BY j.number LIMIT :page_limit

-- partner_collaborators: read
-- Whom a support can be given to, and who has not set the password yet (S-4): these by the name that was typed, for theirs would say who is known here.
SELECT m.id, CASE WHEN d.state = 'requested' THEN i.first_name || ' ' || i.last_name ELSE p.first_name || ' ' || p.last_name END AS name, CASE WHEN d.state = 'active' AND p.password_hash IS NOT NULL THEN 1 ELSE 0 END AS is_ready
FROM mandate d
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
JOIN person p ON p.id = m.person_id
LEFT JOIN member_invitation i ON i.org_id = d.org_id AND i.mandate_id = d.id
WHERE d.org_id = :org AND d.state IN ('active', 'requested') AND d.kind = 'membership' AND d.detail = 'collaborator'
ORDER BY m.name_key, m.id LIMIT 200
