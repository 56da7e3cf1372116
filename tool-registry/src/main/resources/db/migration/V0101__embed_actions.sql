-- Why: acts are found again by what they were about (chapter 39.1). A vector is made some time after its entry; how far each model has come is written
-- down, so that a look when nothing happened reads no entry, and whoever comes after a restart goes on where the last one was.
-- Locks: action_embeddings for the moment it takes to add columns. Nothing has ever written to it, so neither needs a default.

ALTER TABLE action_embeddings ADD COLUMN dimensions integer NOT NULL;
ALTER TABLE action_embeddings ADD COLUMN embedded_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN action_embeddings.dimensions IS 'How many of the numbers are the model''s; the rest are zeros, which leave its cosine as it is.';
COMMENT ON TABLE action_embeddings IS 'Beside the ledger, not in it: made some time after the act, of what was asked for, never of what was answered.';

CREATE TABLE embedded_actions (
    tenant_id text   NOT NULL DEFAULT current_tenant(),
    model     text   NOT NULL,
    seq       bigint NOT NULL,
    CONSTRAINT embedded_actions_pk PRIMARY KEY (tenant_id, model)
);
COMMENT ON TABLE embedded_actions IS 'The last entry of agent_actions that each model has looked at: entries are written in the order of their numbers.';
CALL secure_table('embedded_actions');
