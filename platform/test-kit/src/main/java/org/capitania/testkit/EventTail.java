package org.capitania.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.capitania.contract.Topics;
import org.capitania.contract.event.Event;

/** Collects the events of topics while a test runs, in the order of each partition; it belongs to no consumer group. */
public final class EventTail implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> records = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private EventTail(boolean fromStart, String... topics) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestKafka.shared().bootstrap()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Arrays.stream(topics)
                .flatMap(topic -> IntStream.range(0, Topics.PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)))
                .toList();
        consumer.assign(partitions);
        if (fromStart) {
            consumer.seekToBeginning(partitions);
        } else {
            consumer.seekToEnd(partitions);
        }
        // The seek is lazy; asking for the position makes it now, so that nothing sent after this line is missed.
        partitions.forEach(consumer::position);
        reader = Thread.ofVirtual().name("event-tail").start(this::read);
    }

    /** Events published from now on. */
    public static EventTail fromNow(String... topics) {
        return new EventTail(false, topics);
    }

    /** Events published since the broker of this JVM started. */
    public static EventTail fromStart(String... topics) {
        return new EventTail(true, topics);
    }

    private void read() {
        try (consumer) {
            while (true) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        } catch (WakeupException e) {
            // close() was called
        }
    }

    /** What came so far, raw. */
    public List<ConsumerRecord<String, byte[]>> records() {
        return List.copyOf(records);
    }

    /** What came so far. */
    public List<Event> events() {
        return records.stream().map(Events::read).toList();
    }

    /** What came so far of one type. */
    public List<Event> ofType(String type) {
        return ofType(type, event -> true);
    }

    private List<Event> ofType(String type, Predicate<Event> wanted) {
        return events().stream()
                .filter(event -> event.type().equals(type))
                .filter(wanted)
                .toList();
    }

    /** Waits for the first event of the type that is wanted, at most 20 seconds. */
    public Event await(String type, Predicate<Event> wanted) {
        return awaitCount(1, type, wanted).getFirst();
    }

    public Event await(String type) {
        return await(type, event -> true);
    }

    /** Waits until at least that many have come. */
    public List<Event> awaitCount(int count, String type, Predicate<Event> wanted) {
        return Awaitility.await(count + " of " + type)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ofType(type, wanted), found -> found.size() >= count);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
