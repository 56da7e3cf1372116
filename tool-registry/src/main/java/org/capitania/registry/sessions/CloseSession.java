package org.capitania.registry.sessions;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.NodeView;
import org.capitania.contract.api.SessionClose;
import org.capitania.contract.api.SessionClosed;
import org.capitania.contract.api.SessionOpen;
import org.capitania.graphclient.Batch;
import org.capitania.graphclient.NewNode;
import org.capitania.registry.autonomy.Freezes;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Ends a session: its node, its memo, its trace and what it wants remembered become nodes, once, marked when the task has read from outside. */
@ApplicationScoped
class CloseSession {
    private static final String SOURCE = "session";
    private static final int LONGEST_MEMORY = 500;

    /** What is known of the session here. */
    private record Known(
            boolean tainted,
            BigDecimal cost,
            @Nullable String conversationId,
            @Nullable String triggerKind,
            @Nullable Instant openedAt,
            Instant closedAt) {}

    private final Sql sql;
    private final Clock clock;
    private final Runs runs;
    private final Freezes freezes;
    private final Graph graph;
    private final Patience patience;
    private final SessionCosts costs;
    private final OwnRecords records;

    CloseSession(
            Sql sql,
            Clock clock,
            Runs runs,
            Freezes freezes,
            Graph graph,
            Patience patience,
            SessionCosts costs,
            OwnRecords records) {
        this.sql = sql;
        this.clock = clock;
        this.runs = runs;
        this.freezes = freezes;
        this.graph = graph;
        this.patience = patience;
        this.costs = costs;
        this.records = records;
    }

    SessionClosed close(Scope scope, String sessionId, SessionClose close) {
        Closing.check(close);
        Known known = sql.tx(scope, tx -> {
            requireOpen(tx, close);
            Instant now = clock.instant();
            boolean tainted = !runs.taints(tx, close.taskId()).isEmpty();
            BigDecimal cost = costs.of(tx, close.role(), sessionId);
            // What was known at the first closing is kept, so that a repetition writes the very same nodes.
            tx.execute("""
                    UPDATE sessions SET closed_at = $2, cost_usd = $3, tainted = $4
                     WHERE session_id = $1 AND role = $5 AND closed_at IS NULL
                    """, sessionId, Times.db(now), cost, tainted, close.role());
            return tx.one("""
                            SELECT trigger::text AS trigger, opened_at, closed_at, coalesce(cost_usd, $3) AS cost_usd,
                                   coalesce(tainted, $4) AS tainted
                              FROM sessions WHERE session_id = $1 AND role = $2
                            """, sessionId, close.role(), cost, tainted)
                    .map(CloseSession::known)
                    .orElse(new Known(tainted, cost, null, null, null, now));
        });
        MutationResult written = patience.with(() -> {
            // It may have waited for the graph meanwhile.
            sql.run(scope, tx -> requireOpen(tx, close));
            Batch batch = batch(sessionId, close, known);
            if (says(close.memo())) {
                memo(scope, batch, sessionId, close, known);
            }
            return graph.change(scope, "session-close:" + sessionId, batch);
        });
        return new SessionClosed(
                sessionId,
                written.byRef("session").id(),
                written.auditEventId(),
                known.cost().stripTrailingZeros());
    }

    /** What a session leaves behind is a change as well; it is closed when the run goes on. */
    private void requireOpen(Tx tx, SessionClose close) {
        runs.require(tx, close.role(), close.runId(), close.fence(), close.taskId());
        freezes.requireThawed(tx);
    }

    private static Known known(Row row) {
        String trigger = row.getString("trigger");
        SessionOpen.Trigger read = trigger == null ? null : Json.read(trigger, SessionOpen.Trigger.class);
        return new Known(
                row.getBoolean("tainted"),
                row.getBigDecimal("cost_usd"),
                read == null ? null : read.conversationId(),
                read == null ? null : read.type(),
                Times.instant(row, "opened_at"),
                Times.instant(row, "closed_at"));
    }

    private static Batch batch(String sessionId, SessionClose close, Known known) {
        Batch batch = new Batch()
                .create("session", "agent_session", n -> session(n.status("closed"), sessionId, close, known))
                .create(
                        "trace",
                        "reasoning_trace",
                        n -> described(n, sessionId, sessionId + ":trace", close, known)
                                .prop("purpose", "session")
                                .prop("output_md", Plain.cut(close.summary(), 60_000))
                                .prop("model", close.model())
                                .prop("cost_usd", known.cost()));
        String conversation = known.conversationId();
        if (conversation != null) {
            batch.link("@session", "part_of", conversation);
        }
        for (int i = 0; i < close.memory().size(); i++) {
            remember(batch, i, sessionId, close, known);
        }
        return batch;
    }

    /** One memo of a role stands: it takes the place of those before it, and says what is open now. */
    private void memo(Scope scope, Batch batch, String sessionId, SessionClose close, Known known) {
        List<String> tasks = records.openTasks(scope, close.role()).stream()
                .map(NodeView::id)
                .toList();
        List<String> proposals = records.waiting(scope, close.role()).stream()
                .map(FrozenRevision::proposalId)
                .toList();
        batch.create(
                        "memo",
                        "agent_handover_memo",
                        n -> described(n.status("current"), sessionId, sessionId + ":memo", close, known)
                                .prop("body_md", Plain.cut(String.valueOf(close.memo()), 16_000))
                                .prop("open_tasks", tasks)
                                .prop("pending_proposals", proposals))
                .link("@memo", "part_of", "@session");
        for (NodeView before : records.currentMemos(scope, close.role())) {
            batch.patch(before.id(), n -> n.status("superseded")).link(before.id(), "superseded_by", "@memo");
        }
    }

    private static boolean says(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private static void remember(Batch batch, int i, String sessionId, SessionClose close, Known known) {
        SessionClose.Memory memory = close.memory().get(i);
        batch.create(
                        "memory" + i,
                        "memory_entry",
                        n -> own(n.status("active"), sessionId + ":memory:" + i, close, known)
                                .prop("kind", memory.kind())
                                .prop("body_md", Plain.cut(memory.body(), LONGEST_MEMORY))
                                .prop("salience", Math.clamp(memory.salience(), 0.0, 1.0))
                                .prop("created_in_session", sessionId))
                .link("@memory" + i, "produced_by", "@trace");
        String conversation = known.conversationId();
        if (conversation != null) {
            batch.link("@memory" + i, "about", conversation);
        }
    }

    private static NewNode own(NewNode node, String externalId, SessionClose close, Known known) {
        return node.externalIfAbsent(SOURCE, externalId)
                .occurredAt(known.closedAt())
                .tainted(known.tainted())
                .prop("agent_id", "agent:" + close.role())
                .prop("task_id", close.taskId());
    }

    private static NewNode described(
            NewNode node, String sessionId, String externalId, SessionClose close, Known known) {
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
                .prop("turns_taken", Math.max(0, close.turns()))
                .prop("cost_usd", known.cost())
                .prop("model_used", close.model())
                .prop("trigger_kind", known.triggerKind())
                .prop("task_summary_md", Plain.cut(close.summary(), 16_000))
                .prop("reason_closed", Plain.cut(close.reason(), 4000))
                .prop("outcome", close.outcome())
                .prop("memory_entry_count", close.memoryEntryCount())
                .prop(
                        "no_memory_reason",
                        close.noMemoryReason() == null ? null : Plain.cut(close.noMemoryReason(), 4000))
                .prop("tainted", known.tainted());
    }
}
