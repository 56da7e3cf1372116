-- Why: a pair whose merge a person declined or undid is not compared again, so that very many of them do not hide new ones.
-- Locks: creates only.

CREATE TABLE declined_pairs (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    subject     text        NOT NULL,
    proposal_id text        NOT NULL,
    noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT declined_pairs_pk PRIMARY KEY (tenant_id, subject)
);
COMMENT ON COLUMN declined_pairs.subject IS 'The pair, as a question about it names it.';
COMMENT ON COLUMN declined_pairs.proposal_id IS 'The merge that a person declined or undid.';
CALL secure_table('declined_pairs');
REVOKE UPDATE, DELETE ON declined_pairs FROM ${schema};
