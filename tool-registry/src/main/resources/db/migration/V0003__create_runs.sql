-- Why: who may act now: the fence of each role, its runs, what they have read, whether they are paused, and whether their guardians live.
-- Locks: creates only.

CREATE TABLE fences (
    tenant_id text   NOT NULL DEFAULT current_tenant(),
    role      text   NOT NULL,
    fence     bigint NOT NULL,
    run_id    text   NOT NULL,
    CONSTRAINT fences_pk PRIMARY KEY (tenant_id, role)
);
COMMENT ON TABLE fences IS 'The highest fence of each role; its row is share-locked by every call that is admitted, so that none slips below a new one.';
CALL secure_table('fences');
REVOKE DELETE ON fences FROM ${schema};

CREATE TABLE runs (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    run_id     text        NOT NULL,
    role       text        NOT NULL,
    fence      bigint      NOT NULL,
    kind       text        NOT NULL,
    task_ids   text[]      NOT NULL,
    expires_at timestamptz NOT NULL,
    opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at  timestamptz,
    CONSTRAINT runs_pk PRIMARY KEY (tenant_id, run_id),
    CONSTRAINT runs_kind CHECK (kind IN ('run', 'ask'))
);
CREATE INDEX runs_open ON runs (tenant_id, role) WHERE closed_at IS NULL;
CALL secure_table('runs');
REVOKE DELETE ON runs FROM ${schema};

CREATE TABLE run_taint (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    task_id   text        NOT NULL,
    source    text        NOT NULL,
    run_id    text        NOT NULL,
    call_id   text,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT run_taint_pk PRIMARY KEY (tenant_id, task_id, run_id, source)
);
COMMENT ON TABLE run_taint IS 'What each task has read that came from outside; written by the gateway with each result, never by the agent (decision 16).';
CREATE INDEX run_taint_by_run ON run_taint (tenant_id, run_id);
CALL secure_table('run_taint');
REVOKE UPDATE, DELETE ON run_taint FROM ${schema};

CREATE TABLE agent_gates (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    role      text        NOT NULL,
    code      text        NOT NULL,
    reason    text        NOT NULL,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT agent_gates_pk PRIMARY KEY (tenant_id, role, code),
    CONSTRAINT agent_gates_code CHECK (code IN ('agent_paused', 'autonomy_frozen'))
);
COMMENT ON TABLE agent_gates IS 'A row is a closed gate; role * closes it for every agent.';
CALL secure_table('agent_gates');

CREATE TABLE heartbeats (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    component text        NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT heartbeats_pk PRIMARY KEY (tenant_id, component),
    CONSTRAINT heartbeats_component CHECK (component IN ('supervisor', 'watchdog'))
);
CALL secure_table('heartbeats');
REVOKE DELETE ON heartbeats FROM ${schema};

CREATE TABLE curations (
    tenant_id         text        NOT NULL DEFAULT current_tenant(),
    role              text        NOT NULL,
    tools             text[]      NOT NULL,
    refused           text[]      NOT NULL,
    workspace_version text        NOT NULL,
    registered_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT curations_pk PRIMARY KEY (tenant_id, role)
);
CALL secure_table('curations');
REVOKE DELETE ON curations FROM ${schema};
