-- A partner's dossiers, from its own copy: what it may do in one of them is never read from here (src/mandate/support.sql).

-- dossier_list: read
SELECT d.id, d.name, d.name_key, d.city, d.state, d.level, d.is_lasting, d.ends_at, d.asked_at, d.note, d.reason, d.member_id, d.request_id, d.changed_at,
       p.first_name || ' ' || p.last_name AS member_name, q.first_name || ' ' || q.last_name AS request_member_name,
       CASE WHEN d.state = 'active' AND m.person_id = :person THEN 1 ELSE 0 END AS is_mine
FROM dossier d
LEFT JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN member n ON n.org_id = d.org_id AND n.id = d.request_member_id
LEFT JOIN person q ON q.id = n.person_id
WHERE d.org_id = :org [[state: AND d.state = :state]] [[support: AND d.member_id = :support]]
  [[page_after: AND (d.name_key, d.id) > (:page_after, :page_id)]]
ORDER BY d.name_key, d.id LIMIT :page_limit

-- dossier_ending: read
-- Access that ends by a time, the soonest first.
SELECT d.id, d.name, d.name_key, d.city, d.state, d.level, d.is_lasting, d.ends_at, d.asked_at, d.note, d.reason, d.member_id, d.request_id, d.changed_at,
       p.first_name || ' ' || p.last_name AS member_name, q.first_name || ' ' || q.last_name AS request_member_name,
       CASE WHEN m.person_id = :person THEN 1 ELSE 0 END AS is_mine
FROM dossier d
LEFT JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN member n ON n.org_id = d.org_id AND n.id = d.request_member_id
LEFT JOIN person q ON q.id = n.person_id
WHERE d.org_id = :org AND d.state = 'active' AND d.ends_at <= :until
  [[page_after: AND (d.ends_at, d.id) > (:page_after, :page_id)]]
ORDER BY d.ends_at, d.id LIMIT :page_limit

-- dossier_search: read
-- By the words of the organization's name and city; of what begins so at most 2,000 are looked at.
SELECT d.id, d.name, d.name_key, d.city, d.state, d.level, d.is_lasting, d.ends_at, d.asked_at, d.note, d.reason, d.member_id, d.request_id, d.changed_at,
       p.first_name || ' ' || p.last_name AS member_name, q.first_name || ' ' || q.last_name AS request_member_name,
       CASE WHEN d.state = 'active' AND m.person_id = :person THEN 1 ELSE 0 END AS is_mine
FROM (SELECT DISTINCT a.dossier_id FROM (SELECT w.dossier_id FROM dossier_word w WHERE w.org_id = :org AND w.word >= :word AND w.word < :word_end
                                         ORDER BY w.word, w.dossier_id LIMIT 2000) a) f
CROSS JOIN dossier d
LEFT JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN member n ON n.org_id = d.org_id AND n.id = d.request_member_id
LEFT JOIN person q ON q.id = n.person_id
WHERE d.org_id = :org AND d.id = f.dossier_id
  [[word2: AND EXISTS (SELECT 1 FROM dossier_word v WHERE v.org_id = :org AND v.dossier_id = d.id AND v.word >= :word2 AND v.word < :word2_end)]]
  [[word3: AND EXISTS (SELECT 1 FROM dossier_word v WHERE v.org_id = :org AND v.dossier_id = d.id AND v.word >= :word3 AND v.word < :word3_end)]]
  [[page_after: AND (d.name_key, d.id) > (:page_after, :page_id)]]
ORDER BY d.name_key, d.id LIMIT :page_limit

-- dossier_show: read
SELECT d.id, d.client_org_id, d.mandate_id, d.name, d.city, d.state, d.level, d.is_lasting, d.ends_at, d.asked_at, d.note, d.reason, d.member_id, d.support_id, d.request_id,
       p.first_name || ' ' || p.last_name AS member_name, q.first_name || ' ' || q.last_name AS request_member_name,
       CASE WHEN d.state = 'active' AND m.person_id = :person THEN 1 ELSE 0 END AS is_mine
FROM dossier d
LEFT JOIN member m ON m.org_id = d.org_id AND m.id = d.member_id
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN member n ON n.org_id = d.org_id AND n.id = d.request_member_id
LEFT JOIN person q ON q.id = n.person_id
WHERE d.org_id = :org AND d.id = :dossier

-- dossier_ids: read
-- Those of one state or one collaborator, for an act on all of them.
SELECT f.id FROM (SELECT d.id FROM dossier d WHERE d.org_id = :org [[state: AND d.state = :state]] [[support: AND d.member_id = :support]]
                    AND d.state NOT IN ('invited', 'left') ORDER BY d.name_key, d.id LIMIT 1001) f
ORDER BY f.id LIMIT 1001
