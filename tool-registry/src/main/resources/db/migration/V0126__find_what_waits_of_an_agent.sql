-- Why: every session of an agent begins with what it has proposed and nobody has decided yet.
-- Locks: frozen_calls against writes while the index is built.

CREATE INDEX frozen_calls_by_agent ON frozen_calls (tenant_id, agent, created_at);
