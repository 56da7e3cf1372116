package org.capitania.registry.graduation;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The table {@code graduations}; a row is a decision of the owner and is only ever added to by its end. */
@ApplicationScoped
public class Graduations {
    private static final String STANDING = """
            SELECT graduation_id, agent, action, scope, reason, granted_by, granted_at, expires_at FROM graduations
             WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
            """;

    /** One that stands. */
    record Graduation(
            String id,
            String agent,
            String action,
            @Nullable String scope,
            @Nullable String reason,
            String grantedBy,
            Instant grantedAt,
            @Nullable Instant expiresAt) {}

    /** The owner's word on what an agent does without asking: from now on, or no longer. */
    public record Decision(String agent, String action, boolean granted) {}

    private final Runs runs;

    Graduations(Runs runs) {
        this.runs = runs;
    }

    /** Whether an agent's outward call may be made without asking, as far as its arguments tell. */
    public boolean covers(Tx tx, Call call) {
        return standing(tx, call.role()).stream()
                .filter(g -> g.action().equals(action(call)))
                .anyMatch(g -> GraduationScope.of(g.scope()).covers(call.arguments()));
    }

    /**
     * Why a graduated call needs the owner all the same: its task has read from outside, and it is not just a plain answer to the people of the
     * very thread that was read (invariant 20). Empty when it does not.
     */
    public Optional<String> tainted(Tx tx, Call call, Draft draft) {
        List<String> sources = runs.taints(tx, call.taskId());
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        if (!draft.plainAnswer()) {
            return Optional.of(
                    "the task has read from outside, and this is more than plain text to the people of one thread");
        }
        List<String> own = List.of(
                wokenBy(tx, call.taskId(), draft.conversationId()) ? "trigger" : "",
                "conversation:" + draft.conversationId(),
                "node:" + draft.conversationId(),
                "around:" + draft.conversationId(),
                "node:" + draft.interactionId());
        return sources.stream()
                .filter(source -> !own.contains(source))
                .findFirst()
                .map(source -> "the task has read something else from outside (" + source + ")");
    }

    /** Whether it was this conversation that the task was woken for; of another trigger nobody knows whose words it brought. */
    private static boolean wokenBy(Tx tx, @Nullable String task, @Nullable String conversation) {
        return tx.one(
                        "SELECT 1 FROM sessions WHERE task_id = $1 AND trigger ->> 'conversation_id' = $2 LIMIT 1",
                        task,
                        conversation)
                .isPresent();
    }

    /** Under what name a call is graduated: its tool, with the action where the tool has several. */
    static String action(Call call) {
        String tool = call.tool().name();
        return call.verb().name().equals(tool) ? tool : tool + "." + call.verb().name();
    }

    /** Whether an agent may do it without asking, in some scope at least. */
    public boolean stands(Tx tx, String agent, String action) {
        return standing(tx, agent).stream().anyMatch(g -> g.action().equals(action));
    }

    List<Graduation> standing(Tx tx, @Nullable String agent) {
        List<Graduation> all = new ArrayList<>();
        tx.query(STANDING + " AND ($1::text IS NULL OR agent = $1) ORDER BY granted_at", agent)
                .forEach(row -> all.add(read(row)));
        return all;
    }

    /** What was decided from one time to before another, in that order. */
    public List<Decision> between(Tx tx, Instant from, Instant until) {
        List<Decision> decisions = new ArrayList<>();
        tx.query("""
                        SELECT agent, action, granted FROM (
                            SELECT agent, action, true AS granted, granted_at AS at FROM graduations
                            UNION ALL SELECT agent, action, false, revoked_at FROM graduations WHERE revoked_at IS NOT NULL) AS d
                         WHERE at >= $1 AND at < $2 ORDER BY at
                        """, Times.db(from), Times.db(until))
                .forEach(row -> decisions.add(
                        new Decision(row.getString("agent"), row.getString("action"), row.getBoolean("granted"))));
        return decisions;
    }

    /** The same id again is the graduation it was. */
    void grant(
            Tx tx,
            String id,
            String agent,
            String action,
            @Nullable String scope,
            @Nullable String reason,
            @Nullable Instant expires) {
        tx.execute(
                """
                INSERT INTO graduations (graduation_id, agent, action, scope, reason, granted_by, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
                """, id, agent, action, scope, reason, tx.scope().actor(), expires == null ? null : Times.db(expires));
    }

    /** Ends those of an agent and action, or of one scope only; how many stood. */
    int revoke(Tx tx, String agent, String action, @Nullable String scope, @Nullable String reason) {
        return tx.execute("""
                UPDATE graduations SET revoked_at = clock_timestamp(), revoked_by = $4, revoke_reason = $5
                 WHERE agent = $1 AND action = $2 AND ($3::text IS NULL OR scope = $3) AND revoked_at IS NULL
                """, agent, action, scope, tx.scope().actor(), reason);
    }

    private static Graduation read(Row row) {
        return new Graduation(
                row.getString("graduation_id"),
                row.getString("agent"),
                row.getString("action"),
                row.getString("scope"),
                row.getString("reason"),
                row.getString("granted_by"),
                Times.instant(row, "granted_at"),
                Times.instantOrNull(row, "expires_at"));
    }
}
