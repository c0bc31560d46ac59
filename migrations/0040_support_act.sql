-- Which lines of the journal were written in which session of support: two of one mandate can be open at once (S-12). Beside it where the act came from, which
-- goes after a set time; the lines stay.
CREATE TABLE support_act (
    org_id          INTEGER NOT NULL,                   -- the client's
    support_session_id INTEGER NOT NULL,
    number          INTEGER NOT NULL,                   -- in the client's log
    partner_number  INTEGER NOT NULL,                   -- of the line in the partner's log that cites it; 0: none
    at              INTEGER NOT NULL,
    remote          TEXT NOT NULL,                      -- "" once it has gone
    PRIMARY KEY (org_id, support_session_id, number)
) STRICT;
CREATE INDEX support_act_remote ON support_act (at, org_id, support_session_id, number) WHERE remote <> '';

-- What was written before, by mandate and time.
INSERT INTO support_act (org_id, support_session_id, number, partner_number, at, remote)
SELECT s.org_id, s.id, j.number, 0, j.at, '' FROM support_session s
JOIN journal j ON j.org_id = s.org_id AND j.mandate_id = s.mandate_id AND j.at >= s.started_at AND j.at <= COALESCE(s.ended_at, s.ends_at);

DROP INDEX support_trace_at;
CREATE INDEX support_trace_path ON support_trace (at, org_id, id) WHERE path <> '';

-- « Sessions » of a partner, the last first; of one collaborator, at one client.
CREATE INDEX support_session_of_partner ON support_session (partner_id, started_at, id);
CREATE INDEX support_session_of_person ON support_session (partner_id, person_id, started_at, id);
CREATE INDEX support_session_of_client ON support_session (partner_id, org_id, started_at, id);
