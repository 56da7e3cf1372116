package org.capitania.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.capitania.outbox.OutboxUnderTest.append;
import static org.capitania.outbox.OutboxUnderTest.asTenant;
import static org.capitania.outbox.OutboxUnderTest.carry;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.capitania.contract.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an event for a topic that nobody has made. */
class ParkingIT {
    private static final int PAGE = 20;
    private static OutboxUnderTest outbox;

    /** The event types of a test: of a topic of the fleet, and of one that is not there. */
    private String there;

    private String missing;

    @BeforeAll
    static void migrate() {
        outbox = new OutboxUnderTest();
    }

    @BeforeEach
    void nameTopics() {
        String name = UUID.randomUUID().toString().substring(0, 8);
        there = "finance.parking-" + name;
        missing = "parking-" + name + ".told";
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 3 * PAGE})
    void shouldSendAllOthersWhenATopicIsNotThere(int pairs) throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            // Given: a page, or a backlog, in which every second row has nowhere to go
            Carrier carrier = new Carrier(store, sink, PAGE);
            long before = carrier.parked();
            // When
            write(writer, 1, pairs);
            carry(carrier);
            // Then
            assertThat(numbers("hq.finance", there)).isEqualTo(upTo(pairs));
            assertThat(carrier.parked() - before).isEqualTo(pairs);
            assertThat(seenByTheService(writer, "main")).isEqualTo(pairs);
            assertThat(seenByTheService(writer, "other")).isZero();
            assertThat(carrier.sendParked()).as("it is still not there").isZero();
            // And: they are kept, however old, while what was sent goes
            Instant later = Instant.now().plus(Duration.ofDays(8));
            OutboxUnderTest.expireAll(carrier, later, PAGE);
            assertThat(outbox.committed(missing)).hasSize(pairs);
            assertThat(outbox.committed(there)).isEmpty();
        }
    }

    @Test
    void shouldSendInOrderWhatWasSetAsideWhenTheTopicIsMade() throws Exception {
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            // Given
            write(writer, 1, PAGE + 5);
            carry(new Carrier(store, sink, PAGE));
            // When: the topic comes to be, then more rows, then another relay takes over
            outbox.makeTopic("hq." + missing.substring(0, missing.indexOf('.')));
            write(writer, PAGE + 6, 10);
        }
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            Carrier carrier = new Carrier(store, sink, PAGE);
            carry(carrier);
            assertThat(numbers("hq.finance", there)).isEqualTo(upTo(PAGE + 15));
            await().untilAsserted(() -> {
                carrier.sendParked();
                assertThat(seenByTheService(writer, "main")).isZero();
            });
            write(writer, PAGE + 16, 1);
            carry(carrier);
            // Then
            assertThat(numbers("hq." + missing.substring(0, missing.indexOf('.')), missing))
                    .isEqualTo(upTo(PAGE + 16));
        }
    }

    @Test
    void shouldLeadWhenATopicThatWasUsedHasGone() throws Exception {
        String topic = "hq." + missing.substring(0, missing.indexOf('.'));
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            // Given
            outbox.makeTopic(topic);
            write(writer, 1, 3);
            carry(new Carrier(store, sink, PAGE));
            assertThat(numbers(topic, missing)).isEqualTo(upTo(3));
            outbox.deleteTopic(topic);
        }
        try (RelayStore store = outbox.store();
                KafkaSink sink = outbox.sink();
                Connection writer = outbox.service()) {
            // When
            new Reconciliation(store, sink, outbox.bootstrap(), OutboxUnderTest.SCHEMA, PAGE).run();
            write(writer, 4, 2);
            carry(new Carrier(store, sink, PAGE));
            // Then
            assertThat(numbers("hq.finance", there)).isEqualTo(upTo(5));
            assertThat(seenByTheService(writer, "main")).isEqualTo(2);
        }
    }

    /** Pairs of rows of one key: one that can be sent, one that cannot. */
    private void write(Connection writer, int from, int pairs) throws SQLException {
        asTenant(writer, "main");
        for (int n = from; n < from + pairs; n++) {
            append(writer, missing, "k", n);
            append(writer, there, "k", n);
        }
        writer.commit();
    }

    private long seenByTheService(Connection service, String tenant) throws SQLException {
        asTenant(service, tenant);
        try (Statement statement = service.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM outbox_parked WHERE kafka_topic = 'hq."
                        + missing.substring(0, missing.indexOf('.')) + "'")) {
            row.next();
            return row.getLong(1);
        } finally {
            service.rollback();
        }
    }

    /** The numbers of a type's records as a consumer sees them first, each once. */
    private static List<Integer> numbers(String topic, String type) {
        LinkedHashSet<Integer> seen = new LinkedHashSet<>();
        for (ConsumerRecord<String, byte[]> record : outbox.records(topic)) {
            if (type.equals(new String(record.headers().lastHeader("ce_type").value()))) {
                seen.add(Json.read(record.value(), com.fasterxml.jackson.databind.JsonNode.class)
                        .path("n")
                        .asInt());
            }
        }
        return new ArrayList<>(seen);
    }

    private static List<Integer> upTo(int last) {
        return java.util.stream.IntStream.rangeClosed(1, last).boxed().toList();
    }
}
