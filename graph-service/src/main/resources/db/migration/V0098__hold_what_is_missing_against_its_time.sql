-- Why: a connection may have an end that is still to come, or begin later; reads of a node look at the period, but the gaps and the inputs of the
-- projections took every end for the past: somebody who drives a task until December drove it no longer, and who begins next month drove it already.
-- Locks: replaces views (ACCESS EXCLUSIVE on each, short).

CREATE FUNCTION holds(since timestamptz, until timestamptz) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN since <= gap_now() AND (until IS NULL OR until > gap_now());
COMMENT ON FUNCTION holds(timestamptz, timestamptz) IS 'Whether a connection of this period holds at the time that gap_now() says.';
GRANT EXECUTE ON FUNCTION holds(timestamptz, timestamptz) TO graph_reader;

-- The views stay as V0030 to V0061 have them, but for this one condition: holds(e.valid_from, e.valid_to) stands where e.valid_to IS NULL stood.
SET ROLE graph_reader;
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT c.relname AS name, pg_get_viewdef(c.oid) AS body FROM pg_class AS c
         WHERE c.relnamespace = '${schema}'::regnamespace AND c.relkind = 'v' AND pg_get_viewdef(c.oid) LIKE '%.valid\_to IS NULL%'
    LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', target.name,
                       regexp_replace(target.body, '(\w+)\.valid_to IS NULL', 'holds(\1.valid_from, \1.valid_to)', 'g'));
    END LOOP;
END
$$;
RESET ROLE;
