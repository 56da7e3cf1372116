-- Why: what tool-registry did not take of a session is offered again by a later run, now and then.
-- Locks: sessions for the moment it takes to add a column that may be empty.

ALTER TABLE sessions ADD COLUMN offered_at timestamptz;
COMMENT ON COLUMN sessions.offered_at IS 'When a later run last offered what had not been accepted.';
