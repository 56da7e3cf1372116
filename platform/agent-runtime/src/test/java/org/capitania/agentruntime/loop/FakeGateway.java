package org.capitania.agentruntime.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolCall;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.CallStatus;
import org.capitania.contract.api.SessionOpen.Trigger;
import org.capitania.contract.api.ToolResult;

/** A gateway in memory that honours call ids as the real one does: a repeated id answers what the first call answered. */
final class FakeGateway implements Gateway {
    static final BigDecimal COST = new BigDecimal("0.0125");

    /** One effect a call id, in the order in which they first happened. */
    final Map<String, String> effects = new LinkedHashMap<>();

    final Map<String, Snapshot> closed = new LinkedHashMap<>();
    /** What the last closing said of the session. */
    Figures last = new Figures("", List.of(), List.of());

    /** As what a session was closed, and how often somebody tried. */
    final List<String> endings = new ArrayList<>();

    /** What sessions were opened for, in order. */
    final List<Trigger> opened = new ArrayList<>();

    private final Deque<CapitaniaException> refusals = new ArrayDeque<>();
    boolean demoting;
    final List<String> requests = new ArrayList<>();
    /** Call id to the call inside which it was made. */
    final Map<String, String> parents = new LinkedHashMap<>();

    private final Map<String, ToolResult> answers = new LinkedHashMap<>();
    private final Deque<RuntimeException> faults = new ArrayDeque<>();
    private BiFunction<String, ObjectNode, ToolResult> behaviour = (tool, arguments) -> ok(tool);

    FakeGateway answering(BiFunction<String, ObjectNode, ToolResult> other) {
        behaviour = other;
        return this;
    }

    /** The next requests fail with these, one each. */
    FakeGateway failing(RuntimeException... next) {
        faults.addAll(List.of(next));
        return this;
    }

    /** The next so many closings are refused. */
    FakeGateway refusingToClose(int times) {
        for (int i = 0; i < times; i++) {
            refusals.add(new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, "/memory/0/body: it is too odd"));
        }
        return this;
    }

    @Override
    public synchronized List<ToolDefinition> tools(Ticket ticket) {
        request("tools");
        return ticket.parentCall() == null
                ? List.of(
                        tool("read", true),
                        tool("write", false),
                        tool("email_send", false),
                        tool("agent_spawn", false),
                        tool("project_run", false))
                : List.of(tool("read", true), tool("write", false));
    }

    @Override
    public synchronized String open(Ticket ticket, Trigger trigger) {
        request("open");
        opened.add(trigger);
        return "# Session context reconstruction";
    }

    @Override
    public synchronized ToolResult call(Ticket ticket, String callId, String tool, ObjectNode arguments) {
        request("call " + callId);
        return answers.computeIfAbsent(callId, id -> {
            effects.put(id, tool + arguments);
            parents.put(id, String.valueOf(ticket.parentCall()));
            return ToolCall.starts(tool) ? started(callId, arguments) : behaviour.apply(tool, arguments);
        });
    }

    @Override
    public synchronized BigDecimal close(Ticket ticket, Ended ended, Snapshot snapshot, Figures figures) {
        request("close");
        last = figures;
        endings.add(Json.tree(ended.ending()).asText());
        CapitaniaException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        closed.putIfAbsent(ticket.sessionId(), snapshot);
        return COST;
    }

    @Override
    public synchronized boolean demotes(Ticket ticket) {
        return demoting;
    }

    @Override
    public synchronized BigDecimal cost(Ticket ticket) {
        request("cost");
        return COST;
    }

    private void request(String what) {
        requests.add(what);
        RuntimeException fault = faults.poll();
        if (fault != null) {
            throw fault;
        }
    }

    /** A subagent's session, always the same for the same call. */
    private static ToolResult started(String callId, ObjectNode arguments) {
        String name = arguments.path("subagent").asText("project-agent");
        return new ToolResult(
                true,
                CallStatus.DONE,
                "agent_spawn",
                Json.MAPPER.createObjectNode().put("id", "sub-" + callId).put("subagent", name),
                "a1",
                null,
                null,
                null);
    }

    static ToolResult ok(String tool) {
        return new ToolResult(
                true, CallStatus.DONE, tool, Json.MAPPER.createObjectNode().put("tool", tool), "a1", null, null, null);
    }

    static ToolResult refused(String tool, String code) {
        return new ToolResult(
                false,
                CallStatus.REFUSED,
                tool,
                null,
                "a1",
                null,
                null,
                new ToolResult.ToolError(code, "no: " + code, null, List.of()));
    }

    private static ToolDefinition tool(String name, boolean readOnly) {
        return new ToolDefinition(
                name, "Does " + name, Json.MAPPER.createObjectNode().put("type", "object"), readOnly, true);
    }
}
