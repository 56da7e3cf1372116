-- Why: an act that waited for a person has that person and how long it took in the ledger, at the step that carried it out (chapter 39.1).
-- Locks: the view for the moment it takes to replace it.

CREATE OR REPLACE VIEW actions WITH (security_invoker = true) AS
SELECT a.tenant_id, a.call_id AS id, a.actor, a.session_id, a.task_id, a.action_type, a.body ->> 'target_kind' AS target_kind,
       a.body ->> 'target_id' AS target_id, a.body -> 'input' AS input, a.body -> 'output' AS output, a.status, a.body ->> 'model' AS model,
       a.cost_usd, (a.body ->> 'duration_ms')::bigint AS duration_ms, a.body ->> 'parent_id' AS parent_id, e.embedding,
       a.body ->> 'audit_event_id' AS audit_event_id, a.body -> 'retrieved_example_ids' AS retrieved_example_ids,
       a.body ->> 'canary_id' AS canary_id, (a.body ->> 'at')::timestamptz AS created_at, a.seq, a.body ->> 'approved_by' AS approved_by
  FROM agent_actions a LEFT JOIN action_embeddings e ON e.tenant_id = a.tenant_id AND e.call_id = a.call_id;
