package org.capitania.registry.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.FieldError;
import org.capitania.contract.api.RevisionRequest;
import org.capitania.registry.catalogue.ToolDefinition;
import org.capitania.registry.catalogue.Verb;
import org.capitania.registry.curation.Curations;
import org.capitania.registry.curation.FittedTools;
import org.capitania.registry.curation.Reach;
import org.capitania.registry.freezing.FrozenCalls;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.handler.Call;
import org.capitania.registry.handler.Draft;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.subagents.OwnProject;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Sql;

/** A person's edit of a frozen call: schema, facts and rules are checked as if it were new (invariant 34); the proposal stays the same. */
@ApplicationScoped
class ReviseFrozenCall {
    private final Sql sql;
    private final Acts acts;
    private final RiskRule risk;
    private final Curations curations;
    private final Reach reach;
    private final FittedTools fitted;
    private final FrozenCalls frozenCalls;
    private final OwnProject ownProject;

    ReviseFrozenCall(
            Sql sql,
            Acts acts,
            RiskRule risk,
            Curations curations,
            Reach reach,
            FittedTools fitted,
            FrozenCalls frozenCalls,
            OwnProject ownProject) {
        this.ownProject = ownProject;
        this.sql = sql;
        this.acts = acts;
        this.risk = risk;
        this.curations = curations;
        this.reach = reach;
        this.fitted = fitted;
        this.frozenCalls = frozenCalls;
    }

    FrozenRevision revise(Scope scope, String proposalId, RevisionRequest request) {
        FrozenRevision current = sql.tx(scope, tx -> frozenCalls.newest(tx, proposalId))
                .orElseThrow(
                        () -> new CapitaniaException(ErrorCode.NOT_FOUND, "no frozen call is called " + proposalId));
        ToolDefinition definition = fitted.find(scope, current.tool()).orElseThrow();
        OutwardTool tool =
                acts.of(definition, definition.verb(current.arguments())).orElseThrow();
        JsonNode edited = checked(definition, current, request.arguments());
        // The facts are read in the editor's name; the call stays the agent's.
        Call call = new Call(
                scope.withCorrelation(current.taskId()),
                definition,
                definition.verb(edited),
                current.callId(),
                true,
                current.sessionId(),
                current.taskId(),
                null,
                edited);
        if (!call.verb().name().equals(tool.verb())) {
            throw new CapitaniaException(
                    ErrorCode.PROPOSAL_CHANGED,
                    "an edit may not turn " + tool.verb() + " into "
                            + call.verb().name());
        }
        requireGranted(scope, current.agent(), definition, call.verb());
        requireReach(current.agent(), call);
        ownProject.require(call, current.agent());
        Draft composed = tool.draft(call);
        Draft draft = composed.warned(risk.warnings(call, composed));
        if (!Objects.equals(current.conversationId(), draft.conversationId())
                || !Objects.equals(current.interactionId(), draft.interactionId())) {
            throw new CapitaniaException(
                    ErrorCode.PROPOSAL_CHANGED,
                    "an edit may not turn the answer into one to another message or conversation");
        }
        return sql.tx(scope, tx -> frozenCalls.revise(tx, current, call, draft, request.by()));
    }

    /** What the agent may not do any more is not done for it either, whoever words it. */
    private void requireGranted(Scope scope, String agent, ToolDefinition tool, Verb verb) {
        if (Call.person(agent)) {
            return;
        }
        String role = Call.role(agent);
        Optional<Set<String>> granted = sql.tx(scope, tx -> curations.granted(tx, role, tool.name()))
                .filter(actions ->
                        actions.contains("*") || verb.name().equals(tool.name()) || actions.contains(verb.name()));
        if (granted.isEmpty()) {
            throw new CapitaniaException(
                            ErrorCode.NOT_GRANTED, tool.name() + " is not granted to " + role + " any more")
                    .withHint("reject the proposal, or grant the tool again");
        }
    }

    /** It is still the agent that does it, where it may. */
    private void requireReach(String agent, Call call) {
        if (!Call.person(agent)) {
            reach.objection(Call.role(agent), call.verb().changes(), call.arguments())
                    .ifPresent(why -> {
                        throw new CapitaniaException(ErrorCode.CROSS_SCOPE_VIOLATION, why)
                                .withHint("do it yourself, or let an agent ask that may");
                    });
        }
    }

    /** People edit what they are shown: where they left the mark of a secret, the secret is meant. */
    private JsonNode checked(ToolDefinition tool, FrozenRevision current, JsonNode arguments) {
        Arguments sent = Arguments.of(tool.name(), arguments);
        if (!sent.exact()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION, "the arguments cannot be kept: too large, too deep, or no text");
        }
        JsonNode meant = frozenCalls.meant(current, sent.value());
        List<FieldError> errors = tool.check(meant);
        if (!errors.isEmpty()) {
            throw new CapitaniaException(
                    ErrorCode.SCHEMA_VIOLATION,
                    "the arguments are wrong: " + errors.getFirst().message(),
                    errors);
        }
        return meant;
    }
}
