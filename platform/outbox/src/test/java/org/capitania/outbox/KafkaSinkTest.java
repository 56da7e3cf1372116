package org.capitania.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.capitania.contract.Json;
import org.junit.jupiter.api.Test;

/** How long the relay stays with a broker that takes its time. */
class KafkaSinkTest {
    private static final Duration ONE = Duration.ofSeconds(25);

    private final AtomicLong now = new AtomicLong();

    /** One that waits for room in each send, as a full one does, and answers never. */
    private final class Full extends MockProducer<String, byte[]> {
        Full() {
            super(false, null, new StringSerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
            now.addAndGet(ONE.toNanos());
            return super.send(record, callback);
        }
    }

    @Test
    void shouldGiveUpInTimeWhenEachSendHasToWaitForRoom() {
        Full full = new Full();
        // Never asked here; it needs a broker's name all the same.
        try (KafkaSink sink = new KafkaSink(
                Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1")), full, "watch", "watchdog", now::get)) {
            assertThatThrownBy(() -> sink.send(rows(10)))
                    .isInstanceOf(RelayException.class)
                    .hasMessageContaining("in time");
            assertThat(full.history()).hasSize(3);
            // And: what it took for the sends is not to be waited for once more
            KafkaSink.Sending two = sink.send(rows(2));
            assertThat(two.isDone()).isFalse();
            now.addAndGet(Duration.ofSeconds(11).toNanos());
            assertThat(two.isDone()).isTrue();
            assertThatThrownBy(two::await).isInstanceOf(RelayException.class);
        }
    }

    private static List<OutboxRow> rows(int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(id -> new OutboxRow(
                        id,
                        "main",
                        "agent.state_changed",
                        "chief",
                        "{}",
                        Json.MAPPER.createObjectNode(),
                        Instant.EPOCH))
                .toList();
    }
}
