-- Why: what a model call may cost is set aside before it is made, so that a cap holds whatever an agent does (invariant 15).
-- Locks: creates only.

CREATE TABLE model_reservations (
    tenant_id      text           NOT NULL DEFAULT current_tenant(),
    reservation_id text           NOT NULL,
    call_id        text           NOT NULL,
    agent          text           NOT NULL,
    session_id     text,
    task_id        text,
    run_id         text,
    provider       text           NOT NULL,
    model          text           NOT NULL,
    day            date           NOT NULL,
    reserved_usd   numeric(14, 8) NOT NULL,
    spent_usd      numeric(14, 8),
    status         text           NOT NULL DEFAULT 'open',
    opened_at      timestamptz    NOT NULL DEFAULT clock_timestamp(),
    settled_at     timestamptz,
    CONSTRAINT model_reservations_pk PRIMARY KEY (tenant_id, reservation_id),
    CONSTRAINT model_reservations_status CHECK (status IN ('open', 'settled', 'lost')),
    CONSTRAINT model_reservations_settled CHECK ((status = 'open') = (spent_usd IS NULL) AND (status = 'open') = (settled_at IS NULL)),
    CONSTRAINT model_reservations_amounts CHECK (reserved_usd >= 0 AND coalesce(spent_usd, 0) >= 0)
);
COMMENT ON COLUMN model_reservations.status IS 'lost: the process died during the call; what was set aside counts as spent.';
CREATE INDEX model_reservations_of_day ON model_reservations (tenant_id, agent, day);
CREATE INDEX model_reservations_by_task ON model_reservations (tenant_id, task_id, opened_at);
CREATE INDEX model_reservations_open ON model_reservations (tenant_id, opened_at) WHERE status = 'open';
CALL secure_table('model_reservations');
REVOKE DELETE ON model_reservations FROM ${schema};
