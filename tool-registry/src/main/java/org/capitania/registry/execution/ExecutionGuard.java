package org.capitania.registry.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.capitania.contract.CapitaniaException;
import org.capitania.contract.ErrorCode;
import org.capitania.contract.ErrorType;
import org.capitania.contract.Json;
import org.capitania.contract.api.ProposalStatus;
import org.capitania.registry.autonomy.Freezes;
import org.capitania.registry.execution.Executions.Execution;
import org.capitania.registry.execution.Executor.Step;
import org.capitania.registry.freezing.FrozenRevision;
import org.capitania.registry.graph.Graph;
import org.capitania.registry.handler.Draft.SeenFact;
import org.capitania.registry.handler.OutwardTool;
import org.capitania.registry.runs.Guardians;
import org.capitania.servicekit.Scope;
import org.capitania.servicekit.Tx;

/** What must hold at the moment an approved act begins: our lease, living guardians, no frozen autonomy, and the facts as they were seen. */
@ApplicationScoped
class ExecutionGuard {
    private final Executions executions;
    private final Guardians guardians;
    private final Freezes freezes;
    private final Graph graph;
    private final Clock clock;

    ExecutionGuard(Executions executions, Guardians guardians, Freezes freezes, Graph graph, Clock clock) {
        this.executions = executions;
        this.guardians = guardians;
        this.freezes = freezes;
        this.graph = graph;
        this.clock = clock;
    }

    /** Throws when the act may not begin now; in the transaction of its INTENT. */
    void mayBegin(Tx tx, Execution execution, FrozenRevision frozen) {
        if (!executions.holds(tx, execution)) {
            throw new CapitaniaException(
                    ErrorCode.PEER_UNAVAILABLE, "another process carries out " + frozen.proposalId());
        }
        List<String> silent = guardians.silent(tx);
        if (!silent.isEmpty()) {
            throw new CapitaniaException(ErrorCode.SAFETY_SERVICE_DOWN, "no sign of life of " + silent);
        }
        freezes.stop(tx).ifPresent(why -> {
            throw new CapitaniaException(ErrorCode.SAFETY_SERVICE_DOWN, why);
        });
    }

    /** Why an approved act goes back to the queue, as long as it has surely not happened; empty when it may go on. */
    Optional<Step.Ended> over(Scope scope, Execution execution, FrozenRevision frozen, OutwardTool tool) {
        Instant expires = execution.expiresAt();
        if (expires != null && !clock.instant().isBefore(expires)) {
            return Optional.of(new Step.Ended(ProposalStatus.STALE, null, "the approval was good until " + expires));
        }
        return difference(scope, frozen, tool)
                .map(found -> new Step.Ended(
                        ProposalStatus.STALE, found, "what it rests on has changed since it was written"));
    }

    /** What has changed among the cited facts; empty when they are as they were seen. */
    private Optional<JsonNode> difference(Scope scope, FrozenRevision frozen, OutwardTool tool) {
        ArrayNode differences = Json.MAPPER.createArrayNode();
        for (SeenFact fact : frozen.facts()) {
            Optional<SeenFact> now = graph.seen(scope, fact.nodeId());
            if (now.isEmpty() || now.get().version() != fact.version()) {
                differences.add(difference(fact, now));
            }
        }
        changed(scope, frozen, tool).ifPresent(differences::add);
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(Json.MAPPER.createObjectNode().set("differences", differences));
    }

    /** What the tool itself finds changed; what it cannot look at, it says when it is carried out. */
    Optional<ObjectNode> changed(Scope scope, FrozenRevision frozen, OutwardTool tool) {
        try {
            return tool.changed(scope, frozen.effect());
        } catch (CapitaniaException e) {
            if (e.code().type() == ErrorType.UNAVAILABLE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static ObjectNode difference(SeenFact then, Optional<SeenFact> now) {
        ObjectNode d = Json.MAPPER.createObjectNode();
        d.put("node_id", then.nodeId()).put("type", then.type()).put("title", then.title());
        d.put("seen_version", then.version());
        if (now.isEmpty()) {
            return d.put("gone", true);
        }
        d.put("version", now.get().version());
        ArrayNode changes = d.putArray("changes");
        JsonNode after = now.get().seen();
        Set<String> names = new TreeSet<>();
        then.seen().fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!then.seen().path(name).equals(after.path(name))) {
                ObjectNode change = changes.addObject().put("path", name);
                change.set(
                        "before",
                        then.seen().path(name).isMissingNode()
                                ? null
                                : then.seen().path(name));
                change.set("after", after.path(name).isMissingNode() ? null : after.path(name));
            }
        }
        return d;
    }
}
