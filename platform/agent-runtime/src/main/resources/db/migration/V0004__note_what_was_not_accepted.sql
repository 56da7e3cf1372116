-- Why: a session whose memory tool-registry refuses, whatever is left out of it, is over here and not closed there; that has to be seen.
-- Locks: sessions for the moment it takes to add a column that may be empty.

ALTER TABLE sessions ADD COLUMN unaccepted text;
COMMENT ON COLUMN sessions.unaccepted IS 'Why tool-registry did not take what the session leaves behind; its entries have all of it.';
CREATE INDEX sessions_unaccepted ON sessions (tenant_id, opened_at) WHERE unaccepted IS NOT NULL;
