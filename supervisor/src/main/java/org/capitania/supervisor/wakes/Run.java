package org.capitania.supervisor.wakes;

import io.vertx.sqlclient.Row;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as stored.
 *
 * @param stop why it was told to stop, if it was
 * @param stopIsAFault whether what it leaves undone then counts as an attempt
 */
record Run(
        UUID runId,
        UUID wakeId,
        String role,
        String state,
        long fence,
        @Nullable String instance,
        @Nullable String stop,
        boolean stopIsAFault) {

    static final String COLUMNS = "run_id, wake_id, role, state, fence, instance, stop_requested, stop_is_a_fault";

    static Run of(Row row) {
        return new Run(
                row.getUUID("run_id"),
                row.getUUID("wake_id"),
                row.getString("role"),
                row.getString("state"),
                row.getLong("fence"),
                row.getString("instance"),
                row.getString("stop_requested"),
                row.getBoolean("stop_is_a_fault"));
    }
}
