-- Why: a person who is erased a second time lost the keys of what was recorded the first time, and got no version under a new one: the replay of
-- the topics no longer led to the live rows. The function is that of V0015 but for the redaction policy of what is emptied.
-- Locks: none that a running fleet would notice.

-- Erases a person: the contact, others with the same address, what came from them, and their traces in what they took part in.
--   HQ008 it is not a person
CREATE OR REPLACE FUNCTION erase_person(tenant text, actor text, reason text, person uuid, mutation uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    exact     text[];
    traces    text[];
    names     text[];
    people    uuid[];
    around    uuid[];
    theirs    uuid[];
    touched   uuid[];
    kept      uuid[];
    pattern   text;
    edges_n   integer;
    wiped_n   integer;
    redacted_n integer;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true),
            set_config('hq.mutation', mutation::text, true), set_config('hq.producer', '', true);
    IF NOT EXISTS (SELECT 1 FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = person AND n.type = 'contact') THEN
        RAISE EXCEPTION '% is not a contact', person USING ERRCODE = 'HQ008';
    END IF;

    -- Addresses and numbers name one person, also on another contact, and also those of earlier versions. Names do not.
    SELECT array_agg(DISTINCT lower(v)) INTO exact
      FROM (SELECT unsealed(h.row) AS was FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.id = person) AS versions
     CROSS JOIN LATERAL (
           SELECT was#>>'{props,email}' UNION ALL SELECT was#>>'{props,phone}' UNION ALL SELECT was#>>'{props,linkedin}'
           UNION ALL SELECT was->>'external_id' WHERE was->>'external_source' = 'email'
           UNION ALL SELECT jsonb_array_elements_text(coalesce(was#>'{props,emails}', '[]'))
           UNION ALL SELECT jsonb_array_elements_text(coalesce(was#>'{props,phones}', '[]'))) AS all_of(v)
     WHERE length(v) >= 6;
    exact := coalesce(exact, '{}');
    SELECT array_agg(n.id ORDER BY n.id) INTO people
      FROM nodes AS n
     WHERE n.tenant_id = tenant AND n.type = 'contact'
       AND (n.id = person OR lower(n.props->>'email') = ANY (exact) OR (n.external_source = 'email' AND lower(n.external_id) = ANY (exact)));
    SELECT array_agg(DISTINCT v) INTO names
      FROM (SELECT unsealed(h.row)#>>'{props,name}' AS v FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.id = ANY (people)) AS named
     WHERE length(v) >= 3;

    SELECT array_agg(regexp_replace(trim(BOTH '"' FROM to_jsonb(t)::text), '([.+*?^$(){}|\[\]\\-])', '\\\1', 'g')) INTO traces FROM unnest(exact || coalesce(names, '{}')) AS t;
    traces := coalesce(traces, '{}');
    pattern := array_to_string(traces || people::text[], '|');

    -- What they are linked to, and what hangs on the interactions among it; and whatever names them.
    WITH near AS (
        SELECT CASE WHEN e.to_id = ANY (people) THEN e.from_id ELSE e.to_id END AS id
          FROM edges AS e WHERE e.tenant_id = tenant AND (e.from_id = ANY (people) OR e.to_id = ANY (people))
    ), hanging AS (
        SELECT CASE WHEN e.to_id = i.id THEN e.from_id ELSE e.to_id END AS id
          FROM near AS i JOIN nodes AS n ON n.tenant_id = tenant AND n.id = i.id AND n.type = 'interaction'
          JOIN edges AS e ON e.tenant_id = tenant AND (e.from_id = i.id OR e.to_id = i.id)
    )
    SELECT array_agg(n.id ORDER BY n.id) INTO around
      FROM nodes AS n
     WHERE n.tenant_id = tenant AND n.type <> 'contact' AND personal_props('node', n.type) <> '{}'
       AND (n.id IN (SELECT id FROM near UNION SELECT id FROM hanging) OR (cardinality(traces) > 0 AND n.props::text ~* array_to_string(traces, '|')));
    around := coalesce(around, '{}');

    SELECT array_agg(DISTINCT n.id) INTO theirs
      FROM nodes AS n
     WHERE n.tenant_id = tenant AND n.id = ANY (around) AND n.type = 'interaction'
       AND (lower(n.props->>'from') = ANY (exact)
            OR EXISTS (SELECT 1 FROM edges AS e WHERE e.tenant_id = tenant AND e.from_id = n.id AND e.type = 'from' AND e.to_id = ANY (people)));
    SELECT coalesce(array_agg(DISTINCT id), '{}') INTO theirs
      FROM (SELECT unnest(theirs) UNION
            SELECT e.from_id FROM edges AS e
             WHERE e.tenant_id = tenant AND e.to_id = ANY (theirs) AND e.type = 'extracted_from' AND e.from_id = ANY (around)) AS x(id);
    SELECT coalesce(array_agg(n.id ORDER BY n.id), '{}') INTO kept
      FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = ANY (around || people) AND n.redaction_policy = 'retain';
    theirs := ARRAY(SELECT unnest(theirs || people) EXCEPT SELECT unnest(kept) ORDER BY 1);

    -- Of the rest, those that name them now or ever did.
    touched := ARRAY(
        SELECT n.id FROM nodes AS n
         WHERE n.tenant_id = tenant AND n.id = ANY (around) AND NOT n.id = ANY (theirs || kept) AND cardinality(traces) > 0
           AND EXISTS (SELECT 1 FROM history_nodes AS h
                        WHERE h.tenant_id = tenant AND h.id = n.id AND unsealed(h.row)::text ~* array_to_string(traces, '|'))
         ORDER BY n.id);

    PERFORM 1 FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = ANY (theirs || touched) ORDER BY n.id FOR NO KEY UPDATE;
    DELETE FROM node_keys AS k WHERE k.tenant_id = tenant AND k.node_id = ANY (theirs || touched);

    UPDATE edges AS e SET props = e.props - personal_props('edge', e.type)
     WHERE e.tenant_id = tenant AND e.to_id = ANY (theirs) AND e.props ?| personal_props('edge', e.type);
    GET DIAGNOSTICS edges_n = ROW_COUNT;

    UPDATE nodes AS n
       SET slug = 'erased-' || n.id, external_source = NULL, external_id = NULL, tags = '{}', language = 'simple',
           -- Always another version: what is sealed under a key that is destroyed is never the last that was told of a node.
           redaction_policy = CASE WHEN n.redaction_policy LIKE 'erased%' THEN 'erased:' || mutation ELSE 'erased' END,
           archived_at = CASE WHEN n.id = ANY (people) THEN coalesce(n.archived_at, clock_timestamp()) ELSE n.archived_at END,
           props = (n.props - personal_props('node', n.type)) || CASE WHEN n.props ? 'body_md' THEN '{"body_md": "[erased]"}'::jsonb ELSE '{}' END
     WHERE n.tenant_id = tenant AND n.id = ANY (theirs);
    GET DIAGNOSTICS wiped_n = ROW_COUNT;

    UPDATE nodes AS n
       SET slug = CASE WHEN n.slug ~* array_to_string(traces || slugged.forms, '|') THEN 'erased-' || n.id ELSE n.slug END,
           tags = ARRAY(SELECT t FROM unnest(n.tags) AS t WHERE t !~* array_to_string(traces, '|')),
           redaction_policy = 'redacted:' || mutation,
           props = (SELECT coalesce(jsonb_object_agg(p.key, CASE WHEN p.key = ANY (personal_props('node', n.type)) THEN without_traces(p.value, traces) ELSE p.value END), '{}')
                      FROM jsonb_each(n.props) AS p)
      FROM (SELECT ARRAY(SELECT trim(BOTH '-' FROM regexp_replace(lower(public.unaccent(x)), '[^a-z0-9]+', '-', 'g')) FROM unnest(exact || coalesce(names, '{}')) AS x) AS forms) AS slugged
     WHERE n.tenant_id = tenant AND n.id = ANY (touched);
    GET DIAGNOSTICS redacted_n = ROW_COUNT;

    -- Events that were published name them in the clear; their topics keep them for thirty days, the outbox need not.
    DELETE FROM outbox AS o USING relay_position AS p
     WHERE o.tenant_id = tenant AND o.topic NOT LIKE 'graph.%' AND pg_visible_in_snapshot(o.xid, p.snapshot::pg_snapshot)
       AND (o.key = ANY ((theirs || touched)::text[]) OR o.payload::text ~* pattern);
    DELETE FROM idempotency_keys AS k
     WHERE k.tenant_id = tenant AND k.response::text ~* array_to_string(traces || (theirs || touched)::text[], '|');

    RETURN jsonb_build_object('erased', wiped_n, 'redacted', redacted_n, 'edges', edges_n, 'retained', to_jsonb(kept));
END
$$;
