-- Why: a tool that an agent asked for and the owner gave is a recorded decision; it holds at once, within the reviewed ceiling, until it is taken back.
-- Locks: creates only.

CREATE TABLE grants (
    tenant_id     text        NOT NULL DEFAULT current_tenant(),
    grant_id      text        NOT NULL,
    role          text        NOT NULL,
    tool          text        NOT NULL,
    reason        text        NOT NULL,
    granted_by    text        NOT NULL,
    granted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at    timestamptz,
    revoked_by    text,
    CONSTRAINT grants_pk PRIMARY KEY (tenant_id, grant_id),
    CONSTRAINT grants_by_a_person CHECK (starts_with(granted_by, 'user:')),
    CONSTRAINT grants_revoked_by_a_person CHECK (starts_with(revoked_by, 'user:')),
    CONSTRAINT grants_revoked CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON COLUMN grants.grant_id IS 'The proposal that was approved.';
CREATE INDEX grants_standing ON grants (tenant_id, role) WHERE revoked_at IS NULL;
CALL secure_table('grants');
REVOKE DELETE ON grants FROM ${schema};

CREATE FUNCTION grants_only_end() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL
       OR (NEW.tenant_id, NEW.grant_id, NEW.role, NEW.tool, NEW.reason, NEW.granted_by, NEW.granted_at)
          IS DISTINCT FROM
          (OLD.tenant_id, OLD.grant_id, OLD.role, OLD.tool, OLD.reason, OLD.granted_by, OLD.granted_at) THEN
        RAISE EXCEPTION 'grant % can only be revoked, once', OLD.grant_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER grants_only_end BEFORE UPDATE ON grants FOR EACH ROW EXECUTE FUNCTION grants_only_end();
