package org.capitania.graph.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.testkit.KillableInfra;

/** Holds the store and the topics against what was acknowledged: nothing is missing, nothing is twice, nothing is there besides. */
final class Audit implements AutoCloseable {
    private final KillableInfra infra;
    private final Connection owner;
    private final List<Writer.Acknowledged> acknowledged = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();

    Audit(KillableInfra infra, List<Writer> writers) throws SQLException {
        this.infra = infra;
        this.owner = infra.postgres().connectAs("graph_owner");
        for (Writer writer : writers) {
            acknowledged.addAll(writer.acknowledged());
            refused.addAll(writer.refused());
        }
        set("hq.tenant", "main");
        set("timezone", "UTC");
        set("search_path", "graph,public");
    }

    private void set(String name, String value) throws SQLException {
        try (PreparedStatement set = owner.prepareStatement("SELECT set_config(?, ?, false)")) {
            set.setString(1, name);
            set.setString(2, value);
            set.execute();
        }
    }

    /** Every acknowledged batch is in history whole and once, and no other batch is. */
    void historyHoldsWhatWasAcknowledged() throws SQLException {
        Map<String, Long> rows = counts("""
                SELECT mutation_id::text, count(*) FROM (
                       SELECT tenant_id, mutation_id, reason FROM history_nodes UNION ALL
                       SELECT tenant_id, mutation_id, reason FROM history_edges) AS h
                 WHERE tenant_id = 'main' AND reason = 'under load' GROUP BY mutation_id""");
        Map<String, Long> expected = new HashMap<>();
        acknowledged.forEach(a -> expected.put(a.result().auditEventId(), (long) a.nodes() + a.edges()));
        assertThat(expected).as("each batch has an id of its own").hasSameSizeAs(acknowledged);
        assertThat(rows).isEqualTo(expected);
        Map<String, Long> titles = counts("""
                SELECT row->'props'->>'title', count(*) FROM history_nodes
                 WHERE tenant_id = 'main' AND reason = 'under load' GROUP BY 1""");
        Map<String, Long> keys = new HashMap<>();
        acknowledged.forEach(a -> keys.put(a.key(), (long) a.nodes()));
        assertThat(titles)
                .as("each key applied once")
                .isEqualTo(keys)
                .doesNotContainKeys(refused.toArray(String[]::new));
        assertThat(counts(
                                "SELECT key, count(*) FROM idempotency_keys WHERE tenant_id = 'main' AND key LIKE 'w%' GROUP BY key")
                        .keySet())
                .isEqualTo(keys.keySet());
    }

    /** What a writer alone has changed is as that writer's last acknowledged batch left it. */
    void liveNodesAreAsLastAcknowledged() throws SQLException {
        Map<String, String> last = new HashMap<>();
        acknowledged.stream().filter(a -> !a.node().isEmpty()).forEach(a -> last.put(a.node(), a.key()));
        Map<String, String> live = new HashMap<>();
        try (PreparedStatement select = owner.prepareStatement(
                        "SELECT id::text, props->>'title' FROM nodes WHERE tenant_id = 'main' AND type = 'task'");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                live.put(rows.getString(1), rows.getString(2));
            }
        }
        assertThat(live).containsAllEntriesOf(last);
    }

    /** Versions without a gap, each later than the one before; the last is what is live; the outbox has one event for each. */
    void historyIsWhole() throws SQLException {
        for (String kind : List.of("node", "edge")) {
            assertThat(counts("""
                            SELECT id::text, count(*) FROM (
                                   SELECT id, version, recorded_at, lag(version) OVER w AS before, lag(recorded_at) OVER w AS earlier
                                     FROM history_%ss WINDOW w AS (PARTITION BY tenant_id, id ORDER BY recorded_at)) AS h
                             WHERE version <> coalesce(before, 0) + 1 OR recorded_at <= earlier GROUP BY id""".formatted(kind))).as(kind + "s with a gap").isEmpty();
            assertThat(counts("""
                            SELECT coalesce(t.id, h.id)::text, 1 FROM %1$ss AS t
                              FULL JOIN (SELECT DISTINCT ON (tenant_id, id) tenant_id, id, row FROM history_%1$ss ORDER BY tenant_id, id, recorded_at DESC) AS h
                                ON h.tenant_id = t.tenant_id AND h.id = t.id
                             WHERE coalesce(t.tenant_id, h.tenant_id) = 'main' AND (t.id IS NULL OR unsealed(h.row) IS DISTINCT FROM %1$s_row(t))""".formatted(kind)))
                    .as(kind + "s that are not as history ends")
                    .isEmpty();
            assertThat(counts("""
                            SELECT coalesce(h.id::text, o.key), 1 FROM history_%1$ss AS h
                              FULL JOIN (SELECT tenant_id, key, (payload->>'version')::integer AS version, payload->'row' AS row
                                           FROM outbox WHERE topic = 'graph.%1$s.changed') AS o
                                ON o.tenant_id = h.tenant_id AND o.key = h.id::text AND o.version = h.version
                             WHERE h.row IS DISTINCT FROM o.row""".formatted(kind)))
                    .as(kind + "s whose history and events differ")
                    .isEmpty();
        }
        assertThat(counts("SELECT topic, count(*) FROM outbox WHERE topic = 'task.assigned_to' GROUP BY topic"))
                .containsEntry(
                        "task.assigned_to",
                        acknowledged.stream().filter(a -> a.edges() > 0).count());
    }

    /** Each committed event is on its topic at least once, no other is, and within a key they came in the order of their ids. */
    int topicsHoldWhatIsCommitted() throws SQLException {
        Map<String, Set<Long>> committed = new HashMap<>();
        try (PreparedStatement select = owner.prepareStatement("SELECT headers->>'kafka_topic', id FROM outbox");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                committed
                        .computeIfAbsent(rows.getString(1), topic -> new HashSet<>())
                        .add(rows.getLong(2));
            }
        }
        int twice = 0;
        for (Map.Entry<String, Set<Long>> topic : committed.entrySet()) {
            Set<Long> seen = new HashSet<>();
            Map<String, Long> last = new HashMap<>();
            List<ConsumerRecord<String, byte[]>> records = records(topic.getKey());
            for (ConsumerRecord<String, byte[]> record : records) {
                long id = id(record);
                if (seen.add(id)) {
                    Long before = last.put(record.key(), id);
                    assertThat(before == null || before < id)
                            .as("%s: first %d, then %d of key %s", topic.getKey(), before, id, record.key())
                            .isTrue();
                }
            }
            assertThat(seen).as(topic.getKey()).isEqualTo(topic.getValue());
            twice += records.size() - seen.size();
        }
        return twice;
    }

    private List<ConsumerRecord<String, byte[]>> records(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", infra.bootstrap()),
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

    private static long id(ConsumerRecord<String, byte[]> record) {
        String id = new String(record.headers().lastHeader("ce_id").value(), java.nio.charset.StandardCharsets.UTF_8);
        return Long.parseLong(id.substring(id.indexOf(':') + 1));
    }

    private Map<String, Long> counts(String sql) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        try (PreparedStatement select = owner.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }

    @Override
    public void close() throws SQLException {
        owner.close();
    }
}
