package org.capitania.embedded.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.capitania.contract.Topics;
import org.capitania.embedded.Leash;
import org.capitania.embedded.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfraMainIT {
    @TempDir
    Path home;

    private final int kafka = Ports.free();
    private final int controller = Ports.free();
    private final int smtp = Ports.free();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(InfraMain.command(
                        ProcessHandle.current().info().command().orElseThrow(), System.getProperty("java.class.path")))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "HQ_HOME", home.toString(),
                        "HQ_KAFKA_PORT", Integer.toString(kafka),
                        "HQ_KAFKA_CONTROLLER_PORT", Integer.toString(controller),
                        "HQ_SMTP_PORT", Integer.toString(smtp),
                        "HQ_END_WITH_STDIN", "true"));
        Process process = builder.start();
        Leash.tie(process);
        started.add(process);
        return process;
    }

    private Process launchAndWait() throws IOException {
        Process process = launch();
        Awaitility.await("hq-infra")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(InfraMain.readyFile(home)) || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(home.resolve("log"))).isTrue();
        return process;
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", "127.0.0.1:" + kafka);
    }

    private void produce(String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + kafka, "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("hq.email", 0, "key", value)).get(20, TimeUnit.SECONDS);
        }
    }

    private List<String> consume(int count) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client(), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("hq.email", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
                return values.size() >= count;
            });
            return values;
        }
    }

    @Test
    void shouldKeepAcknowledgedRecordsAcrossAKillAndACleanStop() throws Exception {
        // Given a fresh broker with all topics
        Process first = launchAndWait();
        try (Admin admin = Admin.create(client())) {
            assertThat(admin.listTopics().names().get())
                    .containsAll(Topics.ALL.stream().map(Topics.Topic::name).toList());
            ConfigResource graph = new ConfigResource(ConfigResource.Type.TOPIC, Topics.GRAPH_NODES);
            assertThat(admin.describeConfigs(List.of(graph))
                            .all()
                            .get()
                            .get(graph)
                            .get("retention.ms")
                            .value())
                    .isEqualTo("-1");
        }
        produce("one");

        // When it is killed, and later asked to stop
        first.destroyForcibly().waitFor();
        assertThat(InfraMain.readyFile(home)).exists();
        Files.delete(InfraMain.readyFile(home));
        Process second = launchAndWait();
        produce("two");
        second.destroy();
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();

        // Then it says that it is gone, and nothing is
        assertThat(InfraMain.readyFile(home)).doesNotExist();
        launchAndWait();
        assertThat(consume(2)).containsExactly("one", "two");
    }

    @Test
    void shouldEndWithTheProcessThatHoldsItsStdin() throws Exception {
        Process process = launchAndWait();
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldEndByExit2AndOneLineWhenAPortIsTaken() throws Exception {
        try (var taken = new java.net.ServerSocket(kafka, 1, java.net.InetAddress.getLoopbackAddress())) {
            Process process = launch();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
            assertThat(Files.readString(home.resolve("log")))
                    .contains("hq-infra: port " + taken.getLocalPort() + " for Kafka is in use")
                    .doesNotContain("\tat ");
        }
    }
}
