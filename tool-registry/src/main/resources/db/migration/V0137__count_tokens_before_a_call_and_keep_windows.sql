-- Why: a call counts with the most it may take until it is answered, so that none passes a run's cap unnoticed; what a provider says of its own windows is known to
-- every process. A session is found by the one that started it, and the last one of a role by when it was put away.
-- Locks: model_reservations for the moment it takes to add columns that may be empty; sessions against writes while two indexes are built.

ALTER TABLE model_reservations ADD COLUMN request_bytes bigint, ADD COLUMN most_tokens bigint;
COMMENT ON COLUMN model_reservations.request_bytes IS 'How long the request was; the next one of the session counts with what is new in it.';
COMMENT ON COLUMN model_reservations.most_tokens IS 'The most tokens that the call can add to those of its run; counts until there was an answer.';

CREATE TABLE provider_windows (
    tenant_id text          NOT NULL DEFAULT current_tenant(),
    provider  text          NOT NULL,
    name      text          NOT NULL,
    used      numeric(7, 4) NOT NULL,
    ends_at   timestamptz   NOT NULL,
    heard_at  timestamptz   NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT provider_windows_pk PRIMARY KEY (tenant_id, provider, name),
    CONSTRAINT provider_windows_used CHECK (used >= 0)
);
COMMENT ON TABLE provider_windows IS 'What a provider''s headers last said of each of its limits: how much of it is used, 1 for all, and when it is there again.';
CALL secure_table('provider_windows');
REVOKE DELETE ON provider_windows FROM ${schema};

CREATE INDEX sessions_of_parents ON sessions (tenant_id, parent_session_id) WHERE parent_session_id IS NOT NULL;
CREATE INDEX sessions_by_end ON sessions (tenant_id, role, closed_at) WHERE closed_at IS NOT NULL;
