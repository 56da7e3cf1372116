-- Why: a row for a Kafka topic that nobody has made must not hold up the relay of its schema; it is set aside, seen, and sent once the topic is there.
-- Locks: creates only. The number is below those of the services, which come to the schema out of order.

CREATE TABLE outbox_parked (
    tenant_id   text        NOT NULL,
    outbox_id   bigint      NOT NULL,
    kafka_topic text        NOT NULL,
    error       text        NOT NULL,
    parked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT outbox_parked_pk PRIMARY KEY (tenant_id, outbox_id)
);
COMMENT ON TABLE outbox_parked IS 'Rows of the outbox that the relay has passed over because the broker has no such topic; they are kept, and sent in the order of their ids once it has.';
CALL secure_table('outbox_parked');
REVOKE INSERT, UPDATE, DELETE ON outbox_parked FROM ${schema};
CREATE POLICY relay_writes ON outbox_parked TO ${schema}_relay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON outbox_parked TO ${schema}_relay;
