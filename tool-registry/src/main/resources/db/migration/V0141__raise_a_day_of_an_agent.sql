-- Why: a person may let an agent spend more on one day; how much, who said so and why is kept.
-- Locks: none; the table is new.

CREATE TABLE budget_raises (
    tenant_id text           NOT NULL DEFAULT current_tenant(),
    raise_id  text           NOT NULL,
    agent     text           NOT NULL,
    day       date           NOT NULL,
    daily_usd numeric(14, 2) NOT NULL,
    raised_by text           NOT NULL,
    reason    text,
    raised_at timestamptz    NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT budget_raises_pk PRIMARY KEY (tenant_id, raise_id),
    CONSTRAINT budget_raises_amount CHECK (daily_usd > 0),
    CONSTRAINT budget_raises_by_person CHECK (raised_by LIKE 'user:_%')
);
COMMENT ON TABLE budget_raises IS 'What an agent may spend on a day for which a person raised its cap; the newest of a day stands.';
COMMENT ON COLUMN budget_raises.day IS 'In the company''s own time zone.';
CREATE INDEX budget_raises_of_day ON budget_raises (tenant_id, agent, day, raised_at DESC);
CALL secure_table('budget_raises');
REVOKE UPDATE, DELETE ON budget_raises FROM ${schema};
