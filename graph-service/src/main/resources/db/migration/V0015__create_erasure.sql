-- Why: a person's data can be erased although history, outbox and the change topics keep for ever what they hold (ADR 10): there it is only
-- ever enciphered, each node's under a key of its own, and erasing is destroying the key.
-- Locks: creates only; replaces functions. What was recorded before this migration stays as it was recorded.

CREATE TABLE node_keys (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    node_id    uuid        NOT NULL,
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    key        bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT node_keys_pk PRIMARY KEY (tenant_id, node_id),
    CONSTRAINT node_keys_length CHECK (octet_length(key) = 32)
);
COMMENT ON COLUMN node_keys.id IS 'Which of a node''s keys it is: what was sealed with an earlier one stays closed.';
COMMENT ON TABLE node_keys IS 'What opens the personal part of a node''s history. The service cannot read it; a row that is gone opens nothing ever again.';
CALL secure_table('node_keys');
REVOKE ALL ON node_keys FROM ${schema};
CREATE INDEX types_named ON types (tenant_id, kind, name, revision);

CREATE FUNCTION personal_props(kind text, type text) RETURNS text[]
    -- Not in SQL: that would be planned again for each row of a write.
    LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_variable
DECLARE
    everybodys text[] := CASE kind || ' ' || type
        WHEN 'node agent_handover_memo' THEN ARRAY['body_md']
        WHEN 'node agent_session' THEN ARRAY['snapshot_md', 'task_summary_md']
        WHEN 'node contact' THEN ARRAY['birthday', 'department', 'email', 'emails', 'job_title', 'linkedin', 'name', 'notes_md', 'phone', 'phones']
        WHEN 'node conversation' THEN ARRAY['participants', 'root_message_id', 'subject', 'summary']
        WHEN 'node document' THEN ARRAY['summary', 'text']
        WHEN 'node entity' THEN ARRAY['address', 'billing_email']
        WHEN 'node event' THEN ARRAY['attendees']
        WHEN 'node intent' THEN ARRAY['evidence_span', 'summary']
        WHEN 'node interaction' THEN ARRAY['bcc', 'body_md', 'body_text', 'cc', 'from', 'from_name', 'in_reply_to', 'location', 'message_id', 'participants', 'references', 'reply_text', 'reply_to', 'subject', 'summary', 'to', 'transcript_md']
        WHEN 'node memory_entry' THEN ARRAY['body_md']
        WHEN 'node proposal' THEN ARRAY['arguments', 'result', 'summary']
        WHEN 'node reasoning_trace' THEN ARRAY['notes_md', 'output_md']
        WHEN 'node review' THEN ARRAY['note', 'question_text']
        WHEN 'node shopify_order' THEN ARRAY['customer_email', 'customer_name']
        WHEN 'node success_example' THEN ARRAY['draft_md', 'final_md', 'situation_md']
        WHEN 'node triage_decision' THEN ARRAY['actual', 'proposed']
        WHEN 'edge cc' THEN ARRAY['address', 'display_name']
        WHEN 'edge from' THEN ARRAY['address', 'display_name']
        WHEN 'edge has_participant' THEN ARRAY['address', 'display_name']
        WHEN 'edge to' THEN ARRAY['address', 'display_name']
        ELSE '{}'::text[] END;
    own jsonb;
BEGIN
    SELECT t.schema->'properties' INTO own FROM types AS t
     WHERE t.tenant_id = current_tenant() AND t.kind = kind AND t.name = type
     ORDER BY t.revision DESC LIMIT 1;
    IF own IS NULL THEN
        RETURN everybodys;
    END IF;
    RETURN everybodys || ARRAY(SELECT p.key FROM jsonb_each(own) AS p WHERE p.value->>'x-sensitivity' = 'personal' ORDER BY p.key);
END
$$;
COMMENT ON FUNCTION personal_props(text, text) IS 'The props that a type tags personal; a test holds it to the files of the types.';

-- Only the functions of the owner can use what follows: node_keys is theirs alone.
CREATE FUNCTION sealed(whole jsonb, holder uuid, personal text[], names boolean) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
DECLARE
    secret jsonb;
    used   record;
    iv     bytea := public.gen_random_bytes(16);
BEGIN
    IF personal = '{}' THEN
        RETURN whole;
    END IF;
    SELECT jsonb_build_object('props', jsonb_object_agg(p.key, p.value)) INTO secret FROM jsonb_each(whole->'props') AS p WHERE p.key = ANY (personal);
    IF names THEN
        -- What a node is called is made of what it says.
        SELECT secret || jsonb_object_agg(m.key, m.value) INTO secret FROM jsonb_each(whole) AS m WHERE m.key IN ('slug', 'external_id', 'tags');
    ELSIF secret->'props' = 'null' THEN
        RETURN whole;
    END IF;
    FOR i IN 1..2 LOOP
        -- Locked: an erasure waits for who seals with this key, and who comes after it gets another.
        SELECT k.id, k.key INTO used FROM node_keys AS k WHERE k.tenant_id = current_tenant() AND k.node_id = holder FOR KEY SHARE;
        EXIT WHEN FOUND;
        INSERT INTO node_keys (node_id, key) VALUES (holder, public.gen_random_bytes(32)) ON CONFLICT DO NOTHING RETURNING id, key INTO used;
        EXIT WHEN FOUND;
    END LOOP;
    IF used.id IS NULL THEN
        RAISE EXCEPTION 'the key of % is being destroyed', holder USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN (whole - ARRAY['slug', 'external_id', 'tags']) || CASE WHEN names THEN '{}' ELSE whole - 'props' END
        || jsonb_build_object('props', (whole->'props') - personal, 'sealed', used.id || ':' || translate(
               encode(iv || public.encrypt_iv(convert_to(secret::text, 'UTF8'), used.key, iv, 'aes-cbc/pad:pkcs'), 'base64'), E'\n', ''));
END
$$;
COMMENT ON FUNCTION sealed(jsonb, uuid, text[], boolean) IS 'A row as history and topics keep it: what is personal only under the key of a node.';

CREATE FUNCTION unsealed(whole jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp
AS $$
DECLARE
    seal   text := whole->>'sealed';
    box    bytea;
    opener bytea;
    secret jsonb;
BEGIN
    IF seal IS NULL THEN
        RETURN whole;
    END IF;
    SELECT k.key INTO opener FROM node_keys AS k
     WHERE k.tenant_id = current_tenant() AND k.node_id = coalesce(whole->>'to_id', whole->>'id')::uuid AND k.id = split_part(seal, ':', 1)::uuid;
    IF opener IS NULL THEN
        RETURN (whole - 'sealed') || '{"erased": true}'
            || CASE WHEN whole ? 'from_id' THEN '{}'::jsonb ELSE jsonb_build_object('slug', 'erased-' || (whole->>'id'), 'tags', '[]'::jsonb) END;
    END IF;
    box := decode(split_part(seal, ':', 2), 'base64');
    secret := convert_from(public.decrypt_iv(substring(box FROM 17), opener, substring(box FROM 1 FOR 16), 'aes-cbc/pad:pkcs'), 'UTF8')::jsonb;
    RETURN (whole - 'sealed') || (secret - 'props')
        || jsonb_build_object('props', (whole->'props') || CASE WHEN secret->'props' = 'null' THEN '{}' ELSE secret->'props' END);
END
$$;
COMMENT ON FUNCTION unsealed(jsonb) IS 'A row of this tenant as it was before it was sealed; without its personal part, and marked erased, when the key is gone.';

CREATE OR REPLACE FUNCTION record_node() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    change    text := 'update';
    producer  uuid := NEW.producer_id;
    whole     jsonb := sealed(node_row(NEW), NEW.id, personal_props('node', NEW.type), true);
    recorded  bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        change := 'insert';
    ELSE
        producer := coalesce(nullif(current_setting('hq.producer', true), '')::uuid, NEW.producer_id);
        IF OLD.archived_at IS NULL AND NEW.archived_at IS NOT NULL THEN
            change := 'archive';
        END IF;
    END IF;
    INSERT INTO history_nodes (tenant_id, id, recorded_at, version, op, actor, reason, producer_id, mutation_id, valid_from, valid_to, row)
    VALUES (NEW.tenant_id, NEW.id, NEW.recorded_at, NEW.version, change, current_actor(NEW.tenant_id),
            nullif(current_setting('hq.reason', true), ''), producer, nullif(current_setting('hq.mutation', true), '')::uuid,
            NEW.valid_from, NEW.valid_to, whole)
    RETURNING history_id INTO recorded;
    PERFORM outbox_append('hq.graph.nodes', 'graph.node.changed', NEW.id::text, jsonb_build_object(
        'op', change, 'id', NEW.id, 'version', NEW.version, 'history_id', recorded, 'recorded_at', NEW.recorded_at, 'row', whole), NEW.type);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION record_edge() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    change    text := 'update';
    producer  uuid := NEW.producer_id;
    -- What an edge says of a person is said of the one it leads to.
    whole     jsonb := sealed(edge_row(NEW), NEW.to_id, personal_props('edge', NEW.type), false);
    recorded  bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        change := 'insert';
    ELSE
        producer := coalesce(nullif(current_setting('hq.producer', true), '')::uuid, NEW.producer_id);
        IF OLD.valid_to IS NULL AND NEW.valid_to IS NOT NULL THEN
            change := 'archive';
        END IF;
    END IF;
    INSERT INTO history_edges (tenant_id, id, recorded_at, version, op, actor, reason, producer_id, mutation_id, type, from_id, to_id, valid_from, valid_to, row)
    VALUES (NEW.tenant_id, NEW.id, NEW.recorded_at, NEW.version, change, current_actor(NEW.tenant_id),
            nullif(current_setting('hq.reason', true), ''), producer, nullif(current_setting('hq.mutation', true), '')::uuid,
            NEW.type, NEW.from_id, NEW.to_id, NEW.valid_from, NEW.valid_to, whole)
    RETURNING history_id INTO recorded;
    PERFORM outbox_append('hq.graph.edges', 'graph.edge.changed', NEW.id::text, jsonb_build_object(
        'op', change, 'id', NEW.id, 'version', NEW.version, 'history_id', recorded, 'recorded_at', NEW.recorded_at, 'row', whole), NEW.type);
    RETURN NULL;
END
$$;

-- Readers of history open what they read.
CREATE OR REPLACE FUNCTION scratch_differences(run uuid) RETURNS TABLE (kind text, id uuid, live integer, replayed integer)
    LANGUAGE sql STABLE SET timezone = 'UTC'
AS $$
    SELECT 'node', coalesce(n.id, s.id), n.version, s.version
      FROM nodes AS n
      FULL JOIN (SELECT * FROM scratch_rows AS r WHERE r.run_id = run AND r.kind = 'node') AS s ON s.tenant_id = n.tenant_id AND s.id = n.id
     WHERE node_row(n) IS DISTINCT FROM unsealed(s.row)
    UNION ALL
    SELECT 'edge', coalesce(e.id, s.id), e.version, s.version
      FROM edges AS e
      FULL JOIN (SELECT * FROM scratch_rows AS r WHERE r.run_id = run AND r.kind = 'edge') AS s ON s.tenant_id = e.tenant_id AND s.id = e.id
     WHERE edge_row(e) IS DISTINCT FROM unsealed(s.row)
$$;

CREATE OR REPLACE FUNCTION node_as_of(node uuid, known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, recorded_at timestamptz, "row" jsonb)
    LANGUAGE sql STABLE
AS $$
    SELECT s.id, s.recorded_at, unsealed(s.row)
      FROM (SELECT h.id, h.recorded_at, h.valid_from, h.row
              FROM history_nodes AS h
             WHERE h.tenant_id = (SELECT current_tenant()) AND h.id = node AND h.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
               AND (valid IS NULL OR (h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid)))
             ORDER BY h.recorded_at DESC
             LIMIT 1) AS s
     WHERE valid IS NULL
        OR (SELECT x.valid_from FROM history_nodes AS x
             WHERE x.tenant_id = (SELECT current_tenant()) AND x.id = s.id AND x.recorded_at > s.recorded_at AND x.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
             ORDER BY x.recorded_at LIMIT 1) IS DISTINCT FROM s.valid_from
$$;

CREATE OR REPLACE FUNCTION edges_of(node uuid, known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, type text, from_id uuid, to_id uuid, version integer, valid_from timestamptz, valid_to timestamptz, "row" jsonb)
    LANGUAGE sql STABLE
AS $$
    SELECT s.id, s.type, s.from_id, s.to_id, s.version, s.valid_from, s.valid_to, unsealed(s.row)
      FROM (SELECT DISTINCT ON (h.id) h.id, h.type, h.from_id, h.to_id, h.version, h.valid_from, h.valid_to, h.row, h.recorded_at
              FROM (SELECT * FROM history_edges AS f
                     WHERE f.tenant_id = (SELECT current_tenant()) AND f.from_id = node AND f.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
                    UNION ALL
                    SELECT * FROM history_edges AS t
                     WHERE t.tenant_id = (SELECT current_tenant()) AND t.to_id = node AND t.from_id <> node
                       AND t.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END) AS h
             WHERE valid IS NULL OR (h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid))
             ORDER BY h.id, h.recorded_at DESC) AS s
     WHERE valid IS NULL
        OR (SELECT x.valid_from FROM history_edges AS x
             WHERE x.tenant_id = (SELECT current_tenant()) AND x.id = s.id AND x.recorded_at > s.recorded_at AND x.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
             ORDER BY x.recorded_at LIMIT 1) IS DISTINCT FROM s.valid_from
$$;

CREATE OR REPLACE FUNCTION nodes_as_of(known timestamptz, valid timestamptz)
    RETURNS TABLE (id uuid, type text, slug text, title text, status text, priority text, occurred_at timestamptz, archived_at timestamptz, props jsonb,
                   tags text[], producer_id uuid, owner_id uuid, external_source text, external_id text, valid_from timestamptz, valid_to timestamptz,
                   version integer, tainted boolean, confidence real, created_at timestamptz, updated_at timestamptz, recorded_at timestamptz,
                   full_text tsvector)
    LANGUAGE sql STABLE
AS $$
    SELECT s.id, n.type, n.slug, node_title(n.slug, n.props), n.status, n.priority, n.occurred_at, n.archived_at, n.props, n.tags, n.producer_id,
           n.owner_id, n.external_source, n.external_id, n.valid_from, n.valid_to, n.version, n.tainted, n.confidence, n.created_at, n.updated_at,
           n.recorded_at, node_full_text(n.language, n.slug, n.props, n.tags)
      FROM (SELECT DISTINCT ON (h.id) h.id, h.recorded_at, h.valid_from, h.row
              FROM history_nodes AS h
             WHERE h.tenant_id = (SELECT current_tenant()) AND h.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
               AND (valid IS NULL OR (h.valid_from <= valid AND (h.valid_to IS NULL OR h.valid_to > valid)))
             ORDER BY h.id DESC, h.recorded_at DESC) AS s
     CROSS JOIN LATERAL jsonb_populate_record(NULL::nodes, unsealed(s.row)) AS n
     WHERE valid IS NULL
        OR (SELECT x.valid_from FROM history_nodes AS x
             WHERE x.tenant_id = (SELECT current_tenant()) AND x.id = s.id AND x.recorded_at > s.recorded_at AND x.recorded_at <= CASE WHEN known IS NULL THEN 'infinity' ELSE known END
             ORDER BY x.recorded_at LIMIT 1) IS DISTINCT FROM s.valid_from
$$;

CREATE OR REPLACE FUNCTION roll_back(tenant text, actor text, reason text, mutation uuid, undo uuid, bounds jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    changed  record;
    before   jsonb;
    was      nodes;
    held     edges;
    crowded  text;
    nodes_n  integer := 0;
    edges_n  integer := 0;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true),
            set_config('hq.mutation', undo::text, true), set_config('hq.producer', '', true);

    FOR changed IN
        SELECT h.id, min(h.version) AS first, max(h.version) AS last, min(h.recorded_at) AS since
          FROM history_nodes AS h WHERE h.tenant_id = tenant AND h.mutation_id = mutation GROUP BY h.id ORDER BY h.id
    LOOP
        SELECT * INTO was FROM nodes AS n WHERE n.tenant_id = tenant AND n.id = changed.id FOR NO KEY UPDATE;
        IF was.version <> changed.last THEN
            RAISE EXCEPTION 'node % is at version %, the mutation left it at %', was.slug, was.version, changed.last
                USING ERRCODE = 'HQ007', DETAIL = changed.id::text;
        END IF;
        nodes_n := nodes_n + 1;
        IF changed.first = 1 THEN
            -- What it made cannot be unmade: it is archived, with its history.
            UPDATE nodes AS n SET archived_at = coalesce(n.archived_at, clock_timestamp()) WHERE n.tenant_id = tenant AND n.id = changed.id;
        ELSE
            SELECT unsealed(h.row) INTO before FROM history_nodes AS h
             WHERE h.tenant_id = tenant AND h.id = changed.id AND h.recorded_at < changed.since ORDER BY h.recorded_at DESC LIMIT 1;
            IF before ? 'erased' THEN
                RAISE EXCEPTION 'node % has been erased', changed.id USING ERRCODE = 'HQ007', DETAIL = changed.id::text;
            END IF;
            was := jsonb_populate_record(NULL::nodes, before);
            UPDATE nodes AS n
               SET slug = was.slug, status = was.status, priority = was.priority, occurred_at = was.occurred_at, archived_at = was.archived_at,
                   props = was.props, tags = was.tags, producer_id = was.producer_id, owner_id = was.owner_id,
                   external_source = was.external_source, external_id = was.external_id, valid_from = was.valid_from, valid_to = was.valid_to,
                   tainted = was.tainted, confidence = was.confidence, language = was.language, redaction_policy = was.redaction_policy
             WHERE n.tenant_id = tenant AND n.id = changed.id;
        END IF;
    END LOOP;

    -- What it stated ends before what it ended holds again: both may be the same fact.
    FOR changed IN
        SELECT h.id, min(h.version) AS first, max(h.version) AS last, min(h.recorded_at) AS since
          FROM history_edges AS h WHERE h.tenant_id = tenant AND h.mutation_id = mutation GROUP BY h.id ORDER BY min(h.version), h.id
    LOOP
        SELECT * INTO held FROM edges AS e WHERE e.tenant_id = tenant AND e.id = changed.id FOR NO KEY UPDATE;
        IF held.version <> changed.last THEN
            RAISE EXCEPTION 'edge % is at version %, the mutation left it at %', held.id, held.version, changed.last
                USING ERRCODE = 'HQ007', DETAIL = changed.id::text;
        END IF;
        edges_n := edges_n + 1;
        IF changed.first = 1 THEN
            -- Withdrawn: it held for the shortest time there is.
            UPDATE edges AS e SET valid_to = e.valid_from + interval '1 microsecond' WHERE e.tenant_id = tenant AND e.id = changed.id;
        ELSE
            SELECT unsealed(h.row) INTO before FROM history_edges AS h
             WHERE h.tenant_id = tenant AND h.id = changed.id AND h.recorded_at < changed.since ORDER BY h.recorded_at DESC LIMIT 1;
            IF before ? 'erased' THEN
                RAISE EXCEPTION 'edge % has been erased', changed.id USING ERRCODE = 'HQ007', DETAIL = changed.id::text;
            END IF;
            held := jsonb_populate_record(NULL::edges, before);
            UPDATE edges AS e
               SET props = held.props, producer_id = held.producer_id, valid_from = held.valid_from, valid_to = held.valid_to,
                   tainted = held.tainted, confidence = held.confidence
             WHERE e.tenant_id = tenant AND e.id = changed.id;
            SELECT b.side INTO crowded
              FROM jsonb_each_text(bounds->held.type) AS b(side, most)
             WHERE held.valid_to IS NULL
               AND (SELECT count(*) FROM edges AS e
                     WHERE e.tenant_id = tenant AND e.type = held.type AND e.valid_to IS NULL
                       AND CASE b.side WHEN 'from' THEN e.from_id = held.from_id ELSE e.to_id = held.to_id END) > b.most::integer;
            IF crowded IS NOT NULL THEN
                RAISE EXCEPTION 'edge % (%) has been replaced by another since', held.id, held.type USING ERRCODE = 'HQ007', DETAIL = held.id::text;
            END IF;
        END IF;
    END LOOP;
    RETURN jsonb_build_object('nodes', nodes_n, 'edges', edges_n);
END
$$;

CREATE FUNCTION without_traces(value jsonb, traces text[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    said  text := value::text;
    trace text;
BEGIN
    FOREACH trace IN ARRAY traces LOOP
        said := regexp_replace(said, trace, '[erased]', 'gi');
    END LOOP;
    RETURN said::jsonb;
END
$$;

-- Erases a person: the contact, others with the same address, what came from them, and their traces in what they took part in.
--   HQ008 it is not a person
CREATE FUNCTION erase_person(tenant text, actor text, reason text, person uuid, mutation uuid) RETURNS jsonb
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
           redaction_policy = 'erased',
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
COMMENT ON FUNCTION erase_person(text, text, text, uuid, uuid) IS 'Erases a contact''s personal data for good; counts what was emptied and what only named them, and lists what redaction_policy retains.';
