-- Why: the ledger of model calls has the columns of chapter 27.3 for whoever reads it by SQL, as `actions` has those of 39.1, and is found by agent.
-- Locks: llm_calls against writes while the index is built.

CREATE INDEX llm_calls_by_agent ON llm_calls (tenant_id, agent, seq);

CREATE VIEW llm_call_log WITH (security_invoker = true) AS
SELECT tenant_id, call_id AS id, agent AS agent_id, body ->> 'session_id' AS session_id, task_id AS trace_id, model,
       (body ->> 'input_tokens')::bigint AS tokens_in, (body ->> 'output_tokens')::bigint AS tokens_out, cost_usd,
       (body ->> 'latency_ms')::bigint AS latency_ms, body ->> 'canary_id' AS canary_id, body ->> 'purpose' AS purpose,
       (body ->> 'started_at')::timestamptz AS started_at, status, seq
  FROM llm_calls;
GRANT SELECT ON llm_call_log TO ${schema};
