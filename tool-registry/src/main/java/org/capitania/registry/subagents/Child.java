package org.capitania.registry.subagents;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subagent's session, as it was started.
 *
 * @param role the agent that started it
 * @param tools what may be called in it
 * @param project the name of the project it works in; null for a subagent that is its agent with less
 * @param open whether it has not been closed
 */
public record Child(
        String sessionId,
        String role,
        String taskId,
        String parentCallId,
        String subagent,
        Set<String> tools,
        @Nullable String project,
        boolean open) {
    /** The role of every project agent, by which its ceiling and its bounds are found; which project stands behind a colon. */
    public static final String PROJECT = "project";

    private static final String PREFIX = "sub-";

    /** Whether a session's id says that it is a subagent's; only the gateway makes such ids. */
    public static boolean named(@Nullable String sessionId) {
        return sessionId != null && sessionId.startsWith(PREFIX);
    }

    static String name(String id) {
        return PREFIX + id;
    }

    /** The name of the project that an actor works in; empty for everybody else. */
    public static Optional<String> project(String actor) {
        String prefix = "agent:" + PROJECT + ":";
        return actor.startsWith(prefix) ? Optional.of(actor.substring(prefix.length())) : Optional.empty();
    }

    /** Who acts in it: a project agent is somebody of its own. */
    public String actor() {
        return "agent:" + acting();
    }

    /** The role by whose ceiling and bounds it acts. */
    public String acting() {
        return project == null ? role : PROJECT + ":" + project;
    }

    /** Why a call is none of this session's; empty when it is. */
    public Optional<String> objection(String caller, @Nullable String task, @Nullable String parentCall) {
        if (!caller.equals(role) || !taskId.equals(task)) {
            return Optional.of("session " + sessionId + " is not one of this agent and task");
        }
        if (!open) {
            return Optional.of("session " + sessionId + " is over");
        }
        return Objects.equals(parentCall, parentCallId)
                ? Optional.empty()
                : Optional.of("session " + sessionId + " was not started by call " + parentCall);
    }
}
