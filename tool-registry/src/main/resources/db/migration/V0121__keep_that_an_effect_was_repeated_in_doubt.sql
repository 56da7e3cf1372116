-- Why: what may be repeated is repeated without knowing what became of the attempt before. When none of them is answered, or a later one is refused
-- because of the first, nobody knows whether it happened: it waits for the owner, and is not called failed (invariant 6).
-- Locks: effects for the moment it takes to add a column with a constant; a function is replaced.

ALTER TABLE effects ADD COLUMN unsure boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN effects.unsure IS 'An earlier attempt may have done it: whatever a later one says, it is not sure that it never happened.';

CREATE OR REPLACE FUNCTION effects_only_forward() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('intent', 'intent'), ('intent', 'waiting'), ('intent', 'done'), ('intent', 'aborted'), ('intent', 'unknown'),
        ('waiting', 'intent'), ('waiting', 'aborted'), ('waiting', 'unknown'),
        ('done', 'recorded'), ('unknown', 'done'), ('unknown', 'aborted')) THEN
        RAISE EXCEPTION 'effect % cannot go from % to %', OLD.effect_id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.effect_id, NEW.business_key, NEW.message_id, NEW.effect) IS DISTINCT FROM (OLD.effect_id, OLD.business_key, OLD.message_id, OLD.effect) THEN
        RAISE EXCEPTION 'what effect % does cannot be changed', OLD.effect_id USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.unsure AND NOT NEW.unsure) OR (NEW.unsure AND OLD.status <> 'unknown' AND NEW.status = 'aborted') THEN
        RAISE EXCEPTION 'effect % may have happened', OLD.effect_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
