-- Why: for every event that came in, what was made of it for each role, and why.
-- Locks: creates only.

CREATE TABLE routed_events (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    event_id  text        NOT NULL,
    role      text        NOT NULL,
    type      text        NOT NULL,
    decision  text        NOT NULL,
    why       text        NOT NULL,
    task_id   uuid,
    event     jsonb,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT routed_events_pk PRIMARY KEY (tenant_id, event_id, role),
    CONSTRAINT routed_events_of_a_task FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, task_id),
    CONSTRAINT routed_events_decision CHECK (decision IN ('routed', 'ignored', 'waiting')),
    CONSTRAINT routed_events_task CHECK ((decision = 'routed') = (task_id IS NOT NULL)),
    CONSTRAINT routed_events_kept CHECK ((decision = 'waiting') = (event IS NOT NULL))
);
COMMENT ON COLUMN routed_events.event IS 'The event itself while it waits for the first registration of its role.';
CREATE INDEX routed_events_waiting ON routed_events (tenant_id, role, at) WHERE decision = 'waiting';
CREATE INDEX routed_events_at ON routed_events (tenant_id, at);
CALL secure_table('routed_events');
