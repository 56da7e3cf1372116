-- Why: a merge, a rollback and a circle of blockers are decided where all writers meet: in the store.
-- Locks: SHARE ROW EXCLUSIVE on edges for its new trigger, and while the history tables get an index each; both are small so far.

-- A blocker never waits for what it blocks, whoever writes it. One tenant's blockers are stated one at a time: two halves of a circle,
-- each seen by its own transaction only, would otherwise both pass.
CREATE FUNCTION refuse_circle() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    waiter  uuid := CASE NEW.type WHEN 'blocks' THEN NEW.to_id ELSE NEW.from_id END;
    blocker uuid := CASE NEW.type WHEN 'blocks' THEN NEW.from_id ELSE NEW.to_id END;
    circle  text;
BEGIN
    IF NEW.valid_to <= clock_timestamp() THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('blockers ' || NEW.tenant_id, 0));
    WITH RECURSIVE ahead (id, path) AS (
        SELECT blocker, ARRAY[blocker]
        UNION ALL
        SELECT w.next, a.path || w.next
          FROM ahead AS a
          JOIN LATERAL (
               SELECT e.to_id AS next FROM edges AS e
                WHERE e.tenant_id = NEW.tenant_id AND e.from_id = a.id AND e.type IN ('blocked_by', 'depends_on')
                  AND (e.valid_to IS NULL OR e.valid_to > clock_timestamp())
               UNION
               SELECT e.from_id FROM edges AS e
                WHERE e.tenant_id = NEW.tenant_id AND e.to_id = a.id AND e.type = 'blocks'
                  AND (e.valid_to IS NULL OR e.valid_to > clock_timestamp())) AS w ON true
         WHERE a.id <> waiter
    ) CYCLE id SET again USING seen
    SELECT (SELECT string_agg(n.slug, ' waits for ' ORDER BY p.place)
              FROM unnest(waiter || a.path) WITH ORDINALITY AS p(id, place)
              JOIN nodes AS n ON n.tenant_id = NEW.tenant_id AND n.id = p.id) INTO circle
      FROM ahead AS a WHERE a.id = waiter LIMIT 1;
    IF circle IS NOT NULL THEN
        RAISE EXCEPTION '%', circle USING ERRCODE = 'HQ004', DETAIL = NEW.id::text;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION refuse_circle() IS 'Refuses a live edge blocks, blocked_by or depends_on that would let a node wait for itself; the detail is the id of the edge.';
CREATE TRIGGER edges_blocker_new AFTER INSERT ON edges
    FOR EACH ROW WHEN (NEW.type IN ('blocks', 'blocked_by', 'depends_on')) EXECUTE FUNCTION refuse_circle();
CREATE TRIGGER edges_blocker_again AFTER UPDATE ON edges
    FOR EACH ROW WHEN (NEW.type IN ('blocks', 'blocked_by', 'depends_on') AND NEW.valid_to IS DISTINCT FROM OLD.valid_to) EXECUTE FUNCTION refuse_circle();

-- Ids of mutations rise with time, as the rows do: a summary a few pages finds them, at next to no cost for a write.
CREATE INDEX history_nodes_mutation ON history_nodes USING brin (tenant_id, mutation_id) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX history_edges_mutation ON history_edges USING brin (tenant_id, mutation_id) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE executed_proposals (
    tenant_id   text        NOT NULL DEFAULT current_tenant(),
    proposal_id text        NOT NULL,
    mutation_id uuid        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT executed_proposals_pk PRIMARY KEY (tenant_id, proposal_id)
);
COMMENT ON TABLE executed_proposals IS 'Proposals that a batch has carried out, each once.';
CALL secure_table('executed_proposals');
REVOKE UPDATE, DELETE ON executed_proposals FROM ${schema};

-- Moves what holds of one node to another: its live edges (one that the other has already, or has no room for, only ends) and what it owns.
CREATE FUNCTION merge_into(tenant text, loser uuid, winner uuid, bounds jsonb) RETURNS void
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    e      edges;
    f      uuid;
    t      uuid;
    room   boolean;
BEGIN
    FOR e IN
        SELECT * FROM edges AS x
         WHERE x.tenant_id = tenant AND (x.from_id = loser OR x.to_id = loser) AND (x.valid_to IS NULL OR x.valid_to > clock_timestamp())
         ORDER BY x.id FOR NO KEY UPDATE
    LOOP
        f := CASE e.from_id WHEN loser THEN winner ELSE e.from_id END;
        t := CASE e.to_id WHEN loser THEN winner ELSE e.to_id END;
        UPDATE edges AS x SET valid_to = greatest(clock_timestamp(), e.valid_from + interval '1 microsecond')
         WHERE x.tenant_id = tenant AND x.id = e.id;
        room := f <> t AND NOT EXISTS (
            SELECT 1 FROM edges AS x
             WHERE x.tenant_id = tenant AND x.type = e.type AND x.from_id = f AND x.to_id = t AND (x.valid_to IS NULL OR x.valid_to > clock_timestamp()));
        IF room AND e.from_id = loser AND bounds->e.type ? 'from' THEN
            room := (SELECT count(*) FROM edges AS x WHERE x.tenant_id = tenant AND x.type = e.type AND x.from_id = f AND x.valid_to IS NULL)
                    < (bounds->e.type->>'from')::integer;
        END IF;
        IF room AND e.to_id = loser AND bounds->e.type ? 'to' THEN
            room := (SELECT count(*) FROM edges AS x WHERE x.tenant_id = tenant AND x.type = e.type AND x.to_id = t AND x.valid_to IS NULL)
                    < (bounds->e.type->>'to')::integer;
        END IF;
        IF room THEN
            INSERT INTO edges (id, type, from_id, to_id, props, producer_id, valid_from, valid_to, tainted, confidence)
            VALUES (gen_random_uuid(), e.type, f, t, e.props, e.producer_id, e.valid_from, e.valid_to, e.tainted, e.confidence);
        END IF;
    END LOOP;
    UPDATE nodes AS n SET owner_id = nullif(winner, n.id) WHERE n.tenant_id = tenant AND n.owner_id = loser;
END
$$;

-- Puts every row that a mutation changed back to what it was before; refused when one of them has changed since.
--   HQ007 a row has changed since, or another took its place (the detail names it)
CREATE FUNCTION roll_back(tenant text, actor text, reason text, mutation uuid, undo uuid, bounds jsonb) RETURNS jsonb
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
            SELECT h.row INTO before FROM history_nodes AS h
             WHERE h.tenant_id = tenant AND h.id = changed.id AND h.recorded_at < changed.since ORDER BY h.recorded_at DESC LIMIT 1;
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
            SELECT h.row INTO before FROM history_edges AS h
             WHERE h.tenant_id = tenant AND h.id = changed.id AND h.recorded_at < changed.since ORDER BY h.recorded_at DESC LIMIT 1;
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
COMMENT ON FUNCTION roll_back(text, text, text, uuid, uuid, jsonb) IS 'Undoes one mutation exactly, as a mutation of its own; counts the rows.';

-- The second trip. The batch is a plan made from what `touched` answered; whatever has changed since makes it fail whole:
--   HQ001 stale: read again and plan again (a unique violation or a deadlock says the same)
--   HQ002 a cardinality's upper bound is exceeded
--   HQ003 the idempotency key was used for another batch
--   HQ004 a blocker would wait for what it blocks (the detail is the edge)
--   HQ005 two periods of one fact overlap
--   HQ006 the proposal was carried out before
CREATE OR REPLACE FUNCTION apply(tenant text, actor text, reason text, batch jsonb) RETURNS jsonb
    LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    idempotency text := batch->>'idempotency_key';
    stored      record;
    bound       record;
    event       record;
    merge       record;
    overlapping text;
    changed     integer;
BEGIN
    PERFORM set_config('hq.tenant', tenant, true), set_config('hq.actor', actor, true), set_config('hq.reason', coalesce(reason, ''), true),
            set_config('hq.causation', coalesce(batch->>'causation_id', ''), true),
            set_config('hq.correlation', coalesce(batch->>'correlation_id', ''), true),
            set_config('hq.traceparent', coalesce(batch->>'traceparent', ''), true),
            set_config('hq.mutation', coalesce(batch->>'mutation_id', ''), true),
            set_config('hq.producer', coalesce(batch->>'producer_id', ''), true);

    IF idempotency IS NOT NULL THEN
        DELETE FROM idempotency_keys AS k
         WHERE k.tenant_id = tenant AND k.actor = actor AND k.key = idempotency AND k.expires_at <= clock_timestamp();
        INSERT INTO idempotency_keys (actor, key, fingerprint, response)
        VALUES (actor, idempotency, batch->>'fingerprint', batch->'response')
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            SELECT k.fingerprint, k.response INTO stored
              FROM idempotency_keys AS k WHERE k.tenant_id = tenant AND k.actor = actor AND k.key = idempotency;
            IF stored.fingerprint IS DISTINCT FROM batch->>'fingerprint' THEN
                RAISE EXCEPTION 'idempotency key % was used for another batch', idempotency USING ERRCODE = 'HQ003';
            END IF;
            RETURN stored.response;
        END IF;
    END IF;

    IF batch->>'proposal_id' IS NOT NULL THEN
        INSERT INTO executed_proposals (proposal_id, mutation_id) VALUES (batch->>'proposal_id', (batch->>'mutation_id')::uuid) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the proposal % was carried out before', batch->>'proposal_id' USING ERRCODE = 'HQ006';
        END IF;
    END IF;

    -- One order for all, so that two batches over the same nodes wait for each other instead of deadlocking.
    PERFORM 1 FROM nodes AS n
      WHERE n.tenant_id = tenant AND n.id = ANY (ARRAY(SELECT v::uuid FROM jsonb_array_elements_text(batch->'lock') AS v))
      ORDER BY n.id FOR NO KEY UPDATE;

    IF EXISTS (SELECT 1 FROM nodes AS n
                WHERE n.tenant_id = tenant AND n.id = ANY (ARRAY(SELECT v::uuid FROM jsonb_array_elements_text(batch->'clean') AS v)) AND n.tainted) THEN
        RAISE EXCEPTION 'a cited source has become tainted' USING ERRCODE = 'HQ001';
    END IF;

    INSERT INTO nodes (id, type, slug, status, priority, occurred_at, props, tags, producer_id, owner_id, external_source, external_id,
                       valid_from, valid_to, tainted, confidence, language, archived_at)
    SELECT n.id, n.type, n.slug, n.status, n.priority, n.occurred_at, n.props, coalesce(n.tags, '{}'), n.producer_id, n.owner_id,
           n.external_source, n.external_id, n.valid_from, n.valid_to, n.tainted, n.confidence, n.language,
           CASE WHEN n.archived THEN clock_timestamp() END
      FROM jsonb_to_recordset(batch->'nodes') AS n(id uuid, type text, slug text, status text, priority text, occurred_at timestamptz, props jsonb,
           tags text[], producer_id uuid, owner_id uuid, external_source text, external_id text, valid_from timestamptz, valid_to timestamptz,
           tainted boolean, confidence real, language text, archived boolean)
     ORDER BY n.type, n.external_source, n.external_id, n.slug;

    UPDATE nodes AS n
       SET slug = p.slug, status = p.status, priority = p.priority, occurred_at = p.occurred_at, props = p.props, tags = coalesce(p.tags, '{}'),
           owner_id = p.owner_id, valid_from = coalesce(p.valid_from, n.valid_from), valid_to = p.valid_to, tainted = p.tainted,
           confidence = p.confidence, language = p.language,
           archived_at = CASE WHEN p.archived THEN coalesce(n.archived_at, clock_timestamp()) END
      FROM jsonb_to_recordset(batch->'patches') AS p(id uuid, version integer, slug text, status text, priority text, occurred_at timestamptz,
           props jsonb, tags text[], owner_id uuid, valid_from timestamptz, valid_to timestamptz, tainted boolean, confidence real, language text,
           archived boolean)
     WHERE n.tenant_id = tenant AND n.id = p.id AND n.version = p.version;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> jsonb_array_length(batch->'patches') THEN
        RAISE EXCEPTION 'a node has changed since it was read' USING ERRCODE = 'HQ001';
    END IF;

    UPDATE edges AS e
       SET valid_to = coalesce(p.valid_to, greatest(clock_timestamp(), e.valid_from + interval '1 microsecond'))
      FROM jsonb_to_recordset(batch->'ended') AS p(id uuid, version integer, valid_to timestamptz)
     WHERE e.tenant_id = tenant AND e.id = p.id AND e.version = p.version;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> jsonb_array_length(batch->'ended') THEN
        RAISE EXCEPTION 'an edge has changed since it was read' USING ERRCODE = 'HQ001';
    END IF;

    FOR merge IN
        SELECT * FROM jsonb_to_recordset(batch->'merges') AS m(id uuid, "into" uuid)
    LOOP
        PERFORM merge_into(tenant, merge.id, merge."into", batch->'merge_bounds');
    END LOOP;

    INSERT INTO edges (id, type, from_id, to_id, props, producer_id, valid_from, valid_to, tainted, confidence)
    SELECT e.id, e.type, e.from_id, e.to_id, e.props, e.producer_id, e.valid_from, e.valid_to, e.tainted, e.confidence
      FROM jsonb_to_recordset(batch->'edges') AS e(id uuid, type text, from_id uuid, to_id uuid, props jsonb, producer_id uuid,
           valid_from timestamptz, valid_to timestamptz, tainted boolean, confidence real)
     ORDER BY e.type, e.from_id, e.to_id;

    SELECT p.path INTO overlapping
      FROM jsonb_to_recordset(batch->'periods') AS p(id uuid, path text)
      JOIN edges AS a ON a.tenant_id = tenant AND a.id = p.id
      JOIN edges AS b ON b.tenant_id = tenant AND b.from_id = a.from_id AND b.type = a.type AND b.to_id = a.to_id AND b.id <> a.id
       AND b.valid_from < coalesce(a.valid_to, 'infinity') AND a.valid_from < coalesce(b.valid_to, 'infinity')
     LIMIT 1;
    IF overlapping IS NOT NULL THEN
        RAISE EXCEPTION '%', overlapping USING ERRCODE = 'HQ005';
    END IF;

    FOR bound IN
        SELECT b.* FROM jsonb_to_recordset(batch->'bounds') AS b(type text, "from" uuid, "to" uuid, max integer, path text)
    LOOP
        SELECT count(*) INTO changed
          FROM edges AS e
         WHERE e.tenant_id = tenant AND e.type = bound.type AND e.valid_to IS NULL
           AND CASE WHEN bound."from" IS NOT NULL THEN e.from_id = bound."from" ELSE e.to_id = bound."to" END;
        IF changed > bound.max THEN
            RAISE EXCEPTION '%', bound.path USING ERRCODE = 'HQ002';
        END IF;
    END LOOP;

    FOR event IN
        SELECT * FROM jsonb_to_recordset(batch->'events') AS v(topic text, type text, key text, subject text, payload jsonb)
    LOOP
        PERFORM outbox_append(event.topic, event.type, event.key, event.payload, event.subject);
    END LOOP;

    RETURN batch->'response';
END
$$;
COMMENT ON FUNCTION apply(text, text, text, jsonb) IS 'Writes a planned batch whole or not at all, in the name of an actor; returns the answer of the batch, or the first one under its idempotency key.';
