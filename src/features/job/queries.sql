-- Jobs: the acts. What lists and sheets read stands with them.

-- job_number: write
-- The last of :count numbers, all above :floor.
UPDATE job_counter SET last = CASE WHEN last < :floor THEN :floor ELSE last END + :count WHERE org_id = :org RETURNING last AS number

-- job_number_begin: write
INSERT INTO job_counter (org_id, last) VALUES (:org, 0) ON CONFLICT DO NOTHING

-- job_type_of: read
-- A kind of job that is in use.
SELECT id, name, minutes FROM job_type WHERE org_id = :org AND id = :of_type AND is_active = 1

-- job_site_of: read
SELECT id FROM site WHERE org_id = :org AND client_id = :of_client AND id = :of_site

-- job_contact_of: read
SELECT id FROM contact WHERE org_id = :org AND client_id = :of_client AND id = :of_contact

-- job_equipment_of: read
SELECT id, site_id FROM equipment WHERE org_id = :org AND client_id = :of_client AND id = :of_equipment

-- job_add: write
INSERT INTO job (org_id, id, number, client_id, type_id, site_id, title, state, is_urgent, before_on, street, postcode, city,
                 contact_id, contact_name, contact_phone, contact_email, asked_how, asked_contact_id, asked_mandate_id, asked_name, visit_id, created_at, changed_at)
VALUES (:org, :id, :number, :of_client, :of_type, :of_site, :title, 'to_plan', :is_urgent, :before_on, :street, :postcode, :city,
        :of_contact, :contact_name, :contact_phone, :contact_email, :asked_how, :asked_contact, :asked_mandate, :asked_name, :of_visit, :now, :now)

-- job_text_add: write
INSERT INTO job_text (org_id, job_id, description, information, notes) VALUES (:org, :id, :description, :information, :notes)

-- job_equipment_add: write
INSERT INTO job_equipment (org_id, job_id, equipment_id) VALUES (:org, :id, :of_equipment)

-- job_words: read
-- What it is found by.
SELECT j.number, j.title, j.city, cl.name AS client_name, COALESCE(t.name, '') AS site_name
FROM job j LEFT JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id LEFT JOIN site t ON t.org_id = j.org_id AND t.id = j.site_id
WHERE j.org_id = :org AND j.id = :of_job

-- job_exists: read
SELECT id, state FROM job WHERE org_id = :org AND id = :of_job

-- job_plan: write
UPDATE job SET state = 'planned', member_id = :of_member, planned_start = :starts_at, planned_end = :ends_at, plan_count = plan_count + 1, left_at = NULL, changed_at = :now
WHERE org_id = :org AND id = :of_job AND state IN ('to_plan', 'planned')

-- job_unplan: write
UPDATE job SET state = 'to_plan', member_id = NULL, planned_start = NULL, planned_end = NULL, plan_count = plan_count + 1, left_at = NULL, changed_at = :now
WHERE org_id = :org AND id = :of_job AND state = 'planned'

-- job_leave: write
UPDATE job SET left_at = :now, changed_at = :now WHERE org_id = :org AND id = :of_job AND state = 'planned' AND left_at IS NULL

-- job_arrive: write
UPDATE job SET state = 'started', arrived_at = :now, changed_at = :now WHERE org_id = :org AND id = :of_job AND state = 'planned'

-- job_finish: write
UPDATE job SET state = 'done', finished_at = :now, changed_at = :now WHERE org_id = :org AND id = :of_job AND state = 'started'

-- job_report_put: write
UPDATE job_text SET report = :report WHERE org_id = :org AND job_id = :of_job

-- job_cancel: write
UPDATE job SET state = 'cancelled', cancelled_at = :now, cancel_reason = :reason, plan_count = plan_count + 1, changed_at = :now
WHERE org_id = :org AND id = :of_job AND state IN ('to_plan', 'planned', 'started')

-- job_reopen_done: write
UPDATE job SET state = 'started', finished_at = NULL, changed_at = :now WHERE org_id = :org AND id = :of_job AND state = 'done'

-- job_reopen_cancelled: write
UPDATE job SET state = 'to_plan', cancelled_at = NULL, cancel_reason = '', member_id = NULL, planned_start = NULL, planned_end = NULL, left_at = NULL, arrived_at = NULL,
       plan_count = plan_count + 1, changed_at = :now
WHERE org_id = :org AND id = :of_job AND state = 'cancelled'

-- job_technicians: read
-- Who can be sent: members whose role does jobs.
SELECT m.id, p.first_name || ' ' || p.last_name AS name, p.first_name, d.detail AS role, COALESCE(k.week_minutes, 2100) AS week_minutes, COALESCE(k.phone, '') AS phone
FROM mandate d
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
JOIN person p ON p.id = m.person_id
LEFT JOIN technician k ON k.org_id = m.org_id AND k.member_id = m.id
WHERE d.org_id = :org AND d.state = 'active' AND d.kind = 'membership' AND d.detail IN ('technician', 'manager', 'administrator')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 100

-- job_technician_of: read
SELECT m.id, p.first_name || ' ' || p.last_name AS name
FROM mandate d
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
JOIN person p ON p.id = m.person_id
WHERE d.org_id = :org AND d.holder_member_id = :of_member AND d.kind = 'membership' AND d.state = 'active' AND d.detail IN ('technician', 'manager', 'administrator')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT 1

-- ---- Lists ----

-- job_row: part
-- A line of a list. New is what a client asked for within a day and nobody has planned yet.
j.id, j.number, j.title, j.state, j.is_urgent, j.before_on, j.planned_start, j.planned_end, j.left_at, j.arrived_at, j.finished_at, j.cancelled_at, j.created_at, j.changed_at,
CASE WHEN j.state = 'planned' AND j.planned_start < :now THEN 1 ELSE 0 END AS is_late,
CASE WHEN j.state = 'planned' AND j.left_at IS NOT NULL THEN 1 ELSE 0 END AS is_on_way,
CASE WHEN j.state = 'to_plan' AND j.asked_how IN ('portal', 'link') AND j.created_at > :now - 86400000 THEN 1 ELSE 0 END AS is_new,
j.street, j.postcode, j.city, j.client_id, cl.name AS client_name, j.site_id, COALESCE(t.name, '') AS site_name, j.type_id, y.name AS type_name,
j.member_id, COALESCE(pr.first_name || ' ' || pr.last_name, '') AS technician_name, j.asked_how, j.asked_name

-- job_around: part
LEFT JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id
LEFT JOIN site t ON t.org_id = j.org_id AND t.id = j.site_id
LEFT JOIN job_type y ON y.org_id = j.org_id AND y.id = j.type_id
LEFT JOIN member m ON m.org_id = j.org_id AND m.id = j.member_id
LEFT JOIN person pr ON pr.id = m.person_id

-- job_kept: part
-- The filters that no index of this order serves: 0 or '' is none.
(f.client_id = :kept_client OR :kept_client = 0) AND (f.site_id = :kept_site OR :kept_site = 0) AND (f.state = :kept_state OR :kept_state = '')
AND (f.member_id = :kept_technician OR :kept_technician = 0) AND (f.type_id = :kept_type OR :kept_type = 0) AND f.is_urgent >= :kept_urgent
AND (f.planned_start >= :from_ms OR :from_ms = 0) AND (f.planned_start < :upto_ms OR :upto_ms = 0)

-- job_worded: part
AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'job' AND v.id = f.id
           AND REPLACE(v.words, ' ' || :word, '') <> v.words AND REPLACE(v.words, ' ' || :word2, '') <> v.words AND REPLACE(v.words, ' ' || :word3, '') <> v.words)

-- job_newest: part
-- The newest of all, or of what one filter with an index of its own leaves: a stretch, of which the others take what they take.
SELECT x.id, x.state, x.client_id, x.site_id, x.member_id, x.type_id, x.is_urgent, x.planned_start, x.changed_at FROM job x
WHERE x.org_id = :org [[of_client: AND x.client_id = :of_client]] [[of_site: AND x.site_id = :of_site]] [[of_technician: AND x.member_id = :of_technician]] [[in_state: AND x.state = :in_state]]
  [[page_after: AND x.id < :page_after]]
ORDER BY x.id DESC LIMIT :stretch

-- job_list: read
SELECT {{>job_row}}
FROM (SELECT f.id FROM ({{>job_newest}}) f WHERE {{>job_kept}} [[word: {{>job_worded}}]] ORDER BY f.id DESC LIMIT :page_limit) g
CROSS JOIN job j {{>job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.id DESC LIMIT :page_limit

-- job_list_end: read
-- Where that stretch ended; is_cut where it was full.
SELECT f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>job_newest}}) f ORDER BY f.id LIMIT 1

-- job_dated: part
-- Those with a date, the furthest first.
SELECT x.id, x.state, x.client_id, x.site_id, x.member_id, x.type_id, x.is_urgent, x.planned_start, x.changed_at FROM job x
WHERE x.org_id = :org AND x.planned_start >= :first_ms AND x.planned_start < :last_ms
  [[of_client: AND x.client_id = :of_client]] [[of_technician: AND x.member_id = :of_technician]] [[in_state: AND x.state = :in_state]]
  [[page_after: AND (x.planned_start, x.id) < (:page_after, :page_id)]]
ORDER BY x.planned_start DESC, x.id DESC LIMIT :stretch

-- job_by_date: read
SELECT {{>job_row}}
FROM (SELECT f.id FROM ({{>job_dated}}) f WHERE {{>job_kept}} [[word: {{>job_worded}}]] ORDER BY f.planned_start DESC, f.id DESC LIMIT :page_limit) g
CROSS JOIN job j {{>job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.planned_start DESC, j.id DESC LIMIT :page_limit

-- job_by_date_end: read
SELECT f.planned_start, f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>job_dated}}) f ORDER BY f.planned_start, f.id LIMIT 1

-- job_moved: part
SELECT x.id, x.state, x.client_id, x.site_id, x.member_id, x.type_id, x.is_urgent, x.planned_start, x.changed_at FROM job x
WHERE x.org_id = :org [[page_after: AND (x.changed_at, x.id) < (:page_after, :page_id)]]
ORDER BY x.changed_at DESC, x.id DESC LIMIT :stretch

-- job_by_changed: read
SELECT {{>job_row}}
FROM (SELECT f.id FROM ({{>job_moved}}) f WHERE {{>job_kept}} [[word: {{>job_worded}}]] ORDER BY f.changed_at DESC, f.id DESC LIMIT :page_limit) g
CROSS JOIN job j {{>job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.changed_at DESC, j.id DESC LIMIT :page_limit

-- job_by_changed_end: read
SELECT f.changed_at, f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>job_moved}}) f ORDER BY f.changed_at, f.id LIMIT 1

-- job_waits: part
SELECT x.id, x.state, x.client_id, x.site_id, x.member_id, x.type_id, x.is_urgent, x.planned_start, x.changed_at FROM job x
WHERE x.org_id = :org AND x.state = 'to_plan' [[page_after: AND (x.is_urgent, x.id) < (:page_after, :page_id)]]
ORDER BY x.is_urgent DESC, x.id DESC LIMIT :stretch

-- job_waiting: read
-- « Interventions à planifier »: the urgent first, then the last asked for.
SELECT {{>job_row}}, j.is_urgent AS urgency
FROM (SELECT f.id FROM ({{>job_waits}}) f WHERE {{>job_kept}} [[word: {{>job_worded}}]] ORDER BY f.is_urgent DESC, f.id DESC LIMIT :page_limit) g
CROSS JOIN job j {{>job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.is_urgent DESC, j.id DESC LIMIT :page_limit

-- job_waiting_end: read
SELECT f.is_urgent AS urgency, f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>job_waits}}) f ORDER BY f.is_urgent, f.id LIMIT 1

-- job_overdue: part
SELECT x.id, x.state, x.client_id, x.site_id, x.member_id, x.type_id, x.is_urgent, x.planned_start, x.changed_at FROM job x
WHERE x.org_id = :org AND x.state = 'planned' AND x.planned_start < :now [[page_after: AND (x.planned_start, x.id) > (:page_after, :page_id)]]
ORDER BY x.planned_start, x.id LIMIT :stretch

-- job_late: read
-- Planned, and nobody has come: what has waited longest first.
SELECT {{>job_row}}
FROM (SELECT f.id FROM ({{>job_overdue}}) f WHERE {{>job_kept}} [[word: {{>job_worded}}]] ORDER BY f.planned_start, f.id LIMIT :page_limit) g
CROSS JOIN job j {{>job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.planned_start, j.id LIMIT :page_limit

-- job_late_end: read
SELECT f.planned_start, f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>job_overdue}}) f ORDER BY f.planned_start DESC, f.id DESC LIMIT 1

-- job_search: read
-- By words that few have, through their index (job_search_count); where many have them the list is walked through instead.
SELECT {{>job_row}}
FROM (SELECT f.id FROM (SELECT x.id, x.state, x.client_id, x.site_id, x.member_id, x.type_id, x.is_urgent, x.planned_start, x.changed_at FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'job' AND w.word >= :word AND w.word < :word_end LIMIT 1001) a) b
                        CROSS JOIN job x WHERE x.org_id = :org AND x.id = b.id) f
      WHERE {{>job_kept}} {{>job_worded}} [[page_after: AND f.id < :page_after]] ORDER BY f.id DESC LIMIT :page_limit) g
CROSS JOIN job j {{>job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.id DESC LIMIT :page_limit

-- job_search_count: read
SELECT COUNT(*) AS jobs FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'job' AND w.word >= :word AND w.word < :word_end LIMIT 1001) a

-- job_counts: read
-- For the tabs: each counts one further than it shows.
SELECT (SELECT COUNT(*) FROM (SELECT a.id FROM job a WHERE a.org_id = :org AND a.state = 'to_plan' LIMIT 51) x) AS to_plan,
       (SELECT COUNT(*) FROM (SELECT b.id FROM job b WHERE b.org_id = :org AND b.state = 'planned' AND b.planned_start < :now LIMIT 51) y) AS late

-- job_types: read
-- All of them, to filter by.
SELECT id, name FROM job_type WHERE org_id = :org ORDER BY position, id LIMIT 50

-- job_site_name: read
SELECT s.id, s.name, s.client_id, cl.name AS client_name FROM site s LEFT JOIN client cl ON cl.org_id = s.org_id AND cl.id = s.client_id WHERE s.org_id = :org AND s.id = :of_site

-- job_equipment_name: read
SELECT e.id, e.name, e.client_id, e.site_id FROM equipment e WHERE e.org_id = :org AND e.id = :of_equipment

-- job_of_equipment: read
-- The jobs about one machine, the newest first.
SELECT {{>job_row}}
FROM (SELECT e.job_id AS id FROM job_equipment e WHERE e.org_id = :org AND e.equipment_id = :of_equipment [[page_after: AND e.job_id < :page_after]] ORDER BY e.job_id DESC LIMIT :page_limit) g
CROSS JOIN job j {{>job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.id DESC LIMIT :page_limit

-- job_zone: read
SELECT zone FROM organization WHERE id = :org

-- ---- One job ----

-- job_show: read
SELECT {{>job_row}}, j.plan_count, j.cancel_reason, j.contact_id, j.contact_name, j.contact_phone, j.contact_email, j.asked_mandate_id, j.visit_id,
       cl.number AS client_number, COALESCE(t.number, '') AS site_number, y.minutes,
       COALESCE(x.description, '') AS description, COALESCE(x.information, '') AS information, COALESCE(x.report, '') AS report, COALESCE(x.notes, '') AS notes,
       COALESCE(x.signed_name, '') AS signed_name, x.signed_at, COALESCE(x.refused_reason, '') AS refused_reason, q.stars, COALESCE(q.word, '') AS rating_word, COALESCE(q.by_name, '') AS rated_by, q.changed_at AS rated_at,
       w.id AS wish_id, w.wanted_on, COALESCE(w.part, '') AS wish_part, COALESCE(w.reason, '') AS wish_reason, COALESCE(w.by_name, '') AS wished_by
FROM job j {{>job_around}}
LEFT JOIN job_text x ON x.org_id = j.org_id AND x.job_id = j.id
LEFT JOIN job_rating q ON q.org_id = j.org_id AND q.job_id = j.id
LEFT JOIN job_wish w ON w.org_id = j.org_id AND w.job_id = j.id AND w.state = 'open'
WHERE j.org_id = :org AND j.id = :of_job

-- job_machines_of: read
-- What it is about.
SELECT e.id, e.name, e.model, e.serial, COALESCE(t.name, '') AS site_name
FROM job_equipment k JOIN equipment e ON e.org_id = k.org_id AND e.id = k.equipment_id LEFT JOIN site t ON t.org_id = e.org_id AND t.id = e.site_id
WHERE k.org_id = :org AND k.job_id = :of_job ORDER BY k.equipment_id LIMIT 50

-- job_files: read
SELECT f.id, f.kind, f.name, f.type, f.size_bytes, f.is_private, f.added_name, f.created_at FROM job_file f
WHERE f.org_id = :org AND f.job_id = :of_job AND f.kind = 'attachment' ORDER BY f.id LIMIT 100

-- job_file_counts: read
SELECT (SELECT COUNT(*) FROM job_file a WHERE a.org_id = :org AND a.job_id = :of_job AND a.kind = 'photo') AS photos,
       (SELECT MIN(b.id) FROM job_file b WHERE b.org_id = :org AND b.job_id = :of_job AND b.kind = 'signature') AS signature_id

-- job_file_show: read
SELECT f.id, f.kind, f.hash, f.name, f.type, f.size_bytes, f.is_private, f.added_name, f.created_at FROM job_file f
WHERE f.org_id = :org AND f.job_id = :of_job AND f.id = :of_file

-- job_file_add: write
INSERT INTO job_file (org_id, id, job_id, kind, hash, name, type, size_bytes, is_private, added_name, created_at)
VALUES (:org, :id, :of_job, :kind, :hash, :name, :type, :size_bytes, :is_private, :added_name, :now)

-- job_file_share: write
UPDATE job_file SET is_private = :is_private WHERE org_id = :org AND job_id = :of_job AND id = :of_file AND kind IN ('attachment', 'photo') RETURNING id, name

-- job_file_remove: write
DELETE FROM job_file WHERE org_id = :org AND job_id = :of_job AND id = :of_file AND kind IN ('attachment', 'photo')
RETURNING id, name, hash, shown_hash, small_hash

-- ---- Made and changed ----

-- job_client: read
-- For whom, with what a new job begins with.
SELECT cl.id, cl.number, cl.name, cl.street, cl.postcode, cl.city, cl.created_at FROM client cl WHERE cl.org_id = :org AND cl.id = :of_client

-- job_clients: read
-- Clients by their words, to choose from.
SELECT cl.id, cl.number, cl.name, cl.city
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'client' AND w.word >= :word AND w.word < :word_end ORDER BY w.word, w.id LIMIT 500) a) f
CROSS JOIN client cl
WHERE cl.org_id = :org AND cl.id = f.id
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'client' AND v.id = cl.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)]]
  [[word3: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'client' AND v.id = cl.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]
ORDER BY cl.name_key, cl.id LIMIT 20

-- job_types_active: read
SELECT id, name, minutes FROM job_type WHERE org_id = :org AND is_active = 1 ORDER BY position, id LIMIT 50

-- job_type_any: read
SELECT id, name, minutes, is_offered, is_active FROM job_type WHERE org_id = :org AND id = :of_type

-- job_site_row: read
SELECT id, name, street, postcode, city, contact_id FROM site WHERE org_id = :org AND client_id = :of_client AND id = :of_site

-- job_contact_row: read
SELECT id, first_name || ' ' || last_name AS name, phone, email FROM contact WHERE org_id = :org AND client_id = :of_client AND id = :of_contact

-- job_contact_first: read
-- The contact that a client has had longest.
SELECT id FROM contact WHERE org_id = :org AND client_id = :of_client ORDER BY name_key, id LIMIT 1

-- job_machines: read
-- The client's equipment to choose from; what is out of service stays off.
SELECT e.id, e.name, e.site_id, COALESCE(t.name, '') AS site_name
FROM (SELECT x.id FROM equipment x WHERE x.org_id = :org AND x.client_id = :of_client ORDER BY x.name_key, x.id LIMIT 300) g
CROSS JOIN equipment e LEFT JOIN site t ON t.org_id = e.org_id AND t.id = e.site_id
WHERE e.org_id = :org AND e.id = g.id AND e.state <> 'retired'
ORDER BY e.name_key, e.id LIMIT 300

-- job_put: write
-- A date that stands and calendars that show it learn of the change.
UPDATE job SET type_id = :of_type, site_id = :of_site, title = :title, is_urgent = :is_urgent, before_on = :before_on, street = :street, postcode = :postcode, city = :city,
       contact_id = :of_contact, contact_name = :contact_name, contact_phone = :contact_phone, contact_email = :contact_email,
       plan_count = plan_count + CASE WHEN state = 'planned' THEN 1 ELSE 0 END, changed_at = :now
WHERE org_id = :org AND id = :of_job

-- job_text_put: write
UPDATE job_text SET description = :description, information = :information, notes = :notes WHERE org_id = :org AND job_id = :of_job

-- job_equipment_clear: write
DELETE FROM job_equipment WHERE org_id = :org AND job_id = :of_job

-- job_technician_is: read
SELECT id, state, member_id FROM job WHERE org_id = :org AND id = :of_job

-- ---- Kinds of job ----

-- job_type_list: read
SELECT id, name, minutes, position, is_offered, is_active FROM job_type WHERE org_id = :org ORDER BY position, id LIMIT 50

-- job_type_take: write
-- One change of the list at a time, by a row that every organization with jobs has.
INSERT INTO job_counter (org_id, last) VALUES (:org, 0) ON CONFLICT (org_id) DO UPDATE SET last = job_counter.last

-- job_type_add: write
INSERT INTO job_type (org_id, id, name, name_key, minutes, position, is_offered) VALUES (:org, :id, :name, :name_key, :minutes, :position, :is_offered)

-- job_type_put: write
UPDATE job_type SET name = :name, name_key = :name_key, minutes = :minutes, is_offered = :is_offered WHERE org_id = :org AND id = :of_type

-- job_type_place: write
UPDATE job_type SET position = :position WHERE org_id = :org AND id = :of_type

-- job_type_state: write
UPDATE job_type SET is_active = :is_active WHERE org_id = :org AND id = :of_type

-- job_contacts_named: read
-- Contacts of a client with this name: whether a form still shows what it began with.
SELECT id AS contact_id, first_name || ' ' || last_name AS contact_name FROM (SELECT x.id, x.first_name, x.last_name FROM contact x WHERE x.org_id = :org AND x.client_id = :of_client
       ORDER BY x.name_key, x.id LIMIT 200) a
WHERE first_name || ' ' || last_name = :name ORDER BY id LIMIT 5
