package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.Json;
import org.capitania.contract.api.ActionsView;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.registry.ledger.ActionQueries;
import org.capitania.registry.ledger.ActionQueries.Filter;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;

/** One trajectory with what went in and what came out, and how each model call came to it; what its task had read from outside taints who looks at it. */
@ApplicationScoped
class HqTrace implements ToolHandler {
    private static final int LONGEST = 2000;

    private final Sql sql;
    private final ActionQueries queries;
    private final Runs runs;
    private final TraceReads traces;

    HqTrace(Sql sql, ActionQueries queries, Runs runs, TraceReads traces) {
        this.sql = sql;
        this.queries = queries;
        this.runs = runs;
        this.traces = traces;
    }

    @Override
    public String tool() {
        return "hq_trace";
    }

    @Override
    public Result call(Call call) {
        return call.text("action").equals("show") ? show(call) : traces.read(call);
    }

    private Result show(Call call) {
        return sql.tx(call.scope(), tx -> {
            String task = queries.taskOf(tx, call.text("trace"))
                    .orElseThrow(() -> new CapitaniaException(
                                    ErrorCode.NOT_FOUND, "nothing in the ledger is called " + call.text("trace"))
                            .withHint("give a task, a session, a call or a proposal; hq_action_log names them"));
            String only = call.human() || call.role().equals(HqActionLog.SEES_ALL) ? null : call.actor();
            ActionsView view = queries.read(tx, new Filter(task, null, only, call.number("limit", 50)));
            List<String> outside = runs.taints(tx, task);
            return Result.of(data(task, view)).taintedBy(outside.isEmpty() ? List.of() : List.of("task:" + task));
        });
    }

    private static ObjectNode data(String task, ActionsView view) {
        ObjectNode data = Json.MAPPER.createObjectNode().put("task_id", task);
        Lines.put(data, "agent", view.agent());
        Lines.put(data, "model", view.model());
        ArrayNode actions = data.putArray("actions");
        view.actions().forEach(action -> {
            ObjectNode line = actions.addObject()
                    .put("id", action.id())
                    .put("tool", action.tool())
                    .put("status", action.status())
                    .put("at", action.at().toString())
                    .put("cost_usd", action.costUsd());
            if (action.input() != null) {
                line.put("input", cut(action.input()));
            }
            if (action.output() != null) {
                line.put("output", cut(action.output()));
            }
        });
        return data;
    }

    private static String cut(JsonNode json) {
        String text = json.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
