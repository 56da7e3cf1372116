-- Why: an act in the ledger names what it was about, what its turn cost and which examples the task had read; the chain's head is published every hour
-- (chapters 27.3 and 39.1). Embeddings are made later than their entry, which is never changed: they stand beside it (decision 14).
-- Locks: calls for the moment it takes to add a column that may be empty; an index on few of its rows.

ALTER TABLE calls ADD COLUMN retrieved_example_ids text[];
COMMENT ON COLUMN calls.cost_usd IS 'What the model''s turn cost that asked for it, at the first call of that turn.';
COMMENT ON COLUMN calls.retrieved_example_ids IS 'The examples that the task had read when the call ended.';
CREATE INDEX calls_that_find_examples ON calls (tenant_id, task_id) WHERE tool = 'hq_examples_find';

CREATE TABLE action_embeddings (
    tenant_id text NOT NULL DEFAULT current_tenant(),
    call_id   text NOT NULL,
    model     text NOT NULL,
    embedding real[] NOT NULL,
    CONSTRAINT action_embeddings_pk PRIMARY KEY (tenant_id, call_id),
    CONSTRAINT action_embeddings_size CHECK (cardinality(embedding) = 512)
);
COMMENT ON TABLE action_embeddings IS 'Beside the ledger, not in it: made when somebody looks for similar acts.';
CALL secure_table('action_embeddings');

CREATE VIEW actions WITH (security_invoker = true) AS
SELECT a.tenant_id, a.call_id AS id, a.actor, a.session_id, a.task_id, a.action_type, a.body ->> 'target_kind' AS target_kind,
       a.body ->> 'target_id' AS target_id, a.body -> 'input' AS input, a.body -> 'output' AS output, a.status, a.body ->> 'model' AS model,
       a.cost_usd, (a.body ->> 'duration_ms')::bigint AS duration_ms, a.body ->> 'parent_id' AS parent_id, e.embedding,
       a.body ->> 'audit_event_id' AS audit_event_id, a.body -> 'retrieved_example_ids' AS retrieved_example_ids,
       a.body ->> 'canary_id' AS canary_id, (a.body ->> 'at')::timestamptz AS created_at, a.seq
  FROM agent_actions a LEFT JOIN action_embeddings e ON e.tenant_id = a.tenant_id AND e.call_id = a.call_id;
GRANT SELECT ON actions TO ${schema};

CREATE TABLE ledger_head_notes (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    ledger    text        NOT NULL,
    hour      timestamptz NOT NULL,
    seq       bigint      NOT NULL,
    hash      text        NOT NULL,
    CONSTRAINT ledger_head_notes_pk PRIMARY KEY (tenant_id, ledger, hour)
);
COMMENT ON TABLE ledger_head_notes IS 'Which hour''s head was published. What counts is the record on Kafka.';
CALL secure_table('ledger_head_notes');
REVOKE UPDATE, DELETE ON ledger_head_notes FROM ${schema};
