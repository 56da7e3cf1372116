package org.capitania.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.Topics;
import org.capitania.contract.event.OwnerDm;

/** Both agents with what they need, each in its own process, their models played by a {@link ModelStub}; the owner writes to them. */
final class AgentsFleet implements AutoCloseable {
    private static final List<Service> SERVICES = List.of(
            Service.GRAPH_SERVICE,
            Service.TOOL_REGISTRY,
            Service.SUPERVISOR,
            Service.AGENT_CHIEF,
            Service.AGENT_OPERATOR);

    private final ModelStub model;
    private final BenchFleet fleet;
    private final KafkaProducer<String, byte[]> events;
    private final Path launcher;
    private final Thread platform =
            Thread.ofPlatform().name("platform").daemon().unstarted(this::startWhoIsWanted);
    private Wire supervisor;

    /** @param tenants for whom there are keys; at first the first one is served alone */
    AgentsFleet(ModelStub model, List<String> tenants) throws IOException {
        this.model = model;
        fleet = new BenchFleet(tenants);
        launcher = launcher(fleet.postgres().directory());
        start(tenants.subList(0, 1));
        events = new KafkaProducer<>(
                Map.of("bootstrap.servers", fleet.bootstrap(), "acks", "1", "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
        supervisor = fleet.connect(Service.SUPERVISOR);
        platform.start();
    }

    BenchFleet processes() {
        return fleet;
    }

    private void start(List<String> tenants) {
        SERVICES.forEach(service ->
                fleet.start(service, service == Service.GRAPH_SERVICE ? "96m" : "64m", variables(service, tenants)));
    }

    /** All services anew, for other tenants. */
    void serve(List<String> tenants) throws IOException {
        supervisor.close();
        SERVICES.reversed().forEach(fleet::stop);
        start(tenants);
        supervisor = fleet.connect(Service.SUPERVISOR);
    }

    private Map<String, String> variables(Service service, List<String> tenants) {
        Map<String, String> variables = new HashMap<>(Map.of("HQ_TENANTS", String.join(",", tenants)));
        variables.putAll(
                switch (service) {
                    case TOOL_REGISTRY ->
                        Map.of(
                                "HQ_MODELS_ANTHROPIC_BASE_URL",
                                model.address(),
                                "HQ_MODELS_ANTHROPIC_API_KEY",
                                ModelStub.KEY);
                    case AGENT_CHIEF, AGENT_OPERATOR -> Map.of("HQ_MODEL", "anthropic");
                    // An agent is known to be gone sooner, so that less time is spent on waiting for it.
                    case SUPERVISOR ->
                        Map.of(
                                "HQ_PLATFORM_KIND", "local",
                                "HQ_PLATFORM_LAUNCHER", launcher.toString(),
                                "HQ_PLATFORM_AGAIN", "10s",
                                "HQ_ROSTER_RENEWAL", "2s",
                                "HQ_ROSTER_SILENCE", "6s");
                    default -> Map.<String, String>of();
                });
        return variables;
    }

    /** The owner writes to an agent; when that was, by the clock of nanoseconds. */
    long write(String tenant, String role, String word) {
        String id = UUID.randomUUID().toString();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                Topics.of(OwnerDm.TYPE), id, Json.bytes(new OwnerDm(id, "user:owner", role, "How is " + word + "?")));
        // Real processes take it for what it says: an event of another time would be an old one.
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "bench:" + id,
                        "ce_type", OwnerDm.TYPE,
                        "ce_source", "/bench",
                        "ce_time", Instant.now().toString(),
                        "ce_tenant", tenant,
                        "ce_actor", "user:owner",
                        "ce_reason", "bench",
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        long start = System.nanoTime();
        events.send(record);
        return start;
    }

    /** The owner asks operator and waits for the answer; nanoseconds. */
    long ask(String word) {
        String request = Json.write(Map.of("kind", "ask", "to", "operator", "text", "How is " + word + "?"));
        String token = fleet.token(Service.SUPERVISOR);
        long start = System.nanoTime();
        String answer;
        try {
            answer = supervisor.post("/v1/messages", token, request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long nanos = System.nanoTime() - start;
        if (!Json.read(answer, JsonNode.class).path("reply").asText().contains("It is so.")) {
            throw new IllegalStateException("the work is wrong: operator answered " + answer);
        }
        return nanos;
    }

    /** Waits until an agent's work is over. */
    void awaitRest(String role) {
        ModelStub.await(role + " came to rest", () -> {
            for (JsonNode wake : see("/v1/wakes?limit=20&role=" + role).path("items")) {
                if (!wake.hasNonNull("ended_at")) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Stops chief's process, and waits until the supervisor knows it. */
    void stopChief() {
        fleet.stop(Service.AGENT_CHIEF);
        ModelStub.await(
                "chief was known to be stopped",
                () -> see("/v1/agents/chief").path("state").asText().equals("stopped"));
    }

    /** A process of chief that has done nothing yet, ready. */
    void chiefAnew() {
        fleet.stop(Service.AGENT_CHIEF);
        fleet.start(Service.AGENT_CHIEF, "64m", variables(Service.AGENT_CHIEF, List.of(BenchFleet.TENANT)));
    }

    private JsonNode see(String path) {
        try {
            return Json.read(supervisor.get(path, fleet.token(Service.SUPERVISOR)), JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the supervisor starts says whom it was to start, and this process does it: what it started itself would outlive it. */
    private static Path launcher(Path directory) throws IOException {
        Path launcher = directory.resolve("launcher");
        Files.writeString(launcher, "#!/bin/sh\necho \"$*\" >> \"${0%/*}/wanted\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return launcher;
    }

    private void startWhoIsWanted() {
        Path wanted = launcher.resolveSibling("wanted");
        while (true) {
            try {
                if (Files.exists(wanted)) {
                    Files.delete(wanted);
                    fleet.begin(Service.AGENT_CHIEF, "64m", variables(Service.AGENT_CHIEF, List.of(BenchFleet.TENANT)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        events.close();
        try {
            supervisor.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            fleet.close();
        }
    }
}
