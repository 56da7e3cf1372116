package org.capitania.supervisor.wakes;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.capitania.contract.Json;
import org.capitania.contract.event.AgentWake;
import org.capitania.contract.event.AgentWake.AgentTask;
import org.capitania.contract.event.Event;
import org.capitania.servicekit.Tx;

/** What an agent is shown of its run: the tasks that the gateway knows, with their events in the order they came. */
@ApplicationScoped
class Delivery {
    /** A record on Kafka may have 512 KiB; what a wake leaves out comes with its claim. */
    private static final int ROOM_IN_A_RECORD = 256 * 1024;

    private static final String EVENTS = """
            SELECT t.task_id, t.conversation_id, t.tainted, e.event_id, e.event
            FROM tasks t JOIN task_events e ON e.tenant_id = t.tenant_id AND e.task_id = t.task_id
            WHERE t.run_id = $1 AND t.state = 'running' AND t.gate_run_id = $1
            """;

    /** All events of the tasks of a run. */
    List<AgentTask> all(Tx tx, UUID runId) {
        return tasks(tx.query(EVENTS + "ORDER BY t.opened_at, t.task_id, e.seq", runId), Integer.MAX_VALUE);
    }

    /** As many of them as go into a record. */
    List<AgentTask> forRecord(Tx tx, UUID runId) {
        return tasks(tx.query(EVENTS + "ORDER BY t.opened_at, t.task_id, e.seq", runId), ROOM_IN_A_RECORD);
    }

    /** Those that the run has not said it has stored. */
    List<AgentTask> untaken(Tx tx, UUID runId) {
        return tasks(
                tx.query(
                        EVENTS + "AND e.taken_run_id IS DISTINCT FROM $1 ORDER BY t.opened_at, t.task_id, e.seq",
                        runId),
                Integer.MAX_VALUE);
    }

    static AgentWake wake(Wake.Head head, Wake.Run run, List<AgentTask> tasks) {
        return new AgentWake(
                head.wakeId().toString(),
                run.runId().toString(),
                run.fence(),
                head.role(),
                head.reason(),
                head.attempt(),
                tasks);
    }

    private static List<AgentTask> tasks(Iterable<Row> rows, int room) {
        Map<UUID, AgentTask> tasks = new LinkedHashMap<>();
        int left = room;
        for (Row row : rows) {
            String event = ((JsonObject) row.getValue("event")).encode();
            // Characters are not bytes, and keys are written once more: three is more than either needs.
            left -= 3 * event.length();
            if (left < 0 && room != Integer.MAX_VALUE) {
                break;
            }
            AgentTask task = tasks.computeIfAbsent(
                    row.getUUID("task_id"),
                    id -> new AgentTask(
                            id.toString(),
                            row.getString("conversation_id"),
                            row.getBoolean("tainted"),
                            new ArrayList<>()));
            task.events().add(Json.read(event, Event.class));
        }
        return List.copyOf(tasks.values());
    }
}
