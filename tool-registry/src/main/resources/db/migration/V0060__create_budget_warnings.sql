-- Why: an agent at its soft cap is told of once a day, whatever number of calls follow and whichever process takes them.
-- Locks: creates only.

CREATE TABLE budget_warnings (
    tenant_id  text           NOT NULL DEFAULT current_tenant(),
    agent      text           NOT NULL,
    day        date           NOT NULL,
    soft_usd   numeric(14, 8) NOT NULL,
    taken_usd  numeric(14, 8) NOT NULL,
    created_at timestamptz    NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT budget_warnings_pk PRIMARY KEY (tenant_id, agent, day)
);
CALL secure_table('budget_warnings');
REVOKE UPDATE, DELETE ON budget_warnings FROM ${schema};
