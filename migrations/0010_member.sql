-- Members are invited: the membership is a mandate that stays 'requested' until the person accepts.

-- Sorted by name, found by the words of name and address.
ALTER TABLE member ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
CREATE INDEX member_name ON member (org_id, name_key, id);

CREATE TABLE member_word (
    org_id          INTEGER NOT NULL,
    word            TEXT NOT NULL,
    member_id       INTEGER NOT NULL,
    PRIMARY KEY (org_id, word, member_id)
) STRICT;
CREATE INDEX member_word_member ON member_word (org_id, member_id, word);

UPDATE member SET name_key = (SELECT LOWER(p.last_name || ' ' || p.first_name) FROM person p WHERE p.id = member.person_id);
INSERT INTO member_word (org_id, word, member_id) SELECT m.org_id, LOWER(p.last_name), m.id FROM member m JOIN person p ON p.id = m.person_id;
INSERT INTO member_word (org_id, word, member_id) SELECT m.org_id, LOWER(p.first_name), m.id FROM member m JOIN person p ON p.id = m.person_id
ON CONFLICT DO NOTHING;

-- One role at a time for a member; a collaborator's membership of a partner stands beside it.
CREATE UNIQUE INDEX mandate_membership_once ON mandate (org_id, holder_member_id)
WHERE kind = 'membership' AND detail <> 'collaborator' AND state IN ('requested', 'active');

-- What was sent to whom. Sent again, link_id is another one, and the link before is dead. Names are those that were typed:
-- what a person is called elsewhere is no business of who invites them, until they accept.
CREATE TABLE member_invitation (
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    member_id       INTEGER NOT NULL,
    person_id       INTEGER NOT NULL REFERENCES person (id),
    link_id         INTEGER NOT NULL,                   -- in the mailed link, behind a MAC
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    first_name      TEXT NOT NULL,
    last_name       TEXT NOT NULL,
    sent_at         INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    answered_at     INTEGER,                            -- accepted, declined or withdrawn
    PRIMARY KEY (org_id, mandate_id),
    FOREIGN KEY (org_id, mandate_id) REFERENCES mandate (org_id, id)
) STRICT;
CREATE UNIQUE INDEX member_invitation_link ON member_invitation (link_id);

-- A link of a mail is for a password, or for an invitation; the kind is part of the MAC.
ALTER TABLE mail ADD COLUMN link_kind TEXT NOT NULL DEFAULT 'password';
