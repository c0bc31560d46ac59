-- Secure links: the door, and the back office's lists.

-- link_contact: read
-- Who gets the code.
SELECT email, first_name || ' ' || last_name AS name, lang FROM contact WHERE org_id = :org AND id = :of_contact AND email <> ''
