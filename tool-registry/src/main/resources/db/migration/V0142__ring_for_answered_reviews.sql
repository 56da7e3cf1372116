-- Why: an event tells that a question was answered; what the answer is, is asked of approval-service, and until then the question is kept here.
-- Locks: creates only.

CREATE TABLE rung_reviews (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    review_id text        NOT NULL,
    rung_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT rung_reviews_pk PRIMARY KEY (tenant_id, review_id)
);
CALL secure_table('rung_reviews');
