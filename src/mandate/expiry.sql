-- The end of mandates, of any kind (M-5). The job's queries cross organizations, and are bounded.

-- mandate_end: write
UPDATE mandate SET state = 'ended', ended_at = :now, ended_by = :ended_by, ended_why = :ended_why
WHERE org_id = :org AND id = :of_mandate AND state = 'active' RETURNING kind, detail, holder_member_id

-- mandate_unhold: write
DELETE FROM mandate_holder WHERE org_id = :org AND mandate_id = :of_mandate AND person_id = :holder_id

-- mandate_due: read @across
-- Past their date, the longest first.
SELECT m.org_id, m.id, m.kind, m.holder_person_id FROM mandate m WHERE m.state = 'active' AND m.ends_at <= :now ORDER BY m.ends_at LIMIT 100

-- mandate_answer_put: write
UPDATE mandate SET answer_by = :answer_by WHERE org_id = :org AND id = :of_mandate AND state = 'requested'

-- mandate_unanswered: read @across
-- Requests that nobody has answered in their time, the longest first. The words in the index are the same. Support keeps its own requests
-- (support_requests_close).
SELECT m.org_id, m.id, m.kind, m.holder_person_id FROM mandate m
WHERE m.state = 'requested' AND COALESCE(m.answer_by, m.created_at + 1728000000) <= :now AND m.kind <> 'support'
ORDER BY COALESCE(m.answer_by, m.created_at + 1728000000) LIMIT 100

-- mandate_expire: write
UPDATE mandate SET state = 'expired', ended_why = 'unanswered' WHERE org_id = :org AND id = :of_mandate AND state = 'requested'
RETURNING kind, holder_org_id

-- mandate_walk_read: read @across
SELECT at, org_id, mandate_id FROM mandate_walk WHERE walk = :walk

-- mandate_walk_put: write
INSERT INTO mandate_walk (walk, at, org_id, mandate_id) VALUES (:walk, :walk_at, :walk_org, :walk_mandate)
ON CONFLICT (walk) DO UPDATE SET at = :walk_at, org_id = :walk_org, mandate_id = :walk_mandate

-- mandate_ending_soon: read @across
-- Behind where the walk has come, by their end: what was given since for less than the distance lies before it and is left to the smaller ones.
SELECT m.org_id, m.id, m.kind, m.holder_person_id, m.starts_at, m.ends_at FROM mandate m
WHERE m.state = 'active' AND m.ends_at > :now AND m.ends_at <= :until AND (m.ends_at, m.org_id, m.id) > (:walk_at, :walk_org, :walk_mandate)
ORDER BY m.ends_at, m.org_id, m.id LIMIT 100

-- mandate_warning_add: write
INSERT INTO mandate_warning (org_id, mandate_id, days, ends_at, sent_at) VALUES (:org, :of_mandate, :days, :ends_at, :now) ON CONFLICT DO NOTHING

-- mandate_walk_kind: read @across
-- The next of one kind, with what the ground of each kind needs to be known by (mandate_lost).
SELECT m.org_id, m.id, m.kind, m.detail, m.holder_person_id, m.holder_contact_id, m.holder_member_id, m.holder_org_id, m.scope_client_id,
  CASE WHEN ct.id IS NULL THEN 0 ELSE 1 END AS has_contact, ct.client_id AS contact_client_id,
  CASE WHEN EXISTS (SELECT 1 FROM mandate g WHERE g.org_id = m.org_id AND g.holder_member_id = m.holder_member_id AND g.kind = 'membership'
      AND g.state = 'active') THEN 1 ELSE 0 END AS has_membership,
  CASE WHEN EXISTS (SELECT 1 FROM mandate g WHERE g.org_id = m.org_id AND g.holder_contact_id = m.holder_contact_id AND g.kind = 'access'
      AND g.state = 'active') THEN 1 ELSE 0 END AS has_access,
  CASE WHEN EXISTS (SELECT 1 FROM member e JOIN mandate g ON g.org_id = e.org_id AND g.holder_member_id = e.id AND g.kind = 'membership' AND g.state = 'active'
      AND g.detail = 'collaborator' WHERE e.org_id = m.holder_org_id AND e.person_id = m.holder_person_id) THEN 1 ELSE 0 END AS has_place
FROM mandate m LEFT JOIN contact ct ON ct.org_id = m.org_id AND ct.id = m.holder_contact_id
WHERE m.kind = :of_kind AND m.state = 'active' AND (m.org_id, m.id) > (:walk_org, :walk_mandate)
ORDER BY m.org_id, m.id LIMIT 500
