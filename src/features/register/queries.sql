-- What « Pourquoi ? » asks about, and what lines of the journal name.

-- why_ticket: read
SELECT id, number, title, client_id FROM ticket WHERE org_id = :org AND id = :of_ticket

-- why_client: read
SELECT id, name FROM client WHERE org_id = :org AND id = :of_client

-- why_contact: read
SELECT id, first_name || ' ' || last_name AS name, client_id FROM contact WHERE org_id = :org AND id = :of_contact

-- why_job: read
SELECT id, number, title AS name FROM job WHERE org_id = :org AND id = :of_job
