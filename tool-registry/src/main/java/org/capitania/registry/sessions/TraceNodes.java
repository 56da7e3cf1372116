package org.capitania.registry.sessions;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.SessionClose;
import org.capitania.graphclient.Batch;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.sessions.SessionBook.Act;
import org.capitania.registry.sessions.SessionBook.Book;
import org.capitania.registry.sessions.SessionBook.ModelCall;
import org.capitania.registry.sessions.SessionNodes.Known;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** Writes how a session came to what it did: one trace a model call, one run, and what each of them read, decided and touched. */
@ApplicationScoped
class TraceNodes {
    private static final int MOST_TRACES = 100;
    private static final int MOST_NODES = 60;
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9:._@-]{0,180}");

    private final Graph graph;

    TraceNodes(Graph graph) {
        this.graph = graph;
    }

    /** Adds them to the batch that has the session; the name of the trace from which its memories come, where there was any call. */
    Optional<String> add(Scope scope, Batch batch, String sessionId, SessionClose close, Known known, Book book) {
        Map<String, String> nodes = nodes(scope, known, book.acts());
        run(batch, sessionId, close, known, book, nodes);
        Map<String, SessionClose.Turn> told = close.turns().stream()
                .collect(Collectors.toMap(SessionClose.Turn::callId, Function.identity(), (a, b) -> b));
        @Nullable String last = null;
        int from = Math.max(0, book.modelCalls().size() - MOST_TRACES);
        for (int i = from; i < book.modelCalls().size(); i++) {
            ModelCall call = book.modelCalls().get(i);
            trace(batch, "trace" + i, sessionId, close, known, call, told.get(call.callId()));
            int before = book.modelCalls().stream()
                    .mapToInt(ModelCall::turn)
                    .filter(turn -> turn < call.turn())
                    .max()
                    .orElse(-1);
            String trace = "@trace" + i;
            ids(nodes, inputs(book.acts(), known, before, call.turn()).stream())
                    .forEach(id -> batch.link(trace, "input_to", id));
            boolean lastOfTurn = i + 1 == book.modelCalls().size()
                    || book.modelCalls().get(i + 1).turn() > call.turn();
            Stream<Act> own =
                    book.acts().stream().filter(act -> lastOfTurn && act.writes() && act.turn() == call.turn());
            ids(nodes, own.flatMap(act -> act.refs().stream())).forEach(id -> batch.link(trace, "decided", id));
            last = trace;
        }
        return Optional.ofNullable(last);
    }

    private static Stream<String> ids(Map<String, String> nodes, Stream<String> refs) {
        return refs.filter(nodes::containsKey)
                .map(ref -> nodes.getOrDefault(ref, ref))
                .distinct();
    }

    private static void trace(
            Batch batch,
            String ref,
            String sessionId,
            SessionClose close,
            Known known,
            ModelCall call,
            SessionClose.@Nullable Turn told) {
        batch.create(ref, "reasoning_trace", n -> {
            SessionNodes.described(n, sessionId, call.callId(), close, known)
                    .occurredAt(call.at())
                    .prop("turn", call.turn())
                    .prop("model", call.model())
                    .prop("purpose", told != null ? told.purpose() : call.purpose() == null ? "turn" : call.purpose())
                    .prop("tokens_in", call.tokensIn())
                    .prop("tokens_out", call.tokensOut())
                    .prop("cost_usd", call.cost());
            if (told != null) {
                n.prop("inputs_digest", told.inputsDigest())
                        .prop("output_md", Plain.cut(told.output(), 60_000))
                        .prop("confidence", sure(told.confidence()));
            }
            if (SLUG.matcher(call.callId()).matches()) {
                n.slug("trace:" + call.callId());
            }
        });
    }

    /** No figure that is none. */
    private static @Nullable Double sure(@Nullable Double confidence) {
        return confidence != null && confidence >= 0 && confidence <= 1 ? confidence : null;
    }

    private static void run(
            Batch batch, String sessionId, SessionClose close, Known known, Book book, Map<String, String> nodes) {
        String status =
                close.outcome().equals("finished") || close.outcome().equals("frozen") ? close.outcome() : "failed";
        batch.create(
                        "run",
                        "agent_run",
                        n -> n.status(status)
                                .externalIfAbsent(SessionNodes.SOURCE, sessionId + ":run")
                                .occurredAt(known.closedAt())
                                .tainted(known.tainted())
                                .prop("agent", "agent:" + close.role())
                                .prop("run_id", close.runId())
                                .prop("task_id", close.taskId())
                                .prop("fence", close.fence())
                                .prop(
                                        "started_at",
                                        known.openedAt() == null
                                                ? null
                                                : known.openedAt().toString())
                                .prop("ended_at", known.closedAt().toString())
                                .prop("turns", close.turnsTaken())
                                .prop("tool_calls", book.acts().size())
                                .prop("cost_usd", known.cost())
                                .prop("model", close.model())
                                .prop("outcome", close.outcome())
                                .prop("reason", Plain.cut(close.reason(), 4000)))
                .link("@run", "part_of", "@session");
        Set<String> written = ids(
                        nodes, book.acts().stream().filter(Act::writes).flatMap(act -> act.refs().stream()))
                .collect(Collectors.toSet());
        nodes.values().stream()
                .distinct()
                .forEach(id ->
                        batch.link("@run", "touched", id, Map.of("mode", written.contains(id) ? "write" : "read")));
    }

    /** What had come in since the call before: the trigger's own at first, then what the tools answered. */
    private static List<String> inputs(List<Act> acts, Known known, int after, int turn) {
        List<String> refs = new ArrayList<>();
        if (after < 0) {
            refs.addAll(known.about());
        }
        acts.stream().filter(act -> act.turn() >= after && act.turn() < turn).forEach(act -> refs.addAll(act.refs()));
        return refs;
    }

    /** The ids of what the session named, by the names it used; what is no node, or is not there, is left out. */
    private Map<String, String> nodes(Scope scope, Known known, List<Act> acts) {
        Set<String> refs = new LinkedHashSet<>(known.about());
        acts.forEach(act -> refs.addAll(act.refs()));
        Map<String, String> nodes = new LinkedHashMap<>();
        refs.stream()
                .limit(MOST_NODES)
                .forEach(ref -> graph.detail(scope, ref)
                        .map(NodeView.Detail::node)
                        .ifPresent(node -> nodes.put(ref, node.id())));
        return nodes;
    }
}
