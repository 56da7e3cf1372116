package org.capitania.supervisor.wakes;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Ids;
import org.capitania.servicekit.Times;
import org.capitania.servicekit.Tx;
import org.jspecify.annotations.Nullable;

/** The rows of the tasks and of their events. Its callers hold the lock of the role. */
@ApplicationScoped
class TaskStore {
    private final Ids ids;

    TaskStore(Ids ids) {
        this.ids = ids;
    }

    /** The open task of a role about a subject, asked for now; the answer waits. */
    Supplier<Optional<Task>> askOpen(Tx tx, String role, String subject) {
        Supplier<Optional<Row>> asked = tx.ask(
                "SELECT " + Task.COLUMNS
                        + "FROM tasks t WHERE role = $1 AND subject = $2 AND state IN ('queued', 'running')",
                role,
                subject);
        return () -> asked.get().map(Task::of);
    }

    List<Task> running(Tx tx, UUID runId) {
        return tasks(tx.query(
                "SELECT " + Task.COLUMNS
                        + "FROM tasks t WHERE run_id = $1 AND state = 'running' ORDER BY opened_at, task_id",
                runId));
    }

    /** A new task, due at {@code notBefore}. */
    UUID insert(
            Tx tx,
            UUID wakeId,
            String role,
            String subject,
            @Nullable String conversationId,
            boolean tainted,
            Instant notBefore) {
        UUID id = ids.v7();
        tx.put("""
                INSERT INTO tasks (task_id, role, subject, conversation_id, tainted, state, not_before, wake_id)
                VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7)
                """, id, role, subject, conversationId, tainted, Times.db(notBefore), wakeId);
        return id;
    }

    void addEvent(Tx tx, UUID taskId, Event event) {
        tx.put(
                "INSERT INTO task_events (task_id, event_id, event) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                taskId,
                event.id(),
                new JsonObject(Json.write(event)));
    }

    /** A new event of its conversation makes a waiting task due. */
    void hasten(Tx tx, UUID taskId, Instant now) {
        tx.put(
                "UPDATE tasks SET not_before = LEAST(not_before, $2) WHERE task_id = $1 AND state = 'queued'",
                taskId,
                Times.db(now));
    }

    /** Marks a task as resting on content from outside; the gateway is told again before the agent sees it. */
    void taint(Tx tx, UUID taskId) {
        tx.put("UPDATE tasks SET tainted = true, gate_run_id = NULL WHERE task_id = $1 AND NOT tainted", taskId);
    }

    /** Gives due tasks of the role that may go on to a run, the oldest first, as many as there is room for. */
    int bindDue(Tx tx, String role, UUID wakeId, UUID runId, Instant now, Admission.Allowed allowed, int room) {
        return tx.execute(
                """
                UPDATE tasks SET state = 'running', run_id = $3, wake_id = $2, not_before = NULL, gate_run_id = NULL
                WHERE task_id IN (SELECT task_id FROM tasks t WHERE role = $1 AND state = 'queued' AND not_before <= $4
                                  AND %s ORDER BY opened_at, task_id LIMIT $7)
                """.formatted(allowed("$5", "$6")),
                role,
                wakeId,
                runId,
                Times.db(now),
                allowed.one(),
                allowed.notAll(),
                room);
    }

    /** Whether a due task of the role may go on. */
    boolean anyAllowed(Tx tx, String role, Instant now, Admission.Allowed allowed) {
        return tx.one(
                        "SELECT 1 FROM tasks t WHERE role = $1 AND state = 'queued' AND not_before <= $2 AND "
                                + allowed("$3", "$4") + " LIMIT 1",
                        role,
                        Times.db(now),
                        allowed.one(),
                        allowed.notAll())
                .isPresent();
    }

    private static String allowed(String one, String notAll) {
        String event = "concat_ws('.', e.event ->> 'type', e.event ->> 'subject')";
        String events =
                "EXISTS (SELECT 1 FROM task_events e WHERE e.tenant_id = t.tenant_id AND e.task_id = t.task_id AND ";
        return "(%s::text[] IS NULL OR ".formatted(one) + events + event + " LIKE ANY (" + one + "::text[])))"
                + " AND (%s::text[] IS NULL OR ".formatted(notAll) + events + "NOT " + event + " LIKE ANY (" + notAll
                + "::text[])))";
    }

    /** How many tasks a run has, ended ones included: there is an end to what is put on one run. */
    int ofRun(Tx tx, UUID wakeId, UUID runId) {
        return tx.query(
                        "SELECT count(*)::int AS n FROM tasks WHERE wake_id = $1 AND (run_id = $2 OR gate_run_id = $2)",
                        wakeId,
                        runId)
                .iterator()
                .next()
                .getInteger("n");
    }

    void end(Tx tx, UUID taskId, String state, @Nullable String person, @Nullable String reason) {
        tx.put("""
                UPDATE tasks SET state = $2, person = $3, reason = $4, run_id = NULL, not_before = NULL, ended_at = clock_timestamp(),
                    attempts = attempts + CASE WHEN $2 = 'failed' THEN 1 ELSE 0 END
                WHERE task_id = $1
                """, taskId, state, person, reason);
    }

    void requeue(Tx tx, UUID taskId, Instant notBefore, boolean counts, @Nullable String reason) {
        tx.put("""
                UPDATE tasks SET state = 'queued', run_id = NULL, not_before = $2, reason = $4,
                    attempts = attempts + CASE WHEN $3 THEN 1 ELSE 0 END, handovers = handovers + CASE WHEN $3 THEN 0 ELSE 1 END
                WHERE task_id = $1
                """, taskId, Times.db(notBefore), counts, reason);
    }

    /** Notes which events a run has stored. */
    void taken(Tx tx, UUID runId, List<String> eventIds) {
        if (!eventIds.isEmpty()) {
            tx.put("""
                    UPDATE task_events e SET taken_run_id = $1
                    FROM tasks t
                    WHERE t.tenant_id = e.tenant_id AND t.task_id = e.task_id AND t.run_id = $1 AND e.event_id = ANY($2)
                    """, runId, eventIds.toArray(String[]::new));
        }
    }

    /** Whether a run has stored any event of the task. */
    boolean anyTaken(Tx tx, UUID taskId, UUID runId) {
        return tx.one("SELECT 1 FROM task_events WHERE task_id = $1 AND taken_run_id = $2 LIMIT 1", taskId, runId)
                .isPresent();
    }

    /** Moves the events of a task that the run never took to a new task, due now; answers whether there were any. */
    boolean splitUntaken(Tx tx, Task task, UUID runId, UUID wakeId, Instant now) {
        Optional<Row> untaken = tx.one(
                "SELECT 1 FROM task_events WHERE task_id = $1 AND taken_run_id IS DISTINCT FROM $2",
                task.taskId(),
                runId);
        if (untaken.isEmpty()) {
            return false;
        }
        UUID successor = insert(tx, wakeId, task.role(), task.subject(), task.conversationId(), task.tainted(), now);
        tx.execute(
                "UPDATE task_events SET task_id = $3, taken_run_id = NULL WHERE task_id = $1 AND taken_run_id IS DISTINCT FROM $2",
                task.taskId(),
                runId,
                successor);
        return true;
    }

    /** When the next waiting task of the role is due. */
    Optional<Instant> nextDue(Tx tx, String role) {
        return tx.one("SELECT min(not_before) AS due FROM tasks WHERE role = $1 AND state = 'queued'", role)
                .map(row -> row.getOffsetDateTime("due"))
                .map(due -> due.toInstant());
    }

    /** Makes every waiting task of the role due. */
    void hastenAll(Tx tx, String role, Instant now) {
        tx.put(
                "UPDATE tasks SET not_before = LEAST(not_before, $2) WHERE role = $1 AND state = 'queued'",
                role,
                Times.db(now));
    }

    /** Makes due what waits because the run before was frozen; what failed waits on. Answers whether there was any. */
    boolean hastenFrozen(Tx tx, String role, Instant now) {
        return tx.execute("""
                        UPDATE tasks t SET not_before = $2
                         WHERE t.role = $1 AND t.state = 'queued' AND t.not_before > $2
                           AND 'frozen' = (SELECT r.state FROM runs r WHERE r.wake_id = t.wake_id ORDER BY r.created_at DESC LIMIT 1)
                        """, role, Times.db(now)) > 0;
    }

    /** Makes due what waits for money until a time that may be far away. Answers whether there was any. */
    boolean hastenUnpaid(Tx tx, String role, Instant now) {
        return tx.execute("""
                        UPDATE tasks SET not_before = $2
                         WHERE role = $1 AND state = 'queued' AND not_before > $2 AND starts_with(reason, $3)
                        """, role, Times.db(now), ErrorCode.BUDGET_EXHAUSTED.code()) > 0;
    }

    private static List<Task> tasks(RowSet<Row> rows) {
        List<Task> tasks = new ArrayList<>();
        rows.forEach(row -> tasks.add(Task.of(row)));
        return tasks;
    }
}
