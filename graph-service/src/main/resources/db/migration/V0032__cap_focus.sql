-- Why: at most three projects of a company are in focus, whoever writes and however many at once; what is over the cap is refused, not reported.
-- The trigger is deferred to the end of the batch, so that one batch may move one project out and another in; apply_whole makes a batch end
-- before it answers.
-- Locks: creates a trigger on nodes (SHARE ROW EXCLUSIVE, short).

CREATE FUNCTION cap_focus() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    held text;
BEGIN
    -- One at a time in a company: two that each see two others would both go through.
    PERFORM pg_advisory_xact_lock(hashtext('graph.focus'), hashtext(NEW.tenant_id));
    IF (SELECT count(*) FROM nodes AS n
         WHERE n.tenant_id = NEW.tenant_id AND n.type = 'project' AND n.priority = 'focus' AND n.archived_at IS NULL) > 3 THEN
        SELECT string_agg(f.slug, ', ' ORDER BY f.slug) INTO held
          FROM (SELECT n.slug FROM nodes AS n
                 WHERE n.tenant_id = NEW.tenant_id AND n.type = 'project' AND n.priority = 'focus' AND n.archived_at IS NULL
                   -- Those that were there before this transaction.
                   AND n.xmin::text <> pg_current_xact_id()::xid::text
                 ORDER BY n.updated_at LIMIT 3) AS f;
        RAISE EXCEPTION '%', coalesce(held, '') USING ERRCODE = 'HQ030';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION cap_focus() IS 'HQ030: there would be more than three projects in focus; the message names those that are.';

CREATE CONSTRAINT TRIGGER nodes_focus_new AFTER INSERT ON nodes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.type = 'project' AND NEW.priority = 'focus' AND NEW.archived_at IS NULL) EXECUTE FUNCTION cap_focus();
CREATE CONSTRAINT TRIGGER nodes_focus AFTER UPDATE ON nodes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.type = 'project' AND NEW.priority = 'focus' AND NEW.archived_at IS NULL
                       AND (OLD.priority IS DISTINCT FROM 'focus' OR OLD.archived_at IS NOT NULL)) EXECUTE FUNCTION cap_focus();

CREATE FUNCTION apply_whole(tenant text, actor text, reason text, batch jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
DECLARE
    response jsonb := apply(tenant, actor, reason, batch);
BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN response;
END
$$;
COMMENT ON FUNCTION apply_whole(text, text, text, jsonb) IS 'apply, and what has to hold at the end of a batch checked before it answers: an error at the commit would come after the answer.';
