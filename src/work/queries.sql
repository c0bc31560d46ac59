-- Jobs and the times of what recurs.

-- work_insert: write
INSERT INTO work (id, org_id, kind, data, state, is_slow, run_at, created_at) VALUES (:id, :org_id, :kind, :data, 'queued', :is_slow, :run_at, :now)

-- work_look: read @across
-- Is there a job to do? Asked again and again: the writer's turn is taken only where there is.
SELECT 1 AS is_due FROM work WHERE state = 'queued' AND is_slow = :is_slow AND run_at <= :now ORDER BY run_at, id LIMIT 1

-- work_due: write @across
SELECT w.id, w.org_id, w.kind, w.data, w.tries FROM work w WHERE w.state = 'queued' AND w.is_slow = :is_slow AND w.run_at <= :now ORDER BY w.run_at, w.id LIMIT 1
{{postgresql: FOR UPDATE SKIP LOCKED}}

-- work_lease: write @across
-- A slow one is somebody's until then.
UPDATE work SET run_at = :run_at WHERE id = :id AND state = 'queued'

-- work_done: write @across
-- What it was about may be somebody's own: it goes with the work.
UPDATE work SET state = 'done', data = '{}' WHERE id = :id AND state = 'queued'

-- work_put_off: write @across
UPDATE work SET state = :state, tries = tries + 1, run_at = :run_at, last_error = :last_error WHERE id = :id AND state = 'queued'

-- schedule_add: write @across
INSERT INTO schedule (kind, run_at) VALUES (:kind, :now) ON CONFLICT DO NOTHING

-- schedule_take: write @across
-- The row is taken with the job's transaction: a job that fails stays due, another server waits for it.
UPDATE schedule SET run_at = :next_at WHERE kind = :kind AND run_at <= :now

-- schedule_due: read @across
SELECT 1 AS is_due FROM schedule WHERE kind = :kind AND run_at > :now

-- work_purge: write @across
DELETE FROM work WHERE id IN (SELECT id FROM work WHERE state = :of_state AND run_at < :before ORDER BY run_at, id LIMIT :most)
