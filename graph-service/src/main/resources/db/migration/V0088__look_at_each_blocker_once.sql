-- Why: a circle of blockers was looked for along every way through them. A net of thirty layers has a thousand million ways: whoever added to it
-- waited for ever, and every other blocker of the company behind that write. Each node is looked at once now. And the circle of people who
-- report to each other, which the type's file rules out, is refused as well.
-- Locks: SHARE ROW EXCLUSIVE on edges for its triggers, short.

CREATE FUNCTION ahead_of(tenant text, chart text, node uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE
AS $$
    SELECT e.to_id FROM edges AS e
     WHERE e.tenant_id = tenant AND e.from_id = node
       AND e.type = ANY (CASE chart WHEN 'reports_to' THEN ARRAY['reports_to'] ELSE ARRAY['blocked_by', 'depends_on'] END)
       AND (e.valid_to IS NULL OR e.valid_to > clock_timestamp())
    UNION
    SELECT e.from_id FROM edges AS e
     WHERE chart = 'blocking' AND e.tenant_id = tenant AND e.to_id = node AND e.type = 'blocks'
       AND (e.valid_to IS NULL OR e.valid_to > clock_timestamp())
$$;
COMMENT ON FUNCTION ahead_of(text, text, uuid) IS 'What a node waits for, or whom a person reports to; the charts are the x-acyclic of the types.';

CREATE OR REPLACE FUNCTION refuse_circle() RETURNS trigger
    LANGUAGE plpgsql SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    chart   text   := CASE NEW.type WHEN 'reports_to' THEN 'reports_to' ELSE 'blocking' END;
    waiter  uuid   := CASE NEW.type WHEN 'blocks' THEN NEW.to_id ELSE NEW.from_id END;
    blocker uuid   := CASE NEW.type WHEN 'blocks' THEN NEW.from_id ELSE NEW.to_id END;
    front   uuid[] := ARRAY[blocker];
    came    jsonb  := '{}';
    more    jsonb;
    step    uuid   := waiter;
    way     uuid[] := ARRAY[waiter];
    circle  text;
BEGIN
    IF NEW.valid_to <= clock_timestamp() THEN
        RETURN NULL;
    END IF;
    -- Two halves of a circle, each seen by its own transaction only, would otherwise both pass.
    PERFORM pg_advisory_xact_lock(hashtextextended('blockers ' || NEW.tenant_id, 0));
    IF NOT EXISTS (
        WITH RECURSIVE ahead (id) AS (
            SELECT blocker
            UNION
            SELECT w.next FROM ahead AS a CROSS JOIN LATERAL ahead_of(NEW.tenant_id, chart, a.id) AS w(next) WHERE a.id <> waiter
        )
        SELECT 1 FROM ahead AS a WHERE a.id = waiter)
    THEN
        RETURN NULL;
    END IF;

    -- There is one; it is named by its shortest way.
    WHILE blocker <> waiter AND front IS NOT NULL AND NOT came ? waiter::text LOOP
        SELECT jsonb_object_agg(w.next, f.id), array_agg(DISTINCT w.next) INTO more, front
          FROM unnest(front) AS f(id) CROSS JOIN LATERAL ahead_of(NEW.tenant_id, chart, f.id) AS w(next)
         WHERE w.next <> blocker AND NOT came ? w.next::text;
        came := came || coalesce(more, '{}');
    END LOOP;
    WHILE step <> blocker LOOP
        step := (came->>step::text)::uuid;
        way := step || way;
    END LOOP;
    SELECT string_agg(n.slug, CASE chart WHEN 'reports_to' THEN ' reports to ' ELSE ' waits for ' END ORDER BY p.place) INTO circle
      FROM unnest(waiter || way) WITH ORDINALITY AS p(id, place)
      JOIN nodes AS n ON n.tenant_id = NEW.tenant_id AND n.id = p.id;
    RAISE EXCEPTION '%', circle USING ERRCODE = 'HQ004', DETAIL = NEW.id::text;
END
$$;
COMMENT ON FUNCTION refuse_circle() IS 'Refuses a live edge that would let a node wait for itself (blocks, blocked_by, depends_on), or a person report to themselves; the detail is the id of the edge.';

DROP TRIGGER edges_blocker_new ON edges;
DROP TRIGGER edges_blocker_again ON edges;
CREATE TRIGGER edges_blocker_new AFTER INSERT ON edges
    FOR EACH ROW WHEN (NEW.type IN ('blocks', 'blocked_by', 'depends_on', 'reports_to')) EXECUTE FUNCTION refuse_circle();
CREATE TRIGGER edges_blocker_again AFTER UPDATE ON edges
    FOR EACH ROW WHEN (NEW.type IN ('blocks', 'blocked_by', 'depends_on', 'reports_to') AND NEW.valid_to IS DISTINCT FROM OLD.valid_to)
    EXECUTE FUNCTION refuse_circle();
