-- Why: an approval that was claimed may wait for long, for a freeze to end or a guardian to come back; it is not good for ever (invariant 16).
-- Locks: executions for the moment it takes to add a column that may be empty.

ALTER TABLE executions ADD COLUMN expires_at timestamptz;
COMMENT ON COLUMN executions.expires_at IS 'What has not begun by then goes back to the queue; empty where approval-service named no end.';
