package org.capitania.agentruntime.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.capitania.agentruntime.transcript.ModelCalls;
import org.capitania.agentruntime.transcript.SessionEntry.Ended;
import org.capitania.agentruntime.transcript.Snapshot;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.transcript.ToolDefinition;
import org.capitania.contract.api.SessionOpen.Trigger;
import org.capitania.contract.api.ToolResult;

/** tool-registry, as the loop needs it: the only way to act. Every call may be repeated with the same ids and has one effect. */
public interface Gateway {
    /** The tools the agent may call now. */
    List<ToolDefinition> tools(Ticket ticket);

    /** Opens the session; the reconstruction header. A tainted trigger taints the task, also of a session that is open. */
    String open(Ticket ticket, Trigger trigger);

    /** What a session begins with. */
    record Beginning(List<ToolDefinition> tools, String header) {}

    /** Both of these. */
    default Beginning begin(Ticket ticket, Trigger trigger) {
        return new Beginning(tools(ticket), open(ticket, trigger));
    }

    /** Taints the task of an open session, which is about to be shown what another agent tells of something from outside. */
    default String heard(Ticket ticket) {
        return open(ticket, new Trigger(Trigger.NOTE, null, null, true, "a note of another agent"));
    }

    ToolResult call(Ticket ticket, String callId, String tool, ObjectNode arguments);

    /** Closes the session and stores what it leaves behind; what its model calls came to, in USD. */
    BigDecimal close(Ticket ticket, Ended ended, Snapshot snapshot, Figures figures);

    /** Whether routine turns go to a smaller model, because the company's month runs too fast. */
    boolean demotes(Ticket ticket);

    /** What the session's model calls have come to so far, in USD. */
    BigDecimal cost(Ticket ticket);

    /**
     * What the session took.
     *
     * @param subscriptions what wakes the agent
     */
    record Figures(String model, List<ModelCalls.Made> calls, List<String> subscriptions) {}
}
