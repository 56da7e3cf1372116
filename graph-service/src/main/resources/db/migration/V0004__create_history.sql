-- Why: every change of a row is kept with who, why and when, and told to the outbox by the same triggers, so that no write path can skip either.
-- Locks: creates triggers on nodes and edges (SHARE ROW EXCLUSIVE), which are empty.

CREATE SEQUENCE history_id;

CREATE TABLE history_nodes (
    tenant_id   text        NOT NULL,
    id          uuid        NOT NULL,
    recorded_at timestamptz NOT NULL,
    version     integer     NOT NULL,
    history_id  bigint      NOT NULL DEFAULT nextval('history_id'),
    op          text        NOT NULL,
    actor       text        NOT NULL,
    reason      text,
    producer_id uuid        NOT NULL,
    mutation_id uuid,
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz,
    row         jsonb       NOT NULL,
    CONSTRAINT history_nodes_pk PRIMARY KEY (tenant_id, id, recorded_at),
    CONSTRAINT history_nodes_op CHECK (op IN ('insert', 'update', 'archive'))
) PARTITION BY RANGE (recorded_at);
COMMENT ON TABLE history_nodes IS 'One row a change: the whole node as it was known from recorded_at until the next row of the same id. The periods have no gap and do not overlap.';
COMMENT ON COLUMN history_nodes.mutation_id IS 'The batch it was part of (audit_event_id of its answer); null for direct SQL.';

CREATE TABLE history_edges (
    tenant_id   text        NOT NULL,
    id          uuid        NOT NULL,
    recorded_at timestamptz NOT NULL,
    version     integer     NOT NULL,
    history_id  bigint      NOT NULL DEFAULT nextval('history_id'),
    op          text        NOT NULL,
    actor       text        NOT NULL,
    reason      text,
    producer_id uuid        NOT NULL,
    mutation_id uuid,
    type        text        NOT NULL,
    from_id     uuid        NOT NULL,
    to_id       uuid        NOT NULL,
    valid_from  timestamptz NOT NULL,
    valid_to    timestamptz,
    row         jsonb       NOT NULL,
    CONSTRAINT history_edges_pk PRIMARY KEY (tenant_id, id, recorded_at),
    CONSTRAINT history_edges_op CHECK (op IN ('insert', 'update', 'archive'))
) PARTITION BY RANGE (recorded_at);
COMMENT ON TABLE history_edges IS 'As history_nodes. The op archive is the end of an edge: it got a valid_to.';
CREATE INDEX history_edges_from ON history_edges (tenant_id, from_id, recorded_at);
CREATE INDEX history_edges_to ON history_edges (tenant_id, to_id, recorded_at);

CALL secure_table('history_nodes');
CALL secure_table('history_edges');
REVOKE INSERT, UPDATE, DELETE ON history_nodes, history_edges FROM ${schema};
REVOKE ALL ON SEQUENCE history_id FROM ${schema};

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: what is recorded stays', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION refuse_change() IS 'Holds for the owner of the tables too, whom no REVOKE reaches.';

CREATE TRIGGER nodes_stay BEFORE DELETE ON nodes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER nodes_not_truncated BEFORE TRUNCATE ON nodes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER edges_stay BEFORE DELETE ON edges FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER edges_not_truncated BEFORE TRUNCATE ON edges FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE ON history_nodes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_not_truncated BEFORE TRUNCATE ON history_nodes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE ON history_edges FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_not_truncated BEFORE TRUNCATE ON history_edges FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Partitions: a month each, in UTC, made ahead. Attaching locks the parent only against other DDL.
CREATE FUNCTION make_history_partitions(months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    parent    text;
    month     timestamptz;
    partition text;
    made      integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'months_ahead is %, expected 0 to 120', months_ahead;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_history_partitions'));
    FOREACH parent IN ARRAY ARRAY['history_nodes', 'history_edges'] LOOP
        FOR month IN
            SELECT generate_series(date_trunc('month', clock_timestamp()) - interval '1 month',
                                   date_trunc('month', clock_timestamp()) + make_interval(months => months_ahead), interval '1 month')
        LOOP
            partition := parent || '_' || to_char(month, 'YYYY_MM');
            CONTINUE WHEN to_regclass(partition) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
            EXECUTE format('REVOKE ALL ON %I FROM ${schema}', partition);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
            EXECUTE format('CREATE POLICY owner_migrates ON %I TO ${schema}_owner USING (true) WITH CHECK (true)', partition);
            EXECUTE format('CREATE TRIGGER history_not_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', partition);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, month, month + interval '1 month');
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;
COMMENT ON FUNCTION make_history_partitions(integer) IS 'Makes what is missing from the last month to so many months ahead; the service calls it at its start and every day.';
SELECT make_history_partitions(6);

CREATE FUNCTION stamp_node() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.recorded_at := clock_timestamp();
        NEW.created_at := NEW.recorded_at;
        NEW.updated_at := NEW.recorded_at;
        NEW.valid_from := coalesce(NEW.valid_from, NEW.recorded_at);
        RETURN NEW;
    END IF;
    IF (NEW.tenant_id, NEW.id, NEW.type) IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.type) THEN
        RAISE EXCEPTION 'tenant, id and type of node % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.version := OLD.version;
    NEW.recorded_at := OLD.recorded_at;
    NEW.created_at := OLD.created_at;
    NEW.updated_at := OLD.updated_at;
    -- Vectors are derived: they have no version and no history (decision 8). An update that changes nothing is none.
    IF (NEW.slug, NEW.status, NEW.priority, NEW.occurred_at, NEW.archived_at, NEW.props, NEW.tags, NEW.producer_id, NEW.owner_id,
        NEW.external_source, NEW.external_id, NEW.valid_from, NEW.valid_to, NEW.tainted, NEW.confidence, NEW.language, NEW.redaction_policy)
       IS DISTINCT FROM
       (OLD.slug, OLD.status, OLD.priority, OLD.occurred_at, OLD.archived_at, OLD.props, OLD.tags, OLD.producer_id, OLD.owner_id,
        OLD.external_source, OLD.external_id, OLD.valid_from, OLD.valid_to, OLD.tainted, OLD.confidence, OLD.language, OLD.redaction_policy) THEN
        NEW.version := OLD.version + 1;
        -- now() is when the transaction began: one that began earlier and writes later, or writes twice, would break the periods.
        NEW.recorded_at := greatest(clock_timestamp(), OLD.recorded_at + interval '1 microsecond');
        NEW.updated_at := NEW.recorded_at;
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION stamp_edge() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
        NEW.recorded_at := clock_timestamp();
        NEW.created_at := NEW.recorded_at;
        NEW.updated_at := NEW.recorded_at;
        NEW.valid_from := coalesce(NEW.valid_from, NEW.recorded_at);
        RETURN NEW;
    END IF;
    IF (NEW.tenant_id, NEW.id, NEW.type, NEW.from_id, NEW.to_id) IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.type, OLD.from_id, OLD.to_id) THEN
        RAISE EXCEPTION 'tenant, id, type and ends of edge % cannot change', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.version := OLD.version;
    NEW.recorded_at := OLD.recorded_at;
    NEW.created_at := OLD.created_at;
    NEW.updated_at := OLD.updated_at;
    IF (NEW.props, NEW.producer_id, NEW.valid_from, NEW.valid_to, NEW.tainted, NEW.confidence)
       IS DISTINCT FROM (OLD.props, OLD.producer_id, OLD.valid_from, OLD.valid_to, OLD.tainted, OLD.confidence) THEN
        NEW.version := OLD.version + 1;
        NEW.recorded_at := greatest(clock_timestamp(), OLD.recorded_at + interval '1 microsecond');
        NEW.updated_at := NEW.recorded_at;
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION node_row(n nodes) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'tenant_id', n.tenant_id, 'id', n.id, 'type', n.type, 'slug', n.slug, 'status', n.status, 'priority', n.priority,
        'occurred_at', n.occurred_at, 'archived_at', n.archived_at, 'tags', n.tags, 'producer_id', n.producer_id, 'owner_id', n.owner_id,
        'external_source', n.external_source, 'external_id', n.external_id, 'valid_from', n.valid_from, 'valid_to', n.valid_to,
        'version', n.version, 'tainted', n.tainted, 'confidence', n.confidence, 'language', n.language, 'redaction_policy', n.redaction_policy,
        'created_at', n.created_at, 'updated_at', n.updated_at, 'recorded_at', n.recorded_at))
        -- Apart, because a null deep inside a prop is a value.
        || jsonb_build_object('props', n.props);
COMMENT ON FUNCTION node_row(nodes) IS 'A whole node but what is derived from it: title, full text, vector.';

CREATE FUNCTION edge_row(e edges) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'tenant_id', e.tenant_id, 'id', e.id, 'type', e.type, 'from_id', e.from_id, 'to_id', e.to_id, 'producer_id', e.producer_id,
        'valid_from', e.valid_from, 'valid_to', e.valid_to, 'version', e.version, 'tainted', e.tainted, 'confidence', e.confidence,
        'created_at', e.created_at, 'updated_at', e.updated_at, 'recorded_at', e.recorded_at))
        || jsonb_build_object('props', e.props);

CREATE FUNCTION current_actor(tenant text) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    actor text := nullif(current_setting('hq.actor', true), '');
BEGIN
    IF actor IS NULL THEN
        RAISE EXCEPTION 'hq.actor is not set in this transaction: every change names who makes it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The owner's policy lets every tenant through; its rows still belong to the one that the transaction and its event name.
    IF tenant <> current_tenant() THEN
        RAISE EXCEPTION 'a row of tenant % in a transaction of tenant %', tenant, current_tenant() USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN actor;
END
$$;

-- As the owner: the service itself cannot write history, and so cannot forge it.
CREATE FUNCTION record_node() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    change    text := 'update';
    producer  uuid := NEW.producer_id;
    whole     jsonb := node_row(NEW);
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

CREATE FUNCTION record_edge() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    change    text := 'update';
    producer  uuid := NEW.producer_id;
    whole     jsonb := edge_row(NEW);
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

CREATE TRIGGER nodes_stamped BEFORE INSERT OR UPDATE ON nodes FOR EACH ROW EXECUTE FUNCTION stamp_node();
CREATE TRIGGER nodes_recorded_new AFTER INSERT ON nodes FOR EACH ROW EXECUTE FUNCTION record_node();
CREATE TRIGGER nodes_recorded AFTER UPDATE ON nodes FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION record_node();
CREATE TRIGGER edges_stamped BEFORE INSERT OR UPDATE ON edges FOR EACH ROW EXECUTE FUNCTION stamp_edge();
CREATE TRIGGER edges_recorded_new AFTER INSERT ON edges FOR EACH ROW EXECUTE FUNCTION record_edge();
CREATE TRIGGER edges_recorded AFTER UPDATE ON edges FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION record_edge();
