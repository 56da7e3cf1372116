package org.capitania.supervisor.wakes;

import io.vertx.sqlclient.Row;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open task: the events of one conversation for one role, worked in one session.
 *
 * @param subject the conversation, else the key of the first event
 * @param attempts runs that ended without an end for it
 * @param handovers runs that ended so without its fault
 * @param bulletins whether all its events tell of incidents: giving up on those is not told again
 */
record Task(
        UUID taskId,
        String role,
        String subject,
        @Nullable String conversationId,
        boolean tainted,
        boolean running,
        int attempts,
        int handovers,
        boolean bulletins) {

    static final String COLUMNS = """
            t.task_id, t.role, t.subject, t.conversation_id, t.tainted, t.state, t.attempts, t.handovers,
            NOT EXISTS (SELECT 1 FROM task_events e WHERE e.tenant_id = t.tenant_id AND e.task_id = t.task_id
                        AND e.event ->> 'type' NOT LIKE 'agent\\_incident.%') AS bulletins
            """;

    static Task of(Row row) {
        return new Task(
                row.getUUID("task_id"),
                row.getString("role"),
                row.getString("subject"),
                row.getString("conversation_id"),
                row.getBoolean("tainted"),
                row.getString("state").equals("running"),
                row.getInteger("attempts"),
                row.getInteger("handovers"),
                row.getBoolean("bulletins"));
    }
}
