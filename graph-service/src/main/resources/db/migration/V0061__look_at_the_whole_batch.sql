-- Why: three things that are decided at the end of a batch or before its plan: a rollback holds what every batch holds (three projects in
-- focus), what is done or cancelled is in nobody's focus, and the plan knows the company's time zone and what has to be retained.
-- Locks: SHARE ROW EXCLUSIVE on nodes for its trigger and its index; the index has a row a company of its own.

CREATE OR REPLACE FUNCTION cap_focus() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    held text;
BEGIN
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
COMMENT ON FUNCTION cap_focus() IS 'HQ030: there would be more than three projects in focus; the message names those that are. What is done, cancelled or archived has freed its place.';

DROP TRIGGER nodes_focus_new ON nodes;
DROP TRIGGER nodes_focus ON nodes;
CREATE CONSTRAINT TRIGGER nodes_focus_new AFTER INSERT ON nodes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.type = 'project' AND NEW.priority = 'focus' AND NEW.archived_at IS NULL) EXECUTE FUNCTION cap_focus();
CREATE CONSTRAINT TRIGGER nodes_focus AFTER UPDATE ON nodes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.type = 'project' AND NEW.priority = 'focus' AND NEW.archived_at IS NULL
                       AND (OLD.priority IS DISTINCT FROM 'focus' OR OLD.archived_at IS NOT NULL OR OLD.status IS DISTINCT FROM NEW.status))
    EXECUTE FUNCTION cap_focus();

SET ROLE graph_reader;
CREATE OR REPLACE VIEW v_focus_projects AS
    SELECT p.id AS project_id, p.slug, p.status, o.to_id AS entity_id
      FROM nodes AS p
      LEFT JOIN LATERAL (
          SELECT e.to_id FROM edges AS e
           WHERE e.tenant_id = p.tenant_id AND e.from_id = p.id AND e.type = 'owned_by' AND e.valid_to IS NULL ORDER BY e.id LIMIT 1) AS o ON true
     WHERE p.tenant_id = (SELECT current_tenant()) AND p.type = 'project' AND p.priority = 'focus' AND p.archived_at IS NULL
       AND coalesce(p.status, '') NOT IN ('done', 'cancelled');
RESET ROLE;

--   HQ060 what it would put back, or part of what it did, is older than the history that is kept
CREATE FUNCTION roll_back_whole(tenant text, actor text, reason text, mutation uuid, undo uuid, bounds jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    since timestamptz;
    -- A version 7 id begins with its time in milliseconds, which is before anything of the mutation was recorded.
    made  timestamptz := to_timestamp((('x' || translate(left(mutation::text, 13), '-', ''))::bit(48))::bigint / 1000.0);
    done  jsonb;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true);
    since := history_known_since();
    IF made < since OR (since IS NOT NULL AND EXISTS (
           SELECT 1 FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.mutation_id = mutation AND h.recorded_at <= since
           UNION ALL
           SELECT 1 FROM history_edges AS h WHERE h.tenant_id = tenant AND h.mutation_id = mutation AND h.recorded_at <= since)) THEN
        RAISE EXCEPTION '%', to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') USING ERRCODE = 'HQ060';
    END IF;
    done := roll_back(tenant, actor, reason, mutation, undo, bounds);
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN done;
END
$$;
COMMENT ON FUNCTION roll_back_whole(text, text, text, uuid, uuid, jsonb) IS 'roll_back, where history reaches back to it, and what has to hold at its end checked before it answers.';

-- What the company is: the oldest entity that is its own and says in which time zone it works.
CREATE INDEX nodes_own_zone ON nodes (tenant_id, id) WHERE type = 'entity' AND props->>'relationship' = 'own' AND props ? 'timezone' AND archived_at IS NULL;

CREATE FUNCTION company_zone() RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT n.props->>'timezone' FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.type = 'entity' AND n.props->>'relationship' = 'own' AND n.props ? 'timezone'
               AND n.archived_at IS NULL
             ORDER BY n.id LIMIT 1);

CREATE FUNCTION with_rules(answer jsonb, wanted jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    more jsonb := '{}';
BEGIN
    IF wanted ? 'zone' OR answer @? '$.nodes[*].type ? (@ == "turn_state" || @ == "expectation")' THEN
        more := jsonb_build_object('zone', company_zone());
    END IF;
    IF wanted ? 'policies' THEN
        more := more || jsonb_build_object('policies', (
            SELECT jsonb_object_agg(n.id, n.redaction_policy) FROM nodes AS n
             WHERE n.tenant_id = (SELECT current_tenant()) AND n.redaction_policy <> 'none'
               AND n.id IN (SELECT (f->>'id')::uuid FROM jsonb_array_elements(answer->'nodes') AS f)));
    END IF;
    RETURN CASE WHEN more = '{}' THEN answer ELSE answer || jsonb_strip_nulls(more) END;
END
$$;
COMMENT ON FUNCTION with_rules(jsonb, jsonb) IS 'What touched answered, and by which rules of the company it is to be planned: the time zone where times are due, redaction policies where they are asked for.';

CREATE OR REPLACE FUNCTION apply_whole(tenant text, actor text, reason text, batch jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
DECLARE
    response jsonb := apply(tenant, actor, reason, batch);
    changed  integer;
BEGIN
    IF batch ? 'policies' THEN
        UPDATE nodes AS n SET redaction_policy = p.policy
          FROM jsonb_to_recordset(batch->'policies') AS p(id uuid, version integer, policy text)
         WHERE n.tenant_id = tenant AND n.id = p.id AND n.version = p.version;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> jsonb_array_length(batch->'policies') THEN
            RAISE EXCEPTION 'a node has changed since it was read' USING ERRCODE = 'HQ001';
        END IF;
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN response;
END
$$;
COMMENT ON FUNCTION apply_whole(text, text, text, jsonb) IS 'apply, then the redaction policies that a batch sets, and what has to hold at its end checked before it answers: an error at the commit would come after the answer.';
