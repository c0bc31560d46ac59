-- Tickets. What the portal asks is bound to :org and :client, what the back office (desk_…) asks to :org. Parts of a
-- ticket are joined by LEFT JOIN although they always exist: the list then stays driven by the ticket's own index.

-- ticket_of_client: part
-- What is shown of a ticket beside its own columns, and which of them.
p.name AS priority_name, p.tone AS priority_tone,
       ct.first_name || ' ' || ct.last_name AS contact_name
FROM ticket t
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
WHERE t.org_id = :org AND t.client_id = :client
  [[status: AND t.status = :status]]
  [[priority: AND t.priority_id = :priority]]
  [[of_contact: AND t.contact_id = :of_contact]]

-- ticket_list: read
-- C-6: every ticket of the contact's client, last changed first.
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at,
       {{>ticket_of_client}}
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- ticket_by_created: read
-- The same, the last opened first: ids are ordered by time.
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.created_at, t.changed_at,
       {{>ticket_of_client}}
  [[page_after: AND t.id < :page_after]]
ORDER BY t.id DESC LIMIT :page_limit

-- ticket_contacts: read
SELECT id, first_name || ' ' || last_name AS name FROM contact
WHERE org_id = :org AND client_id = :client ORDER BY name_key, id LIMIT 200

-- ticket_priorities: read
-- What a new ticket may have.
SELECT id, name, tone, is_default FROM ticket_priority WHERE org_id = :org AND is_open = 1 ORDER BY position, id LIMIT 50

-- ticket_types: read
SELECT id, name FROM ticket_type WHERE org_id = :org AND is_open = 1 ORDER BY position, id LIMIT 50

-- ticket_choice: read
-- Type and priority of a form, where both exist.
SELECT y.name AS type_name, p.name AS priority_name FROM ticket_type y
JOIN ticket_priority p ON p.org_id = y.org_id AND p.id = :priority_id
WHERE y.org_id = :org AND y.id = :type_id AND y.is_open = 1 AND p.is_open = 1

-- ticket_usual: read
-- What a ticket is where nobody chooses: the first type, the usual priority.
SELECT y.id AS type_id, p.id AS priority_id FROM ticket_type y JOIN ticket_priority p ON p.org_id = y.org_id AND p.is_open = 1
WHERE y.org_id = :org AND y.is_open = 1 ORDER BY y.position, y.id, p.is_default DESC, p.position, p.id LIMIT 1

-- ticket_show: read
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.created_at, t.changed_at, t.contact_id,
       y.name AS type_name, p.name AS priority_name, p.tone AS priority_tone, cl.name AS client_name,
       (SELECT CASE WHEN o.contact_id IS NULL THEN 0 ELSE 1 END FROM comment o WHERE o.org_id = t.org_id AND o.ticket_id = t.id ORDER BY o.id LIMIT 1) AS is_by_contact,
       ct.first_name || ' ' || ct.last_name AS contact_name,
       pr.first_name || ' ' || pr.last_name AS assignee_name
FROM ticket t
LEFT JOIN ticket_type y ON y.org_id = t.org_id AND y.id = t.type_id
{{>desk_joins}}
WHERE t.org_id = :org AND t.client_id = :client AND t.id = :ticket

-- ticket_elsewhere: read
-- C-10, T-7: a ticket of another client of the organization, for which the same person may see tickets.
SELECT ct.id AS contact_id, t.client_id, cl.name AS client_name
FROM ticket t CROSS JOIN contact ct CROSS JOIN mandate m JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
WHERE t.org_id = :org AND t.id = :ticket AND ct.person_id = :person AND ct.org_id = t.org_id AND ct.client_id = t.client_id
  AND m.org_id = ct.org_id AND m.holder_contact_id = ct.id AND m.kind = 'access' AND m.state = 'active' AND m.detail IN ('tickets', 'all')
  AND m.holder_person_id = :person AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
ORDER BY ct.id LIMIT 1

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

-- ticket_taken: part
RETURNING id, number, title, status, client_id, contact_id, assignee_id, priority_id, due_at, due_from_at, due_paused_at, is_due_by_hand,
          (SELECT p.due_hours FROM ticket_priority p WHERE p.org_id = ticket.org_id AND p.id = ticket.priority_id) AS due_hours

-- ticket_take: write
-- Takes the row for the rest of the transaction and says how it stands: two acts at once follow one another.
UPDATE ticket SET changed_at = changed_at WHERE org_id = :org AND client_id = :client AND id = :ticket
{{>ticket_taken}}

-- desk_take: write
UPDATE ticket SET changed_at = changed_at WHERE org_id = :org AND id = :ticket
{{>ticket_taken}}

-- ticket_number: write
-- The next number of the organization; without gap, since a ticket that is not kept gives it back.
INSERT INTO ticket_counter (org_id, last) VALUES (:org, 1)
ON CONFLICT (org_id) DO UPDATE SET last = ticket_counter.last + 1 RETURNING last AS number

-- ticket_add: write
-- Due from now on, as its priority says.
INSERT INTO ticket (org_id, id, number, client_id, contact_id, title, type_id, priority_id, status, created_at, changed_at, due_from_at, due_at)
VALUES (:org, :id, :number, :of_client, :of_contact, :title, :type_id, :priority_id, :status, :now, :now, :now,
        (SELECT CAST(:now AS BIGINT) + p.due_hours * 3600000 FROM ticket_priority p WHERE p.org_id = :org AND p.id = :priority_id))

-- ticket_touch: write
-- After ticket_take or desk_take: an answer was given, a status set.
UPDATE ticket SET status = :status, comment_count = comment_count + :added, changed_at = :now,
       due_at = :due_at, due_from_at = :due_from_at, due_paused_at = :due_paused_at, is_due_by_hand = :is_due_by_hand
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
SELECT t.id, t.number, t.title, t.status, t.assignee_id, t.contact_id, y.name AS type_name, p.name AS priority_name, cl.name AS client_name,
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
SELECT d.holder_member_id AS member_id, p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM mandate d
JOIN person p ON p.id = d.holder_person_id
WHERE d.org_id = :org AND d.state = 'active' AND d.kind = 'membership' AND d.detail IN ('administrator', 'support_agent')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 20

-- ticket_assignee: read
-- Who is in charge, while a member still.
SELECT d.holder_member_id AS member_id, p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM mandate d
JOIN person p ON p.id = d.holder_person_id
WHERE d.org_id = :org AND d.holder_member_id = :assignee AND d.kind = 'membership' AND d.state = 'active'
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 1

-- ticket_type_add: write
INSERT INTO ticket_type (org_id, id, name, position) VALUES (:org, :id, :name, :position)

-- ticket_priority_add: write
INSERT INTO ticket_priority (org_id, id, name, tone, position, is_default, due_hours)
VALUES (:org, :id, :name, :tone, :position, :is_default, :due_hours)

-- Tickets as the support team sees them: the whole organization, internal notes included.

-- desk_row: part
-- A line of the queue.
t.id, t.number, t.title, t.status, t.comment_count, t.changed_at, t.due_at, t.client_id, cl.name AS client_name,
       p.name AS priority_name, p.tone AS priority_tone,
       ct.first_name || ' ' || ct.last_name AS contact_name, pr.first_name || ' ' || pr.last_name AS assignee_name

-- desk_joins: part
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
LEFT JOIN member m ON m.org_id = t.org_id AND m.id = t.assignee_id
LEFT JOIN person pr ON pr.id = m.person_id

-- desk_list: read
SELECT {{>desk_row}}
FROM ticket t
{{>desk_joins}}
WHERE t.org_id = :org
  [[status: AND t.status = :status]]
  [[priority: AND t.priority_id = :priority]]
  [[assignee: AND t.assignee_id = :assignee]]
  [[of_client: AND t.client_id = :of_client]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- desk_by_created: read
-- All of them, the last opened first: a stretch of the list, of which filters take what they take.
SELECT {{>desk_row}}, t.created_at
FROM (SELECT f.id FROM (
            SELECT x.id, x.status, x.priority_id, x.assignee_id FROM ticket x
            WHERE x.org_id = :org [[of_client: AND x.client_id = :of_client]]
            [[page_after: AND x.id < :page_after]]
            ORDER BY x.id DESC LIMIT :stretch) f
      WHERE f.id > 0 [[status: AND f.status = :status]] [[priority: AND f.priority_id = :priority]] [[assignee: AND f.assignee_id = :assignee]]
      ORDER BY f.id DESC LIMIT :page_limit) g
CROSS JOIN ticket t
{{>desk_joins}}
WHERE t.org_id = :org AND t.id = g.id
ORDER BY t.id DESC LIMIT :page_limit

-- desk_by_created_end: read
-- Where that stretch ended; is_cut where it was full.
SELECT f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut
FROM (
            SELECT x.id FROM ticket x
            WHERE x.org_id = :org [[of_client: AND x.client_id = :of_client]]
            [[page_after: AND x.id < :page_after]]
            ORDER BY x.id DESC LIMIT :stretch) f
ORDER BY f.id LIMIT 1

-- desk_by_due: read
-- The same, what is due first before the rest, and what has no due time behind it.
SELECT {{>desk_row}}, COALESCE(t.due_at, 8640000000000000) AS due_order
FROM (SELECT f.id, f.due_order FROM (
            SELECT x.id, x.status, x.priority_id, x.assignee_id, x.client_id, COALESCE(x.due_at, 8640000000000000) AS due_order FROM ticket x
            WHERE x.org_id = :org
            [[page_after: AND (COALESCE(x.due_at, 8640000000000000), x.id) > (:page_after, :page_id)]]
            ORDER BY COALESCE(x.due_at, 8640000000000000), x.id LIMIT :stretch) f
      WHERE f.id > 0 [[status: AND f.status = :status]] [[priority: AND f.priority_id = :priority]] [[assignee: AND f.assignee_id = :assignee]] [[of_client: AND f.client_id = :of_client]]
      ORDER BY f.due_order, f.id LIMIT :page_limit) g
CROSS JOIN ticket t
{{>desk_joins}}
WHERE t.org_id = :org AND t.id = g.id
ORDER BY COALESCE(t.due_at, 8640000000000000), t.id LIMIT :page_limit

-- desk_by_due_end: read
SELECT f.due_order, f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut
FROM (
            SELECT x.id, COALESCE(x.due_at, 8640000000000000) AS due_order FROM ticket x
            WHERE x.org_id = :org
            [[page_after: AND (COALESCE(x.due_at, 8640000000000000), x.id) > (:page_after, :page_id)]]
            ORDER BY COALESCE(x.due_at, 8640000000000000), x.id LIMIT :stretch) f
ORDER BY f.due_order DESC, f.id DESC LIMIT 1

-- desk_mine: read
-- What is somebody's to do; the last changed first. Written so that no index of a filter is taken for the index of what is to do.
SELECT {{>desk_row}}
FROM ticket t
{{>desk_joins}}
WHERE t.org_id = :org AND t.assignee_id = :of_member AND t.status <> 'resolved'
  [[status: AND t.status || '' = :status]]
  [[priority: AND t.priority_id + 0 = :priority]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- desk_free: read
-- What is nobody's yet.
SELECT {{>desk_row}}
FROM ticket t
{{>desk_joins}}
WHERE t.org_id = :org AND t.assignee_id IS NULL AND t.status <> 'resolved'
  [[status: AND t.status || '' = :status]]
  [[priority: AND t.priority_id + 0 = :priority]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- desk_due_list: read
-- What is due before a time; the longest overdue first.
SELECT {{>desk_row}}
FROM ticket t
{{>desk_joins}}
WHERE t.org_id = :org AND t.due_at < :until
  [[priority: AND t.priority_id + 0 = :priority]]
  [[assignee: AND t.assignee_id + 0 = :assignee]]
  [[page_after: AND (t.due_at, t.id) > (:page_after, :page_id)]]
ORDER BY t.due_at, t.id LIMIT :page_limit

-- desk_counts: read
-- For the tabs: each counts one further than it shows.
SELECT (SELECT COUNT(*) FROM (SELECT a.id FROM ticket a WHERE a.org_id = :org AND a.assignee_id = :of_member AND a.status <> 'resolved' LIMIT 51) x) AS mine,
       (SELECT COUNT(*) FROM (SELECT b.id FROM ticket b WHERE b.org_id = :org AND b.assignee_id IS NULL AND b.status <> 'resolved' LIMIT 51) y) AS free,
       (SELECT COUNT(*) FROM (SELECT d.id FROM ticket d WHERE d.org_id = :org AND d.due_at < :now LIMIT 51) z) AS late,
       (SELECT COUNT(*) FROM (SELECT e.id FROM ticket e WHERE e.org_id = :org AND e.due_at < :today LIMIT 51) v) AS today

-- desk_next_mine: read
-- Of the 200 that have waited longest.
SELECT f.id, f.number, f.title FROM (SELECT x.id, x.number, x.title, x.status, x.due_at, x.changed_at FROM ticket x
    WHERE x.org_id = :org AND x.assignee_id = :of_member AND x.status <> 'resolved' ORDER BY x.changed_at, x.id LIMIT 200) f
WHERE f.status IN ('new', 'open')
ORDER BY CASE WHEN f.due_at IS NULL THEN 1 ELSE 0 END, f.due_at, f.changed_at, f.id LIMIT 1

-- desk_next_free: read
SELECT f.id, f.number, f.title FROM (SELECT x.id, x.number, x.title, x.status, x.due_at, x.changed_at FROM ticket x
    WHERE x.org_id = :org AND x.assignee_id IS NULL AND x.status <> 'resolved' ORDER BY x.changed_at, x.id LIMIT 200) f
WHERE f.status IN ('new', 'open')
ORDER BY CASE WHEN f.due_at IS NULL THEN 1 ELSE 0 END, f.due_at, f.changed_at, f.id LIMIT 1

-- desk_search_count: read
-- How many have the first word, counted one further than what decides which way to search.
SELECT (SELECT COUNT(*) FROM (SELECT a.id FROM word a WHERE a.org_id = :org AND a.kind = 'ticket' AND a.word >= :word AND a.word < :word_end LIMIT 1001) x) AS tickets,
       (SELECT COUNT(*) FROM (SELECT t.id FROM word w CROSS JOIN ticket t
                              WHERE w.org_id = :org AND w.kind = 'client' AND w.word >= :word AND w.word < :word_end
                                AND t.org_id = w.org_id AND t.client_id = w.id LIMIT 1001) y) AS of_clients

-- desk_words: part
-- The words behind the first: each is one of the ticket's or of its client's.
AND (EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'ticket' AND w.id = t.id AND REPLACE(w.words, ' ' || :word2, '') <> w.words)
     OR EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'client' AND w.id = t.client_id AND REPLACE(w.words, ' ' || :word2, '') <> w.words))
AND (EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'ticket' AND w.id = t.id AND REPLACE(w.words, ' ' || :word3, '') <> w.words)
     OR EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'client' AND w.id = t.client_id AND REPLACE(w.words, ' ' || :word3, '') <> w.words))

-- desk_stretch: part
SELECT x.id, x.client_id, x.changed_at FROM ticket x
WHERE x.org_id = :org
[[status: AND x.status = :status]]
[[priority: AND x.priority_id = :priority]]
[[assignee: AND x.assignee_id = :assignee]]
[[of_client: AND x.client_id = :of_client]]
[[page_after: AND (x.changed_at, x.id) < (:page_after, :page_id)]]
ORDER BY x.changed_at DESC, x.id DESC LIMIT :stretch

-- desk_search: read
-- By words of the ticket's title and number, or of its client's. For a first word that at most 1,000 of each have (desk_search_count). Filters are
-- written so that no index of theirs takes the place of the ticket's own.
SELECT {{>desk_row}}
FROM (SELECT a.id FROM (SELECT w.id FROM word w
                        WHERE w.org_id = :org AND w.kind = 'ticket' AND w.word >= :word AND w.word < :word_end LIMIT 1001) a
      UNION
      SELECT b.id FROM (SELECT x.id FROM word w CROSS JOIN ticket x
                        WHERE w.org_id = :org AND w.kind = 'client' AND w.word >= :word AND w.word < :word_end
                          AND x.org_id = w.org_id AND x.client_id = w.id LIMIT 1001) b) f
CROSS JOIN ticket t
{{>desk_joins}}
WHERE t.org_id = :org AND t.id = f.id
  [[status: AND t.status || '' = :status]]
  [[priority: AND t.priority_id + 0 = :priority]]
  [[assignee: AND t.assignee_id + 0 = :assignee]]
  [[of_client: AND t.client_id + 0 = :of_client]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
  {{>desk_words}}
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- desk_walk: read
-- The same for a word that many have: a stretch of the list is walked through, the newest first.
SELECT {{>desk_row}}
FROM (SELECT t.id FROM ({{>desk_stretch}}) t
      WHERE t.id > 0
      AND (EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'ticket' AND w.id = t.id AND REPLACE(w.words, ' ' || :word, '') <> w.words)
           OR EXISTS (SELECT 1 FROM word_of w WHERE w.org_id = :org AND w.kind = 'client' AND w.id = t.client_id AND REPLACE(w.words, ' ' || :word, '') <> w.words))
      {{>desk_words}}
      ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit) g
CROSS JOIN ticket t
{{>desk_joins}}
WHERE t.org_id = :org AND t.id = g.id
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- desk_walk_end: read
-- Where that stretch ended; is_cut where it was full.
SELECT f.changed_at, f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut
FROM ({{>desk_stretch}}) f
ORDER BY f.changed_at, f.id LIMIT 1

-- desk_members: read
SELECT m.id, p.first_name || ' ' || p.last_name AS name
FROM mandate d
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
JOIN person p ON p.id = m.person_id
WHERE d.org_id = :org AND d.state = 'active' AND d.kind = 'membership' AND d.detail IN ('administrator', 'manager', 'support_agent')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 100

-- desk_show: read
SELECT t.id, t.due_at, t.is_due_by_hand, t.number, t.title, t.status, t.comment_count, t.created_at, t.changed_at, t.client_id, t.contact_id, t.assignee_id,
       t.priority_id, y.name AS type_name, p.name AS priority_name, p.tone AS priority_tone,
       cl.name AS client_name, cl.number AS client_number,
       (SELECT CASE WHEN o.contact_id IS NULL THEN 0 ELSE 1 END FROM comment o WHERE o.org_id = t.org_id AND o.ticket_id = t.id ORDER BY o.id LIMIT 1) AS is_by_contact,
       ct.first_name || ' ' || ct.last_name AS contact_name, ct.email AS contact_email, ct.phone AS contact_phone, b.bounced_at,
       pr.first_name || ' ' || pr.last_name AS assignee_name
FROM ticket t
LEFT JOIN ticket_type y ON y.org_id = t.org_id AND y.id = t.type_id
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
LEFT JOIN mail_bounce b ON b.org_id = ct.org_id AND b.email_key = ct.email_key
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
SELECT id, name, is_open, due_hours FROM ticket_priority WHERE org_id = :org AND id = :priority_id

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
UPDATE ticket SET priority_id = :priority_id, changed_at = :now,
       due_at = :due_at, due_from_at = :due_from_at, due_paused_at = :due_paused_at, is_due_by_hand = :is_due_by_hand
WHERE org_id = :org AND id = :ticket

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
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = ct.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)]]
  [[word3: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'contact' AND v.id = ct.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]
ORDER BY ct.name_key, ct.id LIMIT 50

-- Types and priorities, as their page has them: all, open or not.

-- desk_priorities: read
SELECT id, name, tone FROM ticket_priority WHERE org_id = :org ORDER BY position, id LIMIT 50

-- desk_zone: read
SELECT zone FROM organization WHERE id = :org

-- desk_due_put: write
UPDATE ticket SET due_at = :due_at, due_from_at = :due_from_at, due_paused_at = :due_paused_at, is_due_by_hand = :is_due_by_hand
WHERE org_id = :org AND id = :ticket

-- settings_take: write
-- One change of the settings at a time, by the row that every organization with tickets has.
INSERT INTO ticket_counter (org_id, last) VALUES (:org, 0) ON CONFLICT (org_id) DO UPDATE SET last = ticket_counter.last

-- settings_types: read
SELECT id, name, position, is_open FROM ticket_type WHERE org_id = :org ORDER BY position, id LIMIT 50

-- settings_priorities: read
SELECT id, name, tone, position, is_open, is_default, due_hours FROM ticket_priority WHERE org_id = :org ORDER BY position, id LIMIT 50

-- type_put: write
UPDATE ticket_type SET name = :name WHERE org_id = :org AND id = :type_id

-- type_place: write
UPDATE ticket_type SET position = :position WHERE org_id = :org AND id = :type_id

-- type_state: write
UPDATE ticket_type SET is_open = :is_open WHERE org_id = :org AND id = :type_id

-- priority_put: write
UPDATE ticket_priority SET name = :name, tone = :tone, due_hours = :due_hours WHERE org_id = :org AND id = :priority_id

-- priority_place: write
UPDATE ticket_priority SET position = :position WHERE org_id = :org AND id = :priority_id

-- priority_state: write
UPDATE ticket_priority SET is_open = :is_open WHERE org_id = :org AND id = :priority_id

-- priority_default: write
-- The one, and no other.
UPDATE ticket_priority SET is_default = CASE WHEN id = :priority_id THEN 1 ELSE 0 END WHERE org_id = :org

-- template_list: read
-- All of them: there are at most 200.
SELECT id, name, name_key FROM answer_template WHERE org_id = :org ORDER BY name_key LIMIT 200

-- template_show: read
SELECT id, name, body FROM answer_template WHERE org_id = :org AND id = :template_id

-- template_add: write
INSERT INTO answer_template (org_id, id, name, name_key, body, changed_at) VALUES (:org, :id, :name, :name_key, :body, :now)

-- template_put: write
UPDATE answer_template SET name = :name, name_key = :name_key, body = :body, changed_at = :now WHERE org_id = :org AND id = :template_id

-- template_remove: write
DELETE FROM answer_template WHERE org_id = :org AND id = :template_id

-- desk_side_priorities: read
-- Those that can be chosen, and the one that the ticket has.
SELECT id, name FROM ticket_priority WHERE org_id = :org AND (is_open = 1 OR id = :priority_id) ORDER BY position, id LIMIT 50

-- People who follow a ticket.

-- follower_list: read
SELECT f.id, f.member_id, f.contact_id, CASE WHEN f.member_id IS NULL THEN 0 ELSE 1 END AS is_member,
       CASE WHEN f.member_id IS NULL THEN ct.first_name || ' ' || ct.last_name ELSE p.first_name || ' ' || p.last_name END AS name
FROM ticket_follower f
LEFT JOIN contact ct ON ct.org_id = f.org_id AND ct.id = f.contact_id
LEFT JOIN member m ON m.org_id = f.org_id AND m.id = f.member_id
LEFT JOIN person p ON p.id = m.person_id
WHERE f.org_id = :org AND f.ticket_id = :ticket ORDER BY f.id LIMIT 20

-- follower_list_portal: read
-- Of one's own company alone.
SELECT f.id, f.contact_id, ct.first_name || ' ' || ct.last_name AS name
FROM ticket t
JOIN ticket_follower f ON f.org_id = t.org_id AND f.ticket_id = t.id
JOIN contact ct ON ct.org_id = f.org_id AND ct.id = f.contact_id
WHERE t.org_id = :org AND t.client_id = :client AND t.id = :ticket ORDER BY f.id LIMIT 20

-- follower_contacts: read
-- Who of a client has the tickets, and so can follow one.
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name FROM contact ct
WHERE ct.org_id = :org AND ct.client_id = :of_client
  AND EXISTS (SELECT 1 FROM mandate d WHERE d.org_id = ct.org_id AND d.holder_contact_id = ct.id AND d.kind = 'access' AND d.state = 'active'
              AND d.detail = 'tickets' AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now))
ORDER BY ct.name_key, ct.id LIMIT 200

-- follower_contact: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name,
       CASE WHEN EXISTS (SELECT 1 FROM mandate d WHERE d.org_id = ct.org_id AND d.holder_contact_id = ct.id AND d.kind = 'access' AND d.state = 'active'
              AND d.detail = 'tickets' AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)) THEN 1 ELSE 0 END AS has_tickets
FROM contact ct WHERE ct.org_id = :org AND ct.id = :of_contact AND ct.client_id = :of_client

-- follower_add: write
INSERT INTO ticket_follower (org_id, id, ticket_id, member_id, contact_id, created_at) VALUES (:org, :id, :ticket, :of_member, :of_contact, :now)
ON CONFLICT DO NOTHING

-- follower_drop: write
DELETE FROM ticket_follower WHERE org_id = :org AND ticket_id = :ticket AND id = :follower

-- follower_contact_mails: read
-- Asked for each message: who has left the client or lost the tickets since is told nothing.
SELECT ct.id, ct.email, ct.first_name || ' ' || ct.last_name AS name, ct.lang
FROM ticket t
JOIN ticket_follower f ON f.org_id = t.org_id AND f.ticket_id = t.id
JOIN contact ct ON ct.org_id = f.org_id AND ct.id = f.contact_id AND ct.client_id = t.client_id
WHERE t.org_id = :org AND t.id = :ticket
  AND EXISTS (SELECT 1 FROM mandate d WHERE d.org_id = ct.org_id AND d.holder_contact_id = ct.id AND d.kind = 'access' AND d.state = 'active'
              AND d.detail = 'tickets' AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now))
ORDER BY f.id LIMIT 20

-- follower_member_mails: read
-- Members still, with a role that treats tickets.
SELECT f.member_id, p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM ticket_follower f
CROSS JOIN mandate d
JOIN person p ON p.id = d.holder_person_id
WHERE f.org_id = :org AND f.ticket_id = :ticket
  AND d.org_id = f.org_id AND d.holder_member_id = f.member_id AND d.kind = 'membership' AND d.state = 'active' AND d.detail IN ('administrator', 'manager', 'support_agent')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY f.id LIMIT 20

-- Ties.

-- tie_list: read
-- From either side.
SELECT e.id, e.relation, e.is_from, o.id AS other_id, o.number, o.title, o.status
FROM (SELECT a.id, a.relation, 1 AS is_from, a.object_id AS other FROM ticket_tie a WHERE a.org_id = :org AND a.ticket_id = :ticket AND a.kind = 'ticket'
      UNION ALL
      SELECT b.id, b.relation, 0 AS is_from, b.ticket_id AS other FROM ticket_tie b WHERE b.org_id = :org AND b.kind = 'ticket' AND b.object_id = :ticket) e
JOIN ticket o ON o.org_id = :org AND o.id = e.other
ORDER BY e.id LIMIT 50

-- tie_list_portal: read
-- With tickets of the same client; the others do not exist here.
SELECT e.id, e.relation, e.is_from, o.id AS other_id, o.number, o.title, o.status
FROM (SELECT a.id, a.relation, 1 AS is_from, a.object_id AS other FROM ticket_tie a WHERE a.org_id = :org AND a.ticket_id = :ticket AND a.kind = 'ticket'
      UNION ALL
      SELECT b.id, b.relation, 0 AS is_from, b.ticket_id AS other FROM ticket_tie b WHERE b.org_id = :org AND b.kind = 'ticket' AND b.object_id = :ticket) e
JOIN ticket o ON o.org_id = :org AND o.id = e.other
JOIN ticket t ON t.org_id = :org AND t.id = :ticket
WHERE o.client_id = :client AND t.client_id = :client
ORDER BY e.id LIMIT 50

-- tie_ticket: read
SELECT id FROM ticket WHERE org_id = :org AND id = :ticket

-- tie_find: read
SELECT id, number FROM ticket WHERE org_id = :org AND number = :number

-- tie_contact: read
SELECT lang FROM contact WHERE org_id = :org AND id = :of_contact

-- tie_between: read
SELECT a.id FROM ticket_tie a WHERE a.org_id = :org AND a.ticket_id = :ticket AND a.kind = 'ticket' AND a.object_id = :other
UNION ALL
SELECT b.id FROM ticket_tie b WHERE b.org_id = :org AND b.ticket_id = :other AND b.kind = 'ticket' AND b.object_id = :ticket
ORDER BY id LIMIT 2

-- tie_add: write
INSERT INTO ticket_tie (org_id, id, ticket_id, kind, object_id, relation, created_at) VALUES (:org, :id, :ticket, :kind, :object_id, :relation, :now)

-- tie_drop: write
-- From either side.
DELETE FROM ticket_tie WHERE org_id = :org AND id = :tie AND (ticket_id = :ticket OR (kind = 'ticket' AND object_id = :ticket))
