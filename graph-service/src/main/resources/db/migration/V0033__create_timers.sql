-- Why: what is due is a stored time and not a memory of a process: it fires once, also after downtime and with two replicas.
-- Triggers arm the timers, so that no write path can skip them.
-- Locks: creates triggers on nodes (SHARE ROW EXCLUSIVE, short).

CREATE TABLE timers (
    tenant_id text        NOT NULL DEFAULT current_tenant(),
    kind      text        NOT NULL,
    node_id   uuid        NOT NULL,
    due_at    timestamptz NOT NULL,
    fired_at  timestamptz,
    attempts  integer     NOT NULL DEFAULT 0,
    retry_at  timestamptz,
    failure   text,
    CONSTRAINT timers_pk PRIMARY KEY (tenant_id, kind, node_id),
    CONSTRAINT timers_kind CHECK (kind IN ('interaction.overdue', 'obligation.due', 'obligation.next')),
    CONSTRAINT timers_node_fk FOREIGN KEY (tenant_id, node_id) REFERENCES nodes (tenant_id, id)
);
COMMENT ON TABLE timers IS 'One due time a kind and node. It fires once: fired_at is written in the transaction of its effect. Another due time arms it again.';
COMMENT ON COLUMN timers.retry_at IS 'A timer whose effect failed waits until then; after five attempts it rests, with its failure, for a person to see.';
CREATE INDEX timers_due ON timers (tenant_id, coalesce(retry_at, due_at)) WHERE fired_at IS NULL;
CALL secure_table('timers');

CREATE FUNCTION arm_timer(timer text, node uuid, due timestamptz) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    IF due IS NULL THEN
        DELETE FROM timers AS t WHERE t.tenant_id = current_tenant() AND t.kind = timer AND t.node_id = node AND t.fired_at IS NULL;
    ELSE
        INSERT INTO timers (kind, node_id, due_at) VALUES (timer, node, due)
        ON CONFLICT (tenant_id, kind, node_id) DO UPDATE SET due_at = EXCLUDED.due_at, fired_at = NULL, attempts = 0, retry_at = NULL, failure = NULL
         WHERE timers.due_at <> EXCLUDED.due_at;
    END IF;
END
$$;

CREATE FUNCTION arm_timers() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.type = 'turn_state' THEN
        PERFORM arm_timer('interaction.overdue', NEW.id,
            CASE WHEN NEW.status = 'ours' AND NEW.archived_at IS NULL THEN prop_time(NEW.props, 'overdue_at') END);
    ELSE
        PERFORM arm_timer('obligation.due', NEW.id,
            CASE WHEN NEW.status IN ('open', 'overdue') AND NEW.archived_at IS NULL THEN prop_time(NEW.props, 'due_at') END);
        PERFORM arm_timer('obligation.next', NEW.id,
            CASE WHEN NEW.status IN ('resolved', 'abandoned') AND NEW.archived_at IS NULL AND NEW.props->>'kind' = 'recurring_obligation'
                      AND prop_time(NEW.props, 'next_due_at') IS NOT NULL
                 THEN coalesce((SELECT t.due_at FROM timers AS t
                                 WHERE t.tenant_id = NEW.tenant_id AND t.kind = 'obligation.next' AND t.node_id = NEW.id), NEW.recorded_at) END);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION arm_timers() IS 'obligation.next is due at once when a recurring obligation closes, and once only: what is closed again keeps its successor.';

CREATE TRIGGER nodes_armed_new AFTER INSERT ON nodes
    FOR EACH ROW WHEN (NEW.type IN ('turn_state', 'expectation')) EXECUTE FUNCTION arm_timers();
CREATE TRIGGER nodes_armed AFTER UPDATE ON nodes
    FOR EACH ROW WHEN (NEW.type IN ('turn_state', 'expectation') AND OLD.version <> NEW.version) EXECUTE FUNCTION arm_timers();

CREATE FUNCTION with_terms(answer jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    terms jsonb;
BEGIN
    IF NOT answer @? '$.nodes[*].type ? (@ == "turn_state" || @ == "conversation" || @ == "engagement")' THEN
        RETURN answer;
    END IF;
    WITH touched AS (
        SELECT (n->>'id')::uuid AS id, n->>'type' AS type FROM jsonb_array_elements(answer->'nodes') AS n
    ), conversations AS (
        SELECT t.id AS asked, t.id AS conversation FROM touched AS t WHERE t.type = 'conversation'
        UNION ALL
        SELECT t.id, h.from_id FROM touched AS t
          JOIN edges AS h ON h.tenant_id = (SELECT current_tenant()) AND h.to_id = t.id AND h.type = 'has_turn_state' AND h.valid_to IS NULL
         WHERE t.type = 'turn_state'
    ), engagements AS (
        SELECT t.id AS asked, t.id AS engagement FROM touched AS t WHERE t.type = 'engagement'
        UNION ALL
        SELECT c.asked, a.to_id FROM conversations AS c
          JOIN edges AS a ON a.tenant_id = (SELECT current_tenant()) AND a.from_id = c.conversation AND a.type = 'about' AND a.valid_to IS NULL
        UNION ALL
        SELECT c.asked, v.from_id FROM conversations AS c
          JOIN edges AS a ON a.tenant_id = (SELECT current_tenant()) AND a.from_id = c.conversation AND a.type = 'about' AND a.valid_to IS NULL
          JOIN edges AS v ON v.tenant_id = a.tenant_id AND v.to_id = a.to_id AND v.type = 'covers' AND v.valid_to IS NULL
    )
    -- The strictest, where a conversation is about more than one.
    SELECT jsonb_object_agg(s.asked, s.terms) INTO terms
      FROM (SELECT DISTINCT ON (e.asked) e.asked, jsonb_strip_nulls(jsonb_build_object(
                       'hours', prop_number(g.props, 'turnaround_sla_hours'), 'calendar', g.props->>'sla_calendar')) AS terms
              FROM engagements AS e
              JOIN nodes AS g ON g.tenant_id = (SELECT current_tenant()) AND g.id = e.engagement AND g.type = 'engagement' AND g.archived_at IS NULL
             WHERE g.props ? 'turnaround_sla_hours' AND g.status <> 'declined'
             ORDER BY e.asked, prop_number(g.props, 'turnaround_sla_hours')) AS s;
    RETURN CASE WHEN terms IS NULL THEN answer ELSE answer || jsonb_build_object('terms', terms) END;
END
$$;
COMMENT ON FUNCTION with_terms(jsonb) IS 'What touched answered, and the SLA that each turn state, conversation and engagement in it stands under: a turn state inherits it.';
