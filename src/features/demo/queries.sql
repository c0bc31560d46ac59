-- What the demonstration reads and writes. Its world is written row by row, as if it had happened.

-- demo_organization_insert: write
INSERT INTO organization (id, slug, name, tagline, legal_name, siren, street, postcode, city, email, phone, brand_color, is_operator, is_partner, is_portal_open, created_at)
VALUES (:id, :slug, :name, :tagline, :legal_name, :siren, :street, :postcode, :city, :email, :phone, :brand_color, :is_operator, :is_partner, :is_portal_open, :now)

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

-- demo_person: read @across
-- The person behind a button of /demo.
SELECT id FROM person WHERE email_key = :email_key

-- demo_mail_list: read @across
SELECT m.id, m.to_email, m.to_name, m.from_name, m.subject, m.kind, m.state, m.created_at, m.sent_at, m.link_id, m.link_kind, b.text
FROM mail m JOIN mail_body b ON b.mail_id = m.id
WHERE 1 = 1 [[page_after: AND (m.created_at, m.id) < (:page_after, :page_id)]]
ORDER BY m.created_at DESC, m.id DESC LIMIT :page_limit

-- demo_mail_html: read @across
SELECT m.link_id, m.link_kind, b.html FROM mail m JOIN mail_body b ON b.mail_id = m.id WHERE m.id = :mail_id
