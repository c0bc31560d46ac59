-- Asking for help. What follows help_operator and the two of the own organization is asked in the operator's space: there :org is the operator.

-- help_operator: read @across
-- Who runs the server: the one organization that everybody may know of.
SELECT id, slug, name, email, phone, is_portal_open FROM organization WHERE is_operator = 1 ORDER BY id LIMIT 1

-- help_organization: read
SELECT operator_client_id FROM organization WHERE id = :org

-- help_organization_take: write
-- The own organization, taken: two of its people who ask at once make one client of it.
UPDATE organization SET operator_client_id = operator_client_id WHERE id = :org
RETURNING name, siren, street, postcode, city, email, phone, operator_client_id

-- help_organization_bind: write
UPDATE organization SET operator_client_id = :of_client WHERE id = :org

-- help_client: read
SELECT id FROM client WHERE org_id = :org AND id = :of_client

-- help_contact: read
SELECT id FROM contact WHERE org_id = :org AND email_key = :email_key AND client_id = :of_client ORDER BY id LIMIT 1

-- help_person: read
-- The names of who asks, as their contact will have them.
SELECT first_name, last_name, lang FROM person WHERE id = :person

-- help_asked: read
SELECT id, number, title, status, created_at FROM ticket WHERE org_id = :org AND client_id = :of_client AND contact_id = :of_contact ORDER BY changed_at DESC, id DESC LIMIT 10

-- help_follow: read
-- Whether this person is that contact on the portal, and may see its tickets.
SELECT ct.id FROM contact ct JOIN mandate m ON m.org_id = ct.org_id AND m.holder_contact_id = ct.id AND m.kind = 'access' AND m.state = 'active'
WHERE ct.org_id = :org AND ct.id = :of_contact AND ct.person_id = :person AND m.detail IN ('tickets', 'all') LIMIT 1
