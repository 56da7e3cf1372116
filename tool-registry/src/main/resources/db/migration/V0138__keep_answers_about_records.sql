-- Why: what a person answered about records decides about later nights as well, and the review stands with another service.
-- Locks: creates only.

CREATE TABLE reconcile_answers (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    subject     text        NOT NULL,
    answer      text        NOT NULL,
    answered_by text        NOT NULL,
    answered_at timestamptz NOT NULL,
    CONSTRAINT reconcile_answers_pk PRIMARY KEY (tenant_id, subject),
    CONSTRAINT reconcile_answers_by_person CHECK (answered_by LIKE 'user:_%')
);
COMMENT ON TABLE reconcile_answers IS 'What people answered about pairs of records and edges, by subject.';
COMMENT ON COLUMN reconcile_answers.answer IS 'The option that was chosen, or dismissed.';
CALL secure_table('reconcile_answers');
REVOKE DELETE ON reconcile_answers FROM ${schema};
