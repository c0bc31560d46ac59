-- Imports and exports by CSV.

-- import_client_any: read
SELECT id FROM client WHERE org_id = :org ORDER BY id LIMIT 1

-- import_contact_any: read
SELECT id FROM contact WHERE org_id = :org ORDER BY id LIMIT 1

-- import_client_find: read
SELECT id FROM client WHERE org_id = :org AND number = :number

-- import_client_named: read
SELECT id FROM client WHERE org_id = :org AND name_key = :name_key ORDER BY id LIMIT 2

-- import_client_put: write
-- NULL leaves what is there.
UPDATE client SET kind = COALESCE(:kind, kind), name = COALESCE(:name, name), name_key = :name_key, siren = COALESCE(:siren, siren),
       street = COALESCE(:street, street), postcode = COALESCE(:postcode, postcode), city = COALESCE(:city, city),
       email = COALESCE(:email, email), phone = COALESCE(:phone, phone), changed_at = :now
WHERE org_id = :org AND id = :id RETURNING name, number, city

-- import_client_text_begin: write
INSERT INTO client_text (org_id, client_id) VALUES (:org, :id) ON CONFLICT DO NOTHING

-- import_client_text_put: write
UPDATE client_text SET information = COALESCE(:information, information), notes = COALESCE(:notes, notes) WHERE org_id = :org AND client_id = :id

-- import_contact_find: read
SELECT id FROM contact WHERE org_id = :org AND email_key = :email_key AND name_key = :name_key AND client_id IS NOT DISTINCT FROM :of_client
ORDER BY id LIMIT 1

-- import_contact_put: write
UPDATE contact SET job_title = COALESCE(:job_title, job_title), phone = COALESCE(:phone, phone), lang = COALESCE(:lang, lang),
       notes = COALESCE(:notes, notes), changed_at = :now
WHERE org_id = :org AND id = :id

-- import_contact_named: read
SELECT id FROM contact WHERE org_id = :org AND client_id = :of_client AND name_key = :name_key ORDER BY id LIMIT 1

-- import_contact_at: read
SELECT id FROM contact WHERE org_id = :org AND email_key = :email_key AND client_id = :of_client ORDER BY id LIMIT 1

-- import_site_any: read
SELECT id FROM site WHERE org_id = :org ORDER BY id LIMIT 1

-- import_equipment_any: read
SELECT id FROM equipment WHERE org_id = :org ORDER BY id LIMIT 1

-- import_site_find: read
SELECT id, client_id FROM site WHERE org_id = :org AND number = :number

-- import_site_named: read
SELECT id FROM site WHERE org_id = :org AND client_id = :of_client AND name_key = :name_key ORDER BY id LIMIT 2

-- import_site_put: write
-- NULL leaves what is there.
UPDATE site SET name = :name, name_key = :name_key, street = COALESCE(:street, street), postcode = COALESCE(:postcode, postcode),
       city = COALESCE(:city, city), city_key = COALESCE(:city_key, city_key), contact_id = COALESCE(:of_contact, contact_id), changed_at = :now
WHERE org_id = :org AND id = :id RETURNING name, number, street, city

-- import_site_text_begin: write
INSERT INTO site_text (org_id, site_id) VALUES (:org, :id) ON CONFLICT DO NOTHING

-- import_site_text_put: write
UPDATE site_text SET information = COALESCE(:information, information), notes = COALESCE(:notes, notes) WHERE org_id = :org AND site_id = :id

-- import_equipment_find: read
SELECT id, client_id FROM equipment WHERE org_id = :org AND serial_key = :serial_key AND model = :model ORDER BY id LIMIT 1

-- import_equipment_named: read
-- One without a serial number.
SELECT id FROM equipment WHERE org_id = :org AND client_id = :of_client AND name_key = :name_key AND model = :model AND serial_key = ''
  AND site_id IS NOT DISTINCT FROM :of_site
ORDER BY id LIMIT 1

-- import_equipment_put: write
UPDATE equipment SET site_id = COALESCE(:of_site, site_id), name = :name, name_key = :name_key, installed_on = COALESCE(:installed_on, installed_on),
       warranty_on = COALESCE(:warranty_on, warranty_on), state = COALESCE(:in_state, state), changed_at = :now
WHERE org_id = :org AND id = :id RETURNING name, model, serial

-- import_equipment_text_begin: write
INSERT INTO equipment_text (org_id, equipment_id) VALUES (:org, :id) ON CONFLICT DO NOTHING

-- import_equipment_text_put: write
UPDATE equipment_text SET information = COALESCE(:information, information), notes = COALESCE(:notes, notes) WHERE org_id = :org AND equipment_id = :id

-- import_job_any: read
SELECT id FROM job WHERE org_id = :org ORDER BY id LIMIT 1

-- import_job_begin: read
-- The clock of the organization, and who brings the jobs: the name stands on them as of who asked.
SELECT zone, COALESCE((SELECT p.first_name || ' ' || p.last_name FROM person p WHERE p.id = :person), '') AS person_name FROM organization WHERE id = :org

-- import_job_type: read
SELECT id FROM job_type WHERE org_id = :org AND name_key = :name_key

-- import_job_technician: read
SELECT id FROM member WHERE org_id = :org AND name_key = :name_key AND is_collaborator = 0 ORDER BY id LIMIT 1

-- import_job_machine: read
SELECT id FROM equipment WHERE org_id = :org AND serial_key = :serial_key AND client_id = :of_client ORDER BY id LIMIT 1

-- import_job_find: read
SELECT id FROM job WHERE org_id = :org AND number = :number

-- import_job_done: read
-- The same client's work, ended at the same moment.
SELECT id FROM job WHERE org_id = :org AND finished_at = :finished_at AND client_id = :of_client AND type_id = :of_type AND title = :title
  AND site_id IS NOT DISTINCT FROM :of_site
ORDER BY id LIMIT 1

-- import_job_waiting: read
-- Among what the client asked for last.
SELECT id FROM (SELECT id, type_id, site_id, title FROM job WHERE org_id = :org AND client_id = :of_client AND state = 'to_plan' ORDER BY id DESC LIMIT 200) j
WHERE type_id = :of_type AND title = :title AND site_id IS NOT DISTINCT FROM :of_site
ORDER BY id LIMIT 1

-- import_job_place: read
-- Where it is done: at the site, or at the client's own address; whom to ask for there.
SELECT cl.name AS client_name, COALESCE(t.name, '') AS site_name, COALESCE(t.street, cl.street) AS street, COALESCE(t.postcode, cl.postcode) AS postcode,
       COALESCE(t.city, cl.city) AS city, ct.id AS contact_id, COALESCE(ct.first_name || ' ' || ct.last_name, '') AS contact_name,
       COALESCE(ct.phone, '') AS contact_phone, COALESCE(ct.email, '') AS contact_email
FROM client cl LEFT JOIN site t ON t.org_id = cl.org_id AND t.client_id = cl.id AND t.id = :of_site
LEFT JOIN contact ct ON ct.org_id = cl.org_id AND ct.id = t.contact_id
WHERE cl.org_id = :org AND cl.id = :of_client

-- import_job_add: write
INSERT INTO job (org_id, id, number, client_id, type_id, site_id, title, state, member_id, planned_start, planned_end, arrived_at, finished_at, street, postcode, city,
                 contact_id, contact_name, contact_phone, contact_email, asked_how, asked_mandate_id, asked_name, created_at, changed_at)
VALUES (:org, :id, :number, :of_client, :of_type, :of_site, :title, :in_state, :of_technician, :starts_at, :ends_at, :starts_at, :finished_at, :street, :postcode, :city,
        :of_contact, :contact_name, :contact_phone, :contact_email, 'office', NULL, :asked_name, :created_at, :now)

-- import_job_text_add: write
INSERT INTO job_text (org_id, job_id, description, information, report, notes) VALUES (:org, :id, :description, :information, :report, :notes)

-- import_list: read
SELECT id, kind, state, is_cancelled, name, row_count, added, changed, refused, created_at FROM import_run
WHERE org_id = :org AND kind = :kind ORDER BY created_at DESC, id DESC LIMIT 20

-- import_add: write
INSERT INTO import_run (org_id, id, kind, state, is_update, lang, name, hash, person_id, mandate_id, created_at, changed_at)
VALUES (:org, :id, :kind, 'checking', :is_update, :lang, :name, :hash, :person, :mandate, :now, :now)

-- import_show: read
SELECT id, kind, state, mode, is_update, is_kept, is_cancelled, name, row_count, row_done, added, changed, refused, error_count, created_at, changed_at
FROM import_run WHERE org_id = :org AND id = :of_import

-- import_error_list: read
SELECT number AS id, number, line AS "row", column_name AS "column", message FROM import_error
WHERE org_id = :org AND run_id = :of_import [[page_after: AND number > :page_after]]
ORDER BY number LIMIT :page_limit

-- import_error_all: read
SELECT line AS "row", column_name AS "column", message FROM import_error WHERE org_id = :org AND run_id = :of_import ORDER BY number LIMIT 5000

-- import_start: write
UPDATE import_run SET state = 'writing', mode = :mode, changed_at = :now WHERE org_id = :org AND id = :id AND state = 'checked' AND is_kept = 1

-- import_cancel: write
UPDATE import_run SET state = 'refused', is_cancelled = 1, added = 0, changed = 0, changed_at = :now WHERE org_id = :org AND id = :id AND state IN ('checking', 'checked', 'writing')

-- import_stop: write
-- Asked for under an access that is over by now.
UPDATE import_run SET state = 'refused', is_cancelled = 1, added = 0, changed = 0, changed_at = :now WHERE org_id = :org AND id = :id AND state IN ('checked', 'writing')

-- import_take: write
-- The row for the rest of the transaction: one job at a time.
UPDATE import_run SET changed_at = :now WHERE org_id = :org AND id = :id AND state = :state
RETURNING id, kind, mode, is_update, lang, name, hash, person_id, mandate_id, row_done, error_count

-- import_progress: write
UPDATE import_run SET state = :state, row_count = :row_count, row_done = :row_done, added = added + :added, changed = changed + :changed,
       refused = refused + :refused, error_count = error_count + :error_count, changed_at = :now
WHERE org_id = :org AND id = :id

-- import_end: write
UPDATE import_run SET state = :state, row_count = :row_count, row_done = :row_count, added = :added, changed = :changed, refused = :refused,
       error_count = :error_count, changed_at = :now
WHERE org_id = :org AND id = :id

-- import_error_add: write
INSERT INTO import_error (org_id, run_id, number, line, column_name, message) VALUES (:org, :id, :number, :line, :column_name, :message)

-- import_error_clear: write
DELETE FROM import_error WHERE org_id = :org AND run_id = :id

-- import_let_go: write
UPDATE import_run SET is_kept = 0 WHERE org_id = :org AND id = :id AND is_kept = 1 RETURNING hash

-- transfer_file_drop: write
-- Only where nothing else of the organization's is the same file.
DELETE FROM file WHERE org_id = :org AND hash = :hash
  AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.org_id = :org AND a.hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM client_attachment a WHERE a.org_id = :org AND a.hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM job_file j WHERE j.org_id = :org AND j.hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM job_file k WHERE k.org_id = :org AND k.shown_hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM job_file m WHERE m.org_id = :org AND m.small_hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM inbound_mail m WHERE m.org_id = :org AND m.hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM import_run i WHERE i.org_id = :org AND i.hash = :hash AND i.is_kept = 1)
  AND NOT EXISTS (SELECT 1 FROM export_run x WHERE x.org_id = :org AND x.hash = :hash)
  AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.id = :org AND o.logo = :hash)

-- export_list: read
SELECT x.id, x.kind, x.state, x.is_all, x.row_done, x.byte_count, x.created_at, x.ends_at, p.first_name || ' ' || p.last_name AS person_name
FROM export_run x LEFT JOIN person p ON p.id = x.person_id
WHERE x.org_id = :org [[own: AND x.person_id = :own]] [[since: AND x.created_at >= :since]] ORDER BY x.created_at DESC, x.id DESC LIMIT 50

-- export_add: write
INSERT INTO export_run (org_id, id, kind, state, filters, is_all, lang, person_id, created_at, ends_at)
VALUES (:org, :id, :kind, 'writing', :filters, :is_all, :lang, :person, :now, :ends_at)

-- export_done: read
SELECT kind, is_all, hash, created_at FROM export_run
WHERE org_id = :org AND id = :of_export AND state = 'done' AND ends_at > :now [[own: AND person_id = :own]] [[since: AND created_at >= :since]]

-- export_take: write
UPDATE export_run SET state = 'writing' WHERE org_id = :org AND id = :id AND state = 'writing'
RETURNING id, kind, filters, lang, row_done, byte_count, cursor_text, cursor_at, cursor_id

-- export_progress: write
UPDATE export_run SET row_done = :row_done, byte_count = :byte_count, cursor_text = :cursor_text, cursor_at = :cursor_at, cursor_id = :cursor_id
WHERE org_id = :org AND id = :id

-- export_finish: write
UPDATE export_run SET state = 'done', hash = :hash, row_done = :row_done, byte_count = :byte_count WHERE org_id = :org AND id = :id

-- export_remove: write
DELETE FROM export_run WHERE org_id = :org AND id = :id RETURNING id, hash
