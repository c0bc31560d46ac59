-- Visits that recur by contract.

-- recurrence_row: part
v.id, v.title, v.every_months, v.lead_days, v.next_on, v.ends_on, v.is_active, v.day_of_month, v.client_id, cl.name AS client_name, v.site_id, COALESCE(t.name, '') AS site_name,
v.type_id, y.name AS type_name, CASE WHEN v.is_active = 0 AND v.ends_on < :now / 86400000 THEN 1 ELSE 0 END AS is_ended

-- recurrence_around: part
LEFT JOIN client cl ON cl.org_id = v.org_id AND cl.id = v.client_id LEFT JOIN site t ON t.org_id = v.org_id AND t.id = v.site_id
LEFT JOIN job_type y ON y.org_id = v.org_id AND y.id = v.type_id

-- recurrence_list: read
-- What comes next first.
SELECT {{>recurrence_row}} FROM visit v {{>recurrence_around}}
WHERE v.org_id = :org AND v.is_active = :is_active [[of_client: AND v.client_id = :of_client]] [[page_after: AND (v.next_on, v.id) > (:page_after, :page_id)]]
ORDER BY v.next_on, v.id LIMIT :page_limit

-- recurrence_show: read
SELECT {{>recurrence_row}}, v.description FROM visit v {{>recurrence_around}} WHERE v.org_id = :org AND v.id = :of_visit

-- recurrence_add: write
INSERT INTO visit (org_id, id, client_id, site_id, type_id, title, description, every_months, lead_days, next_on, ends_on, day_of_month, created_at, changed_at)
VALUES (:org, :id, :of_client, :of_site, :of_type, :title, :description, :every_months, :lead_days, :next_on, :ends_on, :day_of_month, :now, :now)

-- recurrence_put: write
UPDATE visit SET site_id = :of_site, type_id = :of_type, title = :title, description = :description, every_months = :every_months, lead_days = :lead_days,
       next_on = :next_on, ends_on = :ends_on, day_of_month = :day_of_month, changed_at = :now
WHERE org_id = :org AND id = :of_visit

-- recurrence_state: write
UPDATE visit SET is_active = :is_active, changed_at = :now WHERE org_id = :org AND id = :of_visit AND is_active <> :is_active RETURNING id, title

-- recurrence_end: write
-- Its last day was yesterday; what was made of it stays.
UPDATE visit SET is_active = 0, ends_on = :ends_on, changed_at = :now WHERE org_id = :org AND id = :of_visit RETURNING id, title

-- recurrence_due: read @across
-- Whose day is near enough: of all organizations, the soonest first. No lead is longer than :most_days.
SELECT v.org_id, v.id, v.next_on FROM visit v
WHERE v.is_active = 1 AND v.next_on <= :today + :most_days AND v.next_on - v.lead_days <= :today
ORDER BY v.next_on, v.id LIMIT 200

-- recurrence_take: write
-- One of them moves on, where it still stands at that day: of two servers one makes the job.
UPDATE visit SET next_on = :next_on, is_active = CASE WHEN ends_on < :next_on THEN 0 ELSE 1 END, changed_at = :now
WHERE org_id = :org AND id = :of_visit AND next_on = :was_on AND is_active = 1
