-- Why: a tool of somebody else's server is used only as the owner last saw it: what is offered stands beside what was looked at and pinned.
-- Locks: creates only.

CREATE TABLE outside_tools (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    tool         text        NOT NULL,
    server       text        NOT NULL,
    remote_name  text        NOT NULL,
    offered      jsonb       NOT NULL,
    offered_hash text        NOT NULL,
    offered_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    pinned       jsonb,
    pinned_hash  text,
    class        text,
    agents       text[]      NOT NULL DEFAULT '{}',
    trusted_by   text,
    trusted_at   timestamptz,
    status       text        NOT NULL DEFAULT 'quarantined',
    CONSTRAINT outside_tools_pk PRIMARY KEY (tenant_id, tool),
    CONSTRAINT outside_tools_remote UNIQUE (tenant_id, server, remote_name),
    CONSTRAINT outside_tools_status CHECK (status IN ('quarantined', 'trusted', 'blocked', 'gone')),
    CONSTRAINT outside_tools_class CHECK (class IN ('read', 'gated')),
    CONSTRAINT outside_tools_pinned_whole CHECK ((pinned IS NULL) = (pinned_hash IS NULL) AND (pinned IS NULL) = (class IS NULL)
                                                 AND (pinned IS NULL) = (trusted_by IS NULL) AND (pinned IS NULL) = (trusted_at IS NULL)),
    CONSTRAINT outside_tools_by_a_person CHECK (starts_with(trusted_by, 'user:')),
    CONSTRAINT outside_tools_trusted_as_seen CHECK (status <> 'trusted' OR (pinned IS NOT NULL AND pinned_hash = offered_hash))
);
COMMENT ON COLUMN outside_tools.pinned_hash IS 'SHA-256 of the canonical name, title, description, schemas and annotations the owner looked at; another one offered is quarantined.';
COMMENT ON COLUMN outside_tools.class IS 'read: runs at once; gated: every call waits for the owner.';
CALL secure_table('outside_tools');
REVOKE DELETE ON outside_tools FROM ${schema};
