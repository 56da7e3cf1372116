package org.capitania.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.contract.Service;
import org.capitania.contract.Topics;
import org.capitania.embedded.infra.InfraMain;
import org.capitania.testkit.TestKafka;
import org.capitania.testkit.TestPostgres;
import org.flywaydb.core.Flyway;

/** One schema's outbox on a real PostgreSQL with a real broker, as the watchdog's roles see it. */
final class OutboxUnderTest {
    static final String SCHEMA = Service.WATCHDOG.schema();
    private static final Vertx VERTX = Vertx.vertx();

    private final TestPostgres postgres = TestPostgres.shared();
    private final TestKafka kafka = TestKafka.shared();

    OutboxUnderTest() {
        Flyway.configure()
                .dataSource(postgres.jdbcUrl(), SCHEMA + "_owner", postgres.password(SCHEMA + "_owner"))
                .defaultSchema(SCHEMA)
                .schemas(SCHEMA)
                .createSchemas(false)
                .locations("classpath:db/outbox", "classpath:db/outboxtest")
                .placeholders(Map.of("schema", SCHEMA))
                .load()
                .migrate();
    }

    TestPostgres postgres() {
        return postgres;
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    Connection service() throws SQLException {
        Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), SCHEMA, postgres.password(SCHEMA));
        connection.setAutoCommit(false);
        return connection;
    }

    RelayStore store() {
        return RelayStore.connect(
                VERTX,
                new PgConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(postgres.port())
                        .setDatabase(postgres.database())
                        .setUser(SCHEMA + "_relay")
                        .setPassword(postgres.password(SCHEMA + "_relay"))
                        .setProperties(Map.of("search_path", SCHEMA + ",public")));
    }

    KafkaSink sink() {
        KafkaSink sink = new KafkaSink(bootstrap(), SCHEMA, "watchdog");
        sink.ensureTopics();
        return sink;
    }

    /** Carries, and waits until the broker has it; returns how many rows that were. */
    static int carry(Carrier carrier) {
        int sent = carrier.carry(Instant.EPOCH);
        carrier.settle();
        return sent;
    }

    /** Expires what is older than a week then, page by page. */
    static void expireAll(Carrier carrier, Instant then, int page) {
        Duration keep = Duration.ofDays(7);
        for (int pages = 0; carrier.expire(then, keep, keep, page); pages++) {
            assertThat(pages).as("pages of %d rows", page).isLessThan(10_000);
        }
    }

    static void asTenant(Connection connection, String tenant) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(
                "SELECT set_config('hq.tenant', ?, true), set_config('hq.actor', 'system:test', true)")) {
            set.setString(1, tenant);
            set.execute();
        }
    }

    /** Appends one event in the connection's open transaction; returns its outbox id. */
    static long append(Connection connection, String type, String key, long number) throws SQLException {
        try (PreparedStatement append =
                connection.prepareStatement("SELECT outbox_append(?, ?, ?, jsonb_build_object('n', ?))")) {
            append.setString(1, Topics.of(type));
            append.setString(2, type);
            append.setString(3, key);
            append.setLong(4, number);
            try (ResultSet row = append.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The outbox ids of everything committed, seen as the owner. */
    Set<Long> committed(String type) throws SQLException {
        Set<Long> ids = new LinkedHashSet<>();
        try (Connection owner = DriverManager.getConnection(
                        postgres.jdbcUrl(), SCHEMA + "_owner", postgres.password(SCHEMA + "_owner"));
                PreparedStatement select = owner.prepareStatement("SELECT id FROM outbox WHERE topic = ?")) {
            select.setString(1, type);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
        }
        return ids;
    }

    /** Every record of a topic, from its beginning to its end of now. */
    List<ConsumerRecord<String, byte[]>> records(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap(), "auto.offset.reset", "earliest", "enable.auto.commit", false),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
            return all;
        }
    }

    static long outboxId(ConsumerRecord<String, byte[]> record) {
        String id = new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
        return Long.parseLong(id.substring(id.indexOf(':') + 1));
    }

    void makeTopic(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(topic, Topics.PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Lets the broker answer nobody until that is closed. */
    static AutoCloseable heldBroker() throws Exception {
        long broker = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(InfraMain.class.getName())
                        && process.children().findAny().isEmpty())
                .findAny()
                .orElseThrow()
                .pid();
        signal("-STOP", broker);
        return () -> signal("-CONT", broker);
    }

    private static void signal(String signal, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    void deleteTopic(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.deleteTopics(List.of(topic)).all().get();
            while (admin.listTopics().names().get().contains(topic)) {
                Thread.onSpinWait();
            }
        }
    }
}
