-- Why: an event becomes a task, tasks are worked in a wake, a wake is run under a lease with a fencing token.
-- Locks: creates only.

CREATE TABLE wakes (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    wake_id     uuid        NOT NULL,
    role        text        NOT NULL,
    state       text        NOT NULL,
    reason      text        NOT NULL,
    held_reason text,
    attempt     integer     NOT NULL DEFAULT 0,
    run_id      uuid,
    fence       bigint,
    not_before  timestamptz,
    opened_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    CONSTRAINT wakes_pk PRIMARY KEY (tenant_id, wake_id),
    CONSTRAINT wakes_of_an_agent FOREIGN KEY (tenant_id, role) REFERENCES agents (tenant_id, role),
    CONSTRAINT wakes_state CHECK (state IN ('open', 'fenced', 'published', 'running', 'done', 'failed')),
    CONSTRAINT wakes_open_has_a_time CHECK ((state = 'open') = (not_before IS NOT NULL)),
    CONSTRAINT wakes_run_has_a_fence CHECK (state NOT IN ('fenced', 'published', 'running') OR (run_id IS NOT NULL AND fence IS NOT NULL)),
    CONSTRAINT wakes_only_open_is_held CHECK (state = 'open' OR held_reason IS NULL),
    CONSTRAINT wakes_end CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL))
);
COMMENT ON COLUMN wakes.attempt IS 'How many runs this wake has had.';
COMMENT ON COLUMN wakes.held_reason IS 'Why an open wake does not go on now: paused, no process, memory, cap, back-off.';
CREATE UNIQUE INDEX wakes_one_active_per_role ON wakes (tenant_id, role) WHERE state IN ('open', 'fenced', 'published', 'running');
CREATE INDEX wakes_newest ON wakes (tenant_id, role, opened_at DESC);
CALL secure_table('wakes');

CREATE TABLE runs (
    tenant_id         text        NOT NULL DEFAULT current_tenant(),
    run_id            uuid        NOT NULL,
    wake_id           uuid        NOT NULL,
    role              text        NOT NULL,
    state             text        NOT NULL DEFAULT 'fenced',
    fence             bigint      NOT NULL,
    attempt           integer     NOT NULL,
    instance          text,
    steps             bigint      NOT NULL DEFAULT 0,
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_at        timestamptz,
    last_heartbeat_at timestamptz,
    progress_at       timestamptz,
    may_act_until     timestamptz,
    stop_requested    text,
    stop_by           text,
    stop_at           timestamptz,
    stop_is_a_fault   boolean     NOT NULL DEFAULT false,
    ended_at          timestamptz,
    reason            text,
    CONSTRAINT runs_pk PRIMARY KEY (tenant_id, run_id),
    CONSTRAINT runs_of_a_wake FOREIGN KEY (tenant_id, wake_id) REFERENCES wakes (tenant_id, wake_id),
    CONSTRAINT runs_fence_is_used_once UNIQUE (tenant_id, role, fence),
    CONSTRAINT runs_state CHECK (state IN ('fenced', 'published', 'running', 'finished', 'failed', 'frozen', 'given_up', 'unclaimed', 'lost', 'withdrawn')),
    CONSTRAINT runs_end CHECK ((state IN ('fenced', 'published', 'running')) = (ended_at IS NULL)),
    CONSTRAINT runs_claim CHECK (state <> 'running' OR (claimed_at IS NOT NULL AND instance IS NOT NULL))
);
COMMENT ON COLUMN runs.may_act_until IS 'Until when the gateway knows the run; prolonged by heartbeats of a long run.';
COMMENT ON COLUMN runs.stop_is_a_fault IS 'True when the watchdog asked: what the run leaves undone then counts as an attempt. False when a person did.';
CREATE INDEX runs_newest ON runs (tenant_id, role, created_at DESC);
CALL secure_table('runs');

CREATE TABLE leases (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    role       text        NOT NULL,
    fence      bigint      NOT NULL DEFAULT 0,
    run_id     uuid,
    expires_at timestamptz,
    CONSTRAINT leases_pk PRIMARY KEY (tenant_id, role),
    CONSTRAINT leases_of_an_agent FOREIGN KEY (tenant_id, role) REFERENCES agents (tenant_id, role),
    CONSTRAINT leases_held_until CHECK ((run_id IS NULL) = (expires_at IS NULL))
);
COMMENT ON TABLE leases IS 'Who may act for a role now. The row stays for ever and its fence only rises.';
COMMENT ON COLUMN leases.expires_at IS 'By the clock of the database, which alone decides.';
CALL secure_table('leases');
REVOKE DELETE ON leases FROM ${schema};

CREATE TABLE tasks (
    tenant_id       text        NOT NULL DEFAULT current_tenant(),
    task_id         uuid        NOT NULL,
    role            text        NOT NULL,
    subject         text        NOT NULL,
    conversation_id text,
    tainted         boolean     NOT NULL,
    state           text        NOT NULL,
    attempts        integer     NOT NULL DEFAULT 0,
    handovers       integer     NOT NULL DEFAULT 0,
    not_before      timestamptz,
    wake_id         uuid        NOT NULL,
    run_id          uuid,
    gate_run_id     uuid,
    person          text,
    reason          text,
    opened_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at        timestamptz,
    CONSTRAINT tasks_pk PRIMARY KEY (tenant_id, task_id),
    CONSTRAINT tasks_of_a_wake FOREIGN KEY (tenant_id, wake_id) REFERENCES wakes (tenant_id, wake_id),
    CONSTRAINT tasks_of_a_run FOREIGN KEY (tenant_id, run_id) REFERENCES runs (tenant_id, run_id),
    CONSTRAINT tasks_state CHECK (state IN ('queued', 'running', 'finished', 'refused', 'failed')),
    CONSTRAINT tasks_queued_has_a_time CHECK ((state = 'queued') = (not_before IS NOT NULL)),
    CONSTRAINT tasks_running_has_a_run CHECK ((state = 'running') = (run_id IS NOT NULL)),
    CONSTRAINT tasks_end CHECK ((state IN ('finished', 'refused', 'failed')) = (ended_at IS NOT NULL)),
    CONSTRAINT tasks_failed_names_a_person CHECK ((state = 'failed') = (person IS NOT NULL))
);
COMMENT ON COLUMN tasks.subject IS 'The conversation, else the key of its first event: at most one open task a role and subject.';
COMMENT ON COLUMN tasks.attempts IS 'Runs that ended without an end for it, by its own fault or by an unknown one.';
COMMENT ON COLUMN tasks.handovers IS 'Runs that ended without its fault: given up by the process, stopped by a person, frozen by a cap.';
COMMENT ON COLUMN tasks.gate_run_id IS 'The run for which the gateway knows this task; a task is shown to a run only then.';
CREATE UNIQUE INDEX tasks_one_open_per_subject ON tasks (tenant_id, role, subject) WHERE state IN ('queued', 'running');
CREATE INDEX tasks_of_wake ON tasks (tenant_id, wake_id);
CREATE INDEX tasks_running ON tasks (tenant_id, run_id) WHERE state = 'running';
CALL secure_table('tasks');

CREATE TABLE task_events (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    task_id      uuid        NOT NULL,
    seq          bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1),
    event_id     text        NOT NULL,
    event        jsonb       NOT NULL,
    taken_run_id uuid,
    queued_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT task_events_pk PRIMARY KEY (tenant_id, task_id, seq),
    CONSTRAINT task_events_once UNIQUE (tenant_id, task_id, event_id),
    CONSTRAINT task_events_of_a_task FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, task_id)
);
COMMENT ON COLUMN task_events.taken_run_id IS 'The run that has stored it; what a run never took goes to the next one.';
CALL secure_table('task_events');

CREATE TABLE fence_releases (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    run_id     uuid        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT fence_releases_pk PRIMARY KEY (tenant_id, run_id)
);
COMMENT ON TABLE fence_releases IS 'Runs that are over and that the gateway has yet to be told of; a row goes when it has been.';
CALL secure_table('fence_releases');
