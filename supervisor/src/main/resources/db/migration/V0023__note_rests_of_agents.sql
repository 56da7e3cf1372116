-- Why: a process that was stopped because there was nothing to do is no crash, and its last registration, still under way, is no sign of life.
-- Locks: agents for the moment it takes to add a column without a default.

ALTER TABLE agents ADD COLUMN rested_at timestamptz;
COMMENT ON COLUMN agents.rested_at IS 'When its process was stopped because there was nothing to do; NULL again once one registers.';
