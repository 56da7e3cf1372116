package org.capitania.agentruntime.loop;

import java.time.Instant;
import org.capitania.agentruntime.transcript.Ending;
import org.jspecify.annotations.Nullable;

/**
 * How a session ended.
 *
 * @param code {@code task_complete}, or the failure's name
 * @param reason for people
 * @param until of a frozen one: it is not worth trying again before then
 */
public record TaskEnd(
        Ending ending, String code, String reason, @Nullable Instant until) {
    public TaskEnd(Ending ending, String code, String reason) {
        this(ending, code, reason, null);
    }
}
