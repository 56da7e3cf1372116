-- Why: what the owner lets an agent send without asking is a recorded decision with an end, checked in the transaction of each sending.
-- Locks: creates only.

CREATE TABLE graduations (
    tenant_id     text        NOT NULL DEFAULT current_tenant(),
    graduation_id text        NOT NULL,
    agent         text        NOT NULL,
    action        text        NOT NULL,
    scope         text,
    reason        text,
    granted_by    text        NOT NULL,
    granted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz,
    revoked_at    timestamptz,
    revoked_by    text,
    revoke_reason text,
    CONSTRAINT graduations_pk PRIMARY KEY (tenant_id, graduation_id),
    CONSTRAINT graduations_by_a_person CHECK (starts_with(granted_by, 'user:')),
    CONSTRAINT graduations_expires CHECK (expires_at > granted_at),
    CONSTRAINT graduations_revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX graduations_standing ON graduations (tenant_id, agent) WHERE revoked_at IS NULL;
CALL secure_table('graduations');
REVOKE DELETE ON graduations FROM ${schema};

CREATE FUNCTION graduations_only_end() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL
       OR (NEW.tenant_id, NEW.graduation_id, NEW.agent, NEW.action, NEW.scope, NEW.reason, NEW.granted_by, NEW.granted_at, NEW.expires_at)
          IS DISTINCT FROM
          (OLD.tenant_id, OLD.graduation_id, OLD.agent, OLD.action, OLD.scope, OLD.reason, OLD.granted_by, OLD.granted_at, OLD.expires_at) THEN
        RAISE EXCEPTION 'graduation % can only be revoked, once', OLD.graduation_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER graduations_only_end BEFORE UPDATE ON graduations FOR EACH ROW EXECUTE FUNCTION graduations_only_end();
