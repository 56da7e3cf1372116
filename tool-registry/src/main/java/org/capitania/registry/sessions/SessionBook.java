package org.capitania.registry.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.Json;
import org.capitania.registry.ledger.Target;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** What a session did by the gateway's own books: its model calls with what they took, and its tool calls with what they were about. */
@ApplicationScoped
class SessionBook {
    private static final Set<String> NO_NODE = Set.of("file", "page", "agent");
    private static final Pattern RETRY = Pattern.compile("(?:-[fr][0-9]+)+$");
    private static final Pattern TURN = Pattern.compile(".*:([0-9]{1,9}):[^:]+");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final int MOST = 500;
    private static final int MOST_SEEN = 20;

    /** A call of a model, with all that was tried for it: again at a provider ({@code -r1}), or at another ({@code -f1}). */
    record ModelCall(
            String callId,
            int turn,
            String model,
            @Nullable String purpose,
            long tokensIn,
            long tokensOut,
            BigDecimal cost,
            Instant at) {
        private ModelCall plus(ModelCall again) {
            return new ModelCall(
                    callId,
                    turn,
                    again.model,
                    again.purpose,
                    tokensIn + again.tokensIn,
                    tokensOut + again.tokensOut,
                    cost.add(again.cost),
                    at);
        }
    }

    /**
     * A call of a tool that was answered.
     *
     * @param writes whether it changed what it names
     * @param refs ids and slugs of what may be nodes
     */
    record Act(int turn, boolean writes, List<String> refs) {}

    /**
     * All of it.
     *
     * @param started the sessions of its subagents
     * @param late whether what another session left is newer
     */
    record Book(List<ModelCall> modelCalls, List<Act> acts, List<String> started, boolean late) {}

    Book of(Tx tx, String role, String sessionId) {
        Map<String, ModelCall> calls = new LinkedHashMap<>();
        tx.query("""
                        SELECT call_id, model, coalesce(spent_usd, reserved_usd) AS cost, ledger_entry::text AS entry, opened_at
                          FROM model_reservations WHERE session_id = $1 AND agent = $2 ORDER BY opened_at, reservation_id LIMIT $3
                        """, sessionId, role, MOST).forEach(row -> {
            ModelCall call = modelCall(row);
            calls.merge(call.callId(), call, ModelCall::plus);
        });
        List<Act> acts = new ArrayList<>();
        tx.query("""
                        SELECT call_id, tool, idempotency, status, input::text AS input, output::text AS output
                          FROM calls
                         WHERE session_id = $1 AND (actor = $2 OR (starts_with($1, 'sub-') AND starts_with(actor, 'agent:project:')))
                           AND status IN ('done', 'proposed')
                         ORDER BY started_at, call_id LIMIT $3
                        """, sessionId, "agent:" + role, MOST).forEach(row -> acts.add(act(row)));
        return new Book(List.copyOf(calls.values()), acts, started(tx, role, sessionId), isLate(tx, role, sessionId));
    }

    /** The sessions that a session has started and that are over. */
    private static List<String> started(Tx tx, String role, String sessionId) {
        List<String> started = new ArrayList<>();
        tx.query("""
                        SELECT session_id FROM sessions WHERE parent_session_id = $1 AND role = $2 AND closed_at IS NOT NULL
                         ORDER BY opened_at, session_id LIMIT $3
                        """, sessionId, role, MOST).forEach(row -> started.add(row.getString("session_id")));
        return started;
    }

    /** Whether another session of the role was put away after this one: what it left is newer. */
    private static boolean isLate(Tx tx, String role, String sessionId) {
        return tx.one("""
                        SELECT 1 FROM sessions late JOIN sessions newer USING (tenant_id, role)
                         WHERE late.session_id = $1 AND late.role = $2 AND newer.session_id <> $1 AND newer.parent_call_id IS NULL
                           AND newer.closed_at > late.closed_at LIMIT 1
                        """, sessionId, role).isPresent();
    }

    /** Whether the session is one of the role's for that task. */
    boolean knows(Tx tx, String role, String sessionId, String taskId) {
        return tx.one(
                        "SELECT 1 FROM sessions WHERE session_id = $1 AND role = $2 AND task_id = $3",
                        sessionId,
                        role,
                        taskId)
                .isPresent();
    }

    /** What the session's model calls come to; one that is still open counts with what was set aside. */
    BigDecimal cost(Tx tx, String role, String sessionId) {
        return tx.one(
                        "SELECT coalesce(sum(coalesce(spent_usd, reserved_usd)), 0) AS cost FROM model_reservations WHERE session_id = $1 AND agent = $2",
                        sessionId,
                        role)
                .map(row -> row.getBigDecimal("cost"))
                .orElse(BigDecimal.ZERO);
    }

    private static ModelCall modelCall(Row row) {
        String callId = RETRY.matcher(row.getString("call_id")).replaceFirst("");
        String entry = row.getString("entry");
        JsonNode told = entry == null ? Json.MAPPER.missingNode() : Json.read(entry, JsonNode.class);
        return new ModelCall(
                callId,
                turn(callId),
                row.getString("model"),
                told.path("purpose").textValue(),
                told.path("input_tokens").asLong()
                        + told.path("cache_read_tokens").asLong()
                        + told.path("cache_write_tokens").asLong(),
                told.path("output_tokens").asLong(),
                row.getBigDecimal("cost"),
                Times.instant(row, "opened_at"));
    }

    private static Act act(Row row) {
        JsonNode input = Json.read(row.getString("input"), JsonNode.class);
        String text = row.getString("output");
        JsonNode output = text == null ? null : Json.read(text, JsonNode.class);
        boolean writes = row.getString("status").equals("done")
                && !row.getString("idempotency").equals("read");
        Set<String> refs = new LinkedHashSet<>();
        Target.of(row.getString("tool"), input, output)
                .filter(target -> !NO_NODE.contains(target.kind()))
                .ifPresent(target -> refs.add(target.id()));
        if (output != null && writes) {
            seen(output.path("id"), refs);
        } else if (output != null) {
            seen(output, refs);
        }
        return new Act(turn(row.getString("call_id")), writes, List.copyOf(refs));
    }

    /** The ids in an answer. */
    private static void seen(JsonNode value, Set<String> refs) {
        if (refs.size() >= MOST_SEEN) {
            return;
        }
        if (value.isTextual() && ID.matcher(value.asText()).matches()) {
            refs.add(value.asText());
        } else if (value.isContainerNode()) {
            value.forEach(each -> seen(each, refs));
        }
    }

    private static int turn(String callId) {
        Matcher turn = TURN.matcher(callId);
        return turn.matches() ? Integer.parseInt(turn.group(1)) : 0;
    }
}
