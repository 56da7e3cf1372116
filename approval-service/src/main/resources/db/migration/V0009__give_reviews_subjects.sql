-- Why: services ask for a person's look; asked twice about one subject is one review, and one whose cause is over is withdrawn by itself.
-- Locks: reviews for the moment it takes to add a column and exchange constraints; an index over a table that is small.

ALTER TABLE reviews ADD COLUMN subject text;
COMMENT ON COLUMN reviews.subject IS 'What a service asked about; there is one open review a subject, and another when its cause comes back.';
CREATE UNIQUE INDEX reviews_by_subject ON reviews (tenant_id, subject) WHERE subject IS NOT NULL AND resolved_at IS NULL;

ALTER TABLE reviews DROP CONSTRAINT reviews_status, DROP CONSTRAINT reviews_closed, DROP CONSTRAINT reviews_says_what, DROP CONSTRAINT reviews_decided;
ALTER TABLE reviews ADD CONSTRAINT reviews_status CHECK (status IN ('open', 'resolved', 'deferred', 'dismissed', 'withdrawn'));
ALTER TABLE reviews ADD CONSTRAINT reviews_closed CHECK ((status IN ('resolved', 'dismissed', 'withdrawn')) = (resolved_at IS NOT NULL));
ALTER TABLE reviews ADD CONSTRAINT reviews_says_what CHECK (
    (status <> 'resolved' OR choice IS NOT NULL) AND (status NOT IN ('dismissed', 'withdrawn') OR note IS NOT NULL)
    AND (status = 'deferred' OR deferred_until IS NULL));
ALTER TABLE reviews ADD CONSTRAINT reviews_decided CHECK (
    (status = 'open') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)
    AND (decided_by IS NULL OR decided_by LIKE CASE status WHEN 'withdrawn' THEN 'system:_%' ELSE 'user:_%' END));

CREATE OR REPLACE FUNCTION reviews_stay_answered() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.resolved_at IS NOT NULL THEN
        RAISE EXCEPTION 'review % is % and stays so', OLD.id, OLD.status USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.tenant_id, NEW.kind, NEW.title, NEW.options, NEW.opened_by, NEW.created_at, NEW.subject)
       IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.kind, OLD.title, OLD.options, OLD.opened_by, OLD.created_at, OLD.subject) THEN
        RAISE EXCEPTION 'what review % asks cannot be changed', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
