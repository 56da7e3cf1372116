-- Why: a subagent acts in a session of its own, with the tools it was started with and no others; its calls name the call that started it.
-- Locks: curations and sessions for the moment it takes to add columns and to look through what there is of them.

ALTER TABLE curations ADD COLUMN subagents jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN curations.subagents IS 'Whom the role may start, and with which tools: what its workspace says.';

ALTER TABLE sessions
    ADD COLUMN parent_session_id text,
    ADD COLUMN parent_call_id text,
    ADD COLUMN subagent text,
    ADD COLUMN tools text[],
    ADD COLUMN project text,
    ADD CONSTRAINT sessions_of_subagents CHECK (
        (parent_call_id IS NULL) = (subagent IS NULL) AND (parent_call_id IS NULL) = (tools IS NULL)
        AND (parent_call_id IS NULL) = (parent_session_id IS NULL) AND (project IS NULL OR subagent IS NOT NULL));
COMMENT ON COLUMN sessions.tools IS 'Of a subagent: what may be called in the session, whatever its agent may.';
COMMENT ON COLUMN sessions.project IS 'The project of a project agent, as its slug has it after the colon.';
CREATE UNIQUE INDEX sessions_started ON sessions (tenant_id, parent_call_id) WHERE parent_call_id IS NOT NULL;
