package org.capitania.registry.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.SessionClose;
import org.capitania.contract.api.SessionOpen;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.graph.Ops;
import org.capitania.registry.graph.Ops.NewNode;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.jspecify.annotations.Nullable;

/** Ends a session: its node, its memo, its trace and what it wants remembered become nodes, once, marked when the task has read from outside. */
@ApplicationScoped
class CloseSession {
    private static final String SOURCE = "session";
    private static final int LONGEST_MEMORY = 500;
    private static final Set<String> KINDS = Set.of("fact", "pattern", "preference", "anti_pattern", "watch_item");

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
    private final Graph graph;
    private final Patience patience;

    CloseSession(Sql sql, Clock clock, Runs runs, Graph graph, Patience patience) {
        this.sql = sql;
        this.clock = clock;
        this.runs = runs;
        this.graph = graph;
        this.patience = patience;
    }

    Map<String, Object> close(Scope scope, String sessionId, SessionClose close) {
        if (close.memory().size() != close.memoryEntryCount()) {
            String found = Integer.toString(close.memory().size());
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "memory_entry_count says " + close.memoryEntryCount() + ", memory has " + found + " entries",
                    List.of(new FieldError(
                            "/memory",
                            found + " entries",
                            close.memoryEntryCount() + " entries",
                            "the list was cut off")));
        }
        Known known = sql.tx(scope, tx -> {
            runs.require(tx, close.role(), close.runId(), close.fence(), close.taskId());
            Instant now = clock.instant();
            // The time of the first closing is kept, so that a repetition writes the very same nodes.
            tx.execute(
                    "UPDATE sessions SET closed_at = $2 WHERE session_id = $1 AND closed_at IS NULL",
                    sessionId,
                    Times.db(now));
            boolean tainted = !runs.taints(tx, close.taskId()).isEmpty();
            BigDecimal cost = tx.one(
                            "SELECT coalesce(sum(spent_usd), 0) AS cost FROM model_reservations WHERE session_id = $1",
                            sessionId)
                    .map(row -> row.getBigDecimal("cost"))
                    .orElse(BigDecimal.ZERO);
            return tx.one(
                            "SELECT trigger::text AS trigger, opened_at, closed_at FROM sessions WHERE session_id = $1",
                            sessionId)
                    .map(row -> known(row, tainted, cost))
                    .orElse(new Known(tainted, cost, null, null, null, now));
        });
        MutationResult written = patience.with(() -> graph.change(
                scope,
                "session-close:" + sessionId,
                ops(sessionId, close, known).list()));
        return Map.of(
                "session_id",
                sessionId,
                "node_id",
                written.byRef("session").id(),
                "audit_event_id",
                written.auditEventId());
    }

    private static Known known(Row row, boolean tainted, BigDecimal cost) {
        String trigger = row.getString("trigger");
        SessionOpen.Trigger read = trigger == null ? null : Json.read(trigger, SessionOpen.Trigger.class);
        return new Known(
                tainted,
                cost,
                read == null ? null : read.conversationId(),
                read == null ? null : read.type(),
                Times.instant(row, "opened_at"),
                Times.instant(row, "closed_at"));
    }

    private static Ops ops(String sessionId, SessionClose close, Known known) {
        Ops ops = new Ops()
                .create(node("session", "agent_session", "closed", session(sessionId, close, known), sessionId, known));
        ops.create(node("trace", "reasoning_trace", null, trace(sessionId, close, known), sessionId + ":trace", known));
        String conversation = known.conversationId();
        if (conversation != null) {
            ops.link("part_of", "@session", conversation);
        }
        if (close.memo() != null && !close.memo().isBlank()) {
            ObjectNode memo = Ops.props()
                    .put("agent_id", "agent:" + close.role())
                    .put("session_id", sessionId)
                    .put("task_id", close.taskId())
                    .put("body_md", cut(close.memo(), 16_000));
            ops.create(node("memo", "agent_handover_memo", "current", memo, sessionId + ":memo", known));
            ops.link("part_of", "@memo", "@session");
        }
        for (int i = 0; i < close.memory().size(); i++) {
            SessionClose.Memory memory = close.memory().get(i);
            if (memory.body().isBlank()) {
                continue;
            }
            ObjectNode props = Ops.props()
                    .put("agent_id", "agent:" + close.role())
                    .put("kind", KINDS.contains(memory.kind()) ? memory.kind() : "fact")
                    .put("body_md", cut(memory.body(), LONGEST_MEMORY))
                    .put("salience", Math.clamp(memory.salience(), 0.0, 1.0))
                    .put("created_in_session", sessionId)
                    .put("task_id", close.taskId());
            ops.create(node("memory" + i, "memory_entry", "active", props, sessionId + ":memory:" + i, known));
            ops.link("produced_by", "@memory" + i, "@trace");
            if (conversation != null) {
                ops.link("about", "@memory" + i, conversation);
            }
        }
        return ops;
    }

    private static NewNode node(
            String ref, String type, @Nullable String status, ObjectNode props, String externalId, Known known) {
        return new NewNode(ref, type, status, props, SOURCE, externalId, known.closedAt(), known.tainted());
    }

    private static ObjectNode session(String sessionId, SessionClose close, Known known) {
        ObjectNode props = Ops.props()
                .put("agent_id", "agent:" + close.role())
                .put("role", close.role())
                .put("session_id", sessionId)
                .put("task_id", close.taskId())
                .put("run_id", close.runId())
                .put("ended_at", known.closedAt().toString())
                .put("turns_taken", Math.max(0, close.turns()))
                .put("cost_usd", known.cost())
                .put("task_summary_md", cut(close.summary(), 16_000))
                .put("reason_closed", cut(close.reason(), 4000))
                .put("outcome", close.outcome())
                .put("memory_entry_count", close.memoryEntryCount())
                .put("tainted", known.tainted());
        if (known.openedAt() != null) {
            props.put("started_at", known.openedAt().toString());
        }
        if (close.model() != null) {
            props.put("model_used", close.model());
        }
        if (known.triggerKind() != null) {
            props.put("trigger_kind", known.triggerKind());
        }
        return props;
    }

    private static ObjectNode trace(String sessionId, SessionClose close, Known known) {
        ObjectNode props = Ops.props()
                .put("agent_id", "agent:" + close.role())
                .put("session_id", sessionId)
                .put("task_id", close.taskId())
                .put("purpose", "session")
                .put("output_md", cut(close.summary(), 60_000))
                .put("cost_usd", known.cost());
        if (close.model() != null) {
            props.put("model", close.model());
        }
        return props;
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
}
