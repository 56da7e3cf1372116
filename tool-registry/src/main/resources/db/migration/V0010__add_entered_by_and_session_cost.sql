-- Why: where the owner acts for another person both names are kept; what a closed session came to is said the same way to every repetition.
-- Locks: three tables for the moment it takes to add columns that may be empty.

ALTER TABLE calls ADD COLUMN entered_by text;
COMMENT ON COLUMN calls.entered_by IS 'The person whose key it was, where they acted for the person in actor.';
ALTER TABLE token_issues ADD COLUMN entered_by text;
ALTER TABLE sessions ADD COLUMN cost_usd numeric(14, 8), ADD COLUMN tainted boolean;
COMMENT ON COLUMN sessions.cost_usd IS 'What its model calls had come to when it was closed first.';
CREATE INDEX model_reservations_by_session ON model_reservations (tenant_id, session_id);
