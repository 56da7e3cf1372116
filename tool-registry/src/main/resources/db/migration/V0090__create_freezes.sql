-- Why: the emergency stop holds in the transaction of every change, over restarts, and ends by the database's clock where an end was set.
-- Locks: creates only.

CREATE TABLE freezes (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    freeze_id   text        NOT NULL,
    reason      text        NOT NULL,
    frozen_by   text        NOT NULL,
    frozen_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    until       timestamptz,
    thawed_at   timestamptz,
    thawed_by   text,
    thaw_reason text,
    CONSTRAINT freezes_pk PRIMARY KEY (tenant_id, freeze_id),
    CONSTRAINT freezes_until CHECK (until > frozen_at),
    CONSTRAINT freezes_thawed CHECK ((thawed_at IS NULL) = (thawed_by IS NULL))
);
COMMENT ON TABLE freezes IS 'Several may stand at once; autonomy is frozen while one does. Each is thawed once and stays as it was.';
CREATE INDEX freezes_standing ON freezes (tenant_id) WHERE thawed_at IS NULL;
CALL secure_table('freezes');
REVOKE DELETE ON freezes FROM ${schema};

CREATE FUNCTION freezes_only_thaw() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.thawed_at IS NOT NULL
       OR (NEW.tenant_id, NEW.freeze_id, NEW.reason, NEW.frozen_by, NEW.frozen_at, NEW.until)
          IS DISTINCT FROM (OLD.tenant_id, OLD.freeze_id, OLD.reason, OLD.frozen_by, OLD.frozen_at, OLD.until) THEN
        RAISE EXCEPTION 'freeze % can only be thawed, once', OLD.freeze_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER freezes_only_thaw BEFORE UPDATE ON freezes FOR EACH ROW EXECUTE FUNCTION freezes_only_thaw();
