-- Messages and the links in them.

-- mail_org: read @across
-- A logo is named where strangers may fetch it.
SELECT name, slug, zone, brand_color, CASE WHEN logo <> '' AND (is_portal_open = 1 OR is_partner = 1) THEN slug ELSE '' END AS logo_slug, brand_version,
       CASE WHEN street = '' THEN '' ELSE street || ', ' || postcode || ' ' || city END AS address, email, phone
FROM organization WHERE id = :org_id

-- mail_brand: read @across
-- White label (S-15): the partner whose brand stands on what an organization's back office sends, while it lends it and the dossier is active; of several
-- the one with the oldest dossier.
SELECT b.name, b.brand_color, CASE WHEN b.logo <> '' THEN b.slug ELSE '' END AS logo_slug, b.brand_version FROM organization o
CROSS JOIN mandate m
JOIN organization b ON b.id = m.holder_org_id AND b.is_white_label = 1 AND b.is_partner = 1
WHERE o.id = :org_id AND o.brand_org_id IS NOT NULL AND m.org_id = o.id AND m.state = 'active' AND m.kind = 'dossier' ORDER BY m.id LIMIT 1

-- mail_insert: write
INSERT INTO mail (id, org_id, kind, to_email, to_name, from_name, lang, subject, link_id, link_kind,
  reply_ticket_id, reply_contact_id, reply_member_id, state, next_at, created_at)
VALUES (:id, :org_id, :kind, :to_email, :to_name, :from_name, :lang, :subject, :link_id, :link_kind,
  :reply_ticket_id, :reply_contact_id, :reply_member_id, 'queued', :now, :now)

-- mail_body_insert: write
INSERT INTO mail_body (mail_id, text, html) VALUES (:id, :text, :html)

-- mail_file_insert: write
INSERT INTO mail_file (mail_id, name, type, text) VALUES (:id, :name, :type, :text)

-- mail_look: read @across
-- Is there anything to send? Asked again and again: the writer's turn is taken only where there is.
SELECT 1 AS is_due FROM mail WHERE state = 'queued' AND next_at <= :now ORDER BY next_at, id LIMIT 1

-- mail_due: write @across
-- The next message to send, passed over where another server has it.
SELECT m.id FROM mail m WHERE m.state = 'queued' AND m.next_at <= :now ORDER BY m.next_at, m.id LIMIT 1
{{postgresql: FOR UPDATE SKIP LOCKED}}

-- mail_take: write @across
UPDATE mail SET tries = tries + 1, next_at = :until WHERE id = :id AND state = 'queued'
RETURNING id, org_id, to_email, to_name, from_name, lang, subject, link_id, link_kind, reply_ticket_id, reply_contact_id, reply_member_id, tries, last_error, created_at

-- mail_body: read @across
SELECT b.text, b.html, f.name AS file_name, f.type AS file_type, f.text AS file_text
FROM mail_body b LEFT JOIN mail_file f ON f.mail_id = b.mail_id WHERE b.mail_id = :id

-- mail_sent: write @across
UPDATE mail SET state = 'sent', sent_at = :now, last_error = '' WHERE id = :id AND state = 'queued'

-- mail_put_off: write @across
UPDATE mail SET state = :state, next_at = :next_at, last_error = :last_error WHERE id = :id AND state = 'queued'

-- mail_link_insert: write
INSERT INTO mail_link (id, kind, person_id, org_id, created_at, expires_at)
VALUES (:id, 'password', :holder_id, :org_id, :now, :expires_at)

-- mail_link_end_older: write
-- A newer link makes the older ones of the same person useless: there is one at a time.
UPDATE mail_link SET used_at = :now WHERE person_id = :holder_id AND used_at IS NULL AND id <> :id

-- mail_file_purge: write @across
DELETE FROM mail_file WHERE mail_id IN (SELECT id FROM mail WHERE state = :of_state AND next_at < :before ORDER BY next_at, id LIMIT :most)

-- mail_body_purge: write @across
-- What has left, or was given up, long since: file and text first, then (mail_purge, the same rows) the message. next_at is about when it left.
DELETE FROM mail_body WHERE mail_id IN (SELECT id FROM mail WHERE state = :of_state AND next_at < :before ORDER BY next_at, id LIMIT :most)

-- mail_purge: write @across
DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE state = :of_state AND next_at < :before ORDER BY next_at, id LIMIT :most)
