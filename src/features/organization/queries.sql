-- The first pages of the spaces, the settings, the brand.

-- portal_latest: read
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at, p.name AS priority_name, p.tone AS priority_tone,
       ct.first_name || ' ' || ct.last_name AS contact_name
FROM ticket t
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
WHERE t.org_id = :org AND t.client_id = :client ORDER BY t.changed_at DESC, t.id DESC LIMIT 5

-- office_waiting: read
-- Tickets that wait for an answer of the team: each status by its own index, so that the many resolved ones are never looked at.
WITH fresh AS (SELECT f.id, f.changed_at FROM ticket f WHERE f.org_id = :org AND f.status = 'new' ORDER BY f.changed_at DESC, f.id DESC LIMIT 8),
     going AS (SELECT g.id, g.changed_at FROM ticket g WHERE g.org_id = :org AND g.status = 'open' ORDER BY g.changed_at DESC, g.id DESC LIMIT 8),
     both_of AS (SELECT fresh.id, fresh.changed_at FROM fresh UNION ALL SELECT going.id, going.changed_at FROM going)
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at, p.name AS priority_name, p.tone AS priority_tone,
       cl.name AS client_name, ct.first_name || ' ' || ct.last_name AS contact_name
FROM both_of b
JOIN ticket t ON t.org_id = :org AND t.id = b.id
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
ORDER BY b.changed_at DESC, b.id DESC LIMIT 8

-- organization_show: read
SELECT id, slug, name, tagline, brand_color, logo, street, postcode, city, email, phone, is_portal_open, dpo_email, personal_intro, is_partner
FROM organization WHERE id = :org

-- organization_put: write
-- The version is part of the brand's addresses: a change is seen at once, and all else stays in caches.
UPDATE organization SET name = :name, name_key = :name_key, tagline = :tagline, brand_color = :brand_color, street = :street, postcode = :postcode, city = :city,
       email = :email, phone = :phone, is_portal_open = :is_portal_open, dpo_email = :dpo_email, personal_intro = :personal_intro,
       brand_version = brand_version + 1 [[logo: , logo = :logo]]
WHERE id = :org

-- brand_show: read @across
-- By the word in the address: anybody's browser asks.
SELECT o.id, o.slug, o.brand_color, o.logo, o.is_portal_open, o.is_partner, COALESCE(f.type, '') AS type
FROM organization o LEFT JOIN file f ON f.org_id = o.id AND f.hash = o.logo WHERE o.slug = :slug

-- organization_add: write @across
-- A new one; who makes it is in another's space, or in none. A slug that is taken makes nothing.
INSERT INTO organization (id, slug, name, name_key, legal_name, siren, street, postcode, city, email, phone, lang, is_operator, created_at)
VALUES (:id, :slug, :name, :name_key, :legal_name, :siren, :street, :postcode, :city, :email, :phone, :lang, :is_operator, :now) ON CONFLICT (slug) DO NOTHING

-- organization_operator: read @across
-- Who runs this server; there is one at most.
SELECT id, slug, name FROM organization WHERE is_operator = 1 ORDER BY id LIMIT 1

-- organization_slug: read @across
SELECT slug FROM organization WHERE id = :of_org

-- organization_called: read @across
-- What one is found by.
SELECT name, legal_name, siren, city, slug FROM organization WHERE id = :of_org

-- organization_word_clear: write @across
DELETE FROM organization_word WHERE organization_id = :of_org

-- organization_word_add: write @across
INSERT INTO organization_word (word, organization_id) VALUES (:word, :of_org) ON CONFLICT DO NOTHING

-- organization_worded: write @across
UPDATE organization SET name_key = :name_key, is_worded = 1 WHERE id = :of_org

-- organization_unworded: read @across
-- Those whose words have not been made yet.
SELECT id FROM organization WHERE is_worded = 0 ORDER BY id LIMIT :at_once

-- organization_type_add: write @across
INSERT INTO ticket_type (org_id, id, name, position) VALUES (:at_org, :id, :name, :position)

-- organization_job_type_add: write @across
INSERT INTO job_type (org_id, id, name, name_key, minutes, position) VALUES (:at_org, :id, :name, :name_key, :minutes, :position)

-- organization_priority_add: write @across
INSERT INTO ticket_priority (org_id, id, name, tone, position, is_default) VALUES (:at_org, :id, :name, :tone, :position, :is_default)

-- portal_invitation_add: write
-- One at a time: nothing is written while another one goes on.
INSERT INTO portal_invitation_run (org_id, id, state, audience, is_again, person_id, mandate_id, by_name, created_at, changed_at)
SELECT o.id, :id, 'counting', CAST(:audience AS TEXT), CAST(:is_again AS BIGINT), :person, :mandate, CAST(:by_name AS TEXT), CAST(:now AS BIGINT), CAST(:now AS BIGINT)
FROM organization o WHERE o.id = :org AND NOT EXISTS (SELECT 1 FROM (SELECT r.state FROM portal_invitation_run r WHERE r.org_id = :org ORDER BY r.created_at DESC, r.id DESC LIMIT 20) l
                                                      WHERE l.state IN ('counting', 'sending'))

-- portal_invitation_list: read
SELECT id, state, audience, is_again, by_name, seen, wanted, sent, created_at FROM portal_invitation_run
WHERE org_id = :org ORDER BY created_at DESC, id DESC LIMIT 10

-- portal_invitation_show: read
SELECT id, state, audience, is_again, by_name, seen, wanted, without_email, without_access, recent, muted, doubled, sent, created_at, changed_at
FROM portal_invitation_run WHERE org_id = :org AND id = :of_run

-- portal_invitation_take: write
-- Takes the run for this stretch, where it is still at this.
UPDATE portal_invitation_run SET changed_at = :now WHERE org_id = :org AND id = :of_run AND state = :state
RETURNING id, audience, is_again, cursor_id, created_at

-- portal_invitation_state: write
-- From one state to the next; whoever is second changes nothing.
UPDATE portal_invitation_run SET state = :state, cursor_id = :cursor_id, changed_at = :now WHERE org_id = :org AND id = :of_run AND state = :was

-- portal_invitation_count: write
UPDATE portal_invitation_run SET state = :state, cursor_id = :cursor_id, seen = seen + :seen, wanted = wanted + :wanted, without_email = without_email + :without_email,
       without_access = without_access + :without_access, recent = recent + :recent, muted = muted + :muted, doubled = doubled + :doubled, sent = sent + :sent, changed_at = :now
WHERE org_id = :org AND id = :of_run

-- portal_invitation_contacts: read
-- A stretch of the contacts in the order of their key, each with what speaks for and against writing to it.
-- `+ 0`: doubles are found by their address, not by walking the key.
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.email, ct.email_key, ct.lang,
       CASE WHEN p.password_hash IS NULL THEN 0 ELSE 1 END AS has_password,
       CASE WHEN EXISTS (SELECT 1 FROM mandate m WHERE m.org_id = ct.org_id AND m.holder_contact_id = ct.id AND m.kind = 'access' AND m.state = 'active') THEN 1 ELSE 0 END AS has_access,
       CASE WHEN EXISTS (SELECT 1 FROM portal_invitation i WHERE i.org_id = ct.org_id AND i.email_key = ct.email_key AND i.invited_at > :since) THEN 1 ELSE 0 END AS is_recent,
       CASE WHEN EXISTS (SELECT 1 FROM mail_mute u WHERE u.org_id = ct.org_id AND u.email_key = ct.email_key) THEN 1
            WHEN EXISTS (SELECT 1 FROM mail_bounce b WHERE b.org_id = ct.org_id AND b.email_key = ct.email_key) THEN 1 ELSE 0 END AS is_muted,
       CASE WHEN ct.email_key <> '' AND EXISTS (SELECT 1 FROM contact d WHERE d.org_id = ct.org_id AND d.email_key = ct.email_key AND d.id + 0 < ct.id
            [[given: AND 1 = :given AND EXISTS (SELECT 1 FROM mandate n WHERE n.org_id = d.org_id AND n.holder_contact_id = d.id AND n.kind = 'access' AND n.state = 'active')]]
            ) THEN 1 ELSE 0 END AS is_doubled
FROM contact ct LEFT JOIN person p ON p.id = ct.person_id
WHERE ct.org_id = :org AND ct.id > :after ORDER BY ct.id LIMIT :page_limit

-- portal_invitation_mark: write
-- Nothing changed: the address had one since then, or in this very run.
INSERT INTO portal_invitation (org_id, email_key, run_id, invited_at) VALUES (:org, :email_key, :of_run, :now)
ON CONFLICT (org_id, email_key) DO UPDATE SET run_id = :of_run, invited_at = :now
WHERE portal_invitation.run_id <> :of_run AND portal_invitation.invited_at <= :since

-- mail_mute_find: read @across
-- The message whose foot has the link: to whom it went, and for whom. It stands as long as the message is kept.
SELECT m.id, m.org_id, m.to_email, o.name AS org_name, o.slug, o.is_portal_open, CASE WHEN m.kind = 'mail_portal_invitation' THEN 0 ELSE 1 END AS is_of_job
FROM mail m JOIN organization o ON o.id = m.org_id
WHERE m.id = :mail_id AND (m.kind = 'mail_portal_invitation' OR (m.kind >= 'mail_job_' AND m.kind < 'mail_job`'))

-- mail_mute_add: write
INSERT INTO mail_mute (org_id, email_key, why, created_at) VALUES (:org, :email_key, 'unsubscribed', :now) ON CONFLICT DO NOTHING

-- mail_mute_jobs: write
INSERT INTO job_mute (org_id, email_key, created_at) VALUES (:org, :email_key, :now) ON CONFLICT DO NOTHING

-- organization_option_put: write
INSERT INTO organization_option (org_id, name, since_at) VALUES (:org, :name, :now) ON CONFLICT DO NOTHING

-- organization_option_drop: write
DELETE FROM organization_option WHERE org_id = :org AND name = :name
