-- Why: a chain alone cannot tell that its end was cut off; how far it had come is noted beside it (invariant 26).
-- Locks: reads both ledgers once; no table that is written to meanwhile is locked.

CREATE TABLE ledger_heads (
    tenant_id text   NOT NULL DEFAULT current_tenant(),
    ledger    text   NOT NULL,
    seq       bigint NOT NULL,
    hash      text   NOT NULL,
    CONSTRAINT ledger_heads_pk PRIMARY KEY (tenant_id, ledger),
    CONSTRAINT ledger_heads_ledger CHECK (ledger IN ('agent_actions', 'llm_calls')),
    CONSTRAINT ledger_heads_hash CHECK (hash ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE ledger_heads IS 'The last entry of each chain, written with it. The next entry follows this one, whatever is left of the chain.';
CALL secure_table('ledger_heads');
REVOKE DELETE ON ledger_heads FROM ${schema};

CREATE FUNCTION ledger_heads_only_forward() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.seq <> OLD.seq + 1 OR NEW.ledger <> OLD.ledger THEN
        RAISE EXCEPTION 'the head of % goes from % to the next entry, not to %', OLD.ledger, OLD.seq, NEW.seq USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_heads_only_forward BEFORE UPDATE ON ledger_heads FOR EACH ROW EXECUTE FUNCTION ledger_heads_only_forward();

INSERT INTO ledger_heads (tenant_id, ledger, seq, hash)
SELECT DISTINCT ON (tenant_id) tenant_id, 'agent_actions', seq, hash FROM agent_actions ORDER BY tenant_id, seq DESC;
INSERT INTO ledger_heads (tenant_id, ledger, seq, hash)
SELECT DISTINCT ON (tenant_id) tenant_id, 'llm_calls', seq, hash FROM llm_calls ORDER BY tenant_id, seq DESC;
