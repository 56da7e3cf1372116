package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import org.capitania.contract.api.ToolCallRequest;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.handler.Call;
import org.capitania.registry.subagents.Child;
import org.capitania.servicekit.Caller;
import org.capitania.servicekit.PrincipalKind;
import org.capitania.servicekit.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A call as it arrives, before anything about it is believed.
 *
 * @param definition null when no tool has that name
 * @param callId the caller's, or one made here when it sent none
 * @param arguments as sent, without the characters no store takes
 * @param storable whether {@code arguments} are exactly what was sent
 * @param digest of tool and canonical arguments
 * @param looks whether all it can do is to look into the company's own records: what came of it is written once, when it has ended
 * @param child the subagent whose session it names; null for any other session
 */
record Attempt(
        Caller caller,
        Scope scope,
        String tool,
        @Nullable ToolDefinition definition,
        String callId,
        @Nullable String sessionId,
        @Nullable String taskId,
        @Nullable String runId,
        @Nullable Long fence,
        @Nullable String parentId,
        JsonNode arguments,
        boolean storable,
        String digest,
        boolean looks,
        @Nullable Child child) {

    static Attempt of(
            Caller caller,
            Scope scope,
            String tool,
            @Nullable ToolDefinition definition,
            ToolCallRequest request,
            String callId,
            Arguments arguments,
            boolean looks,
            @Nullable Child child) {
        String task = request.taskId();
        return new Attempt(
                caller,
                scope.withCorrelation(task == null ? scope.correlationId() : task)
                        .withCausation(callId),
                tool,
                definition,
                callId,
                request.sessionId(),
                task,
                request.runId(),
                request.fence(),
                request.parentId(),
                arguments.value(),
                arguments.exact(),
                arguments.digest(),
                looks,
                child);
    }

    /** The same as one that is written down before it is done. */
    Attempt journalledFirst() {
        return new Attempt(
                caller,
                scope,
                tool,
                definition,
                callId,
                sessionId,
                taskId,
                runId,
                fence,
                parentId,
                arguments,
                storable,
                digest,
                false,
                child);
    }

    boolean human() {
        return caller.kind().human();
    }

    /** Whether an agent of this company calls: it acts in runs, and nobody else does. */
    boolean agent() {
        return caller.kind() == PrincipalKind.AGENT;
    }

    /** The agent's role, which the token alone tells; of an outside client the whole name, so that none passes for an agent. */
    String role() {
        return agent() ? caller.principal().substring(caller.principal().indexOf(':') + 1) : caller.principal();
    }

    /** The role by whose ceiling and bounds it acts: a project agent has its own, every other subagent its agent's. */
    String acting() {
        return child == null ? role() : child.acting();
    }

    /** The action as it was sent, or the tool's name. */
    String action() {
        String action = arguments.path("action").asText("");
        return action.isEmpty() || action.length() > 60 ? tool : action;
    }

    ToolDefinition known() {
        if (definition == null) {
            throw new IllegalStateException("no tool is called " + tool);
        }
        return definition;
    }

    Call admitted() {
        ToolDefinition known = known();
        return new Call(scope, known, known.verb(arguments), callId, human(), sessionId, taskId, runId, arguments);
    }
}
