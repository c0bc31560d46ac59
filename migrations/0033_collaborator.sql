-- A partner's collaborators: their phone, and a way to them among many members.

ALTER TABLE member ADD COLUMN phone TEXT NOT NULL DEFAULT '';

-- Is or was one of the partner's people. It narrows the list; what stands is said by the mandate alone.
ALTER TABLE member ADD COLUMN is_collaborator INTEGER NOT NULL DEFAULT 0;
UPDATE member SET is_collaborator = 1
WHERE EXISTS (SELECT 1 FROM mandate d WHERE d.org_id = member.org_id AND d.holder_member_id = member.id AND d.kind = 'membership' AND d.detail = 'collaborator');
CREATE INDEX member_collaborator ON member (org_id, name_key, id) WHERE is_collaborator = 1;

CREATE INDEX dossier_request_member ON dossier (org_id, request_member_id, name_key, id);
