-- What the demonstration reads and writes. Its world is written row by row, as if it had happened.

-- demo_organization_insert: write
INSERT INTO organization (id, slug, name, name_key, tagline, legal_name, siren, street, postcode, city, email, phone, brand_color, is_operator, is_partner, is_portal_open, created_at)
VALUES (:id, :slug, :name, :name_key, :tagline, :legal_name, :siren, :street, :postcode, :city, :email, :phone, :brand_color, :is_operator, :is_partner, :is_portal_open, :now)

-- demo_organization_logo: write
UPDATE organization SET logo = :logo WHERE id = :org

-- demo_organization_client: write
-- Ties an organization to its record among the operator's clients.
UPDATE organization SET operator_client_id = :client_id WHERE id = :organization_id

-- demo_person_insert: write
INSERT INTO person (id, email, email_key, first_name, last_name, password_hash, password_at, created_at)
VALUES (:id, :email, :email_key, :first_name, :last_name, :password_hash, :password_at, :now)

-- demo_type_insert: write
INSERT INTO ticket_type (org_id, id, name, position) VALUES (:org, :id, :name, :position)

-- demo_priority_insert: write
INSERT INTO ticket_priority (org_id, id, name, tone, position, is_default, due_hours)
VALUES (:org, :id, :name, :tone, :position, :is_default, :due_hours)

-- demo_ticket_counter_insert: write
INSERT INTO ticket_counter (org_id, last) VALUES (:org, :last)

-- demo_client_counter_insert: write
INSERT INTO client_counter (org_id, last) VALUES (:org, :last)

-- demo_client_insert: write
INSERT INTO client (org_id, id, number, kind, name, name_key, siren, street, postcode, city, email, phone, created_at, changed_at)
VALUES (:org, :id, :number, :kind, :name, :name_key, :siren, :street, :postcode, :city, :email, :phone, :now, :now)

-- demo_client_text_insert: write
INSERT INTO client_text (org_id, client_id, information, notes) VALUES (:org, :client_id, :information, :notes)

-- demo_contact_insert: write
INSERT INTO contact (org_id, id, client_id, person_id, first_name, last_name, name_key, job_title, email, email_key, phone, notes, created_at, changed_at)
VALUES (:org, :id, :client_id, :person_id, :first_name, :last_name, :name_key, :job_title, :email, :email_key, :phone, :notes, :now, :now)

-- demo_ticket_insert: write
INSERT INTO ticket (org_id, id, number, client_id, contact_id, title, type_id, priority_id, status, assignee_id, comment_count, created_at, changed_at,
                    due_at, due_from_at, due_paused_at)
VALUES (:org, :id, :number, :client_id, :contact_id, :title, :type_id, :priority_id, :status, :assignee_id, :comment_count, :now, :changed_at,
        :due_at, :due_from_at, :due_paused_at)

-- demo_comment_insert: write
INSERT INTO comment (org_id, id, ticket_id, kind, is_internal, contact_id, member_id, author_name, body, old_value, new_value, created_at)
VALUES (:org, :id, :ticket_id, :kind, :is_internal, :contact_id, :member_id, :author_name, :body, :old_value, :new_value, :said_at)

-- demo_attachment_insert: write
INSERT INTO attachment (org_id, id, ticket_id, comment_id, hash, name, type, size_bytes)
VALUES (:org, :id, :ticket_id, :comment_id, :hash, :name, :type, :size_bytes)

-- demo_client_file_insert: write
INSERT INTO client_attachment (org_id, id, client_id, hash, name, type, size_bytes, is_shared, author_name, created_at)
VALUES (:org, :id, :client_id, :hash, :name, :type, :size_bytes, :is_shared, :author_name, :said_at)

-- demo_person: read @across
-- The person behind a button of /demo.
SELECT id FROM person WHERE email_key = :email_key

-- demo_mail_list: read @across
SELECT m.id, m.to_email, m.to_name, m.from_name, m.subject, m.kind, m.state, m.created_at, m.sent_at, m.link_id, m.link_kind,
       CASE WHEN m.reply_ticket_id IS NULL THEN 0 ELSE 1 END AS can_answer, b.text, f.name AS file_name
FROM mail m JOIN mail_body b ON b.mail_id = m.id LEFT JOIN mail_file f ON f.mail_id = m.id
WHERE 1 = 1 [[page_after: AND (m.created_at, m.id) < (:page_after, :page_id)]]
ORDER BY m.created_at DESC, m.id DESC LIMIT :page_limit

-- demo_mail_html: read @across
SELECT m.link_id, m.link_kind, b.html FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.id = :mail_id

-- demo_mail_file: read @across
SELECT name, type, text FROM mail_file WHERE mail_id = :mail_id

-- demo_scale_clients: write
-- What --scale adds (world_scale.c): rows made by the database itself, from those that are told. Copies of clients, number by number.
WITH RECURSIVE n (i) AS (SELECT CAST(:start AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :upto)
INSERT INTO client (org_id, id, number, kind, name, name_key, siren, street, postcode, city, email, phone, created_at, changed_at)
SELECT s.org_id, :first_id + n.i, 'C-' || CAST(100000 + n.i AS TEXT), s.kind, s.name || ' ' || CAST(n.i AS TEXT), s.name_key || ' ' || CAST(n.i AS TEXT),
       s.siren, s.street, s.postcode, s.city, s.email, s.phone, :now, :now
FROM n JOIN client s ON s.org_id = :org AND s.number = 'C-' || SUBSTR(CAST(100000 + :first_seed + n.i % :seeds AS TEXT), 2)

-- demo_scale_client_texts: write
INSERT INTO client_text (org_id, client_id) SELECT org_id, id FROM client WHERE org_id = :org AND id >= :first_id + :start AND id < :first_id + :upto

-- demo_scale_contacts: write
-- One for each of these clients, under the same number.
INSERT INTO contact (org_id, id, client_id, first_name, last_name, name_key, job_title, email, email_key, created_at, changed_at)
SELECT org_id, id, id, 'Alix', name, name_key || ' alix', 'Gérance', number || '@grand.example', number || '@grand.example', :now, :now
FROM client WHERE org_id = :org AND id >= :first_id + :start AND id < :first_id + :upto

-- demo_scale_client_words: write
INSERT INTO word (org_id, kind, word, id)
SELECT org_id, 'client', CAST(id - :first_id AS TEXT), id FROM client WHERE org_id = :org AND id >= :first_id + :start AND id < :first_id + :upto

-- demo_scale_tickets: write
-- Every 400th is :client's, who asks for the page that is measured; the rest is spread over the clients above.
WITH RECURSIVE n (i) AS (SELECT CAST(:start AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :upto)
INSERT INTO ticket (org_id, id, number, client_id, contact_id, title, type_id, priority_id, status, assignee_id, comment_count, created_at, changed_at)
SELECT s.org_id, :first_id + n.i, :last + 1 + n.i, CASE WHEN n.i % 400 = 0 THEN :of_client ELSE :first_client_id + n.i * 7919 % :clients END,
       CASE WHEN n.i % 400 = 0 THEN :of_contact ELSE :first_client_id + n.i * 7919 % :clients END, s.title, s.type_id, s.priority_id,
       CASE WHEN n.i % 25 = 0 THEN 'open' ELSE 'resolved' END, s.assignee_id, 0, :start_at + n.i * :step_ms, :start_at + n.i * :step_ms + 3600000
FROM n JOIN ticket s ON s.org_id = :org AND s.number = :last - n.i % :seeds

-- demo_scale_openings: write
INSERT INTO comment (org_id, id, ticket_id, kind, contact_id, author_name, body, created_at)
SELECT org_id, id, id, 'opening', contact_id, 'Alix', title, created_at FROM ticket WHERE org_id = :org AND id >= :first_id + :start AND id < :first_id + :upto

-- demo_scale_ticket_words: write
-- Found by their number; the words of their titles are left out, since they would take half of the time.
INSERT INTO word (org_id, kind, word, id)
SELECT org_id, 'ticket', CAST(number AS TEXT), id FROM ticket WHERE org_id = :org AND id >= :first_id + :start AND id < :first_id + :upto

-- demo_scale_counter: write
UPDATE ticket_counter SET last = last + :added WHERE org_id = :org

-- demo_mail_answer: read @across
-- What answering a message needs, as the reader's mail program would have it.
SELECT m.id, m.org_id, m.to_email, m.to_name, m.subject, m.reply_ticket_id, m.reply_contact_id, m.reply_member_id, b.text
FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.id = :mail_id

-- demo_job_type_insert: write
INSERT INTO job_type (org_id, id, name, name_key, minutes, position) VALUES (:org, :id, :name, :name_key, :minutes, :position)

-- demo_job_counter_insert: write
INSERT INTO job_counter (org_id, last) VALUES (:org, :last)

-- demo_machines: read
-- What stands at a client's, a site's machines together.
SELECT e.id, e.name, e.site_id FROM equipment e WHERE e.org_id = :org AND e.client_id = :of_client AND e.site_id IS NOT NULL ORDER BY e.name_key, e.id LIMIT 20

-- demo_job_insert: write
INSERT INTO job (org_id, id, number, client_id, type_id, site_id, title, state, is_urgent, before_on, member_id, planned_start, planned_end, plan_count, left_at, arrived_at,
                 finished_at, cancelled_at, cancel_reason, street, postcode, city, contact_id, contact_name, contact_phone, contact_email, asked_how, asked_contact_id,
                 asked_name, visit_id, created_at, changed_at)
SELECT :org, :id, :number, cl.id, :of_type, :of_site, :title, :in_state, :is_urgent, :before_on, :of_technician, :starts_at, :planned_end, :plan_count, :left_at, :arrived_at,
       :finished_at, :cancelled_at, :reason, COALESCE(s.street, cl.street), COALESCE(s.postcode, cl.postcode), COALESCE(s.city, cl.city),
       ct.id, ct.first_name || ' ' || ct.last_name, ct.phone, ct.email, :asked_how, CASE WHEN :asked_how = 'portal' THEN ct.id END,
       CASE WHEN :asked_how = 'office' THEN :asked_name ELSE ct.first_name || ' ' || ct.last_name END, :of_visit, :now, :changed_at
FROM client cl JOIN contact ct ON ct.org_id = cl.org_id AND ct.id = :of_contact LEFT JOIN site s ON s.org_id = cl.org_id AND s.id = :of_site
WHERE cl.org_id = :org AND cl.id = :of_client

-- demo_job_text_insert: write
INSERT INTO job_text (org_id, job_id, description, information, report, notes, signed_name, signed_at)
VALUES (:org, :id, :description, :information, :report, :notes, :signed_name, :signed_at)

-- demo_job_rating_insert: write
INSERT INTO job_rating (org_id, job_id, stars, word, by_name, mandate_id, created_at, changed_at) VALUES (:org, :id, :stars, :word, :by_name, 0, :now, :now)

-- demo_job_wish_insert: write
INSERT INTO job_wish (org_id, id, job_id, wanted_on, part, reason, state, by_name, mandate_id, created_at)
VALUES (:org, :id, :of_job, :wanted_on, 'morning', :reason, 'open', :by_name, 0, :now)

-- demo_absence_insert: write
INSERT INTO absence (org_id, id, member_id, starts_at, ends_at, label) VALUES (:org, :id, :of_technician, :starts_at, :planned_end, :label)

-- demo_technician_insert: write
INSERT INTO technician (org_id, member_id, week_minutes, phone) VALUES (:org, :of_technician, :minutes, :phone)

-- demo_visit_insert: write
INSERT INTO visit (org_id, id, client_id, site_id, type_id, title, description, every_months, lead_days, next_on, created_at, changed_at)
VALUES (:org, :id, :of_client, :of_site, :of_type, :title, :description, :every_months, 30, :next_on, :now, :now)

-- demo_option_insert: write
INSERT INTO organization_option (org_id, name, since_at) VALUES (:org, :name, :now)

-- demo_link: read @across
-- The link to the whole of « Hôtel Bellerive », for the page of the demonstration.
SELECT l.mandate_id AS id, l.generation FROM link l JOIN mandate m ON m.org_id = l.org_id AND m.id = l.mandate_id
JOIN organization o ON o.id = l.org_id AND o.slug = 'froid-atlantique'
WHERE m.kind = 'link' AND m.state = 'active' AND m.scope_site_id IS NULL AND m.scope_job_id IS NULL ORDER BY l.mandate_id LIMIT 1
