-- What a client sees of its field work. All that a contact or a link asks is bound to :org and :client; a link to one site or one job narrows by
-- :in_site and :in_job (scope.h). Nothing of the team's own is read here: no notes, no private file.

-- portal_options: read
-- L-6: what is chosen for the organization (client 0) and for a client, and the paid options of the plan.
SELECT o.client_id, o.name, o.is_on, 0 AS is_paid FROM portal_option o WHERE o.org_id = :org AND o.client_id IN (0, :of_client)
UNION ALL
SELECT 0 AS client_id, p.name, 1 AS is_on, 1 AS is_paid FROM organization_option p WHERE p.org_id = :org AND p.name = 'gallery'
ORDER BY client_id, name LIMIT 100

-- portal_option_put: write
INSERT INTO portal_option (org_id, client_id, name, is_on) VALUES (:org, :of_client, :name, :is_on)
ON CONFLICT (org_id, client_id, name) DO UPDATE SET is_on = :is_on

-- portal_option_drop: write
DELETE FROM portal_option WHERE org_id = :org AND client_id = :of_client AND name = :name

-- portal_client_of: read
-- Whose settings they are, for the head of the client's sheet.
SELECT id, number, name, created_at FROM client WHERE org_id = :org AND id = :of_client

-- portal_client: read
-- L-3: the client itself.
SELECT cl.id, cl.number, cl.name, cl.street, cl.postcode, cl.city,
       CASE WHEN cl.street || cl.city = '' THEN 0 ELSE 1 END AS has_address, COALESCE(x.information, '') AS information
FROM client cl LEFT JOIN client_text x ON x.org_id = cl.org_id AND x.client_id = cl.id
WHERE cl.org_id = :org AND cl.id = :client

-- portal_client_name: read
SELECT name FROM client WHERE org_id = :org AND id = :client

-- portal_contact: read
-- The client's contact: the one who has been there longest.
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.phone, ct.email
FROM contact ct WHERE ct.org_id = :org AND ct.client_id = :client ORDER BY ct.id LIMIT 1

-- portal_contact_self: read
SELECT ct.id, ct.first_name || ' ' || ct.last_name AS name, ct.phone, ct.email FROM contact ct WHERE ct.org_id = :org AND ct.id = :contact AND ct.client_id = :client

-- portal_contact_by_email: read
SELECT id FROM contact WHERE org_id = :org AND email_key = :email_key AND client_id = :client ORDER BY id LIMIT 1

-- portal_counts: read
-- For the tabs; beyond ninety-nine nobody counts.
SELECT (SELECT COUNT(*) FROM (SELECT s.id FROM site s WHERE s.org_id = :org AND s.client_id = :client [[in_site: AND s.id = :in_site]] LIMIT 100) a) AS site_count,
       (SELECT COUNT(*) FROM (SELECT e.id FROM equipment e WHERE e.org_id = :org AND e.client_id = :client [[in_site: AND e.site_id = :in_site]] LIMIT 100) b) AS equipment_count

-- portal_shared: read
-- Files of the client's sheet that are shared with it.
SELECT id, name, type, size_bytes FROM client_attachment WHERE org_id = :org AND client_id = :client AND is_shared = 1 ORDER BY id DESC LIMIT 20

-- portal_shared_file: read
SELECT name, type, hash FROM client_attachment WHERE org_id = :org AND client_id = :client AND id = :of_file AND is_shared = 1

-- Jobs.

-- portal_job_row: part
-- A line of a list. What is switched off is not read.
j.id, j.number, j.title, j.state, j.planned_start, j.left_at, j.finished_at, j.created_at,
CASE WHEN j.left_at IS NULL OR j.state <> 'planned' THEN 0 ELSE 1 END AS is_coming,
COALESCE(p.first_name || ' ' || p.last_name, '') AS technician_name,
CASE WHEN :sees_sites = 1 THEN COALESCE(s.name, '') ELSE '' END AS site_name,
CASE WHEN :sees_equipment = 1 THEN (SELECT COUNT(*) FROM job_equipment x
    [[only_site: JOIN equipment g ON g.org_id = x.org_id AND g.id = x.equipment_id AND g.site_id = :only_site]]
    WHERE x.org_id = j.org_id AND x.job_id = j.id) ELSE 0 END AS equipment_count,
COALESCE(CASE WHEN :sees_equipment = 1 THEN (SELECT MIN(e.name) FROM job_equipment x JOIN equipment e ON e.org_id = x.org_id AND e.id = x.equipment_id
    [[only_site: AND e.site_id = :only_site]]
    WHERE x.org_id = j.org_id AND x.job_id = j.id HAVING COUNT(*) = 1) END, '') AS equipment_name

-- portal_job_around: part
LEFT JOIN site s ON s.org_id = j.org_id AND s.id = j.site_id
LEFT JOIN member m ON m.org_id = j.org_id AND m.id = j.member_id
LEFT JOIN person p ON p.id = m.person_id

-- portal_job_list: read
-- L-3: all of the client's, the last asked for first: ids are ordered by time.
SELECT {{>portal_job_row}} FROM job j {{>portal_job_around}}
WHERE j.org_id = :org AND j.client_id = :client
  [[in_site: AND j.site_id = :in_site]] [[state: AND j.state = :state]]
  [[page_after: AND j.id < :page_after]]
ORDER BY j.id DESC LIMIT :page_limit

-- portal_job_stretch: part
SELECT t.id FROM job t WHERE t.org_id = :org AND t.client_id = :client
  [[in_site: AND t.site_id = :in_site]] [[state: AND t.state = :state]]
  [[page_after: AND t.id < :page_after]]
ORDER BY t.id DESC LIMIT :stretch

-- portal_job_search: read
-- A stretch of the client's jobs is looked through for the words.
SELECT {{>portal_job_row}}
FROM (SELECT f.id FROM ({{>portal_job_stretch}}) f CROSS JOIN word_of w
      WHERE w.org_id = :org AND w.kind = 'job' AND w.id = f.id
        AND REPLACE(w.words, ' ' || :word, '') <> w.words AND REPLACE(w.words, ' ' || :word2, '') <> w.words AND REPLACE(w.words, ' ' || :word3, '') <> w.words
      ORDER BY f.id DESC LIMIT :page_limit) g
CROSS JOIN job j {{>portal_job_around}}
WHERE j.org_id = :org AND j.id = g.id
ORDER BY j.id DESC LIMIT :page_limit

-- portal_job_search_end: read
-- Where that stretch ended; is_cut where it was full.
SELECT f.id, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>portal_job_stretch}}) f ORDER BY f.id LIMIT 1

-- portal_job_of_equipment: read
-- L-4: what was done at one piece of equipment.
SELECT {{>portal_job_row}} FROM job_equipment o CROSS JOIN job j {{>portal_job_around}}
WHERE o.org_id = :org AND o.equipment_id = :of_equipment AND j.org_id = o.org_id AND j.id = o.job_id AND j.client_id + 0 = :client
  [[in_site: AND j.site_id + 0 = :in_site]]
  [[page_after: AND o.job_id < :page_after]]
ORDER BY o.job_id DESC LIMIT :page_limit

-- portal_job_show: read
-- The telephone of who comes is there on the day (:day_starts to :day_ends).
SELECT {{>portal_job_row}}, j.planned_end, j.arrived_at, j.cancelled_at, j.cancel_reason, j.plan_count, y.name AS type_name,
       CASE WHEN :sees_sites = 1 THEN j.site_id END AS site_id,
       j.street, j.postcode, j.city, CASE WHEN j.street || j.city = '' THEN 0 ELSE 1 END AS has_address, j.contact_name, j.contact_phone, j.contact_email, j.asked_how, j.asked_name,
       CASE WHEN j.state IN ('planned', 'started') AND j.planned_start >= :day_starts AND j.planned_start < :day_ends THEN COALESCE(k.phone, '') ELSE '' END AS technician_phone,
       COALESCE(x.description, '') AS description, COALESCE(x.information, '') AS information,
       CASE WHEN :sees_photos = 1 THEN (SELECT COUNT(*) FROM job_file f WHERE f.org_id = j.org_id AND f.job_id = j.id AND f.kind = 'photo' AND f.is_private = 0
           AND f.picture_state IN ('ready', 'queued')) ELSE 0 END AS photo_count,
       CASE WHEN j.state = 'done' AND :sees_reports = 1 THEN COALESCE(x.report, '') ELSE '' END AS report,
       CASE WHEN j.state = 'done' AND :sees_reports = 1 THEN COALESCE(x.signed_name, '') ELSE '' END AS signed_name,
       CASE WHEN j.state = 'done' AND :sees_reports = 1 THEN x.signed_at END AS signed_at
FROM job j {{>portal_job_around}}
LEFT JOIN technician k ON k.org_id = j.org_id AND k.member_id = j.member_id
LEFT JOIN job_type y ON y.org_id = j.org_id AND y.id = j.type_id
LEFT JOIN job_text x ON x.org_id = j.org_id AND x.job_id = j.id
WHERE j.org_id = :org AND j.client_id = :client AND j.id = :of_job
  [[in_site: AND j.site_id = :in_site]] [[in_job: AND j.id = :in_job]]

-- portal_job_asked: read
-- What the confirmation says: of a job asked for just now, under this mandate.
SELECT j.id, j.number, y.name AS type_name, CASE WHEN :sees_sites = 1 THEN COALESCE(s.name, '') ELSE '' END AS site_name, j.contact_email,
       COALESCE(CASE WHEN :sees_equipment = 1 THEN (SELECT e.name FROM job_equipment x JOIN equipment e ON e.org_id = x.org_id AND e.id = x.equipment_id
           WHERE x.org_id = j.org_id AND x.job_id = j.id ORDER BY x.equipment_id LIMIT 1) END, '') AS equipment_name
FROM job j LEFT JOIN site s ON s.org_id = j.org_id AND s.id = j.site_id LEFT JOIN job_type y ON y.org_id = j.org_id AND y.id = j.type_id
WHERE j.org_id = :org AND j.client_id = :client AND j.id = :of_job AND j.created_at >= :asked_since AND j.asked_mandate_id = :mandate

-- portal_job_equipment: read
SELECT e.id, e.name, e.model, e.serial FROM job_equipment x CROSS JOIN equipment e
WHERE x.org_id = :org AND x.job_id = :of_job AND e.org_id = x.org_id AND e.id = x.equipment_id AND e.client_id + 0 = :client
  [[in_site: AND e.site_id + 0 = :in_site]]
ORDER BY x.equipment_id LIMIT 20

-- portal_job_files: read
SELECT f.id, f.name, f.type, f.size_bytes FROM job_file f
WHERE f.org_id = :org AND f.job_id = :of_job AND f.kind = 'attachment' AND f.is_private = 0 AND f.picture_state <> 'refused' ORDER BY f.id LIMIT 100

-- portal_job_file: read
SELECT f.name, f.type, f.hash, f.picture_state, COALESCE(f.shown_hash, '') AS shown_hash FROM job_file f JOIN job j ON j.org_id = f.org_id AND j.id = f.job_id
WHERE f.org_id = :org AND f.id = :of_file AND f.job_id = :of_job AND f.kind = 'attachment' AND f.is_private = 0 AND j.client_id = :client
  [[in_site: AND j.site_id = :in_site]] [[in_job: AND j.id = :in_job]]

-- portal_organization: read
SELECT zone, is_portal_open FROM organization WHERE id = :org

-- Sites and equipment.

-- portal_site_list: read
SELECT s.id, s.number, s.name, s.name_key, s.street, s.postcode, s.city FROM site s
WHERE s.org_id = :org AND s.client_id = :client [[in_site: AND s.id = :in_site]]
  [[page_after: AND (s.name_key, s.id) > (:page_after, :page_id)]]
ORDER BY s.name_key, s.id LIMIT :page_limit

-- portal_site_stretch: part
SELECT t.id, t.name_key FROM site t WHERE t.org_id = :org AND t.client_id = :client [[in_site: AND t.id = :in_site]]
  [[page_after: AND (t.name_key, t.id) > (:page_after, :page_id)]]
ORDER BY t.name_key, t.id LIMIT :stretch

-- portal_site_search: read
SELECT s.id, s.number, s.name, s.name_key, s.street, s.postcode, s.city
FROM (SELECT f.id, f.name_key FROM ({{>portal_site_stretch}}) f CROSS JOIN word_of w
      WHERE w.org_id = :org AND w.kind = 'site' AND w.id = f.id
        AND REPLACE(w.words, ' ' || :word, '') <> w.words AND REPLACE(w.words, ' ' || :word2, '') <> w.words AND REPLACE(w.words, ' ' || :word3, '') <> w.words
      ORDER BY f.name_key, f.id LIMIT :page_limit) g
CROSS JOIN site s WHERE s.org_id = :org AND s.id = g.id
ORDER BY s.name_key, s.id LIMIT :page_limit

-- portal_site_search_end: read
SELECT f.id, f.name_key, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>portal_site_stretch}}) f ORDER BY f.name_key DESC, f.id DESC LIMIT 1

-- portal_site_show: read
SELECT s.id, s.number, s.name, s.street, s.postcode, s.city, CASE WHEN s.street || s.city = '' THEN 0 ELSE 1 END AS has_address, cl.name AS client_name, COALESCE(x.information, '') AS information,
       COALESCE(ct.first_name || ' ' || ct.last_name, '') AS contact_name, COALESCE(ct.phone, '') AS contact_phone, COALESCE(ct.email, '') AS contact_email
FROM site s LEFT JOIN client cl ON cl.org_id = s.org_id AND cl.id = s.client_id
LEFT JOIN contact ct ON ct.org_id = s.org_id AND ct.id = s.contact_id
LEFT JOIN site_text x ON x.org_id = s.org_id AND x.site_id = s.id
WHERE s.org_id = :org AND s.client_id = :client AND s.id = :of_site [[in_site: AND s.id = :in_site]]

-- portal_equipment_row: part
e.id, e.name, e.name_key, e.model, e.serial, e.state, e.installed_on, e.warranty_on, CASE WHEN e.warranty_on < :now / 86400000 THEN 1 ELSE 0 END AS is_warranty_over,
CASE WHEN :sees_sites = 1 THEN COALESCE(s.name, '') ELSE '' END AS site_name

-- portal_equipment_list: read
SELECT {{>portal_equipment_row}} FROM equipment e LEFT JOIN site s ON s.org_id = e.org_id AND s.id = e.site_id
WHERE e.org_id = :org AND e.client_id = :client [[in_site: AND e.site_id = :in_site]]
  [[page_after: AND (e.name_key, e.id) > (:page_after, :page_id)]]
ORDER BY e.name_key, e.id LIMIT :page_limit

-- portal_equipment_stretch: part
SELECT t.id, t.name_key FROM equipment t WHERE t.org_id = :org AND t.client_id = :client [[in_site: AND t.site_id = :in_site]]
  [[page_after: AND (t.name_key, t.id) > (:page_after, :page_id)]]
ORDER BY t.name_key, t.id LIMIT :stretch

-- portal_equipment_search: read
SELECT {{>portal_equipment_row}}
FROM (SELECT f.id, f.name_key FROM ({{>portal_equipment_stretch}}) f CROSS JOIN word_of w
      WHERE w.org_id = :org AND w.kind = 'equipment' AND w.id = f.id
        AND REPLACE(w.words, ' ' || :word, '') <> w.words AND REPLACE(w.words, ' ' || :word2, '') <> w.words AND REPLACE(w.words, ' ' || :word3, '') <> w.words
      ORDER BY f.name_key, f.id LIMIT :page_limit) g
CROSS JOIN equipment e LEFT JOIN site s ON s.org_id = e.org_id AND s.id = e.site_id WHERE e.org_id = :org AND e.id = g.id
ORDER BY e.name_key, e.id LIMIT :page_limit

-- portal_equipment_search_end: read
SELECT f.id, f.name_key, CASE WHEN COUNT(*) OVER () = :stretch THEN 1 ELSE 0 END AS is_cut FROM ({{>portal_equipment_stretch}}) f ORDER BY f.name_key DESC, f.id DESC LIMIT 1

-- portal_equipment_show: read
SELECT {{>portal_equipment_row}}, CASE WHEN :sees_sites = 1 THEN e.site_id END AS site_id, COALESCE(x.information, '') AS information
FROM equipment e LEFT JOIN site s ON s.org_id = e.org_id AND s.id = e.site_id
LEFT JOIN equipment_text x ON x.org_id = e.org_id AND x.equipment_id = e.id
WHERE e.org_id = :org AND e.client_id = :client AND e.id = :of_equipment [[in_site: AND e.site_id = :in_site]]

-- Asking for a job.

-- portal_types: read
-- What clients may choose.
SELECT id, name FROM job_type WHERE org_id = :org AND is_active = 1 [[offered: AND is_offered = :offered]] ORDER BY position, id LIMIT 50

-- portal_type_of: read
SELECT id, name FROM job_type WHERE org_id = :org AND is_active = 1 AND is_offered = 1 AND id = :of_type

-- portal_sites: read
-- To choose from.
SELECT s.id, s.name, s.street, s.postcode, s.city FROM site s WHERE s.org_id = :org AND s.client_id = :client [[in_site: AND s.id = :in_site]] ORDER BY s.name_key, s.id LIMIT 200

-- portal_site_of: read
SELECT s.id, s.name, s.street, s.postcode, s.city FROM site s WHERE s.org_id = :org AND s.client_id = :client AND s.id = :of_site [[in_site: AND s.id = :in_site]]

-- portal_machines: read
-- To choose from: what is not out of service.
SELECT e.id, CASE WHEN e.model = '' THEN e.name ELSE e.name || ', ' || e.model END AS name FROM equipment e
WHERE e.org_id = :org AND e.client_id = :client AND e.state <> 'retired' [[in_site: AND e.site_id = :in_site]] ORDER BY e.name_key, e.id LIMIT 200

-- portal_machine_of: read
SELECT e.id, CASE WHEN e.model = '' THEN e.name ELSE e.name || ', ' || e.model END AS name, e.site_id FROM equipment e
WHERE e.org_id = :org AND e.client_id = :client AND e.id = :of_equipment [[in_site: AND e.site_id = :in_site]]

-- portal_asked_lately: read
-- How many were asked for under this mandate in the last hour and the last day, of the last sixty.
SELECT COALESCE(SUM(CASE WHEN a.created_at >= :hour_since THEN 1 ELSE 0 END), 0) AS hour_count, COALESCE(SUM(CASE WHEN a.created_at >= :day_since THEN 1 ELSE 0 END), 0) AS day_count
FROM (SELECT j.created_at FROM job j WHERE j.org_id = :org AND j.asked_mandate_id = :mandate ORDER BY j.id DESC LIMIT 60) a

-- portal_brought_lately: read
-- How much came with them in the last day.
SELECT CAST(COALESCE(SUM(f.size_bytes), 0) AS BIGINT) AS bytes
FROM (SELECT j.id FROM job j WHERE j.org_id = :org AND j.asked_mandate_id = :mandate AND j.created_at >= :day_since ORDER BY j.id DESC LIMIT 60) a
CROSS JOIN job_file f WHERE f.org_id = :org AND f.job_id = a.id AND f.kind = 'attachment'
