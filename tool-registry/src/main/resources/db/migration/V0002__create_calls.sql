-- Why: the synchronous journal of every tool call: INTENT stands before the act, its end before the answer (decision 14).
-- Locks: creates only.

CREATE TABLE calls (
    tenant_id        text           NOT NULL DEFAULT current_tenant(),
    call_id          text           NOT NULL,
    actor            text           NOT NULL,
    session_id       text,
    task_id          text,
    run_id           text,
    fence            bigint,
    parent_id        text,
    tool             text           NOT NULL,
    action           text           NOT NULL,
    idempotency      text           NOT NULL,
    input            jsonb          NOT NULL,
    input_digest     text           NOT NULL,
    status           text           NOT NULL,
    output           jsonb,
    error            jsonb,
    proposal_id      text,
    audit_event_id   text,
    model            text,
    cost_usd         numeric(14, 8) NOT NULL DEFAULT 0,
    attempts         integer        NOT NULL DEFAULT 1,
    lease_owner      text,
    lease_expires_at timestamptz,
    started_at       timestamptz    NOT NULL DEFAULT clock_timestamp(),
    finished_at      timestamptz,
    CONSTRAINT calls_pk PRIMARY KEY (tenant_id, call_id),
    CONSTRAINT calls_call_id_length CHECK (length(call_id) BETWEEN 1 AND 300),
    CONSTRAINT calls_status CHECK (status IN ('intent', 'done', 'refused', 'proposed', 'failed', 'unknown')),
    CONSTRAINT calls_idempotency CHECK (idempotency IN ('read', 'idempotent', 'detectable', 'blind', 'none')),
    CONSTRAINT calls_open_or_finished CHECK ((status = 'intent') = (finished_at IS NULL)),
    CONSTRAINT calls_open_has_lease CHECK ((status = 'intent') = (lease_expires_at IS NOT NULL)),
    CONSTRAINT calls_says_why CHECK ((status IN ('refused', 'failed', 'unknown')) = (error IS NOT NULL)),
    CONSTRAINT calls_proposed_names_it CHECK ((status = 'proposed') = (proposal_id IS NOT NULL)),
    CONSTRAINT calls_output_only_of_results CHECK (output IS NULL OR status IN ('done', 'proposed'))
);
COMMENT ON COLUMN calls.call_id IS 'session:turn:ordinal, given by the agent''s harness; a repeated one answers what the first answered.';
COMMENT ON COLUMN calls.idempotency IS 'How the call is recovered when its process died; none: it was refused before it was known.';
COMMENT ON COLUMN calls.lease_expires_at IS 'While it lies ahead, the owner runs the call; afterwards the call is in doubt.';
CREATE INDEX calls_by_task ON calls (tenant_id, task_id, started_at);
CREATE INDEX calls_by_session ON calls (tenant_id, session_id, started_at);
CREATE INDEX calls_by_time ON calls (tenant_id, started_at);
CREATE INDEX calls_open ON calls (tenant_id, lease_expires_at) WHERE status = 'intent';
CALL secure_table('calls');
REVOKE DELETE ON calls FROM ${schema};

CREATE FUNCTION calls_only_forward() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.status NOT IN ('intent', 'unknown') OR (OLD.status = 'unknown' AND NEW.status NOT IN ('done', 'failed')) THEN
        RAISE EXCEPTION 'call % is % and stays so', OLD.call_id, OLD.status USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.call_id, NEW.actor, NEW.tool, NEW.input_digest) IS DISTINCT FROM (OLD.call_id, OLD.actor, OLD.tool, OLD.input_digest) THEN
        RAISE EXCEPTION 'what call % asked for cannot be changed', OLD.call_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER calls_only_forward BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION calls_only_forward();
