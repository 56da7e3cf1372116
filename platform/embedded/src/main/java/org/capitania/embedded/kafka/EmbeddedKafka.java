package org.capitania.embedded.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.capitania.contract.Topics;
import org.capitania.embedded.MachineProblem;
import org.capitania.embedded.Ports;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka broker (KRaft, its own controller) in this JVM, on 127.0.0.1. Each record is on disk before it is
 * acknowledged, so that a power cut loses none. It runs in 192 MB of heap with the serial collector.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE_ID = 1;

    private final Path directory;
    private final int port;
    private final int controllerPort;
    private @Nullable KafkaRaftServer server;

    /**
     * @param directory the broker's own directory, for example {@code .hq/kafka}; made and formatted when absent
     */
    public EmbeddedKafka(Path directory, int port, int controllerPort) {
        this.directory = directory.toAbsolutePath().normalize();
        this.port = port;
        this.controllerPort = controllerPort;
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Starts the broker, makes the topics that are missing, and returns when both are done. */
    public void start() {
        Ports.requireFree(port, "Kafka");
        Ports.requireFree(controllerPort, "Kafka's controller");
        KafkaConfig config = new KafkaConfig(settings(), false);
        try {
            Files.createDirectories(directory);
            format();
        } catch (IOException e) {
            throw new MachineProblem(
                    MachineProblem.Kind.DISK,
                    "cannot prepare Kafka's directory " + directory + ": " + e.getMessage(),
                    e);
        }
        try {
            KafkaRaftServer starting = new KafkaRaftServer(config, Time.SYSTEM);
            server = starting;
            starting.startup();
        } catch (RuntimeException e) {
            close();
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START,
                    "Kafka did not start in " + directory + ": " + e.getMessage(),
                    e);
        }
        createTopics();
    }

    /** Stops the broker after writing what it holds; returns when it is gone. */
    @Override
    public void close() {
        KafkaRaftServer running = server;
        if (running != null) {
            server = null;
            running.shutdown();
            running.awaitShutdown();
        }
    }

    private void format() throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(quiet)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("formatting failed: " + e.getMessage(), e);
        }
    }

    private Properties settings() {
        Properties p = new Properties();
        p.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@127.0.0.1:" + controllerPort,
                "controller.listener.names",
                "CONTROLLER",
                "listeners",
                "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners",
                "BROKER://127.0.0.1:" + port,
                "inter.broker.listener.name",
                "BROKER",
                "listener.security.protocol.map",
                "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs",
                directory.toString()));
        // Without this a power cut loses nearly all acknowledged records of a lone broker.
        p.put("log.flush.interval.messages", "1");
        p.put("auto.create.topics.enable", "false");
        p.put("num.partitions", Integer.toString(Topics.PARTITIONS));
        p.put("default.replication.factor", "1");
        p.put("min.insync.replicas", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("offsets.topic.num.partitions", "8");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        // Outbox payloads are at most 512 KiB.
        p.put("message.max.bytes", "2097152");
        // Small machine: the defaults want 128 MB for the cleaner alone.
        p.put("log.cleaner.threads", "1");
        p.put("log.cleaner.dedupe.buffer.size", "4194304");
        p.put("log.cleaner.io.buffer.size", "262144");
        p.put("log.segment.bytes", "268435456");
        p.put("log.index.size.max.bytes", "1048576");
        p.put("num.network.threads", "2");
        // Most of them wait for the disk.
        p.put("num.io.threads", "8");
        p.put("background.threads", "2");
        p.put("num.recovery.threads.per.data.dir", "2");
        p.put("socket.request.max.bytes", "33554432");
        p.put("log.retention.check.interval.ms", "300000");
        return p;
    }

    private void createTopics() {
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                20_000);
        try (Admin admin = Admin.create(client)) {
            Set<String> existing = admin.listTopics().names().get(30, TimeUnit.SECONDS);
            List<NewTopic> missing = new ArrayList<>();
            for (Topics.Topic topic : Topics.ALL) {
                if (!existing.contains(topic.name())) {
                    String retention = topic.retention()
                            .map(kept -> Long.toString(kept.toMillis()))
                            .orElse("-1");
                    missing.add(new NewTopic(topic.name(), Topics.PARTITIONS, (short) 1)
                            .configs(Map.of(
                                    "retention.ms", retention, "retention.bytes", "-1", "cleanup.policy", "delete")));
                }
            }
            admin.createTopics(missing).all().get(60, TimeUnit.SECONDS);
            awaitLeaders(admin);
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START, "Kafka's topics could not be made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new MachineProblem(
                    MachineProblem.Kind.DID_NOT_START, "interrupted while Kafka's topics were made", e);
        }
    }

    /** After a start the broker takes up its partitions one after the other; before that a producer is sent away. */
    private static void awaitLeaders(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        List<String> names = Topics.ALL.stream().map(Topics.Topic::name).toList();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (admin.describeTopics(names).allTopicNames().get(20, TimeUnit.SECONDS).values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition ->
                        partition.leader() == null || partition.leader().isEmpty())) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("some partitions have no leader");
            }
            LockSupport.parkNanos(20_000_000L);
        }
    }
}
