package org.capitania.agentruntime.run;

import org.capitania.contract.api.RunComplete;
import org.capitania.contract.api.RunHeartbeat;
import org.capitania.contract.event.AgentWake;
import org.capitania.servicekit.Scope;

/** The supervisor, as a run needs it. */
interface Supervisor {
    /** Takes the run up; the wake as it stands now. */
    AgentWake claim(Scope scope, AgentWake wake);

    RunHeartbeat.Renewed heartbeat(Scope scope, String runId, RunHeartbeat heartbeat);

    void complete(Scope scope, String runId, RunComplete report);
}
