package org.capitania.registry.autonomy;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.jspecify.annotations.Nullable;

/** The emergency stop as a tool: freeze, thaw, status and kill. */
@ApplicationScoped
class HqAutonomy implements ToolHandler {
    private final Autonomy autonomy;
    private final KillLoop kill;

    HqAutonomy(Autonomy autonomy, KillLoop kill) {
        this.autonomy = autonomy;
        this.kill = kill;
    }

    @Override
    public String tool() {
        return "hq_autonomy";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "status" -> Result.of(autonomy.look(call.scope()));
            case "freeze" -> Result.of(autonomy.freeze(call.scope(), call.callId(), said(call), until(call)));
            case "thaw" -> Result.of(autonomy.thaw(call.scope(), reason(call)));
            case "kill" -> Result.of(kill.kill(call.scope(), call.callId(), call.text("loop"), said(call)));
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    private static String said(Call call) {
        String reason = reason(call);
        return reason == null ? "no reason was given" : reason;
    }

    /** The argument, or what was given for the whole call. */
    private static @Nullable String reason(Call call) {
        String given = call.textOrNull("reason");
        return given == null ? call.scope().reason() : given;
    }

    private static @Nullable Instant until(Call call) {
        String until = call.textOrNull("until");
        return until == null ? null : OffsetDateTime.parse(until).toInstant();
    }
}
