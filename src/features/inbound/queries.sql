-- Answers by e-mail.

-- inbound_ticket: read
SELECT t.id, t.number, t.client_id FROM ticket t WHERE t.org_id = :org AND t.id = :of_ticket

-- inbound_contact: read
SELECT ct.person_id, ct.email, ct.email_key, ct.lang, ct.first_name || ' ' || ct.last_name AS name, COALESCE(p.email, '') AS person_email
FROM contact ct LEFT JOIN person p ON p.id = ct.person_id WHERE ct.org_id = :org AND ct.id = :of_contact

-- inbound_member: read
SELECT p.id AS person_id, p.email, p.email_key, p.lang, p.first_name || ' ' || p.last_name AS name, p.email AS person_email
FROM member m JOIN person p ON p.id = m.person_id WHERE m.org_id = :org AND m.id = :of_member

-- inbound_seen_add: write
-- The same message at the same moment waits here for the first, and then changes nothing.
INSERT INTO inbound_seen (org_id, hash, ticket_id, seen_at) VALUES (:org, :hash, :of_ticket, :now) ON CONFLICT DO NOTHING

-- inbound_seen_landed: write
UPDATE inbound_seen SET is_comment = 1 WHERE org_id = :org AND hash = :hash

-- inbound_landed: read
-- Comments by mail on a ticket since a time, as many as there may be.
SELECT s.seen_at FROM inbound_seen s
WHERE s.org_id = :org AND s.ticket_id = :of_ticket AND s.is_comment = 1 AND s.seen_at > :since ORDER BY s.seen_at LIMIT 20

-- inbound_seen_purge: write @across
DELETE FROM inbound_seen WHERE (org_id, hash) IN (SELECT s.org_id, s.hash FROM inbound_seen s WHERE s.seen_at < :before ORDER BY s.seen_at LIMIT 500)

-- inbound_of_mail: read @across
-- The mail that a quoted Message-ID names, by an id that carries a MAC.
SELECT org_id, to_email, reply_ticket_id, reply_contact_id, reply_member_id FROM mail WHERE id = :mail_id

-- inbound_bounce_put: write
INSERT INTO mail_bounce (org_id, email_key, bounced_at, said) VALUES (:org, :email_key, :now, :said)
ON CONFLICT (org_id, email_key) DO UPDATE SET bounced_at = :now, said = :said

-- inbound_bounce_end: write
DELETE FROM mail_bounce WHERE org_id = :org AND email_key = :email_key

-- inbound_room: read
-- What is set aside already, as much as there may be.
SELECT m.created_at FROM inbound_mail m WHERE m.org_id = :org ORDER BY m.created_at LIMIT 500

-- inbound_aside_add: write
INSERT INTO inbound_mail (org_id, id, reason, ticket_id, from_email, from_name, subject, file_count, hash, created_at)
VALUES (:org, :id, :reason, :of_ticket, :from_email, :from_name, :subject, :file_count, :hash, :now)

-- inbound_text_add: write
INSERT INTO inbound_text (org_id, mail_id, text) VALUES (:org, :id, :text)

-- inbound_list: read
SELECT m.id, m.reason, m.ticket_id, t.number AS ticket_number, m.from_email, m.from_name, m.subject, m.file_count, m.created_at, m.added_at
FROM inbound_mail m LEFT JOIN ticket t ON t.org_id = m.org_id AND t.id = m.ticket_id
WHERE m.org_id = :org [[page_after: AND (m.created_at, m.id) < (:page_after, :page_id)]]
ORDER BY m.created_at DESC, m.id DESC LIMIT :page_limit

-- inbound_show: read
SELECT m.id, m.reason, m.ticket_id, t.number AS ticket_number, t.title AS ticket_title, m.from_email, m.from_name, m.subject, m.file_count, m.created_at, m.added_at,
       CASE WHEN m.hash = '' THEN 0 ELSE 1 END AS has_file, x.text
FROM inbound_mail m
LEFT JOIN ticket t ON t.org_id = m.org_id AND t.id = m.ticket_id
LEFT JOIN inbound_text x ON x.org_id = m.org_id AND x.mail_id = m.id
WHERE m.org_id = :org AND m.id = :of_message

-- inbound_file: read
SELECT hash FROM inbound_mail WHERE org_id = :org AND id = :of_message AND hash <> ''

-- inbound_take_aside: write
-- Added to its ticket once.
UPDATE inbound_mail SET added_at = :now WHERE org_id = :org AND id = :of_message AND added_at IS NULL AND reason <> 'cut'
RETURNING id, ticket_id, from_email, from_name, created_at

-- inbound_text_of: read
SELECT text FROM inbound_text WHERE org_id = :org AND mail_id = :of_message

-- inbound_old: read @across
-- Past their time, of all organizations.
SELECT m.org_id, m.id, m.hash FROM inbound_mail m WHERE m.created_at < :before ORDER BY m.created_at LIMIT 100

-- inbound_text_drop: write
DELETE FROM inbound_text WHERE org_id = :org AND mail_id = :of_message

-- inbound_drop: write
DELETE FROM inbound_mail WHERE org_id = :org AND id = :of_message
