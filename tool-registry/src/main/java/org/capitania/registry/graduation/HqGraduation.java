package org.capitania.registry.graduation;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.registry.catalogue.Catalogue;
import org.capitania.registry.catalogue.Risk;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.Sql;
import org.jspecify.annotations.Nullable;

/** What an agent may send without asking: the owner grants and takes back, everybody may look. */
@ApplicationScoped
class HqGraduation implements ToolHandler {
    private final Sql sql;
    private final Graduations graduations;
    // By instance: the catalogue is made of the handlers, and this is one of them.
    private final Instance<Catalogue> catalogue;

    HqGraduation(Sql sql, Graduations graduations, Instance<Catalogue> catalogue) {
        this.sql = sql;
        this.graduations = graduations;
        this.catalogue = catalogue;
    }

    @Override
    public String tool() {
        return "hq_graduation";
    }

    @Override
    public Result call(Call call) {
        return switch (call.verb().name()) {
            case "list" -> list(call, call.textOrNull("agent"));
            case "grant" -> grant(call);
            case "revoke" -> revoke(call);
            default ->
                throw new IllegalStateException("no action " + call.verb().name());
        };
    }

    private Result list(Call call, @Nullable String agent) {
        return sql.tx(
                call.scope(),
                tx -> Result.of(
                        Json.MAPPER.createObjectNode().set("items", Json.tree(graduations.standing(tx, agent)))));
    }

    private Result grant(Call call) {
        String act = call.text("act");
        requireOutward(act);
        String scope = call.textOrNull("scope");
        GraduationScope.of(scope);
        String until = call.textOrNull("until");
        Instant expires = until == null ? null : OffsetDateTime.parse(until).toInstant();
        sql.run(
                call.scope(),
                tx -> graduations.grant(tx, call.callId(), call.text("agent"), act, scope, reason(call), expires));
        return list(call, call.text("agent"));
    }

    private Result revoke(Call call) {
        int ended = sql.tx(
                call.scope(),
                tx -> graduations.revoke(
                        tx, call.text("agent"), call.text("act"), call.textOrNull("scope"), reason(call)));
        return Result.of(Json.MAPPER.createObjectNode().put("revoked", ended));
    }

    private static @Nullable String reason(Call call) {
        String given = call.textOrNull("reason");
        return given == null ? call.scope().reason() : given;
    }

    /** Only what leaves the company is graduated; what is destructive waits for the owner each time. */
    private void requireOutward(String act) {
        int dot = act.indexOf('.');
        String tool = dot < 0 ? act : act.substring(0, dot);
        boolean outward = catalogue
                .get()
                .find(tool)
                .filter(definition -> outbound(definition, act.substring(dot + 1)))
                .isPresent();
        if (!outward) {
            throw new CapitaniaException(ErrorCode.SCHEMA_VIOLATION, act + " is no outward act that could be graduated")
                    .withHint("name a tool such as email_send, or tool.action");
        }
    }

    private static boolean outbound(ToolDefinition definition, String action) {
        return definition
                        .verb(Json.MAPPER.createObjectNode().put("action", action))
                        .risk()
                == Risk.OUTBOUND;
    }
}
