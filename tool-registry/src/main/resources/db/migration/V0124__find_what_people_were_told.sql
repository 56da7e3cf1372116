-- Why: how much an agent has told people within the hour is asked at each notification (NotifyLimit).
-- Locks: calls against writes while the index is built.

CREATE INDEX calls_that_notify ON calls (tenant_id, actor, tool, started_at) WHERE tool IN ('notify_owner', 'notify_human');
