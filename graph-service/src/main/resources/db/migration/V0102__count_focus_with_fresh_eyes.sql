-- Why: whoever writes by hand may do so under REPEATABLE READ or SERIALIZABLE; such a transaction counts what was in focus when it began, and a fourth
-- went through beside one that was committed meanwhile. Nothing of ours writes so; who does is refused and told how to write.
-- Locks: none that a running fleet would notice.

CREATE OR REPLACE FUNCTION cap_focus() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    held text;
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'a project comes into focus under READ COMMITTED only: an older snapshot does not show who was first' USING ERRCODE = '25001';
    END IF;
    -- One at a time in a company: two that each see two others would both go through.
    PERFORM pg_advisory_xact_lock(hashtext('graph.focus'), hashtext(NEW.tenant_id));
    IF (SELECT count(*) FROM nodes AS n
         WHERE n.tenant_id = NEW.tenant_id AND n.type = 'project' AND n.priority = 'focus' AND n.archived_at IS NULL
           AND coalesce(n.status, '') NOT IN ('done', 'cancelled')) > 3 THEN
        SELECT string_agg(f.slug, ', ' ORDER BY f.slug) INTO held
          FROM (SELECT n.slug FROM nodes AS n
                 WHERE n.tenant_id = NEW.tenant_id AND n.type = 'project' AND n.priority = 'focus' AND n.archived_at IS NULL
                   AND coalesce(n.status, '') NOT IN ('done', 'cancelled')
                   -- Those that were there before this transaction.
                   AND n.xmin::text <> pg_current_xact_id()::xid::text
                 ORDER BY n.updated_at LIMIT 3) AS f;
        RAISE EXCEPTION '%', coalesce(held, '') USING ERRCODE = 'HQ030';
    END IF;
    RETURN NULL;
END
$$;
