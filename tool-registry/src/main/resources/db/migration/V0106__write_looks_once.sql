-- Why: a call that only looks into the company's own records has no effect that an INTENT could protect. What speaks for or against a call is asked for
-- in one trip, and such a call is written in one, when it has ended: its row, what its task has read and the ledger's event, all or none (ADR 23).
-- Locks: creates only.

CREATE FUNCTION standing(tenant text, wanted_call text, wanted_run text, wanted_role text, wanted_tool text)
    RETURNS TABLE (known boolean, run_role text, run_fence bigint, run_asks boolean, run_tasks text[], run_current boolean,
                   asked boolean, gate_code text, gate_reason text, at timestamptz)
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM set_config('hq.tenant', tenant, true);
    RETURN QUERY
    SELECT EXISTS (SELECT 1 FROM calls c WHERE c.tenant_id = tenant AND c.call_id = wanted_call),
           r.role, r.fence, r.kind = 'ask', r.task_ids,
           r.closed_at IS NULL AND r.expires_at > clock_timestamp() AND (r.kind = 'ask' OR r.fence = f.fence),
           EXISTS (SELECT 1 FROM curations u
                    WHERE u.tenant_id = tenant AND u.role = wanted_role
                      AND (wanted_tool = ANY (u.tools)
                           OR EXISTS (SELECT 1 FROM grants g
                                       WHERE g.tenant_id = tenant AND g.role = wanted_role AND g.tool = wanted_tool AND g.revoked_at IS NULL))),
           closed.code, closed.reason, clock_timestamp()
      FROM (SELECT 1) AS one
      LEFT JOIN runs r ON r.tenant_id = tenant AND r.run_id = wanted_run
      LEFT JOIN fences f ON f.tenant_id = r.tenant_id AND f.role = r.role
      LEFT JOIN LATERAL (SELECT a.code, a.reason FROM agent_gates a
                          WHERE a.tenant_id = tenant AND a.role = wanted_role ORDER BY a.closed_at LIMIT 1) AS closed ON true;
END
$$;
COMMENT ON FUNCTION standing(text, text, text, text, text) IS 'What the checks of a call rest on: whether its id is taken, its run, whether its tool was asked for, and the gate that stands before its role.';

CREATE FUNCTION write_look(tenant text, actor text, reason text, causation text, correlation text, traceparent text, topic text, event text,
                           told jsonb, run text, fence bigint, input jsonb, digest text, output jsonb, error jsonb, sources text[],
                           turn text, first_of_turn boolean, began timestamptz)
    RETURNS boolean
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    ended calls%ROWTYPE;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', reason, true),
            set_config('hq.causation', causation, true), set_config('hq.correlation', correlation, true),
            set_config('hq.traceparent', traceparent, true);
    INSERT INTO calls AS c (call_id, actor, session_id, task_id, run_id, fence, parent_id, tool, action, idempotency, input, input_digest,
                            status, output, error, audit_event_id, entered_by, started_at, finished_at, model, cost_usd,
                            retrieved_example_ids)
    SELECT told->>'call_id', actor, told->>'session_id', told->>'task_id', run, fence, told->>'parent_id', told->>'tool', told->>'action',
           'read', input, digest, told->>'status', output, error, told->>'audit_event_id', told->>'entered_by', began, clock_timestamp(),
           spent.model, CASE WHEN first_of_turn THEN spent.usd ELSE 0 END,
           (SELECT array_agg(DISTINCT found.id #>> '{}')
              FROM calls e, jsonb_path_query(e.output, '$.*[*].id') AS found (id)
             WHERE e.tenant_id = tenant AND e.task_id = told->>'task_id' AND e.tool = 'hq_examples_find' AND e.status = 'done')
      FROM (SELECT max(m.model) AS model, coalesce(sum(coalesce(m.spent_usd, m.reserved_usd)), 0) AS usd
              FROM model_reservations m
             WHERE m.tenant_id = tenant AND m.session_id = told->>'session_id' AND starts_with(m.call_id, turn)) AS spent
        ON CONFLICT DO NOTHING
    RETURNING c.* INTO ended;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO run_taint (task_id, source, run_id, call_id)
    SELECT ended.task_id, s.source, coalesce(run, ended.task_id), ended.call_id FROM unnest(sources) AS s (source)
        ON CONFLICT DO NOTHING;
    PERFORM outbox_append(topic, event, ended.call_id, told
        || jsonb_build_object(
               'cost_usd', ended.cost_usd,
               'duration_ms', floor(1000 * extract(epoch FROM ended.finished_at - ended.started_at))::bigint,
               'at', to_char(ended.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || jsonb_strip_nulls(jsonb_build_object('model', ended.model, 'retrieved_example_ids', ended.retrieved_example_ids)));
    RETURN true;
END
$$;
COMMENT ON FUNCTION write_look(text, text, text, text, text, text, text, text, jsonb, text, bigint, jsonb, text, jsonb, jsonb, text[], text, boolean, timestamptz)
    IS 'Writes a call that only looked, as it ended, with its event; false, and nothing, when its id is taken: then that row is the answer.';
