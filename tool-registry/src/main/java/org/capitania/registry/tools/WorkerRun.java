package org.capitania.registry.tools;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.contract.Json;
import org.capitania.contract.Service;
import org.capitania.contract.api.WorkerView;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Result;
import org.capitania.registry.handler.ToolHandler;
import org.capitania.servicekit.PeerOptions;
import org.capitania.servicekit.Peers;

/** Lets an ingest worker run now, or says how they stand. A worker that is not built yet says so itself. */
@ApplicationScoped
class WorkerRun implements ToolHandler {
    private final Peers peers;

    WorkerRun(Peers peers) {
        this.peers = peers;
    }

    @Override
    public String tool() {
        return "worker_run";
    }

    @Override
    public Result call(Call call) {
        PeerOptions options = PeerOptions.idempotent(call.callId()).onBehalfOf(call.actor());
        WorkerView.Run run = peers.post(
                Service.INGEST_WORKERS,
                "/v1/workers/" + call.text("worker") + "/runs",
                call.scope(),
                Json.MAPPER.createObjectNode(),
                WorkerView.Run.class,
                options);
        return Result.of(
                Json.MAPPER.createObjectNode().put("worker", run.name()).put("requeued", run.requeued()));
    }
}
