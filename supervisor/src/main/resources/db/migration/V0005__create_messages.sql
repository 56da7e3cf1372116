-- Why: the mailbox. An ask is a row before it is a record on Kafka, and its reply is a column of that row.
-- Locks: creates only.

CREATE TABLE messages (
    tenant_id       text        NOT NULL DEFAULT current_tenant(),
    message_id      uuid        NOT NULL,
    kind            text        NOT NULL,
    sender          text        NOT NULL,
    recipient       text        NOT NULL,
    body            text        NOT NULL,
    body_digest     text        NOT NULL,
    idempotency_key text,
    task_id         text,
    conversation_id text,
    tainted         boolean     NOT NULL,
    state           text        NOT NULL,
    run_id          uuid,
    fence           bigint      NOT NULL DEFAULT 0,
    sent_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at    timestamptz,
    deadline        timestamptz,
    reply           text,
    reply_tainted   boolean,
    ended_at        timestamptz,
    CONSTRAINT messages_pk PRIMARY KEY (tenant_id, message_id),
    CONSTRAINT messages_to_an_agent FOREIGN KEY (tenant_id, recipient) REFERENCES agents (tenant_id, role),
    CONSTRAINT messages_asked_once UNIQUE (tenant_id, sender, idempotency_key),
    CONSTRAINT messages_sender_is_a_principal CHECK (sender LIKE '_%:_%'),
    CONSTRAINT messages_kind CHECK (kind IN ('ask', 'send')),
    CONSTRAINT messages_state CHECK (state IN ('sent', 'waiting', 'answered', 'timed_out')),
    CONSTRAINT messages_only_an_ask_waits CHECK ((kind = 'send') = (state = 'sent')),
    CONSTRAINT messages_ask_has_a_run CHECK ((kind = 'ask') = (run_id IS NOT NULL AND deadline IS NOT NULL)),
    CONSTRAINT messages_reply CHECK ((state = 'answered') = (reply IS NOT NULL)),
    CONSTRAINT messages_end CHECK ((state IN ('answered', 'timed_out')) = (ended_at IS NOT NULL))
);
COMMENT ON COLUMN messages.idempotency_key IS 'The id of the asking call: the same question is never asked twice.';
CREATE UNIQUE INDEX messages_run ON messages (tenant_id, run_id) WHERE run_id IS NOT NULL;
CREATE INDEX messages_inbox ON messages (tenant_id, recipient, sent_at DESC);
CALL secure_table('messages');
