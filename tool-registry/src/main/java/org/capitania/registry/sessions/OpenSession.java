package org.capitania.registry.sessions;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.capitania.contract.Json;
import org.capitania.contract.api.SessionHeader;
import org.capitania.contract.api.SessionOpen;
import org.capitania.registry.handler.Patience;
import org.capitania.registry.memory.TendMemories;
import org.capitania.registry.runs.Runs;
import org.capitania.registry.secrets.Scrubber;
import org.capitania.registry.subagents.Child;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;
import org.capitania.servicekit.Tx;

/** Begins a session: its header is made once, without secrets, and answered the same way to every later asking. */
@ApplicationScoped
class OpenSession {
    private final Sql sql;
    private final Runs runs;
    private final Patience patience;
    private final ReconstructionHeader headers;
    private final TendMemories memory;
    private final Scrubber scrubber;

    OpenSession(
            Sql sql,
            Runs runs,
            Patience patience,
            ReconstructionHeader headers,
            TendMemories memory,
            Scrubber scrubber) {
        this.memory = memory;
        this.scrubber = scrubber;
        this.sql = sql;
        this.runs = runs;
        this.patience = patience;
        this.headers = headers;
    }

    SessionHeader open(Scope scope, SessionOpen request) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            // It only reads, and is shown to nobody who may not open the session.
            var made = threads.submit(() -> made(scope, request));
            return new SessionHeader(
                    known(scope, request).orElseGet(() -> keep(scope, request, OwnRecords.answer(made))));
        } finally {
            threads.shutdown();
        }
    }

    /** The header that was made before; refuses whoever may not open the session. */
    private Optional<String> known(Scope scope, SessionOpen request) {
        return sql.tx(scope, tx -> {
            runs.require(tx, request.role(), request.runId(), request.fence(), request.taskId());
            SessionOpen.Trigger trigger = request.trigger();
            if (trigger != null && trigger.tainted()) {
                // Whose words a note brings nobody knows: it is no part of what the task was woken for.
                String source = trigger.type().equals(SessionOpen.Trigger.NOTE) ? "message" : "trigger";
                runs.taint(tx, request.taskId(), source, request.runId(), null);
            }
            return header(tx, request.sessionId());
        });
    }

    private ReconstructionHeader.Header made(Scope scope, SessionOpen request) {
        Runnable first =
                Child.named(request.sessionId()) ? () -> {} : memory.beforeSession(scope.tenant(), request.role());
        return patience.with(() -> headers.make(scope, request, first));
    }

    private String keep(Scope scope, SessionOpen request, ReconstructionHeader.Header made) {
        return sql.tx(scope, tx -> {
            made.taintedBy().forEach(source -> runs.taint(tx, request.taskId(), source, request.runId(), null));
            tx.put(
                    """
                    INSERT INTO sessions (session_id, task_id, role, run_id, trigger, header)
                    VALUES ($1, $2, $3, $4, $5::text::jsonb, $6) ON CONFLICT DO NOTHING
                    """,
                    request.sessionId(),
                    request.taskId(),
                    request.role(),
                    request.runId(),
                    request.trigger() == null ? null : Json.write(request.trigger()),
                    scrubber.clean(made.markdown()));
            return header(tx, request.sessionId()).orElseThrow();
        });
    }

    private static Optional<String> header(Tx tx, String sessionId) {
        return tx.one("SELECT header FROM sessions WHERE session_id = $1", sessionId)
                .map(row -> row.getString("header"));
    }
}
