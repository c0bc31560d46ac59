-- The first pages of the spaces, the settings, the brand.

-- portal_latest: read
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at, p.name AS priority_name, p.tone AS priority_tone,
       ct.first_name || ' ' || ct.last_name AS contact_name
FROM ticket t
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
WHERE t.org_id = :org AND t.client_id = :client ORDER BY t.changed_at DESC, t.id DESC LIMIT 5

-- office_waiting: read
-- Tickets that wait for an answer of the team: each status by its own index, so that the many resolved ones are never looked at.
WITH fresh AS (SELECT f.id, f.changed_at FROM ticket f WHERE f.org_id = :org AND f.status = 'new' ORDER BY f.changed_at DESC, f.id DESC LIMIT 8),
     going AS (SELECT g.id, g.changed_at FROM ticket g WHERE g.org_id = :org AND g.status = 'open' ORDER BY g.changed_at DESC, g.id DESC LIMIT 8),
     both_of AS (SELECT fresh.id, fresh.changed_at FROM fresh UNION ALL SELECT going.id, going.changed_at FROM going)
SELECT t.id, t.number, t.title, t.status, t.comment_count, t.changed_at, p.name AS priority_name, p.tone AS priority_tone,
       cl.name AS client_name, ct.first_name || ' ' || ct.last_name AS contact_name
FROM both_of b
JOIN ticket t ON t.org_id = :org AND t.id = b.id
LEFT JOIN ticket_priority p ON p.org_id = t.org_id AND p.id = t.priority_id
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
ORDER BY b.changed_at DESC, b.id DESC LIMIT 8

-- organization_show: read
SELECT id, slug, name, tagline, brand_color, logo, street, postcode, city, email, phone, is_portal_open, dpo_email, personal_intro
FROM organization WHERE id = :org

-- organization_put: write
-- The version is part of the brand's addresses: a change is seen at once, and all else stays in caches.
UPDATE organization SET name = :name, name_key = :name_key, tagline = :tagline, brand_color = :brand_color, street = :street, postcode = :postcode, city = :city,
       email = :email, phone = :phone, is_portal_open = :is_portal_open, dpo_email = :dpo_email, personal_intro = :personal_intro,
       brand_version = brand_version + 1 [[logo: , logo = :logo]]
WHERE id = :org

-- brand_show: read @across
-- By the word in the address: anybody's browser asks.
SELECT o.id, o.slug, o.brand_color, o.logo, o.is_portal_open, COALESCE(f.type, '') AS type
FROM organization o LEFT JOIN file f ON f.org_id = o.id AND f.hash = o.logo WHERE o.slug = :slug

-- organization_add: write @across
-- A new one; who makes it is in another's space, or in none. A slug that is taken makes nothing.
INSERT INTO organization (id, slug, name, name_key, legal_name, siren, street, postcode, city, email, phone, lang, created_at)
VALUES (:id, :slug, :name, :name_key, :legal_name, :siren, :street, :postcode, :city, :email, :phone, :lang, :now) ON CONFLICT (slug) DO NOTHING

-- organization_type_add: write @across
INSERT INTO ticket_type (org_id, id, name, position) VALUES (:at_org, :id, :name, :position)

-- organization_priority_add: write @across
INSERT INTO ticket_priority (org_id, id, name, tone, position, is_default) VALUES (:at_org, :id, :name, :tone, :position, :is_default)
