-- Mandates end by themselves (M-5): warned of before, when nobody answers, when what they rest on has gone.

-- Until when a request may be answered; none: twenty days from when it was made. An index on the same words as the job's query.
ALTER TABLE mandate ADD COLUMN answer_by INTEGER;
UPDATE mandate SET answer_by = (SELECT i.expires_at FROM member_invitation i WHERE i.org_id = mandate.org_id AND i.mandate_id = mandate.id)
WHERE state = 'requested' AND kind = 'membership';
CREATE INDEX mandate_answer ON mandate (state, COALESCE(answer_by, created_at + 1728000000));

-- The job walks along these: by their end, and kind by kind.
DROP INDEX mandate_ends;
CREATE INDEX mandate_ends ON mandate (state, ends_at, org_id, id);
CREATE INDEX mandate_kind ON mandate (kind, state, org_id, id);

-- What an organization may elsewhere; what others may of one client.
CREATE INDEX mandate_holder_org ON mandate (holder_org_id, state, org_id, id);
CREATE INDEX mandate_scope_client ON mandate (org_id, scope_client_id, state, id);
CREATE INDEX mandate_grantor_client ON mandate (org_id, grantor_client_id, state, id);

-- Warnings sent: one for each distance to one end. Another end by new consent is warned of anew.
CREATE TABLE mandate_warning (
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL,
    days            INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    sent_at         INTEGER NOT NULL,
    PRIMARY KEY (org_id, mandate_id, days, ends_at),
    FOREIGN KEY (org_id, mandate_id) REFERENCES mandate (org_id, id)
) STRICT;

-- How far the job has come on each of its walks: "warning 30", "ground token".
CREATE TABLE mandate_walk (
    walk            TEXT NOT NULL PRIMARY KEY,
    at              INTEGER NOT NULL,
    org_id          INTEGER NOT NULL,
    mandate_id      INTEGER NOT NULL
) STRICT;

-- A person's own, wherever they lie, also those that have ended: their receipts stay theirs.
CREATE INDEX mandate_person ON mandate (holder_person_id, state, id);
