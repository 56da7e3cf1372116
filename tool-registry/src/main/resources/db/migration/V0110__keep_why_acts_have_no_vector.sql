-- Why: an act whose text is refused, or is answered with what is no vector, is passed over so that the others get theirs; who misses it in a search by
-- what acts were about can see why.
-- Locks: none beside the new table.

CREATE TABLE unembedded_actions (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    call_id   text        NOT NULL,
    model     text        NOT NULL,
    reason    text        NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT unembedded_actions_pk PRIMARY KEY (tenant_id, call_id, model)
);
COMMENT ON TABLE unembedded_actions IS 'Acts that have no vector of a model, and why; they are not asked for again.';
CALL secure_table('unembedded_actions');
