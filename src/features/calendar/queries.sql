-- What clients are told of jobs, and the calendars that show them.

-- job_entry: part
-- What an entry of a calendar says.
j.id, j.number, j.title, j.state, j.planned_start, j.planned_end, j.plan_count, j.changed_at, j.street, j.postcode, j.city, j.contact_name, j.contact_phone,
       y.name AS type_name, cl.name AS client_name, COALESCE(s.name, '') AS site_name, o.name AS org_name, o.slug AS org_slug,
       COALESCE(p.first_name || ' ' || p.last_name, '') AS technician

-- job_entry_around: part
JOIN organization o ON o.id = j.org_id
LEFT JOIN job_type y ON y.org_id = j.org_id AND y.id = j.type_id
LEFT JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id
LEFT JOIN site s ON s.org_id = j.org_id AND s.id = j.site_id
LEFT JOIN member tm ON tm.org_id = j.org_id AND tm.id = j.member_id
LEFT JOIN person p ON p.id = tm.person_id

-- tell_job: read
-- A job as a message says it: what was told before, the language of its contact, and whether they have the portal's page of it.
SELECT {{>job_entry}}, j.contact_email, j.cancel_reason, j.asked_how, j.asked_name, x.description,
       w.wanted_on, COALESCE(w.part, '') AS wish_part, COALESCE(w.reason, '') AS wish_reason, COALESCE(w.answer, '') AS wish_answer, COALESCE(w.by_name, '') AS wish_name,
       COALESCE(w.state, '') AS wish_state, COALESCE(ct.lang, o.lang) AS contact_lang, COALESCE(t.planned_start, 0) AS told_start, COALESCE(t.planned_end, 0) AS told_end,
       CASE WHEN o.is_portal_open = 1 AND 0 < (SELECT COUNT(*) FROM mandate m WHERE m.org_id = ct.org_id AND m.holder_contact_id = ct.id AND m.kind = 'access'
            AND m.state = 'active' AND m.detail IN ('jobs', 'all') AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)) THEN 1 ELSE 0 END AS has_portal
FROM job j
{{>job_entry_around}}
LEFT JOIN job_text x ON x.org_id = j.org_id AND x.job_id = j.id
LEFT JOIN contact ct ON ct.org_id = j.org_id AND ct.id = j.contact_id AND ct.client_id = j.client_id
LEFT JOIN job_told t ON t.org_id = j.org_id AND t.job_id = j.id
LEFT JOIN job_wish w ON w.org_id = j.org_id AND w.id = (SELECT MAX(n.id) FROM job_wish n WHERE n.org_id = j.org_id AND n.job_id = j.id)
WHERE j.org_id = :org AND j.id = :of_job

-- tell_muted: read
SELECT 1 AS is_muted FROM job_mute WHERE org_id = :org AND email_key = :email_key

-- tell_asked: read
-- More than so many of the last 100 jobs were asked from outside since then; else no row.
SELECT COUNT(*) AS count FROM (SELECT created_at, asked_how FROM job WHERE org_id = :org ORDER BY id DESC LIMIT 100) j
WHERE j.created_at > :since AND j.asked_how IN ('portal', 'link') HAVING COUNT(*) > :many

-- tell_planners: read
-- Who plans: the roles with JOB_MANAGE.
SELECT p.email, p.first_name || ' ' || p.last_name AS name, p.lang
FROM mandate d
JOIN person p ON p.id = d.holder_person_id
WHERE d.org_id = :org AND d.state = 'active' AND d.kind = 'membership' AND d.detail IN ('administrator', 'manager')
  AND d.starts_at <= :now AND (d.ends_at IS NULL OR d.ends_at > :now)
ORDER BY d.id LIMIT :most

-- told_put: write
INSERT INTO job_told (org_id, job_id, planned_start, planned_end, told_at) VALUES (:org, :of_job, :starts_at, :ends_at, :now)
ON CONFLICT (org_id, job_id) DO UPDATE SET planned_start = :starts_at, planned_end = :ends_at, told_at = :now

-- told_end: write
DELETE FROM job_told WHERE org_id = :org AND job_id = :of_job

-- calendar_of: read
-- The calendar that the context's mandate has now.
SELECT id, generation, created_at FROM calendar WHERE org_id = :org AND mandate_id = :mandate AND ended_at IS NULL ORDER BY id DESC LIMIT 1

-- calendar_add: write
INSERT INTO calendar (id, org_id, mandate_id, client_id, site_id, member_id, generation, created_at)
VALUES (:id, :org, :mandate, :of_client, :of_site, :of_member, 1, :now)

-- calendar_renew: write
UPDATE calendar SET generation = generation + 1, created_at = :now WHERE org_id = :org AND mandate_id = :mandate AND ended_at IS NULL RETURNING id

-- calendar_end: write
UPDATE calendar SET ended_at = :now WHERE org_id = :org AND mandate_id = :mandate AND ended_at IS NULL RETURNING id

-- calendar_find: read @across
-- A calendar whose mandate still stands, and what that mandate gives. Its address names nothing else.
SELECT k.id, k.org_id, k.mandate_id, k.client_id, k.site_id, k.member_id, k.generation, m.kind, m.detail, o.name AS org_name, o.is_portal_open,
       COALESCE(ct.lang, p.lang, o.lang) AS lang, CASE WHEN ct.id IS NOT NULL AND ct.client_id IS DISTINCT FROM k.client_id THEN 1 ELSE 0 END AS has_moved,
       CASE WHEN l.paused_at IS NULL THEN 0 ELSE 1 END AS is_paused
FROM calendar k
JOIN mandate m ON m.org_id = k.org_id AND m.id = k.mandate_id AND m.state = 'active' AND m.starts_at <= :now AND (m.ends_at IS NULL OR m.ends_at > :now)
JOIN organization o ON o.id = k.org_id
LEFT JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id
LEFT JOIN person p ON p.id = m.holder_person_id
LEFT JOIN link l ON l.org_id = m.org_id AND l.mandate_id = m.id
WHERE k.id = :of_calendar AND k.ended_at IS NULL

-- calendar_client_ahead: read
SELECT {{>job_entry}} FROM job j
{{>job_entry_around}}
WHERE j.org_id = :org AND j.client_id = :client AND j.planned_start >= :since [[in_site: AND j.site_id = :in_site]]
ORDER BY j.planned_start, j.id LIMIT :most

-- calendar_client_past: read
SELECT {{>job_entry}} FROM job j
{{>job_entry_around}}
WHERE j.org_id = :org AND j.client_id = :client AND j.planned_start >= :since AND j.planned_start < :upto [[in_site: AND j.site_id = :in_site]]
ORDER BY j.planned_start DESC, j.id DESC LIMIT :most

-- calendar_member_ahead: read
SELECT {{>job_entry}} FROM job j
{{>job_entry_around}}
WHERE j.org_id = :org AND j.member_id = :of_member AND j.planned_start >= :since
ORDER BY j.planned_start, j.id LIMIT :most

-- calendar_member_past: read
SELECT {{>job_entry}} FROM job j
{{>job_entry_around}}
WHERE j.org_id = :org AND j.member_id = :of_member AND j.planned_start >= :since AND j.planned_start < :upto
ORDER BY j.planned_start DESC, j.id DESC LIMIT :most

-- voice_job: read
-- A job within reach, the last wish about it and its rating.
SELECT j.id, j.number, j.title, j.state, j.planned_start, j.planned_end, j.left_at,
       w.wanted_on, COALESCE(w.part, '') AS wish_part, COALESCE(w.reason, '') AS wish_reason, COALESCE(w.state, '') AS wish_state, COALESCE(w.answer, '') AS wish_answer, w.created_at AS wished_at,
       COALESCE(q.stars, 0) AS stars, COALESCE(q.word, '') AS rating_word, COALESCE(q.by_name, '') AS rated_by, q.created_at AS rated_at
FROM job j
LEFT JOIN job_wish w ON w.org_id = j.org_id AND w.id = (SELECT MAX(n.id) FROM job_wish n WHERE n.org_id = j.org_id AND n.job_id = j.id)
LEFT JOIN job_rating q ON q.org_id = j.org_id AND q.job_id = j.id
WHERE j.org_id = :org AND j.client_id = :client AND j.id = :of_job
  [[in_site: AND j.site_id = :in_site]]
  [[in_job: AND j.id = :in_job]]

-- voice_take: write
-- The same job, for the rest of the transaction.
UPDATE job SET changed_at = changed_at WHERE org_id = :org AND client_id = :client AND id = :of_job
  [[in_site: AND site_id = :in_site]]
  [[in_job: AND id = :in_job]]

-- wish_count: read
SELECT COUNT(*) AS count FROM job_wish WHERE org_id = :org AND job_id = :of_job HAVING COUNT(*) > 0

-- wish_add: write
-- One waits at a time.
INSERT INTO job_wish (org_id, id, job_id, wanted_on, part, reason, state, by_name, mandate_id, created_at)
VALUES (:org, :id, :of_job, :wanted_on, :part, :reason, 'open', :by_name, :mandate, :now) ON CONFLICT DO NOTHING

-- wish_answer: write
UPDATE job_wish SET state = :in_state, answer = :answer, answered_by = :by_name, answered_at = :now WHERE org_id = :org AND job_id = :of_job AND state = 'open'

-- wish_show: read
-- A job with the wish that waits, where there is one, for who answers it.
SELECT j.id, j.number, j.title, j.state, j.planned_start, j.planned_end, cl.name AS client_name, w.id AS wish_id, w.wanted_on, COALESCE(w.part, '') AS wish_part,
       COALESCE(w.reason, '') AS wish_reason, COALESCE(w.by_name, '') AS wish_name, w.created_at AS wished_at
FROM job j
LEFT JOIN job_wish w ON w.org_id = j.org_id AND w.job_id = j.id AND w.state = 'open'
LEFT JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id
WHERE j.org_id = :org AND j.id = :of_job

-- rating_put: write
-- Once a job; changed while it is young.
INSERT INTO job_rating (org_id, job_id, stars, word, by_name, mandate_id, created_at, changed_at)
VALUES (:org, :of_job, :stars, :word, :by_name, :mandate, :now, :now)
ON CONFLICT (org_id, job_id) DO UPDATE SET stars = :stars, word = :word, by_name = :by_name, mandate_id = :mandate, changed_at = :now
WHERE job_rating.created_at > :since
