package org.capitania.agentruntime.model;

import java.util.List;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.agentruntime.transcript.Transcript;
import org.capitania.agentruntime.workspace.ModelClass;

/**
 * One call of a model.
 *
 * @param callId of this call in the ledger
 * @param purpose whether it goes on with the task or sums up what it leaves behind
 * @param tools what it may call; none when it sums up
 */
public record ModelRequest(
        Ticket ticket,
        String callId,
        int turn,
        Purpose purpose,
        ModelClass modelClass,
        Transcript transcript,
        List<ToolDefinition> tools) {

    /** The same under another id: each call of a provider is one of its own in the ledger. */
    ModelRequest withCallId(String id) {
        return new ModelRequest(ticket, id, turn, purpose, modelClass, transcript, tools);
    }

    /** What the reply is for. */
    public enum Purpose {
        TURN,
        SNAPSHOT
    }
}
