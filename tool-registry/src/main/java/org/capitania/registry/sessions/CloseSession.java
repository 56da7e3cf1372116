package org.capitania.registry.sessions;

import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.contract.api.SessionClose;
import org.capitania.contract.api.SessionClosed;
import org.capitania.contract.api.SessionOpen;
import org.capitania.graphclient.Batch;
import org.capitania.registry.autonomy.Freezes;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.models.Settlements;
import org.capitania.registry.runs.Runs;
import org.capitania.registry.sessions.SessionBook.Book;
import org.capitania.registry.sessions.SessionNodes.Known;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** Ends a session: what it leaves behind becomes nodes, once. */
@ApplicationScoped
class CloseSession {
    /** As its definition asks: one word first, perhaps set in bold. */
    private static final Pattern VERDICT = Pattern.compile("^\\W*(pass|changes)\\b", Pattern.CASE_INSENSITIVE);

    private final Sql sql;
    private final Clock clock;
    private final Runs runs;
    private final Freezes freezes;
    private final Graph graph;
    private final Patience patience;
    private final SessionBook books;
    private final SessionNodes nodes;
    private final Settlements settlements;

    CloseSession(
            Sql sql,
            Clock clock,
            Runs runs,
            Freezes freezes,
            Graph graph,
            Patience patience,
            SessionBook books,
            SessionNodes nodes,
            Settlements settlements) {
        this.settlements = settlements;
        this.sql = sql;
        this.clock = clock;
        this.runs = runs;
        this.freezes = freezes;
        this.graph = graph;
        this.patience = patience;
        this.books = books;
        this.nodes = nodes;
    }

    SessionClosed close(Scope scope, String sessionId, SessionClose close) {
        settlements.await(scope, close.role());
        Book book = checked(scope, sessionId, close);
        Known known = sql.tx(scope, tx -> {
            requireOpen(tx, sessionId, close);
            Instant now = clock.instant();
            boolean tainted = !runs.taints(tx, close.taskId()).isEmpty();
            BigDecimal cost = books.cost(tx, close.role(), sessionId);
            // What was known at the first closing is kept, so that a repetition writes the very same nodes.
            tx.execute("""
                    UPDATE sessions
                       SET closed_at = coalesce(closed_at, $2), cost_usd = $3, tainted = $4,
                           verdict = CASE subagent WHEN 'code-reviewer' THEN $6::text END
                     WHERE session_id = $1 AND role = $5 AND cost_usd IS NULL
                    """, sessionId, Times.db(now), cost, tainted, close.role(), verdict(close));
            return tx.one("""
                            SELECT trigger::text AS trigger, opened_at, closed_at, coalesce(cost_usd, $3) AS cost_usd,
                                   coalesce(tainted, $4) AS tainted
                              FROM sessions WHERE session_id = $1 AND role = $2
                            """, sessionId, close.role(), cost, tainted)
                    .map(CloseSession::known)
                    .orElse(new Known(tainted, cost, null, null, null, null, now));
        });
        MutationResult written = patience.with(() -> {
            // It may have waited for the graph meanwhile.
            sql.run(scope, tx -> requireOpen(tx, sessionId, close));
            Batch batch = nodes.of(scope, sessionId, close, known, book);
            return graph.change(scope, "session-close:" + sessionId, batch);
        });
        return new SessionClosed(
                sessionId,
                written.byRef("session").id(),
                written.auditEventId(),
                known.cost().stripTrailingZeros());
    }

    private Book checked(Scope scope, String sessionId, SessionClose close) {
        try {
            Closing.check(close);
            Book book = sql.tx(scope, tx -> {
                requireOpen(tx, sessionId, close);
                return books.of(tx, close.role(), sessionId);
            });
            Closing.check(close, book);
            return book;
        } catch (CapitaniaException e) {
            if (e.code() == ErrorCode.SCHEMA_VIOLATION) {
                // It is over all the same: should a later run have it taken, what others have left since is newer.
                sql.run(
                        scope,
                        tx -> tx.execute(
                                "UPDATE sessions SET closed_at = $2 WHERE session_id = $1 AND role = $3 AND closed_at IS NULL",
                                sessionId,
                                Times.db(clock.instant()),
                                close.role()));
            }
            throw e;
        }
    }

    /** The word that a reviewer's answer begins with; null where it came to none. */
    private static @Nullable String verdict(SessionClose close) {
        return close.outcome().equals("finished")
                ? close.turns().stream()
                        .map(turn -> VERDICT.matcher(turn.output()))
                        .filter(Matcher::find)
                        .reduce((earlier, last) -> last)
                        .map(said -> said.group(1).toLowerCase(Locale.ROOT))
                        .orElse(null)
                : null;
    }

    /** What a session leaves behind is a change as well; it is closed when the run goes on, or in a later one of its agent. */
    private void requireOpen(Tx tx, String sessionId, SessionClose close) {
        if (books.knows(tx, close.role(), sessionId, close.taskId())) {
            runs.require(tx, close.role(), close.runId(), close.fence());
        } else {
            runs.require(tx, close.role(), close.runId(), close.fence(), close.taskId());
        }
        freezes.requireThawed(tx);
    }

    private static Known known(Row row) {
        String trigger = row.getString("trigger");
        SessionOpen.Trigger read = trigger == null ? null : Json.read(trigger, SessionOpen.Trigger.class);
        return new Known(
                row.getBoolean("tainted"),
                row.getBigDecimal("cost_usd"),
                read == null ? null : read.conversationId(),
                read == null ? null : read.interactionId(),
                read == null ? null : read.type(),
                Times.instant(row, "opened_at"),
                Times.instant(row, "closed_at"));
    }
}
