package org.capitania.cli.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.capitania.cli.Failure;
import org.capitania.cli.call.Fleet;

/** Reads topics without belonging to a consumer group: nothing that the fleet does depends on who looks. */
final class EventLog implements AutoCloseable {
    private static final Logger QUIET = Logger.getLogger("org.apache.kafka");
    private static final String PREFIX = "hq.";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<String, byte[]> consumer;
    private final String address;

    EventLog(String bootstrap) {
        address = bootstrap;
        // What goes wrong is told as a failure; the client's own remarks are noise at a prompt.
        QUIET.setLevel(Level.OFF);
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 8_000);
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** One topic and how much is on it. */
    record Topic(String name, int partitions, long events) {}

    /** Where reading begins. */
    sealed interface Start {
        /** The last events of all partitions together. */
        record Last(int count) implements Start {}

        /** Everything recorded at this time or later. */
        record Since(Instant time) implements Start {}
    }

    List<Topic> topics() {
        return asking(() -> {
            Map<String, List<PartitionInfo>> all = new TreeMap<>(consumer.listTopics());
            all.keySet().removeIf(name -> !name.startsWith(PREFIX));
            List<TopicPartition> every =
                    all.values().stream().flatMap(p -> partitions(p).stream()).toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(every);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(every);
            return all.entrySet().stream()
                    .map(e -> new Topic(
                            e.getKey(),
                            e.getValue().size(),
                            partitions(e.getValue()).stream()
                                    .mapToLong(p -> ends.getOrDefault(p, 0L) - begins.getOrDefault(p, 0L))
                                    .sum()))
                    .toList();
        });
    }

    /** Begins at the start on the named topics, on all when none is named. */
    void open(Collection<String> names, Start start) {
        asking(() -> {
            Map<String, List<PartitionInfo>> all = consumer.listTopics();
            for (String name : names) {
                if (!all.containsKey(name)) {
                    throw Failure.notFound("there is no topic " + name + "; hq events topics lists them");
                }
            }
            List<TopicPartition> partitions = all.entrySet().stream()
                    .filter(e -> names.isEmpty() ? e.getKey().startsWith(PREFIX) : names.contains(e.getKey()))
                    .flatMap(e -> partitions(e.getValue()).stream())
                    .toList();
            consumer.assign(partitions);
            seek(partitions, start);
            return partitions;
        });
    }

    /** Everything up to the ends as they are now, by time. */
    List<ConsumerRecord<String, byte[]>> readToEnd() {
        return asking(() -> {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
            }
            records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
            return records;
        });
    }

    /** What came since; waits a moment for it. */
    List<ConsumerRecord<String, byte[]>> poll() {
        return asking(() -> {
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            consumer.poll(POLL).forEach(records::add);
            records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
            return records;
        });
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }

    private void seek(List<TopicPartition> partitions, Start start) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        switch (start) {
            case Start.Last last -> {
                Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
                ends.forEach((p, end) -> consumer.seek(p, Math.max(begins.getOrDefault(p, 0L), end - last.count())));
            }
            case Start.Since since -> {
                Map<TopicPartition, Long> times = new HashMap<>();
                partitions.forEach(p -> times.put(p, since.time().toEpochMilli()));
                consumer.offsetsForTimes(times)
                        .forEach((p, found) ->
                                consumer.seek(p, found == null ? ends.getOrDefault(p, 0L) : found.offset()));
            }
        }
    }

    private static List<TopicPartition> partitions(List<PartitionInfo> infos) {
        return infos.stream()
                .map(i -> new TopicPartition(i.topic(), i.partition()))
                .toList();
    }

    private <T> T asking(Supplier<T> question) {
        try {
            return question.get();
        } catch (TimeoutException e) {
            throw Failure.system("kafka_unavailable", "Kafka does not answer on " + address)
                    .withHint("hq status shows what runs; hq up starts what is missing");
        } catch (KafkaException e) {
            throw Failure.system("kafka_unavailable", "Kafka refused: " + e.getMessage());
        }
    }

    static EventLog of(Fleet fleet) {
        return new EventLog(fleet.kafka());
    }
}
