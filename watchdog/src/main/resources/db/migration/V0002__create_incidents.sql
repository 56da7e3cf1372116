-- Why: what the watchdog found, once for each check and subject while it lasts, and what it did about it.
-- Locks: creates only.

CREATE TABLE incidents (
    tenant_id       text        NOT NULL DEFAULT current_tenant(),
    incident_id     uuid        NOT NULL,
    check_name      text        NOT NULL,
    subject         text        NOT NULL,
    lasting         boolean     NOT NULL,
    tier            text        NOT NULL,
    state           text        NOT NULL DEFAULT 'open',
    detail          text        NOT NULL,
    role            text,
    task_id         text,
    seen            integer     NOT NULL DEFAULT 1,
    opened_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    cleared_at      timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    CONSTRAINT incidents_pk PRIMARY KEY (tenant_id, incident_id),
    CONSTRAINT incidents_tier CHECK (tier IN ('soft', 'medium', 'hard', 'critical')),
    CONSTRAINT incidents_state CHECK (state IN ('open', 'cleared')),
    CONSTRAINT incidents_clear CHECK ((state = 'cleared') = (cleared_at IS NOT NULL)),
    CONSTRAINT incidents_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
COMMENT ON COLUMN incidents.lasting IS 'True: it is over when its check finds it no more. False: it happened, and is over when a person has seen it.';
COMMENT ON COLUMN incidents.seen IS 'How many rounds of the check found it.';
CREATE UNIQUE INDEX incidents_one_open ON incidents (tenant_id, check_name, subject) WHERE state = 'open';
CREATE INDEX incidents_newest ON incidents (tenant_id, opened_at DESC);
CALL secure_table('incidents');
REVOKE DELETE ON incidents FROM ${schema};

CREATE TABLE interventions (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    seq         bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1),
    incident_id uuid        NOT NULL,
    item        text        NOT NULL,
    action      text        NOT NULL,
    outcome     text        NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT interventions_pk PRIMARY KEY (tenant_id, seq),
    CONSTRAINT interventions_once UNIQUE (tenant_id, item, action),
    CONSTRAINT interventions_of_an_incident FOREIGN KEY (tenant_id, incident_id) REFERENCES incidents (tenant_id, incident_id)
);
COMMENT ON TABLE interventions IS 'What the watchdog did, at most once for each item and action.';
CALL secure_table('interventions');
REVOKE DELETE ON interventions FROM ${schema};

CREATE TABLE observations (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    name       text        NOT NULL,
    value      bigint      NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT observations_pk PRIMARY KEY (tenant_id, name)
);
COMMENT ON TABLE observations IS 'Counters as last seen, so that growth is noticed across restarts as well.';
CALL secure_table('observations');
