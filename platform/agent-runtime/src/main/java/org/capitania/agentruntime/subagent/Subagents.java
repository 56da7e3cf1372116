package org.capitania.agentruntime.subagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.capitania.agentruntime.loop.Assignment;
import org.capitania.agentruntime.loop.Caps;
import org.capitania.agentruntime.loop.Gateway;
import org.capitania.agentruntime.loop.Lease;
import org.capitania.agentruntime.loop.RunInterrupted;
import org.capitania.agentruntime.loop.SessionStore;
import org.capitania.agentruntime.loop.Starter;
import org.capitania.agentruntime.loop.TaskEnd;
import org.capitania.agentruntime.loop.TaskLoop;
import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.transcript.ContextSize;
import org.capitania.agentruntime.transcript.Ending;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Sentinel;
import org.capitania.agentruntime.transcript.SessionEntry.Purpose;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.Subagent;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.SessionOpen.Trigger;
import org.capitania.contract.api.ToolResult;
import org.capitania.contract.api.ToolResult.ToolError;
import org.jspecify.annotations.Nullable;

/**
 * Runs what {@code agent_spawn} and {@code project_run} start: two subagents and one project agent at a time for an agent, which with its own loop
 * are four. The gateway names the session and says what may be called in it; a call that is made again goes on in the same session.
 */
public final class Subagents implements Starter {
    /** Seeds 17.4 and 18.4. */
    static final int AT_ONCE = 2;

    private static final int PROJECTS_AT_ONCE = 1;

    /** In characters; a subagent is asked for less. */
    private static final int LONGEST_ANSWER = 30_000;

    private final Model model;
    private final Gateway gateway;
    private final SessionStore store;
    private final ChildSessions sessions;
    private final Duration patience;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<String, Semaphore> rooms = new ConcurrentHashMap<>();

    public Subagents(
            Model model,
            Gateway gateway,
            SessionStore store,
            ChildSessions sessions,
            Duration patience,
            Clock clock,
            MeterRegistry meters) {
        this.model = model;
        this.gateway = gateway;
        this.store = store;
        this.sessions = sessions;
        this.patience = patience;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public ToolResult run(Start start, Supplier<ToolResult> call, Lease lease) {
        boolean project = start.tool().equals(ToolCall.PROJECT);
        Semaphore room = rooms.computeIfAbsent(
                start.ticket().tenant() + (project ? " project" : ""),
                key -> new Semaphore(project ? PROJECTS_AT_ONCE : AT_ONCE, true));
        lease.during(() -> entered(room));
        try {
            ToolResult started = call.get();
            JsonNode data = started.data();
            return started.ok() && data != null ? run(start, started, data, lease) : started;
        } finally {
            room.release();
        }
    }

    private static boolean entered(Semaphore room) {
        try {
            room.acquire();
            return true;
        } catch (InterruptedException e) {
            // The lease says why, where it was the lease.
            throw new RunInterrupted(RunInterrupted.Cause.SHUTDOWN, "interrupted");
        }
    }

    /** Seeds 19.1; there from the start: a counter that comes with its first event hides that event from a rate. */
    public static void count(MeterRegistry meters, Workspace workspace) {
        workspace.subagents().forEach(subagent -> spawns(meters, workspace.role(), subagent.name()));
    }

    private static Counter spawns(MeterRegistry meters, String role, String subagent) {
        return meters.counter("supervisor_subagent_spawns", "parent", role, "subagent", subagent);
    }

    private ToolResult run(Start start, ToolResult started, JsonNode data, Lease lease) {
        String name = data.path("subagent").asText();
        Subagent subagent = start.workspace()
                .subagent(name)
                .orElseThrow(() -> new CapitaniaException(
                        ErrorCode.NOT_FOUND, "the workspace has no subagent " + name + " any more"));
        Ticket ticket = start.ticket().child(data.path("id").asText(), start.callId());
        if (sessions.begin(ticket, start.ticket().sessionId(), name)) {
            spawns(meters, ticket.role(), name).increment();
        }
        Workspace own = start.workspace().as(subagent, start.tokens());
        TaskLoop loop = new TaskLoop(
                tenant -> own,
                model,
                gateway,
                store,
                patience,
                clock,
                new Caps(own.budget().tokensPerRun()),
                Starter.NONE);
        TaskEnd end = loop.run(ticket, assignment(name), lease);
        return answered(started, data, end, new Transcript(ticket.sessionId(), store.entries(ticket)));
    }

    private static Assignment assignment(String name) {
        Trigger trigger = new Trigger("subagent", null, null, false, name);
        return new Assignment(Purpose.SUBAGENT, trigger, List::of, () -> false, (transcript, ended) -> {});
    }

    private static ToolResult answered(ToolResult started, JsonNode data, TaskEnd end, Transcript transcript) {
        @Nullable Reply last = transcript.lastReply();
        String answer = last == null ? "" : Sentinel.without(last.text());
        ObjectNode told = Json.MAPPER.createObjectNode();
        told.setAll((ObjectNode) data);
        told.put("ended", Json.tree(end.ending()).asText())
                .put("reason", end.reason())
                .put("answer", answer.length() > LONGEST_ANSWER ? answer.substring(0, LONGEST_ANSWER) + "…" : answer)
                .put("turns", transcript.replies().size())
                .put("tokens", ContextSize.consumed(transcript));
        boolean finished = end.ending() == Ending.FINISHED;
        return new ToolResult(
                finished,
                finished ? started.status() : CallStatus.FAILED,
                started.action(),
                told,
                started.auditEventId(),
                started.traceId(),
                started.proposalId(),
                finished
                        ? null
                        : new ToolError(
                                end.code(),
                                end.reason(),
                                "go on with what it found so far, or ask for less in another question",
                                List.of()));
    }
}
