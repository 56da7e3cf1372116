-- Why: each proposal has a node in the graph that follows it, and how far that node has followed must survive a restart.
-- Locks: creates only.

CREATE TABLE mirrors (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    proposal_id  uuid        NOT NULL,
    node_id      text,
    node_version integer,
    steps        integer     NOT NULL,
    problem      text,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT mirrors_pk PRIMARY KEY (tenant_id, proposal_id),
    CONSTRAINT mirrors_proposal_fk FOREIGN KEY (tenant_id, proposal_id) REFERENCES proposals (tenant_id, id)
);
COMMENT ON COLUMN mirrors.steps IS 'The step of the proposal that the node shows; less than proposals.steps: it lags behind.';
COMMENT ON COLUMN mirrors.problem IS 'Why the graph refused this step; it is not tried again until the next one.';
CALL secure_table('mirrors');
