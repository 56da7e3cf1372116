-- Why: a pair of records is given to a model once; what it said stands until something else speaks for the pair.
-- Locks: creates only.

CREATE TABLE pair_verdicts (
    tenant_id  text             NOT NULL DEFAULT current_tenant(),
    subject    text             NOT NULL,
    score      double precision NOT NULL,
    verdict    text             NOT NULL,
    confidence double precision NOT NULL,
    why        text             NOT NULL,
    call_id    text             NOT NULL,
    judged_at  timestamptz      NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pair_verdicts_pk PRIMARY KEY (tenant_id, subject),
    CONSTRAINT pair_verdicts_verdict CHECK (verdict IN ('same', 'different', 'unsure')),
    CONSTRAINT pair_verdicts_confidence CHECK (confidence BETWEEN 0 AND 1)
);
COMMENT ON COLUMN pair_verdicts.score IS 'How sure the rules were when it was judged; with another score it is judged anew.';
COMMENT ON COLUMN pair_verdicts.call_id IS 'The call that brought it.';
CALL secure_table('pair_verdicts');
REVOKE DELETE ON pair_verdicts FROM ${schema};
