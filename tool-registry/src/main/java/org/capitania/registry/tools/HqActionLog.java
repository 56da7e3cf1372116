package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.ActionView;
import org.capitania.contract.api.ActionsView;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.ledger.ActionQueries;
import org.capitania.registry.ledger.ActionQueries.Filter;
import org.capitania.registry.ledger.SimilarActions;
import org.capitania.servicekit.Sql;

/** The ledger for agents: which calls were made and how they ended, without what they said. */
@ApplicationScoped
class HqActionLog implements ToolHandler {
    static final String SEES_ALL = "operator";

    private final Sql sql;
    private final ActionQueries queries;
    private final SimilarActions similar;

    HqActionLog(Sql sql, ActionQueries queries, SimilarActions similar) {
        this.sql = sql;
        this.queries = queries;
        this.similar = similar;
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
        ArrayNode actions = Lines.array();
        String like = call.textOrNull("like");
        if (like == null) {
            ActionsView view = sql.tx(call.scope(), tx -> queries.read(tx, filter));
            view.actions().forEach(action -> actions.add(line(action)));
        } else {
            similar.like(call.scope(), filter, like)
                    .forEach(found -> actions.add(
                            line(found.action()).put("similarity", Math.round(found.similarity() * 1000) / 1000.0)));
        }
        return Result.of(Json.MAPPER.createObjectNode().set("actions", actions));
    }

    /** Its name is whatever the model that asked for it made up, and nothing that another should read. */
    private static boolean unknown(ActionView action) {
        return action.output() != null && action.output().path("code").asText().equals(ErrorCode.UNKNOWN_TOOL.code());
    }

    private static ObjectNode line(ActionView action) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("id", action.id())
                .put("tool", unknown(action) ? "(no such tool)" : action.tool())
                .put("status", action.status())
                .put("at", action.at().toString());
        if (action.durationMs() != null) {
            line.put("duration_ms", action.durationMs());
        }
        if (action.output() != null && action.output().has("code")) {
            line.put("error", action.output().path("code").asText());
        }
        return line;
    }
}
