-- What « Pourquoi ? » asks about.

-- why_ticket: read
SELECT id, number, title, client_id FROM ticket WHERE org_id = :org AND id = :of_ticket
