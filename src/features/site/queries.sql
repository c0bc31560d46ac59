-- Sites of clients, and the equipment there.

-- site_row: part
-- A line of a list.
t.id, t.number, t.name, t.street, t.postcode, t.city, t.client_id, cl.name AS client_name

-- site_around: part
LEFT JOIN client cl ON cl.org_id = t.org_id AND cl.id = t.client_id

-- site_list: read
SELECT {{>site_row}}, t.name_key FROM site t {{>site_around}}
WHERE t.org_id = :org
  [[of_client: AND t.client_id = :of_client]] [[at_city: AND t.city_key = :at_city]]
  [[page_after: AND (t.name_key, t.id) > (:page_after, :page_id)]]
ORDER BY t.name_key, t.id LIMIT :page_limit

-- site_by_changed: read
SELECT {{>site_row}}, t.changed_at FROM site t {{>site_around}}
WHERE t.org_id = :org
  [[of_client: AND t.client_id = :of_client]] [[at_city: AND t.city_key = :at_city]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- site_search: read
-- Driven by the longest word, as in a search for clients; the filters are written so that no index of theirs takes its place.
SELECT {{>site_row}}, t.name_key
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'site' AND w.word >= :word AND w.word < :word_end
                                 ORDER BY w.word, w.id LIMIT 2000) a) f
CROSS JOIN site t {{>site_around}}
WHERE t.org_id = :org AND t.id = f.id
  [[of_client: AND t.client_id + 0 = :of_client]] [[at_city: AND t.city_key || '' = :at_city]]
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'site' AND v.id = t.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)]]
  [[word3: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'site' AND v.id = t.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]
  [[page_after: AND (t.name_key, t.id) > (:page_after, :page_id)]]
ORDER BY t.name_key, t.id LIMIT :page_limit

-- site_search_by_changed: read
-- Driven by the longest word, as in a search for clients; the filters are written so that no index of theirs takes its place.
SELECT {{>site_row}}, t.changed_at
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'site' AND w.word >= :word AND w.word < :word_end
                                 ORDER BY w.word, w.id LIMIT 2000) a) f
CROSS JOIN site t {{>site_around}}
WHERE t.org_id = :org AND t.id = f.id
  [[of_client: AND t.client_id + 0 = :of_client]] [[at_city: AND t.city_key || '' = :at_city]]
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'site' AND v.id = t.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)]]
  [[word3: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'site' AND v.id = t.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]
  [[page_after: AND (t.changed_at, t.id) < (:page_after, :page_id)]]
ORDER BY t.changed_at DESC, t.id DESC LIMIT :page_limit

-- site_show: read
SELECT t.id, t.number, t.name, t.street, t.postcode, t.city, t.country, t.contact_id, t.created_at, t.changed_at,
       t.client_id, cl.name AS client_name, cl.number AS client_number,
       COALESCE(ct.first_name || ' ' || ct.last_name, '') AS contact_name, COALESCE(ct.phone, '') AS contact_phone,
       COALESCE(x.information, '') AS information, COALESCE(x.notes, '') AS notes
FROM site t {{>site_around}}
LEFT JOIN contact ct ON ct.org_id = t.org_id AND ct.id = t.contact_id
LEFT JOIN site_text x ON x.org_id = t.org_id AND x.site_id = t.id
WHERE t.org_id = :org AND t.id = :of_site

-- site_client: read
-- What a page of sites says of the client; the whole sheet needs another right.
SELECT id, number, name, created_at FROM client WHERE org_id = :org AND id = :of_client

-- site_contacts: read
-- The client's contacts, to choose from.
SELECT id, first_name || ' ' || last_name AS name FROM contact WHERE org_id = :org AND client_id = :of_client ORDER BY name_key, id LIMIT 200

-- site_contact: read
-- One of them; nothing where it is another client's.
SELECT id, first_name || ' ' || last_name AS name FROM contact WHERE org_id = :org AND client_id = :of_client AND id = :of_choice

-- site_number: write
-- The last of :count numbers, all above :floor.
UPDATE site_counter SET last = CASE WHEN last < :floor THEN :floor ELSE last END + :count WHERE org_id = :org RETURNING last AS number

-- site_number_begin: write
INSERT INTO site_counter (org_id, last) VALUES (:org, 0) ON CONFLICT DO NOTHING

-- site_add: write
INSERT INTO site (org_id, id, client_id, number, name, name_key, street, postcode, city, city_key, contact_id, created_at, changed_at)
VALUES (:org, :id, :of_client, :number, :name, :name_key, :street, :postcode, :city, :city_key, :of_contact, :now, :now)

-- site_put: write
UPDATE site SET name = :name, name_key = :name_key, street = :street, postcode = :postcode, city = :city, city_key = :city_key,
       contact_id = :of_contact, changed_at = :now
WHERE org_id = :org AND id = :id

-- site_text_put: write
INSERT INTO site_text (org_id, site_id, information, notes) VALUES (:org, :id, :information, :notes)
ON CONFLICT (org_id, site_id) DO UPDATE SET information = :information, notes = :notes

-- equipment_row: part
-- A line of a list.
e.id, e.name, e.model, e.serial, e.state, e.installed_on, e.warranty_on, CASE WHEN e.warranty_on < :now / 86400000 THEN 1 ELSE 0 END AS is_warranty_over,
e.client_id, cl.name AS client_name, e.site_id, COALESCE(t.name, '') AS site_name

-- equipment_around: part
LEFT JOIN client cl ON cl.org_id = e.org_id AND cl.id = e.client_id LEFT JOIN site t ON t.org_id = e.org_id AND t.id = e.site_id

-- equipment_list: read
SELECT {{>equipment_row}}, e.name_key FROM equipment e {{>equipment_around}}
WHERE e.org_id = :org
  [[of_client: AND e.client_id = :of_client]] [[of_site: AND e.site_id = :of_site]] [[in_state: AND e.state = :in_state]]
  [[page_after: AND (e.name_key, e.id) > (:page_after, :page_id)]]
ORDER BY e.name_key, e.id LIMIT :page_limit

-- equipment_by_changed: read
SELECT {{>equipment_row}}, e.changed_at FROM equipment e {{>equipment_around}}
WHERE e.org_id = :org
  [[of_client: AND e.client_id = :of_client]] [[of_site: AND e.site_id = :of_site]] [[in_state: AND e.state = :in_state]]
  [[page_after: AND (e.changed_at, e.id) < (:page_after, :page_id)]]
ORDER BY e.changed_at DESC, e.id DESC LIMIT :page_limit

-- equipment_by_warranty: read
-- What is out of warranty, the last to have come out of it first.
SELECT {{>equipment_row}} FROM equipment e {{>equipment_around}}
WHERE e.org_id = :org AND e.warranty_on < :now / 86400000
  [[of_client: AND e.client_id = :of_client]] [[of_site: AND e.site_id = :of_site]] [[in_state: AND e.state = :in_state]]
  [[page_after: AND (e.warranty_on, e.id) < (:page_after, :page_id)]]
ORDER BY e.warranty_on DESC, e.id DESC LIMIT :page_limit

-- equipment_search: read
-- As for sites. With a second word goes a third, or the second once more: a query has six clauses at most.
SELECT {{>equipment_row}}, e.name_key
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'equipment' AND w.word >= :word AND w.word < :word_end
                                 ORDER BY w.word, w.id LIMIT 2000) a) f
CROSS JOIN equipment e {{>equipment_around}}
WHERE e.org_id = :org AND e.id = f.id
  [[of_client: AND e.client_id + 0 = :of_client]] [[of_site: AND e.site_id + 0 = :of_site]] [[in_state: AND e.state || '' = :in_state]]
  [[warranty: AND e.warranty_on + 0 < :now / 86400000]]
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'equipment' AND v.id = e.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)
           AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'equipment' AND v.id = e.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]
  [[page_after: AND (e.name_key, e.id) > (:page_after, :page_id)]]
ORDER BY e.name_key, e.id LIMIT :page_limit

-- equipment_search_by_changed: read
-- As for sites. With a second word goes a third, or the second once more: a query has six clauses at most.
SELECT {{>equipment_row}}, e.changed_at
FROM (SELECT DISTINCT a.id FROM (SELECT w.id FROM word w WHERE w.org_id = :org AND w.kind = 'equipment' AND w.word >= :word AND w.word < :word_end
                                 ORDER BY w.word, w.id LIMIT 2000) a) f
CROSS JOIN equipment e {{>equipment_around}}
WHERE e.org_id = :org AND e.id = f.id
  [[of_client: AND e.client_id + 0 = :of_client]] [[of_site: AND e.site_id + 0 = :of_site]] [[in_state: AND e.state || '' = :in_state]]
  [[warranty: AND e.warranty_on + 0 < :now / 86400000]]
  [[word2: AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'equipment' AND v.id = e.id AND REPLACE(v.words, ' ' || :word2, '') <> v.words)
           AND 0 < (SELECT COUNT(*) FROM word_of v WHERE v.org_id = :org AND v.kind = 'equipment' AND v.id = e.id AND REPLACE(v.words, ' ' || :word3, '') <> v.words)]]
  [[page_after: AND (e.changed_at, e.id) < (:page_after, :page_id)]]
ORDER BY e.changed_at DESC, e.id DESC LIMIT :page_limit

-- equipment_show: read
SELECT e.id, e.name, e.model, e.serial, e.state, e.installed_on, e.warranty_on, CASE WHEN e.warranty_on < :now / 86400000 THEN 1 ELSE 0 END AS is_warranty_over,
       e.created_at, e.changed_at, e.client_id, cl.name AS client_name, cl.number AS client_number, e.site_id,
       COALESCE(t.name, '') AS site_name, COALESCE(t.number, '') AS site_number,
       COALESCE(x.information, '') AS information, COALESCE(x.notes, '') AS notes
FROM equipment e {{>equipment_around}}
LEFT JOIN equipment_text x ON x.org_id = e.org_id AND x.equipment_id = e.id
WHERE e.org_id = :org AND e.id = :of_equipment

-- equipment_sites: read
-- The client's sites, to choose from.
SELECT id, name FROM site WHERE org_id = :org AND client_id = :of_client ORDER BY name_key, id LIMIT 200

-- equipment_site: read
-- One of them; nothing where it is another client's.
SELECT id, name FROM site WHERE org_id = :org AND client_id = :of_client AND id = :of_choice

-- equipment_same: read
-- Another one of this model with this serial number.
SELECT id, name FROM equipment WHERE org_id = :org AND serial_key = :serial_key AND model = :model AND id <> :id ORDER BY id LIMIT 1

-- equipment_add: write
INSERT INTO equipment (org_id, id, client_id, site_id, name, name_key, model, serial, serial_key, installed_on, warranty_on, state, created_at, changed_at)
VALUES (:org, :id, :of_client, :of_site, :name, :name_key, :model, :serial, :serial_key, :installed_on, :warranty_on, :in_state, :now, :now)

-- equipment_put: write
UPDATE equipment SET site_id = :of_site, name = :name, name_key = :name_key, model = :model, serial = :serial, serial_key = :serial_key,
       installed_on = :installed_on, warranty_on = :warranty_on, state = :in_state, changed_at = :now
WHERE org_id = :org AND id = :id

-- equipment_text_put: write
INSERT INTO equipment_text (org_id, equipment_id, information, notes) VALUES (:org, :id, :information, :notes)
ON CONFLICT (org_id, equipment_id) DO UPDATE SET information = :information, notes = :notes
