package org.capitania.bench.peer;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Carries the rows of an outbox to a broker until its stdin ends, as Debezium does it: logical decoding, its outbox router, and a producer
 * set as that of our relay. Arguments: port, database, role, its password, bootstrap, schema, topic, file of offsets.
 */
public final class PeerMain {
    private PeerMain() {}

    public static void main(String[] args) throws IOException {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "name",
                "bench",
                "connector.class",
                "io.debezium.connector.postgresql.PostgresConnector",
                "topic.prefix",
                "bench",
                "database.hostname",
                "127.0.0.1",
                "database.port",
                args[0],
                "database.dbname",
                args[1],
                "database.user",
                args[2],
                "database.password",
                args[3],
                "offset.storage",
                "org.apache.kafka.connect.storage.FileOffsetBackingStore",
                "offset.storage.file.filename",
                args[7]));
        settings.putAll(Map.of(
                "plugin.name",
                "pgoutput",
                "publication.autocreate.mode",
                "filtered",
                "table.include.list",
                args[5] + ".outbox",
                "snapshot.mode",
                "no_data",
                // Its default of 500 ms would make the comparison of latencies a formality.
                "poll.interval.ms",
                "10",
                "tombstones.on.delete",
                "false"));
        router(settings, args[6]);
        try (KafkaProducer<String, byte[]> producer = producer(args[4]);
                DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                                ChangeEventFormat.of(Connect.class))
                        .using(settings)
                        .notifying((batch, committer) -> carry(producer, batch, committer))
                        .using((success, message, error) -> {
                            if (!success) {
                                System.err.println("Debezium ended: " + message + " " + error);
                                Runtime.getRuntime().halt(1);
                            }
                        })
                        .build()) {
            Thread.ofPlatform().daemon().name("engine").start(engine);
            while (System.in.read() >= 0) {
                // A bell for relays that hear commits; this one decodes them.
            }
        }
    }

    private static void router(Properties settings, String topic) {
        String router = "transforms.outbox.";
        settings.putAll(Map.of(
                "transforms",
                "outbox",
                router + "type",
                "io.debezium.transforms.outbox.EventRouter",
                router + "table.field.event.id",
                "id",
                router + "table.field.event.key",
                "key",
                router + "table.field.event.type",
                "topic",
                router + "table.field.event.payload",
                "payload",
                router + "route.by.field",
                "topic",
                router + "route.topic.replacement",
                topic,
                router + "table.fields.additional.placement",
                "tenant_id:header:ce_tenant,topic:header:ce_type,created_at:header:ce_time,headers:header:headers"));
    }

    private static KafkaProducer<String, byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        2 * 1024 * 1024),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static void carry(
            KafkaProducer<String, byte[]> producer,
            List<RecordChangeEvent<SourceRecord>> batch,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(batch.size());
        for (RecordChangeEvent<SourceRecord> event : batch) {
            sent.add(producer.send(record(event.record())));
        }
        for (int i = 0; i < sent.size(); i++) {
            try {
                sent.get(i).get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the broker refused", e);
            }
            committer.markProcessed(batch.get(i));
        }
        committer.markBatchFinished();
    }

    private static ProducerRecord<String, byte[]> record(SourceRecord source) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                source.topic(),
                String.valueOf(source.key()),
                String.valueOf(source.value()).getBytes(StandardCharsets.UTF_8));
        source.headers()
                .forEach(header -> record.headers()
                        .add(header.key(), String.valueOf(header.value()).getBytes(StandardCharsets.UTF_8)));
        return record;
    }
}
