-- Why: what comes together is one statement and one move of the chain's head. A move of more than one step is held against the entries themselves:
-- all of them have to be there, and the head is the last of them (invariant 26).
-- Locks: none; a function is replaced.

CREATE OR REPLACE FUNCTION ledger_heads_only_forward() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    entries bigint;
    newest  text;
BEGIN
    IF NEW.ledger = 'agent_actions' THEN
        SELECT count(*), max(e.hash) FILTER (WHERE e.seq = NEW.seq) INTO entries, newest
          FROM agent_actions e WHERE e.tenant_id = NEW.tenant_id AND e.seq > OLD.seq AND e.seq <= NEW.seq;
    ELSE
        SELECT count(*), max(e.hash) FILTER (WHERE e.seq = NEW.seq) INTO entries, newest
          FROM llm_calls e WHERE e.tenant_id = NEW.tenant_id AND e.seq > OLD.seq AND e.seq <= NEW.seq;
    END IF;
    IF NEW.ledger <> OLD.ledger OR NEW.tenant_id <> OLD.tenant_id OR NEW.seq <= OLD.seq OR entries <> NEW.seq - OLD.seq
       OR newest IS DISTINCT FROM NEW.hash THEN
        RAISE EXCEPTION 'the head of % goes from % to the last entry behind it, and % is not that', OLD.ledger, OLD.seq, NEW.seq
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
