-- Why: the brief of a morning without news is written once it was asked for, also when what it tells of could not be asked just then.
-- Locks: creates only.

CREATE TABLE quiet_mornings (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    due_at    timestamptz NOT NULL,
    CONSTRAINT quiet_mornings_pk PRIMARY KEY (tenant_id, due_at)
);
COMMENT ON TABLE quiet_mornings IS 'Mornings of which the owner has still to be told, without a model, what waits.';
CALL secure_table('quiet_mornings');
