-- Why: of a full name the first name alone stayed where it is said to the person: "Hello Margaret" in our own reply. In what is linked to them it
-- goes now, written as a name is written; the other messages of their threads count as linked. Whoever asks for an erasure may name the person
-- in the reason, which history and the topics keep: there it is replaced before it is recorded.
-- Locks: none that a running fleet would notice.

CREATE FUNCTION first_names(names text[]) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT f.form
          FROM (SELECT CASE WHEN w.word LIKE '%,%' THEN trim(split_part(w.word, ',', 2)) ELSE w.word END FROM unnest(names) AS w(word)) AS n(name)
         CROSS JOIN LATERAL (SELECT (regexp_match(n.name, '^(?:(?:mrs?|ms|dra?|sra?|prof|eng)\.?\s+)*([[:alpha:]][[:alpha:]''-]{2,})', 'i'))[1]) AS g(first)
         CROSS JOIN LATERAL (VALUES (g.first), (initcap(g.first)), (upper(g.first))) AS f(form)
         WHERE f.form ~ '^[[:upper:]]'
         ORDER BY f.form);
END
$$;
COMMENT ON FUNCTION first_names(text[]) IS 'How the first of some full names are written when they stand alone: with a capital. Ana Costa and Costa, Dra. Ana are both Ana.';

CREATE FUNCTION json_words(words text[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    RETURN coalesce((SELECT string_agg(regexp_replace(substr(q.said, 2, length(q.said) - 2), '([.+*?^$(){}|\[\]\\-])', '\\\1', 'g'), '|')
                       FROM (SELECT to_jsonb(w.word)::text FROM unnest(words) AS w(word)) AS q(said)), '\Zx');
END
$$;
COMMENT ON FUNCTION json_words(text[]) IS 'A regular expression that finds any of some words in the text of a JSON, and more; a first look, which is quick.';

DROP FUNCTION without_traces(jsonb, text);
CREATE FUNCTION without_traces(given jsonb, traces text, names text DEFAULT '\Zx') RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    said text;
BEGIN
    CASE coalesce(jsonb_typeof(given), 'null')
        WHEN 'object' THEN
            RETURN (SELECT coalesce(jsonb_object_agg(regexp_replace(regexp_replace(m.key, traces, '[erased]', 'gi'), names, '[erased]', 'g'),
                                                     without_traces(m.value, traces, names)), '{}')
                      FROM jsonb_each(given) AS m);
        WHEN 'array' THEN
            RETURN (SELECT coalesce(jsonb_agg(without_traces(m.value, traces, names) ORDER BY m.place), '[]')
                      FROM jsonb_array_elements(given) WITH ORDINALITY AS m(value, place));
        WHEN 'string', 'number' THEN
            said := given #>> '{}';
            RETURN CASE WHEN said ~* traces OR said ~ names
                        THEN to_jsonb(regexp_replace(regexp_replace(said, traces, '[erased]', 'gi'), names, '[erased]', 'g')) ELSE given END;
        ELSE
            RETURN given;
    END CASE;
END
$$;
COMMENT ON FUNCTION without_traces(jsonb, text, text) IS 'A value with [erased] in the place of what two expressions find in its texts, numbers and keys; the second heeds capitals.';

-- Erases a person: the contact, others with the same address, what came from them, and their traces in what they took part in or are named in.
--   HQ008 it is not a person
CREATE OR REPLACE FUNCTION erase_person(tenant text, actor text, reason text, person uuid, mutation uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    exact      text[];
    names      text[];
    full_names text[];
    firsts     text[];
    people     uuid[] := ARRAY[person];
    linked     uuid[];
    spoken     uuid[];
    around     uuid[];
    theirs     uuid[];
    touched    uuid[];
    kept       uuid[];
    loose      text;
    loose_near text;
    anywhere   text;
    nearby     text;
    spoken_to  text;
    nothing    text := '\Zx';
    slugs_anywhere text;
    slugs_nearby   text;
    slugs_spoken   text;
    edges_n    integer;
    wiped_n    integer;
    redacted_n integer;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true),
            set_config('hq.mutation', mutation::text, true), set_config('hq.producer', '', true);
    IF NOT EXISTS (SELECT 1 FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = person AND n.type = 'contact') THEN
        RAISE EXCEPTION '% is not a contact', person USING ERRCODE = 'HQ008';
    END IF;

    -- Addresses and numbers name one person, also on another contact, and also those of earlier versions. Names do not.
    FOR pass IN 1..2 LOOP
        SELECT coalesce(array_agg(DISTINCT lower(v)), '{}') INTO exact
          FROM (SELECT unsealed(h.row) AS was FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.id = ANY (people)) AS versions
         CROSS JOIN LATERAL (
               SELECT was#>>'{props,email}' UNION ALL SELECT was#>>'{props,phone}' UNION ALL SELECT was#>>'{props,linkedin}'
               UNION ALL SELECT was->>'external_id' WHERE was->>'external_source' = 'email'
               UNION ALL SELECT jsonb_array_elements_text(coalesce(was#>'{props,emails}', '[]'))
               UNION ALL SELECT jsonb_array_elements_text(coalesce(was#>'{props,phones}', '[]'))) AS all_of(v)
         WHERE length(v) >= 6 AND v ~ '[[:alnum:]]';
        IF pass = 1 THEN
            SELECT array_agg(n.id ORDER BY n.id) INTO people
              FROM nodes AS n
             WHERE n.tenant_id = tenant AND n.type = 'contact'
               AND (n.id = person OR lower(n.props->>'email') = ANY (exact) OR (n.external_source = 'email' AND lower(n.external_id) = ANY (exact))
                    OR EXISTS (SELECT 1 FROM jsonb_array_elements_text(coalesce(n.props->'emails', '[]')) AS a(address) WHERE lower(a.address) = ANY (exact)));
        END IF;
    END LOOP;
    SELECT coalesce(array_agg(DISTINCT trim(v)), '{}') INTO names
      FROM (SELECT unsealed(h.row)#>>'{props,name}' AS v FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.id = ANY (people)) AS named
     WHERE length(trim(v)) >= 3 AND v ~ '[[:alnum:]]';
    full_names := ARRAY(SELECT w.word FROM unnest(names) AS w(word) WHERE w.word ~ '\s');
    firsts := first_names(full_names);

    -- A single name is many people's, and a first name a word besides: they are looked for only near this one, the latter as it is written.
    anywhere := whole_words(exact, false) || '|' || whole_words(full_names, true);
    nearby := whole_words(exact, false) || '|' || whole_words(names, true);
    spoken_to := whole_words(firsts, true);
    slugs_anywhere := whole_words(slug_forms(exact || full_names), false);
    slugs_nearby := whole_words(slug_forms(exact || names), false);
    slugs_spoken := whole_words(slug_forms(exact || names || firsts), false);
    -- What finds all of it in the text of a JSON, and more; a first look, which is quick.
    loose := json_words(exact || names);
    loose_near := json_words(exact || names || firsts);

    -- What they are linked to, the rest of their threads, and what hangs on the interactions among it.
    WITH near AS (
        SELECT n.id, n.type
          FROM (SELECT CASE WHEN e.to_id = ANY (people) THEN e.from_id ELSE e.to_id END AS id
                  FROM edges AS e WHERE e.tenant_id = tenant AND (e.from_id = ANY (people) OR e.to_id = ANY (people))) AS x
          JOIN nodes AS n ON n.tenant_id = tenant AND n.id = x.id
    ), threads AS (
        SELECT r.id FROM near AS r WHERE r.type = 'conversation'
        UNION
        SELECT e.to_id FROM near AS r JOIN edges AS e ON e.tenant_id = tenant AND e.from_id = r.id AND e.type = 'part_of' WHERE r.type = 'interaction'
    ), talks AS (
        SELECT r.id FROM near AS r WHERE r.type = 'interaction'
        UNION
        SELECT n.id FROM threads AS t
          JOIN edges AS e ON e.tenant_id = tenant AND e.to_id = t.id AND e.type = 'part_of'
          JOIN nodes AS n ON n.tenant_id = tenant AND n.id = e.from_id AND n.type = 'interaction'
    ), hanging AS (
        SELECT CASE WHEN e.to_id = i.id THEN e.from_id ELSE e.to_id END AS id
          FROM talks AS i JOIN edges AS e ON e.tenant_id = tenant AND (e.from_id = i.id OR e.to_id = i.id)
    )
    SELECT coalesce(array_agg(x.id), '{}') INTO linked
      FROM (SELECT r.id FROM near AS r UNION SELECT t.id FROM talks AS t UNION SELECT g.id FROM hanging AS g) AS x;
    -- Where people are spoken to and of. A company may be called Rosa and stand in the Rua Rosa; another contact has its own first name.
    spoken := ARRAY(SELECT n.id FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = ANY (linked) AND n.type NOT IN ('contact', 'entity'));

    -- Whoever asked for this may have said for whom, and that reason is kept for ever.
    PERFORM set_config('hq.reason', regexp_replace(regexp_replace(coalesce(reason, ''), nearby, '[erased]', 'gi'), slugs_spoken, '[erased]', 'gi'), true);

    -- With it whatever names them. What another contact is called is that one's own name.
    SELECT coalesce(array_agg(n.id ORDER BY n.id), '{}') INTO around
      FROM nodes AS n
     CROSS JOIN LATERAL (SELECT CASE WHEN n.type = 'contact' THEN n.props - 'name' ELSE n.props END AS said) AS s
     WHERE n.tenant_id = tenant AND NOT n.id = ANY (people) AND personal_props('node', n.type) <> '{}'
       AND (n.id = ANY (linked) OR (s.said::text ~* loose AND without_traces(s.said, anywhere) IS DISTINCT FROM s.said));

    SELECT coalesce(array_agg(DISTINCT n.id), '{}') INTO theirs
      FROM nodes AS n
     WHERE n.tenant_id = tenant AND n.id = ANY (around) AND n.type = 'interaction'
       AND (lower(n.props->>'from') = ANY (exact)
            OR EXISTS (SELECT 1 FROM edges AS e WHERE e.tenant_id = tenant AND e.from_id = n.id AND e.type = 'from' AND e.to_id = ANY (people)));
    SELECT coalesce(array_agg(DISTINCT x.id), '{}') INTO theirs
      FROM (SELECT unnest(theirs) UNION
            SELECT e.from_id
              FROM edges AS e JOIN nodes AS n ON n.tenant_id = tenant AND n.id = e.from_id
             WHERE e.tenant_id = tenant AND e.to_id = ANY (theirs) AND e.type = 'extracted_from' AND n.type <> 'contact'
               AND personal_props('node', n.type) <> '{}') AS x(id);
    SELECT coalesce(array_agg(n.id ORDER BY n.id), '{}') INTO kept
      FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = ANY (around || theirs || people) AND n.redaction_policy = 'retain';
    theirs := ARRAY(SELECT unnest(theirs || people) EXCEPT SELECT unnest(kept) ORDER BY 1);

    -- Of the rest, those that name them now or ever did.
    touched := ARRAY(
        SELECT n.id
          FROM nodes AS n
         WHERE n.tenant_id = tenant AND n.id = ANY (around) AND NOT n.id = ANY (theirs || kept)
           AND EXISTS (
               SELECT 1
                 FROM (SELECT unsealed(h.row) AS whole FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.id = n.id OFFSET 0) AS v
                CROSS JOIN LATERAL (SELECT CASE WHEN n.type = 'contact' THEN (v.whole->'props') - 'name' ELSE v.whole END AS said) AS s
                WHERE s.said::text ~* loose_near
                  AND without_traces(s.said, CASE WHEN n.id = ANY (linked) THEN nearby ELSE anywhere END,
                                     CASE WHEN n.id = ANY (spoken) THEN spoken_to ELSE nothing END)
                      IS DISTINCT FROM s.said)
         ORDER BY n.id);

    PERFORM 1 FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = ANY (theirs || touched) ORDER BY n.id FOR NO KEY UPDATE;
    DELETE FROM node_keys AS k WHERE k.tenant_id = tenant AND k.node_id = ANY (theirs || touched);

    UPDATE edges AS e SET props = e.props - personal_props('edge', e.type)
     WHERE e.tenant_id = tenant AND e.to_id = ANY (theirs) AND e.props ?| personal_props('edge', e.type);
    GET DIAGNOSTICS edges_n = ROW_COUNT;

    -- What edges say of those that live on was sealed with their keys, too.
    PERFORM set_config('hq.reseal', 'on', true);
    UPDATE edges AS e
       SET props = (SELECT jsonb_object_agg(m.key, CASE WHEN m.key = ANY (personal_props('edge', e.type)) THEN without_traces(m.value, anywhere) ELSE m.value END)
                      FROM jsonb_each(e.props) AS m)
     WHERE e.tenant_id = tenant AND e.to_id = ANY (touched) AND e.props ?| personal_props('edge', e.type);
    PERFORM set_config('hq.reseal', '', true);

    UPDATE nodes AS n
       SET slug = 'erased-' || n.id, external_source = NULL, external_id = NULL, tags = '{}', language = 'simple',
           -- Always another version: what is sealed under a key that is destroyed is never the last that was told of a node.
           redaction_policy = CASE WHEN n.redaction_policy LIKE 'erased%' THEN 'erased:' || mutation ELSE 'erased' END,
           archived_at = CASE WHEN n.id = ANY (people) THEN coalesce(n.archived_at, clock_timestamp()) ELSE n.archived_at END,
           props = (n.props - personal_props('node', n.type)) || CASE WHEN n.props ? 'body_md' THEN '{"body_md": "[erased]"}'::jsonb ELSE '{}' END
     WHERE n.tenant_id = tenant AND n.id = ANY (theirs);
    GET DIAGNOSTICS wiped_n = ROW_COUNT;

    UPDATE nodes AS n
       SET slug = CASE WHEN n.type <> 'contact' AND (n.slug ~* p.traces OR n.slug ~* p.slugs) THEN 'erased-' || n.id ELSE n.slug END,
           tags = ARRAY(SELECT t.tag FROM unnest(n.tags) WITH ORDINALITY AS t(tag, place) WHERE t.tag !~* p.traces AND t.tag !~* p.slugs ORDER BY t.place),
           redaction_policy = 'redacted:' || mutation,
           props = (SELECT coalesce(jsonb_object_agg(m.key, CASE WHEN m.key = ANY (personal_props('node', n.type)) AND NOT (n.type = 'contact' AND m.key = 'name')
                                                                 THEN without_traces(m.value, p.traces, p.names) ELSE m.value END), '{}')
                      FROM jsonb_each(n.props) AS m)
      FROM (SELECT i.id, CASE WHEN i.id = ANY (linked) THEN nearby ELSE anywhere END AS traces,
                   CASE WHEN i.id = ANY (spoken) THEN spoken_to ELSE nothing END AS names,
                   CASE WHEN i.id = ANY (spoken) THEN slugs_spoken WHEN i.id = ANY (linked) THEN slugs_nearby ELSE slugs_anywhere END AS slugs
              FROM unnest(touched) AS i(id)) AS p
     WHERE n.tenant_id = tenant AND n.id = p.id;
    GET DIAGNOSTICS redacted_n = ROW_COUNT;

    -- Events that were published name them in the clear; their topics keep them for thirty days, the outbox need not.
    DELETE FROM outbox AS o USING relay_position AS r
     WHERE o.tenant_id = tenant AND o.topic NOT LIKE 'graph.%' AND pg_visible_in_snapshot(o.xid, r.snapshot::pg_snapshot)
       AND (o.key = ANY ((theirs || touched)::text[]) OR o.payload::text ~ array_to_string(people, '|')
            OR (jsonb_build_array(o.payload, o.headers->'reason')::text ~* loose
                AND without_traces(jsonb_build_array(o.payload, o.headers->'reason'), anywhere)
                    IS DISTINCT FROM jsonb_build_array(o.payload, o.headers->'reason')));
    DELETE FROM idempotency_keys AS k
     WHERE k.tenant_id = tenant
       AND (k.response::text ~ coalesce(nullif(array_to_string(theirs || touched, '|'), ''), '\Zx')
            OR (k.response::text ~* loose AND without_traces(k.response, anywhere) IS DISTINCT FROM k.response));

    RETURN jsonb_build_object('erased', wiped_n, 'redacted', redacted_n, 'edges', edges_n, 'retained', to_jsonb(kept));
END
$$;
