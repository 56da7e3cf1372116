-- Why: what a file says may derive from outside; whoever reads it later must know (decision 16). The text itself is on the disk.
-- Locks: creates only.

CREATE TABLE files (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    path       text        NOT NULL,
    sha256     text        NOT NULL,
    tainted    boolean     NOT NULL,
    written_by text        NOT NULL,
    effect_id  text        NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT files_pk PRIMARY KEY (tenant_id, path),
    CONSTRAINT files_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE files IS 'The last write of the gateway to each path. A file with another hash was changed by somebody else and is untrusted.';
CALL secure_table('files');
REVOKE DELETE ON files FROM ${schema};
