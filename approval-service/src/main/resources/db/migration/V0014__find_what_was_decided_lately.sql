-- Why: the page of what waits, and the one of questions, show what was decided last, each time anything changes.
-- Locks: proposals and reviews against writes while the indexes are built.

CREATE INDEX proposals_lately_moved ON proposals (tenant_id, updated_at DESC, id DESC);
CREATE INDEX reviews_lately_closed ON reviews (tenant_id, resolved_at DESC, id DESC) WHERE resolved_at IS NOT NULL;
