-- Why: caps that the gateway alone keeps need what calls used; a company's month has one ceiling for all agents; a key that a provider refuses and a pace it
-- asks for are known to every process; what waits for a person is asked once.
-- Locks: model_reservations for the moment it takes to add columns that may be empty; an index over the reservations that cost something.

ALTER TABLE model_reservations ADD COLUMN prompt_tokens bigint, ADD COLUMN output_tokens bigint, ADD COLUMN large boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN model_reservations.prompt_tokens IS 'What was sent, from a cache or not, as the provider counted it; with output_tokens: empty until there was an answer.';
COMMENT ON COLUMN model_reservations.large IS 'Whether it counts as a turn of the large model.';
COMMENT ON COLUMN model_reservations.day IS 'In the company''s own time zone.';
CREATE INDEX model_reservations_of_month ON model_reservations (tenant_id, day) INCLUDE (spent_usd, reserved_usd) WHERE reserved_usd > 0;

CREATE TABLE provider_refusals (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    agent     text        NOT NULL,
    provider  text        NOT NULL,
    code      text        NOT NULL,
    reason    text        NOT NULL,
    subject   text        NOT NULL,
    since     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT provider_refusals_pk PRIMARY KEY (tenant_id, agent, provider)
);
COMMENT ON TABLE provider_refusals IS 'Providers that take no call of an agent: no key, or one that they refuse. Gone once a call or a probe gets through.';
CALL secure_table('provider_refusals');

CREATE TABLE requested_reviews (
    tenant_id    text        NOT NULL DEFAULT current_tenant(),
    subject      text        NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    over_at      timestamptz,
    amount_usd   numeric(16, 8),
    CONSTRAINT requested_reviews_pk PRIMARY KEY (tenant_id, subject)
);
COMMENT ON TABLE requested_reviews IS 'What a person was asked to look at, so that nothing is asked twice.';
COMMENT ON COLUMN requested_reviews.amount_usd IS 'Of a cap: what the call might have cost that it refused.';
CALL secure_table('requested_reviews');
REVOKE DELETE ON requested_reviews FROM ${schema};

CREATE TABLE ceilings (
    tenant_id   text           NOT NULL DEFAULT current_tenant(),
    ceiling_id  text           NOT NULL,
    monthly_usd numeric(14, 2) NOT NULL,
    set_by      text           NOT NULL,
    reason      text,
    set_at      timestamptz    NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT ceilings_pk PRIMARY KEY (tenant_id, ceiling_id),
    CONSTRAINT ceilings_amount CHECK (monthly_usd >= 0),
    CONSTRAINT ceilings_by_person CHECK (set_by LIKE 'user:_%')
);
COMMENT ON TABLE ceilings IS 'What all agents of a company may spend in a month; the newest stands.';
CREATE INDEX ceilings_newest ON ceilings (tenant_id, set_at DESC);
CALL secure_table('ceilings');
REVOKE UPDATE, DELETE ON ceilings FROM ${schema};

CREATE TABLE provider_pace (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    provider   text        NOT NULL,
    strikes    integer     NOT NULL,
    not_before timestamptz NOT NULL,
    CONSTRAINT provider_pace_pk PRIMARY KEY (tenant_id, provider)
);
COMMENT ON TABLE provider_pace IS 'When a provider that asked for patience may be asked again, by any agent.';
COMMENT ON COLUMN provider_pace.strikes IS 'How often it has asked since it last answered.';
CALL secure_table('provider_pace');
