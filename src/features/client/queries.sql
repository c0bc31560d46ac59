-- Clients, their contacts, and what of the client space a contact may see.

-- word_remove: write
DELETE FROM word WHERE org_id = :org AND kind = :kind AND word = :word AND id = :id

-- word_add: write
INSERT INTO word (org_id, kind, word, id) VALUES (:org, :kind, :word, :id) ON CONFLICT DO NOTHING

-- word_add_many: write
-- Sixteen in the order of the key: one statement finds its way down the tree once.
INSERT INTO word (org_id, kind, word, id) VALUES
  (:org, :kind, :word_1, :id_1), (:org, :kind, :word_2, :id_2), (:org, :kind, :word_3, :id_3), (:org, :kind, :word_4, :id_4),
  (:org, :kind, :word_5, :id_5), (:org, :kind, :word_6, :id_6), (:org, :kind, :word_7, :id_7), (:org, :kind, :word_8, :id_8),
  (:org, :kind, :word_9, :id_9), (:org, :kind, :word_10, :id_10), (:org, :kind, :word_11, :id_11), (:org, :kind, :word_12, :id_12),
  (:org, :kind, :word_13, :id_13), (:org, :kind, :word_14, :id_14), (:org, :kind, :word_15, :id_15), (:org, :kind, :word_16, :id_16)
ON CONFLICT DO NOTHING

-- word_of_show: read
SELECT words FROM word_of WHERE org_id = :org AND kind = :kind AND id = :id

-- word_cut: read
-- Does a search look at the first 2,000 rows alone?
SELECT CASE WHEN COUNT(*) > 2000 THEN 1 ELSE 0 END AS is_cut
FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = :kind AND w.word >= :word AND w.word < :word_end ORDER BY w.word, w.id LIMIT 2001) a

-- word_of_put: write
INSERT INTO word_of (org_id, kind, id, words) VALUES (:org, :kind, :id, :words)
ON CONFLICT (org_id, kind, id) DO UPDATE SET words = :words

-- client_found: part
-- Driven by the longest word: of what begins so at most 2,000 are looked at.
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'client' AND w.word >= :word AND w.word < :word_end
                                 ORDER BY w.word, w.id LIMIT 2000) a) f
CROSS JOIN client c
WHERE c.org_id = :org AND c.id = f.id
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'client' AND v.id = c.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)]]
  [[word3: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'client' AND v.id = c.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]

-- client_list: read
SELECT c.id, c.number, c.kind, c.name, c.name_key, c.city, c.email, c.phone FROM client c
WHERE c.org_id = :org [[page_after: AND (c.name_key, c.id) > (:page_after, :page_id)]]
ORDER BY c.name_key, c.id LIMIT :page_limit

-- client_by_changed: read
SELECT c.id, c.number, c.kind, c.name, c.city, c.email, c.phone, c.changed_at FROM client c
WHERE c.org_id = :org [[page_after: AND (c.changed_at, c.id) < (:page_after, :page_id)]]
ORDER BY c.changed_at DESC, c.id DESC LIMIT :page_limit

-- client_by_created: read
-- Ids are ordered by time.
SELECT c.id, c.number, c.kind, c.name, c.city, c.email, c.phone, c.created_at FROM client c
WHERE c.org_id = :org [[page_after: AND c.id < :page_after]]
ORDER BY c.id DESC LIMIT :page_limit

-- client_search: read
SELECT c.id, c.number, c.kind, c.name, c.name_key, c.city, c.email, c.phone
{{>client_found}}
  [[page_after: AND (c.name_key, c.id) > (:page_after, :page_id)]]
ORDER BY c.name_key, c.id LIMIT :page_limit

-- client_search_by_changed: read
SELECT c.id, c.number, c.kind, c.name, c.city, c.email, c.phone, c.changed_at
{{>client_found}}
  [[page_after: AND (c.changed_at, c.id) < (:page_after, :page_id)]]
ORDER BY c.changed_at DESC, c.id DESC LIMIT :page_limit

-- client_search_by_created: read
SELECT c.id, c.number, c.kind, c.name, c.city, c.email, c.phone, c.created_at
{{>client_found}}
  [[page_after: AND c.id < :page_after]]
ORDER BY c.id DESC LIMIT :page_limit

-- client_show: read
SELECT c.id, c.number, c.kind, c.name, c.siren, c.street, c.postcode, c.city, c.email, c.phone, c.created_at, c.changed_at,
       COALESCE(x.information, '') AS information, COALESCE(x.notes, '') AS notes
FROM client c LEFT JOIN client_text x ON x.org_id = c.org_id AND x.client_id = c.id
WHERE c.org_id = :org AND c.id = :of_client

-- client_contacts: read
SELECT id, first_name || ' ' || last_name AS name, job_title, email, phone, CASE WHEN person_id IS NULL THEN 0 ELSE 1 END AS has_access
FROM contact WHERE org_id = :org AND client_id = :of_client ORDER BY name_key, id LIMIT 51

-- client_file_list: read
SELECT id, name, type, size_bytes, is_shared, author_name, created_at FROM client_attachment
WHERE org_id = :org AND client_id = :of_client [[page_after: AND id < :page_after]] ORDER BY id DESC LIMIT :page_limit

-- client_file_show: read
SELECT id, name, type, size_bytes, hash, is_shared, author_name, created_at FROM client_attachment
WHERE org_id = :org AND client_id = :of_client AND id = :of_file

-- document_list: read
-- What of them the client itself sees.
SELECT id, name, type, size_bytes, created_at FROM client_attachment
WHERE org_id = :org AND client_id = :client AND is_shared = 1 [[page_after: AND id < :page_after]] ORDER BY id DESC LIMIT :page_limit

-- document_file: read
SELECT name, type, hash FROM client_attachment WHERE org_id = :org AND client_id = :client AND id = :of_file AND is_shared = 1

-- client_file_add: write
INSERT INTO client_attachment (org_id, id, client_id, hash, name, type, size_bytes, is_shared, author_name, created_at)
VALUES (:org, :id, :of_client, :hash, :name, :type, :size_bytes, :is_shared, :author_name, :now)

-- client_file_share: write
UPDATE client_attachment SET is_shared = :is_shared WHERE org_id = :org AND client_id = :of_client AND id = :of_file RETURNING name

-- client_file_remove: write
DELETE FROM client_attachment WHERE org_id = :org AND client_id = :of_client AND id = :of_file RETURNING name, hash

-- client_tickets: read
SELECT t.id, t.number, t.title, t.status, t.changed_at, p.name AS priority_name, p.tone AS priority_tone
FROM ticket t LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
WHERE t.org_id = :org AND t.client_id = :of_client ORDER BY t.changed_at DESC, t.id DESC LIMIT 5

-- client_number: write
-- The last of :count numbers, all above :floor.
UPDATE client_counter SET last = CASE WHEN last < :floor THEN :floor ELSE last END + :count WHERE org_id = :org RETURNING last AS number

-- client_number_last: read
-- Where counting begins in an organization whose clients were brought in.
SELECT number FROM client WHERE org_id = :org AND number >= 'C-' AND number < 'C-:' ORDER BY number DESC LIMIT 1

-- client_number_begin: write
INSERT INTO client_counter (org_id, last) VALUES (:org, :last) ON CONFLICT DO NOTHING

-- client_add: write
INSERT INTO client (org_id, id, number, kind, name, name_key, siren, street, postcode, city, email, phone, created_at, changed_at)
VALUES (:org, :id, :number, :kind, :name, :name_key, :siren, :street, :postcode, :city, :email, :phone, :now, :now)

-- client_put: write
UPDATE client SET kind = :kind, name = :name, name_key = :name_key, siren = :siren, street = :street, postcode = :postcode, city = :city,
       email = :email, phone = :phone, changed_at = :now
WHERE org_id = :org AND id = :id RETURNING number

-- client_text_put: write
INSERT INTO client_text (org_id, client_id, information, notes) VALUES (:org, :id, :information, :notes)
ON CONFLICT (org_id, client_id) DO UPDATE SET information = :information, notes = :notes

-- contact_all: part
FROM contact ct LEFT JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id
WHERE ct.org_id = :org [[of_client: AND ct.client_id = :of_client]] [[orphans: AND ct.client_id IS NULL]]

-- contact_found: part
-- The client is written so that no index of its contacts takes the place of the index of what was found.
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'contact' AND w.word >= :word AND w.word < :word_end
                                 ORDER BY w.word, w.id LIMIT 2000) a) f
CROSS JOIN contact ct LEFT JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id
WHERE ct.org_id = :org AND ct.id = f.id
  [[of_client: AND ct.client_id + 0 = :of_client]]
  [[orphans: AND ct.client_id + 0 IS NULL]]
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = ct.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)]]
  [[word3: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = ct.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]

-- contact_list: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.name_key, ct.job_title, ct.email, ct.phone, ct.client_id, cl.name AS client_name
{{>contact_all}}
  [[page_after: AND (ct.name_key, ct.id) > (:page_after, :page_id)]]
ORDER BY ct.name_key, ct.id LIMIT :page_limit

-- contact_by_changed: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.job_title, ct.email, ct.phone, ct.client_id, ct.changed_at, cl.name AS client_name
{{>contact_all}}
  [[page_after: AND (ct.changed_at, ct.id) < (:page_after, :page_id)]]
ORDER BY ct.changed_at DESC, ct.id DESC LIMIT :page_limit

-- contact_by_created: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.job_title, ct.email, ct.phone, ct.client_id, ct.created_at, cl.name AS client_name
{{>contact_all}}
  [[page_after: AND ct.id < :page_after]]
ORDER BY ct.id DESC LIMIT :page_limit

-- contact_search: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.name_key, ct.job_title, ct.email, ct.phone, ct.client_id, cl.name AS client_name
{{>contact_found}}
  [[page_after: AND (ct.name_key, ct.id) > (:page_after, :page_id)]]
ORDER BY ct.name_key, ct.id LIMIT :page_limit

-- contact_search_by_changed: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.job_title, ct.email, ct.phone, ct.client_id, ct.changed_at, cl.name AS client_name
{{>contact_found}}
  [[page_after: AND (ct.changed_at, ct.id) < (:page_after, :page_id)]]
ORDER BY ct.changed_at DESC, ct.id DESC LIMIT :page_limit

-- contact_search_by_created: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.job_title, ct.email, ct.phone, ct.client_id, ct.created_at, cl.name AS client_name
{{>contact_found}}
  [[page_after: AND ct.id < :page_after]]
ORDER BY ct.id DESC LIMIT :page_limit

-- contact_show: read
SELECT ct.id, ct.client_id, ct.first_name, ct.last_name, ct.first_name || ' ' || ct.last_name AS name, ct.job_title, ct.email, ct.phone,
       ct.lang, ct.notes, ct.created_at, ct.changed_at, cl.name AS client_name, cl.number AS client_number,
       CASE WHEN ct.person_id IS NULL THEN 0 ELSE 1 END AS has_access, b.bounced_at, b.said AS bounce_said, u.created_at AS muted_at
FROM contact ct LEFT JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id
LEFT JOIN mail_bounce b ON b.org_id = ct.org_id AND b.email_key = ct.email_key
LEFT JOIN mail_mute u ON u.org_id = ct.org_id AND u.email_key = ct.email_key
WHERE ct.org_id = :org AND ct.id = :of_contact

-- contact_unmute: write
DELETE FROM mail_mute WHERE org_id = :org AND email_key = :email_key

-- contact_reach: write
DELETE FROM mail_bounce WHERE org_id = :org AND email_key = :email_key

-- contact_take: write
-- Takes the row for the rest of the transaction: an access is given or ended by one at a time.
UPDATE contact SET changed_at = changed_at WHERE org_id = :org AND id = :of_contact
RETURNING id, client_id, person_id, first_name, last_name, first_name || ' ' || last_name AS name, email, email_key, lang

-- contact_add: write
INSERT INTO contact (org_id, id, client_id, first_name, last_name, name_key, job_title, email, email_key, phone, lang, notes, created_at, changed_at)
VALUES (:org, :id, :of_client, :first_name, :last_name, :name_key, :job_title, :email, :email_key, :phone, :lang, :notes, :now, :now)

-- contact_put: write
UPDATE contact SET first_name = :first_name, last_name = :last_name, name_key = :name_key, job_title = :job_title, email = :email,
       email_key = :email_key, phone = :phone, lang = :lang, notes = :notes, changed_at = :now
WHERE org_id = :org AND id = :id

-- contact_place: write
-- Only one that is placed nowhere: what it was given and did belongs to the client it has.
UPDATE contact SET client_id = :of_client, changed_at = :now WHERE org_id = :org AND id = :of_contact AND (client_id IS NULL OR client_id = :of_client)

-- contact_unbind: write
UPDATE contact SET person_id = NULL WHERE org_id = :org AND id = :id

-- contact_space: read
-- The portal that an access would open.
SELECT name, is_portal_open FROM organization WHERE id = :org

-- contact_person: read
SELECT id, email_key, lang, CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password FROM person WHERE id = :person_id

-- contact_person_by_email: read
SELECT id, email_key, lang, CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password FROM person WHERE email_key = :email_key

-- contact_person_add: write
INSERT INTO person (id, email, email_key, first_name, last_name, lang, created_at)
VALUES (:id, :email, :email_key, :first_name, :last_name, :lang, :now) ON CONFLICT (email_key) DO NOTHING

-- personal_company: read
SELECT name, street, postcode, city, email, phone, dpo_email, personal_intro FROM organization WHERE id = :org

-- personal_show: read
-- What the portal shows a contact of themself.
SELECT ct.id, ct.first_name, ct.last_name, ct.job_title, ct.email, ct.phone, ct.lang, ct.created_at, ct.changed_at, COALESCE(cl.name, '') AS client_name
FROM contact ct LEFT JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id
WHERE ct.org_id = :org AND ct.id = :contact

-- personal_put: write
UPDATE contact SET first_name = :first_name, last_name = :last_name, name_key = :name_key, job_title = :job_title, phone = :phone, changed_at = :now
WHERE org_id = :org AND id = :contact
