-- Why: a call that waits for a person is kept as it was asked, byte for byte, with what it rests on (decision 13).
-- Locks: creates only.

CREATE TABLE frozen_calls (
    tenant_id       text        NOT NULL DEFAULT current_tenant(),
    proposal_id     text        NOT NULL,
    call_id         text        NOT NULL,
    tool            text        NOT NULL,
    agent           text        NOT NULL,
    risk            text        NOT NULL,
    task_id         text,
    session_id      text,
    conversation_id text,
    interaction_id  text,
    tainted         boolean     NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT frozen_calls_pk PRIMARY KEY (tenant_id, proposal_id),
    CONSTRAINT frozen_calls_one_a_call UNIQUE (tenant_id, call_id),
    CONSTRAINT frozen_calls_call FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, call_id)
);
CREATE INDEX frozen_calls_by_conversation ON frozen_calls (tenant_id, conversation_id);
CALL secure_table('frozen_calls');
REVOKE UPDATE, DELETE ON frozen_calls FROM ${schema};

CREATE TABLE frozen_revisions (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    proposal_id  text        NOT NULL,
    revision     integer     NOT NULL,
    canonical    bytea       NOT NULL,
    digest       text        NOT NULL,
    rendering    jsonb       NOT NULL,
    facts        jsonb       NOT NULL,
    effect       jsonb       NOT NULL,
    business_key text        NOT NULL,
    made_by      text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT frozen_revisions_pk PRIMARY KEY (tenant_id, proposal_id, revision),
    CONSTRAINT frozen_revisions_of FOREIGN KEY (tenant_id, proposal_id) REFERENCES frozen_calls (tenant_id, proposal_id),
    CONSTRAINT frozen_revisions_number CHECK (revision >= 1),
    CONSTRAINT frozen_revisions_digest CHECK (digest ~ '^[0-9a-f]{64}$')
);
COMMENT ON COLUMN frozen_revisions.canonical IS 'The arguments in RFC 8785 form; digest is SHA-256 of tool, a line feed, and these bytes.';
COMMENT ON COLUMN frozen_revisions.facts IS 'The nodes cited, with version and what was seen of them, so that a difference can be shown later.';
COMMENT ON COLUMN frozen_revisions.effect IS 'Exactly what is done on approval, composed when it was frozen.';
CALL secure_table('frozen_revisions');
REVOKE UPDATE, DELETE ON frozen_revisions FROM ${schema};

CREATE TABLE open_freezes (
    tenant_id    text NOT NULL DEFAULT current_tenant(),
    business_key text NOT NULL,
    proposal_id  text NOT NULL,
    CONSTRAINT open_freezes_pk PRIMARY KEY (tenant_id, business_key),
    CONSTRAINT open_freezes_of FOREIGN KEY (tenant_id, proposal_id) REFERENCES frozen_calls (tenant_id, proposal_id)
);
COMMENT ON TABLE open_freezes IS 'At most one proposal waits for each business key; the row goes when the proposal has ended.';
CREATE INDEX open_freezes_by_proposal ON open_freezes (tenant_id, proposal_id);
CALL secure_table('open_freezes');
