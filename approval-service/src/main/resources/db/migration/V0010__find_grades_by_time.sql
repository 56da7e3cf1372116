-- Why: the owner's brief asks each morning what was graded of late.
-- Locks: annotations against writes while the index is built.

CREATE INDEX annotations_newest ON annotations (tenant_id, created_at DESC, id DESC);
