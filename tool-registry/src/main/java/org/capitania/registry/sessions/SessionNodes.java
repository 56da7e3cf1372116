package org.capitania.registry.sessions;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.SessionClose;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NewNode;
import org.capitania.graphclient.NodeQuery;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.sessions.SessionBook.Book;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/** What a session leaves behind as nodes: itself, its run, its traces, its memo and what it wants remembered, marked when its task has read from outside. */
@ApplicationScoped
class SessionNodes {
    static final String SOURCE = "session";
    private static final int LONGEST_MEMORY = 500;

    /** What is known of the session here. */
    record Known(
            boolean tainted,
            BigDecimal cost,
            @Nullable String conversationId,
            @Nullable String interactionId,
            @Nullable String triggerKind,
            @Nullable Instant openedAt,
            Instant closedAt) {

        /** What the session was opened about. */
        List<String> about() {
            return Stream.of(conversationId, interactionId)
                    .flatMap(Stream::ofNullable)
                    .toList();
        }
    }

    private final Graph graph;
    private final OwnRecords records;
    private final TraceNodes traces;

    SessionNodes(Graph graph, OwnRecords records, TraceNodes traces) {
        this.graph = graph;
        this.records = records;
        this.traces = traces;
    }

    /** All of it in one batch. */
    Batch of(Scope scope, String sessionId, SessionClose close, Known known, Book book) {
        Batch batch = new Batch()
                .create("session", "agent_session", n -> session(n.status("closed"), sessionId, close, known));
        if (known.conversationId() != null) {
            batch.link("@session", "part_of", known.conversationId());
        }
        traces.add(scope, batch, sessionId, close, known, book)
                .ifPresent(trace -> remember(batch, trace, sessionId, close, known));
        for (String child : book.started()) {
            // As far as it has left a node: one that was never put away has not.
            graph.find(scope, NodeQuery.ofType("agent_session").external(SOURCE, child))
                    .forEach(node -> batch.link(node.id(), "part_of", "@session"));
        }
        String memo = close.memo();
        if (memo != null && !memo.isBlank()) {
            memo(scope, batch, memo, sessionId, close, known, book.late());
        }
        return batch;
    }

    /** One memo of a role stands: it takes the place of those before it, and says what is open now. One that comes late takes no place. */
    private void memo(
            Scope scope, Batch batch, String memo, String sessionId, SessionClose close, Known known, boolean late) {
        List<String> tasks = records.openTasks(scope, close.role()).stream()
                .map(NodeView::id)
                .toList();
        List<String> proposals = records.waiting(scope, close.role()).stream()
                .map(FrozenRevision::proposalId)
                .toList();
        batch.create(
                        "memo",
                        "agent_handover_memo",
                        n -> described(
                                        n.status(late ? "superseded" : "current"),
                                        sessionId,
                                        sessionId + ":memo",
                                        close,
                                        known)
                                .prop("body_md", Plain.cut(memo, 16_000))
                                .prop("open_tasks", tasks)
                                .prop("open_subscriptions", close.subscriptions())
                                .prop("pending_proposals", proposals))
                .link("@memo", "part_of", "@session");
        for (NodeView before : late ? List.<NodeView>of() : records.currentMemos(scope, close.role())) {
            batch.patch(before.id(), n -> n.status("superseded")).link(before.id(), "superseded_by", "@memo");
        }
    }

    private static void remember(Batch batch, String trace, String sessionId, SessionClose close, Known known) {
        for (int i = 0; i < close.memory().size(); i++) {
            SessionClose.Memory memory = close.memory().get(i);
            String id = sessionId + ":memory:" + i;
            batch.create(
                            "memory" + i,
                            "memory_entry",
                            n -> own(n.status("active"), id, close, known)
                                    .prop("kind", memory.kind())
                                    .prop("body_md", Plain.cut(memory.body(), LONGEST_MEMORY))
                                    .prop("salience", Math.clamp(memory.salience(), 0.0, 1.0))
                                    .prop("created_in_session", sessionId))
                    .link("@memory" + i, "produced_by", trace);
            if (known.conversationId() != null) {
                batch.link("@memory" + i, "about", known.conversationId());
            }
        }
    }

    private static NewNode own(NewNode node, String externalId, SessionClose close, Known known) {
        return node.externalIfAbsent(SOURCE, externalId)
                .occurredAt(known.closedAt())
                .tainted(known.tainted())
                .prop("agent_id", "agent:" + close.role())
                .prop("task_id", close.taskId());
    }

    static NewNode described(NewNode node, String sessionId, String externalId, SessionClose close, Known known) {
        return own(node, externalId, close, known).prop("session_id", sessionId);
    }

    private static void session(NewNode node, String sessionId, SessionClose close, Known known) {
        described(node, sessionId, sessionId, close, known)
                .prop("role", close.role())
                .prop("run_id", close.runId())
                .prop(
                        "started_at",
                        known.openedAt() == null ? null : known.openedAt().toString())
                .prop("ended_at", known.closedAt().toString())
                .prop("turns_taken", close.turnsTaken())
                .prop("cost_usd", known.cost())
                .prop("model_used", close.model())
                .prop("trigger_kind", known.triggerKind())
                .prop("task_summary_md", Plain.cut(close.summary(), 16_000))
                .prop("snapshot_md", close.memo() == null ? null : Plain.cut(close.memo(), 16_000))
                .prop("reason_closed", Plain.cut(close.reason(), 4000))
                .prop("outcome", close.outcome())
                .prop("memory_entry_count", close.memoryEntryCount())
                .prop(
                        "no_memory_reason",
                        close.noMemoryReason() == null ? null : Plain.cut(close.noMemoryReason(), 4000))
                .prop("tainted", known.tainted());
    }
}
