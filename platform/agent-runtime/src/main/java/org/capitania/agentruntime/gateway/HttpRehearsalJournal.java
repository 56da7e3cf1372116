package org.capitania.agentruntime.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.rehearsal.RehearsalJournal;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.contract.Service;
import org.capitania.contract.api.RehearsalAnswer;
import org.capitania.contract.api.RehearsalCall;
import org.capitania.servicekit.Peers;
import org.capitania.servicekit.Scope;

/** The rehearsal model's turns in tool-registry's ledger. */
@ApplicationScoped
class HttpRehearsalJournal implements RehearsalJournal {
    private final Peers peers;

    HttpRehearsalJournal(Peers peers) {
        this.peers = peers;
    }

    @Override
    public void turn(ModelRequest request) {
        Ticket ticket = request.ticket();
        RehearsalCall call = new RehearsalCall(
                request.callId(), ticket.sessionId(), ticket.taskId(), ticket.runId(), ticket.fence(), request.turn());
        peers.post(
                Service.TOOL_REGISTRY,
                "/v1/models/rehearsal/calls",
                Scope.of(ticket.tenant(), ticket.actor(), "rehearsal turn").withCorrelation(ticket.taskId()),
                call,
                RehearsalAnswer.class);
    }
}
