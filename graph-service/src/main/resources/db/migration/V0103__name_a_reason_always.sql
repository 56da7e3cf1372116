-- Why: every change names who, why and from where. The actor is refused when it is missing and the producer follows from the node, but a statement
-- of somebody at the database could leave the reason empty, in history and in its event. The service says what it does where its caller gave none.
-- Locks: SHARE ROW EXCLUSIVE on nodes and edges for their triggers, short.

CREATE FUNCTION name_reason() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM set_config('hq.reason', 'none was given: direct SQL as ' || session_user, true);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION name_reason() IS 'Once a statement and before its rows: what is written with a reason pays for no more than the look.';

CREATE TRIGGER nodes_reasoned BEFORE INSERT OR UPDATE ON nodes
    FOR EACH STATEMENT WHEN (coalesce(current_setting('hq.reason', true), '') = '') EXECUTE FUNCTION name_reason();
CREATE TRIGGER edges_reasoned BEFORE INSERT OR UPDATE ON edges
    FOR EACH STATEMENT WHEN (coalesce(current_setting('hq.reason', true), '') = '') EXECUTE FUNCTION name_reason();
