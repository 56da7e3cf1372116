-- Why: a run that was refused during a freeze may report so after the thaw, whose event came before; its tasks go on at once all the same.
-- Locks: runs for the moment it takes to add a column with a constant default.

ALTER TABLE runs ADD COLUMN thawed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN runs.thawed IS 'Autonomy was thawed while the run was under way.';
