-- Why: every mail is kept as it came, before anything else happens to it, and the store says what happened to each.
-- Locks: creates only.

CREATE TABLE blobs (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    sha256     text        NOT NULL,
    size       bigint      NOT NULL,
    chunks     integer     NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT blobs_pk PRIMARY KEY (tenant_id, sha256),
    CONSTRAINT blobs_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT blobs_size CHECK (size >= 0 AND chunks >= 0)
);
COMMENT ON TABLE blobs IS 'Content by its hash: what came in, byte for byte. Written once, never changed.';

CREATE TABLE blob_chunks (
    tenant_id text    NOT NULL DEFAULT current_tenant(),
    sha256    text    NOT NULL,
    seq       integer NOT NULL,
    bytes     bytea   NOT NULL,
    CONSTRAINT blob_chunks_pk PRIMARY KEY (tenant_id, sha256, seq),
    CONSTRAINT blob_chunks_of_blob FOREIGN KEY (tenant_id, sha256) REFERENCES blobs (tenant_id, sha256),
    CONSTRAINT blob_chunks_size CHECK (octet_length(bytes) BETWEEN 1 AND 1048576)
);
-- Attachments are compressed already, and a plain copy costs no memory.
ALTER TABLE blob_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE emails (
    tenant_id            text        NOT NULL DEFAULT current_tenant(),
    id                   uuid        NOT NULL,
    message_id           text        NOT NULL,
    sha256               text        NOT NULL,
    size                 bigint      NOT NULL,
    source               text        NOT NULL,
    mailbox              text        NOT NULL,
    status               text        NOT NULL DEFAULT 'received',
    classification       text        NOT NULL,
    answerable           boolean     NOT NULL,
    reasons              text[]      NOT NULL DEFAULT '{}',
    mail                 jsonb       NOT NULL,
    received_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    stored_at            timestamptz,
    plan                 jsonb,
    conversation_id      uuid,
    interaction_id       uuid,
    interaction_slug     text,
    contact_id           uuid,
    entity_id            uuid,
    duplicates           integer     NOT NULL DEFAULT 0,
    attempts             integer     NOT NULL DEFAULT 0,
    outages              integer     NOT NULL DEFAULT 0,
    next_attempt_at      timestamptz,
    last_error           text,
    CONSTRAINT emails_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT emails_message_id_unique UNIQUE (tenant_id, message_id),
    CONSTRAINT emails_blob FOREIGN KEY (tenant_id, sha256) REFERENCES blobs (tenant_id, sha256) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT emails_status CHECK (status IN ('received', 'linked', 'stored', 'failed')),
    CONSTRAINT emails_classification CHECK (classification IN ('person', 'mailing_list', 'auto_reply', 'bounce', 'own')),
    CONSTRAINT emails_only_people_are_answered CHECK (NOT answerable OR classification = 'person'),
    CONSTRAINT emails_linked_has_plan CHECK (status NOT IN ('linked', 'stored') OR plan IS NOT NULL),
    CONSTRAINT emails_stored_has_ids CHECK (status <> 'stored' OR (interaction_id IS NOT NULL AND conversation_id IS NOT NULL AND contact_id IS NOT NULL AND stored_at IS NOT NULL)),
    CONSTRAINT emails_open_has_time CHECK ((status IN ('received', 'linked')) = (next_attempt_at IS NOT NULL))
);
COMMENT ON COLUMN emails.plan IS 'What was decided before the graph is written: conversation and entities. A repeated attempt writes the same.';
COMMENT ON COLUMN emails.attempts IS 'Attempts that failed through a fault; outages counts those in which a peer did not answer, which never end the mail.';
CREATE INDEX emails_open ON emails (tenant_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX emails_latest ON emails (tenant_id, received_at DESC);

CREATE TABLE thread_ids (
    tenant_id       text NOT NULL DEFAULT current_tenant(),
    message_id      text NOT NULL,
    root            text NOT NULL,
    conversation_id uuid,
    CONSTRAINT thread_ids_pk PRIMARY KEY (tenant_id, message_id)
);
COMMENT ON TABLE thread_ids IS 'To which thread a message id belongs, also of mails that were only referred to so far; so a reply that comes before its root joins it.';
CREATE INDEX thread_ids_root ON thread_ids (tenant_id, root);

CREATE TABLE refusals (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    id         uuid        NOT NULL,
    sha256     text,
    size       bigint      NOT NULL,
    source     text        NOT NULL,
    code       text        NOT NULL,
    reason     text        NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT refusals_pk PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE refusals IS 'What was not taken, and why; of its content nothing is kept.';
CREATE INDEX refusals_latest ON refusals (tenant_id, refused_at DESC);

CREATE TABLE imap_cursors (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    mailbox     text        NOT NULL,
    uidvalidity bigint      NOT NULL,
    next_uid    bigint      NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT imap_cursors_pk PRIMARY KEY (tenant_id, mailbox)
);
COMMENT ON TABLE imap_cursors IS 'How far each mailbox is read: every message below next_uid is in emails or in refusals.';

CALL secure_table('blobs');
CALL secure_table('blob_chunks');
CALL secure_table('emails');
CALL secure_table('thread_ids');
CALL secure_table('refusals');
CALL secure_table('imap_cursors');
REVOKE UPDATE, DELETE ON blobs, blob_chunks, refusals FROM ${schema};
REVOKE DELETE ON emails, thread_ids, imap_cursors FROM ${schema};
