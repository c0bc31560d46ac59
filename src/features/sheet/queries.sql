-- The « bon d’intervention »: what stands on it.

-- sheet_part: part
j.id, j.number, j.state, j.title, j.is_urgent, j.planned_start, j.planned_end, j.left_at, j.arrived_at, j.finished_at, j.cancelled_at, j.cancel_reason,
  j.street, j.postcode, j.city, j.contact_name, j.contact_phone, j.contact_email, j.created_at, j.changed_at, k.name AS type_name,
  cl.name AS client_name, cl.number AS client_number, cl.street AS client_street, cl.postcode AS client_postcode, cl.city AS client_city,
  COALESCE(s.name, '') AS site_name, COALESCE(s.number, '') AS site_number, COALESCE(p.first_name || ' ' || p.last_name, '') AS technician_name,
  t.description, t.information, t.report, t.signed_name, t.signed_at, t.refused_reason
FROM job j JOIN job_type k ON k.org_id = j.org_id AND k.id = j.type_id
JOIN client cl ON cl.org_id = j.org_id AND cl.id = j.client_id
JOIN job_text t ON t.org_id = j.org_id AND t.job_id = j.id
LEFT JOIN site s ON s.org_id = j.org_id AND s.id = j.site_id
LEFT JOIN member m ON m.org_id = j.org_id AND m.id = j.member_id
LEFT JOIN person p ON p.id = m.person_id

-- sheet_job: read
SELECT {{>sheet_part}} WHERE j.org_id = :org AND j.id = :of_job

-- sheet_client_job: read
-- The client's own, narrowed to what a link was made for.
SELECT {{>sheet_part}} WHERE j.org_id = :org AND j.client_id = :client AND j.id = :of_job
  [[only_site: AND j.site_id = :only_site]] [[only_job: AND j.id = :only_job]]

-- sheet_organization: read
SELECT o.name, o.legal_name, o.siren, o.street, o.postcode, o.city, o.email, o.phone, o.zone, o.brand_color, o.logo, COALESCE(f.type, '') AS logo_type
FROM organization o LEFT JOIN file f ON f.org_id = o.id AND f.hash = o.logo WHERE o.id = :org

-- sheet_equipment: read
SELECT e.id, e.name, e.model, e.serial FROM job_equipment je JOIN equipment e ON e.org_id = je.org_id AND e.id = je.equipment_id
WHERE je.org_id = :org AND je.job_id = :of_job [[only_site: AND e.site_id + 0 = :only_site]] ORDER BY je.equipment_id LIMIT 50

-- sheet_pictures: read
-- What the client may see of the photos, and the signatures.
SELECT id, kind, name, picture_state, COALESCE(small_hash, '') AS small_hash FROM job_file
WHERE org_id = :org AND job_id = :of_job AND kind = :of_kind AND is_private = 0 ORDER BY id DESC LIMIT 40
