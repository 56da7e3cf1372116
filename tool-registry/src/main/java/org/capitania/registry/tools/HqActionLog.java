package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.Json;
import org.capitania.contract.api.ActionsView;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.ledger.ActionQueries;
import org.capitania.registry.ledger.ActionQueries.Filter;
import org.capitania.servicekit.Sql;

/** The ledger for agents: which calls were made and how they ended, without what they said. */
@ApplicationScoped
class HqActionLog implements ToolHandler {
    static final String SEES_ALL = "operator";

    private final Sql sql;
    private final ActionQueries queries;

    HqActionLog(Sql sql, ActionQueries queries) {
        this.sql = sql;
        this.queries = queries;
    }

    @Override
    public String tool() {
        return "hq_action_log";
    }

    @Override
    public Result call(Call call) {
        String only = call.human() || call.role().equals(SEES_ALL) ? null : call.actor();
        Filter filter =
                new Filter(call.textOrNull("task_id"), call.textOrNull("session_id"), only, call.number("limit", 20));
        ActionsView view = sql.tx(call.scope(), tx -> queries.read(tx, filter));
        ArrayNode actions = Lines.array();
        view.actions().forEach(a -> {
            ObjectNode line = actions.addObject()
                    .put("id", a.id())
                    .put("tool", a.tool())
                    .put("status", a.status())
                    .put("at", a.at().toString());
            if (a.durationMs() != null) {
                line.put("duration_ms", a.durationMs());
            }
            if (a.output() != null && a.output().has("code")) {
                line.put("error", a.output().path("code").asText());
            }
        });
        return Result.of(Json.MAPPER.createObjectNode().set("actions", actions));
    }
}
