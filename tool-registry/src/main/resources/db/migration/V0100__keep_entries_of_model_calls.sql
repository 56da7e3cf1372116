-- Why: a model call that the ledger lost can be told again only where its entry is kept (invariant: the ledger is complete to the row after any crash).
-- Locks: model_reservations for the moment it takes to add a column that may be empty; an index over the model calls of the ledger.

ALTER TABLE model_reservations ADD COLUMN ledger_entry jsonb;
COMMENT ON COLUMN model_reservations.ledger_entry IS 'What the ledger was told when the call was settled.';
CREATE INDEX llm_calls_by_call ON llm_calls (tenant_id, call_id);
