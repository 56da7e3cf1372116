package org.capitania.agentruntime.loop;

import java.util.function.Supplier;
import org.capitania.agentruntime.transcript.Ticket;
import org.capitania.agentruntime.workspace.Workspace;
import org.capitania.contract.api.ToolResult;

/** Runs the sessions that calls of a session start. */
@FunctionalInterface
public interface Starter {
    /** For a session that starts none. */
    Starter NONE = (start, call, lease) -> call.get();

    /**
     * A call that starts a session.
     *
     * @param ticket of the session that makes it
     * @param workspace of that session
     * @param tokens that are left for it
     */
    record Start(Ticket ticket, Workspace workspace, String callId, String tool, long tokens) {}

    /**
     * Makes the call when there is room for it, and runs what it starts to its end, from wherever that stands; what the call's maker is shown.
     * {@link RunInterrupted} leaves it at its step.
     */
    ToolResult run(Start start, Supplier<ToolResult> call, Lease lease);
}
