-- Why: what happens by the clock happens once a due time, whoever looks, and is not forgotten when nobody looked.
-- Locks: creates only.

CREATE TABLE beats (
    tenant_id     text        NOT NULL DEFAULT current_tenant(),
    name          text        NOT NULL,
    cron          text        NOT NULL,
    zone          text        NOT NULL,
    next_due_at   timestamptz,
    last_due_at   timestamptz,
    last_fired_at timestamptz,
    CONSTRAINT beats_pk PRIMARY KEY (tenant_id, name),
    CONSTRAINT beats_off_is_never_due CHECK ((cron = 'off') = (next_due_at IS NULL)),
    CONSTRAINT beats_fired_for_a_time CHECK ((last_due_at IS NULL) = (last_fired_at IS NULL))
);
COMMENT ON COLUMN beats.next_due_at IS 'By the clock of the database; moved on in the transaction that says what became of it. NULL while the beat is off.';
CREATE INDEX beats_due ON beats (tenant_id, next_due_at) WHERE next_due_at IS NOT NULL;
CALL secure_table('beats');

CREATE TABLE beat_firings (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    name      text        NOT NULL,
    due_at    timestamptz NOT NULL,
    missed    integer     NOT NULL,
    outcome   text        NOT NULL,
    by_whom   text        NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT beat_firings_pk PRIMARY KEY (tenant_id, name, due_at),
    CONSTRAINT beat_firings_of_a_beat FOREIGN KEY (tenant_id, name) REFERENCES beats (tenant_id, name),
    CONSTRAINT beat_firings_missed CHECK (missed >= 0),
    CONSTRAINT beat_firings_outcome CHECK (outcome IN ('fired', 'skipped', 'by_hand'))
);
COMMENT ON COLUMN beat_firings.missed IS 'Due times before this one that went by while nobody looked.';
CREATE INDEX beat_firings_at ON beat_firings (tenant_id, at);
CALL secure_table('beat_firings');
