-- Why: reviews have their nodes in the graph as proposals have; the ids of both are UUIDs that nothing else has. Each page counts what is open.
-- Locks: mirrors for the moment it takes to rename a column and drop a constraint; an index over a table that is small.

ALTER TABLE mirrors DROP CONSTRAINT mirrors_proposal_fk;
ALTER TABLE mirrors RENAME COLUMN proposal_id TO subject_id;
COMMENT ON COLUMN mirrors.subject_id IS 'The proposal or the review that the node shows.';
COMMENT ON COLUMN mirrors.steps IS 'What the node shows: the step of the proposal, or one more than the version of the review; with less it lags behind.';
CREATE INDEX reviews_unanswered ON reviews (tenant_id, status) WHERE resolved_at IS NULL;
