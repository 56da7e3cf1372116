package org.capitania.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.function.Consumer;
import org.capitania.cli.text.Screen;
import org.jspecify.annotations.Nullable;

/**
 * What a verb answers.
 *
 * @param action noun and verb, for example {@code proposal.approve}
 * @param data what {@code --json} carries
 * @param text what a person is shown instead
 * @param failure what went wrong although there are data: some of several files, some of several processes
 * @param printed whether the verb has printed its data itself, as a stream
 */
public record Reply(
        String action,
        JsonNode data,
        @Nullable String auditEventId,
        @Nullable String traceId,
        Consumer<Screen> text,
        @Nullable Failure failure,
        boolean printed) {

    public static Reply of(String action, JsonNode data, Consumer<Screen> text) {
        JsonNode audit = data.path("audit_event_id");
        return new Reply(action, data, audit.isTextual() ? audit.asText() : null, null, text, null, false);
    }

    /** The verb printed its data as they came; there is no envelope. */
    public static Reply printed(String action) {
        return new Reply(action, NullNode.getInstance(), null, null, screen -> {}, null, true);
    }

    public Reply withTrace(@Nullable String trace) {
        return new Reply(action, data, auditEventId, traceId == null ? trace : traceId, text, failure, printed);
    }

    public Reply withAudit(@Nullable String id) {
        return new Reply(action, data, id, traceId, text, failure, printed);
    }

    public Reply withFailure(@Nullable Failure what) {
        return new Reply(action, data, auditEventId, traceId, text, what, printed);
    }
}
