-- People, their passwords and sessions: the server's own tables, bound to :person wherever somebody is signed in.

-- account_find: read @across
-- Who signs in with this address.
SELECT id, email, first_name, last_name, lang, password_hash FROM person WHERE email_key = :email_key

-- sign_in_place: read @across
-- Was the account of this address signed in from there?
SELECT 1 AS is_known FROM person p CROSS JOIN session s
WHERE p.email_key = :email_key AND s.person_id = p.id AND s.remote = :remote AND s.created_at > :since LIMIT 1

-- account_show: read
SELECT id, email, first_name, last_name, first_name || ' ' || last_name AS name, lang, password_at,
       CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END AS has_password
FROM person WHERE id = :person

-- account_secret: read
SELECT id, email, first_name, last_name, password_hash FROM person WHERE id = :person

-- account_lang_put: write
UPDATE person SET lang = :lang WHERE id = :person

-- account_sessions: read
SELECT id, remote, agent, created_at, seen_at, CASE WHEN id = :session THEN 1 ELSE 0 END AS is_current
FROM session WHERE person_id = :person AND ended_at IS NULL AND expires_at > :now AND seen_at > :idle_since
ORDER BY seen_at DESC, id DESC LIMIT 100

-- password_put: write
UPDATE person SET password_hash = :password_hash, password_at = :now WHERE id = :of_person

-- password_link: read @across
-- A link that still works: whom it is for, and where it leads. A portal for its contacts, a back office for its members.
SELECT l.id, p.id AS person_id, p.email, p.first_name, p.last_name, p.first_name || ' ' || p.last_name AS name, COALESCE(o.slug, '') AS slug,
       COALESCE(o.is_portal_open, 0) AS is_portal_open,
       CASE WHEN EXISTS (SELECT 1 FROM contact ct WHERE ct.person_id = p.id AND ct.org_id = o.id) THEN 1 ELSE 0 END AS is_contact
FROM mail_link l JOIN person p ON p.id = l.person_id LEFT JOIN organization o ON o.id = l.org_id
WHERE l.id = :link_id AND l.kind = 'password' AND l.used_at IS NULL AND l.expires_at > :now

-- password_link_take: write
UPDATE mail_link SET used_at = :now WHERE id = :link_id AND kind = 'password' AND used_at IS NULL AND expires_at > :now

-- password_links_end: write
-- A new password ends every link that could set another one.
UPDATE mail_link SET used_at = :now WHERE person_id = :of_person AND used_at IS NULL AND kind = 'password'

-- session_purge: write
-- What has ended by itself long since; a session signed out of ends so as well, at most two weeks later.
DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < :before ORDER BY expires_at LIMIT :most)

-- form_seen_purge: write
DELETE FROM form_seen WHERE (session_id, nonce) IN (SELECT session_id, nonce FROM form_seen WHERE created_at < :before ORDER BY created_at LIMIT :most)

-- attempt_purge: write
DELETE FROM attempt WHERE key IN (SELECT key FROM attempt WHERE window_at < :before ORDER BY window_at LIMIT :most)

-- link_purge: write
DELETE FROM mail_link WHERE id IN (SELECT id FROM mail_link WHERE expires_at < :before ORDER BY expires_at LIMIT :most)
