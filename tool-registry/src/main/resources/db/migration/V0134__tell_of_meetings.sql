-- Why: a meeting with people from outside is told of once for each time it has, whichever process looks, and again when it has moved.
-- Locks: creates only.

CREATE TABLE meeting_notices (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    meeting    text        NOT NULL,
    event_id   text        NOT NULL,
    starts_at  timestamptz NOT NULL,
    moved_from timestamptz,
    told_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT meeting_notices_pk PRIMARY KEY (tenant_id, meeting)
);
COMMENT ON COLUMN meeting_notices.meeting IS 'The event; of one that recurs with the begin of the turn.';
COMMENT ON COLUMN meeting_notices.moved_from IS 'The begin as it was told before.';
CREATE INDEX meeting_notices_coming ON meeting_notices (tenant_id, starts_at);
CALL secure_table('meeting_notices');
