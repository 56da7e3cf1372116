-- Why: what an agent tells the owner stands in the console until a person resolves it, once a call and once a matter.
-- Locks: creates only.

CREATE TABLE notifications (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    id           uuid        NOT NULL,
    sender       text        NOT NULL,
    urgency      text        NOT NULL,
    body         text        NOT NULL,
    about        text        NOT NULL,
    tainted      boolean     NOT NULL,
    task_id      text,
    call_id      text        NOT NULL,
    business_key text        NOT NULL,
    sent_at      timestamptz NOT NULL,
    resolved_at  timestamptz,
    resolved_by  text,
    CONSTRAINT notifications_pk PRIMARY KEY (tenant_id, id),
    CONSTRAINT notifications_once_a_call UNIQUE (tenant_id, call_id),
    CONSTRAINT notifications_urgency CHECK (urgency IN ('now', 'today')),
    CONSTRAINT notifications_sender CHECK (sender LIKE '_%:_%'),
    CONSTRAINT notifications_resolved CHECK ((resolved_at IS NULL) = (resolved_by IS NULL)),
    CONSTRAINT notifications_by_person CHECK (resolved_by LIKE 'user:_%')
);
COMMENT ON COLUMN notifications.business_key IS 'SHA-256 of who tells what in which task: of one key one at most is open.';
COMMENT ON COLUMN notifications.about IS 'JSON: the nodes it concerns, with their titles as they were.';
CREATE UNIQUE INDEX notifications_open_once ON notifications (tenant_id, business_key) WHERE resolved_at IS NULL;
CREATE INDEX notifications_newest ON notifications (tenant_id, sent_at DESC, id DESC);
CALL secure_table('notifications');
REVOKE DELETE ON notifications FROM ${schema};
