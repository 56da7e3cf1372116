-- Why: what a look answered was sent and parsed twice, for its row and for the ledger's event; the event takes it from the row's. What its task has read
-- from outside is written only where there is something.
-- Locks: none; a function is replaced.

CREATE OR REPLACE FUNCTION write_look(tenant text, actor text, reason text, causation text, correlation text, traceparent text, topic text, event text,
                                      told jsonb, run text, fence bigint, input jsonb, digest text, output jsonb, error jsonb, sources text[],
                                      turn text, first_of_turn boolean, began timestamptz)
    RETURNS boolean
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    ended    timestamptz := clock_timestamp();
    named    text := told->>'call_id';
    task     text := told->>'task_id';
    asked_by text;
    usd      numeric;
    examples text[];
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', reason, true),
            set_config('hq.causation', causation, true), set_config('hq.correlation', correlation, true),
            set_config('hq.traceparent', traceparent, true);
    INSERT INTO calls AS c (call_id, actor, session_id, task_id, run_id, fence, parent_id, tool, action, idempotency, input, input_digest,
                            status, output, error, audit_event_id, entered_by, started_at, finished_at, model, cost_usd,
                            retrieved_example_ids)
    SELECT named, actor, told->>'session_id', task, run, fence, told->>'parent_id', told->>'tool', told->>'action',
           'read', input, digest, told->>'status', output, error, told->>'audit_event_id', told->>'entered_by', began, ended,
           spent.model, CASE WHEN first_of_turn THEN spent.usd ELSE 0 END,
           (SELECT array_agg(DISTINCT found.id #>> '{}')
              FROM calls e, jsonb_path_query(e.output, '$.*[*].id') AS found (id)
             WHERE e.tenant_id = tenant AND e.task_id = task AND e.tool = 'hq_examples_find' AND e.status = 'done')
      FROM (SELECT max(m.model) AS model, coalesce(sum(coalesce(m.spent_usd, m.reserved_usd)), 0) AS usd
              FROM model_reservations m
             WHERE m.tenant_id = tenant AND m.session_id = told->>'session_id' AND starts_with(m.call_id, turn)) AS spent
        ON CONFLICT DO NOTHING
    RETURNING c.model, c.cost_usd, c.retrieved_example_ids INTO asked_by, usd, examples;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF cardinality(sources) > 0 THEN
        INSERT INTO run_taint (task_id, source, run_id, call_id)
        SELECT task, s.source, coalesce(run, task), named FROM unnest(sources) AS s (source)
            ON CONFLICT DO NOTHING;
    END IF;
    PERFORM outbox_append(topic, event, named, told
        || CASE WHEN told ? 'output' OR coalesce(error, output) IS NULL THEN '{}'
                ELSE jsonb_build_object('output', coalesce(error, output)) END
        || jsonb_build_object(
               'cost_usd', usd,
               'duration_ms', floor(1000 * extract(epoch FROM ended - began))::bigint,
               'at', to_char(ended AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || jsonb_strip_nulls(jsonb_build_object('model', asked_by, 'retrieved_example_ids', examples)));
    RETURN true;
END
$$;
COMMENT ON FUNCTION write_look(text, text, text, text, text, text, text, text, jsonb, text, bigint, jsonb, text, jsonb, jsonb, text[], text, boolean, timestamptz)
    IS 'Writes a call that only looked, as it ended, with its event; false, and nothing, when its id is taken: then that row is the answer. The event tells what was answered as the row keeps it, where told has no output of its own.';
