-- Why: who may be woken, by what, and whether a person has said no. The row is also the lock under which anything of the role is changed.
-- Locks: creates only.

CREATE TABLE agents (
    tenant_id         text        NOT NULL DEFAULT current_tenant(),
    role              text        NOT NULL,
    triggers          jsonb,
    instance          text,
    url               text,
    workspace_version text,
    registered_at     timestamptz,
    last_seen_at      timestamptz,
    paused_at         timestamptz,
    paused_by         text,
    paused_reason     text,
    paused_until      timestamptz,
    state             text        NOT NULL DEFAULT 'stopped',
    state_since       timestamptz NOT NULL DEFAULT clock_timestamp(),
    asks              bigint      NOT NULL DEFAULT 0,
    CONSTRAINT agents_pk PRIMARY KEY (tenant_id, role),
    CONSTRAINT agents_state CHECK (state IN ('warm', 'cooldown', 'cold', 'stopped', 'paused')),
    CONSTRAINT agents_registration_is_whole CHECK ((triggers IS NULL) = (registered_at IS NULL)),
    CONSTRAINT agents_pause_is_whole CHECK ((paused_at IS NULL) = (paused_by IS NULL)),
    CONSTRAINT agents_pause_ends_once_begun CHECK (paused_until IS NULL OR paused_at IS NOT NULL)
);
COMMENT ON COLUMN agents.triggers IS 'What wakes the role, as it last registered; NULL until its first registration. Kept across restarts.';
COMMENT ON COLUMN agents.paused_until IS 'When the pause ends by itself; NULL while paused: when a person resumes it.';
COMMENT ON COLUMN agents.state IS 'The presence last announced by agent.state_changed.';
COMMENT ON COLUMN agents.asks IS 'Numbers the read-only runs in which the role answers its peer.';
CALL secure_table('agents');
