-- Why: a subagent works in a session of its own, started by a call of its agent's session; both are found from each other, and one that is left behind too.
-- Locks: sessions for the moment it takes to add columns that may be empty and to look through what there is of them.

ALTER TABLE sessions
    ADD COLUMN parent_session text,
    ADD COLUMN parent_call text,
    ADD COLUMN subagent text,
    DROP CONSTRAINT sessions_purpose,
    ADD CONSTRAINT sessions_purpose CHECK (purpose IN ('task', 'ask', 'subagent')),
    ADD CONSTRAINT sessions_parent CHECK (
        (purpose = 'subagent') = (parent_session IS NOT NULL)
        AND (purpose = 'subagent') = (parent_call IS NOT NULL)
        AND (purpose = 'subagent') = (subagent IS NOT NULL));
COMMENT ON COLUMN sessions.parent_call IS 'The call that started it; a repeated one goes on in the same session.';
CREATE INDEX sessions_of_subagents ON sessions (tenant_id, parent_session) WHERE purpose = 'subagent';
