-- Why: every session begins with the definitions of its tools, a hundred kilobytes and more, nearly always those of the session before.
-- Locks: creates only. Sessions that have theirs in their first entry are read as they are.

CREATE TABLE tool_lists (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    digest    text        NOT NULL,
    tools     jsonb       NOT NULL,
    kept_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT tool_lists_pk PRIMARY KEY (tenant_id, digest)
);
COMMENT ON TABLE tool_lists IS 'Append only. Definitions of tools that sessions began with; an opened entry names its own in tool_list.';
CALL secure_table('tool_lists');
REVOKE UPDATE, DELETE ON tool_lists FROM ${schema};
