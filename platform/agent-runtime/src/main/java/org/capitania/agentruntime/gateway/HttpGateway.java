package org.capitania.agentruntime.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.capitania.agentruntime.loop.Gateway;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.BudgetStanding;
import org.capitania.contract.api.SessionClose;
import org.capitania.contract.api.SessionClosed;
import org.capitania.contract.api.SessionCost;
import org.capitania.contract.api.SessionHeader;
import org.capitania.contract.api.SessionOpen;
import org.capitania.contract.api.SessionOpen.Trigger;
import org.capitania.contract.api.ToolCallRequest;
import org.capitania.contract.api.ToolLoading;
import org.capitania.contract.api.ToolResult;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** tool-registry over HTTP. */
@ApplicationScoped
class HttpGateway implements Gateway {
    /** An ask inside a call may take five minutes, and the gateway answers a little later. */
    private static final PeerOptions PATIENT = PeerOptions.DEFAULT.withTimeout(Duration.ofSeconds(320));

    /** So the gateway names the sessions of subagents; an ask has a parent call too, and is the agent itself. */
    private static final String SUBAGENT = "sub-";

    /** How long what was said about money counts. */
    private static final Duration GOOD = Duration.ofMinutes(1);

    private final Peers peers;
    private final Clock clock;
    private final Map<String, Told> demotions = new ConcurrentHashMap<>();

    private final Map<String, Offered> offered = new ConcurrentHashMap<>();

    private record Told(boolean demote, Instant until) {}

    private static final Told NOTHING = new Told(false, Instant.MIN);

    /** The agent's own tools, as they were answered under a tag. */
    private record Offered(String tag, List<ToolDefinition> tools) {}

    HttpGateway(Peers peers, Clock clock) {
        this.peers = peers;
        this.clock = clock;
    }

    /** As it was said last: no turn but the first waits for the gateway to say it again. */
    @Override
    public boolean demotes(Ticket ticket) {
        Told told = demotions.get(ticket.tenant());
        if (told == null) {
            ask(ticket, false);
        } else if (!clock.instant().isBefore(told.until())) {
            demotions.put(
                    ticket.tenant(), new Told(told.demote(), clock.instant().plus(GOOD)));
            Thread.ofVirtual().name("standing-" + ticket.tenant()).start(() -> ask(ticket, told.demote()));
        }
        return demotions.getOrDefault(ticket.tenant(), NOTHING).demote();
    }

    private void ask(Ticket ticket, boolean before) {
        boolean demote = before;
        try {
            demote = peers.get(
                            Service.TOOL_REGISTRY, "/v1/budgets/" + ticket.role(), scope(ticket), BudgetStanding.class)
                    .demote();
        } catch (CapitaniaException e) {
            Log.debugf("standing unknown tenant=%s why=%s", ticket.tenant(), e.detail());
        }
        demotions.put(ticket.tenant(), new Told(demote, clock.instant().plus(GOOD)));
    }

    /** Read in the one form that says which tools only read, and which are always shown. */
    @Override
    public List<ToolDefinition> tools(Ticket ticket) {
        boolean own = !ticket.sessionId().startsWith(SUBAGENT);
        String path = "/v1/agents/" + ticket.role() + "/tools?format=mcp";
        if (!own) {
            return read(peers.get(
                    Service.TOOL_REGISTRY, path + "&session=" + ticket.sessionId(), scope(ticket), JsonNode.class));
        }
        Offered known = offered.get(ticket.tenant());
        String tag = known == null ? null : known.tag();
        Optional<Peers.Tagged<JsonNode>> changed =
                peers.getChanged(Service.TOOL_REGISTRY, path, scope(ticket), tag, JsonNode.class);
        if (known != null && changed.isEmpty()) {
            return known.tools();
        }
        Peers.Tagged<JsonNode> answer = changed.orElseThrow();
        List<ToolDefinition> tools = read(answer.value());
        if (answer.tag() != null) {
            offered.put(ticket.tenant(), new Offered(answer.tag(), tools));
        }
        return tools;
    }

    private static List<ToolDefinition> read(JsonNode answer) {
        List<ToolDefinition> tools = new ArrayList<>();
        for (JsonNode tool : answer.path("tools")) {
            tools.add(new ToolDefinition(
                    tool.path("name").asText(),
                    tool.path("description").asText(),
                    tool.path("inputSchema"),
                    tool.path("annotations").path("readOnlyHint").asBoolean(false),
                    !tool.path("_meta").path(ToolLoading.ALWAYS).asBoolean(false)));
        }
        return tools;
    }

    @Override
    public String open(Ticket ticket, Trigger trigger) {
        SessionOpen open = new SessionOpen(
                ticket.sessionId(), ticket.taskId(), ticket.role(), ticket.runId(), ticket.fence(), trigger);
        return peers.post(Service.TOOL_REGISTRY, "/v1/sessions", scope(ticket), open, SessionHeader.class)
                .header();
    }

    /** Asked for side by side: neither needs the other's answer. */
    @Override
    public Beginning begin(Ticket ticket, Trigger trigger) {
        FutureTask<List<ToolDefinition>> tools = new FutureTask<>(() -> tools(ticket));
        Thread.ofVirtual().name("tools-" + ticket.sessionId()).start(tools);
        String header = open(ticket, trigger);
        try {
            return new Beginning(tools.get(), header);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapitaniaException(ErrorCode.PEER_UNAVAILABLE, "interrupted while the tools were asked for", e);
        }
    }

    @Override
    public ToolResult call(Ticket ticket, String callId, String tool, ObjectNode arguments) {
        ToolCallRequest request = new ToolCallRequest(
                callId,
                ticket.sessionId(),
                ticket.taskId(),
                ticket.runId(),
                ticket.fence(),
                ticket.parentCall(),
                arguments);
        return peers.post(
                Service.TOOL_REGISTRY,
                "/v1/tools/" + tool + "/calls",
                scope(ticket).withCausation(callId),
                request,
                ToolResult.class,
                PATIENT);
    }

    @Override
    public BigDecimal close(Ticket ticket, Ended ended, Snapshot snapshot, Figures figures) {
        List<SessionClose.Memory> memory = snapshot.memories().stream()
                .map(m -> new SessionClose.Memory(m.kind(), m.body(), m.salience()))
                .toList();
        SessionClose close = new SessionClose(
                ticket.taskId(),
                ticket.role(),
                ticket.runId(),
                ticket.fence(),
                ended.reason(),
                Json.tree(ended.ending()).asText(),
                snapshot.summary(),
                snapshot.memo().isBlank() ? null : snapshot.memo(),
                memory,
                memory.size(),
                memory.isEmpty() && !snapshot.none().isBlank() ? snapshot.none() : null,
                figures.model(),
                figures.calls().stream()
                        .map(c -> new SessionClose.Turn(
                                c.callId(), c.turn(), c.purpose(), c.inputsDigest(), c.output(), c.confidence()))
                        .toList(),
                null,
                figures.subscriptions());
        return peers.post(
                        Service.TOOL_REGISTRY,
                        "/v1/sessions/" + ticket.sessionId() + "/close",
                        scope(ticket),
                        close,
                        SessionClosed.class,
                        PeerOptions.DEFAULT.withTimeout(Duration.ofSeconds(30)))
                .costUsd();
    }

    @Override
    public BigDecimal cost(Ticket ticket) {
        return peers.get(
                        Service.TOOL_REGISTRY,
                        "/v1/sessions/" + ticket.sessionId() + "/cost",
                        scope(ticket),
                        SessionCost.class)
                .costUsd();
    }

    private static Scope scope(Ticket ticket) {
        return Scope.of(ticket.tenant(), ticket.actor(), "session " + ticket.sessionId())
                .withCorrelation(ticket.taskId());
    }
}
