-- Why: the record of every act and every model call, append-only and chained by hash, one chain a tenant and table (decision 14).
-- Locks: creates only.

CREATE TABLE agent_actions (
    tenant_id   text           NOT NULL DEFAULT current_tenant(),
    seq         bigint         NOT NULL,
    event_id    text           NOT NULL,
    body        jsonb          NOT NULL,
    recorded_at text           NOT NULL,
    prev_hash   text           NOT NULL,
    hash        text           NOT NULL,
    call_id     text           NOT NULL GENERATED ALWAYS AS (body ->> 'call_id') STORED,
    actor       text           NOT NULL GENERATED ALWAYS AS (body ->> 'actor') STORED,
    session_id  text           GENERATED ALWAYS AS (body ->> 'session_id') STORED,
    task_id     text           GENERATED ALWAYS AS (body ->> 'task_id') STORED,
    action_type text           NOT NULL GENERATED ALWAYS AS (body ->> 'tool') STORED,
    status      text           NOT NULL GENERATED ALWAYS AS (body ->> 'status') STORED,
    cost_usd    numeric(14, 8) GENERATED ALWAYS AS ((body ->> 'cost_usd')::numeric) STORED,
    CONSTRAINT agent_actions_pk PRIMARY KEY (tenant_id, seq),
    CONSTRAINT agent_actions_once UNIQUE (tenant_id, event_id),
    CONSTRAINT agent_actions_step_once UNIQUE (tenant_id, call_id, status)
);
COMMENT ON COLUMN agent_actions.recorded_at IS 'ISO 8601, as it went into the hash.';
COMMENT ON COLUMN agent_actions.hash IS 'SHA-256 of prev_hash, seq, event_id, recorded_at and the canonical body, a line feed between them.';
CREATE INDEX agent_actions_by_task ON agent_actions (tenant_id, task_id, seq);
CALL secure_table('agent_actions');
REVOKE UPDATE, DELETE ON agent_actions FROM ${schema};

CREATE TABLE llm_calls (
    tenant_id   text           NOT NULL DEFAULT current_tenant(),
    seq         bigint         NOT NULL,
    event_id    text           NOT NULL,
    body        jsonb          NOT NULL,
    recorded_at text           NOT NULL,
    prev_hash   text           NOT NULL,
    hash        text           NOT NULL,
    call_id     text           NOT NULL GENERATED ALWAYS AS (body ->> 'call_id') STORED,
    agent       text           NOT NULL GENERATED ALWAYS AS (body ->> 'agent') STORED,
    task_id     text           GENERATED ALWAYS AS (body ->> 'task_id') STORED,
    model       text           NOT NULL GENERATED ALWAYS AS (body ->> 'model') STORED,
    status      text           NOT NULL GENERATED ALWAYS AS (body ->> 'status') STORED,
    cost_usd    numeric(14, 8) GENERATED ALWAYS AS ((body ->> 'cost_usd')::numeric) STORED,
    CONSTRAINT llm_calls_pk PRIMARY KEY (tenant_id, seq),
    CONSTRAINT llm_calls_once UNIQUE (tenant_id, event_id)
);
CREATE INDEX llm_calls_by_task ON llm_calls (tenant_id, task_id, seq);
CALL secure_table('llm_calls');
REVOKE UPDATE, DELETE ON llm_calls FROM ${schema};

CREATE TABLE token_issues (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    jti        text        NOT NULL,
    principal  text        NOT NULL,
    audience   text        NOT NULL,
    issued_by  text        NOT NULL,
    issued_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT token_issues_pk PRIMARY KEY (tenant_id, jti)
);
COMMENT ON TABLE token_issues IS 'Every token that a person had made for somebody else; the token itself is nowhere.';
CALL secure_table('token_issues');
REVOKE UPDATE, DELETE ON token_issues FROM ${schema};
