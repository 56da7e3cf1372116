-- Why: an effect that was cut off may still arrive on the other side for a while. That while begins when it was cut off, which is known at the latest
-- when somebody first looks for it, and not when it was begun: a slow server may be at it until then (invariant 5).
-- Locks: effects for the moment it takes to add a column that may be empty.

ALTER TABLE effects ADD COLUMN doubt_at timestamptz;
COMMENT ON COLUMN effects.doubt_at IS 'When it was first looked for, after an attempt whose end nobody knows; empty while there is no doubt.';
