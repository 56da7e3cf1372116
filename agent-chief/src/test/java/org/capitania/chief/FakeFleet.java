package org.capitania.chief;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Topics;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.Event;
import org.capitania.testkit.Events;
import org.capitania.testkit.FakePeers;

/** The supervisor and tool-registry as chief sees them: wakes can be issued, a call id has one effect, and a call can be held up. */
final class FakeFleet implements AutoCloseable {
    private static final List<String> TOOLS = List.of("hq_search", "hq_agent", "email_thread_read", "email_send");

    final FakePeers peers = FakePeers.listen();
    /** Effects by call id, in the order in which they first happened. */
    final Map<String, String> effects = new LinkedHashMap<>();

    final List<String> turns = new CopyOnWriteArrayList<>();
    private final Map<String, AgentWake> wakes = new ConcurrentHashMap<>();
    private final Map<String, Long> fences = new ConcurrentHashMap<>();
    private final Map<String, String> claimedBy = new ConcurrentHashMap<>();
    private volatile boolean paused;
    private volatile String heldTool = "";
    private volatile CountDownLatch reached = new CountDownLatch(1);

    private final String topic;

    FakeFleet() {
        this(Topics.agent("chief"));
    }

    /** Publishes wakes to another topic than chief's own, for a chief that listens there. */
    FakeFleet(String topic) {
        this.topic = topic;
        peers.on(
                "POST",
                "/v1/agents/chief/curation",
                r -> Map.of("role", "chief", "granted", TOOLS, "refused", List.of(), "workspace_version", "v"));
        peers.on("POST", "/v1/agents/chief/register", r -> Map.of("state", "cold", "renew_after_ms", 60_000));
        peers.on(
                "GET",
                "/v1/agents/chief/tools",
                r -> Map.of("tools", TOOLS.stream().map(FakeFleet::tool).toList()));
        peers.on("POST", "/v1/wakes/([^/]+)/claim", this::claim);
        peers.on(
                "POST",
                "/v1/runs/([^/]+)/heartbeat",
                r -> Map.of("lease_expires_at", "2999-01-01T00:00:00Z", "appended", List.of()));
        peers.on(
                "POST",
                "/v1/runs/([^/]+)/complete",
                r -> Map.of("run_id", r.groups().getFirst(), "state", "finished"));
        peers.on("POST", "/v1/sessions", r -> Map.of("header", "# Session context reconstruction"));
        peers.on(
                "POST",
                "/v1/sessions/([^/]+)/close",
                r -> Map.of(
                        "session_id",
                        r.groups().getFirst(),
                        "node_id",
                        "n-1",
                        "audit_event_id",
                        "a-1",
                        "cost_usd",
                        0.0125));
        peers.on("POST", "/v1/models/rehearsal/calls", r -> {
            turns.add(body(r).path("call_id").asText());
            return Map.of("ok", true);
        });
        peers.on("POST", "/v1/tools/([^/]+)/calls", this::call);
    }

    /** The next call of this tool gets no answer; {@link #awaitHeld()} returns once it has had its effect. */
    void hold(String tool) {
        reached = new CountDownLatch(1);
        heldTool = tool;
    }

    /** The owner pauses chief, or lets it go on: no wake can be claimed meanwhile. */
    void paused(boolean now) {
        paused = now;
    }

    boolean awaitHeld() throws InterruptedException {
        return reached.await(30, TimeUnit.SECONDS);
    }

    /** Wakes chief for a mail, as the supervisor does; the record is sent as often as asked. */
    AgentWake wake(String taskId, long fence, int times) {
        AgentWake wake = new AgentWake(
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                fence,
                "chief",
                "a mail came in",
                1,
                List.of(new AgentTask(taskId, "conv-" + taskId, true, List.of(mail(taskId)))));
        wakes.put(wake.wakeId(), wake);
        fences.merge("chief", fence, Math::max);
        String id = "fleet:" + wake.runId();
        for (int i = 0; i < times; i++) {
            Events.publish(topic, id, AgentWake.TYPE, "main", "chief", wake);
        }
        return wake;
    }

    List<JsonNode> bodies(String path) {
        return peers.requests("POST", path).stream().map(FakeFleet::body).toList();
    }

    private Object claim(FakePeers.Request request) {
        if (paused) {
            throw new CapitaniaException(ErrorCode.AGENT_PAUSED, "chief is paused by user:owner");
        }
        AgentWake wake = wakes.get(request.groups().getFirst());
        if (wake == null || wake.fence() < fences.getOrDefault("chief", 0L)) {
            throw new CapitaniaException(ErrorCode.FENCED, "not the current run");
        }
        String instance = body(request).path("instance").asText();
        if (!claimedBy.computeIfAbsent(wake.runId(), run -> instance).equals(instance)) {
            throw new CapitaniaException(ErrorCode.FENCED, "another process has claimed it");
        }
        return wake;
    }

    private Object call(FakePeers.Request request) {
        String tool = request.groups().getFirst();
        JsonNode body = body(request);
        if (body.path("fence").asLong() < fences.getOrDefault("chief", 0L)) {
            throw new CapitaniaException(ErrorCode.FENCED, "a higher fence is known");
        }
        synchronized (effects) {
            effects.putIfAbsent(body.path("call_id").asText(), tool + " " + body.path("arguments"));
        }
        if (tool.equals(heldTool)) {
            heldTool = "";
            reached.countDown();
            try {
                new CountDownLatch(1).await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return result(tool);
    }

    private static Map<String, Object> result(String tool) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", true);
        result.put("status", tool.equals("email_send") ? "proposed" : "done");
        result.put("action", tool);
        result.put("audit_event_id", UUID.randomUUID().toString());
        result.put(
                "data",
                switch (tool) {
                    case "email_thread_read" -> Json.read(THREAD, JsonNode.class);
                    case "hq_agent" ->
                        Map.of(
                                "from",
                                "operator",
                                "reply",
                                "[rehearsal] FACT: Aurora is recorded as entity. Source: entity:aurora, version 3.");
                    case "email_send" -> Map.of("proposal_id", "p-77");
                    default -> Map.of();
                });
        return result;
    }

    private static Event mail(String taskId) {
        ObjectNode data = Json.MAPPER.createObjectNode();
        data.put("conversation_id", "conv-" + taskId)
                .put("interaction_id", "int-1")
                .put("entity_id", "0199aa10-7c1e-7cc2-b3a5-0d8b6f3e9a11")
                .put("subject", "Ponto de situação")
                .put("classification", "person")
                .put("answerable", true);
        data.putObject("from").put("address", "ana@aurora.example").put("name", "Ana Silva");
        return new Event(
                "ingest:" + taskId,
                "email.received",
                "/ingest-workers",
                null,
                Instant.parse("2026-11-21T08:30:00Z"),
                "main",
                "worker:email_ingest",
                null,
                null,
                null,
                null,
                "conv-" + taskId,
                data);
    }

    private static Map<String, Object> tool(String name) {
        return Map.of(
                "name",
                name,
                "description",
                "Does " + name,
                "inputSchema",
                Map.of("type", "object"),
                "annotations",
                Map.of("readOnlyHint", name.equals("hq_search") || name.equals("email_thread_read")));
    }

    private static JsonNode body(FakePeers.Request request) {
        JsonNode body = request.body();
        return body == null ? Json.MAPPER.createObjectNode() : body;
    }

    List<String> callIds() {
        synchronized (effects) {
            return new ArrayList<>(effects.keySet());
        }
    }

    @Override
    public void close() {
        peers.close();
    }

    private static final String THREAD = """
            {"conversation":{"id":"conv-1","subject":"Ponto de situação","version":1},"tainted":true,
             "messages":[{"id":"int-1","direction":"in","from":"ana@aurora.example","subject":"Ponto de situação",
                          "body_text":"Bom dia,\\n\\nQual é o estado da nossa encomenda? Obrigada.\\n\\nAna"}],
             "answer":{"in_reply_to_interaction":"int-1","to":["ana@aurora.example"],"subject":"Re: Ponto de situação"}}""";
}
