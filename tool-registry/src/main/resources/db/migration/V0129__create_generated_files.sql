-- Why: the files of projects and the indexes are made from the graph; one that somebody has changed or taken away since is theirs, and is left alone.
-- Locks: creates only.

CREATE TABLE generated_files (
    tenant_id     text        NOT NULL DEFAULT current_tenant(),
    path          text        NOT NULL,
    sha256        text        NOT NULL,
    before_sha256 text,
    done          boolean     NOT NULL,
    made_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT generated_files_pk PRIMARY KEY (tenant_id, path),
    CONSTRAINT generated_files_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON COLUMN generated_files.before_sha256 IS 'What stood there when it was about to be written; nothing when no file did.';
COMMENT ON COLUMN generated_files.done IS 'Whether it was written to its end; otherwise either of the two may stand there.';
CALL secure_table('generated_files');
REVOKE DELETE ON generated_files FROM ${schema};
