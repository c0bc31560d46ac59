-- Jobs that take their time (pictures made small) wait in a queue of their own, so that nothing else waits for them.
ALTER TABLE work ADD COLUMN is_slow INTEGER NOT NULL DEFAULT 0;
CREATE INDEX work_queue ON work (is_slow, run_at, id) WHERE state = 'queued';
