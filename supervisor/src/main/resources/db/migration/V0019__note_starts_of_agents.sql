-- Why: an agent whose process is gone and for whom work is due is started, a bounded number of times, whoever looks and across restarts.
-- Locks: agents for the moment it takes to add columns with constant defaults.

ALTER TABLE agents
    ADD COLUMN starts         integer NOT NULL DEFAULT 0,
    ADD COLUMN start_again_at timestamptz,
    ADD CONSTRAINT agents_starts CHECK (starts >= 0 AND (starts = 0) = (start_again_at IS NULL));
COMMENT ON COLUMN agents.starts IS 'Times in a row its process was started and did not come; 0 again once it registers, or when a person restarts it.';
COMMENT ON COLUMN agents.start_again_at IS 'Not before then is it started once more.';
