-- Tickets. What the portal asks is bound to :org and :client, what the back office (desk_…) asks to :org. Parts of a
-- ticket are joined by LEFT JOIN although they always exist: the list then stays driven by the ticket's own index.

-- ticket_list: read
-- C-6: every ticket of the contact's client, last changed first.
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at,
       p.name AS priority_name, p.tone AS priority_tone,
       ct.first_name || ' ' || ct.last_name AS contact_name
FROM ticket t
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
WHERE t.org_id = :org AND t.client_id = :client
  [[status: AND t.status = :status]]
  [[priority: AND t.priority_id = :priority]]
  [[of_contact: AND t.contact_id = :of_contact]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- ticket_contacts: read
SELECT id, first_name || ' ' || last_name AS name FROM contact
WHERE org_id = :org AND client_id = :client ORDER BY name_key, id LIMIT 200

-- ticket_priorities: read
SELECT id, name, tone, is_default FROM ticket_priority WHERE org_id = :org ORDER BY position, id LIMIT 50

-- ticket_types: read
SELECT id, name FROM ticket_type WHERE org_id = :org AND is_open = 1 ORDER BY position, id LIMIT 50

-- ticket_choice: read
-- Type and priority of a form, where both exist.
SELECT y.name AS type_name, p.name AS priority_name FROM ticket_type y
JOIN ticket_priority p ON p.org_id = y.org_id AND p.id = :priority_id
WHERE y.org_id = :org AND y.id = :type_id AND y.is_open = 1

-- ticket_show: read
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.created_at, t.changed_at,
       y.name AS type_name, p.name AS priority_name, p.tone AS priority_tone, cl.name AS client_name,
       ct.first_name || ' ' || ct.last_name AS contact_name,
       pr.first_name || ' ' || pr.last_name AS assignee_name
FROM ticket t
LEFT JOIN ticket_type y ON y.org_id = t.org_id AND y.id = t.type_id
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
LEFT JOIN member m ON m.org_id = t.org_id AND m.id = t.assignee_id
LEFT JOIN person pr ON pr.id = m.person_id
WHERE t.org_id = :org AND t.client_id = :client AND t.id = :ticket

-- ticket_comments: read
-- Newest first, so that a page of a long conversation is its end; the handler turns it round. An internal note does not exist here.
SELECT m.id, m.kind, m.author_name, m.body, m.old_value, m.new_value, m.created_at,
       CASE WHEN m.kind IN ('opening', 'answer', 'note') THEN 1 ELSE 0 END AS is_message,
       CASE WHEN m.contact_id IS NULL THEN 0 ELSE 1 END AS is_from_client,
       CASE WHEN m.contact_id IS NULL THEN 0 ELSE 1 END AS is_ours,
       CASE WHEN m.new_value = m.author_name THEN 1 ELSE 0 END AS is_taken
FROM ticket t
JOIN comment m ON m.org_id = t.org_id AND m.ticket_id = t.id
WHERE t.org_id = :org AND t.client_id = :client AND t.id = :ticket AND m.is_internal = 0
  [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- ticket_attachments: read
SELECT a.id, a.comment_id, a.name, a.type, a.size_bytes
FROM ticket t
JOIN attachment a ON a.org_id = t.org_id AND a.ticket_id = t.id
JOIN comment m ON m.org_id = a.org_id AND m.id = a.comment_id
WHERE t.org_id = :org AND t.client_id = :client AND t.id = :ticket AND m.is_internal = 0
  AND a.comment_id >= :first_id AND a.comment_id <= :last_id
ORDER BY a.comment_id, a.id LIMIT 500

-- ticket_file: read
-- Never one of an internal note.
SELECT a.hash, a.name, a.type
FROM attachment a
JOIN ticket t ON t.org_id = a.org_id AND t.id = a.ticket_id
JOIN comment m ON m.org_id = a.org_id AND m.id = a.comment_id
WHERE a.org_id = :org AND a.id = :file AND a.ticket_id = :ticket AND t.client_id = :client AND m.is_internal = 0

-- ticket_take: write
-- Takes the row for the rest of the transaction and says how it stands: two acts at once follow one another.
UPDATE ticket SET changed_at = changed_at WHERE org_id = :org AND client_id = :client AND id = :ticket
RETURNING id, number, title, status, client_id, contact_id, assignee_id, priority_id

-- desk_take: write
UPDATE ticket SET changed_at = changed_at WHERE org_id = :org AND id = :ticket
RETURNING id, number, title, status, client_id, contact_id, assignee_id, priority_id

-- ticket_number: write
-- The next number of the organization; without gap, since a ticket that is not kept gives it back.
INSERT INTO ticket_counter (org_id, last) VALUES (:org, 1)
ON CONFLICT (org_id) DO UPDATE SET last = ticket_counter.last + 1 RETURNING last AS number

-- ticket_add: write
INSERT INTO ticket (org_id, id, number, client_id, contact_id, title, type_id, priority_id, status, created_at, changed_at)
VALUES (:org, :id, :number, :of_client, :of_contact, :title, :type_id, :priority_id, :status, :now, :now)

-- ticket_touch: write
-- After ticket_take or desk_take: an answer was given, a status set.
UPDATE ticket SET status = :status, comment_count = comment_count + :added, changed_at = :now
WHERE org_id = :org AND id = :ticket

-- comment_add: write
-- The author's name as it is now: the contact's in its client's space, else the name given.
INSERT INTO comment (org_id, id, ticket_id, kind, is_internal, contact_id, member_id, author_name, body, old_value, new_value, created_at)
VALUES (:org, :id, :ticket, :kind, :is_internal, :by_contact, :by_member,
        COALESCE((SELECT first_name || ' ' || last_name FROM contact WHERE org_id = :org AND id = :contact), :author_name),
        :body, :old_value, :new_value, :now)

-- attachment_add: write
-- Type and size are those of the kept file.
INSERT INTO attachment (org_id, id, ticket_id, comment_id, hash, name, type, size_bytes)
SELECT :org, :id, :ticket, :comment_id, f.hash, :name, f.type, f.size_bytes FROM file f WHERE f.org_id = :org AND f.hash = :hash

-- ticket_of_mail: read
-- What messages about a ticket say, and whom they reach: nobody whose contact has left the client since (C-11).
SELECT t.id, t.number, t.title, t.status, t.assignee_id, y.name AS type_name, p.name AS priority_name, cl.name AS client_name,
       ct.first_name || ' ' || ct.last_name AS contact_name, ct.lang AS contact_lang,
       CASE WHEN ct.client_id = t.client_id THEN ct.email ELSE '' END AS contact_email,
       (SELECT a.first_name || ' ' || a.last_name FROM contact a WHERE a.org_id = :org AND a.id = :contact) AS author_name
FROM ticket t
LEFT JOIN ticket_type y ON y.org_id = t.org_id AND y.id = t.type_id
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
WHERE t.org_id = :org AND t.id = :ticket

-- ticket_staff: read
-- C-8: the support team, told of what clients write.
SELECT p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM mandate d
JOIN person p ON p.id = d.holder_person_id
WHERE d.org_id = :org AND d.state = 'active' AND d.kind = 'membership' AND d.detail IN ('administrator', 'support_agent')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 20

-- ticket_assignee: read
-- Who is in charge, while a member still.
SELECT p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM mandate d
JOIN person p ON p.id = d.holder_person_id
WHERE d.org_id = :org AND d.holder_member_id = :assignee AND d.kind = 'membership' AND d.state = 'active'
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 1

-- ticket_type_add: write
INSERT INTO ticket_type (org_id, id, name, position) VALUES (:org, :id, :name, :position)

-- ticket_priority_add: write
INSERT INTO ticket_priority (org_id, id, name, tone, position, is_default) VALUES (:org, :id, :name, :tone, :position, :is_default)

-- Tickets as the support team sees them: the whole organization, internal notes included.

-- desk_list: read
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at, t.client_id, cl.name AS client_name,
       p.name AS priority_name, p.tone AS priority_tone,
       ct.first_name || ' ' || ct.last_name AS contact_name, pr.first_name || ' ' || pr.last_name AS assignee_name
FROM ticket t
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
LEFT JOIN member m ON m.org_id = t.org_id AND m.id = t.assignee_id
LEFT JOIN person pr ON pr.id = m.person_id
WHERE t.org_id = :org
  [[status: AND t.status = :status]]
  [[priority: AND t.priority_id = :priority]]
  [[assignee: AND t.assignee_id = :assignee]]
  [[of_client: AND t.client_id = :of_client]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- desk_search: read
-- By one or two words of the ticket's title and number, or of its client's: at most 1,000 of each are looked at.
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at, t.client_id, cl.name AS client_name,
       p.name AS priority_name, p.tone AS priority_tone,
       ct.first_name || ' ' || ct.last_name AS contact_name, pr.first_name || ' ' || pr.last_name AS assignee_name
FROM (SELECT a.id FROM (SELECT w.id FROM word w
                        WHERE w.org_id = :org AND w.kind = 'ticket' AND w.word >= :word AND w.word < :word_end LIMIT 1000) a
      UNION
      SELECT b.id FROM (SELECT x.id FROM word w CROSS JOIN ticket x
                        WHERE w.org_id = :org AND w.kind = 'client' AND w.word >= :word AND w.word < :word_end
                          AND x.org_id = w.org_id AND x.client_id = w.id LIMIT 1000) b) f
CROSS JOIN ticket t
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
LEFT JOIN member m ON m.org_id = t.org_id AND m.id = t.assignee_id
LEFT JOIN person pr ON pr.id = m.person_id
WHERE t.org_id = :org AND t.id = f.id
  [[status: AND t.status = :status]]
  [[priority: AND t.priority_id = :priority]]
  [[assignee: AND t.assignee_id = :assignee]]
  [[word2: AND (EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'ticket' AND w.id = t.id AND REPLACE(w.words, ' ' || :word2, '') <> w.words)
             OR EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'client' AND w.id = t.client_id AND REPLACE(w.words, ' ' || :word2, '') <> w.words))]]
  [[of_client: AND t.client_id = :of_client]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- desk_members: read
SELECT m.id, p.first_name || ' ' || p.last_name AS name
FROM mandate d
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
JOIN person p ON p.id = m.person_id
WHERE d.org_id = :org AND d.state = 'active' AND d.kind = 'membership' AND d.detail IN ('administrator', 'manager', 'support_agent')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 100

-- desk_show: read
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.created_at, t.changed_at, t.client_id, t.contact_id, t.assignee_id,
       t.priority_id, y.name AS type_name, p.name AS priority_name, p.tone AS priority_tone,
       cl.name AS client_name, cl.number AS client_number,
       ct.first_name || ' ' || ct.last_name AS contact_name, ct.email AS contact_email, ct.phone AS contact_phone,
       pr.first_name || ' ' || pr.last_name AS assignee_name
FROM ticket t
LEFT JOIN ticket_type y ON y.org_id = t.org_id AND y.id = t.type_id
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
LEFT JOIN member m ON m.org_id = t.org_id AND m.id = t.assignee_id
LEFT JOIN person pr ON pr.id = m.person_id
WHERE t.org_id = :org AND t.id = :ticket

-- desk_comments: read
SELECT m.id, m.kind, m.author_name, m.body, m.old_value, m.new_value, m.created_at, m.is_internal,
       CASE WHEN m.kind IN ('opening', 'answer', 'note') THEN 1 ELSE 0 END AS is_message,
       CASE WHEN m.contact_id IS NULL THEN 0 ELSE 1 END AS is_from_client,
       CASE WHEN m.contact_id IS NULL THEN 1 ELSE 0 END AS is_ours,
       CASE WHEN m.new_value = m.author_name THEN 1 ELSE 0 END AS is_taken
FROM comment m
WHERE m.org_id = :org AND m.ticket_id = :ticket
  [[page_after: AND m.id < :page_after]]
ORDER BY m.id DESC LIMIT :page_limit

-- desk_attachments: read
SELECT a.id, a.comment_id, a.name, a.type, a.size_bytes FROM attachment a
WHERE a.org_id = :org AND a.ticket_id = :ticket AND a.comment_id >= :first_id AND a.comment_id <= :last_id
ORDER BY a.comment_id, a.id LIMIT 500

-- desk_file: read
SELECT a.hash, a.name, a.type FROM attachment a WHERE a.org_id = :org AND a.id = :file AND a.ticket_id = :ticket

-- desk_priority: read
SELECT id, name FROM ticket_priority WHERE org_id = :org AND id = :priority_id

-- desk_member: read
-- Who may be put in charge: a member still.
SELECT m.id, p.first_name || ' ' || p.last_name AS name
FROM mandate d
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
JOIN person p ON p.id = m.person_id
WHERE d.org_id = :org AND d.holder_member_id = :member_id AND d.kind = 'membership' AND d.state = 'active'
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 1

-- desk_set_priority: write
UPDATE ticket SET priority_id = :priority_id, changed_at = :now WHERE org_id = :org AND id = :ticket

-- desk_set_assignee: write
UPDATE ticket SET assignee_id = :assignee, changed_at = :now WHERE org_id = :org AND id = :ticket

-- desk_contact: read
-- For whom a ticket is opened; a contact without a client has none to open it for.
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.email, ct.client_id, cl.name AS client_name
FROM contact ct
LEFT JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id
WHERE ct.org_id = :org AND ct.id = :of_contact

-- desk_contacts: read
-- To choose for whom: by the words of names and addresses.
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.email, cl.name AS client_name
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'contact' AND w.word >= :word AND w.word < :word_end
                                 ORDER BY w.word, w.id LIMIT 2000) a) f
CROSS JOIN contact ct
LEFT JOIN client cl ON cl.org_id = ct.org_id AND cl.id = ct.client_id
WHERE ct.org_id = :org AND ct.id = f.id
  [[word2: AND EXISTS (SELECT 1 FROM word_of v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = ct.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)]]
  [[word3: AND EXISTS (SELECT 1 FROM word_of v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = ct.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]
ORDER BY ct.name_key, ct.id LIMIT 50
