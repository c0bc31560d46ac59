-- Visits that recur by contract: the day of the month they stand on, which a short month does not change (31 January, 28 February, 31 March).
-- 0: the day of next_on.
ALTER TABLE visit ADD COLUMN day_of_month INTEGER NOT NULL DEFAULT 0;
