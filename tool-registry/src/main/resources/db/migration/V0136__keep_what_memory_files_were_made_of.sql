-- Why: MEMORY.md is made from the graph; what an agent wrote into it of its own is what did not stand in it when it was made last. What a beat asks of memory
-- outlives the process that heard it.
-- Locks: creates only.

CREATE TABLE memory_files (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    role      text        NOT NULL,
    known     text        NOT NULL,
    made_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT memory_files_pk PRIMARY KEY (tenant_id, role)
);
COMMENT ON COLUMN memory_files.known IS 'What stood in the file when it was about to be made, and what was made of it: either may stand there, and neither is news.';
CALL secure_table('memory_files');
REVOKE DELETE ON memory_files FROM ${schema};

CREATE TABLE memory_work (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    kind      text        NOT NULL,
    asked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT memory_work_pk PRIMARY KEY (tenant_id, kind),
    CONSTRAINT memory_work_kind CHECK (kind IN ('memory_mirror', 'memory_tender'))
);
COMMENT ON TABLE memory_work IS 'Beats that were heard and not yet obeyed; a row goes when it is done.';
CALL secure_table('memory_work');
