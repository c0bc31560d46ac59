-- Memberships: given, offered, accepted, ended.

-- membership_person: read
SELECT id, first_name, last_name, email FROM person WHERE id = :holder_id

-- member_insert: write
-- Somebody who comes back is the member they were.
INSERT INTO member (org_id, id, person_id, title, name_key, created_at) VALUES (:org_id, :id, :holder_id, :title, :name_key, :now)
ON CONFLICT (org_id, person_id) DO UPDATE SET title = :title, name_key = :name_key
RETURNING id

-- member_standing: read
-- Somebody who is here already, in any role: they keep their name and title.
SELECT m.id FROM member m JOIN mandate d ON d.org_id = m.org_id AND d.holder_member_id = m.id
WHERE m.org_id = :org AND m.person_id = :holder_id AND d.kind = 'membership' AND d.state = 'active' LIMIT 1

-- member_collaborator_mark: write
UPDATE member SET is_collaborator = 1 WHERE org_id = :org_id AND id = :member_id AND is_collaborator = 0

-- member_name_put: write
UPDATE member SET name_key = :name_key WHERE org_id = :org_id AND id = :member_id

-- member_word_clear: write
DELETE FROM member_word WHERE org_id = :org_id AND member_id = :member_id

-- member_word_add: write
INSERT INTO member_word (org_id, word, member_id) VALUES (:org_id, :word, :member_id) ON CONFLICT DO NOTHING

-- membership_insert: write
INSERT INTO mandate (org_id, id, kind, detail, state, holder_person_id, holder_member_id, wording, agreed_by, agreed_how, starts_at, created_at)
VALUES (:org_id, :id, 'membership', :role, :state, :holder_id, :member_id, :wording, :agreed_by, 'office', :now, :now)
ON CONFLICT DO NOTHING

-- membership_accept: write
-- From the day it was accepted; agreed_by stays the member who offered it.
UPDATE mandate SET state = 'active', starts_at = :now WHERE org_id = :org_id AND id = :mandate_id AND kind = 'membership' AND state = 'requested'
RETURNING holder_person_id AS person_id, holder_member_id AS member_id

-- membership_drop: write
-- An offer that nobody will accept any more.
UPDATE mandate SET state = :state, ended_by = :ended_by, ended_why = :why
WHERE org_id = :org_id AND id = :mandate_id AND kind = 'membership' AND state = 'requested'

-- membership_end: write
UPDATE mandate SET state = 'ended', ended_at = :now, ended_by = :ended_by, ended_why = :why
WHERE org_id = :org AND holder_member_id = :member_id AND kind = 'membership' AND detail <> 'collaborator' AND state = 'active'
RETURNING id, holder_person_id AS person_id

-- collaborator_end: write
-- One of the partner's people: active, or asked and not accepted yet.
UPDATE mandate SET state = CASE WHEN state = 'active' THEN 'ended' ELSE 'expired' END, ended_at = CASE WHEN state = 'active' THEN :now ELSE NULL END,
  ended_by = :ended_by, ended_why = :why
WHERE org_id = :org AND holder_member_id = :member_id AND kind = 'membership' AND detail = 'collaborator' AND state IN ('requested', 'active')
RETURNING id, holder_person_id AS person_id

-- membership_role: read
SELECT detail AS role FROM mandate
WHERE org_id = :org AND holder_member_id = :member_id AND kind = 'membership' AND detail <> 'collaborator' AND state = 'active'

-- membership_holder_drop: write
DELETE FROM mandate_holder WHERE person_id = :holder_id AND org_id = :org AND mandate_id = :mandate_id

-- administrators_take: write
-- The other administrators' mandates, taken for the rest of the transaction: two who leave at once cannot both be the one who stays.
UPDATE mandate SET hold_count = hold_count + 1
WHERE org_id = :org AND kind = 'membership' AND detail = 'administrator' AND state = 'active' AND holder_member_id <> :member_id
  AND (ends_at IS NULL OR ends_at > :now)
