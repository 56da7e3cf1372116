package org.capitania.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.outbox.OutboxUnderTest.append;
import static org.capitania.outbox.OutboxUnderTest.asTenant;
import static org.capitania.outbox.OutboxUnderTest.carry;
import static org.capitania.outbox.OutboxUnderTest.outboxId;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.capitania.contract.Json;
import org.capitania.testkit.Soak;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the relay promises, against concurrent writers, an open transaction, crashes, a lost topic and a restored database. */
class CarrierIT {
    private static final int PAGE = 50;
    private static OutboxUnderTest outbox;

    @BeforeAll
    static void migrate() {
        outbox = new OutboxUnderTest();
    }

    @Test
    void shouldSkipAndInvertNothingWhenManyWritersCommitAndRollBack() throws Exception {
        // Given: writers that count up under a row lock, some of which roll back
        long seed = Long.getLong("hq.seed", 20261121L);
        int writers = 8;
        int each = Soak.count(150, 10_000);
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            Carrier carrier = new Carrier(store, sink, PAGE);
            List<Future<Integer>> running = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                running.add(threads.submit(write(new Random(seed + writer), each)));
            }
            // When: the carrier carries all the while
            while (running.stream().anyMatch(w -> !w.isDone())) {
                carrier.carry(Instant.EPOCH);
            }
            for (Future<Integer> writer : running) {
                writer.get();
            }
            while (carry(carrier) > 0) {
                assertThat(running).isNotEmpty();
            }
        }
        // Then
        List<ConsumerRecord<String, byte[]>> records = outbox.records("hq.task");
        assertThat(ids(records)).as("seed %d", seed).isEqualTo(outbox.committed("task.counted"));
        assertThat(records).as("sent once while nothing failed, seed %d", seed).hasSameSizeAs(ids(records));
        assertInOrder(records, seed);
        Soak.report(
                "outbox",
                "Writers that count up under a row lock, one in five of which rolls back, while the relay carries.",
                Map.of(
                        "writers",
                        writers,
                        "transactions each",
                        each,
                        "records",
                        records.size(),
                        "lost",
                        0,
                        "inverted",
                        0));
    }

    @Test
    void shouldPassAnOpenTransactionWhenOthersCommit() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection open = outbox.service();
                Connection other = outbox.service()) {
            Carrier carrier = new Carrier(store, sink, PAGE);
            // Given: a transaction that has appended and stays open
            asTenant(open, "main");
            long held = append(open, "kb.held", "held", 1);
            asTenant(other, "main");
            long passing = append(other, "kb.held", "passing", 1);
            other.commit();
            // When
            carry(carrier);
            // Then: the other's event is out, the open one's is not
            assertThat(ids(outbox.records("hq.kb"))).contains(passing).doesNotContain(held);
            // And it follows once committed
            open.commit();
            carry(carrier);
            assertThat(ids(outbox.records("hq.kb"))).contains(passing, held);
        }
    }

    @Test
    void shouldLookOnButPassNothingWhileTheBrokerDoesNotAnswer() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            Carrier carrier = new Carrier(store, sink, PAGE);
            asTenant(writer, "main");
            append(writer, "customer.seen", "k", 1);
            writer.commit();
            carry(carrier);
            long before = store.position().lastId();
            Instant first = Instant.parse("2026-11-21T10:00:00Z");
            Instant second = first.plusSeconds(1);
            // When: one event is committed after the other
            try (AutoCloseable held = OutboxUnderTest.heldBroker()) {
                for (int n = 2; n <= 3; n++) {
                    asTenant(writer, "main");
                    append(writer, "customer.seen", "k", n);
                    writer.commit();
                    assertThat(carrier.carry(n == 2 ? first : second))
                            .as("sent on %s", held)
                            .isEqualTo(1);
                }
                // Then
                assertThat(carrier.carry(second)).isZero();
                assertThat(store.position().lastId()).isEqualTo(before);
                assertThat(carrier.carriedUntil(second)).isEqualTo(first);
            }
            // And once it answers
            carrier.settle();
            assertThat(carrier.carry(second)).isZero();
            assertThat(carrier.carriedUntil(second)).isEqualTo(second);
        }
        List<ConsumerRecord<String, byte[]>> records = outbox.records("hq.customer");
        assertThat(ids(records)).isEqualTo(outbox.committed("customer.seen"));
        assertInOrder(records, 0);
        try (RelayStore store = outbox.store()) {
            assertThat(store.position().lastId()).isEqualTo(outboxId(records.getLast()));
        }
    }

    @Test
    void shouldStoreThePositionWhenALookFindsNothing() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            Carrier carrier = new Carrier(store, sink, PAGE);
            long before = store.position().lastId();
            Instant then = Instant.parse("2026-11-21T10:00:00Z");
            // Given: two looks that find something, and the broker has it
            long last = before;
            for (int n = 1; n <= 2; n++) {
                asTenant(writer, "main");
                last = append(writer, "finance.seen", "k", n);
                writer.commit();
                assertThat(carrier.carry(then)).isEqualTo(1);
                int expected = n;
                await().until(() -> outbox.records("hq.finance").size() == expected);
            }
            // Then: what neither of them has stored
            assertThat(store.position().lastId()).isEqualTo(before);
            // And the next stores, which finds nothing and has all answers
            Instant later = then.plusSeconds(1);
            await().until(() ->
                    carrier.carry(later) == 0 && carrier.carriedUntil(later).equals(later));
            assertThat(store.position().lastId()).isEqualTo(last);
        }
    }

    @Test
    void shouldNoteTheHighestIdWhenALaterLookFindsALowerOne() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection first = outbox.service();
                Connection second = outbox.service()) {
            Carrier carrier = new Carrier(store, sink, PAGE);
            asTenant(first, "main");
            append(first, "prospect.seen", "k", 0);
            first.commit();
            carry(carrier);
            // Given: two events of a key, committed in the other order than they took their ids
            asTenant(first, "main");
            long low = append(first, "prospect.seen", "k", 2);
            asTenant(second, "main");
            long high = append(second, "prospect.seen", "k", 1);
            // When: a look finds each, and both are acknowledged together
            try (AutoCloseable held = OutboxUnderTest.heldBroker()) {
                second.commit();
                assertThat(carrier.carry(Instant.EPOCH)).as("held by %s", held).isEqualTo(1);
                first.commit();
                assertThat(carrier.carry(Instant.EPOCH)).isEqualTo(1);
            }
            carrier.settle();
            carry(carrier);
            // Then: whoever heals the topic knows of both
            assertThat(low).isLessThan(high);
            assertThat(store.progress())
                    .filteredOn(partition -> partition.topic().equals("hq.prospect"))
                    .extracting(RelayStore.Progress::outboxId)
                    .containsExactly(high);
        }
        assertThat(outbox.records("hq.prospect").stream().map(OutboxUnderTest::outboxId))
                .hasSize(3);
    }

    @Test
    void shouldSendAgainInOrderWhenItDiedBeforeThePositionWasStored() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            carry(new Carrier(store, sink, PAGE));
            RelayStore.Position before = store.position();
            asTenant(writer, "main");
            for (int n = 1; n <= 20; n++) {
                append(writer, "alert.fired", "key-" + n % 3, n);
            }
            writer.commit();
            // When: sent, then the process dies before the position moves, and another takes over
            carry(new Carrier(store, sink, PAGE));
            store.save(new RelayStore.Position(before.snapshot(), before.lastId()), List.of());
            carry(new Carrier(store, sink, PAGE));
        }
        // Then: twice each, the same ids, and the first occurrences in order
        List<ConsumerRecord<String, byte[]>> records = outbox.records("hq.alert");
        assertThat(records).hasSize(40);
        assertThat(ids(records)).isEqualTo(outbox.committed("alert.fired"));
        assertInOrder(firstOccurrences(records), 0);
    }

    @Test
    void shouldPublishAgainWhenTheBrokerLostATopic() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            Carrier carrier = new Carrier(store, sink, PAGE);
            asTenant(writer, "main");
            for (int n = 1; n <= 120; n++) {
                append(writer, "beat.fired", "key-" + n % 5, n);
            }
            writer.commit();
            carry(carrier);
            assertThat(ids(outbox.records("hq.beat"))).isEqualTo(outbox.committed("beat.fired"));
            // When
            outbox.deleteTopic("hq.beat");
            sink.ensureTopics();
            // A topic that was just made has no leader for a moment.
            await().ignoreExceptions().until(() -> outbox.records("hq.beat").isEmpty());
            int again = new Reconciliation(store, sink, outbox.bootstrap(), OutboxUnderTest.SCHEMA, PAGE).run();
            // Then
            assertThat(again).isEqualTo(120);
            List<ConsumerRecord<String, byte[]>> records = outbox.records("hq.beat");
            assertThat(ids(records)).isEqualTo(outbox.committed("beat.fired"));
            assertInOrder(records, 0);
            assertThat(new Reconciliation(store, sink, outbox.bootstrap(), OutboxUnderTest.SCHEMA, PAGE).run())
                    .as("nothing is lost any more")
                    .isZero();
        }
    }

    @Test
    void shouldStartAgainByIdWhenTheStoredPositionIsOfAnotherCluster() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            carry(new Carrier(store, sink, PAGE));
            long last = store.position().lastId();
            asTenant(writer, "main");
            long fresh = append(writer, "calendar.external_changed", "k", 1);
            writer.commit();
            // When: the position says transactions have been seen that this cluster never had
            store.save(new RelayStore.Position("9000000000000:9000000000000:", last), List.of());
            carry(new Carrier(store, sink, PAGE));
            // Then
            assertThat(ids(outbox.records("hq.calendar"))).contains(fresh);
            assertThat(store.position().snapshot()).doesNotContain("9000000000000");
        }
    }

    @Test
    void shouldExpirePageByPageAndOnlyWhatWasPublished() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            // Given: more than a page that is published, and one event that is not
            Carrier carrier = new Carrier(store, sink, PAGE);
            asTenant(writer, "main");
            for (int n = 1; n <= PAGE + 1; n++) {
                append(writer, "kb.kept", "k", n);
            }
            writer.commit();
            carry(carrier);
            asTenant(writer, "main");
            long waiting = append(writer, "kb.kept", "k", PAGE + 2);
            writer.commit();
            Instant later = Instant.now().plus(Duration.ofDays(8));
            // When
            boolean more = carrier.expire(later, Duration.ofDays(7), Duration.ofDays(7), PAGE);
            // Then
            assertThat(more).as("the second page is left for later").isTrue();
            OutboxUnderTest.expireAll(carrier, later, PAGE);
            assertThat(outbox.committed("kb.kept")).containsExactly(waiting);
            carry(carrier);
            assertThat(ids(outbox.records("hq.kb"))).contains(waiting);
        }
    }

    private static Callable<Integer> write(Random random, int transactions) {
        return () -> {
            int committed = 0;
            try (Connection connection = outbox.service()) {
                for (int i = 0; i < transactions; i++) {
                    asTenant(connection, random.nextInt(4) == 0 ? "other" : "main");
                    String key = "key-" + random.nextInt(6);
                    append(connection, "task.counted", key, next(connection, key));
                    if (random.nextInt(5) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                        committed++;
                    }
                }
            }
            return committed;
        };
    }

    private static long next(Connection connection, String key) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("""
                INSERT INTO counter (key, n) VALUES (?, 1)
                ON CONFLICT (tenant_id, key) DO UPDATE SET n = counter.n + 1 RETURNING n
                """)) {
            count.setString(1, key);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Set<Long> ids(List<ConsumerRecord<String, byte[]>> records) {
        Set<Long> ids = new LinkedHashSet<>();
        records.forEach(r -> ids.add(outboxId(r)));
        return ids;
    }

    private static List<ConsumerRecord<String, byte[]>> firstOccurrences(List<ConsumerRecord<String, byte[]>> records) {
        Set<Long> seen = new HashSet<>();
        return records.stream().filter(r -> seen.add(outboxId(r))).toList();
    }

    private static void assertInOrder(List<ConsumerRecord<String, byte[]>> records, long seed) {
        Map<String, Long> last = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            JsonNode data = Json.read(record.value(), JsonNode.class);
            String tenant = new String(record.headers().lastHeader("ce_tenant").value());
            long n = data.path("n").asLong();
            Long before = last.put(tenant + "/" + record.key(), n);
            assertThat(before == null || before < n)
                    .as("order of %s/%s: %s before %d, seed %d", tenant, record.key(), before, n, seed)
                    .isTrue();
        }
    }
}
