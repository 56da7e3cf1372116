-- Why: an outward effect happens at most once: INTENT before it, DONE after it, and one row per business key (invariants 5 and 6).
-- Locks: creates only.

CREATE TABLE effects (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    effect_id    text        NOT NULL,
    business_key text        NOT NULL,
    tool         text        NOT NULL,
    actor        text        NOT NULL,
    message_id   text        NOT NULL,
    effect       jsonb       NOT NULL,
    status       text        NOT NULL,
    attempts     integer     NOT NULL DEFAULT 1,
    receipt      jsonb,
    record       jsonb,
    reason       text,
    intent_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at      timestamptz,
    recorded_at  timestamptz,
    CONSTRAINT effects_pk PRIMARY KEY (tenant_id, effect_id),
    CONSTRAINT effects_status CHECK (status IN ('intent', 'waiting', 'done', 'recorded', 'aborted', 'unknown')),
    CONSTRAINT effects_done CHECK ((status IN ('done', 'recorded')) = (done_at IS NOT NULL)),
    CONSTRAINT effects_recorded CHECK ((status = 'recorded') = (recorded_at IS NOT NULL)),
    CONSTRAINT effects_says_why CHECK (status NOT IN ('waiting', 'aborted', 'unknown') OR reason IS NOT NULL)
);
COMMENT ON COLUMN effects.effect_id IS 'The call id, with the revision for an approved call: the idempotency key of everything done for it.';
COMMENT ON COLUMN effects.status IS 'intent: it may be on its way; waiting: surely not left, to be tried again; aborted: surely never left.';
CREATE UNIQUE INDEX effects_once ON effects (tenant_id, business_key) WHERE status <> 'aborted';
CREATE INDEX effects_unfinished ON effects (tenant_id, intent_at) WHERE status IN ('intent', 'waiting', 'done');
CALL secure_table('effects');
REVOKE DELETE ON effects FROM ${schema};

CREATE FUNCTION effects_only_forward() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('intent', 'intent'), ('intent', 'waiting'), ('intent', 'done'), ('intent', 'aborted'), ('intent', 'unknown'),
        ('waiting', 'intent'), ('waiting', 'aborted'),
        ('done', 'recorded'), ('unknown', 'done'), ('unknown', 'aborted')) THEN
        RAISE EXCEPTION 'effect % cannot go from % to %', OLD.effect_id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.effect_id, NEW.business_key, NEW.message_id, NEW.effect) IS DISTINCT FROM (OLD.effect_id, OLD.business_key, OLD.message_id, OLD.effect) THEN
        RAISE EXCEPTION 'what effect % does cannot be changed', OLD.effect_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER effects_only_forward BEFORE UPDATE ON effects FOR EACH ROW EXECUTE FUNCTION effects_only_forward();

CREATE TABLE executions (
    tenant_id        text        NOT NULL DEFAULT current_tenant(),
    proposal_id      text        NOT NULL,
    revision         integer     NOT NULL,
    status           text        NOT NULL DEFAULT 'claiming',
    outcome          text,
    result           jsonb,
    reason           text,
    decided_by       text,
    attempts         integer     NOT NULL DEFAULT 0,
    not_before       timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease            uuid,
    lease_owner      text,
    lease_expires_at timestamptz,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT executions_pk PRIMARY KEY (tenant_id, proposal_id, revision),
    CONSTRAINT executions_status CHECK (status IN ('claiming', 'claimed', 'acted', 'reported', 'dropped')),
    CONSTRAINT executions_outcome CHECK (outcome IN ('executed', 'failed', 'stale', 'unknown')),
    CONSTRAINT executions_acted CHECK ((status IN ('acted', 'reported')) = (outcome IS NOT NULL)),
    CONSTRAINT executions_of FOREIGN KEY (tenant_id, proposal_id, revision) REFERENCES frozen_revisions (tenant_id, proposal_id, revision)
);
COMMENT ON TABLE executions IS 'The carrying-out of an approved revision; every step is repeatable, so that a crash between two of them changes nothing.';
CREATE INDEX executions_unfinished ON executions (tenant_id, not_before) WHERE status IN ('claiming', 'claimed', 'acted');
CALL secure_table('executions');
REVOKE DELETE ON executions FROM ${schema};
