-- Why: what an agent was sent, what it is doing and every step it has done live here, so that a killed process goes on at the step it was in.
-- Locks: creates only.

CREATE TABLE runs (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    run_id      text        NOT NULL,
    wake_id     text        NOT NULL,
    fence       bigint      NOT NULL,
    state       text        NOT NULL DEFAULT 'received',
    wake        jsonb       NOT NULL,
    outcome     text,
    detail      text,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    CONSTRAINT runs_pk PRIMARY KEY (tenant_id, run_id),
    CONSTRAINT runs_state CHECK (state IN ('received', 'running', 'completed', 'lost')),
    CONSTRAINT runs_ended CHECK ((state IN ('completed', 'lost')) = (ended_at IS NOT NULL)),
    CONSTRAINT runs_outcome CHECK ((state = 'completed') = (outcome IS NOT NULL))
);
COMMENT ON TABLE runs IS 'The wakes this agent was sent. The supervisor''s row is the truth; this one remembers what is left to do after a restart.';
COMMENT ON COLUMN runs.wake IS 'The wake with every event that was appended to it and taken.';
CREATE INDEX runs_open ON runs (tenant_id, received_at) WHERE ended_at IS NULL;
CALL secure_table('runs');

CREATE TABLE sessions (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    session_id text        NOT NULL,
    task_id    text        NOT NULL,
    run_id     text        NOT NULL,
    purpose    text        NOT NULL,
    model      text,
    turns      integer     NOT NULL DEFAULT 0,
    ending     text,
    code       text,
    reason     text,
    opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at  timestamptz,
    CONSTRAINT sessions_pk PRIMARY KEY (tenant_id, session_id),
    CONSTRAINT sessions_purpose CHECK (purpose IN ('task', 'ask')),
    CONSTRAINT sessions_ending CHECK (ending IN ('finished', 'failed', 'frozen')),
    CONSTRAINT sessions_closed CHECK ((closed_at IS NULL) = (ending IS NULL))
);
COMMENT ON COLUMN sessions.run_id IS 'The run that wrote it last.';
CREATE UNIQUE INDEX sessions_one_open_a_task ON sessions (tenant_id, task_id) WHERE closed_at IS NULL AND purpose = 'task';
CREATE INDEX sessions_task ON sessions (tenant_id, task_id, opened_at);
CREATE INDEX sessions_run ON sessions (tenant_id, run_id);
CREATE INDEX sessions_opened_at ON sessions (tenant_id, opened_at);
CALL secure_table('sessions');

CREATE TABLE session_entries (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    session_id text        NOT NULL,
    seq        integer     NOT NULL,
    kind       text        NOT NULL,
    body       jsonb       NOT NULL,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT session_entries_pk PRIMARY KEY (tenant_id, session_id, seq),
    CONSTRAINT session_entries_session FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, session_id),
    CONSTRAINT session_entries_seq CHECK (seq >= 0)
);
COMMENT ON TABLE session_entries IS 'Append only. The primary key is the guard against two runs that write one session: the second append of a seq fails.';
CREATE INDEX session_entries_large_turns ON session_entries (tenant_id, at) WHERE kind = 'asked' AND body ->> 'model_class' = 'opus';
CALL secure_table('session_entries');
REVOKE UPDATE, DELETE ON session_entries FROM ${schema};

CREATE TABLE messages (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    message_id  text        NOT NULL,
    kind        text        NOT NULL,
    state       text        NOT NULL DEFAULT 'waiting',
    tainted     boolean     NOT NULL,
    body        jsonb       NOT NULL,
    deadline    timestamptz NOT NULL,
    session_id  text,
    detail      text,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    CONSTRAINT messages_pk PRIMARY KEY (tenant_id, message_id),
    CONSTRAINT messages_kind CHECK (kind IN ('ask', 'send')),
    CONSTRAINT messages_state CHECK (state IN ('waiting', 'answered', 'shown', 'expired', 'failed')),
    CONSTRAINT messages_ended CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CONSTRAINT messages_by_kind CHECK (state <> 'answered' OR kind = 'ask')
);
COMMENT ON COLUMN messages.state IS 'waiting: an ask to be answered before its deadline, or a send that no task has been shown yet.';
CREATE INDEX messages_waiting ON messages (tenant_id, kind, received_at) WHERE state = 'waiting';
CALL secure_table('messages');
