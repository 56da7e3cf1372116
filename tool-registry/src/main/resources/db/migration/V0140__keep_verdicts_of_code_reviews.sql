-- Why: how often a change passes its first review is told by what the reviewer said.
-- Locks: sessions for the moment it takes to add a column and to look through what there is of them.

ALTER TABLE sessions
    ADD COLUMN verdict text,
    ADD CONSTRAINT sessions_verdict CHECK (verdict IN ('pass', 'changes'));
COMMENT ON COLUMN sessions.verdict IS 'Of a code-reviewer: whether what it read may go in; empty where it did not say.';
