-- Planning: the week, what waits, a technician's day, absences, and the numbers of the first page. Every one goes by an index and ends at a count.

-- planning_names: part
-- What a line says of a job besides its own columns.
cl.name AS client_name, COALESCE(y.name, '') AS type_name, COALESCE(p.first_name || ' ' || p.last_name, '') AS member_name, COALESCE(p.first_name, '') AS first_name

-- planning_around: part
LEFT JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id
LEFT JOIN job_type y ON y.org_id = j.org_id AND y.id = j.type_id
LEFT JOIN member m ON m.org_id = j.org_id AND m.id = j.member_id
LEFT JOIN person p ON p.id = m.person_id

-- planning_columns: part
j.id, j.number, j.title, j.state, j.is_urgent, j.member_id, j.planned_start, j.planned_end, j.plan_count, j.left_at, j.arrived_at, j.finished_at, j.client_id

-- planning_week: read
SELECT {{>planning_columns}}, {{>planning_names}} FROM job j {{>planning_around}}
WHERE j.org_id = :org AND j.planned_start >= :starts_at AND j.planned_start < :ends_at
ORDER BY j.planned_start, j.id LIMIT :most

-- planning_absences: read
SELECT a.id, a.member_id, a.starts_at, a.ends_at, a.label FROM absence a
WHERE a.org_id = :org AND a.ends_at > :starts_at AND a.starts_at < :ends_at
ORDER BY a.ends_at, a.id LIMIT :most

-- planning_waiting: read
-- To plan: the urgent first, then the newest.
SELECT j.id, j.number, j.title, j.is_urgent, j.before_on, j.asked_how, j.asked_name, j.created_at, j.plan_count, j.client_id, cl.name AS client_name, COALESCE(y.name, '') AS type_name,
       COALESCE(y.minutes, 120) AS minutes, w.wanted_on, COALESCE(w.part, '') AS wanted_part, COALESCE(w.reason, '') AS wish
FROM job j
LEFT JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id
LEFT JOIN job_type y ON y.org_id = j.org_id AND y.id = j.type_id
LEFT JOIN job_wish w ON w.org_id = j.org_id AND w.job_id = j.id AND w.state = 'open'
WHERE j.org_id = :org AND j.state = 'to_plan'
ORDER BY j.is_urgent DESC, j.id DESC LIMIT :most

-- planning_wished: read
-- Planned, and another date is asked for.
SELECT {{>planning_columns}}, {{>planning_names}}, w.wanted_on, w.part AS wanted_part, w.reason AS wish
FROM job_wish w
CROSS JOIN job j {{>planning_around}}
WHERE w.org_id = :org AND w.state = 'open' AND j.org_id = w.org_id AND j.id = w.job_id AND j.state = 'planned'
ORDER BY w.job_id DESC LIMIT :most

-- planning_waiting_count: read
SELECT COUNT(*) AS count FROM (SELECT j.id FROM job j WHERE j.org_id = :org AND j.state = 'to_plan' [[is_urgent: AND j.is_urgent = :is_urgent]] LIMIT :most) f

-- planning_job: read
-- One job, to be planned or moved.
SELECT {{>planning_columns}}, j.before_on, j.street, j.postcode, j.city, COALESCE(y.minutes, 120) AS minutes, w.wanted_on, COALESCE(w.part, '') AS wanted_part, COALESCE(w.reason, '') AS wish,
       {{>planning_names}}
FROM job j {{>planning_around}}
LEFT JOIN job_wish w ON w.org_id = j.org_id AND w.job_id = j.id AND w.state = 'open'
WHERE j.org_id = :org AND j.id = :of_job

-- planning_take: write
-- Whoever plans holds the job until the act is over, and sees how often it was planned before.
UPDATE job SET changed_at = changed_at WHERE org_id = :org AND id = :of_job RETURNING id, state, plan_count

-- planning_clashes: read
-- What a technician does already in a stretch of time. None lasts longer than two days.
SELECT j.id, j.number, j.planned_start, j.planned_end, cl.name AS client_name FROM job j LEFT JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id
WHERE j.org_id = :org AND j.member_id = :of_member AND j.planned_start < :ends_at AND j.planned_start > :starts_at - 172800000 AND j.planned_end > :starts_at
  AND j.state IN ('planned', 'started') AND j.id <> :of_job
ORDER BY j.planned_start, j.id LIMIT 4

-- planning_clashing_absences: read
SELECT a.id, a.starts_at, a.ends_at, a.label FROM absence a
WHERE a.org_id = :org AND a.member_id = :of_member AND a.ends_at > :starts_at AND a.starts_at < :ends_at
ORDER BY a.ends_at, a.id LIMIT 2

-- planning_absence_list: read
-- Those that are not over, as they end.
SELECT a.id, a.member_id, a.starts_at, a.ends_at, a.label, p.first_name || ' ' || p.last_name AS name
FROM absence a JOIN member m ON m.org_id = a.org_id AND m.id = a.member_id JOIN person p ON p.id = m.person_id
WHERE a.org_id = :org AND a.ends_at > :now ORDER BY a.ends_at, a.id LIMIT :most

-- planning_absence_add: write
INSERT INTO absence (org_id, id, member_id, starts_at, ends_at, label) VALUES (:org, :id, :of_member, :starts_at, :ends_at, :label)

-- planning_absence_remove: write
DELETE FROM absence WHERE org_id = :org AND id = :of_absence

-- planning_technician: read
-- Somebody who can be sent, with what their week is.
SELECT m.id, p.first_name || ' ' || p.last_name AS name, COALESCE(k.week_minutes, 2100) AS week_minutes, COALESCE(k.phone, '') AS phone
FROM mandate d
JOIN member m ON m.org_id = d.org_id AND m.id = d.holder_member_id
JOIN person p ON p.id = m.person_id
LEFT JOIN technician k ON k.org_id = m.org_id AND k.member_id = m.id
WHERE d.org_id = :org AND d.holder_member_id = :of_member AND d.kind = 'membership' AND d.state = 'active' AND d.detail IN ('technician', 'manager', 'administrator')
ORDER BY d.id LIMIT 1

-- planning_technician_put: write
INSERT INTO technician (org_id, member_id, week_minutes, phone) VALUES (:org, :of_member, :minutes, :phone)
ON CONFLICT (org_id, member_id) DO UPDATE SET week_minutes = :minutes, phone = :phone

-- planning_day: read
-- A technician's jobs from one moment to another, with all that is needed on the spot.
SELECT {{>planning_columns}}, {{>planning_names}}, j.street, j.postcode, j.city, j.contact_name, j.contact_phone, COALESCE(t.name, '') AS site_name,
       x.description, x.information, x.notes
FROM job j {{>planning_around}}
LEFT JOIN site t ON t.org_id = j.org_id AND t.id = j.site_id
LEFT JOIN job_text x ON x.org_id = j.org_id AND x.job_id = j.id
WHERE j.org_id = :org AND j.member_id = :of_member AND j.planned_start >= :starts_at AND j.planned_start < :ends_at AND j.state <> 'cancelled'
ORDER BY j.planned_start, j.id LIMIT :most

-- planning_day_equipment: read
SELECT q.job_id, e.id, e.name, e.model, e.serial FROM job j
JOIN job_equipment q ON q.org_id = j.org_id AND q.job_id = j.id
JOIN equipment e ON e.org_id = q.org_id AND e.id = q.equipment_id
WHERE j.org_id = :org AND j.member_id = :of_member AND j.planned_start >= :starts_at AND j.planned_start < :ends_at
ORDER BY j.planned_start, q.job_id, e.id LIMIT :most

-- planning_left: read
-- Of the days before: begun or not, and not ended.
SELECT {{>planning_columns}}, {{>planning_names}} FROM job j {{>planning_around}}
WHERE j.org_id = :org AND j.member_id = :of_member AND j.planned_start >= :starts_at AND j.planned_start < :ends_at AND j.state IN ('planned', 'started')
ORDER BY j.planned_start DESC, j.id DESC LIMIT :most

-- planning_own: read
-- Whose it is and how it stands.
SELECT {{>planning_columns}}, {{>planning_names}}, x.description, x.information, x.notes, x.report, x.signed_name
FROM job j {{>planning_around}} LEFT JOIN job_text x ON x.org_id = j.org_id AND x.job_id = j.id
WHERE j.org_id = :org AND j.id = :of_job

-- planning_signed: write
UPDATE job_text SET signed_name = :signed_name, signed_at = :signed_at, refused_reason = :reason WHERE org_id = :org AND job_id = :of_job

-- planning_photo_count: read
SELECT COUNT(*) AS count FROM (SELECT f.id FROM job_file f WHERE f.org_id = :org AND f.job_id = :of_job AND f.kind = 'photo' LIMIT 100) q

-- planning_any: read
-- Is field work done here at all?
SELECT id FROM job WHERE org_id = :org ORDER BY id LIMIT 1

-- planning_late: read
-- Planned for a moment that has passed, and nobody has arrived: who waits longest stands first.
SELECT {{>planning_columns}}, {{>planning_names}} FROM job j {{>planning_around}}
WHERE j.org_id = :org AND j.state = 'planned' AND j.planned_start < :now
ORDER BY j.planned_start, j.id LIMIT :most

-- planning_late_count: read
SELECT COUNT(*) AS count FROM (SELECT j.id FROM job j WHERE j.org_id = :org AND j.state = 'planned' AND j.planned_start < :now [[starts_at: AND j.planned_start >= :starts_at]] LIMIT :most) f

-- planning_week_count: read
-- How many of a state lie in a stretch of time.
SELECT COUNT(*) AS count FROM (SELECT j.id FROM job j WHERE j.org_id = :org AND j.state = :in_state AND j.planned_start >= :starts_at AND j.planned_start < :ends_at LIMIT :most) f

-- planning_load: read
-- Hours by technician, of what the board would show.
SELECT f.member_id, CAST(SUM(f.length) / 60000 AS BIGINT) AS planned_minutes FROM (
  SELECT j.member_id, j.planned_end - j.planned_start AS length FROM job j
  WHERE j.org_id = :org AND j.planned_start >= :starts_at AND j.planned_start < :ends_at AND j.state <> 'cancelled' ORDER BY j.planned_start, j.id LIMIT :most) f
GROUP BY f.member_id ORDER BY f.member_id LIMIT 200

-- planning_tickets: read
-- Those that wait for the team, and when the first is due.
SELECT (SELECT COUNT(*) FROM (SELECT a.id FROM ticket a WHERE a.org_id = :org AND a.status = 'new' LIMIT :most) x)
       + (SELECT COUNT(*) FROM (SELECT b.id FROM ticket b WHERE b.org_id = :org AND b.status = 'open' LIMIT :most) y) AS count,
       (SELECT d.due_at FROM ticket d WHERE d.org_id = :org AND d.due_at > :now ORDER BY d.due_at, d.id LIMIT 1) AS due_at

-- planning_ending: read
-- Accesses that end soon.
SELECT m.id, m.kind, m.detail, m.ends_at, COALESCE(ct.first_name || ' ' || ct.last_name, h.first_name || ' ' || h.last_name, '') AS holder_name,
       COALESCE(cl.name, '') AS client_name, COALESCE(ho.name, '') AS holder_org_name
FROM mandate m
LEFT JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id
LEFT JOIN person h ON h.id = m.holder_person_id
LEFT JOIN organization ho ON ho.id = m.holder_org_id
LEFT JOIN client cl ON cl.org_id = m.org_id AND cl.id = m.scope_client_id
WHERE m.org_id = :org AND m.state = 'active' AND m.ends_at > :now AND m.ends_at <= :until AND m.kind <> 'token'
ORDER BY m.ends_at, m.id LIMIT :most

-- planning_rating: read
-- The last ones, since a day.
SELECT COUNT(*) AS count, CAST(COALESCE(SUM(f.stars), 0) AS BIGINT) AS stars FROM (
  SELECT r.stars FROM job_rating r WHERE r.org_id = :org AND r.changed_at >= :starts_at ORDER BY r.changed_at DESC, r.job_id DESC LIMIT :most) f
