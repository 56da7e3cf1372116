-- Why: a question that waits for a person has options, and is answered, put off or dropped by one; who opened it may do so again without a second one.
-- Locks: reviews for the moment it takes to add columns and exchange constraints; nothing has opened one before this.

ALTER TABLE reviews ADD COLUMN options text NOT NULL DEFAULT '[]';
ALTER TABLE reviews ADD COLUMN choice text;
ALTER TABLE reviews ADD COLUMN note text;
ALTER TABLE reviews ADD COLUMN deferred_until timestamptz;
ALTER TABLE reviews ADD COLUMN decided_by text;
ALTER TABLE reviews ADD COLUMN decided_at timestamptz;
ALTER TABLE reviews ADD COLUMN open_key text;
ALTER TABLE reviews ADD COLUMN version integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN reviews.options IS 'A list of {id, label}: what may be chosen.';
COMMENT ON COLUMN reviews.deferred_until IS 'From then on it counts as open again; empty: until somebody takes it up.';
COMMENT ON COLUMN reviews.open_key IS 'Under which it was opened; the same key is the same review.';
ALTER TABLE reviews DROP CONSTRAINT reviews_status;
ALTER TABLE reviews DROP CONSTRAINT reviews_resolved;
ALTER TABLE reviews ADD CONSTRAINT reviews_status CHECK (status IN ('open', 'resolved', 'deferred', 'dismissed'));
ALTER TABLE reviews ADD CONSTRAINT reviews_closed CHECK ((status IN ('resolved', 'dismissed')) = (resolved_at IS NOT NULL));
ALTER TABLE reviews ADD CONSTRAINT reviews_says_what CHECK (
    (status <> 'resolved' OR choice IS NOT NULL) AND (status <> 'dismissed' OR note IS NOT NULL) AND (status = 'deferred' OR deferred_until IS NULL));
ALTER TABLE reviews ADD CONSTRAINT reviews_decided CHECK (
    (status = 'open') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL OR decided_by LIKE 'user:_%'));
ALTER TABLE reviews ADD CONSTRAINT reviews_options_json CHECK (options IS JSON ARRAY);
CREATE UNIQUE INDEX reviews_opened_once ON reviews (tenant_id, opened_by, open_key) WHERE open_key IS NOT NULL;

CREATE FUNCTION reviews_stay_answered() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.status IN ('resolved', 'dismissed') THEN
        RAISE EXCEPTION 'review % is % and stays so', OLD.id, OLD.status USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.tenant_id, NEW.kind, NEW.title, NEW.options, NEW.opened_by, NEW.created_at)
       IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.kind, OLD.title, OLD.options, OLD.opened_by, OLD.created_at) THEN
        RAISE EXCEPTION 'what review % asks cannot be changed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reviews_stay_answered BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_stay_answered();
