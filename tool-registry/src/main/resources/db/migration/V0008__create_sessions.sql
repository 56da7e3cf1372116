-- Why: a session's header is answered the same way each time it is asked for, and what it leaves behind is written once.
-- Locks: creates only.

CREATE TABLE sessions (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    session_id text        NOT NULL,
    task_id    text        NOT NULL,
    role       text        NOT NULL,
    run_id     text        NOT NULL,
    trigger    jsonb,
    header     text        NOT NULL,
    opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at  timestamptz,
    CONSTRAINT sessions_pk PRIMARY KEY (tenant_id, session_id)
);
CALL secure_table('sessions');
REVOKE DELETE ON sessions FROM ${schema};
