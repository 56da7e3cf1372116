package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.EdgeView.Direction;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.NodeView.Brief;
import org.capitania.contract.api.SessionMessages;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.ledger.ActionQueries;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** What the traces of a task's model calls say: what they had read, what they decided, what they were told, and all of it in words. */
@ApplicationScoped
class TraceReads {
    private static final int MOST = 500;

    private final Sql sql;
    private final Graph graph;
    private final ActionQueries queries;
    private final Runs runs;
    private final Peers peers;

    TraceReads(Sql sql, Graph graph, ActionQueries queries, Runs runs, Peers peers) {
        this.sql = sql;
        this.graph = graph;
        this.queries = queries;
        this.runs = runs;
        this.peers = peers;
    }

    /**
     * What was asked for.
     *
     * @param memory the memory whose origin is asked for, where one was named
     * @param traces in the order in which the calls were made
     */
    private record Found(@Nullable NodeView memory, List<NodeView> traces) {
        String task() {
            return String.valueOf(traces.getLast().text("task_id"));
        }
    }

    Result read(Call call) {
        Found found = found(call);
        Set<String> outside = new LinkedHashSet<>(Taints.of(found.traces()));
        ObjectNode data = Json.MAPPER.createObjectNode().put("task_id", found.task());
        Lines.put(data, "agent", found.traces().getLast().text("agent_id"));
        Lines.put(data, "model", found.traces().getLast().text("model"));
        switch (call.text("action")) {
            case "inputs" -> traces(call, found, data, "inputs", "input_to", outside);
            case "decided" -> traces(call, found, data, "decided", "decided", outside);
            case "replay" -> replay(call, found, data);
            case "explain" -> data.put("explanation", explain(call.scope(), found, outside));
            default -> throw new IllegalStateException("no such action: " + call.text("action"));
        }
        if (!sql.tx(call.scope(), tx -> runs.taints(tx, found.task())).isEmpty()) {
            outside.add("task:" + found.task());
        }
        return Result.of(data).taintedBy(List.copyOf(outside));
    }

    private void traces(Call call, Found found, ObjectNode data, String list, String edge, Set<String> outside) {
        ArrayNode lines = data.putArray("traces");
        found.traces().forEach(trace -> {
            ObjectNode line = lines.addObject().put("id", trace.id());
            Lines.put(line, "call_id", trace.externalId());
            Lines.put(line, "model", trace.text("model"));
            Lines.put(line, "purpose", trace.text("purpose"));
            for (String number : List.of("turn", "tokens_in", "tokens_out", "cost_usd", "confidence")) {
                if (trace.props().has(number)) {
                    line.set(number, trace.props().get(number));
                }
            }
            if (list.equals("inputs")) {
                Lines.put(line, "inputs_digest", trace.text("inputs_digest"));
            }
            ArrayNode nodes = line.putArray(list);
            linked(call.scope(), trace, edge, outside).forEach(node -> nodes.add(Lines.brief(node)));
        });
    }

    /** The last turn that was found, as its agent keeps it. */
    private void replay(Call call, Found found, ObjectNode data) {
        NodeView trace = found.traces().stream()
                .filter(each -> "turn".equals(each.text("purpose")))
                .reduce((a, b) -> b)
                .orElse(found.traces().getLast());
        String session = String.valueOf(trace.text("session_id"));
        String callId = String.valueOf(trace.externalId());
        Service agent =
                Service.fromWireName(String.valueOf(trace.text("agent_id")).replace(':', '-'));
        SessionMessages kept = peers.get(
                agent,
                "/v1/sessions/" + encoded(session) + "/messages?call=" + encoded(callId),
                call.scope(),
                SessionMessages.class);
        data.put("call_id", callId).put("inputs_digest", kept.inputsDigest());
        data.put("unchanged", kept.inputsDigest().equals(trace.text("inputs_digest")));
        ArrayNode messages = data.putArray("messages");
        int limit = call.number("limit", 50);
        kept.messages().stream()
                .skip(Math.max(0, kept.messages().size() - limit))
                .forEach(message -> messages.addObject()
                        .put("role", message.role())
                        .set("text", Lines.cut(Json.MAPPER.getNodeFactory().textNode(message.text()))));
    }

    private String explain(Scope scope, Found found, Set<String> outside) {
        List<String> lines = new ArrayList<>();
        if (found.memory() != null) {
            lines.add("The memory \"" + found.memory().text("body_md") + "\" was written by "
                    + found.memory().text("agent_id") + " when its session ended.");
        }
        @Nullable String session = null;
        for (NodeView trace : found.traces()) {
            if (!String.valueOf(trace.text("session_id")).equals(session)) {
                session = String.valueOf(trace.text("session_id"));
                lines.add("Session " + session + " of " + trace.text("agent_id") + ", task " + trace.text("task_id")
                        + ":");
            }
            lines.add("- Turn " + trace.props().path("turn").asInt() + " (" + trace.text("purpose") + ", "
                    + trace.text("model") + ") had read " + names(linked(scope, trace, "input_to", outside))
                    + " since the turn before, and changed " + names(linked(scope, trace, "decided", outside))
                    + (trace.text("output_md") == null ? "." : ". It said: " + said(trace)));
            List<Brief> memories = graph.linked(scope, trace.id(), "produced_by", Direction.IN);
            if (!memories.isEmpty()) {
                lines.add("  From it come the memories " + names(memories) + ".");
            }
        }
        return String.join("\n", lines);
    }

    private static String said(NodeView trace) {
        String text =
                String.valueOf(trace.text("output_md")).replaceAll("\\s+", " ").strip();
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }

    private static String names(List<Brief> nodes) {
        return nodes.isEmpty()
                ? "nothing"
                : nodes.stream()
                        .map(node -> node.type() + " \"" + node.title() + "\"")
                        .collect(Collectors.joining(", "));
    }

    /** What a trace is linked to; what of it came from outside taints who reads its title. */
    private List<Brief> linked(Scope scope, NodeView trace, String edge, Set<String> outside) {
        List<Brief> nodes = graph.linked(scope, trace.id(), edge, Direction.OUT);
        outside.addAll(Taints.around(trace, nodes));
        return nodes;
    }

    /** By the name of a task, a session, a call, a proposal, a trace or a memory; an agent that speaks to the outside finds its own only. */
    private Found found(Call call) {
        String name = call.text("trace");
        Optional<NodeView> node = graph.detail(call.scope(), name).map(NodeView.Detail::node);
        NodeView memory = node.filter(n -> n.type().equals("memory_entry")).orElse(null);
        List<NodeView> traces = node.filter(n -> n.type().equals("reasoning_trace"))
                .map(List::of)
                .or(() -> Optional.ofNullable(memory).map(m -> of(call.scope(), m)))
                .orElseGet(() -> named(call, name, node));
        String only = call.human() || call.role().equals(HqActionLog.SEES_ALL) ? null : call.actor();
        List<NodeView> seen = traces.stream()
                .filter(trace -> only == null || only.equals(trace.text("agent_id")))
                .sorted(Comparator.comparing(TraceReads::at)
                        .thenComparing(trace -> trace.props().path("turn").asInt()))
                .toList();
        if (seen.isEmpty()) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "no model call of " + name + " has a trace")
                    .withHint("traces are written when a session ends; hq_trace show has what was done so far");
        }
        int limit = call.number("limit", 50);
        return new Found(memory, seen.subList(Math.max(0, seen.size() - limit), seen.size()));
    }

    private static Instant at(NodeView trace) {
        return trace.occurredAt() == null ? trace.createdAt() : trace.occurredAt();
    }

    private List<NodeView> of(Scope scope, NodeView memory) {
        return graph.linked(scope, memory.id(), "produced_by", Direction.OUT).stream()
                .map(trace -> graph.node(scope, trace.id()))
                .toList();
    }

    private List<NodeView> named(Call call, String name, Optional<NodeView> node) {
        Scope scope = call.scope();
        NodeQuery traces = NodeQuery.ofType("reasoning_trace").limit(MOST);
        List<NodeView> one = graph.find(scope, traces.external("session", name));
        if (one.isEmpty()) {
            one = graph.find(scope, traces.prop("session_id", name));
        }
        if (!one.isEmpty()) {
            return one;
        }
        return node.map(n -> n.text("task_id"))
                .or(() -> sql.tx(scope, tx -> queries.taskOf(tx, name)))
                .map(task -> graph.find(scope, traces.prop("task_id", task)))
                .orElseGet(() -> graph.find(scope, traces.prop("task_id", name)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
