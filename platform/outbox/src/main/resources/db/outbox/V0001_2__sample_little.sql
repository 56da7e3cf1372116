-- Why: the outbox grows by every write and is read by its position only. Statistics of its contents, of 30,000 rows each time it has grown by a
-- tenth, cost as much CPU as hundreds of writes, at once, and nothing asks for them.
-- Locks: SHARE UPDATE EXCLUSIVE on the outbox, for a moment; reads and writes go on.

ALTER TABLE outbox
    ALTER COLUMN payload SET STATISTICS 0,
    ALTER COLUMN headers SET STATISTICS 0,
    ALTER COLUMN key SET STATISTICS 0,
    ALTER COLUMN id SET STATISTICS 10,
    ALTER COLUMN tenant_id SET STATISTICS 10,
    ALTER COLUMN topic SET STATISTICS 10,
    ALTER COLUMN created_at SET STATISTICS 10,
    ALTER COLUMN xid SET STATISTICS 10;
