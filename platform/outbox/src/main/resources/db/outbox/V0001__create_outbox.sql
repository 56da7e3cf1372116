-- Why: every service that owns tables tells of its changes through one transactional outbox and de-duplicates what it consumes in one inbox.
-- Locks: creates only.

CREATE FUNCTION current_tenant() RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
DECLARE
    -- After a SET LOCAL has ended the setting is '', not NULL.
    tenant text := nullif(current_setting('hq.tenant', true), '');
BEGIN
    IF tenant IS NULL THEN
        RAISE EXCEPTION 'hq.tenant is not set in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN tenant;
END
$$;
COMMENT ON FUNCTION current_tenant() IS 'The tenant of this transaction; raises when none is set, so that nothing is ever read or written without one.';

CREATE PROCEDURE secure_table(target regclass)
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY owner_migrates ON %s TO ${schema}_owner USING (true) WITH CHECK (true)', target);
    EXECUTE format(
        'CREATE POLICY one_tenant ON %s TO ${schema} USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))',
        target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO ${schema}', target);
END
$$;
COMMENT ON PROCEDURE secure_table(regclass) IS 'Forces row-level security on a table: its owner migrates all of it, the service sees one tenant.';

CREATE PROCEDURE relay_may_read(target regclass)
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('CREATE POLICY relay_reads ON %s FOR SELECT TO ${schema}_relay USING (true)', target);
    EXECUTE format('GRANT SELECT ON %s TO ${schema}_relay', target);
END
$$;

CREATE TABLE outbox (
    id         bigint      GENERATED ALWAYS AS IDENTITY (CACHE 1),
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    topic      text        NOT NULL,
    key        text        NOT NULL,
    payload    jsonb       NOT NULL,
    headers    jsonb       NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT outbox_pk PRIMARY KEY (id),
    CONSTRAINT outbox_key_not_blank CHECK (key <> ''),
    CONSTRAINT outbox_payload_size CHECK (octet_length(payload::text) <= 524288)
);
COMMENT ON COLUMN outbox.topic IS 'The event type, for example email.received; headers.kafka_topic says where it goes.';
COMMENT ON COLUMN outbox.id IS 'Drawn while the lock of the changed row is held, so that ids of one key are in the order of its changes.';
COMMENT ON CONSTRAINT outbox_payload_size ON outbox IS '512 KiB; what is larger is a blob at ingest-workers.';
CREATE INDEX outbox_xid ON outbox (xid);
CREATE INDEX outbox_created_at ON outbox (created_at);
CALL secure_table('outbox');
REVOKE UPDATE, DELETE ON outbox FROM ${schema};
CALL relay_may_read('outbox');
CREATE POLICY relay_expires ON outbox FOR DELETE TO ${schema}_relay USING (true);
GRANT DELETE ON outbox TO ${schema}_relay;

CREATE FUNCTION outbox_append(kafka_topic text, type text, key text, payload jsonb, subject text DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
    appended bigint;
BEGIN
    -- The default of tenant_id raises outside a transaction that has set its tenant.
    INSERT INTO outbox (topic, key, payload, headers)
    VALUES (type, key, payload, jsonb_strip_nulls(jsonb_build_object(
        'kafka_topic', kafka_topic,
        'subject', subject,
        'actor', nullif(current_setting('hq.actor', true), ''),
        'reason', nullif(current_setting('hq.reason', true), ''),
        'causationid', nullif(current_setting('hq.causation', true), ''),
        'correlationid', nullif(current_setting('hq.correlation', true), ''),
        'traceparent', nullif(current_setting('hq.traceparent', true), ''))))
    RETURNING id INTO appended;
    RETURN appended;
END
$$;
COMMENT ON FUNCTION outbox_append(text, text, text, jsonb, text) IS 'The one writer of the outbox, for Java and for triggers; the event is published after the commit of this transaction, or never.';

CREATE TABLE inbox (
    tenant_id  text        NOT NULL DEFAULT current_tenant(),
    consumer   text        NOT NULL,
    event_id   text        NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT inbox_pk PRIMARY KEY (tenant_id, consumer, event_id)
);
COMMENT ON TABLE inbox IS 'One row for each event a consumer has handled, written with its effect. Rows outlive the retention of their topic.';
CREATE INDEX inbox_handled_at ON inbox (handled_at);
CALL secure_table('inbox');
REVOKE UPDATE, DELETE ON inbox FROM ${schema};
CALL relay_may_read('inbox');
CREATE POLICY relay_expires ON inbox FOR DELETE TO ${schema}_relay USING (true);
GRANT DELETE ON inbox TO ${schema}_relay;

CREATE TABLE relay_position (
    tenant_id  text        NOT NULL DEFAULT '*',
    snapshot   text        NOT NULL,
    last_id    bigint      NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT relay_position_pk PRIMARY KEY (tenant_id),
    CONSTRAINT relay_position_is_of_all CHECK (tenant_id = '*')
);
COMMENT ON TABLE relay_position IS 'What the relay has published: every row visible in this snapshot.';

CREATE TABLE relay_progress (
    tenant_id   text        NOT NULL DEFAULT '*',
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    topic_uuid  text        NOT NULL,
    next_offset bigint      NOT NULL,
    outbox_id   bigint      NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT relay_progress_pk PRIMARY KEY (tenant_id, topic, partition),
    CONSTRAINT relay_progress_is_of_all CHECK (tenant_id = '*')
);
COMMENT ON TABLE relay_progress IS 'How far each partition had got when the broker last acknowledged; a broker that comes back with less has lost records, which are published again.';

CALL secure_table('relay_position');
CALL secure_table('relay_progress');
REVOKE ALL ON relay_position, relay_progress FROM ${schema};
CREATE POLICY relay_writes ON relay_position TO ${schema}_relay USING (true) WITH CHECK (true);
CREATE POLICY relay_writes ON relay_progress TO ${schema}_relay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON relay_position TO ${schema}_relay;
GRANT SELECT, INSERT, UPDATE, DELETE ON relay_progress TO ${schema}_relay;
GRANT USAGE ON SCHEMA ${schema} TO ${schema}_relay, ${schema};
INSERT INTO relay_position (snapshot, last_id) VALUES (pg_current_snapshot()::text, 0);
