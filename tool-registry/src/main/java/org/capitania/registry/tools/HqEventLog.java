package org.capitania.registry.tools;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.capitania.graphclient.Batch;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.jspecify.annotations.Nullable;

/** Marks on the time line. */
@ApplicationScoped
class HqEventLog implements ToolHandler {
    private final Writes writes;

    HqEventLog(Writes writes) {
        this.writes = writes;
    }

    @Override
    public String tool() {
        return "hq_event_log";
    }

    @Override
    public Result call(Call call) {
        Batch batch = new Batch()
                .create(
                        "event",
                        "event",
                        event -> event.status("happened")
                                .prop("title", call.text("title"))
                                .prop("kind", call.text("kind"))
                                .prop("impact", call.textOrNull("impact"))
                                .prop("description_md", call.textOrNull("body"))
                                .occurredAt(at(call.textOrNull("occurred_at")))
                                .tainted(writes.tainted(call)));
        call.texts("about").forEach(about -> batch.link("@event", "about", about));
        return writes.apply(call, batch);
    }

    private static @Nullable Instant at(@Nullable String text) {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
