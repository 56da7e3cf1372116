-- Why: the state of every frozen call that waits for a person, and an append-only record of what people decided.
-- Locks: creates only.

CREATE TABLE proposals (
    tenant_id       text        NOT NULL DEFAULT current_tenant(),
    id              uuid        NOT NULL,
    version         integer     NOT NULL DEFAULT 0,
    steps           integer     NOT NULL,
    tool            text        NOT NULL,
    agent           text        NOT NULL,
    risk            text        NOT NULL,
    call_id         text        NOT NULL,
    business_key    text        NOT NULL,
    tainted         boolean     NOT NULL,
    task_id         text,
    session_id      text,
    conversation_id text,
    interaction_id  text,
    summary         text        NOT NULL,
    revision        integer     NOT NULL,
    digest          text        NOT NULL,
    status          text        NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    expires_at      timestamptz,
    decided_by      text,
    decided_at      timestamptz,
    claim_key       text,
    claimed_at      timestamptz,
    finished_at     timestamptz,
    reason          text,
    result          text,
    CONSTRAINT proposals_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT proposals_revision CHECK (revision >= 1),
    CONSTRAINT proposals_result_json CHECK (result IS NULL OR result IS JSON),
    -- A decision belongs to a person, whatever wrote the row.
    CONSTRAINT proposals_decided_by_person CHECK (decided_by IS NULL OR decided_by LIKE 'user:_%'),
    CONSTRAINT proposals_state CHECK (CASE status
        WHEN 'pending'   THEN expires_at IS NOT NULL AND decided_by IS NULL AND decided_at IS NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NULL AND reason IS NULL AND result IS NULL
        WHEN 'stale'     THEN expires_at IS NOT NULL AND decided_by IS NULL AND decided_at IS NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NULL AND reason IS NOT NULL AND result IS NULL
        WHEN 'approved'  THEN expires_at IS NOT NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NULL AND reason IS NULL AND result IS NULL
        WHEN 'executing' THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NULL AND reason IS NULL AND result IS NULL
        WHEN 'executed'  THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NOT NULL AND reason IS NULL
        WHEN 'failed'    THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL
        WHEN 'unknown'   THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL
        WHEN 'rejected'  THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL AND result IS NULL
        WHEN 'expired'   THEN expires_at IS NULL AND decided_by IS NULL AND decided_at IS NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL AND result IS NULL
        ELSE false END)
);
COMMENT ON TABLE proposals IS 'One row a proposal; its columns hold exactly what its status knows.';
COMMENT ON COLUMN proposals.version IS 'Raised by every change; a concurrent second one fails.';
COMMENT ON COLUMN proposals.digest IS 'Of the current revision: what is approved is exactly this.';
CREATE INDEX proposals_newest ON proposals (tenant_id, created_at DESC, id DESC);
CREATE INDEX proposals_by_status ON proposals (tenant_id, status, created_at DESC, id DESC);
CREATE INDEX proposals_due ON proposals (tenant_id, expires_at) WHERE expires_at IS NOT NULL;
CALL secure_table('proposals');
REVOKE DELETE ON proposals FROM ${schema};

-- The arrows of the chart in README.md; ProposalState has the same.
CREATE FUNCTION proposals_take_known_steps() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.tenant_id <> OLD.tenant_id OR NEW.created_at <> OLD.created_at OR NEW.revision < OLD.revision THEN
        RAISE EXCEPTION 'a proposal keeps its identity' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.revision <> OLD.revision OR NEW.digest <> OLD.digest) AND OLD.status NOT IN ('pending', 'stale') THEN
        RAISE EXCEPTION 'a decided proposal cannot be edited' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status <> OLD.status AND NOT (OLD.status || '>' || NEW.status) = ANY (ARRAY[
        'pending>approved', 'pending>rejected', 'pending>expired',
        'stale>pending', 'stale>approved', 'stale>rejected', 'stale>expired',
        'approved>executing', 'approved>expired',
        'executing>executed', 'executing>failed', 'executing>stale', 'executing>unknown',
        'unknown>executed', 'unknown>failed'])
    THEN
        RAISE EXCEPTION 'a proposal does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER proposals_steps BEFORE UPDATE ON proposals FOR EACH ROW EXECUTE FUNCTION proposals_take_known_steps();

CREATE TABLE revisions (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          uuid        NOT NULL,
    proposal_id uuid        NOT NULL,
    revision    integer     NOT NULL,
    digest      text        NOT NULL,
    arguments   text        NOT NULL,
    rendering   text        NOT NULL,
    facts       text        NOT NULL,
    made_by     text        NOT NULL,
    made_at     timestamptz NOT NULL,
    CONSTRAINT revisions_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT revisions_once UNIQUE (tenant_id, proposal_id, revision),
    CONSTRAINT revisions_proposal_fk FOREIGN KEY (tenant_id, proposal_id) REFERENCES proposals (tenant_id, id),
    CONSTRAINT revisions_json CHECK (arguments IS JSON AND rendering IS JSON AND facts IS JSON)
);
COMMENT ON TABLE revisions IS 'What each revision would do; arguments are text, so that the canonical bytes the digest stands for are kept as they came.';
CALL secure_table('revisions');
REVOKE UPDATE, DELETE ON revisions FROM ${schema};

CREATE TABLE decisions (
    tenant_id        text        NOT NULL DEFAULT current_tenant(),
    id               uuid        NOT NULL,
    proposal_id      uuid        NOT NULL,
    decision         text        NOT NULL,
    revision         integer     NOT NULL,
    digest           text        NOT NULL,
    decided_by       text        NOT NULL,
    principal        text        NOT NULL,
    decided_at       timestamptz NOT NULL,
    reason           text,
    arguments_before text,
    arguments_after  text,
    idempotency_key  text,
    CONSTRAINT decisions_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT decisions_proposal_fk FOREIGN KEY (tenant_id, proposal_id) REFERENCES proposals (tenant_id, id),
    CONSTRAINT decisions_key_once UNIQUE (tenant_id, proposal_id, decision, idempotency_key),
    CONSTRAINT decisions_kind CHECK (decision IN ('approve', 'edit', 'reject', 'respond')),
    CONSTRAINT decisions_by_person CHECK (decided_by LIKE 'user:_%'),
    CONSTRAINT decisions_reject_says_why CHECK (decision <> 'reject' OR reason IS NOT NULL),
    CONSTRAINT decisions_edit_shows_both CHECK (decision <> 'edit' OR (arguments_before IS NOT NULL AND arguments_after IS NOT NULL)),
    CONSTRAINT decisions_json CHECK ((arguments_before IS NULL OR arguments_before IS JSON) AND (arguments_after IS NULL OR arguments_after IS JSON))
);
COMMENT ON TABLE decisions IS 'What people decided; no application role may change or remove a row.';
COMMENT ON COLUMN decisions.principal IS 'Whose key or session it was, which may act for decided_by.';
CREATE INDEX decisions_of_proposal ON decisions (tenant_id, proposal_id, decided_at, id);
CREATE INDEX decisions_newest ON decisions (tenant_id, decided_at DESC);
CALL secure_table('decisions');
REVOKE UPDATE, DELETE ON decisions FROM ${schema};

CREATE TABLE steps (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          uuid        NOT NULL,
    proposal_id uuid        NOT NULL,
    seq         integer     NOT NULL,
    status      text        NOT NULL,
    revision    integer     NOT NULL,
    taken_by    text        NOT NULL,
    taken_at    timestamptz NOT NULL,
    reason      text,
    CONSTRAINT steps_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT steps_once UNIQUE (tenant_id, proposal_id, seq),
    CONSTRAINT steps_proposal_fk FOREIGN KEY (tenant_id, proposal_id) REFERENCES proposals (tenant_id, id)
);
COMMENT ON TABLE steps IS 'The way each proposal took through its states.';
CREATE INDEX steps_newest ON steps (tenant_id, taken_at DESC, id DESC);
CALL secure_table('steps');
REVOKE UPDATE, DELETE ON steps FROM ${schema};

CREATE TABLE refusals (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    id          uuid        NOT NULL,
    proposal_id uuid        NOT NULL,
    attempt     text        NOT NULL,
    actor       text        NOT NULL,
    principal   text        NOT NULL,
    refused_at  timestamptz NOT NULL,
    CONSTRAINT refusals_pk PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE refusals IS 'Who tried to decide and may not. No foreign key: the proposal may not even exist.';
CREATE INDEX refusals_of_proposal ON refusals (tenant_id, proposal_id, refused_at);
CALL secure_table('refusals');
REVOKE UPDATE, DELETE ON refusals FROM ${schema};
