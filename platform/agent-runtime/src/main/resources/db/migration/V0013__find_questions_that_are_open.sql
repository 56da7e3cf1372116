-- Why: sessions of questions that nobody goes on with are looked for each minute.
-- Locks: sessions against writes for as long as it takes to read them once.

CREATE INDEX sessions_open_asks ON sessions (tenant_id, opened_at) WHERE purpose = 'ask' AND closed_at IS NULL;
