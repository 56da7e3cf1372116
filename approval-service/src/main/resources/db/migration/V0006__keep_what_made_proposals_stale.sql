-- Why: a proposal that comes back because what it rests on has changed says what changed; a person decides on the difference.
-- Locks: proposals for the moment it takes to exchange a constraint that every row meets.

ALTER TABLE proposals DROP CONSTRAINT proposals_state;
ALTER TABLE proposals ADD CONSTRAINT proposals_state CHECK (CASE status
        WHEN 'pending'   THEN expires_at IS NOT NULL AND decided_by IS NULL AND decided_at IS NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NULL AND reason IS NULL AND result IS NULL
        WHEN 'stale'     THEN expires_at IS NOT NULL AND decided_by IS NULL AND decided_at IS NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NULL AND reason IS NOT NULL
        WHEN 'approved'  THEN expires_at IS NOT NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NULL AND reason IS NULL AND result IS NULL
        WHEN 'executing' THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NULL AND reason IS NULL AND result IS NULL
        WHEN 'executed'  THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NOT NULL AND reason IS NULL
        WHEN 'failed'    THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL
        WHEN 'unknown'   THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NOT NULL AND claimed_at IS NOT NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL
        WHEN 'rejected'  THEN expires_at IS NULL AND decided_by IS NOT NULL AND decided_at IS NOT NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL AND result IS NULL
        WHEN 'expired'   THEN expires_at IS NULL AND decided_by IS NULL AND decided_at IS NULL AND claim_key IS NULL AND claimed_at IS NULL
                              AND finished_at IS NOT NULL AND reason IS NOT NULL AND result IS NULL
        ELSE false END);
COMMENT ON COLUMN proposals.result IS 'What the act answered; of a stale proposal, what it rests on as it was seen and as it is.';
