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
