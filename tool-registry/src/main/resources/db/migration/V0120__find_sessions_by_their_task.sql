-- Why: whether a task was woken for a conversation is asked before a letter of a tainted one leaves without anybody being asked.
-- Locks: sessions against writes while the index is built.

CREATE INDEX sessions_by_task ON sessions (tenant_id, task_id);
