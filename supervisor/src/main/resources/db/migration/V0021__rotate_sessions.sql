-- Why: a rotation at night, a handover and a restart in a fresh session hold until the run has heard of them, and across restarts.
-- Locks: agents for the moment it takes to add a column without a default.

ALTER TABLE agents ADD COLUMN fresh_from timestamptz;
COMMENT ON COLUMN agents.fresh_from IS 'Sessions that were opened before then, by the clock of this database, are ended and not gone on with; NULL: all may.';
