package org.capitania.contract.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent process tells the supervisor that it is there and what wakes it ({@code POST /v1/agents/{role}/register}).
 * Idempotent; repeated as the process' sign of life, see {@link Registered#renewAfterMs()}.
 *
 * @param triggers what wakes the role; the latest registration wins, and it is kept across restarts of the supervisor
 * @param instance names the process, new at each start of it
 * @param url where the process answers HTTP
 * @param workspaceVersion digest of the workspace files it has loaded
 */
public record RegisterAgent(List<Trigger> triggers, String instance, String url, String workspaceVersion) {

    /**
     * An event that wakes the agent.
     *
     * @param event an event type; {@code *} stands for the rest of a segment and a last {@code .*} for all further segments
     * @param where members of the payload that must equal these values (dots reach into objects); all of them must hold
     */
    public record Trigger(String event, @Nullable Map<String, JsonNode> where) {}

    /**
     * The answer.
     *
     * @param state the presence the supervisor now sees
     * @param renewAfterMs register again after this long; missing three of them in a row shows the agent as stopped
     */
    public record Registered(AgentView.State state, long renewAfterMs) {}
}
