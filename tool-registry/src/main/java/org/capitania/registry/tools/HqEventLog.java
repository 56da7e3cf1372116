package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.capitania.registry.graph.Ops;
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
        ObjectNode props = Ops.props().put("title", call.text("title")).put("kind", call.text("kind"));
        String body = call.textOrNull("body");
        if (body != null) {
            props.put("description_md", body);
        }
        Ops ops = new Ops()
                .create(new Ops.NewNode(
                        "event",
                        "event",
                        "happened",
                        props,
                        null,
                        null,
                        at(call.textOrNull("occurred_at")),
                        writes.tainted(call)));
        call.texts("about").forEach(about -> ops.link("about", "@event", about));
        return writes.apply(call, ops);
    }

    private static @Nullable Instant at(@Nullable String text) {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
    }
}
