package org.capitania.contract.event;

import org.jspecify.annotations.Nullable;

/** The watchdog found something wrong ({@code agent_incident.created}); key: the incident. */
public record AgentIncident(
        String incidentId,
        String check,
        String severity,
        @Nullable String role,
        @Nullable String taskId,
        String detail) {
    public static final String TYPE = "agent_incident.created";
}
