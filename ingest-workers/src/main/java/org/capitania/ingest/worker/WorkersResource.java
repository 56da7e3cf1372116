package org.capitania.ingest.worker;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.api.WorkerView;
import org.capitania.ingest.embedding.EmbedWorker;
import org.capitania.ingest.intake.EmailSweeper;
import org.capitania.servicekit.CallContext;
import org.capitania.servicekit.Loops;
import org.capitania.servicekit.PrincipalKind;

/** {@code /v1/workers}. */
@Path("/v1/workers")
@RunOnVirtualThread
class WorkersResource {
    /** Workers of later versions, by the names they will have. */
    private static final Set<String> NOT_YET = Set.of(
            "whatsapp_ingest",
            "meeting_transcribe",
            "enrich",
            "summarize",
            "reconcile_llm",
            "triage",
            "view_renderer",
            "kb_indexer",
            "profile_worker",
            "review_applier");

    private final WorkerBoard board;
    private final EmailSweeper sweeper;
    private final EmbedWorker embedding;
    private final Loops loops;
    private final CallContext call;

    WorkersResource(WorkerBoard board, EmailSweeper sweeper, EmbedWorker embedding, Loops loops, CallContext call) {
        this.board = board;
        this.sweeper = sweeper;
        this.embedding = embedding;
        this.loops = loops;
        this.call = call;
    }

    @GET
    public WorkerView.Page list() {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        return new WorkerView.Page(board.all());
    }

    /** Lets a worker run now; {@code email_ingest} looks into all its mailboxes and takes up what had failed. */
    @POST
    @Path("/{name}/runs")
    public WorkerView.Run run(@PathParam("name") String name) {
        call.requireKind(PrincipalKind.OWNER, PrincipalKind.PERSON, PrincipalKind.SERVICE);
        if (NOT_YET.contains(name)) {
            throw new CapitaniaException(ErrorCode.NOT_AVAILABLE_YET, "the worker " + name + " is not built yet");
        }
        if (name.equals("email_ingest")) {
            board.all().forEach(worker -> loops.wake(worker.name()));
            return new WorkerView.Run(name, sweeper.requeue(call.scope()));
        }
        if (board.find(name).isEmpty()) {
            throw new CapitaniaException(ErrorCode.NOT_FOUND, "there is no worker " + name);
        }
        if (name.equals(EmbedWorker.NAME)) {
            embedding.again();
        }
        loops.wake(name);
        return new WorkerView.Run(name, 0);
    }
}
