package org.capitania.agentruntime.session;

import org.capitania.agentruntime.model.Model;
import org.capitania.agentruntime.model.ModelRequest;
import org.capitania.agentruntime.model.ModelRequest.Purpose;
import org.capitania.agentruntime.transcript.Reply;
import org.capitania.agentruntime.transcript.Ticket;

/** A model that is heard while it does its task; what it sums up afterwards is for no reader. */
record HeardModel(Model model, LiveSessions live) implements Model {
    @Override
    public String provider() {
        return model.provider();
    }

    @Override
    public long window() {
        return model.window();
    }

    @Override
    public Reply reply(ModelRequest request) {
        if (request.purpose() == Purpose.SNAPSHOT) {
            return model.reply(request);
        }
        Ticket ticket = request.ticket();
        boolean answered = false;
        try {
            Reply reply = model.reply(request, (callId, piece) -> live.said(ticket, request.turn(), callId, piece));
            answered = true;
            return reply;
        } finally {
            if (!answered) {
                live.moved(ticket.tenant(), ticket.sessionId());
            }
        }
    }
}
