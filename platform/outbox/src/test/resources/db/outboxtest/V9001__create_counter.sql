-- Why: a row to lock, so that the numbers of a key are drawn in order.
-- Locks: creates only.
CREATE TABLE counter (
    tenant_id text   NOT NULL DEFAULT current_tenant(),
    key       text   NOT NULL,
    n         bigint NOT NULL,
    CONSTRAINT counter_pk PRIMARY KEY (tenant_id, key)
);
CALL secure_table('counter');
