-- « Recevoir un résumé » (S-12, S-14): how often an administrator of a client is told who of a partner came. No row: never.
CREATE TABLE support_digest (
    org_id          INTEGER NOT NULL,
    member_id       INTEGER NOT NULL,
    every           TEXT NOT NULL CHECK (every IN ('day', 'week')),
    since_at        INTEGER NOT NULL,                   -- what ended before was told, or was not to be
    next_at         INTEGER NOT NULL,
    PRIMARY KEY (org_id, member_id),
    FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id)
) STRICT;
CREATE INDEX support_digest_due ON support_digest (next_at);
