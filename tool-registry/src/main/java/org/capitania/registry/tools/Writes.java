package org.capitania.registry.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.Json;
import org.capitania.contract.api.MutationResult;
import org.capitania.graphclient.Batch;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.runs.Runs;
import org.capitania.servicekit.Sql;

/** A tool's writes to the graph: once per call id, and marked when the task has read something from outside. */
@ApplicationScoped
public class Writes {
    private final Sql sql;
    private final Runs runs;
    private final Graph graph;

    Writes(Sql sql, Runs runs, Graph graph) {
        this.sql = sql;
        this.runs = runs;
        this.graph = graph;
    }

    /** Whether what this call writes derives from something untrusted. */
    public boolean tainted(Call call) {
        return !call.human()
                && !sql.tx(call.scope(), tx -> runs.taints(tx, call.taskId())).isEmpty();
    }

    /** Applies the batch; the answer names the node of its first op. */
    public Result apply(Call call, Batch batch) {
        MutationResult written = graph.change(call.scope(), "call:" + call.callId(), batch);
        MutationResult.OpResult first = written.results().getFirst();
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("id", first.id())
                .put("slug", first.slug())
                .put("version", first.version())
                .put("created", first.created());
        return Result.of(data).audited(written.auditEventId());
    }
}
