-- Why: every call is a row of the journal, of the ledger and of the inbox, each read by what its index finds. Statistics of what was asked and answered,
-- and of hashes, cost as much CPU each time a table has grown by a tenth as hundreds of calls, at once, and nothing asks for them.
-- Locks: SHARE UPDATE EXCLUSIVE on each table, for a moment; reads and writes go on.

ALTER TABLE calls
    ALTER COLUMN parent_id SET STATISTICS 0,
    ALTER COLUMN action SET STATISTICS 0,
    ALTER COLUMN input SET STATISTICS 0,
    ALTER COLUMN input_digest SET STATISTICS 0,
    ALTER COLUMN output SET STATISTICS 0,
    ALTER COLUMN error SET STATISTICS 0,
    ALTER COLUMN audit_event_id SET STATISTICS 0,
    ALTER COLUMN model SET STATISTICS 0,
    ALTER COLUMN cost_usd SET STATISTICS 0,
    ALTER COLUMN attempts SET STATISTICS 0,
    ALTER COLUMN fence SET STATISTICS 0,
    ALTER COLUMN lease_owner SET STATISTICS 0,
    ALTER COLUMN entered_by SET STATISTICS 0,
    ALTER COLUMN retrieved_example_ids SET STATISTICS 0,
    ALTER COLUMN tenant_id SET STATISTICS 10,
    ALTER COLUMN call_id SET STATISTICS 10,
    ALTER COLUMN actor SET STATISTICS 10,
    ALTER COLUMN session_id SET STATISTICS 10,
    ALTER COLUMN task_id SET STATISTICS 10,
    ALTER COLUMN run_id SET STATISTICS 10,
    ALTER COLUMN tool SET STATISTICS 10,
    ALTER COLUMN idempotency SET STATISTICS 10,
    ALTER COLUMN status SET STATISTICS 10,
    ALTER COLUMN proposal_id SET STATISTICS 10,
    ALTER COLUMN lease_expires_at SET STATISTICS 10,
    ALTER COLUMN started_at SET STATISTICS 10,
    ALTER COLUMN finished_at SET STATISTICS 10;

ALTER TABLE agent_actions
    ALTER COLUMN body SET STATISTICS 0,
    ALTER COLUMN recorded_at SET STATISTICS 0,
    ALTER COLUMN prev_hash SET STATISTICS 0,
    ALTER COLUMN hash SET STATISTICS 0,
    ALTER COLUMN cost_usd SET STATISTICS 0,
    ALTER COLUMN tenant_id SET STATISTICS 10,
    ALTER COLUMN seq SET STATISTICS 10,
    ALTER COLUMN event_id SET STATISTICS 10,
    ALTER COLUMN call_id SET STATISTICS 10,
    ALTER COLUMN actor SET STATISTICS 10,
    ALTER COLUMN session_id SET STATISTICS 10,
    ALTER COLUMN task_id SET STATISTICS 10,
    ALTER COLUMN action_type SET STATISTICS 10,
    ALTER COLUMN status SET STATISTICS 10;

ALTER TABLE inbox
    ALTER COLUMN tenant_id SET STATISTICS 10,
    ALTER COLUMN consumer SET STATISTICS 10,
    ALTER COLUMN event_id SET STATISTICS 10,
    ALTER COLUMN handled_at SET STATISTICS 10;
